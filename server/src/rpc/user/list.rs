//! `ListUsers`

use usher::v1::{ListUsersRequest, ListUsersResponse};
use usher_domain::ids::ProductId;
use usher_domain::words::{MAX_SEARCH, MAX_SEARCH_WORDS, Search};

use super::super::Api;
use super::super::status::Refusal;
use super::with_licenses;
use crate::convert::fields::Fields;
use crate::filter;
use crate::storage::{ReadTx, UserFilter};

pub(super) async fn list(
    api: &Api,
    request: ListUsersRequest,
) -> Result<ListUsersResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    let time = fields.instant("read_time", request.read_time);
    let search = searched(&mut fields, &request.search);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let mut wanted = UserFilter {
        search,
        deleted: request.show_deleted,
        ..UserFilter::default()
    };
    if !request.filter.trim().is_empty() {
        let catalogue = read.catalogue().await?;
        let mut condition = filter::parse(&request.filter, &*catalogue)?;
        if condition.asks_for_suspended() {
            condition.set_suspended(&suspended(&read).await?);
        }
        wanted.condition = Some(condition);
    }
    let found = read.list_users(&wanted, &page).await?;
    Ok(ListUsersResponse {
        users: with_licenses(&read, found.items).await?,
        next_page_token: found.next,
    })
}

/// The products no seat of which works, though some could come back (R41).
async fn suspended(read: &ReadTx) -> Result<Vec<ProductId>, Refusal> {
    let pools = read.pools().await?.into_iter();
    let suspended = pools.filter(|(_, pool)| pool.is_suspended());
    Ok(suspended.map(|(product, _)| product).collect())
}

fn searched(fields: &mut Fields, text: &str) -> Option<Search> {
    if text.trim().is_empty() {
        return None;
    }
    fields.name("search", text);
    let length = text.chars().count();
    if length > MAX_SEARCH {
        let message = format!("The search has {length} characters; {MAX_SEARCH} are the limit.");
        fields.over_limit("search", message);
        return None;
    }
    let Some(search) = Search::typed(text) else {
        let message = format!("The search `{text}` has no letter and no digit.");
        fields.fault("search", message);
        return None;
    };
    let words = search.words.len();
    if words > MAX_SEARCH_WORDS {
        let message = format!("The search has {words} words; {MAX_SEARCH_WORDS} are the limit.");
        fields.over_limit("search", message);
    }
    Some(search)
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::{
        CreateUserRequest, LicenseChange, ListUsersRequest, PlanSwitch, SwitchState, User, UserType,
    };

    use super::super::super::testing::{World, add, person, refused};

    async fn upns(world: &World, filter: &str) -> Vec<String> {
        let request = ListUsersRequest {
            filter: filter.into(),
            ..ListUsersRequest::default()
        };
        let answer = world.users().list_users(request).await;
        let answer = answer.unwrap_or_else(|status| panic!("{filter}: {status}"));
        let users = answer.into_inner().users.into_iter();
        users
            .map(|user| {
                user.user_principal_name
                    .split('@')
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    }

    async fn staff() -> World {
        let world = World::new().await;
        let people = [
            User {
                department: "Sales".into(),
                city: "Köln".into(),
                ..person("adele@c.com")
            },
            User {
                department: "SALES".into(),
                usage_location: String::new(),
                ..person("bert@c.com")
            },
            User {
                department: String::new(),
                city: "Berlin".into(),
                ..person("cora@c.com")
            },
            User {
                department: "R&D 50%_x".into(),
                user_type: UserType::Guest.into(),
                account_enabled: Some(false),
                surname: "O'Neill".into(),
                ..person("dora@c.com")
            },
        ];
        for user in people {
            let request = CreateUserRequest {
                user: Some(user),
                ..CreateUserRequest::default()
            };
            world.users().create_user(request).await.unwrap();
            world.tick();
        }
        world.buy("SPE_E3", 5).await;
        world.buy("EXCHANGE_PLUS", 5).await;
        world.assign("adele@c.com", "SPE_E3").await.unwrap();
        let off = PlanSwitch {
            product: String::new(),
            plan: "YAMMER_ENTERPRISE".into(),
            state: SwitchState::Off.into(),
        };
        world
            .modify(LicenseChange {
                switches: vec![off],
                ..add("cora@c.com", "SPE_E3")
            })
            .await
            .unwrap();
        world.assign("cora@c.com", "EXCHANGE_PLUS").await.unwrap();
        world
    }

    #[tokio::test]
    async fn a_filter_selects_as_it_says() {
        let world = staff().await;
        for (filter, expected) in [
            ("", "adele bert cora dora"),
            ("department eq 'sales'", "adele bert"),
            ("department ne 'Sales'", "cora dora"),
            ("not (department eq 'Sales')", "cora dora"),
            ("department eq null", "cora"),
            ("department ne null", "adele bert dora"),
            ("usageLocation eq null", "bert"),
            ("usageLocation eq 'de'", "adele cora dora"),
            ("accountEnabled eq false", "dora"),
            ("userType eq 'Member' and city ne null", "adele cora"),
            ("city eq 'Köln'", "adele"),
            ("city in ('berlin', 'Köln')", "adele cora"),
            ("surname eq 'o''neill'", "dora"),
            ("startswith(displayName,'AD')", "adele"),
            ("startswith(department,'r&d')", "dora"),
            ("contains(department,'%')", "dora"),
            ("contains(department,'50%_')", "dora"),
            (
                "endswith(userPrincipalName,'@C.COM')",
                "adele bert cora dora",
            ),
            ("endswith(city,'lin')", "cora"),
            ("contains(city,'')", "adele cora"),
            ("displayName gt 'bert'", "cora dora"),
            (
                "displayName le 'BERT' or city eq 'Berlin'",
                "adele bert cora",
            ),
            ("assignedLicenses/any(x:x/skuId eq 'SPE_E3')", "adele cora"),
            ("assignedLicenses/$count eq 0", "bert dora"),
            ("assignedLicenses/$count gt 1", "cora"),
            (
                "assignedPlans/any(p:p/servicePlanId eq 'YAMMER_ENTERPRISE')",
                "adele",
            ),
            (
                "assignedPlans/any(p:p/servicePlanId eq 'FORMS_PLAN_E3')",
                "adele cora",
            ),
            ("createdDateTime ge 2026-11-19", ""),
            (
                "createdDateTime lt 2026-11-19T00:00:00Z",
                "adele bert cora dora",
            ),
        ] {
            assert_eq!(upns(&world, filter).await.join(" "), expected, "{filter}");
        }
    }

    #[tokio::test]
    async fn pages_show_one_moment_and_end() {
        let world = staff().await;
        let mut request = ListUsersRequest {
            page_size: 3,
            ..ListUsersRequest::default()
        };
        let first = world
            .users()
            .list_users(request.clone())
            .await
            .unwrap()
            .into_inner();
        assert_eq!(first.users.len(), 3);
        world.user("zoe@c.com").await;
        request.page_token = first.next_page_token;
        let second = world
            .users()
            .list_users(request.clone())
            .await
            .unwrap()
            .into_inner();
        let last: Vec<_> = second
            .users
            .iter()
            .map(|user| user.user_principal_name.as_str())
            .collect();
        assert_eq!(
            (last, second.next_page_token.as_str()),
            (vec!["dora@c.com"], "")
        );
        request.filter = "department eq 'Sales'".into();
        let answer = world.users().list_users(request).await;
        refused(answer, Code::InvalidArgument, "INVALID_ARGUMENT");
    }

    async fn searched(world: &World, search: &str, page: (i32, &str)) -> (Vec<String>, String) {
        let request = ListUsersRequest {
            search: search.into(),
            page_size: page.0,
            page_token: page.1.into(),
            ..ListUsersRequest::default()
        };
        let answer = world
            .users()
            .list_users(request)
            .await
            .unwrap()
            .into_inner();
        let names = answer.users.into_iter().map(|user| user.display_name);
        (names.collect(), answer.next_page_token)
    }

    #[tokio::test]
    async fn a_search_finds_by_the_beginning_of_any_word() {
        let world = World::new().await;
        for (upn, name) in [
            ("adele.vance@c.com", "Adele Vance"),
            ("zadel@c.com", "Zoë Adelmann-Öz"),
            ("ad@c.com", "Ad O'Neill"),
            ("vera@c.com", "Vera Vance Vanderbilt"),
        ] {
            let user = User {
                display_name: name.into(),
                ..person(upn)
            };
            let request = CreateUserRequest {
                user: Some(user),
                ..CreateUserRequest::default()
            };
            world.users().create_user(request).await.unwrap();
        }
        for (search, expected) in [
            ("ad", "Ad O'Neill|Adele Vance|Zoë Adelmann-Öz"),
            ("ADEL", "Adele Vance|Zoë Adelmann-Öz"),
            ("oz", "Zoë Adelmann-Öz"),
            ("adelmannö", "Zoë Adelmann-Öz"),
            ("zoe adelmann-o", "Zoë Adelmann-Öz"),
            ("o’ne", "Ad O'Neill"),
            ("neill", "Ad O'Neill"),
            ("van", "Adele Vance|Vera Vance Vanderbilt"),
            ("van ver", "Vera Vance Vanderbilt"),
            ("adele.v", "Adele Vance"),
            ("adele.vance@C", "Adele Vance"),
            ("adele.vance@d", ""),
            ("dele", ""),
            ("ad van neill", ""),
        ] {
            let (found, token) = searched(&world, search, (0, "")).await;
            assert_eq!(
                (found.join("|").as_str(), token.as_str()),
                (expected, ""),
                "{search}"
            );
        }
        let (first, token) = searched(&world, "v", (1, "")).await;
        let (second, token) = searched(&world, "v", (1, &token)).await;
        assert_eq!(
            [first.concat(), second.concat(), token],
            ["Adele Vance", "Vera Vance Vanderbilt", ""]
        );
    }

    #[tokio::test]
    async fn a_search_that_cannot_be_run_is_refused() {
        let world = World::new().await;
        let many: Vec<String> = (10..27).map(|n| n.to_string()).collect();
        for (search, reason) in [
            ("…", "INVALID_ARGUMENT"),
            ("a\0@c", "INVALID_ARGUMENT"),
            (&"x".repeat(257), "LIMIT_EXCEEDED"),
            (&many.join(" "), "LIMIT_EXCEEDED"),
        ] {
            let request = ListUsersRequest {
                search: search.into(),
                ..ListUsersRequest::default()
            };
            let answer = world.users().list_users(request).await;
            let status = refused(answer, Code::InvalidArgument, reason);
            assert!(status.message().contains("search"), "{}", status.message());
        }
    }

    #[tokio::test]
    async fn a_filter_that_cannot_be_used_is_refused() {
        let world = staff().await;
        let ask = async |filter: String| {
            let request = ListUsersRequest {
                filter,
                ..ListUsersRequest::default()
            };
            world.users().list_users(request).await
        };
        let status = refused(
            ask("department is 'x'".into()).await,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        );
        assert!(
            status.message().contains("position 12"),
            "{}",
            status.message()
        );
        let unknown = "assignedLicenses/any(x:x/skuId eq 'NOPE')".to_owned();
        refused(ask(unknown).await, Code::NotFound, "PRODUCT_NOT_FOUND");
        refused(
            ask("city eq 'K\0ln'".into()).await,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        );
        refused(
            ask("x".repeat(5_000)).await,
            Code::InvalidArgument,
            "LIMIT_EXCEEDED",
        );
    }
}
