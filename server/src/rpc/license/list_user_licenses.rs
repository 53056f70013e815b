//! `ListUserLicenses`: of one user, or of everybody

use std::collections::{BTreeMap, HashMap};

use usher::name::Collection;
use usher::v1::{ListUserLicensesRequest, ListUserLicensesResponse};
use usher_domain::ids::{ProductId, UserId};
use usher_domain::snapshot::{Assignment, Pool, UserProfile};

use super::super::status::Refusal;
use super::super::{Api, names, paging};
use crate::convert::fields::Fields;
use crate::convert::license::{self, Suspended};
use crate::storage::{AssignmentFilter, PageRequest, ReadTx};

/// Stands for everybody in the place of a user.
const EVERYBODY: &str = "-";

struct Wanted {
    product: Option<ProductId>,
    with_plans: bool,
    page: PageRequest,
    suspended: Suspended,
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
    let wanted = Wanted {
        product,
        with_plans: !request.omit_plans,
        page,
        suspended: suspended(&read).await?,
    };
    match Collection::Users.strip(request.parent.trim()) {
        EVERYBODY => of_everybody(&read, &wanted).await,
        name => {
            let user = names::user(&read, "parent", name).await?;
            of_user(&read, &wanted, &user.profile).await
        }
    }
}

/// Which licences are without benefit, as their subscriptions stand (R41).
async fn suspended(read: &ReadTx) -> Result<Suspended, Refusal> {
    let mut pools: HashMap<ProductId, Pool> = HashMap::new();
    let mut found = Suspended::default();
    for one in read.subscriptions().await? {
        *pools.entry(one.product).or_default() += one.seats();
        if let Some(purchaser) = one.purchaser.filter(|_| !one.works()) {
            found.purchasers.insert((purchaser, one.product));
        }
    }
    let stopped = pools.into_iter().filter(|(_, pool)| pool.is_suspended());
    found.products = stopped.map(|(product, _)| product).collect();
    Ok(found)
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
    for path in paths
        .iter()
        .filter(|path| wanted.product.is_none_or(|id| path.product == id))
    {
        by_product.entry(path.product).or_default().push(path);
    }
    let shown = (&wanted.suspended, wanted.with_plans);
    let asked = ("licences of a user", &(user.id, wanted.product));
    let found = paging::page_of(asked, read.place(), &wanted.page, by_product, |(id, _)| {
        vec![catalogue.product_name(*id), id.to_string()]
    })?;
    Ok(ListUserLicensesResponse {
        user_licenses: found
            .items
            .into_iter()
            .map(|(product, paths)| license::user_license(user, product, &paths, &catalogue, shown))
            .collect(),
        next_page_token: found.next,
    })
}

/// By product and user. A page is cut by paths; a licence of several paths is shown with all of
/// them where its first one stands.
async fn of_everybody(read: &ReadTx, wanted: &Wanted) -> Result<ListUserLicensesResponse, Refusal> {
    let catalogue = read.catalogue().await?;
    let filter = AssignmentFilter {
        product: wanted.product,
        ..AssignmentFilter::default()
    };
    let found = read.list_assignments(&filter, &wanted.page).await?;
    let mut ids: Vec<UserId> = found.items.iter().map(|path| path.user).collect();
    ids.sort_unstable();
    ids.dedup();

    let all = read.assignments_of(ids.clone()).await?;
    let mut paths: HashMap<(UserId, ProductId), Vec<&Assignment>> = HashMap::new();
    for path in &all {
        paths
            .entry((path.user, path.product))
            .or_default()
            .push(path);
    }
    let profiles = names::profiles(read, ids).await?;
    let shown = (&wanted.suspended, wanted.with_plans);
    let user_licenses = found
        .items
        .iter()
        .filter_map(|row| {
            let user = profiles.get(&row.user)?;
            let own = paths.get(&(row.user, row.product))?;
            let is_first = own.iter().map(|path| path.id).min() == Some(row.id);
            is_first.then(|| license::user_license(user, row.product, own, &catalogue, shown))
        })
        .collect();
    Ok(ListUserLicensesResponse {
        user_licenses,
        next_page_token: found.next,
    })
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::{LicenseChange, LicenseState, PlanStatus, PlanSwitch, SwitchState};

    use super::super::super::testing::{World, add, refused};
    use super::*;

    fn of(parent: &str) -> ListUserLicensesRequest {
        ListUserLicensesRequest {
            parent: parent.into(),
            ..ListUserLicensesRequest::default()
        }
    }

    async fn world() -> World {
        let world = World::new().await;
        world.buy("SPE_E3", 5).await;
        world.buy("EXCHANGE_PLUS", 5).await;
        for upn in ["a@contoso.com", "b@contoso.com", "c@contoso.com"] {
            world.user(upn).await;
            world.assign(upn, "EXCHANGE_PLUS").await.unwrap();
            let off = PlanSwitch {
                product: String::new(),
                plan: "YAMMER_ENTERPRISE".into(),
                state: SwitchState::Off.into(),
            };
            let change = LicenseChange {
                switches: vec![off],
                ..add(upn, "SPE_E3")
            };
            world.modify(change).await.unwrap();
        }
        world
    }

    #[tokio::test]
    async fn a_users_licences_show_their_plans_and_paths() {
        let world = world().await;
        let answer = world
            .licenses()
            .list_user_licenses(of("users/a@contoso.com"))
            .await
            .unwrap();
        let licenses = answer.into_inner().user_licenses;
        let names: Vec<_> = licenses
            .iter()
            .map(|license| license.part_number.as_str())
            .collect();
        assert_eq!(names, ["EXCHANGE_PLUS", "SPE_E3"]);
        let e3 = &licenses[1];
        assert_eq!((e3.state(), e3.paths.len()), (LicenseState::Active, 1));
        assert_eq!(e3.user_principal_name, "a@contoso.com");
        assert_eq!(
            e3.name,
            format!("users/{}/licenses/{}", e3.user_id, e3.product_id)
        );
        let plans: Vec<_> = e3
            .plans
            .iter()
            .map(|plan| (plan.plan_name.as_str(), plan.status()))
            .collect();
        assert_eq!(
            plans,
            [
                ("FORMS_PLAN_E3", PlanStatus::On),
                ("YAMMER_ENTERPRISE", PlanStatus::Off)
            ]
        );
        assert_eq!(
            (e3.paths[0].switches.len(), e3.paths[0].actor.as_str()),
            (1, "local")
        );
    }

    #[tokio::test]
    async fn everybodys_licences_come_page_by_page() {
        let world = world().await;
        let mut request = ListUserLicensesRequest {
            page_size: 4,
            omit_plans: true,
            ..of("users/-")
        };
        let mut seen = Vec::new();
        loop {
            let page = world
                .licenses()
                .list_user_licenses(request.clone())
                .await
                .unwrap()
                .into_inner();
            for license in page.user_licenses {
                assert!(license.plans.is_empty());
                seen.push((license.part_number, license.user_principal_name));
            }
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        assert_eq!(seen.len(), 6);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 6);
        let one = ListUserLicensesRequest {
            product: "SPE_E3".into(),
            ..of("-")
        };
        let page = world
            .licenses()
            .list_user_licenses(one)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(page.user_licenses.len(), 3);
    }

    #[tokio::test]
    async fn who_and_what_have_to_be_known() {
        let world = World::new().await;
        refused(
            world.licenses().list_user_licenses(of("nobody")).await,
            Code::NotFound,
            "USER_NOT_FOUND",
        );
        let unknown = ListUserLicensesRequest {
            product: "NOPE".into(),
            ..of("-")
        };
        let answer = world.licenses().list_user_licenses(unknown).await;
        refused(answer, Code::NotFound, "PRODUCT_NOT_FOUND");
        let answer = world.licenses().list_user_licenses(of("")).await;
        refused(answer, Code::InvalidArgument, "INVALID_ARGUMENT");
    }
}
