//! `ListServiceData`

use usher::name::Collection;
use usher::v1::{ListServiceDataRequest, ListServiceDataResponse};
use usher_domain::ids::{Instant, UserId};
use usher_domain::service_data::service_data;

use super::super::status::Refusal;
use super::super::{Api, names};
use crate::convert;
use crate::convert::fields::Fields;
use crate::storage::{Page, ReadTx, StoredUser, UserFilter};

/// Stands for everybody in the place of a user.
const EVERYBODY: &str = "-";

pub(super) async fn list(
    api: &Api,
    request: ListServiceDataRequest,
) -> Result<ListServiceDataResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.required_name("parent", &request.parent);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let people = match Collection::Users.strip(request.parent.trim()) {
        EVERYBODY => read.list_users(&UserFilter::default(), &page).await?,
        name => Page {
            items: vec![names::user_or_deleted(&read, "parent", name).await?],
            next: String::new(),
        },
    };
    let now = time.unwrap_or_else(|| read.now());
    Ok(ListServiceDataResponse {
        service_data: of_people(&read, people.items, now).await?,
        next_page_token: people.next,
    })
}

async fn of_people(
    read: &ReadTx,
    people: Vec<StoredUser>,
    now: Instant,
) -> Result<Vec<usher::v1::ServiceData>, Refusal> {
    let catalogue = read.catalogue().await?;
    let ids: Vec<UserId> = people.iter().map(|user| user.profile.id).collect();
    let histories = read.service_histories(&ids).await?;
    let mut rows = Vec::new();
    for user in people {
        let Some(history) = histories.get(&user.profile.id) else {
            continue;
        };
        let data = service_data(catalogue.rules().services(), history, now);
        let row = |data| convert::service_data::to_wire(&user.profile, data);
        rows.extend(data.into_iter().map(row));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::{
        DeleteUserRequest, LicenseChange, ListServiceDataRequest, ModifyUserLicensesRequest,
        ServiceData, ServiceDataState as State, UpdateUserRequest, User,
    };
    use usher_domain::ids::Instant;

    use super::super::super::testing::{EXCHANGE_E3, World, YAMMER, add, refused};
    use crate::convert::time;
    use crate::env::Clock;

    async fn data(world: &World, parent: &str, at: Option<Instant>) -> Vec<ServiceData> {
        let request = ListServiceDataRequest {
            parent: parent.into(),
            read_time: at.map(time::to_wire),
            ..ListServiceDataRequest::default()
        };
        let answer = world.users().list_service_data(request).await;
        answer.unwrap().into_inner().service_data
    }

    /// The states of services, and the days for which they are still kept.
    async fn states(world: &World, at: Option<Instant>) -> Vec<(String, State, Option<i64>)> {
        let now = time::to_wire(at.unwrap_or(world.clock.now())).seconds;
        let rows = data(world, "users/a@contoso.com", at).await.into_iter();
        rows.map(|row| {
            assert_eq!(row.searchable, row.state() == State::InUse);
            let left = row
                .keep_until
                .as_ref()
                .map(|until| (until.seconds - now) / 86_400);
            (row.service.clone(), row.state(), left)
        })
        .collect()
    }

    async fn staffed() -> World {
        let world = World::new().await;
        let services = ["service", "plans", "kind", "days"];
        let rows = [
            ["chat", YAMMER, "other", "10"],
            ["files", YAMMER, "files", ""],
            ["mail", EXCHANGE_E3, "mail", "30"],
        ];
        world.import_rules(services, &rows).await.unwrap();
        world.user("a@contoso.com").await;
        world.user("b@contoso.com").await;
        for product in ["SPE_E3", "SPE_E5", "EXCHANGE_PLUS"] {
            world.buy(product, 5).await;
        }
        for product in ["SPE_E3", "EXCHANGE_PLUS"] {
            world.assign("a@contoso.com", product).await.unwrap();
        }
        world
    }

    fn remove(product: &str) -> LicenseChange {
        LicenseChange {
            remove: vec![product.into()],
            ..add("a@contoso.com", "SPE_E5")
        }
    }

    #[tokio::test]
    async fn data_is_kept_for_its_days_and_comes_back_in_time() {
        let world = staffed().await;
        let row = |service: &str, state, left| (service.to_owned(), state, left);
        let in_use = ["chat", "files", "mail"].map(|name| row(name, State::InUse, None));
        assert_eq!(states(&world, None).await, in_use);
        world.tick();
        let begun = world.clock.now();
        world.tick();

        // A swap keeps the service; what only the old product had begins its days.
        world.modify(remove("SPE_E3")).await.unwrap();
        assert_eq!(states(&world, None).await, in_use);
        let all = LicenseChange {
            add: Vec::new(),
            remove: vec!["SPE_E5".into(), "EXCHANGE_PLUS".into()],
            ..remove("")
        };
        let preview = ModifyUserLicensesRequest {
            change: Some(all.clone()),
            validate_only: true,
            ..ModifyUserLicensesRequest::default()
        };
        let preview = world
            .licenses()
            .modify_user_licenses(preview)
            .await
            .unwrap();
        let told = preview.into_inner().outcome.unwrap();
        let outcome = world.modify(all).await.unwrap();
        assert_eq!(
            (&told.notes, &told.data_clocks),
            (&outcome.notes, &outcome.data_clocks)
        );
        let clocks: Vec<_> = told
            .data_clocks
            .iter()
            .map(|clock| clock.service.as_str())
            .collect();
        assert_eq!(clocks, ["chat", "files", "mail"]);
        let until = Instant(world.clock.now().0).plus_days(30);
        let told_until = told.data_clocks[2]
            .keep_until
            .as_ref()
            .map(|until| until.seconds);
        assert_eq!(told_until, Some(time::to_wire(until).seconds));
        assert!(told.notes[2].contains(&until.date()), "{:?}", told.notes);

        let kept = |chat, mail| {
            [
                row("chat", State::Kept, chat),
                row("files", State::Kept, None),
                row("mail", State::Kept, mail),
            ]
        };
        assert_eq!(states(&world, None).await, kept(Some(10), Some(30)));
        world.days(9).await;
        assert_eq!(states(&world, None).await, kept(Some(1), Some(21)));
        world
            .assign("a@contoso.com", "EXCHANGE_PLUS")
            .await
            .unwrap();
        world.days(2).await;
        let back = [
            row("chat", State::Gone, None),
            row("files", State::Kept, None),
            row("mail", State::InUse, None),
        ];
        assert_eq!(states(&world, None).await, back);
        assert_eq!(states(&world, Some(begun)).await, in_use, "as it was");
    }

    #[tokio::test]
    async fn a_hold_keeps_data_and_everybody_can_be_asked_for() {
        let world = staffed().await;
        let hold = UpdateUserRequest {
            user: Some(User {
                retention_hold: "case 7".into(),
                ..User::default()
            }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec!["retention_hold".into()],
            }),
            target: "a@contoso.com".into(),
            ..UpdateUserRequest::default()
        };
        world.users().update_user(hold).await.unwrap();
        let change = LicenseChange {
            add: Vec::new(),
            ..remove("EXCHANGE_PLUS")
        };
        let outcome = world.modify(change).await.unwrap();
        assert!(outcome.data_clocks[0].held, "{outcome:?}");
        world.days(31).await;
        let rows = data(&world, "users/-", None).await;
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.service.as_str(), row.state()))
            .collect();
        let expected = [
            ("chat", State::InUse),
            ("files", State::InUse),
            ("mail", State::Held),
        ];
        assert_eq!(found, expected);
        let nobody = ListServiceDataRequest {
            parent: "users/nobody@contoso.com".into(),
            ..ListServiceDataRequest::default()
        };
        let answer = world.users().list_service_data(nobody).await;
        refused(answer, Code::NotFound, "USER_NOT_FOUND");
    }

    #[tokio::test]
    async fn a_deleted_users_clocks_start_at_the_deletion() {
        let world = staffed().await;
        let id = data(&world, "users/a@contoso.com", None).await[0]
            .user_id
            .clone();
        world.days(3).await;
        let request = DeleteUserRequest {
            user: "a@contoso.com".into(),
            ..DeleteUserRequest::default()
        };
        let answer = world.users().delete_user(request).await.unwrap();
        let outcome = answer.into_inner().outcome.unwrap();
        let days = |until: &Option<prost_types::Timestamp>| {
            let now = time::to_wire(world.clock.now()).seconds;
            until.as_ref().map(|until| (until.seconds - now) / 86_400)
        };
        let told: Vec<_> = outcome
            .data_clocks
            .iter()
            .map(|clock| days(&clock.keep_until))
            .collect();
        assert_eq!(told, [Some(10), Some(30), Some(30)]);
        let rows = data(&world, &format!("users/{id}"), None).await;
        assert!(
            rows.iter().all(|row| row.state() == State::Kept),
            "{rows:?}"
        );
        let shown: Vec<_> = rows.iter().map(|row| days(&row.keep_until)).collect();
        assert_eq!(shown, told);
    }
}
