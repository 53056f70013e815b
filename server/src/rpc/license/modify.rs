//! `ModifyUserLicenses`: one user's direct licences, whole or not at all (R10)

use usher::v1::{ModifyUserLicensesRequest, ModifyUserLicensesResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::Intent;
use super::super::status::Refusal;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::license_change::{self, Whose};

pub(super) async fn modify(
    api: &Api,
    caller: &Caller,
    request: ModifyUserLicensesRequest,
) -> Result<ModifyUserLicensesResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let change = fields
        .required("change", request.change)
        .unwrap_or_default();
    let change = license_change::from_wire(change, "change", Whose::Named, &mut fields);
    fields.check()?;

    let command = (Asked::Change, Command::ModifyLicenses(Box::new(change)));
    let outcome = api.change_or_refuse(caller, &intent, command).await?;
    Ok(ModifyUserLicensesResponse {
        outcome: Some(api.told(&outcome, Asked::Change)),
    })
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::fix::Action;
    use usher::v1::{
        CopyLicenses, DeleteUserRequest, LicenseChange, ListLicensePoolsRequest,
        ModifyUserLicensesRequest, Outcome, OutcomeResult, PlanSwitch, Subscription, SwitchState,
        UndeleteUserRequest,
    };

    use super::super::super::status::outcome_in;
    use super::super::super::testing::{World, add, fields_in, refused};

    fn request(change: LicenseChange, request_id: &str) -> ModifyUserLicensesRequest {
        ModifyUserLicensesRequest {
            change: Some(change),
            request_id: request_id.into(),
            ..ModifyUserLicensesRequest::default()
        }
    }

    async fn send(world: &World, request: ModifyUserLicensesRequest) -> Outcome {
        let answer = world
            .licenses()
            .modify_user_licenses(request)
            .await
            .unwrap();
        answer.into_inner().outcome.unwrap()
    }

    #[tokio::test]
    async fn a_product_is_added_once_and_the_names_come_back() {
        let world = World::new().await;
        world.user("adele@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        let outcome = world
            .assign("ADELE@contoso.com", "microsoft 365 e3")
            .await
            .unwrap();
        assert_eq!(outcome.result(), OutcomeResult::Applied);
        assert_eq!(
            (outcome.subject.as_str(), outcome.display_name.as_str()),
            ("adele@contoso.com", "adele")
        );
        assert_eq!(
            (
                outcome.seats[0].part_number.as_str(),
                outcome.seats[0].seats
            ),
            ("SPE_E3", 1)
        );
        assert_eq!(outcome.gained, ["SPE_E3"]);
        assert!(outcome.revision > 0);
        let again = world.assign("adele@contoso.com", "SPE_E3").await.unwrap();
        assert_eq!(
            (again.result(), again.revision),
            (OutcomeResult::Unchanged, 0)
        );
    }

    #[tokio::test]
    async fn the_last_seat_goes_once_and_the_refusal_says_how_many_to_buy() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.user("b@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        let status = refused(
            world.assign("b@contoso.com", "SPE_E3").await,
            Code::ResourceExhausted,
            "NO_AVAILABLE_SEATS",
        );
        let details = outcome_in(&status);
        let fixes = details.causes.into_iter().flat_map(|cause| cause.fixes);
        let buy = fixes.filter_map(|fix| match fix.action {
            Some(Action::BuySeats(buy)) => Some((buy.product, buy.quantity)),
            _ => None,
        });
        assert_eq!(buy.collect::<Vec<_>>(), [("SPE_E3".to_owned(), 1)]);
    }

    #[tokio::test]
    async fn a_request_id_is_answered_once_and_not_reused() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 5).await;
        let first = send(&world, request(add("a@contoso.com", "SPE_E3"), "r1")).await;
        let second = send(&world, request(add("a@contoso.com", "SPE_E3"), "r1")).await;
        assert_eq!((first.replayed, second.replayed), (false, true));
        assert_eq!(
            (second.result(), second.revision),
            (OutcomeResult::Applied, first.revision)
        );
        let other = request(add("a@contoso.com", "SPE_E5"), "r1");
        refused(
            world.licenses().modify_user_licenses(other).await,
            Code::InvalidArgument,
            "REQUEST_ID_REUSED",
        );
    }

    #[tokio::test]
    async fn validate_only_tells_the_outcome_and_changes_nothing() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        let mut only = request(add("a@contoso.com", "SPE_E3"), "");
        only.validate_only = true;
        let outcome = send(&world, only).await;
        assert_eq!(
            (outcome.result(), outcome.revision),
            (OutcomeResult::Applied, 0)
        );
        let real = world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        assert_eq!(real.result(), OutcomeResult::Applied);
    }

    #[tokio::test]
    async fn every_bad_field_is_named_at_once() {
        let world = World::new().await;
        let request = ModifyUserLicensesRequest {
            change: Some(LicenseChange {
                switches: vec![PlanSwitch {
                    plan: String::new(),
                    state: SwitchState::On.into(),
                    ..PlanSwitch::default()
                }],
                ..LicenseChange::default()
            }),
            reason: "x".repeat(1_025),
            ..ModifyUserLicensesRequest::default()
        };
        let answer = world.licenses().modify_user_licenses(request).await;
        let status = refused(answer, Code::InvalidArgument, "LIMIT_EXCEEDED");
        assert_eq!(
            fields_in(&status),
            ["reason", "change.user", "change.switches[0].plan"]
        );
        let empty = ModifyUserLicensesRequest::default();
        let answer = world.licenses().modify_user_licenses(empty).await;
        let status = refused(answer, Code::InvalidArgument, "INVALID_ARGUMENT");
        assert_eq!(fields_in(&status)[0], "change");
    }

    #[tokio::test]
    async fn unknown_names_are_not_found() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        for (user, product, reason, field) in [
            (
                "nobody@contoso.com",
                "SPE_E3",
                "USER_NOT_FOUND",
                "change.user",
            ),
            (
                "a@contoso.com",
                "SPE_E9",
                "PRODUCT_NOT_FOUND",
                "change.add[0]",
            ),
        ] {
            let status = refused(world.assign(user, product).await, Code::NotFound, reason);
            assert_eq!(outcome_in(&status).causes[0].field, field);
        }
    }

    #[tokio::test]
    async fn control_characters_are_refused_and_not_stored() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        let change = add("a@contoso.com", "SPE_E3\0");
        let request = ModifyUserLicensesRequest {
            reason: "moved\0".into(),
            ..request(change, "")
        };
        let answer = world.licenses().modify_user_licenses(request).await;
        let status = refused(answer, Code::InvalidArgument, "INVALID_ARGUMENT");
        assert_eq!(fields_in(&status), ["reason", "change.add[0]"]);
        assert!(status.message().contains("U+0000"), "{}", status.message());
    }

    #[tokio::test]
    async fn what_became_of_a_change_is_said_of_changes_only() {
        let world = World::new().await;
        world.close().await;
        let status = refused(
            world.assign("a@contoso.com", "SPE_E3").await,
            Code::Unavailable,
            "UNAVAILABLE",
        );
        let said = status.message();
        assert!(said.contains("Nothing was changed."), "{said}");
        let read = ListLicensePoolsRequest::default();
        let answer = world.licenses().list_license_pools(read).await;
        let status = refused(answer, Code::Unavailable, "UNAVAILABLE");
        let said = status.message();
        assert!(!said.contains("changed"), "{said}");
    }

    #[tokio::test]
    async fn a_plan_that_the_product_lacks_is_refused_with_those_it_has() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        let mut change = add("a@contoso.com", "SPE_E3");
        change.switches = vec![PlanSwitch {
            product: "SPE_E3".into(),
            plan: "EXCHANGE_S_ENTERPRISE".into(),
            state: SwitchState::Off.into(),
        }];
        let answer = world.modify(change).await;
        let status = refused(answer, Code::FailedPrecondition, "PLAN_NOT_IN_PRODUCT");
        assert!(
            status
                .message()
                .contains("FORMS_PLAN_E3, YAMMER_ENTERPRISE"),
            "{}",
            status.message()
        );
    }

    /// R41: however a seat in its days of grace is taken.
    #[tokio::test]
    async fn a_seat_in_grace_says_until_when_it_works_for_copies_and_restores_too() {
        let world = World::new().await;
        let ending = Subscription {
            product: "SPE_E3".into(),
            quantity: 5,
            term_months: 1,
            recurring_billing: Some(false),
            ..Subscription::default()
        };
        world.bought(ending).await.unwrap();
        for upn in ["adele@contoso.com", "bruno@contoso.com"] {
            world.user(upn).await;
        }
        let before = world.assign("adele@contoso.com", "SPE_E3").await.unwrap();
        assert!(before.notes.is_empty(), "{before:?}");
        world.days(35).await;
        let says = |notes: &[String]| {
            notes
                .iter()
                .any(|note| note.contains("seats work until 20"))
        };
        let copy = LicenseChange {
            user: "bruno@contoso.com".into(),
            copy_from: Some(CopyLicenses {
                user: "adele@contoso.com".into(),
                ..CopyLicenses::default()
            }),
            ..LicenseChange::default()
        };
        let copied = send(&world, request(copy, "")).await;
        assert_eq!(copied.result(), OutcomeResult::Applied);
        assert!(says(&copied.notes), "{copied:?}");

        let (mut users, user) = (world.users(), "bruno@contoso.com".to_owned());
        let gone = DeleteUserRequest {
            user: user.clone(),
            ..DeleteUserRequest::default()
        };
        users.delete_user(gone).await.unwrap();
        let back = UndeleteUserRequest {
            user,
            ..UndeleteUserRequest::default()
        };
        let back = users.undelete_user(back).await.unwrap().into_inner();
        let notes: Vec<String> = back
            .outcome
            .into_iter()
            .flat_map(|outcome| outcome.notes)
            .chain(
                back.licenses
                    .into_iter()
                    .filter_map(|one| one.outcome)
                    .flat_map(|outcome| outcome.notes),
            )
            .collect();
        assert!(says(&notes), "{notes:?}");
    }
}
