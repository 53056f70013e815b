//! Finding a product or plan by what a person typed: id, part number, name, alias (R1).
//! An ambiguous name is given back with its candidates; nothing is guessed.

use std::collections::HashMap;
use std::hash::Hash;

use uuid::Uuid;

use super::{Catalogue, Product, ServicePlan};
use crate::ids::{PlanId, ProductId};
use crate::name_key::NameKey;

/// How many near names an answer offers.
pub const MAX_NEAREST: usize = 5;

/// What a text stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution<T> {
    Found(T),
    /// Nothing has that name; these come nearest, best first.
    NotFound {
        nearest: Vec<String>,
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
            nearest(
                &key,
                self.products
                    .values()
                    .map(|p| (p.part_number.as_str(), p.name.as_str())),
            )
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
    pub(crate) fn nearest_plans(&self, within: &[ProductId], text: &str) -> Vec<String> {
        let plans = self.plans.values().filter(|plan| {
            within.is_empty() || within.iter().any(|product| self.has(*product, plan.id))
        });
        nearest(
            &NameKey::new(text),
            plans.map(|plan| (plan.name.as_str(), plan.friendly_name.as_str())),
        )
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
    nearest: impl FnOnce() -> Vec<String>,
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

/// The names that share the most letter pairs with a key, best first.
fn nearest<'a>(key: &NameKey, names: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let wanted = pairs(key.as_str());
    let mut scored: Vec<(usize, &str)> = names
        .filter_map(|(name, friendly)| {
            let score = likeness(&wanted, name).max(likeness(&wanted, friendly));
            (score >= 400).then_some((score, name))
        })
        .collect();
    scored.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.dedup();
    scored
        .into_iter()
        .take(MAX_NEAREST)
        .map(|(_, name)| name.to_owned())
        .collect()
}

fn pairs(text: &str) -> Vec<[char; 2]> {
    let chars: Vec<char> = text.chars().collect();
    let mut pairs: Vec<[char; 2]> = chars.windows(2).map(|w| [w[0], w[1]]).collect();
    pairs.sort_unstable();
    pairs
}

/// Twice the shared pairs in thousandths of all pairs.
fn likeness(wanted: &[[char; 2]], name: &str) -> usize {
    let theirs = pairs(NameKey::new(name).as_str());
    let (mut mine, mut other, mut shared) = (wanted.iter(), theirs.iter(), 0);
    let (mut a, mut b) = (mine.next(), other.next());
    while let (Some(x), Some(y)) = (a, b) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => a = mine.next(),
            std::cmp::Ordering::Greater => b = other.next(),
            std::cmp::Ordering::Equal => {
                shared += 1;
                a = mine.next();
                b = other.next();
            }
        }
    }
    2000 * shared / (wanted.len() + theirs.len()).max(1)
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
