//! `UndeleteUser`: the account comes back, and each former direct licence by itself (R48)

use usher::name::Collection;
use usher::v1::{RestoredLicense, UndeleteUserRequest, UndeleteUserResponse};
use usher_domain::command::{Command, Undelete};
use usher_domain::plan::{Outcome, Subject};

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::left_by;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn undelete(
    api: &Api,
    caller: &Caller,
    request: UndeleteUserRequest,
) -> Result<UndeleteUserResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    fields.required_name("user", &request.user);
    fields.check()?;

    let undelete = Undelete {
        user: Collection::Users.strip(request.user.trim()).to_owned(),
        upn: Some(request.user_principal_name).filter(|upn| !upn.is_empty()),
        restore_licenses: request.restore_licenses.unwrap_or(true),
    };
    let command = Command::UndeleteUser(Box::new(undelete));
    let outcome = api
        .change_or_refuse(caller, &intent, (Asked::Named, command))
        .await?;
    let licenses = outcome
        .parts
        .iter()
        .filter_map(|part| restored(api, &outcome, part));
    Ok(UndeleteUserResponse {
        licenses: licenses.collect(),
        user: shown(left_by(api, &outcome, intent.validate_only).await).flatten(),
        outcome: Some(api.told(&outcome, Asked::Named)),
    })
}

/// What became of one licence: the planner says which product, and it happened to the user.
fn restored(api: &Api, whole: &Outcome, part: &Outcome) -> Option<RestoredLicense> {
    let Some(Subject::Product(product)) = part.subject else {
        return None;
    };
    let of_user = Outcome {
        subject: whole.subject.clone(),
        named: whole.named.clone(),
        replayed: whole.replayed,
        revision: part.revision.filter(|_| whole.revision.is_some()),
        ..part.clone()
    };
    let mut told = api.told(&of_user, Asked::Named);
    // The request has no field for a single licence.
    for cause in &mut told.causes {
        cause.field.clear();
    }
    let catalogue = api.store.catalogue_seen(api.tenant());
    Some(RestoredLicense {
        product_id: product.to_string(),
        part_number: catalogue.map_or_else(String::new, |known| known.product_name(product)),
        outcome: Some(told),
    })
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};
    use usher::v1::fix::Action;
    use usher::v1::{
        DeleteUserRequest, ErrorReason, OutcomeResult, UndeleteUserRequest, UndeleteUserResponse,
    };

    use super::super::super::status::outcome_in;
    use super::super::super::testing::{World, refused};

    async fn delete(world: &World, user: &str) {
        let request = DeleteUserRequest {
            user: user.into(),
            ..DeleteUserRequest::default()
        };
        world.users().delete_user(request).await.unwrap();
        world.tick();
    }

    async fn restore(
        world: &World,
        request: UndeleteUserRequest,
    ) -> Result<UndeleteUserResponse, Status> {
        Ok(world.users().undelete_user(request).await?.into_inner())
    }

    fn named(user: &str) -> UndeleteUserRequest {
        UndeleteUserRequest {
            user: user.into(),
            ..UndeleteUserRequest::default()
        }
    }

    #[tokio::test]
    async fn each_licence_is_told_by_itself_and_a_retry_tells_the_same() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.user("b@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        world.buy("EXCHANGE_PLUS", 1).await;
        for product in ["SPE_E3", "EXCHANGE_PLUS"] {
            world.assign("a@contoso.com", product).await.unwrap();
        }
        delete(&world, "a@contoso.com").await;
        world.assign("b@contoso.com", "SPE_E3").await.unwrap();
        let request = UndeleteUserRequest {
            request_id: "again".into(),
            ..named("a@contoso.com")
        };
        let first = restore(&world, request.clone()).await.unwrap();
        let told: Vec<_> = first
            .licenses
            .iter()
            .map(|one| {
                let outcome = one.outcome.as_ref().unwrap();
                (one.part_number.as_str(), outcome.result(), outcome.reason())
            })
            .collect();
        let refused = ErrorReason::NoAvailableSeats;
        assert_eq!(
            told,
            [
                ("SPE_E3", OutcomeResult::Failed, refused),
                (
                    "EXCHANGE_PLUS",
                    OutcomeResult::Applied,
                    ErrorReason::Unspecified
                ),
            ]
        );
        let outcome = first.licenses[0].outcome.as_ref().unwrap();
        assert_eq!(outcome.subject, "a@contoso.com");
        assert!(matches!(
            outcome.causes[0].fixes[0].action,
            Some(Action::BuySeats(_))
        ));
        let user = first.user.clone().unwrap();
        assert_eq!(
            (user.licenses, user.delete_time),
            (vec!["EXCHANGE_PLUS".to_owned()], None)
        );
        let again = restore(&world, request).await.unwrap();
        assert!(again.outcome.unwrap().replayed);
        assert_eq!(again.user, first.user);
        assert_eq!(again.licenses.len(), 2);
    }

    #[tokio::test]
    async fn a_name_in_use_is_refused_with_another_and_several_are_listed() {
        let world = World::new().await;
        let first = world.user("a@contoso.com").await;
        delete(&world, "a@contoso.com").await;
        world.user("a@contoso.com").await;
        let status = refused(
            restore(&world, named(&first.id)).await,
            Code::AlreadyExists,
            "UPN_IN_USE",
        );
        let causes = outcome_in(&status).causes;
        assert_eq!(causes[0].field, "user_principal_name");
        let Some(Action::RestoreUser(fix)) = causes[0].fixes[0].action.clone() else {
            panic!("{causes:?}")
        };
        assert_eq!(fix.user, first.id);
        delete(&world, "a@contoso.com").await;
        let status = refused(
            restore(&world, named("a@contoso.com")).await,
            Code::FailedPrecondition,
            "AMBIGUOUS_NAME",
        );
        assert!(status.message().contains(&first.id), "{}", status.message());
        let renamed = UndeleteUserRequest {
            user_principal_name: fix.user_principal_name,
            restore_licenses: Some(false),
            ..named(&first.id)
        };
        let back = restore(&world, renamed).await.unwrap();
        assert_eq!(
            back.user.unwrap().user_principal_name,
            "a.restored@contoso.com"
        );
        let nobody = restore(&world, named("nobody@contoso.com")).await;
        refused(nobody, Code::NotFound, "USER_NOT_FOUND");
    }

    #[tokio::test]
    async fn validate_only_restores_nobody() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        delete(&world, "a@contoso.com").await;
        let asked = UndeleteUserRequest {
            validate_only: true,
            ..named("a@contoso.com")
        };
        let judged = restore(&world, asked).await.unwrap();
        let outcome = judged.licenses[0].outcome.clone().unwrap();
        assert_eq!(
            (outcome.result(), outcome.revision),
            (OutcomeResult::Applied, 0)
        );
        assert_eq!(
            (judged.user, world.pool("SPE_E3").await.consumed),
            (None, 0)
        );
    }
}
