//! The naive oracle: what a few lines of Rust say of one person at one moment.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use usher_domain::NameKey;
use usher_domain::catalogue::Catalogue;
use usher_domain::effective::{PlanState, plan_states};
use usher_domain::ids::ProductId;
use usher_domain::snapshot::{Assignment, AssignmentState, UserProfile, UserType};

use super::super::fixture::{OTHER, PRODUCT};
use crate::filter::{Expr, LicenseState, Operator, Part, Property, Value};

/// What is known of one person at one moment.
pub(super) struct Known<'k> {
    pub(super) profile: &'k UserProfile,
    pub(super) ways: Vec<&'k Assignment>,
    pub(super) catalogue: &'k Catalogue,
}

impl Known<'_> {
    fn value(&self, property: Property) -> Value {
        let user = self.profile;
        let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
        match property {
            Property::Id => Value::Id(user.id.as_uuid()),
            Property::UserPrincipalName => Value::Text(user.upn.clone()),
            Property::DisplayName => Value::Text(user.display_name.clone()),
            Property::GivenName => text(&user.given_name),
            Property::Surname => text(&user.surname),
            Property::Mail => text(&user.mail),
            Property::JobTitle => text(&user.job_title),
            Property::Department => text(&user.department),
            Property::UserType => Value::Guest(user.user_type == UserType::Guest),
            Property::AccountEnabled => Value::Bool(user.account_enabled),
            Property::UsageLocation => text(&user.usage_location.map(String::from)),
            Property::Country => text(&user.country),
            Property::State => text(&user.state),
            Property::City => text(&user.city),
            Property::OfficeLocation => text(&user.office),
            Property::StreetAddress => text(&user.street_address),
            Property::PostalCode => text(&user.postal_code),
            Property::PhoneNumber => text(&user.phone),
            Property::MobilePhone => text(&user.mobile),
            Property::CreatedDateTime => Value::Instant(user.created_at),
            Property::DeletedDateTime => user.deleted_at.map_or(Value::Null, Value::Instant),
        }
    }

    fn active(&self) -> impl Iterator<Item = &Assignment> {
        self.ways.iter().copied().filter(|way| way.is_active())
    }

    pub(super) fn meets(&self, expr: &Expr) -> bool {
        match expr {
            Expr::And(all) => all.iter().all(|expr| self.meets(expr)),
            Expr::Or(all) => all.iter().any(|expr| self.meets(expr)),
            Expr::Not(inner) => !self.meets(inner),
            Expr::Compare {
                property,
                operator,
                value,
            } => compared(&self.value(*property), *operator, value),
            Expr::In { property, values } => {
                let own = self.value(*property);
                values
                    .iter()
                    .any(|value| compared(&own, Operator::Equal, value))
            }
            Expr::Text {
                part,
                property,
                needle,
            } => match self.value(*property) {
                Value::Text(text) => {
                    let (text, needle) = (key(&text), key(needle));
                    match part {
                        Part::Start => text.starts_with(&needle),
                        Part::End => text.ends_with(&needle),
                        Part::Anywhere => text.contains(&needle),
                    }
                }
                _ => false,
            },
            Expr::HoldsProduct(id) => self.active().any(|way| way.product == *id),
            Expr::HasPlan(plan) => [PRODUCT, OTHER].into_iter().any(|product| {
                let states = plan_states(self.catalogue, product, &self.ways);
                states.contains(&(*plan, PlanState::On))
            }),
            Expr::LicenseState(state) => self.ways.iter().any(|way| match state {
                LicenseState::Active => way.is_active(),
                LicenseState::Waiting => matches!(way.state, AssignmentState::Waiting(_)),
                LicenseState::Error => matches!(way.state, AssignmentState::Error(_)),
                LicenseState::HeldOff => way.is_active() && !way.held_off.is_empty(),
            }),
            Expr::Suspended(products) => self
                .active()
                .any(|way| !way.self_service && products.contains(&way.product)),
            Expr::LicenseCount { operator, count } => {
                let held: BTreeSet<ProductId> = self.active().map(|way| way.product).collect();
                ordered(i64::try_from(held.len()).unwrap().cmp(count), *operator)
            }
        }
    }
}

fn key(text: &str) -> String {
    NameKey::new(text).to_string()
}

fn ordered(found: Ordering, operator: Operator) -> bool {
    match operator {
        Operator::Equal => found.is_eq(),
        Operator::NotEqual => found.is_ne(),
        Operator::Greater => found.is_gt(),
        Operator::GreaterOrEqual => found.is_ge(),
        Operator::Less => found.is_lt(),
        Operator::LessOrEqual => found.is_le(),
    }
}

/// A missing value is equal to null alone, and has no order.
fn compared(own: &Value, operator: Operator, value: &Value) -> bool {
    match (own, value) {
        (Value::Text(own), Value::Text(value)) => ordered(key(own).cmp(&key(value)), operator),
        (Value::Instant(own), Value::Instant(value)) => ordered(own.cmp(value), operator),
        _ => {
            (own == value) == (operator == Operator::Equal)
                && matches!(operator, Operator::Equal | Operator::NotEqual)
        }
    }
}
