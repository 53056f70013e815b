//! `PurgeUser`: a deleted user is forgotten for good

use usher::name::Collection;
use usher::v1::{PurgeUserRequest, PurgeUserResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::Intent;
use super::super::status::Refusal;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn purge(
    api: &Api,
    caller: &Caller,
    request: PurgeUserRequest,
) -> Result<PurgeUserResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    fields.required_name("user", &request.user);
    fields.check()?;

    let command = Command::PurgeUser {
        user: Collection::Users.strip(request.user.trim()).to_owned(),
    };
    let outcome = api
        .change_or_refuse(caller, &intent, (Asked::Named, command))
        .await?;
    Ok(PurgeUserResponse {
        outcome: Some(api.told(&outcome, Asked::Named)),
    })
}

#[cfg(test)]
mod tests {
    use prost_types::FieldMask;
    use tonic::Code;
    use usher::v1::{DeleteUserRequest, GetUserRequest, PurgeUserRequest, UpdateUserRequest, User};

    use super::super::super::testing::{World, refused};

    fn purge(user: &str) -> PurgeUserRequest {
        PurgeUserRequest {
            user: user.into(),
            ..PurgeUserRequest::default()
        }
    }

    async fn hold(world: &World, user: &str, reason: &str) -> User {
        let request = UpdateUserRequest {
            target: user.into(),
            user: Some(User {
                retention_hold: reason.into(),
                ..User::default()
            }),
            update_mask: Some(FieldMask {
                paths: vec!["retention_hold".into()],
            }),
            ..UpdateUserRequest::default()
        };
        let answer = world.users().update_user(request).await.unwrap();
        answer.into_inner().user.unwrap()
    }

    #[tokio::test]
    async fn only_who_is_deleted_and_not_held_is_purged() {
        let world = World::new().await;
        let user = world.user("a@contoso.com").await;
        let answer = world.users().purge_user(purge("a@contoso.com")).await;
        refused(answer, Code::FailedPrecondition, "USER_NOT_DELETED");
        let held = hold(&world, "a@contoso.com", "Case 7").await;
        assert_eq!(held.retention_hold, "Case 7");
        assert!(held.retention_hold_time.is_some());
        let request = DeleteUserRequest {
            user: "a@contoso.com".into(),
            ..DeleteUserRequest::default()
        };
        let deleted = world.users().delete_user(request).await.unwrap();
        assert_eq!(deleted.into_inner().user.unwrap().purge_time, None);
        let answer = world.users().purge_user(purge(&user.id)).await;
        let status = refused(answer, Code::FailedPrecondition, "RETENTION_HOLD");
        assert!(status.message().contains("Case 7"), "{}", status.message());
        let released = hold(&world, &user.id, "").await;
        assert!(released.retention_hold_time.is_none() && released.purge_time.is_some());
        world
            .users()
            .purge_user(purge("a@contoso.com"))
            .await
            .unwrap();
        let request = GetUserRequest {
            user: user.id.clone(),
            read_time: None,
        };
        let gone = world.users().get_user(request).await;
        refused(gone, Code::NotFound, "USER_NOT_FOUND");
        let answer = world.users().purge_user(purge(&user.id)).await;
        refused(answer, Code::NotFound, "USER_NOT_FOUND");
    }
}
