//! What can be sold: products, service plans, and the operator's rules about them (R2, R3),
//! with the indexes and compact sets that make planning cheap. No decision is made here.

mod etag;
mod names;
mod nearest;
mod rules;
mod unresolved;

use std::collections::{BTreeMap, HashMap};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use self::etag::etag;
pub use self::names::Resolution;
pub use self::nearest::{Near, in_words, nearest_of};
pub use self::rules::{
    CountryMode, CountryRule, CountrySubject, DataKind, ExclusionSet, Prerequisite, Rule, RuleKey,
    RuleSet, Service,
};
pub use self::unresolved::{ambiguous, no_such, no_user, shown};
use crate::ids::{PlanId, ProductId, Revision};
use crate::name_key::NameKey;
use crate::plan_set::{PlanIx, PlanSet};

/// Who a product can be assigned to (R9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppliesTo {
    #[default]
    User,
    Company,
}

/// A service plan as a part of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductPlan {
    pub on_by_default: bool,
    /// The revision that added the plan to the product (R14).
    pub since: Revision,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Product {
    pub id: ProductId,
    pub part_number: String,
    pub name: String,
    /// Other part numbers and display names seen for the same id.
    pub aliases: Vec<String>,
    pub applies_to: AppliesTo,
    pub perpetual: bool,
    pub plans: BTreeMap<PlanId, ProductPlan>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServicePlan {
    pub id: PlanId,
    pub name: String,
    pub friendly_name: String,
    /// Other names and friendly names seen for the same id.
    pub aliases: Vec<String>,
    /// On for every holder; a switch for it is refused (R20).
    pub automatic: bool,
}

/// A product's plans as compact sets, ready to be combined.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) plans: PlanSet,
    /// On where nothing is switched: by default, or automatic.
    pub(crate) on: PlanSet,
    pub(crate) automatic: PlanSet,
    /// A path that began at or after this revision has no plan added after it.
    pub(crate) latest: Revision,
    /// Some rule speaks of the product or of one of its plans.
    pub(crate) is_ruled: bool,
}

/// Products, plans and rules of one tenant. Changed only through the methods, which keep the indexes.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    products: IndexMap<ProductId, Product>,
    plans: IndexMap<PlanId, ServicePlan>,
    rules: RuleSet,
    product_names: HashMap<NameKey, Vec<ProductId>>,
    plan_names: HashMap<NameKey, Vec<PlanId>>,
    numbers: IndexMap<PlanId, ()>,
    shapes: HashMap<ProductId, Shape>,
    compiled: rules::Compiled,
}

impl Catalogue {
    /// Builds a catalogue from what is stored.
    #[must_use]
    pub fn new(
        products: impl IntoIterator<Item = Product>,
        plans: impl IntoIterator<Item = ServicePlan>,
        rules: impl IntoIterator<Item = Rule>,
    ) -> Self {
        let mut catalogue = Self::default();
        for plan in plans {
            catalogue.add_plan(plan);
        }
        for product in products {
            catalogue.add_product(product);
        }
        for rule in rules {
            catalogue.rules.put(rule);
        }
        catalogue.recompile();
        catalogue
    }

    #[must_use]
    pub fn product(&self, id: ProductId) -> Option<&Product> {
        self.products.get(&id)
    }

    #[must_use]
    pub fn plan(&self, id: PlanId) -> Option<&ServicePlan> {
        self.plans.get(&id)
    }

    pub fn products(&self) -> impl Iterator<Item = &Product> {
        self.products.values()
    }

    pub fn plans(&self) -> impl Iterator<Item = &ServicePlan> {
        self.plans.values()
    }

    #[must_use]
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The products that contain a plan.
    pub fn products_with(&self, plan: PlanId) -> impl Iterator<Item = &Product> {
        self.products
            .values()
            .filter(move |product| product.plans.contains_key(&plan))
    }

    /// The products whose holders a new, changed or removed rule concerns.
    pub(crate) fn concerned_by<'a>(
        &'a self,
        new: Option<&'a Rule>,
        old: Option<&'a Rule>,
    ) -> impl Iterator<Item = ProductId> + 'a {
        let one = |rule: Option<&Rule>, other, product: &Product| {
            rule.is_some_and(|rule| rule.concerns(other, product))
        };
        let concerned = self.products.values().filter(move |product| {
            old != new && (one(new, old, product) || one(old, new, product))
        });
        concerned.map(|product| product.id)
    }

    /// The tag of a plan as read, with the services that it serves.
    #[must_use]
    pub fn plan_etag(&self, plan: &ServicePlan) -> String {
        let services = self.rules.services_of(plan.id);
        let ids: Vec<&str> = services.map(|service| service.id.as_str()).collect();
        etag(&(plan, ids))
    }

    /// The id behind a compact number.
    #[must_use]
    pub(crate) fn plan_id(&self, plan: PlanIx) -> PlanId {
        let at = usize::try_from(plan.0).unwrap_or(usize::MAX);
        self.numbers
            .get_index(at)
            .map_or(PlanId(uuid::Uuid::nil()), |(id, ())| *id)
    }

    /// The name to show for a plan: its name, or its id while the catalogue lacks one.
    #[must_use]
    pub fn plan_name(&self, id: PlanId) -> String {
        self.plan(id)
            .map_or_else(|| id.to_string(), |plan| plan.name.clone())
    }

    /// The name to show for a product: its part number, or its id while the catalogue lacks one.
    #[must_use]
    pub fn product_name(&self, id: ProductId) -> String {
        self.product(id)
            .map_or_else(|| id.to_string(), |product| product.part_number.clone())
    }

    /// Adds a product or replaces the one with its id, plans included.
    pub fn put_product(&mut self, product: Product) {
        let id = product.id;
        self.add_product(product);
        self.reshape(id);
    }

    /// Adds a plan to a product, replaces what is said of it, or takes it out.
    pub fn put_product_plan(
        &mut self,
        product: ProductId,
        plan: PlanId,
        entry: Option<ProductPlan>,
    ) {
        self.number_or_new(plan);
        if let Some(product) = self.products.get_mut(&product) {
            match entry {
                Some(entry) => product.plans.insert(plan, entry),
                None => product.plans.remove(&plan),
            };
        }
        self.reshape(product);
    }

    /// Adds a plan or replaces the one with its id.
    pub fn put_plan(&mut self, plan: ServicePlan) {
        let id = plan.id;
        let reshape = self.plans.get(&id).map(|old| old.automatic) != Some(plan.automatic);
        self.add_plan(plan);
        if reshape {
            let holders: Vec<ProductId> = self.products_with(id).map(|p| p.id).collect();
            for product in holders {
                self.reshape(product);
            }
        }
    }

    /// Adds rules or replaces those with their keys, and removes those with the keys given.
    pub fn change_rules(&mut self, remove: &[RuleKey], put: impl IntoIterator<Item = Rule>) {
        for key in remove {
            self.rules.remove(key);
        }
        for rule in put {
            self.rules.put(rule);
        }
        self.recompile();
    }

    pub(crate) fn number(&self, plan: PlanId) -> Option<PlanIx> {
        let at = self.numbers.get_index_of(&plan)?;
        u32::try_from(at).ok().map(PlanIx)
    }

    pub(crate) fn shape(&self, product: ProductId) -> Option<&Shape> {
        self.shapes.get(&product)
    }

    pub(crate) fn compiled(&self) -> &rules::Compiled {
        &self.compiled
    }

    fn number_or_new(&mut self, plan: PlanId) -> PlanIx {
        let (at, _) = self.numbers.insert_full(plan, ());
        PlanIx(u32::try_from(at).unwrap_or(u32::MAX))
    }

    fn add_plan(&mut self, plan: ServicePlan) {
        let id = plan.id;
        self.number_or_new(id);
        if let Some(old) = self.plans.get(&id) {
            names::forget(&mut self.plan_names, id, names::of_plan(old));
        }
        names::learn(&mut self.plan_names, id, names::of_plan(&plan));
        self.plans.insert(id, plan);
    }

    fn add_product(&mut self, product: Product) {
        let id = product.id;
        for plan in product.plans.keys() {
            self.number_or_new(*plan);
        }
        if let Some(old) = self.products.get(&id) {
            names::forget(&mut self.product_names, id, names::of_product(old));
        }
        names::learn(&mut self.product_names, id, names::of_product(&product));
        self.products.insert(id, product);
    }

    fn recompile(&mut self) {
        let named: Vec<PlanId> = self.rules.plans().collect();
        for plan in named {
            self.number_or_new(plan);
        }
        self.compiled = rules::Compiled::new(&self.rules, |plan| self.number(plan));
        let products: Vec<ProductId> = self.products.keys().copied().collect();
        for product in products {
            self.reshape(product);
        }
    }

    fn reshape(&mut self, id: ProductId) {
        let Some(product) = self.products.get(&id) else {
            return;
        };
        let mut shape = Shape::default();
        for (plan, entry) in &product.plans {
            let Some(number) = self.number(*plan) else {
                continue;
            };
            shape.plans.insert(number);
            let automatic = self.plans.get(plan).is_some_and(|plan| plan.automatic);
            shape.on.set(number, entry.on_by_default || automatic);
            shape.automatic.set(number, automatic);
            shape.latest = shape.latest.max(entry.since);
        }
        shape.is_ruled = shape.plans.meets(self.compiled.ruled())
            || self.compiled.product_countries.contains_key(&id);
        self.shapes.insert(id, shape);
    }
}
