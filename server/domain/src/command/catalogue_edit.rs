//! What an operator says of a product, a plan or a rule, as data. None is not mentioned. Names are
//! resolved before the command is made, so that all holders concerned can be loaded by id.

use serde::Serialize;

use super::RuleImport;
use crate::catalogue::{
    AppliesTo, Catalogue, CountryMode, CountrySubject, DataKind, Rule, RuleKey,
};
use crate::ids::{Country, PlanId};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProductPatch {
    pub applies_to: Option<AppliesTo>,
    pub perpetual: Option<bool>,
    /// Whether each of these plans is on for who does not say (R14).
    pub plans: Vec<(PlanId, bool)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanPatch {
    /// On for every holder, without a switch (R20).
    pub automatic: Option<bool>,
    /// The services whose data it serves, by id: these and no others (R50).
    pub services: Option<Vec<String>>,
}

/// One rule; lists replace what is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum RulePatch {
    Exclusion {
        id: String,
        service: Option<String>,
        plans: Option<Vec<PlanId>>,
    },
    Prerequisite {
        plan: PlanId,
        any_of: Option<Vec<PlanId>>,
        evidence: Option<String>,
    },
    Country {
        subject: CountrySubject,
        mode: Option<CountryMode>,
        countries: Option<Vec<Country>>,
    },
    Service {
        id: String,
        kind: Option<DataKind>,
        /// `Some(None)`: until the user is purged.
        days: Option<Option<u32>>,
        plans: Option<Vec<PlanId>>,
    },
}

impl RulePatch {
    #[must_use]
    pub fn key(&self) -> RuleKey {
        match self {
            Self::Exclusion { id, .. } => RuleKey::Exclusion(id.clone()),
            Self::Prerequisite { plan, .. } => RuleKey::Prerequisite(*plan),
            Self::Country { subject, .. } => RuleKey::Country(*subject),
            Self::Service { id, .. } => RuleKey::Service(id.clone()),
        }
    }

    /// The whole rule as it is meant, with what is not mentioned as it is; the name of what a new
    /// rule cannot do without is the error.
    pub(crate) fn onto(&self, old: Option<&Rule>) -> Result<RuleImport, &'static str> {
        Ok(match (self.clone(), old) {
            (Self::Exclusion { id, service, plans }, old) => {
                let old = match old {
                    Some(Rule::Exclusion(old)) => Some(old),
                    _ => None,
                };
                let was = || old.map(|old| old.plans.iter().copied().collect());
                RuleImport::Exclusion {
                    id,
                    service: service
                        .or_else(|| old.map(|old| old.service.clone()))
                        .unwrap_or_default(),
                    plans: plans.or_else(was).unwrap_or_default(),
                }
            }
            (
                Self::Prerequisite {
                    plan,
                    any_of,
                    evidence,
                },
                old,
            ) => {
                let old = match old {
                    Some(Rule::Prerequisite(old)) => Some(old),
                    _ => None,
                };
                let was = || old.map(|old| old.any_of.iter().copied().collect());
                RuleImport::Prerequisite {
                    plan,
                    any_of: any_of.or_else(was).unwrap_or_default(),
                    evidence: evidence
                        .or_else(|| old.map(|old| old.evidence.clone()))
                        .unwrap_or_default(),
                }
            }
            (
                Self::Country {
                    subject,
                    mode,
                    countries,
                },
                old,
            ) => {
                let old = match old {
                    Some(Rule::Country(old)) => Some(old),
                    _ => None,
                };
                let was = || old.map(|old| old.countries.iter().copied().collect());
                RuleImport::Country {
                    subject,
                    mode: mode.or(old.map(|old| old.mode)).ok_or("mode")?,
                    countries: countries.or_else(was).unwrap_or_default(),
                }
            }
            (
                Self::Service {
                    id,
                    kind,
                    days,
                    plans,
                },
                old,
            ) => {
                let old = match old {
                    Some(Rule::Service(old)) => Some(old),
                    _ => None,
                };
                let was = || old.map(|old| old.plans.iter().copied().collect());
                RuleImport::Service {
                    id,
                    kind: kind.or(old.map(|old| old.kind)).ok_or("kind")?,
                    days: days.or(old.map(|old| old.days)).flatten(),
                    plans: plans.or_else(was).unwrap_or_default(),
                }
            }
        })
    }
}

impl ProductPatch {
    /// Whether a plan would follow another default than it does.
    pub(crate) fn turns(&self, catalogue: &Catalogue, product: crate::ids::ProductId) -> bool {
        let Some(product) = catalogue.product(product) else {
            return false;
        };
        self.plans.iter().any(|(plan, on)| {
            let entry = product.plans.get(plan);
            entry.is_some_and(|entry| entry.on_by_default != *on)
        })
    }
}
