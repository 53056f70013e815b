//! `CreateUser`, with licences in the same transaction (R47)

use usher::name::Collection;
use usher::v1::{CreateUserRequest, CreateUserResponse, OutcomeResult, User};
use usher_domain::command::{Command, NewUser};
use usher_domain::ids::UserId;
use usher_domain::plan::Outcome;
use uuid::Uuid;

use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::super::{Api, names};
use super::one_with_licenses;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::license_change::{self, Whose};
use crate::convert::user_fields;

pub(super) async fn create(
    api: &Api,
    caller: &Caller,
    request: CreateUserRequest,
) -> Result<CreateUserResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let user = fields.required("user", request.user).unwrap_or_default();
    let licenses = request.license_change.map(|change| {
        license_change::from_wire(change, "license_change", Whose::Given, &mut fields)
    });
    let new = NewUser {
        id: wished_id(&user, &mut fields),
        fields: user_fields::whole(&user, &mut fields),
        licenses,
    };
    fields.check()?;

    let asked_licenses = new.licenses.is_some();
    let command = (Asked::NewUser, Command::CreateUser(Box::new(new)));
    let outcome = api.change_or_refuse(caller, &intent, command).await?;
    let mut told = api.told(&outcome, Asked::NewUser);
    if !told.causes.is_empty() {
        told.set_result(OutcomeResult::Failed);
    }
    let user = if intent.validate_only {
        User {
            id: String::new(),
            ..user
        }
    } else {
        let id = told.subject_id.clone();
        shown(created(api, &outcome, &id).await).unwrap_or_else(|| User {
            name: Collection::Users.name(&id),
            id,
            ..user
        })
    };
    Ok(CreateUserResponse {
        user: Some(user),
        license_outcome: asked_licenses.then_some(told),
    })
}

async fn created(api: &Api, outcome: &Outcome, id: &str) -> Result<User, Refusal> {
    let read = api.read_after(outcome).await?;
    let created = names::user(&read, "user", id).await?;
    one_with_licenses(&read, created).await
}

fn wished_id(user: &User, fields: &mut Fields) -> Option<UserId> {
    if user.id.is_empty() {
        return None;
    }
    let id = Uuid::try_parse(&user.id).ok().filter(|id| !id.is_nil());
    if id.is_none() {
        fields.fault("user.id", format!("\"{}\" is not a UUID.", user.id));
    }
    id.map(UserId)
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::{CreateUserRequest, ErrorReason, LicenseChange, OutcomeResult, User, UserType};

    use super::super::super::status::outcome_in;
    use super::super::super::testing::{World, fields_in, person, refused};

    fn create(user: User) -> CreateUserRequest {
        CreateUserRequest {
            user: Some(user),
            ..CreateUserRequest::default()
        }
    }

    #[tokio::test]
    async fn a_user_is_created_as_said() {
        let world = World::new().await;
        let id = "6e7b768e-07e2-4810-8459-485f84f8f204";
        let user = User {
            id: id.into(),
            user_type: UserType::Guest.into(),
            account_enabled: Some(false),
            city: "Köln".into(),
            ..person("adele@contoso.com")
        };
        let made = world
            .users()
            .create_user(create(user))
            .await
            .unwrap()
            .into_inner()
            .user
            .unwrap();
        assert_eq!(
            (made.id.as_str(), made.name.as_str()),
            (id, "users/6e7b768e-07e2-4810-8459-485f84f8f204")
        );
        assert_eq!(
            (made.user_type(), made.account_enabled),
            (UserType::Guest, Some(false))
        );
        assert_eq!(
            (made.city.as_str(), made.usage_location.as_str()),
            ("Köln", "DE")
        );
        assert!(made.create_time.is_some() && !made.etag.is_empty() && made.revision > 0);
    }

    #[tokio::test]
    async fn a_taken_name_and_bad_fields_create_nothing() {
        let world = World::new().await;
        world.user("adele@contoso.com").await;
        let again = world
            .users()
            .create_user(create(person("ADELE@contoso.com")))
            .await;
        refused(again, Code::AlreadyExists, "UPN_IN_USE");
        let bad = User {
            id: "7".into(),
            user_type: 9,
            ..User::default()
        };
        let status = refused(
            world.users().create_user(create(bad)).await,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        );
        assert_eq!(
            fields_in(&status),
            [
                "user.id",
                "user.user_principal_name",
                "user.display_name",
                "user.user_type"
            ]
        );
    }

    #[tokio::test]
    async fn licences_come_with_the_user_and_their_refusal_leaves_the_user() {
        let world = World::new().await;
        world.buy("SPE_E3", 1).await;
        for (upn, result, reason, licenses) in [
            (
                "a@contoso.com",
                OutcomeResult::Applied,
                ErrorReason::Unspecified,
                1,
            ),
            (
                "b@contoso.com",
                OutcomeResult::Failed,
                ErrorReason::NoAvailableSeats,
                0,
            ),
        ] {
            let request = CreateUserRequest {
                license_change: Some(LicenseChange {
                    add: vec!["SPE_E3".into()],
                    ..LicenseChange::default()
                }),
                ..create(person(upn))
            };
            let made = world
                .users()
                .create_user(request)
                .await
                .unwrap()
                .into_inner();
            let outcome = made.license_outcome.unwrap();
            assert_eq!((outcome.result(), outcome.reason()), (result, reason));
            assert_eq!(made.user.unwrap().licenses.len(), licenses);
        }
    }

    #[tokio::test]
    async fn the_same_request_again_shows_what_the_first_one_did() {
        let world = World::new().await;
        let request = CreateUserRequest {
            request_id: "new".into(),
            ..create(person("a@contoso.com"))
        };
        let send = async || {
            let answer = world.users().create_user(request.clone()).await;
            answer.unwrap().into_inner().user.unwrap()
        };
        let first = send().await;
        world.buy("SPE_E3", 1).await;
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        world.tick();
        assert_eq!(send().await, first);
    }

    #[tokio::test]
    async fn a_user_who_is_stored_is_answered_even_when_unreadable() {
        let world = World::new().await;
        world
            .meddle("CREATE TRIGGER spoil AFTER INSERT ON users BEGIN UPDATE users SET user_type = 9; END")
            .await;
        let made = world
            .users()
            .create_user(create(person("a@contoso.com")))
            .await
            .unwrap()
            .into_inner()
            .user
            .unwrap();
        assert_eq!(made.user_principal_name, "a@contoso.com");
        assert_eq!(made.name, format!("users/{}", made.id));
        assert_eq!((made.id.len(), made.etag.as_str()), (36, ""));
    }

    #[tokio::test]
    async fn fields_are_named_by_their_path_in_the_request() {
        let world = World::new().await;
        let user = User {
            office_location: "x".repeat(200),
            phone_number: "1\0".into(),
            ..person("no address")
        };
        let status = refused(
            world.users().create_user(create(user)).await,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        );
        let mut named = fields_in(&status);
        named.sort();
        let expected = [
            "user.office_location",
            "user.phone_number",
            "user.user_principal_name",
        ];
        assert_eq!(named, expected);

        let request = CreateUserRequest {
            license_change: Some(LicenseChange {
                add: vec!["SPE_E9".into()],
                ..LicenseChange::default()
            }),
            ..create(person("a@contoso.com"))
        };
        let answer = world.users().create_user(request).await;
        let status = refused(answer, Code::NotFound, "PRODUCT_NOT_FOUND");
        let cause = &outcome_in(&status).causes[0];
        assert_eq!(cause.field, "license_change.add[0]");
    }

    #[tokio::test]
    async fn validate_only_creates_nobody() {
        let world = World::new().await;
        let request = CreateUserRequest {
            validate_only: true,
            ..create(person("a@contoso.com"))
        };
        let judged = world
            .users()
            .create_user(request)
            .await
            .unwrap()
            .into_inner()
            .user
            .unwrap();
        assert_eq!(
            (judged.id.as_str(), judged.user_principal_name.as_str()),
            ("", "a@contoso.com")
        );
        world.user("a@contoso.com").await;
    }
}
