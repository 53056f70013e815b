//! `DeleteUser`: seats are free at once, the account can be restored (R48)

use usher::name::Collection;
use usher::v1::{DeleteUserRequest, DeleteUserResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::left_by;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn delete(
    api: &Api,
    caller: &Caller,
    request: DeleteUserRequest,
) -> Result<DeleteUserResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    fields.required_name("user", &request.user);
    fields.check()?;

    let command = Command::DeleteUser {
        user: Collection::Users.strip(request.user.trim()).to_owned(),
        expect: Some(request.etag).filter(|etag| !etag.is_empty()),
    };
    let outcome = api
        .change_or_refuse(caller, &intent, (Asked::Named, command))
        .await?;
    let told = api.told(&outcome, Asked::Named);
    Ok(DeleteUserResponse {
        user: shown(left_by(api, &outcome, intent.validate_only).await).flatten(),
        outcome: Some(told),
    })
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::{DeleteUserRequest, GetUserRequest, ListUsersRequest, OutcomeResult};

    use super::super::super::testing::{World, refused};

    fn delete(user: &str) -> DeleteUserRequest {
        DeleteUserRequest {
            user: user.into(),
            ..DeleteUserRequest::default()
        }
    }

    #[tokio::test]
    async fn a_deleted_user_is_shown_by_id_and_among_the_deleted() {
        let world = World::new().await;
        let user = world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        let asked = DeleteUserRequest {
            validate_only: true,
            ..delete("a@contoso.com")
        };
        let preview = world.users().delete_user(asked).await.unwrap().into_inner();
        let outcome = preview.outcome.unwrap();
        assert_eq!(
            (outcome.lost.as_slice(), outcome.revision),
            (&["SPE_E3".to_owned()][..], 0)
        );
        assert_eq!(outcome.seats[0].seats, -1);
        assert_eq!(
            (preview.user, world.pool("SPE_E3").await.consumed),
            (None, 1)
        );

        let done = world.users().delete_user(delete(&user.name)).await;
        let deleted = done.unwrap().into_inner().user.unwrap();
        assert_eq!(world.pool("SPE_E3").await.consumed, 0);
        let (at, purge) = (deleted.delete_time.unwrap(), deleted.purge_time.unwrap());
        assert_eq!(purge.seconds - at.seconds, 30 * 86_400);
        assert!(deleted.licenses.is_empty());
        let get = |user: &str| GetUserRequest {
            user: user.into(),
            read_time: None,
        };
        let found = world.users().get_user(get(&user.id)).await.unwrap();
        assert_eq!(found.into_inner().user.unwrap(), deleted);
        let by_name = world.users().get_user(get("a@contoso.com")).await;
        refused(by_name, Code::NotFound, "USER_NOT_FOUND");
        for (show_deleted, count) in [(false, 0), (true, 1)] {
            let request = ListUsersRequest {
                show_deleted,
                ..ListUsersRequest::default()
            };
            let listed = world
                .users()
                .list_users(request)
                .await
                .unwrap()
                .into_inner();
            assert_eq!(listed.users.len(), count);
        }
        let again = world.users().delete_user(delete("A@contoso.com")).await;
        let outcome = again.unwrap().into_inner().outcome.unwrap();
        assert_eq!(outcome.result(), OutcomeResult::Unchanged);
    }

    #[tokio::test]
    async fn an_old_etag_and_an_unknown_name_are_refused() {
        let world = World::new().await;
        let user = world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        let stale = DeleteUserRequest {
            etag: user.etag,
            ..delete("a@contoso.com")
        };
        let answer = world.users().delete_user(stale).await;
        refused(answer, Code::Aborted, "CONCURRENT_CHANGE");
        let answer = world.users().delete_user(delete("nobody")).await;
        refused(answer, Code::NotFound, "USER_NOT_FOUND");
        let answer = world.users().delete_user(delete(" ")).await;
        refused(answer, Code::InvalidArgument, "INVALID_ARGUMENT");
    }
}
