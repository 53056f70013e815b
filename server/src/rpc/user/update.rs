//! `UpdateUser`: the fields that the mask names

use usher::name::Collection;
use usher::v1::{UpdateUserRequest, UpdateUserResponse, User};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::left_by;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::user_fields;

pub(super) async fn update(
    api: &Api,
    caller: &Caller,
    request: UpdateUserRequest,
) -> Result<UpdateUserResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let user = fields.required("user", request.user).unwrap_or_default();
    let (said_in, target) = target(&request.target, &user);
    fields.required_name(said_in, target);
    let mask = fields
        .required("update_mask", request.update_mask)
        .unwrap_or_default();
    let patch = user_fields::masked(&user, &mask, &mut fields);
    fields.check()?;

    let asked = Asked::User(said_in);
    let command = Command::UpdateUser {
        user: target.to_owned(),
        patch: Box::new(patch),
        expect: (!user.etag.is_empty()).then(|| user.etag.clone()),
    };
    let outcome = api
        .change_or_refuse(caller, &intent, (asked, command))
        .await?;
    let told = api.told(&outcome, asked);
    Ok(UpdateUserResponse {
        user: shown(left_by(api, &outcome, false).await).flatten(),
        outcome: Some(told),
    })
}

/// Whom the request is about, and in which field: said outright, else by name, id or user principal
/// name.
fn target<'a>(target: &'a str, user: &'a User) -> (&'static str, &'a str) {
    let said = [
        ("target", target),
        ("user.name", &user.name),
        ("user.id", &user.id),
        ("user.user_principal_name", &user.user_principal_name),
    ];
    let (field, text) = said
        .into_iter()
        .find(|(_, text)| !text.trim().is_empty())
        .unwrap_or(("target", ""));
    (field, Collection::Users.strip(text.trim()))
}

#[cfg(test)]
mod tests {
    use prost_types::FieldMask;
    use tonic::Code;
    use usher::v1::OutcomeResult;

    use super::super::super::status::outcome_in;
    use super::super::super::testing::{World, refused};
    use super::*;

    fn change(user: User, paths: &[&str]) -> UpdateUserRequest {
        let paths = paths.iter().map(ToString::to_string).collect();
        UpdateUserRequest {
            user: Some(user),
            update_mask: Some(FieldMask { paths }),
            ..UpdateUserRequest::default()
        }
    }

    #[tokio::test]
    async fn only_the_masked_fields_change() {
        let world = World::new().await;
        let before = world.user("a@contoso.com").await;
        let user = User {
            city: "Köln".into(),
            usage_location: "FR".into(),
            ..before.clone()
        };
        let answer = world
            .users()
            .update_user(change(user, &["city", "department"]))
            .await;
        let after = answer.unwrap().into_inner();
        assert_eq!(after.outcome.unwrap().result(), OutcomeResult::Applied);
        let user = after.user.unwrap();
        assert_eq!(
            (user.city.as_str(), user.department.as_str()),
            ("Köln", "Sales")
        );
        assert_eq!(user.usage_location, "DE");
        let again = change(
            User {
                etag: String::new(),
                ..user
            },
            &["city"],
        );
        let again = world.users().update_user(again).await.unwrap().into_inner();
        assert_eq!(again.outcome.unwrap().result(), OutcomeResult::Unchanged);
    }

    #[tokio::test]
    async fn a_name_changes_by_target_and_stays_unique() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.user("b@contoso.com").await;
        let renamed = |to: &str| UpdateUserRequest {
            target: "a@contoso.com".into(),
            ..change(
                User {
                    user_principal_name: to.into(),
                    ..User::default()
                },
                &["user_principal_name"],
            )
        };
        let taken = world.users().update_user(renamed("B@contoso.com")).await;
        refused(taken, Code::AlreadyExists, "UPN_IN_USE");
        let user = world
            .users()
            .update_user(renamed("c@contoso.com"))
            .await
            .unwrap();
        assert_eq!(
            user.into_inner().user.unwrap().user_principal_name,
            "c@contoso.com"
        );
    }

    #[tokio::test]
    async fn an_old_etag_is_refused() {
        let world = World::new().await;
        let read = world.user("a@contoso.com").await;
        let user = User {
            city: "Köln".into(),
            ..read
        };
        world
            .users()
            .update_user(change(user.clone(), &["city"]))
            .await
            .unwrap();
        let stale = world.users().update_user(change(user, &["city"])).await;
        refused(stale, Code::Aborted, "CONCURRENT_CHANGE");
    }

    #[tokio::test]
    async fn the_end_of_a_licence_makes_an_etag_old() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        world.buy("EXCHANGE_PLUS", 1).await;
        for product in ["SPE_E3", "EXCHANGE_PLUS"] {
            world.assign("a@contoso.com", product).await.unwrap();
        }
        let location = change(
            User {
                user_principal_name: "a@contoso.com".into(),
                office_location: "7".into(),
                ..User::default()
            },
            &["office_location"],
        );
        let read = world.users().update_user(location).await.unwrap();
        let read = read.into_inner().user.unwrap();
        let ended = usher::v1::LicenseChange {
            user: "a@contoso.com".into(),
            remove: vec!["SPE_E3".into()],
            ..usher::v1::LicenseChange::default()
        };
        world.modify(ended).await.unwrap();
        let user = User {
            city: "Köln".into(),
            ..read
        };
        let stale = world.users().update_user(change(user, &["city"])).await;
        refused(stale, Code::Aborted, "CONCURRENT_CHANGE");
    }

    #[tokio::test]
    async fn the_same_request_again_is_answered_as_the_first_time() {
        let world = World::new().await;
        let read = world.user("a@contoso.com").await;
        let to = |user: &User, city: &str, request_id: &str| {
            let user = User {
                city: city.into(),
                ..user.clone()
            };
            UpdateUserRequest {
                request_id: request_id.into(),
                ..change(user, &["city"])
            }
        };
        let send = async |request: UpdateUserRequest| {
            let answer = world.users().update_user(request).await.unwrap();
            let answer = answer.into_inner();
            (answer.user.unwrap(), answer.outcome.unwrap().replayed)
        };
        let (first, replayed) = send(to(&read, "Köln", "r1")).await;
        assert!(!replayed);
        send(to(&first, "Berlin", "r2")).await;
        assert_eq!(send(to(&read, "Köln", "r1")).await, (first, true));
    }

    #[tokio::test]
    async fn a_change_that_is_stored_is_answered_even_when_unreadable() {
        let world = World::new().await;
        let user = world.user("a@contoso.com").await;
        world
            .meddle("CREATE TRIGGER spoil AFTER INSERT ON users BEGIN UPDATE users SET user_type = 9; END")
            .await;
        let user = User {
            city: "Köln".into(),
            ..user
        };
        let answer = world.users().update_user(change(user, &["city"])).await;
        let answer = answer.unwrap().into_inner();
        assert_eq!(answer.outcome.unwrap().result(), OutcomeResult::Applied);
        assert_eq!(answer.user, None);
    }

    #[tokio::test]
    async fn a_refusal_names_the_field_that_says_whom() {
        let world = World::new().await;
        let nobody = |request: UpdateUserRequest| async {
            let status = world.users().update_user(request).await;
            let status = refused(status, Code::NotFound, "USER_NOT_FOUND");
            outcome_in(&status).causes[0].field.clone()
        };
        let user = User {
            name: "users/nobody".into(),
            ..User::default()
        };
        let by_name = change(user, &["city"]);
        assert_eq!(nobody(by_name.clone()).await, "user.name");
        let by_target = UpdateUserRequest {
            target: "nobody".into(),
            ..by_name
        };
        assert_eq!(nobody(by_target).await, "target");
    }

    #[tokio::test]
    async fn bad_requests_are_refused() {
        let world = World::new().await;
        let user = world.user("a@contoso.com").await;
        for (request, code, reason) in [
            (
                UpdateUserRequest::default(),
                Code::InvalidArgument,
                "INVALID_ARGUMENT",
            ),
            (
                change(user.clone(), &["licenses"]),
                Code::InvalidArgument,
                "INVALID_ARGUMENT",
            ),
            (
                change(
                    User {
                        usage_location: String::new(),
                        ..user
                    },
                    &["usage_location"],
                ),
                Code::InvalidArgument,
                "INVALID_ARGUMENT",
            ),
            (
                UpdateUserRequest {
                    target: "nobody".into(),
                    ..change(
                        User {
                            city: "x".into(),
                            ..User::default()
                        },
                        &["city"],
                    )
                },
                Code::NotFound,
                "USER_NOT_FOUND",
            ),
        ] {
            refused(world.users().update_user(request).await, code, reason);
        }
    }
}
