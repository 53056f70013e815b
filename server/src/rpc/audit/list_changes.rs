//! `ListChanges`: the record, with the names that things have now (R53)

use std::collections::HashMap;

use usher::v1::{ListChangesRequest, ListChangesResponse};
use usher_domain::catalogue::Catalogue;
use usher_domain::ids::{PlanId, ProductId, UserId};
use uuid::Uuid;

use super::super::status::Refusal;
use super::super::{Api, names};
use crate::convert::fields::Fields;
use crate::convert::record;
use crate::storage::{MAX_PAGE, PageRequest, ReadTx, Record, RecordFilter, UserFilter};

pub(super) async fn list(
    api: &Api,
    request: ListChangesRequest,
) -> Result<ListChangesResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    for (field, text) in [
        ("user", &request.user),
        ("action", &request.action),
        ("actor", &request.actor),
        ("request_id", &request.request_id),
        ("reason", &request.reason),
    ] {
        fields.name(field, text);
    }
    let since = fields.instant("start_time", request.start_time);
    let until = fields.instant("end_time", request.end_time);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let said = |text: String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let subject_id = match said(request.user) {
        Some(name) => Some(
            names::user(&read, "user", &name)
                .await?
                .profile
                .id
                .to_string(),
        ),
        None => None,
    };
    let filter = RecordFilter {
        subject_id,
        actor: said(request.actor),
        action: said(request.action),
        request_id: said(request.request_id),
        reason: said(request.reason),
        since,
        until,
        newest_first: !request.oldest_first,
        ..RecordFilter::default()
    };
    let found = read.list_records(&filter, &page).await?;
    let users = user_names(&read, &found.items).await?;
    let catalogue = read.catalogue().await?;
    Ok(ListChangesResponse {
        changes: found
            .items
            .into_iter()
            .map(|one| {
                let subject = subject(&one, &users, &catalogue);
                record::to_wire(one, subject, &catalogue)
            })
            .collect(),
        next_page_token: found.next,
    })
}

async fn user_names(read: &ReadTx, records: &[Record]) -> Result<HashMap<Uuid, String>, Refusal> {
    let mut ids: Vec<UserId> = records
        .iter()
        .filter(|one| one.subject_kind == "user")
        .filter_map(|one| Uuid::try_parse(&one.subject_id).ok().map(UserId))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let filter = UserFilter {
        ids: Some(ids),
        ..UserFilter::default()
    };
    let page = PageRequest {
        size: MAX_PAGE,
        token: String::new(),
    };
    let found = read.list_users(&filter, &page).await?;
    let named = found.items.into_iter();
    Ok(named
        .map(|user| (user.profile.id.as_uuid(), user.profile.upn))
        .collect())
}

fn subject(record: &Record, users: &HashMap<Uuid, String>, catalogue: &Catalogue) -> String {
    let Ok(id) = Uuid::try_parse(&record.subject_id) else {
        // Several things together have no name.
        let named = record.subject_kind == "rule" && record.subject_id != "*";
        return if named {
            record.subject_id.clone()
        } else {
            String::new()
        };
    };
    let name = match record.subject_kind.as_str() {
        "user" => users.get(&id).cloned(),
        "product" => catalogue
            .product(ProductId(id))
            .map(|product| product.part_number.clone()),
        "plan" => catalogue.plan(PlanId(id)).map(|plan| plan.name.clone()),
        _ => None,
    };
    name.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use usher::v1::{Change, ModifyUserLicensesRequest};

    use super::super::super::testing::{World, add};
    use super::*;

    async fn changes(world: &World, request: ListChangesRequest) -> Vec<Change> {
        world
            .audit()
            .list_changes(request)
            .await
            .unwrap()
            .into_inner()
            .changes
    }

    #[tokio::test]
    async fn a_change_says_who_what_and_why_and_refusals_leave_no_trace() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        let mut request = tonic::Request::new(ModifyUserLicensesRequest {
            change: Some(add("a@contoso.com", "SPE_E3")),
            reason: "ticket 7".into(),
            ..ModifyUserLicensesRequest::default()
        });
        request
            .metadata_mut()
            .insert(usher::IDENTITY_METADATA, "megan".parse().unwrap());
        world
            .licenses()
            .modify_user_licenses(request)
            .await
            .unwrap();
        world.assign("a@contoso.com", "SPE_E5").await.unwrap_err();

        let all = changes(&world, ListChangesRequest::default()).await;
        let newest = &all[0];
        assert_eq!(
            (newest.actor.as_str(), newest.action.as_str()),
            ("megan", "licenses.modify")
        );
        assert_eq!(
            (newest.reason.as_str(), newest.subject.as_str()),
            ("ticket 7", "a@contoso.com")
        );
        assert_eq!(newest.chain_hash.len(), 64);
        assert!(newest.after.contains("product"), "{}", newest.after);
        let revisions: Vec<i64> = all.iter().map(|change| change.revision).collect();
        let expected: Vec<i64> = (1..=newest.revision).rev().collect();
        assert_eq!(revisions, expected);
    }

    #[tokio::test]
    async fn a_page_ends_where_its_records_grow_large_and_the_next_one_goes_on() {
        let world = World::new().await;
        world
            .meddle("UPDATE records SET after = hex(zeroblob(600000)) WHERE revision < 5")
            .await;
        let mut pages = Vec::new();
        let mut token = String::new();
        loop {
            let request = ListChangesRequest {
                oldest_first: true,
                page_token: token,
                ..ListChangesRequest::default()
            };
            let answer = world.audit().list_changes(request).await.unwrap();
            let answer = answer.into_inner();
            let revisions = answer.changes.iter().map(|change| change.revision);
            pages.push(revisions.collect::<Vec<i64>>());
            token = answer.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(pages, [vec![1, 2], vec![3, 4, 5, 6]]);
    }

    #[tokio::test]
    async fn changes_are_selected_and_ordered_as_asked() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.user("b@contoso.com").await;
        let of_a = ListChangesRequest {
            user: "a@contoso.com".into(),
            ..ListChangesRequest::default()
        };
        let found = changes(&world, of_a).await;
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].action.as_str(), found[0].before.as_str()),
            ("user.create", "")
        );
        let oldest = ListChangesRequest {
            action: "plan.import".into(),
            oldest_first: true,
            page_size: 2,
            ..ListChangesRequest::default()
        };
        let found = changes(&world, oldest).await;
        assert_eq!(
            found
                .iter()
                .map(|change| change.revision)
                .collect::<Vec<_>>(),
            [1, 2]
        );
        let nobody = ListChangesRequest {
            actor: "nobody".into(),
            ..ListChangesRequest::default()
        };
        assert!(changes(&world, nobody).await.is_empty());
    }
}
