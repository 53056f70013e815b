//! R19a: what is switched on and may not be on is held off, and comes back by itself.

use super::{Breach, Example, RuleText, Standing, exclusion};
use crate::catalogue::Catalogue;
use crate::ids::{Instant, ProductId};
use crate::plan_set::{PlanIx, PlanSet};
use crate::refusal::Code;
use crate::snapshot::{Because, HeldOff};

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R19a"],
    name: "held off",
    statement: "What changes the ground under a standing licence never fails: a plan that may no \
                longer be on is held off until the cause is gone; of two excluding plans it is the \
                one whose path began later.",
    codes: &[],
    examples: &[
        Example {
            when: "the group that brought SHAREPOINTENTERPRISE is left, a Project plan needs it",
            then: "applied; SHAREPOINT_PROJECT is held off with MISSING_PREREQUISITE_PLAN",
        },
        Example {
            when: "a SharePoint licence is added later",
            then: "SHAREPOINT_PROJECT is on again in the same transaction",
        },
    ],
};

/// A plan of one path that is held off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// The place of the path in the standing.
    pub(crate) path: usize,
    pub(crate) plan: PlanIx,
    pub(crate) code: Code,
    pub(crate) because: Vec<Because>,
}

/// What is held off: a function of paths, switches, catalogue and location alone.
///
/// A first pass admits plans in the order in which their paths began, leaving out what conflicts
/// with what is in already; then what lacks its alternatives leaves, which may let others in, so
/// the passes repeat. Leavers only become more, so this ends. Last, a leaver whose alternative came in
/// after all returns where nothing is against it. Whatever is then out has a cause that holds.
pub(crate) fn held_off(standing: &Standing<'_>) -> Vec<Held> {
    let allowed = offered(standing);
    let mut left: Vec<PlanSet> = vec![PlanSet::default(); allowed.len()];
    let mut effective = admit(standing, &allowed, &left);
    loop {
        let leavers = lacking(standing, &effective);
        if leavers.is_empty() {
            break;
        }
        for (path, plan) in leavers {
            left[path].insert(plan);
        }
        effective = admit(standing, &allowed, &left);
    }
    while let Some((path, plan)) = returner(standing, &left, &effective) {
        left[path].remove(plan);
        effective[path].insert(plan);
    }
    explain(standing, &allowed, &effective)
}

/// What each path has on and its country offers.
fn offered(standing: &Standing<'_>) -> Vec<PlanSet> {
    let mut breaches = Vec::new();
    super::country::breaches(standing, &mut breaches);
    standing
        .paths
        .iter()
        .map(|on| {
            let mut plans = on.on.clone().into_owned();
            for breach in &breaches {
                match breach {
                    Breach::Country { product, plan, .. } if *product == on.path.product => {
                        match plan {
                            Some(plan) => plans.remove(*plan),
                            None => plans = PlanSet::default(),
                        }
                    }
                    _ => {}
                }
            }
            plans
        })
        .collect()
}

/// Admits plans path by path, leaving out what conflicts with what is in already.
fn admit(standing: &Standing<'_>, allowed: &[PlanSet], left: &[PlanSet]) -> Vec<PlanSet> {
    let mut effective: Vec<PlanSet> = Vec::with_capacity(allowed.len());
    for (at, plans) in allowed.iter().enumerate() {
        let product = standing.paths[at].path.product;
        let mut admitted = plans.clone();
        for plan in left[at].iter() {
            admitted.remove(plan);
        }
        for plan in plans.both(&standing.catalogue.compiled().excluding) {
            if rival(standing, &effective, (plan, product)).is_some() {
                admitted.remove(plan);
            }
        }
        effective.push(admitted);
    }
    effective
}

/// The effective plan, of the path that began first, that a plan conflicts with.
fn rival(
    standing: &Standing<'_>,
    effective: &[PlanSet],
    plan: (PlanIx, ProductId),
) -> Option<(PlanIx, ProductId)> {
    let rules = standing.catalogue.compiled();
    let sets = || rules.exclusions.iter().filter(|set| set.contains(plan.0));
    effective
        .iter()
        .zip(&standing.paths)
        .find_map(|(theirs, on)| {
            sets()
                .flat_map(|set| theirs.both(set))
                .map(|other| (other, on.path.product))
                .find(|other| exclusion::conflict(plan, *other))
        })
}

fn union(effective: &[PlanSet]) -> PlanSet {
    let mut union = PlanSet::default();
    for plans in effective {
        union.union(plans);
    }
    union
}

/// Effective plans none of whose alternatives is effective.
fn lacking(standing: &Standing<'_>, effective: &[PlanSet]) -> Vec<(usize, PlanIx)> {
    let rules = standing.catalogue.compiled();
    let all = union(effective);
    let mut lacking = Vec::new();
    for (at, plans) in effective.iter().enumerate() {
        lacking.extend(
            plans
                .both(&rules.dependants)
                .filter(|plan| lacks(standing.catalogue, *plan, &all))
                .map(|plan| (at, plan)),
        );
    }
    lacking
}

fn lacks(catalogue: &Catalogue, plan: PlanIx, effective: &PlanSet) -> bool {
    let needs = &catalogue.compiled().needs;
    needs
        .get(&plan)
        .is_some_and(|any_of| !any_of.meets(effective))
}

fn returner(
    standing: &Standing<'_>,
    left: &[PlanSet],
    effective: &[PlanSet],
) -> Option<(usize, PlanIx)> {
    let all = union(effective);
    left.iter().enumerate().find_map(|(at, plans)| {
        let product = standing.paths[at].path.product;
        plans
            .iter()
            .find(|plan| {
                !lacks(standing.catalogue, *plan, &all)
                    && rival(standing, effective, (*plan, product)).is_none()
            })
            .map(|plan| (at, plan))
    })
}

/// The plans that are on and not effective, each with the first cause in the order of R23.
fn explain(standing: &Standing<'_>, allowed: &[PlanSet], effective: &[PlanSet]) -> Vec<Held> {
    let catalogue = standing.catalogue;
    let mut held = Vec::new();
    for (at, on) in standing.paths.iter().enumerate() {
        for plan in on.on.iter().filter(|plan| !effective[at].contains(*plan)) {
            let (code, because) = if !allowed[at].contains(plan) {
                let country = standing.location.map(Because::Country);
                (Code::ProhibitedInLocation, country.into_iter().collect())
            } else if let Some((other, product)) =
                rival(standing, effective, (plan, on.path.product))
            {
                let because = vec![
                    Because::Plan(catalogue.plan_id(other)),
                    Because::Product(product),
                ];
                (Code::MutuallyExclusivePlans, because)
            } else {
                let any_of = catalogue.compiled().needs.get(&plan);
                let because = any_of
                    .into_iter()
                    .flat_map(PlanSet::iter)
                    .map(|plan| Because::Plan(catalogue.plan_id(plan)))
                    .collect();
                (Code::MissingPrerequisitePlan, because)
            };
            held.push(Held {
                path: at,
                plan,
                code,
                because,
            });
        }
    }
    held
}

/// What a path is to store, keeping since when for what was held off for the same cause before.
pub(crate) fn as_stored(
    catalogue: &Catalogue,
    held: &[Held],
    path: usize,
    before: &[HeldOff],
    now: Instant,
) -> Vec<HeldOff> {
    let mut stored: Vec<HeldOff> = held
        .iter()
        .filter(|held| held.path == path)
        .map(|held| {
            let plan = catalogue.plan_id(held.plan);
            let same = before
                .iter()
                .find(|old| old.plan == plan && old.code == held.code);
            let mut because = held.because.clone();
            because.sort_unstable();
            HeldOff {
                plan,
                code: held.code,
                because,
                since: same.map_or(now, |old| old.since),
            }
        })
        .collect();
    stored.sort_unstable_by_key(|held| held.plan);
    stored
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::{Rule, RuleKey};
    use crate::fixture::{catalogue, paths};
    use crate::ids::Country;
    use crate::snapshot::Assignment;

    fn held(catalogue: &Catalogue, paths: &[Assignment]) -> Vec<(ProductId, PlanIx, Code)> {
        let location: Country = "CN".parse().unwrap();
        let standing = Standing::new(catalogue, Some(location), paths);
        let held = held_off(&standing).into_iter();
        held.map(|held| (standing.paths[held.path].path.product, held.plan, held.code))
            .collect()
    }

    proptest! {
        #[test]
        fn the_order_in_which_paths_are_stored_does_not_matter(paths in paths(), by in any::<prop::sample::Index>()) {
            let catalogue = catalogue();
            let mut turned = paths.clone();
            turned.rotate_left(if paths.is_empty() { 0 } else { by.index(paths.len()) });
            prop_assert_eq!(held(&catalogue, &paths), held(&catalogue, &turned));
        }

        #[test]
        fn nothing_is_held_off_without_a_breach(paths in paths()) {
            let catalogue = catalogue();
            let location = "CN".parse().ok();
            let calm = Standing::new(&catalogue, location, &paths).breaches().is_empty();
            prop_assert_eq!(held(&catalogue, &paths).is_empty(), calm);
        }

        #[test]
        fn of_two_excluding_plans_the_later_path_gives_way(paths in paths()) {
            let mut catalogue = catalogue();
            let others: Vec<RuleKey> = catalogue
                .rules()
                .iter()
                .filter(|rule| !matches!(rule, Rule::Exclusion(_)))
                .map(Rule::key)
                .collect();
            catalogue.change_rules(&others, []);
            let standing = Standing::new(&catalogue, None, &paths);
            for held in held_off(&standing) {
                let Because::Plan(rival) = held.because[0] else { panic!("{held:?}") };
                let rival = catalogue.number(rival).unwrap();
                let before = &standing.paths[..held.path];
                prop_assert!(before.iter().any(|on| on.on.contains(rival)), "{held:?}");
            }
        }
    }
}
