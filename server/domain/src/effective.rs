//! Which plans of one product work for a user, for those who show it. Pure reading of what the paths
//! say; what they may say is decided in `crate::plan`.

use crate::catalogue::Catalogue;
use crate::ids::{PlanId, ProductId};
use crate::rules::switches::switched_on;
use crate::snapshot::{Assignment, HeldOff};

/// What a plan is for a user through one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanState<'a> {
    /// On by at least one active path.
    On,
    /// Switched off, or off by default, on every active path.
    Off,
    /// Switched on, but held off on every path that has it on (R19a).
    HeldOff(&'a HeldOff),
}

/// The plans of a product with their states by the union of the paths to it (R30).
#[must_use]
pub fn plan_states<'a>(
    catalogue: &Catalogue,
    product: ProductId,
    paths: &[&'a Assignment],
) -> Vec<(PlanId, PlanState<'a>)> {
    let Some(product) = catalogue.product(product) else {
        return Vec::new();
    };
    let active: Vec<_> = paths
        .iter()
        .filter(|path| path.product == product.id && path.is_active())
        .map(|path| (*path, switched_on(catalogue, path)))
        .collect();
    let state = |plan: PlanId| {
        let number = catalogue.number(plan);
        let mut state = PlanState::Off;
        for (path, on) in &active {
            if !number.is_some_and(|number| on.contains(number)) {
                continue;
            }
            match path.held_off.iter().find(|held| held.plan == plan) {
                None => return PlanState::On,
                Some(held) => state = PlanState::HeldOff(held),
            }
        }
        state
    };
    product
        .plans
        .keys()
        .map(|plan| (*plan, state(*plan)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::catalogue::{AppliesTo, Product, ProductPlan, ServicePlan};
    use crate::ids::{AssignmentId, GroupId, Instant, Path, Revision, UserId};
    use crate::refusal::Code;
    use crate::snapshot::{AssignmentState, NewPlans};

    const SUITE: ProductId = ProductId(Uuid::from_u128(1));
    const MAIL: PlanId = PlanId(Uuid::from_u128(10));
    const FORMS: PlanId = PlanId(Uuid::from_u128(11));

    fn catalogue() -> Catalogue {
        let plan = |id: PlanId| ServicePlan {
            id,
            name: id.to_string(),
            friendly_name: String::new(),
            aliases: Vec::new(),
            automatic: false,
        };
        let entry = ProductPlan {
            on_by_default: true,
            since: Revision(0),
        };
        let suite = Product {
            id: SUITE,
            part_number: "SUITE".to_owned(),
            name: "Suite".to_owned(),
            aliases: Vec::new(),
            applies_to: AppliesTo::User,
            perpetual: false,
            plans: BTreeMap::from([(MAIL, entry), (FORMS, entry)]),
        };
        Catalogue::new([suite], [plan(MAIL), plan(FORMS)], [])
    }

    fn path(number: u128) -> Assignment {
        Assignment {
            id: AssignmentId(Uuid::from_u128(number)),
            user: UserId(Uuid::from_u128(99)),
            product: SUITE,
            path: Path::Group(GroupId(Uuid::from_u128(number))),
            state: AssignmentState::Active,
            switches: BTreeMap::new(),
            new_plans: NewPlans::On,
            began_at: Instant(0),
            began_rev: Revision(1),
            from_rev: Revision(1),
            held_off: Vec::new(),
            self_service: false,
            batch: None,
            actor: Arc::from("tester"),
        }
    }

    #[test]
    fn a_plan_is_on_if_any_path_leaves_it_on() {
        let (catalogue, mut off, mut held) = (catalogue(), path(1), path(2));
        off.switches.insert(FORMS, false);
        let states = plan_states(&catalogue, SUITE, &[&off]);
        assert_eq!(states, [(MAIL, PlanState::On), (FORMS, PlanState::Off)]);

        let reason = HeldOff {
            plan: FORMS,
            code: Code::MutuallyExclusivePlans,
            because: Vec::new(),
            since: Instant(7),
        };
        held.held_off.push(reason.clone());
        let states = plan_states(&catalogue, SUITE, &[&off, &held]);
        assert_eq!(states[1], (FORMS, PlanState::HeldOff(&reason)));

        let whole = path(3);
        let states = plan_states(&catalogue, SUITE, &[&off, &held, &whole]);
        assert_eq!(states[1], (FORMS, PlanState::On));
    }
}
