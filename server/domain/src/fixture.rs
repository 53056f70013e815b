//! A small world for tests: a catalogue with every kind of rule, people, seats, and a way to run
//! commands one after another as the writer does.

use std::sync::Arc;

use proptest::prelude::*;
use uuid::Uuid;

use crate::catalogue::{
    AppliesTo, Catalogue, CountryMode, CountryRule, CountrySubject, ExclusionSet, Prerequisite,
    Product, ProductPlan, Rule, ServicePlan,
};
use crate::command::{
    Actor, AddProduct, Command, LicenseChange, PlanSwitch, RemoveProduct, Request, Role, SwitchTo,
    UserFields,
};
use crate::ids::{
    AssignmentId, GroupId, Instant, Path, PlanId, ProductId, Revision, SubscriptionId, TenantId,
    UserId,
};
use crate::import::Row;
use crate::plan::{Plan, plan, recorded_whole};
use crate::snapshot::{
    Assignment, AssignmentState, NewPlans, Pool, Snapshot, TenantSettings, User, UserProfile,
    UserType, Waiting,
};
use crate::subscription::{Subscription, SubscriptionStatus};

pub(crate) const PLANS: [&str; 10] = [
    "MAIL_1", "MAIL_2", "SITE_1", "SITE_2", "CHAT", "FORMS", "YAMMER", "MEET", "PROJECT", "CRYPTO",
];

pub(crate) const PRODUCTS: [(&str, &[&str]); 7] = [
    ("BASIC", &["MAIL_1", "SITE_1", "CHAT", "FORMS"]),
    ("FULL", &["MAIL_2", "SITE_2", "CHAT", "FORMS", "YAMMER"]),
    ("MEETING", &["MEET"]),
    ("PROJECTS", &["PROJECT", "SITE_2"]),
    ("TALK", &["CHAT", "CRYPTO"]),
    ("SITES", &["SITE_2"]),
    ("TENANTWIDE", &["FORMS"]),
];

pub(crate) fn plan_id(name: &str) -> PlanId {
    let at = PLANS.iter().position(|plan| *plan == name).unwrap();
    PlanId(Uuid::from_u128(0x100 + at as u128))
}

pub(crate) fn product_id(name: &str) -> ProductId {
    let at = PRODUCTS
        .iter()
        .position(|(product, _)| *product == name)
        .unwrap();
    ProductId(Uuid::from_u128(0x200 + at as u128))
}

pub(crate) fn user_id(n: u128) -> UserId {
    UserId(Uuid::from_u128(0x300 + n))
}

pub(crate) fn catalogue() -> Catalogue {
    let plans = PLANS.iter().map(|name| ServicePlan {
        id: plan_id(name),
        name: (*name).to_owned(),
        friendly_name: format!("The {}", name.to_lowercase().replace('_', " ")),
        aliases: Vec::new(),
        automatic: false,
    });
    let products = PRODUCTS.iter().map(|(name, plans)| Product {
        id: product_id(name),
        part_number: (*name).to_owned(),
        name: format!("{} licence", name.to_lowercase()),
        aliases: Vec::new(),
        applies_to: if *name == "TENANTWIDE" {
            AppliesTo::Company
        } else {
            AppliesTo::User
        },
        perpetual: *name == "TALK",
        plans: plans
            .iter()
            .map(|plan| {
                let entry = ProductPlan {
                    on_by_default: true,
                    since: Revision(1),
                };
                (plan_id(plan), entry)
            })
            .collect(),
    });
    Catalogue::new(products, plans, rules())
}

fn rules() -> Vec<Rule> {
    let exclusion = |id: &str, plans: &[&str]| {
        Rule::Exclusion(ExclusionSet {
            id: id.to_owned(),
            service: id.to_owned(),
            plans: plans.iter().map(|plan| plan_id(plan)).collect(),
        })
    };
    let needs = |plan: &str, any_of: &[&str]| {
        Rule::Prerequisite(Prerequisite {
            plan: plan_id(plan),
            any_of: any_of.iter().map(|plan| plan_id(plan)).collect(),
            evidence: String::new(),
        })
    };
    vec![
        exclusion("mail", &["MAIL_1", "MAIL_2"]),
        exclusion("site", &["SITE_1", "SITE_2"]),
        needs("MEET", &["CHAT", "YAMMER"]),
        needs("PROJECT", &["SITE_2"]),
        Rule::Country(CountryRule {
            subject: CountrySubject::Plan(plan_id("CRYPTO")),
            mode: CountryMode::Deny,
            countries: std::iter::once("CN".parse().unwrap()).collect(),
        }),
    ]
}

pub(crate) fn profile(n: u128) -> UserProfile {
    let mut profile = crate::plan::blank_profile(user_id(n), Instant(0));
    profile.upn = format!("user{n}@contoso.com");
    profile.display_name = format!("User {n}");
    profile.usage_location = Some("DE".parse().unwrap());
    profile
}

/// Ten seats of FULL for a year from a moment on, renewed at its end.
pub(crate) fn bought(now: Instant) -> Subscription {
    Subscription {
        id: SubscriptionId(Uuid::from_u128(0x500)),
        product: product_id("FULL"),
        name: "Full".to_owned(),
        quantity: 10,
        renewal_quantity: None,
        status: SubscriptionStatus::Active,
        status_since: now,
        trial: false,
        starts_at: now,
        ends_at: Some(now.plus_months(12)),
        anchor_at: now,
        term_months: 12,
        recurring_billing: true,
        grace_days: 30,
        disabled_days: 90,
        cancel_days: 7,
        cancel_until: Some(now.plus_days(7)),
        purchaser: None,
        partner: None,
        created_at: now,
        from_rev: Revision(1),
    }
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) snapshot: Snapshot,
    pub(crate) roles: Vec<Role>,
    pub(crate) actor: String,
    ids: u128,
    now: i64,
}

impl World {
    /// `people` members in DE, and `seats` of every product.
    pub(crate) fn new(people: u128, seats: i64) -> Self {
        let catalogue = Arc::new(catalogue());
        let mut snapshot = Snapshot::new(TenantSettings::default(), Revision(10), catalogue);
        for n in 0..people {
            let profile = profile(n);
            snapshot.insert_user(User {
                profile,
                from_rev: Revision(2),
                paths: Vec::new(),
            });
        }
        for (product, _) in PRODUCTS {
            let pool = Pool {
                enabled: seats,
                ..Pool::default()
            };
            snapshot.insert_pool(product_id(product), pool);
        }
        snapshot.insert_subscriptions([]);
        Self {
            snapshot,
            roles: vec![Role::GlobalAdmin],
            actor: "admin".to_owned(),
            ids: 0x1000,
            now: 1_000,
        }
    }

    /// Moves the clock.
    pub(crate) fn at(&mut self, now: Instant) {
        self.now = now.0;
    }

    pub(crate) fn request(&self, command: Command) -> Request {
        Request {
            tenant: TenantId(Uuid::from_u128(1)),
            actor: Actor {
                identity: Arc::from(self.actor.as_str()),
                roles: self.roles.clone(),
            },
            reason: None,
            request_key: None,
            batch: None,
            command,
        }
    }

    pub(crate) fn look(&self, command: Command) -> Plan {
        let mut next = self.ids;
        let mut ids = || {
            next += 1;
            Uuid::from_u128(next)
        };
        let revision = Revision(self.snapshot.revision.0 + 1);
        plan(
            &self.snapshot,
            &self.request(command),
            Instant(self.now),
            revision,
            &mut ids,
        )
    }

    pub(crate) fn run(&mut self, command: Command) -> Plan {
        let plan = self.look(command);
        recorded_whole(&plan);
        self.snapshot.apply(&plan);
        self.ids += 1_000;
        self.now += 1_000;
        plan
    }

    pub(crate) fn change(&mut self, change: LicenseChange) -> Plan {
        self.run(Command::ModifyLicenses(Box::new(change)))
    }

    pub(crate) fn edit_user(&mut self, n: u128, edit: impl FnOnce(&mut UserProfile)) {
        let mut user = self.user(n).clone();
        edit(&mut user.profile);
        self.snapshot.insert_user(user);
    }

    pub(crate) fn set_pool(&mut self, product: &str, pool: Pool) {
        self.snapshot.insert_pool(product_id(product), pool);
    }

    pub(crate) fn pool(&self, product: &str) -> Pool {
        self.snapshot.pool(product_id(product))
    }

    pub(crate) fn user(&self, n: u128) -> &User {
        self.snapshot.user(user_id(n)).unwrap()
    }

    /// Gives a user a path of another kind, as a job or a purchase would.
    pub(crate) fn give(&mut self, n: u128, product: &str, path: Path, state: AssignmentState) {
        self.give_to(user_id(n), product_id(product), path, state);
    }

    pub(crate) fn give_to(
        &mut self,
        user: UserId,
        product: ProductId,
        path: Path,
        state: AssignmentState,
    ) {
        let mut user = self.snapshot.user(user).unwrap().clone();
        let active = state == AssignmentState::Active;
        if active && !user.has_seat(product) {
            let mut pool = self.snapshot.pool(product);
            pool.consumed += 1;
            self.snapshot.insert_pool(product, pool);
        }
        self.ids += 1;
        user.paths.push(Assignment {
            id: AssignmentId(Uuid::from_u128(self.ids)),
            user: user.profile.id,
            product,
            path,
            state,
            switches: std::collections::BTreeMap::new(),
            new_plans: NewPlans::On,
            began_at: Instant(self.now),
            began_rev: self.snapshot.revision,
            from_rev: self.snapshot.revision,
            held_off: Vec::new(),
            self_service: false,
            batch: None,
            actor: Arc::from("job"),
        });
        self.snapshot.insert_user(user);
    }

    /// Ends a user's paths through a group, as a job would, and judges what stands again.
    pub(crate) fn leave(&mut self, n: u128, group: Path) -> Plan {
        self.leave_of(user_id(n), group)
    }

    pub(crate) fn leave_of(&mut self, user: UserId, group: Path) -> Plan {
        let mut user = self.snapshot.user(user).unwrap().clone();
        let id = user.profile.id;
        let had: Vec<ProductId> = user.paths.iter().map(|path| path.product).collect();
        let before = user.clone();
        user.paths.retain(|path| path.path != group);
        for product in had {
            if before.has_seat(product) && !user.has_seat(product) {
                let mut pool = self.snapshot.pool(product);
                pool.consumed -= 1;
                self.snapshot.insert_pool(product, pool);
            }
        }
        self.snapshot.insert_user(user);
        self.judge_again_of(id)
    }

    /// Any update of a user judges again what stands.
    pub(crate) fn judge_again(&mut self, n: u128) -> Plan {
        self.judge_again_of(user_id(n))
    }

    fn judge_again_of(&mut self, user: UserId) -> Plan {
        let patch = UserFields {
            job_title: Some(format!("At {}", self.now)),
            ..UserFields::default()
        };
        self.run(Command::UpdateUser {
            user: user.to_string(),
            patch: Box::new(patch),
            expect: None,
        })
    }

    /// The names of the plans that are on for a user.
    pub(crate) fn effective(&self, n: u128) -> Vec<String> {
        let catalogue = &self.snapshot.catalogue;
        let plans = crate::licence::effective(catalogue, &self.user(n).paths);
        plans
            .into_iter()
            .map(|plan| catalogue.plan_name(plan))
            .collect()
    }
}

pub(crate) fn group(n: u128) -> Path {
    Path::Group(GroupId(Uuid::from_u128(0x400 + n)))
}

pub(crate) fn of_user(n: u128) -> LicenseChange {
    LicenseChange {
        user: format!("user{n}@contoso.com"),
        ..LicenseChange::default()
    }
}

impl LicenseChange {
    pub(crate) fn adding(mut self, product: &str) -> Self {
        self.add.push(AddProduct {
            product: product.to_owned(),
            new_plans: None,
        });
        self
    }

    pub(crate) fn removing(mut self, product: &str) -> Self {
        self.remove.push(RemoveProduct {
            product: product.to_owned(),
            must_hold: false,
        });
        self
    }

    pub(crate) fn swapping(mut self, from: &str, to: &str) -> Self {
        self.remove.push(RemoveProduct {
            product: from.to_owned(),
            must_hold: true,
        });
        self.adding(to)
    }

    pub(crate) fn switching(mut self, product: Option<&str>, plan: &str, to: SwitchTo) -> Self {
        self.switches.push(PlanSwitch {
            product: product.map(str::to_owned),
            plan: plan.to_owned(),
            to,
        });
        self
    }
}

pub(crate) fn guest(profile: &mut UserProfile) {
    profile.user_type = UserType::Guest;
}

/// The rows of a file of the shared test data, or None with a word on what is skipped.
pub(crate) fn shared_rows(test: &str, file: &str) -> Option<(Vec<String>, Vec<Row>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let Ok(mut reader) = csv::Reader::from_path(format!("{folder}/{file}")) else {
        println!("skipped: {test}: ../shared/data is not there");
        return None;
    };
    let header = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        Row {
            line: record.position().unwrap().line(),
            cells: record.iter().map(str::to_owned).collect(),
        }
    });
    Some((header, rows.collect()))
}

/// Any paths of one user, each product and path once, in no order.
pub(crate) fn paths() -> impl Strategy<Value = Vec<Assignment>> {
    let names = prop::sample::select(PRODUCTS.map(|(name, _)| name).to_vec());
    let switches = prop::collection::btree_map(
        prop::sample::select(PLANS.map(plan_id).to_vec()),
        any::<bool>(),
        0..4,
    );
    let new_plans = prop::sample::select(vec![NewPlans::On, NewPlans::Off]);
    let path = (names, 0u128..3, 0i64..6, switches, new_plans, any::<bool>());
    prop::collection::vec(path, 0..6).prop_map(|drawn| {
        let mut paths: Vec<Assignment> = Vec::new();
        for (at, (product, by, began, switches, new_plans, waits)) in (1..).zip(drawn) {
            let path = if by == 0 { Path::Direct } else { group(by) };
            let product = product_id(product);
            if paths
                .iter()
                .any(|other| (other.product, other.path) == (product, path))
            {
                continue;
            }
            let place = Waiting {
                priority: 0,
                since: Instant(0),
            };
            paths.push(Assignment {
                id: AssignmentId(Uuid::from_u128(at)),
                user: user_id(0),
                product,
                path,
                state: if waits && by == 1 {
                    AssignmentState::Waiting(place)
                } else {
                    AssignmentState::Active
                },
                switches,
                new_plans,
                began_at: Instant(began),
                began_rev: Revision(began),
                from_rev: Revision(began),
                held_off: Vec::new(),
                self_service: false,
                batch: None,
                actor: Arc::from("admin"),
            });
        }
        paths
    })
}
