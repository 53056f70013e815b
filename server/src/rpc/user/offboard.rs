//! `OffboardUser`: block sign-in, leave licensing groups, remove direct licences, as one change (R49)

use usher::name::Collection;
use usher::v1::{OffboardUserRequest, OffboardUserResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::left_by;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn offboard(
    api: &Api,
    caller: &Caller,
    request: OffboardUserRequest,
) -> Result<OffboardUserResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    fields.required_name("user", &request.user);
    fields.check()?;

    let command = Command::OffboardUser {
        user: Collection::Users.strip(request.user.trim()).to_owned(),
        expect: Some(request.etag).filter(|etag| !etag.is_empty()),
    };
    let outcome = api
        .change_or_refuse(caller, &intent, (Asked::Named, command))
        .await?;
    let told = api.told(&outcome, Asked::Named);
    Ok(OffboardUserResponse {
        user: shown(left_by(api, &outcome, intent.validate_only).await).flatten(),
        outcome: Some(told),
    })
}

#[cfg(test)]
mod tests {
    use usher::v1::{ListChangesRequest, OffboardUserRequest, OutcomeResult};

    use super::super::super::testing::World;

    #[tokio::test]
    async fn sign_in_and_licences_end_in_one_change() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        world.buy("EXCHANGE_PLUS", 1).await;
        for product in ["SPE_E3", "EXCHANGE_PLUS"] {
            world.assign("a@contoso.com", product).await.unwrap();
        }
        let request = OffboardUserRequest {
            user: "a@contoso.com".into(),
            reason: "HR-204".into(),
            ..OffboardUserRequest::default()
        };
        let answer = world.users().offboard_user(request.clone()).await;
        let answer = answer.unwrap().into_inner();
        let (user, outcome) = (answer.user.unwrap(), answer.outcome.unwrap());
        assert_eq!(
            (user.account_enabled, user.licenses.len()),
            (Some(false), 0)
        );
        assert_eq!(outcome.lost, ["EXCHANGE_PLUS", "SPE_E3"]);
        assert_eq!(
            outcome.seats.iter().map(|delta| delta.seats).sum::<i64>(),
            -2
        );
        let changes = world
            .audit()
            .list_changes(ListChangesRequest::default())
            .await;
        let changes = changes.unwrap().into_inner().changes;
        let of_user: Vec<_> = changes
            .iter()
            .filter(|change| change.reason == "HR-204")
            .collect();
        assert_eq!(
            (of_user.len(), of_user[0].action.as_str()),
            (1, "user.offboard")
        );
        let again = world.users().offboard_user(request).await.unwrap();
        let outcome = again.into_inner().outcome.unwrap();
        assert_eq!(outcome.result(), OutcomeResult::Unchanged);
    }
}
