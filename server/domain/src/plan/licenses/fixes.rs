//! Ways out of a breach. Each is a changed request that is itself decided on against the same
//! state, and is offered only when it would be applied (R18), if need be once the seats are bought that it lacks, which
//! is a cause of its own. Their number is bounded.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Context, Depth, Draft, Holder, decide};
use crate::command::{AddProduct, LicenseChange, Mode, PlanSwitch, RemoveProduct, SwitchTo};
use crate::ids::{PlanId, ProductId};
use crate::plan::OutcomeKind;
use crate::plan_set::PlanIx;
use crate::refusal::{Cause, Code, Fix};
use crate::rules::Breach;

/// How many ways are tried for one kind of breach.
const MOST_TRIED: usize = 8;
/// How many products are tried as the bringer of a missing plan.
const MOST_BRINGERS: usize = 3;

type Side = (PlanIx, ProductId);

pub(super) fn offer(
    (context, depth): (&Context<'_>, Depth),
    holder: Holder<'_>,
    change: &LicenseChange,
    draft: &Draft<'_>,
    added: &[Breach],
    causes: &mut [Cause],
) {
    let mut ways = Ways {
        context,
        depth: depth.as_trial(),
        holder,
        change,
        draft,
        found: Vec::new(),
    };
    for code in [
        Code::ProhibitedInLocation,
        Code::MutuallyExclusivePlans,
        Code::MissingPrerequisitePlan,
        Code::PrerequisiteInUse,
    ] {
        if !causes.iter().any(|cause| cause.code == code) {
            continue;
        }
        match code {
            Code::ProhibitedInLocation => ways.without_plans_of_country(added),
            Code::MutuallyExclusivePlans => ways.without_rivals(added),
            _ => ways.with_prerequisites(added),
        }
        let fixes = ways.that_work();
        for cause in causes.iter_mut().filter(|cause| cause.code == code) {
            cause.fixes.extend(fixes.iter().cloned());
        }
    }
}

struct Ways<'a> {
    context: &'a Context<'a>,
    depth: Depth,
    holder: Holder<'a>,
    change: &'a LicenseChange,
    draft: &'a Draft<'a>,
    found: Vec<LicenseChange>,
}

impl Ways<'_> {
    fn without_plans_of_country(&mut self, added: &[Breach]) {
        let off: Vec<Side> = added
            .iter()
            .filter_map(|breach| match breach {
                Breach::Country {
                    product,
                    plan: Some(plan),
                    ..
                } => Some((*plan, *product)),
                _ => None,
            })
            .collect();
        self.switch_off(&off);
    }

    /// Leaves one of the products out, where several that are asked for clash among themselves;
    /// turns off the plans of one side; or ends the products that were held before.
    fn without_rivals(&mut self, added: &[Breach]) {
        let mut sides: BTreeMap<ProductId, BTreeSet<PlanIx>> = BTreeMap::new();
        let mut pairs = Vec::new();
        for breach in added {
            if let Breach::Exclusion { first, second } = breach {
                sides.entry(first.1).or_default().insert(first.0);
                sides.entry(second.1).or_default().insert(second.0);
                pairs.push((first.1, second.1));
            }
        }
        let (held, asked): (Vec<ProductId>, Vec<ProductId>) =
            sides.keys().partition(|product| self.was_held(**product));
        let clash_among = |group: &[ProductId]| {
            let mut within = pairs.iter();
            within.any(|(one, other)| group.contains(one) && group.contains(other))
        };
        if clash_among(&asked) {
            self.leave_out(&asked);
        }
        for group in [&asked, &held] {
            if clash_among(group) {
                continue;
            }
            let off: Vec<Side> = group
                .iter()
                .flat_map(|product| sides[product].iter().map(|plan| (*plan, *product)))
                .collect();
            self.switch_off(&off);
        }
        for (product, plans) in &sides {
            let off: Vec<Side> = plans.iter().map(|plan| (*plan, *product)).collect();
            self.switch_off(&off);
        }
        self.remove(&held);
    }

    /// The request without one of the products that it adds, the smallest first.
    fn leave_out(&mut self, asked: &[ProductId]) {
        let catalogue = self.context.catalogue();
        let mut asked = asked.to_vec();
        asked.sort_by_cached_key(|product| {
            let plans = catalogue
                .product(*product)
                .map(|product| product.plans.len());
            (plans, catalogue.product_name(*product))
        });
        for product in asked {
            let is_it = |text: &str| self.context.find_product(text) == Ok(product);
            let mut way = self.change.clone();
            way.add.retain(|add| !is_it(&add.product));
            way.switches
                .retain(|switch| !switch.product.as_deref().is_some_and(is_it));
            if way.add.len() < self.change.add.len() && way.adds_something() {
                self.found.push(way);
            }
        }
    }

    /// Turns an alternative on, adds a product that brings one, turns the dependants off, or ends
    /// the products that bring those.
    fn with_prerequisites(&mut self, added: &[Breach]) {
        let catalogue = self.context.catalogue();
        let dependants: Vec<PlanIx> = added
            .iter()
            .filter_map(|breach| match breach {
                Breach::Prerequisite { dependant } => Some(*dependant),
                _ => None,
            })
            .collect();
        let needs = &catalogue.compiled().needs;
        let any_of: BTreeSet<PlanIx> = dependants
            .iter()
            .filter_map(|plan| needs.get(plan))
            .flat_map(|any_of| any_of.iter())
            .collect();
        let mut bringers: Vec<ProductId> = Vec::new();
        for plan in &any_of {
            let id = catalogue.plan_id(*plan);
            for product in self.draft.direct_products() {
                if catalogue.has(product, id) {
                    self.switch(&[(*plan, product)], SwitchTo::On);
                }
            }
            bringers.extend(catalogue.products_with(id).map(|product| product.id));
        }
        bringers.sort_unstable();
        bringers.dedup();
        bringers.retain(|product| {
            !self.draft.holds_directly(*product)
                && self.context.snapshot.pool(*product).available() > 0
        });
        bringers.sort_by_key(|product| catalogue.product(*product).map(|p| p.plans.len()));
        for product in bringers.into_iter().take(MOST_BRINGERS) {
            self.add(product);
        }
        let mut off: Vec<Side> = Vec::new();
        for product in self.draft.direct_products() {
            let of = dependants
                .iter()
                .filter(|plan| catalogue.has(product, catalogue.plan_id(**plan)));
            off.extend(of.map(|plan| (*plan, product)));
        }
        self.switch_off(&off);
        let mut products: Vec<ProductId> = off.iter().map(|(_, product)| *product).collect();
        products.dedup();
        products.retain(|product| self.was_held(*product));
        self.remove(&products);
    }

    fn was_held(&self, product: ProductId) -> bool {
        self.holder
            .paths
            .iter()
            .any(|path| path.product == product && path.is_direct())
    }

    fn switch_off(&mut self, sides: &[Side]) {
        // A licence with nothing on is no way out.
        let leaves_something = |product: ProductId| {
            let off = sides.iter().filter(|(_, of)| *of == product).count();
            let plans = self.context.catalogue().product(product);
            plans.is_some_and(|product| product.plans.len() > off)
        };
        if sides.iter().all(|(_, product)| leaves_something(*product)) {
            self.switch(sides, SwitchTo::Off);
        }
    }

    /// The request with plans of direct licences switched as well.
    fn switch(&mut self, sides: &[Side], to: SwitchTo) {
        if sides.is_empty()
            || self.change.only_plans.is_some()
            || !sides
                .iter()
                .all(|(_, product)| self.draft.holds_directly(*product))
        {
            return;
        }
        let catalogue = self.context.catalogue();
        let mut way = self.change.clone();
        let plans: Vec<PlanId> = sides
            .iter()
            .map(|(plan, _)| catalogue.plan_id(*plan))
            .collect();
        way.switches.retain(|switch| {
            !matches!(self.context.find_plan(&[], &switch.plan), Ok(plan) if plans.contains(&plan))
        });
        for ((_, product), plan) in sides.iter().zip(plans) {
            way.switches.push(PlanSwitch {
                product: Some(self.context.unique_product_name(*product)),
                plan: self.context.unique_plan_name(*product, plan),
                to,
            });
        }
        self.found.push(way);
    }

    /// The request with direct licences ended as well.
    fn remove(&mut self, products: &[ProductId]) {
        if products.is_empty() || self.change.mode != Mode::Modify {
            return;
        }
        let mut way = self.change.clone();
        way.remove
            .extend(products.iter().map(|product| RemoveProduct {
                product: self.context.unique_product_name(*product),
                must_hold: false,
            }));
        self.found.push(way);
    }

    /// The request with a product more.
    fn add(&mut self, product: ProductId) {
        if self.change.mode == Mode::UnassignAll {
            return;
        }
        let mut way = self.change.clone();
        way.add.push(AddProduct {
            product: self.context.unique_product_name(product),
            new_plans: None,
        });
        self.found.push(way);
    }

    /// Whether nothing is left in the way but seats that the change as it was asked for lacks too.
    fn lacks_only_seats(&self, way: &LicenseChange, causes: &[Cause]) -> bool {
        way.add.len() <= self.change.add.len()
            && causes
                .iter()
                .all(|cause| cause.code == Code::NoAvailableSeats)
    }

    /// The ways found since the last call that would be applied.
    fn that_work(&mut self) -> Vec<Fix> {
        let mut tried: Vec<LicenseChange> = Vec::new();
        let mut fixes = Vec::new();
        for mut way in std::mem::take(&mut self.found) {
            way.user.clone_from(&self.holder.profile.upn);
            if tried.len() == MOST_TRIED || tried.contains(&way) {
                continue;
            }
            let mut no_ids = Uuid::nil;
            let trial = decide(self.context, self.holder, &way, &mut no_ids, self.depth);
            let works = match trial.outcome.result {
                OutcomeKind::Applied | OutcomeKind::Waiting => true,
                OutcomeKind::Failed => self.lacks_only_seats(&way, &trial.outcome.causes),
                OutcomeKind::Unchanged => false,
            };
            if works {
                fixes.push(Fix::ChangeLicenses(Box::new(way.clone())));
            }
            tried.push(way);
        }
        fixes
    }
}
