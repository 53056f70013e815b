//! `ListUserLicenses`: of one user, or of everybody

use std::collections::{BTreeMap, HashMap};

use usher::name::Collection;
use usher::v1::{ListUserLicensesRequest, ListUserLicensesResponse};
use usher_domain::ids::{ProductId, UserId};
use usher_domain::snapshot::{Assignment, UserProfile};

use super::super::status::Refusal;
use super::super::{Api, names, paging};
use crate::convert::fields::Fields;
use crate::convert::license;
use crate::storage::{AssignmentFilter, MAX_PAGE, PageRequest, ReadTx, UserFilter};

/// Stands for everybody in the place of a user.
const EVERYBODY: &str = "-";

struct Wanted {
    product: Option<ProductId>,
    with_plans: bool,
    page: PageRequest,
}

pub(super) async fn list(
    api: &Api,
    request: ListUserLicensesRequest,
) -> Result<ListUserLicensesResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.required_name("parent", &request.parent);
    fields.name("product", &request.product);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let product = match request.product.trim() {
        "" => None,
        name => Some(names::product(&*read.catalogue().await?, "product", name)?),
    };
    let wanted = Wanted { product, with_plans: !request.omit_plans, page };
    match Collection::Users.strip(request.parent.trim()) {
        EVERYBODY => of_everybody(&read, &wanted).await,
        name => {
            let user = names::user(&read, "parent", name).await?;
            of_user(&read, &wanted, &user.profile).await
        }
    }
}

/// By part number.
async fn of_user(
    read: &ReadTx,
    wanted: &Wanted,
    user: &UserProfile,
) -> Result<ListUserLicensesResponse, Refusal> {
    let catalogue = read.catalogue().await?;
    let paths = read.assignments_of([user.id]).await?;
    let mut by_product: BTreeMap<ProductId, Vec<&Assignment>> = BTreeMap::new();
    for path in paths.iter().filter(|path| wanted.product.is_none_or(|id| path.product == id)) {
        by_product.entry(path.product).or_default().push(path);
    }
    let asked = ("licences of a user", &(user.id, wanted.product));
    let found = paging::page_of(asked, read.revision(), &wanted.page, by_product, |(id, _)| {
        vec![catalogue.product_name(*id), id.to_string()]
    })?;
    Ok(ListUserLicensesResponse {
        user_licenses: found
            .items
            .into_iter()
            .map(|(product, paths)| {
                license::user_license(user, product, &paths, &catalogue, wanted.with_plans)
            })
            .collect(),
        next_page_token: found.next,
    })
}

/// By product and user. A page is cut by paths; a licence of several paths is shown with all of
/// them where its first one stands.
async fn of_everybody(read: &ReadTx, wanted: &Wanted) -> Result<ListUserLicensesResponse, Refusal> {
    let catalogue = read.catalogue().await?;
    let filter = AssignmentFilter { product: wanted.product, ..AssignmentFilter::default() };
    let found = read.list_assignments(&filter, &wanted.page).await?;
    let mut ids: Vec<UserId> = found.items.iter().map(|path| path.user).collect();
    ids.sort_unstable();
    ids.dedup();

    let all = read.assignments_of(ids.clone()).await?;
    let mut paths: HashMap<(UserId, ProductId), Vec<&Assignment>> = HashMap::new();
    for path in &all {
        paths.entry((path.user, path.product)).or_default().push(path);
    }
    let profiles = profiles(read, ids).await?;
    let user_licenses = found
        .items
        .iter()
        .filter_map(|row| {
            let user = profiles.get(&row.user)?;
            let own = paths.get(&(row.user, row.product))?;
            let is_first = own.iter().map(|path| path.id).min() == Some(row.id);
            is_first.then(|| {
                license::user_license(user, row.product, own, &catalogue, wanted.with_plans)
            })
        })
        .collect();
    Ok(ListUserLicensesResponse { user_licenses, next_page_token: found.next })
}

async fn profiles(
    read: &ReadTx,
    ids: Vec<UserId>,
) -> Result<HashMap<UserId, UserProfile>, Refusal> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let filter = UserFilter { ids: Some(ids), ..UserFilter::default() };
    let page = PageRequest { size: MAX_PAGE, token: String::new() };
    let found = read.list_users(&filter, &page).await?;
    Ok(found.items.into_iter().map(|user| (user.profile.id, user.profile)).collect())
}
