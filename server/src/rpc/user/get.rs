//! `GetUser`

use usher::v1::{GetUserRequest, GetUserResponse};

use super::super::status::Refusal;
use super::super::{Api, names};
use super::one_with_licenses;
use crate::convert::fields::Fields;

pub(super) async fn get(api: &Api, request: GetUserRequest) -> Result<GetUserResponse, Refusal> {
    let mut fields = Fields::default();
    fields.required_name("user", &request.user);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read(time).await?;
    let user = names::user_or_deleted(&read, "user", &request.user).await?;
    Ok(GetUserResponse {
        user: Some(one_with_licenses(&read, user).await?),
    })
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::{GetUserRequest, User};
    use usher_domain::ids::Instant;

    use super::super::super::testing::{World, refused};
    use crate::convert::time;
    use crate::env::Clock;

    async fn get(world: &World, user: &str) -> Result<User, tonic::Status> {
        let request = GetUserRequest {
            user: user.into(),
            read_time: None,
        };
        Ok(world
            .users()
            .get_user(request)
            .await?
            .into_inner()
            .user
            .unwrap())
    }

    #[tokio::test]
    async fn a_user_is_found_by_id_name_and_upn() {
        let world = World::new().await;
        let adele = world.user("Adele@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        world.assign("adele@contoso.com", "SPE_E3").await.unwrap();
        for name in [
            adele.id.as_str(),
            &adele.name,
            "adele@CONTOSO.com",
            " adele ",
        ] {
            let found = get(&world, name).await.unwrap();
            assert_eq!(
                (found.id.as_str(), found.licenses),
                (adele.id.as_str(), vec!["SPE_E3".to_owned()])
            );
            assert_ne!(found.etag, adele.etag, "a licence changes the etag");
        }
    }

    #[tokio::test]
    async fn unknown_and_ambiguous_names_are_refused() {
        let world = World::new().await;
        world.user("kim@contoso.com").await;
        world.user("kim@fabrikam.com").await;
        refused(
            get(&world, "nobody").await,
            Code::NotFound,
            "USER_NOT_FOUND",
        );
        refused(
            get(&world, "").await,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        );
        let status = refused(
            get(&world, "KIM").await,
            Code::FailedPrecondition,
            "AMBIGUOUS_NAME",
        );
        for upn in ["kim@contoso.com", "kim@fabrikam.com"] {
            assert!(status.message().contains(upn), "{}", status.message());
        }
    }

    #[tokio::test]
    async fn a_read_time_shows_what_was() {
        let world = World::new().await;
        world.tick();
        let before = world.clock.now();
        world.tick();
        world.user("a@contoso.com").await;
        let at = |instant: Instant| GetUserRequest {
            user: "a@contoso.com".into(),
            read_time: Some(time::to_wire(instant)),
        };
        assert!(world.users().get_user(at(world.clock.now())).await.is_ok());
        refused(
            world.users().get_user(at(before)).await,
            Code::NotFound,
            "USER_NOT_FOUND",
        );
        let ahead = Instant(world.clock.now().0 + 60_000_000);
        let answer = world.users().get_user(at(ahead)).await;
        refused(answer, Code::OutOfRange, "READ_TIME_OUT_OF_RANGE");
    }
}
