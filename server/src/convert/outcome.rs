//! Outcomes, causes and fixes, from the planner's words to the wire's: ids become part numbers and
//! user principal names, which people can type.

use usher::v1 as wire;
use usher_domain::catalogue::Catalogue;
use usher_domain::ids::{PlanId, ProductId, UserId};
use usher_domain::plan::{DataClock, NoteKind, Outcome, OutcomeKind, PlanChange, Subject};
use usher_domain::refusal::{Cause, Code, Fix, SubscriptionStep};

use super::{license_change, service_data};

/// The names behind the ids of one outcome.
#[derive(Clone, Copy, Default)]
pub(crate) struct Names<'a> {
    /// Knows the products; without it a product is shown by its id.
    pub(crate) catalogue: Option<&'a Catalogue>,
    /// The user that the outcome is about, with the user principal name.
    user: Option<(UserId, &'a str)>,
}

impl<'a> Names<'a> {
    /// Names of products as this catalogue has them.
    pub(crate) fn of(catalogue: Option<&'a Catalogue>) -> Self {
        Self {
            catalogue,
            user: None,
        }
    }

    fn product(&self, id: ProductId) -> String {
        self.catalogue
            .map_or_else(|| id.to_string(), |catalogue| catalogue.product_name(id))
    }

    /// The plans that notes of one kind are about.
    fn plans(&self, outcome: &Outcome, kind: NoteKind) -> Vec<String> {
        let about = outcome.notes.iter().filter(|note| note.kind == kind);
        let plans = about.filter_map(|note| note.plan);
        plans.map(|id| self.plan(id)).collect()
    }

    fn plan(&self, id: PlanId) -> String {
        self.catalogue
            .map_or_else(|| id.to_string(), |catalogue| catalogue.plan_name(id))
    }

    fn plan_delta(&self, change: &PlanChange) -> wire::PlanDelta {
        let plans = |ids: &[PlanId]| ids.iter().map(|id| self.plan(*id)).collect();
        wire::PlanDelta {
            product_id: change.product.to_string(),
            part_number: self.product(change.product),
            plans_on: plans(&change.on),
            plans_off: plans(&change.off),
        }
    }

    fn user(&self, id: UserId) -> String {
        match self.user {
            Some((known, upn)) if known == id => upn.to_owned(),
            _ => id.to_string(),
        }
    }
}

/// What the caller of one change is told.
pub(crate) fn outcome(outcome: &Outcome, names: Names<'_>) -> wire::Outcome {
    let (upn, display_name) = match &outcome.named {
        Some(named) => (named.upn.as_str(), named.display_name.as_str()),
        None => ("", ""),
    };
    let user = match outcome.subject {
        Some(Subject::User(id)) if !upn.is_empty() => Some((id, upn)),
        _ => None,
    };
    let names = &Names { user, ..names };
    let causes: Vec<wire::Cause> = outcome.causes.iter().map(|one| cause(one, names)).collect();
    let mut plans: Vec<wire::PlanDelta> = outcome
        .plans
        .iter()
        .map(|change| names.plan_delta(change))
        .collect();
    plans.sort_unstable_by(|one, other| one.part_number.cmp(&other.part_number));
    wire::Outcome {
        row: 0,
        subject_id: outcome
            .subject
            .as_ref()
            .map(|subject| subject.id())
            .unwrap_or_default(),
        subject: upn.to_owned(),
        display_name: display_name.to_owned(),
        result: result(outcome.result).into(),
        reason: causes.first().map_or(0, |cause| cause.reason),
        causes,
        notes: outcome
            .notes
            .iter()
            .filter(|note| !is_next(note.kind))
            .map(|note| note.message.clone())
            .chain(outcome.data_clocks.iter().map(DataClock::in_words))
            .collect(),
        seats: outcome
            .seats
            .iter()
            .map(|(product, seats)| wire::SeatDelta {
                product_id: product.to_string(),
                part_number: names.product(*product),
                seats: *seats,
            })
            .collect(),
        gained: part_numbers(&outcome.gained, names),
        lost: part_numbers(&outcome.lost, names),
        revision: outcome.revision.unwrap_or_default().0,
        replayed: outcome.replayed,
        not_carried: names.plans(outcome, NoteKind::NotCarried),
        next: outcome
            .notes
            .iter()
            .filter(|note| is_next(note.kind))
            .map(|note| note.message.clone())
            .collect(),
        plans,
        data_clocks: outcome
            .data_clocks
            .iter()
            .map(service_data::clock)
            .collect(),
    }
}

/// Notes on what comes after the change have a field of their own.
const fn is_next(kind: NoteKind) -> bool {
    matches!(kind, NoteKind::SpareSeats | NoteKind::InstallsUnlicensed)
}

/// One cause of a refusal.
pub(crate) fn cause(cause: &Cause, names: &Names<'_>) -> wire::Cause {
    wire::Cause {
        reason: reason(cause.code).into(),
        message: cause.message.clone(),
        field: cause.field.clone().unwrap_or_default(),
        metadata: cause.metadata.clone().into_iter().collect(),
        fixes: cause.fixes.iter().map(|one| fix(one, names)).collect(),
        next: cause.next.clone().unwrap_or_default(),
    }
}

/// The reason on the wire; the two lists have the same names.
pub(crate) fn reason(code: Code) -> wire::ErrorReason {
    wire::ErrorReason::from_code(code.as_str()).unwrap_or(wire::ErrorReason::Internal)
}

fn result(kind: OutcomeKind) -> wire::OutcomeResult {
    match kind {
        OutcomeKind::Applied => wire::OutcomeResult::Applied,
        OutcomeKind::Unchanged => wire::OutcomeResult::Unchanged,
        OutcomeKind::Waiting => wire::OutcomeResult::Waiting,
        OutcomeKind::Failed => wire::OutcomeResult::Failed,
    }
}

fn fix(fix: &Fix, names: &Names<'_>) -> wire::Fix {
    use wire::fix::Action;
    let action = match fix {
        Fix::SetUsageLocation { user } => Action::SetUsageLocation(wire::SetUsageLocation {
            user: names.user(*user),
        }),
        Fix::BuySeats { product, more } => Action::BuySeats(wire::BuySeats {
            product: names.product(*product),
            quantity: *more,
        }),
        Fix::ChangeLicenses(change) => {
            Action::ChangeLicenses(license_change::to_wire(change, names.catalogue))
        }
        Fix::UseName { given, instead } => Action::UseName(wire::UseName {
            given: given.clone(),
            instead: instead.clone(),
            only_near: false,
        }),
        Fix::NearName { given, near } => Action::UseName(wire::UseName {
            given: given.clone(),
            instead: near.clone(),
            only_near: true,
        }),
        Fix::ImportProducts => Action::ImportData(wire::ImportData {
            kind: "products".to_owned(),
        }),
        Fix::AskGlobalAdmin => Action::AskRole(wire::AskRole {
            roles: vec!["Global admin".to_owned()],
        }),
        Fix::RestoreAs { user, upn } => Action::RestoreUser(wire::RestoreUser {
            user: user.to_string(),
            user_principal_name: upn.clone(),
        }),
        Fix::DeleteUser { user } => Action::RemoveUser(wire::RemoveUser {
            user: names.user(*user),
        }),
        Fix::ReleaseHold { user } => Action::ReleaseHold(wire::ReleaseHold {
            user: user.to_string(),
        }),
        Fix::ChangeGroups { groups } => Action::ChangeGroups(wire::ChangeGroups {
            group_ids: groups.iter().map(ToString::to_string).collect(),
        }),
        Fix::ChangeSubscription { subscription, step } => {
            Action::ChangeSubscription(of_subscription(subscription.to_string(), *step))
        }
        Fix::ReactivateProduct { product } => Action::ChangeSubscription(of_subscription(
            names.product(*product),
            SubscriptionStep::Reactivate,
        )),
        Fix::UnassignSeats { product, seats } => Action::UnassignSeats(wire::UnassignSeats {
            product: names.product(*product),
            quantity: *seats,
        }),
    };
    wire::Fix {
        action: Some(action),
    }
}

fn of_subscription(subscription: String, step: SubscriptionStep) -> wire::ChangeSubscription {
    let (step, quantity) = match step {
        SubscriptionStep::LetEnd => (wire::SubscriptionStep::LetEnd, 0),
        SubscriptionStep::RenewSmaller(seats) => (wire::SubscriptionStep::RenewSmaller, seats),
        SubscriptionStep::Reactivate => (wire::SubscriptionStep::Reactivate, 0),
        SubscriptionStep::TakeOver => (wire::SubscriptionStep::TakeOver, 0),
    };
    wire::ChangeSubscription {
        subscription,
        step: step.into(),
        quantity,
    }
}

fn part_numbers(products: &[ProductId], names: &Names<'_>) -> Vec<String> {
    let mut numbers: Vec<String> = products.iter().map(|id| names.product(*id)).collect();
    numbers.sort_unstable();
    numbers
}

#[cfg(test)]
mod tests {
    use usher_domain::catalogue::Product;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_code_has_its_reason_on_the_wire() {
        for code in Code::ALL {
            assert_eq!(reason(*code).code(), code.as_str());
        }
    }

    #[test]
    fn ids_become_names_that_can_be_typed() {
        let e3 = ProductId(Uuid::from_u128(3));
        let adele = UserId(Uuid::from_u128(1));
        let catalogue = Catalogue::new(
            [Product {
                id: e3,
                part_number: "SPE_E3".to_owned(),
                name: "Microsoft 365 E3".to_owned(),
                aliases: Vec::new(),
                applies_to: usher_domain::catalogue::AppliesTo::User,
                perpetual: false,
                plans: std::collections::BTreeMap::new(),
            }],
            [],
            [],
        );
        let refused = Cause::new(Code::NoAvailableSeats, "No seat of SPE_E3 is free.")
            .fix(Fix::BuySeats {
                product: e3,
                more: 7,
            })
            .fix(Fix::SetUsageLocation { user: adele });
        let mut judged = Outcome::new(Some(Subject::User(adele)), OutcomeKind::Failed);
        judged.named = Some(usher_domain::plan::Named {
            upn: "adele@contoso.com".to_owned(),
            display_name: "Adele Vance".to_owned(),
        });
        judged.causes.push(refused);
        let told = outcome(&judged, Names::of(Some(&catalogue)));
        assert_eq!(told.display_name, "Adele Vance");
        assert_eq!(told.reason(), wire::ErrorReason::NoAvailableSeats);
        let buy = wire::BuySeats {
            product: "SPE_E3".to_owned(),
            quantity: 7,
        };
        let fixes = &told.causes[0].fixes;
        assert_eq!(fixes[0].action, Some(wire::fix::Action::BuySeats(buy)));
        let locate = wire::SetUsageLocation {
            user: "adele@contoso.com".to_owned(),
        };
        assert_eq!(
            fixes[1].action,
            Some(wire::fix::Action::SetUsageLocation(locate))
        );
    }
}
