//! What the reads show after a step, and what must hold of it whatever was done.

use std::collections::{BTreeMap, BTreeSet};

use usher::v1::{
    ErrorReason, LicensePath, LicensePool, LicenseState, ListLicensePoolsRequest,
    ListUserLicensesRequest, PlanStatus, SwitchState, UserLicense,
};
use usher_tests::{client::Client, invented::PRODUCTS};

use super::{
    model::{Part, Plan, Switches},
    standing::{PlanOf, clashes, lacking, not_offered, plans_of},
};

/// Pools, and what each person has by their id.
pub(super) struct Look {
    pub(super) pools: BTreeMap<Part, LicensePool>,
    pub(super) people: BTreeMap<String, Vec<UserLicense>>,
}

impl Look {
    pub(super) async fn at(client: &Client) -> Self {
        let request = ListUserLicensesRequest {
            parent: "users/-".to_owned(),
            page_size: usher::MAX_PAGE_SIZE,
            ..ListUserLicensesRequest::default()
        };
        let mut licenses = client.licenses.clone();
        let mut pools = client.licenses.clone();
        let (held, pools) = tokio::join!(
            licenses.list_user_licenses(request),
            pools.list_license_pools(ListLicensePoolsRequest::default())
        );
        let mut people: BTreeMap<String, Vec<UserLicense>> = BTreeMap::new();
        let held = held.unwrap().into_inner();
        assert!(held.next_page_token.is_empty(), "one page must do");
        for license in held.user_licenses {
            people
                .entry(license.user_id.clone())
                .or_default()
                .push(license);
        }
        let pools = pools.unwrap().into_inner().license_pools.into_iter();
        Self {
            pools: pools.map(|pool| (part(&pool.part_number), pool)).collect(),
            people,
        }
    }

    pub(super) fn of(&self, user: &str) -> &[UserLicense] {
        self.people.get(user).map_or(&[], Vec::as_slice)
    }

    /// What must hold after any step; `country` tells where a person is.
    pub(super) fn check(&self, country: impl Fn(&str) -> String) {
        self.pools_equal_a_recount();
        for (user, licenses) in &self.people {
            paths_are_unique(licenses);
            plans_agree(licenses, &country(user));
        }
    }

    /// R5, R6: a seat for each person with an active path, no more and no less.
    fn pools_equal_a_recount(&self) {
        let mut consumed: BTreeMap<Part, i64> = BTreeMap::new();
        for license in self.people.values().flatten() {
            if license.paths.iter().any(takes_a_seat_of_the_pool) {
                *consumed.entry(part(&license.part_number)).or_default() += 1;
            }
        }
        for (product, pool) in &self.pools {
            let counted = consumed.remove(product).unwrap_or_default();
            assert_eq!(pool.consumed, counted, "{product}: {pool:?}");
            assert_eq!(
                pool.total,
                pool.enabled + pool.warning,
                "{product}: {pool:?}"
            );
            assert_eq!(
                pool.available,
                pool.total - pool.consumed,
                "{product}: {pool:?}"
            );
        }
        assert!(
            consumed.is_empty(),
            "seats are taken where there is no pool: {consumed:?}"
        );
    }
}

/// What a user bought for themselves takes no seat of the pool (R21); a suspended licence keeps its own (R41).
fn takes_a_seat_of_the_pool(path: &LicensePath) -> bool {
    let works = [LicenseState::Active, LicenseState::Suspended].contains(&path.state());
    works && !path.self_service
}

pub(super) fn part(name: &str) -> Part {
    let found = PRODUCTS.iter().find(|(part, _)| *part == name);
    found
        .unwrap_or_else(|| panic!("{name} is no product of the invented catalogue"))
        .0
}

fn plan(product: Part, name: &str) -> Plan {
    let found = plans_of(product).iter().find(|plan| **plan == name);
    found.unwrap_or_else(|| panic!("{product} has no {name}"))
}

/// Nobody holds two live rows for one path.
fn paths_are_unique(licenses: &[UserLicense]) {
    let mut seen = BTreeSet::new();
    for license in licenses {
        for path in &license.paths {
            let key = (&license.product_id, &path.group_id, path.self_service);
            assert!(seen.insert(key), "two live rows for one path: {license:?}");
        }
    }
}

/// R17-R19: what is on agrees with every rule.
fn plans_agree(licenses: &[UserLicense], country: &str) {
    let mut on = BTreeSet::new();
    for license in licenses {
        let product = part(&license.part_number);
        let shown = license.plans.iter();
        let shown = shown.filter(|shown| shown.status() == PlanStatus::On);
        on.extend(shown.map(|shown| (product, plan(product, &shown.plan_name))));
    }
    assert_eq!(
        clashes(&on),
        BTreeSet::new(),
        "plans that exclude each other are on"
    );
    assert_eq!(
        lacking(&on),
        BTreeSet::new(),
        "a plan is on without what it needs"
    );
    assert_eq!(
        not_offered(&on, country),
        BTreeSet::new(),
        "on, and not offered in {country}"
    );
}

/// The plans that are held off, each with the reason that is shown.
pub(super) fn held_off(licenses: &[UserLicense]) -> BTreeMap<PlanOf, ErrorReason> {
    let mut held = BTreeMap::new();
    for license in licenses {
        let product = part(&license.part_number);
        let shown = license.plans.iter();
        for shown in shown.filter(|shown| shown.status() == PlanStatus::HeldOff) {
            let this = (product, plan(product, &shown.plan_name));
            held.insert(this, shown.held_off_reason());
        }
    }
    held
}

/// The direct licences as the model writes them.
pub(super) fn direct(licenses: &[UserLicense]) -> BTreeMap<Part, Switches> {
    let mut direct = BTreeMap::new();
    for license in licenses {
        let product = part(&license.part_number);
        let own = |path: &&LicensePath| path.group_id.is_empty() && !path.self_service;
        for path in license.paths.iter().filter(own) {
            let switches = path.switches.iter();
            let switches = switches
                .map(|switch| {
                    (
                        plan(product, &switch.plan),
                        switch.state() == SwitchState::On,
                    )
                })
                .collect();
            direct.insert(product, switches);
        }
    }
    direct
}

/// The products that a person bought for themselves.
pub(super) fn own(licenses: &[UserLicense]) -> BTreeSet<Part> {
    let own = |license: &&UserLicense| license.paths.iter().any(|path| path.self_service);
    licenses
        .iter()
        .filter(own)
        .map(|license| part(&license.part_number))
        .collect()
}
