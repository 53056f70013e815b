//! What a name in a reading request stands for, or the cause that says why it stands for nothing (R1).

use std::collections::HashMap;

use usher::name::Collection;
use usher_domain::catalogue::{Catalogue, Resolution, no_such, no_user};
pub(super) use usher_domain::catalogue::{ambiguous, shown};
use usher_domain::ids::{PlanId, ProductId, UserId};
use usher_domain::refusal::{Cause, Code};
use usher_domain::snapshot::UserProfile;
use uuid::Uuid;

use super::status::Refusal;
use crate::filter;
use crate::storage::{MAX_PAGE, PageRequest, ReadTx, StoredUser, UserFilter};

/// The live user of this id, user principal name or display name.
pub(super) async fn user(read: &ReadTx, field: &str, name: &str) -> Result<StoredUser, Refusal> {
    let name = Collection::Users.strip(name.trim());
    let mut found = read.find_users(name).await?;
    match (found.pop(), found.is_empty()) {
        (Some(user), true) => Ok(user),
        (None, _) => Err(no_user(name).field(field).into()),
        (Some(last), false) => {
            found.push(last);
            let names = found.into_iter().map(|user| user.profile.upn).collect();
            Err(ambiguous("users", name, names).field(field).into())
        }
    }
}

/// The profiles of these users, by id; at most a page of them.
pub(super) async fn profiles(
    read: &ReadTx,
    ids: Vec<UserId>,
) -> Result<HashMap<UserId, UserProfile>, Refusal> {
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
    Ok(found
        .items
        .into_iter()
        .map(|user| (user.profile.id, user.profile))
        .collect())
}

/// The same, or the deleted user of this id.
pub(super) async fn user_or_deleted(
    read: &ReadTx,
    field: &str,
    name: &str,
) -> Result<StoredUser, Refusal> {
    let live = user(read, field, name).await;
    if live.is_err()
        && let Ok(id) = Uuid::try_parse(Collection::Users.strip(name.trim()))
        && let Some(deleted) = read.user(UserId(id)).await?
    {
        return Ok(deleted);
    }
    live
}

/// The product of this GUID, part number or name.
pub(super) fn product(catalogue: &Catalogue, field: &str, name: &str) -> Result<ProductId, Cause> {
    let name = Collection::Products.strip(name.trim());
    match catalogue.resolve_product(name) {
        Resolution::Found(id) => Ok(id),
        Resolution::NotFound { nearest } => {
            Err(no_such(Code::ProductNotFound, "product", name, nearest).field(field))
        }
        Resolution::Ambiguous { candidates } => {
            let names = candidates
                .into_iter()
                .map(|id| format!("{} ({id})", catalogue.product_name(id)))
                .collect();
            Err(ambiguous("products", name, names).field(field))
        }
    }
}

/// The service plan of this GUID or name, looked up within the given products first.
pub(super) fn plan(
    catalogue: &Catalogue,
    within: &[ProductId],
    field: &str,
    name: &str,
) -> Result<PlanId, Cause> {
    let name = Collection::ServicePlans.strip(name.trim());
    match catalogue.resolve_plan(within, name) {
        Resolution::Found(id) => Ok(id),
        Resolution::NotFound { nearest } => {
            Err(no_such(Code::PlanNotFound, "service plan", name, nearest).field(field))
        }
        Resolution::Ambiguous { candidates } => {
            let names = candidates
                .into_iter()
                .map(|id| format!("{} ({id})", catalogue.plan_name(id)))
                .collect();
            Err(ambiguous("service plans", name, names).field(field))
        }
    }
}

impl filter::Names for Catalogue {
    fn product(&self, name: &str) -> Result<ProductId, Cause> {
        product(self, "filter", name)
    }

    fn plan(&self, name: &str) -> Result<PlanId, Cause> {
        plan(self, &[], "filter", name)
    }
}
