//! What is different between a person's licences at two moments, for those who show it. Pure reading of
//! what the paths say, each with the catalogue of its moment.

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;
use crate::ids::{PlanId, ProductId};
use crate::licence::effective;
use crate::snapshot::Assignment;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// Held then and not before.
    Gained,
    /// Held before and not then.
    Lost,
    /// Held at both moments with other plans on.
    Switched,
}

/// One product that a person holds differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub product: ProductId,
    pub kind: DifferenceKind,
    /// Plans of the product that came on.
    pub on: BTreeSet<PlanId>,
    /// Plans of the product that went off.
    pub off: BTreeSet<PlanId>,
}

/// One person's licences at one moment.
#[derive(Clone, Copy)]
pub struct Holding<'a> {
    pub catalogue: &'a Catalogue,
    pub paths: &'a [Assignment],
}

impl Holding<'_> {
    fn products(&self) -> impl Iterator<Item = ProductId> {
        let active = self.paths.iter().filter(|path| path.is_active());
        active.map(|path| path.product)
    }

    /// Whether the product is held, and the plans of it that are on.
    fn of(&self, product: ProductId) -> (bool, BTreeSet<PlanId>) {
        let paths = || {
            let mut active = self.paths.iter();
            std::iter::from_fn(move || {
                active.find(|path| path.product == product && path.is_active())
            })
        };
        (paths().next().is_some(), effective(self.catalogue, paths()))
    }
}

/// The products that a person holds differently, by id.
#[must_use]
pub fn differences(before: Holding<'_>, after: Holding<'_>) -> Vec<Difference> {
    let products: BTreeSet<ProductId> = before.products().chain(after.products()).collect();
    let one = |product: ProductId| {
        let (held, was_on) = before.of(product);
        let (holds, is_on) = after.of(product);
        let kind = match (held, holds) {
            (false, _) => DifferenceKind::Gained,
            (true, false) => DifferenceKind::Lost,
            (true, true) => DifferenceKind::Switched,
        };
        let difference = Difference {
            product,
            kind,
            on: is_on.difference(&was_on).copied().collect(),
            off: was_on.difference(&is_on).copied().collect(),
        };
        let same = kind == DifferenceKind::Switched && was_on == is_on;
        (!same).then_some(difference)
    };
    products.into_iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::SwitchTo;
    use crate::fixture::{World, group, of_user, plan_id, product_id};
    use crate::snapshot::AssignmentState;

    fn between(before: &World, after: &World) -> Vec<Difference> {
        let of = |world: &'static World| Holding {
            catalogue: &world.snapshot.catalogue,
            paths: &world.user(0).paths,
        };
        // Worlds of a test live as long as it does.
        differences(
            of(Box::leak(Box::new(before.clone()))),
            of(Box::leak(Box::new(after.clone()))),
        )
    }

    #[test]
    fn what_is_gained_lost_and_switched_is_told_by_product() {
        let mut world = World::new(1, 5);
        world.change(of_user(0).adding("FULL"));
        world.change(of_user(0).adding("TALK"));
        let before = world.clone();
        assert_eq!(between(&before, &world), []);
        world.change(of_user(0).removing("TALK"));
        world.change(of_user(0).switching(Some("FULL"), "YAMMER", SwitchTo::Off));
        world.give(0, "SITES", group(1), AssignmentState::Active);
        let told: Vec<_> = between(&before, &world)
            .into_iter()
            .map(|one| (one.product, one.kind, one.on, one.off))
            .collect();
        let set = |plans: &[&str]| plans.iter().map(|plan| plan_id(plan)).collect();
        assert_eq!(
            told,
            [
                (
                    product_id("FULL"),
                    DifferenceKind::Switched,
                    set(&[]),
                    set(&["YAMMER"])
                ),
                (
                    product_id("TALK"),
                    DifferenceKind::Lost,
                    set(&[]),
                    set(&["CHAT", "CRYPTO"])
                ),
                (
                    product_id("SITES"),
                    DifferenceKind::Gained,
                    set(&["SITE_2"]),
                    set(&[])
                ),
            ]
        );
    }

    #[test]
    fn a_second_path_and_a_waiting_one_are_no_difference() {
        let mut world = World::new(1, 5);
        world.change(of_user(0).adding("FULL"));
        let before = world.clone();
        world.give(0, "FULL", group(1), AssignmentState::Active);
        let place = crate::snapshot::Waiting {
            priority: 0,
            since: crate::ids::Instant(1),
        };
        world.give(0, "TALK", group(1), AssignmentState::Waiting(place));
        assert_eq!(between(&before, &world), []);
    }
}
