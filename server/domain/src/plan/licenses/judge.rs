//! R12, R17-R19a: the breaches that a change adds, judged on the whole change, and their causes.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::{Context, Depth, Draft, Holder, fixes};
use crate::catalogue::Catalogue;
use crate::command::LicenseChange;
use crate::ids::{PlanId, ProductId};
use crate::plan_set::{PlanIx, PlanSet};
use crate::refusal::{Cause, Code};
use crate::rules::held_off::{Held, held_off};
use crate::rules::{Breach, Standing};
use crate::snapshot::Because;

/// More pairs than this are counted, not named, in a message.
const MOST_PAIRS: usize = 10;

pub(super) fn judge(
    context: &Context<'_>,
    holder: Holder<'_>,
    change: &LicenseChange,
    draft: &Draft<'_>,
    depth: Depth,
) -> Vec<Cause> {
    let catalogue = context.catalogue();
    let after = Standing::new(catalogue, draft.location(), draft.after());
    let breaches = after.breaches();
    if breaches.is_empty() {
        return Vec::new();
    }
    let before = Standing::new(catalogue, draft.location(), draft.before());
    let added = added(&before, &after, breaches);
    if added.is_empty() {
        return Vec::new();
    }
    let mut causes = country_causes(catalogue, &added);
    causes.extend(exclusion_cause(catalogue, &added));
    causes.extend(prerequisite_causes(catalogue, &added, &before.union()));
    if depth.fixes {
        fixes::offer((context, depth), holder, change, draft, &added, &mut causes);
    }
    causes
}

/// The breaches that were not there before: on what is switched on, and of what would be held off
/// at once, so that nothing asked for is held off without a word.
fn added(before: &Standing<'_>, after: &Standing<'_>, breaches: Vec<Breach>) -> Vec<Breach> {
    let stood = before.breaches();
    let mut added: Vec<Breach> = breaches
        .into_iter()
        .filter(|breach| stood.binary_search(breach).is_err())
        .collect();
    let was_held: BTreeSet<(ProductId, PlanIx)> = held_off(before)
        .iter()
        .map(|held| (before.paths[held.path].path.product, held.plan))
        .collect();
    for held in held_off(after) {
        let product = after.paths[held.path].path.product;
        let known = was_held.contains(&(product, held.plan))
            || added
                .iter()
                .any(|breach| speaks_of(*breach, product, held.plan));
        if !known {
            added.extend(as_breach(after, product, &held));
        }
    }
    added.sort_unstable();
    added.dedup();
    added
}

fn speaks_of(breach: Breach, product: ProductId, plan: PlanIx) -> bool {
    match breach {
        Breach::Country {
            product: of,
            plan: one,
            ..
        } => of == product && one.is_none_or(|one| one == plan),
        Breach::Exclusion { first, second } => {
            first == (plan, product) || second == (plan, product)
        }
        Breach::Prerequisite { dependant } => dependant == plan,
    }
}

fn as_breach(standing: &Standing<'_>, product: ProductId, held: &Held) -> Option<Breach> {
    match (held.code, held.because.as_slice()) {
        (Code::ProhibitedInLocation, [Because::Country(country)]) => Some(Breach::Country {
            product,
            plan: Some(held.plan),
            country: *country,
        }),
        (Code::MutuallyExclusivePlans, [Because::Plan(plan), Because::Product(of)]) => {
            let one = (held.plan, product);
            let other = (standing.catalogue.number(*plan)?, *of);
            Some(Breach::Exclusion {
                first: one.min(other),
                second: one.max(other),
            })
        }
        _ => Some(Breach::Prerequisite {
            dependant: held.plan,
        }),
    }
}

fn country_causes(catalogue: &Catalogue, added: &[Breach]) -> Vec<Cause> {
    let mut by_product: BTreeMap<ProductId, (String, Vec<PlanIx>)> = BTreeMap::new();
    for breach in added {
        if let Breach::Country {
            product,
            plan,
            country,
        } = breach
        {
            let entry = by_product
                .entry(*product)
                .or_insert_with(|| (country.to_string(), Vec::new()));
            entry.1.extend(*plan);
        }
    }
    let causes = by_product.into_iter().map(|(product, (country, plans))| {
        let name = catalogue.product_name(product);
        let names: Vec<String> = plans
            .iter()
            .map(|plan| shown_plan(catalogue, *plan))
            .collect();
        let message = if names.is_empty() {
            format!("{name} is not offered in {country}, the user's usage location")
        } else {
            format!(
                "{} of {name} is not offered in {country}, the user's usage location",
                names.join(", ")
            )
        };
        Cause::new(Code::ProhibitedInLocation, message)
            .with("product", product)
            .with("country", country)
            .with("plans", ids(catalogue, &plans))
    });
    causes.collect()
}

fn exclusion_cause(catalogue: &Catalogue, added: &[Breach]) -> Option<Cause> {
    // The same order of names however the catalogue numbers its plans.
    let by_name = |(plan, product): &(PlanIx, ProductId)| {
        let plan = catalogue.plan_name(catalogue.plan_id(*plan));
        (catalogue.product_name(*product), plan)
    };
    let mut pairs: Vec<((PlanIx, ProductId), (PlanIx, ProductId))> = added
        .iter()
        .filter_map(|breach| match breach {
            Breach::Exclusion { first, second } if by_name(first) <= by_name(second) => {
                Some((*first, *second))
            }
            Breach::Exclusion { first, second } => Some((*second, *first)),
            _ => None,
        })
        .collect();
    pairs.sort_by_cached_key(|(first, second)| (by_name(first), by_name(second)));
    if pairs.is_empty() {
        return None;
    }
    let side = |(plan, product): (PlanIx, ProductId)| {
        let plan = shown_plan(catalogue, plan);
        format!("{plan} of {}", catalogue.product_name(product))
    };
    let mut named: Vec<String> = pairs
        .iter()
        .take(MOST_PAIRS)
        .map(|(first, second)| format!("{} and {}", side(*first), side(*second)))
        .collect();
    if pairs.len() > MOST_PAIRS {
        named.push(format!("{} more pairs", pairs.len() - MOST_PAIRS));
    }
    let all: Vec<String> = pairs
        .iter()
        .map(|(a, b)| {
            let id = |plan| catalogue.plan_id(plan);
            format!("{}@{}|{}@{}", id(a.0), a.1, id(b.0), b.1)
        })
        .collect();
    let message = format!("These plans exclude each other: {}", named.join("; "));
    Some(Cause::new(Code::MutuallyExclusivePlans, message).with("pairs", all.join(",")))
}

/// A dependant that was on before lost its alternatives; another one never had any.
fn prerequisite_causes(catalogue: &Catalogue, added: &[Breach], was_on: &PlanSet) -> Vec<Cause> {
    let mut causes = Vec::new();
    for breach in added {
        let Breach::Prerequisite { dependant } = breach else {
            continue;
        };
        let any_of: Vec<PlanIx> = catalogue
            .compiled()
            .needs
            .get(dependant)
            .map(|any_of| any_of.iter().collect())
            .unwrap_or_default();
        let names: Vec<String> = any_of
            .iter()
            .map(|plan| shown_plan(catalogue, *plan))
            .collect();
        let (plan, names) = (shown_plan(catalogue, *dependant), names.join(" or "));
        let cause = if was_on.contains(*dependant) {
            Cause::new(
                Code::PrerequisiteInUse,
                format!("{plan} stays on and needs {names}, the last of which would be gone"),
            )
        } else {
            Cause::new(
                Code::MissingPrerequisitePlan,
                format!("{plan} needs {names}, which the user would not have"),
            )
        };
        causes.push(
            cause
                .with("dependant", catalogue.plan_id(*dependant))
                .with("any_of", ids(catalogue, &any_of)),
        );
    }
    causes
}

/// A plan's name with its friendly name, where the two differ.
pub(super) fn shown_plan(catalogue: &Catalogue, plan: PlanIx) -> String {
    let id: PlanId = catalogue.plan_id(plan);
    match catalogue.plan(id) {
        Some(plan) if !plan.friendly_name.is_empty() && plan.friendly_name != plan.name => {
            format!("{} ({})", plan.name, plan.friendly_name)
        }
        _ => catalogue.plan_name(id),
    }
}

fn ids(catalogue: &Catalogue, plans: &[PlanIx]) -> String {
    let ids: Vec<String> = plans
        .iter()
        .map(|plan| catalogue.plan_id(*plan).to_string())
        .collect();
    ids.join(",")
}
