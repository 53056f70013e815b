//! The operator's rules as data (R3): exclusion sets, prerequisites, countries, services; and their
//! compiled form over compact plan numbers. They are judged in `crate::rules`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Product;
use crate::ids::{Country, PlanId, ProductId};
use crate::plan_set::{PlanIx, PlanSet};

/// Plans of which a user may have only one, unless one product brings them together (R18).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExclusionSet {
    pub id: String,
    /// The service that the plans compete for, in words.
    pub service: String,
    pub plans: BTreeSet<PlanId>,
}

/// A plan that needs at least one of others (R19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prerequisite {
    pub plan: PlanId,
    pub any_of: BTreeSet<PlanId>,
    pub evidence: String,
}

/// What a country rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountrySubject {
    Product(ProductId),
    Plan(PlanId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountryMode {
    /// Offered in the listed countries only.
    Allow,
    /// Offered everywhere but in the listed countries.
    Deny,
}

/// Where a product or plan is offered (R17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountryRule {
    pub subject: CountrySubject,
    pub mode: CountryMode,
    pub countries: BTreeSet<Country>,
}

impl CountryRule {
    #[must_use]
    pub fn permits(&self, country: Country) -> bool {
        self.countries.contains(&country) == (self.mode == CountryMode::Allow)
    }
}

/// What kind of data a service keeps (R50).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataKind {
    /// A mailbox: kept for days after the last plan of it ended.
    Mail,
    /// Files: kept until the user is purged.
    Files,
    /// Anything else: kept for days after the last plan of it ended.
    Other,
}

impl DataKind {
    pub const ALL: [Self; 3] = [Self::Mail, Self::Files, Self::Other];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Files => "files",
            Self::Other => "other",
        }
    }
}

/// Plans that serve one kind of data, and how long it is kept when the last of them ends (R50).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub id: String,
    pub kind: DataKind,
    /// None: until the user is purged, as files always are.
    pub days: Option<u32>,
    pub plans: BTreeSet<PlanId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    Exclusion(ExclusionSet),
    Prerequisite(Prerequisite),
    Country(CountryRule),
    Service(Service),
}

/// What makes two rules the same rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKey {
    Exclusion(String),
    Prerequisite(PlanId),
    Country(CountrySubject),
    Service(String),
}

impl RuleKey {
    /// One text for each key.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Exclusion(id) => format!("exclusion/{id}"),
            Self::Prerequisite(plan) => format!("prerequisite/{plan}"),
            Self::Country(CountrySubject::Product(id)) => format!("country/{id}"),
            Self::Country(CountrySubject::Plan(id)) => format!("country/{id}"),
            Self::Service(id) => format!("service/{id}"),
        }
    }
}

impl Rule {
    #[must_use]
    pub fn key(&self) -> RuleKey {
        match self {
            Self::Exclusion(set) => RuleKey::Exclusion(set.id.clone()),
            Self::Prerequisite(rule) => RuleKey::Prerequisite(rule.plan),
            Self::Country(rule) => RuleKey::Country(rule.subject),
            Self::Service(service) => RuleKey::Service(service.id.clone()),
        }
    }

    /// The plans that the rule speaks of; a country rule of a product speaks of none.
    #[must_use]
    pub fn plans(&self) -> Vec<PlanId> {
        match self {
            Self::Exclusion(set) => set.plans.iter().copied().collect(),
            Self::Prerequisite(rule) => std::iter::once(rule.plan)
                .chain(rule.any_of.iter().copied())
                .collect(),
            Self::Country(CountryRule {
                subject: CountrySubject::Plan(plan),
                ..
            }) => vec![*plan],
            Self::Country(_) => Vec::new(),
            Self::Service(service) => service.plans.iter().copied().collect(),
        }
    }
}

impl Rule {
    /// Whether a holder of the product may have something else on with this rule than with the other
    /// one of its key, by what this one says beyond it: plans that both exclusion sets have make no
    /// difference.
    #[must_use]
    pub(crate) fn concerns(&self, other: Option<&Self>, product: &Product) -> bool {
        match (self, other) {
            (Self::Exclusion(set), Some(Self::Exclusion(other))) => {
                let mut only_here = set.plans.difference(&other.plans);
                only_here.any(|plan| product.plans.contains_key(plan))
            }
            (Self::Exclusion(set), _) => set
                .plans
                .iter()
                .any(|plan| product.plans.contains_key(plan)),
            (Self::Prerequisite(rule), _) => product.plans.contains_key(&rule.plan),
            (Self::Country(rule), _) => match rule.subject {
                CountrySubject::Product(id) => product.id == id,
                CountrySubject::Plan(plan) => product.plans.contains_key(&plan),
            },
            // A service says what becomes of data, not what may be on.
            (Self::Service(_), _) => false,
        }
    }
}

/// All rules of a tenant, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSet {
    rules: BTreeMap<RuleKey, Rule>,
}

impl RuleSet {
    #[must_use]
    pub fn get(&self, key: &RuleKey) -> Option<&Rule> {
        self.rules.get(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// The services, by id.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.rules.values().filter_map(|rule| match rule {
            Rule::Service(service) => Some(service),
            _ => None,
        })
    }

    /// The services whose data a plan serves, by id.
    pub fn services_of(&self, plan: PlanId) -> impl Iterator<Item = &Service> {
        self.services()
            .filter(move |service| service.plans.contains(&plan))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(super) fn put(&mut self, rule: Rule) {
        self.rules.insert(rule.key(), rule);
    }

    pub(super) fn remove(&mut self, key: &RuleKey) {
        self.rules.remove(key);
    }

    pub(super) fn plans(&self) -> impl Iterator<Item = PlanId> {
        self.rules.values().flat_map(Rule::plans)
    }
}

/// The rules over compact plan numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Compiled {
    pub(crate) exclusions: Vec<PlanSet>,
    /// All plans of all exclusion sets.
    pub(crate) excluding: PlanSet,
    /// The alternatives of each plan that needs some.
    pub(crate) needs: HashMap<PlanIx, PlanSet>,
    /// The plans that need some.
    pub(crate) dependants: PlanSet,
    pub(crate) plan_countries: HashMap<PlanIx, CountryRule>,
    pub(crate) product_countries: HashMap<ProductId, CountryRule>,
    ruled: PlanSet,
}

impl Compiled {
    pub(super) fn new(rules: &RuleSet, number: impl Fn(PlanId) -> Option<PlanIx>) -> Self {
        let mut compiled = Self::default();
        for rule in rules.iter() {
            if !matches!(rule, Rule::Service(_)) {
                let plans = rule.plans().into_iter().filter_map(&number).collect();
                compiled.ruled.union(&plans);
            }
            match rule {
                Rule::Exclusion(set) => {
                    let plans: PlanSet = set.plans.iter().copied().filter_map(&number).collect();
                    compiled.excluding.union(&plans);
                    compiled.exclusions.push(plans);
                }
                Rule::Prerequisite(rule) => {
                    if let Some(plan) = number(rule.plan) {
                        let any_of = rule.any_of.iter().copied().filter_map(&number).collect();
                        compiled.dependants.insert(plan);
                        compiled.needs.insert(plan, any_of);
                    }
                }
                Rule::Country(rule) => match rule.subject {
                    CountrySubject::Product(product) => {
                        compiled.product_countries.insert(product, rule.clone());
                    }
                    CountrySubject::Plan(plan) => {
                        if let Some(plan) = number(plan) {
                            compiled.plan_countries.insert(plan, rule.clone());
                        }
                    }
                },
                Rule::Service(_) => {}
            }
        }
        compiled
    }

    /// The plans of which any rule says whether they may be on.
    pub(super) fn ruled(&self) -> &PlanSet {
        &self.ruled
    }
}

impl From<CountrySubject> for Uuid {
    fn from(subject: CountrySubject) -> Self {
        match subject {
            CountrySubject::Product(id) => id.0,
            CountrySubject::Plan(id) => id.0,
        }
    }
}
