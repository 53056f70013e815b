//! `CompareLicenses`: who held what at two moments (R53)

use std::collections::HashMap;

use usher::v1::{
    CompareLicensesRequest, CompareLicensesResponse, LicenseDifference, LicenseDifferenceKind,
    PoolDifference,
};
use usher_domain::catalogue::Catalogue;
use usher_domain::compare::{Difference, DifferenceKind, Holding, differences};
use usher_domain::ids::{PlanId, ProductId, UserId};
use usher_domain::snapshot::Assignment;
use uuid::Uuid;

use super::super::status::Refusal;
use super::super::{Api, names};
use crate::convert::fields::Fields;
use crate::convert::{pool, time};
use crate::storage::{
    Between, LastChange, Listing, MAX_PAGE, PageRequest, Position, ReadTx, StoreError, UserFilter,
};

/// People who are looked at together.
const PEOPLE_AT_ONCE: u32 = 500;

pub(super) async fn compare(
    api: &Api,
    request: CompareLicensesRequest,
) -> Result<CompareLicensesResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.name("product", &request.product);
    fields.required("start_time", request.start_time);
    let start = fields.instant("start_time", request.start_time);
    let end = fields.instant("end_time", request.end_time);
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        fields.fault(
            "end_time",
            format!(
                "{} lies before {}, from which on is compared.",
                time::text(end),
                time::text(start)
            ),
        );
    }
    fields.check()?;

    let read = api.read_page(end, &page).await?;
    let catalogue = read.catalogue().await?;
    let product = match request.product.trim() {
        "" => None,
        name => Some(names::product(&catalogue, "product", name)?),
    };
    let from = read.revision_at(start.unwrap_or_default()).await?;
    let between = read.since(from).await?;
    let (tenant, to) = read.place();
    let listing = Listing::new("license differences", &(tenant, from, product));
    let position = listing.position(&page.token)?;
    let after = position.map(|position| position.after);
    let last = after.as_deref().map(last_person).transpose()?;

    let wanted = usize::try_from(page.rows()).unwrap_or(usize::MAX);
    let compared = Compared {
        read: &read,
        between: &between,
        catalogue: &catalogue,
        product,
    };
    let (found, next) = compared.page(last, wanted).await?;
    let next = next.map(|user| {
        listing.token(&Position {
            revision: to,
            after: vec![user.to_string()],
        })
    });
    let pools = if last.is_none() {
        pools(&read, &between, &catalogue, product).await?
    } else {
        Vec::new()
    };
    Ok(CompareLicensesResponse {
        differences: compared.told(found).await?,
        pools,
        next_page_token: next.unwrap_or_default(),
    })
}

fn last_person(after: &[String]) -> Result<UserId, StoreError> {
    let [id] = after else {
        return Err(StoreError::BadPageToken);
    };
    let id = Uuid::try_parse(id).map_err(|_| StoreError::BadPageToken)?;
    Ok(UserId(id))
}

/// One person who holds something else.
type Found = (UserId, Vec<Difference>);

struct Compared<'c> {
    read: &'c ReadTx,
    between: &'c Between<'c>,
    catalogue: &'c Catalogue,
    product: Option<ProductId>,
}

impl Compared<'_> {
    /// The next people with about so many differences, and the last of them where there may be more.
    async fn page(
        &self,
        mut last: Option<UserId>,
        wanted: usize,
    ) -> Result<(Vec<Found>, Option<UserId>), Refusal> {
        let mut found: Vec<Found> = Vec::new();
        let mut count = 0;
        loop {
            let most = u64::from(PEOPLE_AT_ONCE);
            let people = self.between.people(last, self.product, most).await?;
            if people.is_empty() {
                return Ok((found, None));
            }
            for (user, differences) in self.differences(&people).await? {
                // A page ends with a whole person.
                if !found.is_empty() && count + differences.len() > wanted {
                    return Ok((found, last));
                }
                last = Some(user);
                if !differences.is_empty() {
                    count += differences.len();
                    found.push((user, differences));
                }
            }
        }
    }

    async fn differences(&self, people: &[UserId]) -> Result<Vec<Found>, Refusal> {
        let mut before = by_user(self.between.assignments_of(people).await?);
        let mut after = by_user(self.read.assignments_of(people.iter().copied()).await?);
        let of = |user: &UserId| {
            let (before, after) = (before.remove(user), after.remove(user));
            let mut found = differences(
                Holding {
                    catalogue: self.between.catalogue(),
                    paths: &before.unwrap_or_default(),
                },
                Holding {
                    catalogue: self.catalogue,
                    paths: &after.unwrap_or_default(),
                },
            );
            found.retain(|one| self.product.is_none_or(|product| one.product == product));
            (*user, found)
        };
        Ok(people.iter().map(of).collect())
    }

    /// The differences with names, and with the change that made each.
    async fn told(&self, found: Vec<Found>) -> Result<Vec<LicenseDifference>, Refusal> {
        let users: Vec<UserId> = found.iter().map(|(user, _)| *user).collect();
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let people = people(self.read, &users).await?;
        let mut changes = self.between.last_changes(&users).await?;
        let mut told = Vec::new();
        for (user, differences) in found {
            for one in differences {
                let change = changes.remove(&(user, one.product));
                let (upn, name) = people.get(&user).cloned().unwrap_or_default();
                told.push(LicenseDifference {
                    user_id: user.to_string(),
                    user_principal_name: upn,
                    display_name: name,
                    ..self.difference(&one, change)
                });
            }
        }
        Ok(told)
    }

    fn difference(&self, one: &Difference, change: Option<LastChange>) -> LicenseDifference {
        let plans = |plans: &std::collections::BTreeSet<PlanId>| {
            let mut names: Vec<String> = plans
                .iter()
                .map(|plan| self.catalogue.plan_name(*plan))
                .collect();
            names.sort_unstable();
            names
        };
        LicenseDifference {
            product_id: one.product.to_string(),
            part_number: self.catalogue.product_name(one.product),
            kind: match one.kind {
                DifferenceKind::Gained => LicenseDifferenceKind::Gained,
                DifferenceKind::Lost => LicenseDifferenceKind::Lost,
                DifferenceKind::Switched => LicenseDifferenceKind::Switched,
            }
            .into(),
            plans_on: plans(&one.on),
            plans_off: plans(&one.off),
            time: change.as_ref().map(|change| time::to_wire(change.at)),
            actor: change
                .as_ref()
                .map(|change| change.actor.clone())
                .unwrap_or_default(),
            reason: change.and_then(|change| change.reason).unwrap_or_default(),
            ..LicenseDifference::default()
        }
    }
}

fn by_user(paths: Vec<Assignment>) -> HashMap<UserId, Vec<Assignment>> {
    let mut by_user: HashMap<UserId, Vec<Assignment>> = HashMap::new();
    for path in paths {
        by_user.entry(path.user).or_default().push(path);
    }
    by_user
}

/// User principal names and display names, of deleted people too.
async fn people(
    read: &ReadTx,
    users: &[UserId],
) -> Result<HashMap<UserId, (String, String)>, Refusal> {
    let mut named = HashMap::new();
    for deleted in [false, true] {
        for some in users.chunks(usize::try_from(MAX_PAGE).unwrap_or(usize::MAX)) {
            let filter = UserFilter {
                ids: Some(some.to_vec()),
                deleted,
                ..UserFilter::default()
            };
            let page = PageRequest {
                size: MAX_PAGE,
                token: String::new(),
            };
            let found = read.list_users(&filter, &page).await?;
            named.extend(found.items.into_iter().map(|user| {
                let profile = user.profile;
                (profile.id, (profile.upn, profile.display_name))
            }));
        }
    }
    Ok(named)
}

/// The pools whose figures differ, by part number.
async fn pools(
    read: &ReadTx,
    between: &Between<'_>,
    catalogue: &Catalogue,
    product: Option<ProductId>,
) -> Result<Vec<PoolDifference>, Refusal> {
    let mut before = between.pools().await?;
    let after = read.pools().await?;
    for id in after.keys() {
        before.entry(*id).or_default();
    }
    let mut told: Vec<PoolDifference> = before
        .into_iter()
        .filter(|(id, _)| product.is_none_or(|product| product == *id))
        .map(|(id, before)| (id, before, after.get(&id).copied().unwrap_or_default()))
        .filter(|(_, before, after)| before != after)
        .map(|(id, before, after)| PoolDifference {
            before: Some(pool::figures(id, before, catalogue)),
            after: Some(pool::figures(id, after, catalogue)),
        })
        .collect();
    let number = |pool: &PoolDifference| pool.after.as_ref().map(|pool| pool.part_number.clone());
    told.sort_by_key(number);
    Ok(told)
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::super::super::testing::{World, add, refused};
    use super::*;
    use crate::env::Clock;

    async fn all(
        world: &World,
        request: &CompareLicensesRequest,
    ) -> (Vec<LicenseDifference>, Vec<PoolDifference>) {
        let (mut found, mut pools) = (Vec::new(), Vec::new());
        let mut token = String::new();
        loop {
            let request = CompareLicensesRequest {
                page_token: token,
                ..request.clone()
            };
            let answer = world.licenses().compare_licenses(request).await.unwrap();
            let answer = answer.into_inner();
            found.extend(answer.differences);
            pools.extend(answer.pools);
            token = answer.next_page_token;
            if token.is_empty() {
                return (found, pools);
            }
        }
    }

    fn moment(world: &World) -> Option<prost_types::Timestamp> {
        world.tick();
        let now = world.clock.now();
        world.tick();
        Some(time::to_wire(now))
    }

    async fn a_swap_and_a_switch() -> (
        World,
        Option<prost_types::Timestamp>,
        Option<prost_types::Timestamp>,
    ) {
        let world = World::new().await;
        world.buy("SPE_E3", 5).await;
        world.buy("SPE_E5", 5).await;
        for upn in ["a@contoso.com", "b@contoso.com", "c@contoso.com"] {
            world.user(upn).await;
            world.assign(upn, "SPE_E3").await.unwrap();
        }
        let start = moment(&world);
        let swap = usher::v1::LicenseChange {
            remove: vec!["SPE_E3".into()],
            ..add("a@contoso.com", "SPE_E5")
        };
        world.modify(swap).await.unwrap();
        let switched = usher::v1::LicenseChange {
            user: "b@contoso.com".into(),
            switches: vec![usher::v1::PlanSwitch {
                plan: "FORMS_PLAN_E3".into(),
                state: usher::v1::SwitchState::Off.into(),
                ..usher::v1::PlanSwitch::default()
            }],
            ..usher::v1::LicenseChange::default()
        };
        world.modify(switched).await.unwrap();
        let end = moment(&world);
        world.assign("c@contoso.com", "SPE_E5").await.unwrap();
        (world, start, end)
    }

    #[tokio::test]
    async fn who_gained_and_lost_what_is_told_with_the_change_that_made_it() {
        let (world, start, end) = a_swap_and_a_switch().await;
        let request = CompareLicensesRequest {
            start_time: start,
            end_time: end,
            page_size: 1,
            ..CompareLicensesRequest::default()
        };
        let (found, pools) = all(&world, &request).await;
        let mut told: Vec<_> = found
            .iter()
            .map(|one| {
                let plans = (one.plans_on.join(","), one.plans_off.join(","));
                (
                    &*one.user_principal_name,
                    &*one.part_number,
                    one.kind(),
                    plans,
                )
            })
            .collect();
        told.sort();
        use LicenseDifferenceKind::{Gained, Lost, Switched};
        let plans = |on: &str, off: &str| (on.to_owned(), off.to_owned());
        let both = "FORMS_PLAN_E3,YAMMER_ENTERPRISE";
        assert_eq!(
            told,
            [
                ("a@contoso.com", "SPE_E3", Lost, plans("", both)),
                (
                    "a@contoso.com",
                    "SPE_E5",
                    Gained,
                    plans("YAMMER_ENTERPRISE", "")
                ),
                (
                    "b@contoso.com",
                    "SPE_E3",
                    Switched,
                    plans("", "FORMS_PLAN_E3")
                ),
            ]
        );
        assert!(
            found
                .iter()
                .all(|one| one.time.is_some() && !one.actor.is_empty())
        );
        let consumed: Vec<_> = pools
            .into_iter()
            .map(|pool| (pool.before.unwrap(), pool.after.unwrap()))
            .map(|(before, after)| (after.part_number, before.consumed, after.consumed))
            .collect();
        assert_eq!(consumed, [("SPE_E3".into(), 3, 2), ("SPE_E5".into(), 0, 1)]);
        let one_product = CompareLicensesRequest {
            product: "SPE_E5".into(),
            end_time: None,
            ..request
        };
        let (found, pools) = all(&world, &one_product).await;
        assert_eq!((found.len(), pools.len()), (2, 1));
    }

    #[tokio::test]
    async fn a_changed_default_shows_for_everybody_who_follows_it() {
        let world = World::new().await;
        world.buy("SPE_E3", 5).await;
        world.user("a@contoso.com").await;
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        let start = moment(&world);
        let request = usher::v1::UpdateProductRequest {
            product: Some(usher::v1::Product {
                plans: vec![usher::v1::ProductPlan {
                    plan_name: "FORMS_PLAN_E3".into(),
                    ..usher::v1::ProductPlan::default()
                }],
                ..usher::v1::Product::default()
            }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec!["plans".into()],
            }),
            target: "SPE_E3".into(),
            ..usher::v1::UpdateProductRequest::default()
        };
        world.catalog().update_product(request).await.unwrap();
        let request = CompareLicensesRequest {
            start_time: start,
            ..CompareLicensesRequest::default()
        };
        let (found, pools) = all(&world, &request).await;
        assert_eq!((found.len(), pools.len()), (1, 0));
        assert_eq!(found[0].plans_off, ["FORMS_PLAN_E3"]);
    }

    #[tokio::test]
    async fn moments_out_of_order_or_out_of_range_are_refused() {
        let world = World::new().await;
        let early = moment(&world);
        world.user("a@contoso.com").await;
        let late = moment(&world);
        let long_ago = Some(prost_types::Timestamp {
            seconds: 1,
            nanos: 0,
        });
        for (start, end, code, reason) in [
            (None, None, Code::InvalidArgument, "INVALID_ARGUMENT"),
            (late, early, Code::InvalidArgument, "INVALID_ARGUMENT"),
            (long_ago, late, Code::OutOfRange, "READ_TIME_OUT_OF_RANGE"),
        ] {
            let request = CompareLicensesRequest {
                start_time: start,
                end_time: end,
                ..CompareLicensesRequest::default()
            };
            refused(
                world.licenses().compare_licenses(request).await,
                code,
                reason,
            );
        }
    }
}
