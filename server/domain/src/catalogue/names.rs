//! Finding a product or plan by what a person typed: id, part number, name, alias (R1).
//! An ambiguous name is given back with its candidates; nothing is guessed.

use std::collections::HashMap;
use std::hash::Hash;

use uuid::Uuid;

use super::nearest::{Near, nearest};
use super::{Catalogue, Product, ServicePlan};
use crate::ids::{PlanId, ProductId};
use crate::name_key::NameKey;

/// What a text stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution<T> {
    Found(T),
    /// Nothing has that name; these come nearest, best first.
    NotFound {
        nearest: Vec<Near>,
    },
    /// Several have that name.
    Ambiguous {
        candidates: Vec<T>,
    },
}

impl Catalogue {
    /// The product that a GUID, part number, display name or alias stands for.
    /// A part number or display name in use now goes before an alias.
    #[must_use]
    pub fn resolve_product(&self, text: &str) -> Resolution<ProductId> {
        if let Ok(id) = Uuid::try_parse(text.trim())
            && self.products.contains_key(&ProductId(id))
        {
            return Resolution::Found(ProductId(id));
        }
        let key = NameKey::new(text);
        let all = self.product_names.get(&key).map_or(&[][..], Vec::as_slice);
        let own = |id: &ProductId| {
            self.products.get(id).is_some_and(|product| {
                NameKey::new(&product.part_number) == key || NameKey::new(&product.name) == key
            })
        };
        pick(all, own, || {
            nearest(&key, &self.product_names, |id| {
                let product = self.products.get(&id)?;
                Some((product.part_number.as_str(), product.name.as_str()))
            })
        })
    }

    /// The plan that a text stands for, looked up within the given products first and in the
    /// whole catalogue only when none of theirs has the name.
    #[must_use]
    pub fn resolve_plan(&self, within: &[ProductId], text: &str) -> Resolution<PlanId> {
        if let Ok(id) = Uuid::try_parse(text.trim())
            && self.numbers.contains_key(&PlanId(id))
        {
            return Resolution::Found(PlanId(id));
        }
        let key = NameKey::new(text);
        let all = self.plan_names.get(&key).map_or(&[][..], Vec::as_slice);
        let own = |id: &PlanId| {
            self.plans.get(id).is_some_and(|plan| {
                NameKey::new(&plan.name) == key || NameKey::new(&plan.friendly_name) == key
            })
        };
        let near = || self.nearest_plans(within, text);
        let inside: Vec<PlanId> = all
            .iter()
            .copied()
            .filter(|plan| within.iter().any(|product| self.has(*product, *plan)))
            .collect();
        if inside.is_empty() {
            pick(all, own, near)
        } else {
            pick(&inside, own, near)
        }
    }

    /// The plans of the given products, or of all where none is given, whose names come nearest.
    pub(crate) fn nearest_plans(&self, within: &[ProductId], text: &str) -> Vec<Near> {
        nearest(&NameKey::new(text), &self.plan_names, |id| {
            let inside = within.is_empty() || within.iter().any(|product| self.has(*product, id));
            let plan = self.plans.get(&id).filter(|_| inside)?;
            Some((plan.name.as_str(), plan.friendly_name.as_str()))
        })
    }

    /// Whether a product contains a plan.
    #[must_use]
    pub fn has(&self, product: ProductId, plan: PlanId) -> bool {
        self.products
            .get(&product)
            .is_some_and(|product| product.plans.contains_key(&plan))
    }
}

fn pick<T: Copy>(
    all: &[T],
    own: impl Fn(&T) -> bool,
    nearest: impl FnOnce() -> Vec<Near>,
) -> Resolution<T> {
    match all {
        [] => Resolution::NotFound { nearest: nearest() },
        [one] => Resolution::Found(*one),
        several => {
            let owners: Vec<T> = several.iter().copied().filter(own).collect();
            match owners.as_slice() {
                [one] => Resolution::Found(*one),
                [] => Resolution::Ambiguous {
                    candidates: several.to_vec(),
                },
                _ => Resolution::Ambiguous { candidates: owners },
            }
        }
    }
}

pub(super) fn of_product(product: &Product) -> Vec<NameKey> {
    keys([&product.part_number, &product.name], &product.aliases)
}

pub(super) fn of_plan(plan: &ServicePlan) -> Vec<NameKey> {
    keys([&plan.name, &plan.friendly_name], &plan.aliases)
}

fn keys(own: [&String; 2], aliases: &[String]) -> Vec<NameKey> {
    let mut keys: Vec<NameKey> = own
        .into_iter()
        .chain(aliases)
        .map(|name| NameKey::new(name))
        .filter(|key| !key.is_empty())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

pub(super) fn learn<T: Copy + Hash + Eq>(
    index: &mut HashMap<NameKey, Vec<T>>,
    id: T,
    keys: Vec<NameKey>,
) {
    for key in keys {
        index.entry(key).or_default().push(id);
    }
}

pub(super) fn forget<T: Copy + Hash + Eq>(
    index: &mut HashMap<NameKey, Vec<T>>,
    id: T,
    keys: Vec<NameKey>,
) {
    for key in keys {
        if let Some(ids) = index.get_mut(&key) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                index.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{catalogue, plan_id, product_id};

    #[test]
    fn a_name_in_use_goes_before_an_alias_and_two_owners_are_ambiguous() {
        let mut catalogue = catalogue();
        let mut talk = catalogue.product(product_id("TALK")).unwrap().clone();
        talk.aliases.push("FULL".to_owned());
        catalogue.put_product(talk.clone());
        assert_eq!(
            catalogue.resolve_product("full"),
            Resolution::Found(product_id("FULL"))
        );
        talk.name = "Full".to_owned();
        catalogue.put_product(talk.clone());
        let both = Resolution::Ambiguous {
            candidates: vec![product_id("FULL"), product_id("TALK")],
        };
        assert_eq!(catalogue.resolve_product("full"), both);
        talk.name = "Talk".to_owned();
        talk.aliases.clear();
        catalogue.put_product(talk);
        assert_eq!(
            catalogue.resolve_product("Full"),
            Resolution::Found(product_id("FULL"))
        );
    }

    #[test]
    fn a_plan_is_looked_up_within_its_product_first() {
        let mut catalogue = catalogue();
        let mut meet = catalogue.plan(plan_id("MEET")).unwrap().clone();
        meet.name = "CHAT".to_owned();
        catalogue.put_plan(meet);
        let within = |product: &str| catalogue.resolve_plan(&[product_id(product)], "chat");
        assert_eq!(within("MEETING"), Resolution::Found(plan_id("MEET")));
        assert_eq!(within("FULL"), Resolution::Found(plan_id("CHAT")));
        assert!(matches!(within("SITES"), Resolution::Ambiguous { .. }));
    }
}
