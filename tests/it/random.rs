//! Ten thousand random steps against a real service, beside a small model that is written from the rules: after each
//! step the pools equal a recount, no request went past a pool, nobody has what must not stand together; in the end
//! the record replays to what the reads show.
//!
//! `USHER_TEST_SEED=NUMBER` repeats a run, `USHER_TEST_STEPS=NUMBER` makes it longer or shorter.

mod draw;
mod look;
mod model;
mod purchases;
mod record;

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    sync::Arc,
};

use usher::v1::{
    CancelSubscriptionRequest, DeleteUserRequest, ErrorReason, LicenseChange, LicenseChangeMode,
    OutcomeResult, PlanSwitch, ReactivateSubscriptionRequest, Subscription, SwitchState,
    TakeOverMode, TakeOverSubscriptionRequest, UndeleteUserRequest, UpdateSubscriptionRequest,
    UpdateUserRequest, User,
};
use usher_tests::{
    client::{Client, refusal},
    clocked::{Clock, Clocked},
    databases::Database,
    invented::{self, PRODUCTS},
    on_both_databases, seed,
};

use self::{
    draw::Draw,
    look::{Look, direct},
    model::{Change, Expected, Mode, Part, Person, Seats, expected, is_calm, plans_of},
    purchases::{Purchase, Purchases, Status, day_of_month},
};

const STEPS: usize = 10_000;
const SEED: u64 = 20_261_123;
const PEOPLE: usize = 8;
const COUNTRIES: [&str; 3] = ["DE", "US", "CN"];
/// No more seats of a product are bought than this, so that they are short.
const MOST_SEATS: i64 = 6;

on_both_databases!(ten_thousand_steps_agree_with_the_rules);

async fn ten_thousand_steps_agree_with_the_rules(database: Arc<Database>) {
    let setting = |name: &str| env::var(name).ok().and_then(|value| value.parse().ok());
    let seed = setting("USHER_TEST_SEED").unwrap_or(SEED);
    let steps = setting("USHER_TEST_STEPS").map_or(STEPS, |steps| usize::try_from(steps).unwrap());
    let mut run = Run::new(&database, seed).await;
    for step in 0..steps {
        run.seeds_place = format!("USHER_TEST_SEED={seed}, step {step}");
        run.step().await;
        run.check().await;
    }
    run.record_replays().await;
    assert!(
        run.seen.values().all(|count| *count > 0) && run.seen.len() >= SEEN_AT_LEAST,
        "the steps did not come by all there is: {:?}",
        run.seen
    );
}

/// Outcomes of different kinds that a full run must have come by, so that it proves something.
const SEEN_AT_LEAST: usize = 8;

struct Run {
    draw: Draw,
    clock: Clock,
    /// Two processes on one database, as far as the database can tell.
    services: [Clocked; 2],
    ids: Vec<String>,
    people: Vec<Person>,
    purchases: Purchases,
    last: Look,
    did: String,
    seeds_place: String,
    /// How often each outcome was seen.
    seen: BTreeMap<String, usize>,
}

/// What a failure says of where it happened, printed only if the step panics.
struct Tell<'a>(&'a str, &'a str);

impl Drop for Tell<'_> {
    #[allow(clippy::print_stderr, reason = "a failing test says where it stood")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("failed at {}: {}", self.0, self.1);
        }
    }
}

impl Run {
    async fn new(database: &Database, seed: u64) -> Self {
        let clock = Clock::new();
        let services = [
            Clocked::start(&database.url, &clock).await,
            Clocked::start(&database.url, &clock).await,
        ];
        let client = &services[0].client;
        invented::products(client).await;
        invented::rules(client).await;
        let mut ids = Vec::new();
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            let country = COUNTRIES[number % 2];
            ids.push(
                invented::user(client, &seed::person(number), country)
                    .await
                    .unwrap(),
            );
            people.push(Person {
                country: country.to_owned(),
                ..Person::default()
            });
        }
        let mut purchases = Purchases::default();
        for (product, _) in PRODUCTS {
            let bought = invented::buy(client, wanted(product, 2, true))
                .await
                .unwrap();
            purchases
                .all
                .push(Purchase::of(&bought, None, clock.seconds()));
        }
        let last = Look::at(client).await;
        Self {
            draw: Draw::new(seed),
            clock,
            services,
            ids,
            people,
            purchases,
            last,
            did: String::new(),
            seeds_place: String::new(),
            seen: BTreeMap::new(),
        }
    }

    fn client(&mut self) -> Client {
        let at = self.draw.below(self.services.len());
        self.services[at].client.clone()
    }

    async fn step(&mut self) {
        let jump = self.draw.percent(1);
        let seconds = if jump {
            self.draw.between(1, 10) * 86_400
        } else {
            self.draw.between(1, 600)
        };
        self.clock.pass(seconds);
        self.time_passed();
        match self.draw.weighted(&[70, 6, 8, 4, 3, 3, 2, 4]) {
            0 => self.change_licences().await,
            1 => self.buy().await,
            2 => self.move_somebody().await,
            3 => self.change_purchase().await,
            4 => self.renew_or_bring_back().await,
            5 => self.cancel().await,
            6 => self.take_over().await,
            _ => self.delete_or_restore().await,
        }
        self.services[0].look_at_the_time().await;
    }

    /// What falls due by itself: licences end with the last purchase of their product (R41).
    fn time_passed(&mut self) {
        for (_, _, gone) in self.purchases.pass(self.clock.seconds()) {
            for product in gone {
                for person in &mut self.people {
                    person.direct.remove(product);
                }
            }
        }
        for purchase in &self.purchases.all {
            if let Some(person) = purchase.purchaser
                && purchase.status == Status::Deleted
            {
                self.people[person].own.remove(purchase.product);
            }
        }
    }

    /// The seats of a product by the model, and how many people have one.
    fn seats(&self, product: Part) -> Seats {
        let pool = self.purchases.seats().remove(product).unwrap_or_default();
        let holders = self
            .people
            .iter()
            .filter(|person| person.direct.contains_key(product));
        Seats {
            total: pool.total(),
            not_working: pool.suspended + pool.locked_out,
            consumed: i64::try_from(holders.count()).unwrap(),
        }
    }

    async fn check(&mut self) {
        let client = self.client();
        let look = Look::at(&client).await;
        let _tell = Tell(&self.seeds_place, &self.did);
        let place = |id: &str| {
            let at = self.ids.iter().position(|known| known == id);
            self.people[at.expect("somebody of the run")]
                .country
                .clone()
        };
        look.check(place);
        for (id, person) in self.ids.iter().zip(&self.people) {
            assert_eq!(
                direct(look.of(id)),
                person.direct,
                "what {id} has by themselves"
            );
        }
        let seats = self.purchases.seats();
        for (product, pool) in &look.pools {
            let bought = seats.get(product).copied().unwrap_or_default();
            let shown = (pool.enabled, pool.warning, pool.suspended, pool.locked_out);
            let counted = (
                bought.enabled,
                bought.warning,
                bought.suspended,
                bought.locked_out,
            );
            assert_eq!(
                shown, counted,
                "enabled, warning, suspended, locked out of {product}"
            );
            assert_eq!(
                pool.over_allocated_time.is_some(),
                pool.available < 0,
                "{product} is over-allocated while seats are missing, and no longer: {pool:?}"
            );
            let before = self.last.pools.get(product).map_or(0, |pool| pool.consumed);
            let fits = pool.consumed <= pool.total || pool.consumed <= before;
            assert!(fits, "a request took {product} past its pool: {pool:?}");
        }
        for (id, person) in self.ids.iter().zip(&mut self.people) {
            person.own = look::own(look.of(id));
        }
        self.last = look;
    }

    fn draw_change(&mut self, person: usize) -> Change {
        let parts = PRODUCTS.map(|(part, _)| part);
        let held: Vec<Part> = self.people[person].direct.keys().copied().collect();
        let any = |draw: &mut Draw| *draw.of(&parts);
        let mut change = Change::default();
        match self.draw.weighted(&[40, 20, 12, 20, 5, 3]) {
            0 => {
                change.add.push(any(&mut self.draw));
                if self.draw.percent(25) {
                    change.add.push(any(&mut self.draw));
                }
            }
            1 => change
                .remove
                .push(held.first().copied().unwrap_or_else(|| any(&mut self.draw))),
            2 => {
                change.must_hold = true;
                change.remove.push(any(&mut self.draw));
                change.add.push(any(&mut self.draw));
            }
            3 if !held.is_empty() => {
                let product = *self.draw.of(&held);
                let state =
                    *self
                        .draw
                        .of(&[SwitchState::On, SwitchState::Off, SwitchState::Follow]);
                change
                    .switches
                    .push((product, *self.draw.of(plans_of(product)), state));
            }
            4 => {
                change.mode = Mode::Replace;
                change.add.push(any(&mut self.draw));
            }
            _ => change.mode = Mode::UnassignAll,
        }
        change.add.sort_unstable();
        change.add.dedup();
        // Some of the plans that come new are off from the start.
        for product in change.add.clone() {
            for plan in plans_of(product) {
                if self.draw.percent(15) {
                    change.switches.push((product, plan, SwitchState::Off));
                }
            }
        }
        change
    }

    async fn change_licences(&mut self) {
        let person = self.draw.below(PEOPLE);
        if self.people[person].deleted {
            return;
        }
        let change = self.draw_change(person);
        let client = self.client();
        self.did = format!("person {person} {:?}: {change:?}", self.people[person]);
        let answer = invented::change(&client, asked(&self.ids[person], &change)).await;
        let _tell = Tell(&self.seeds_place, &self.did);
        let calm = is_calm(&self.people[person]);
        let seats = |product: Part| self.seats(product);
        let expected = expected(&self.people[person], &change, seats);
        let seen = match answer {
            Ok(outcome) => match (outcome.result(), expected) {
                (OutcomeResult::Applied, Expected::Applied(after)) => {
                    self.people[person].direct = after;
                    "applied".to_owned()
                }
                (OutcomeResult::Unchanged, Expected::Unchanged) => "unchanged".to_owned(),
                // What stood against the rules before is reported and blocks nothing (R19a).
                (OutcomeResult::Applied, Expected::Refused(codes)) if !calm => {
                    assert!(
                        codes.iter().all(|code| RULES.contains(code)),
                        "applied, not {codes:?}"
                    );
                    self.people[person].direct = model::after(&self.people[person], &change);
                    "applied beside what stood before".to_owned()
                }
                (result, expected) => panic!("{result:?}, expected {expected:?}"),
            },
            Err(status) => {
                let code = refusal(&status);
                match expected {
                    Expected::Refused(codes) if codes.contains(&code) => {}
                    // Fewer breaches than the model counts, since some stood before: seats come next.
                    Expected::Refused(codes)
                        if !calm && codes.iter().all(|code| RULES.contains(code)) => {}
                    expected => panic!("{status:?}, expected {expected:?}"),
                }
                code.as_str_name().to_owned()
            }
        };
        *self.seen.entry(seen).or_default() += 1;
    }

    /// Purchases begin on days that every month has.
    fn is_a_day_of_every_month(&self) -> bool {
        day_of_month(self.clock.seconds()) <= 28
    }

    async fn buy(&mut self) {
        let (product, _) = *self.draw.of(&PRODUCTS);
        let quantity = self.draw.between(1, 2);
        if self.seats(product).total + quantity > MOST_SEATS || !self.is_a_day_of_every_month() {
            return;
        }
        let mut wanted = wanted(product, quantity, self.draw.percent(40));
        let person = self.draw.below(PEOPLE);
        let bought_before = self
            .purchases
            .all
            .iter()
            .any(|purchase| purchase.purchaser == Some(person) && purchase.product == product);
        let own = self.draw.percent(10) && !self.people[person].deleted && !bought_before;
        if own {
            wanted.quantity = 1;
            wanted.purchaser.clone_from(&self.ids[person]);
        }
        self.did = format!("buy {wanted:?}");
        let now = self.clock.seconds();
        match invented::buy(&self.client(), wanted).await {
            Ok(bought) => {
                let purchase = Purchase::of(&bought, own.then_some(person), now);
                self.purchases.all.push(purchase);
                self.saw(if own { "bought by a user" } else { "bought" });
            }
            // What a user buys has to be allowed beside what they have.
            Err(status) => {
                let _tell = Tell(&self.seeds_place, &self.did);
                assert!(own && RULES.contains(&refusal(&status)), "{status:?}");
            }
        }
    }

    fn saw(&mut self, what: &str) {
        *self.seen.entry(what.to_owned()).or_default() += 1;
    }

    /// One of the purchases of the organisation that is in this status.
    fn draw_purchase(&mut self, statuses: &[Status]) -> Option<usize> {
        let fitting: Vec<usize> = (0..self.purchases.all.len())
            .filter(|at| {
                let purchase = &self.purchases.all[*at];
                purchase.purchaser.is_none() && statuses.contains(&purchase.status)
            })
            .collect();
        (!fitting.is_empty()).then(|| *self.draw.of(&fitting))
    }

    async fn change_purchase(&mut self) {
        let Some(at) = self.draw_purchase(&[Status::Active]) else {
            return;
        };
        let purchase = self.purchases.all[at].clone();
        let mut wanted = Subscription {
            id: purchase.id.clone(),
            ..Subscription::default()
        };
        let quantity = self.draw.between(1, 3);
        let mask = match self.draw.below(3) {
            0 => {
                wanted.quantity = quantity;
                "quantity"
            }
            1 => {
                wanted.renewal_quantity = Some(quantity);
                "renewal_quantity"
            }
            _ => {
                wanted.recurring_billing = Some(self.draw.percent(50));
                "recurring_billing"
            }
        };
        let seats = self.seats(purchase.product);
        let short = seats.total - purchase.quantity + quantity < seats.consumed;
        let refused = mask == "quantity" && quantity < purchase.quantity && short;
        self.did = format!("{mask} of {purchase:?} becomes {quantity}");
        let request = UpdateSubscriptionRequest {
            subscription: Some(wanted),
            update_mask: Some(prost_types::FieldMask {
                paths: vec![mask.to_owned()],
            }),
            ..UpdateSubscriptionRequest::default()
        };
        let answer = self
            .client()
            .subscriptions
            .update_subscription(request)
            .await;
        let _tell = Tell(&self.seeds_place, &self.did);
        match answer {
            Ok(response) if !refused => {
                let changed = response.into_inner().subscription.unwrap();
                self.purchases.all[at].updated(&changed);
            }
            Err(status) if refused => {
                assert_eq!(refusal(&status), ErrorReason::QuantityBelowConsumed);
                *self.seen.entry("too few seats".to_owned()).or_default() += 1;
            }
            other => panic!("refused should be {refused}, and the answer is {other:?}"),
        }
    }

    async fn renew_or_bring_back(&mut self) {
        let lapsed = [Status::Expired, Status::Lapsed, Status::Cancelled];
        let Some(at) = self.draw_purchase(&lapsed) else {
            return;
        };
        if !self.is_a_day_of_every_month() {
            return;
        }
        let id = self.purchases.all[at].id.clone();
        self.did = format!("bring back {:?}", self.purchases.all[at]);
        let request = ReactivateSubscriptionRequest {
            subscription: id,
            ..ReactivateSubscriptionRequest::default()
        };
        let now = self.clock.seconds();
        let answer = self
            .client()
            .subscriptions
            .reactivate_subscription(request)
            .await;
        let back = answer.unwrap().into_inner().subscription.unwrap();
        self.purchases.all[at] = Purchase::of(&back, None, now);
        self.saw("brought back");
    }

    async fn cancel(&mut self) {
        let Some(at) = self.draw_purchase(&[Status::Active]) else {
            return;
        };
        let id = self.purchases.all[at].id.clone();
        self.did = format!("cancel {:?}", self.purchases.all[at]);
        let request = CancelSubscriptionRequest {
            subscription: id,
            ..CancelSubscriptionRequest::default()
        };
        let now = self.clock.seconds();
        match self
            .client()
            .subscriptions
            .cancel_subscription(request)
            .await
        {
            Ok(response) => {
                let cancelled = response.into_inner().subscription.unwrap();
                self.purchases.all[at] = Purchase::of(&cancelled, None, now);
                self.saw("cancelled");
            }
            Err(status) => {
                assert_eq!(
                    refusal(&status),
                    ErrorReason::CancelWindowClosed,
                    "{status:?}"
                );
                self.saw("too late to cancel");
            }
        }
    }

    async fn take_over(&mut self) {
        let own = |purchase: &Purchase| {
            purchase
                .purchaser
                .filter(|_| purchase.status != Status::Deleted)
        };
        let Some((at, person)) = self
            .purchases
            .all
            .iter()
            .enumerate()
            .find_map(|(at, purchase)| own(purchase).map(|person| (at, person)))
        else {
            return;
        };
        let product = self.purchases.all[at].product;
        // Who was deleted meanwhile has nothing that could go on.
        let had = self.people[person].own.contains(product);
        self.did = format!("take over {:?}", self.purchases.all[at]);
        let request = TakeOverSubscriptionRequest {
            subscription: self.purchases.all[at].id.clone(),
            mode: TakeOverMode::Move.into(),
            ..TakeOverSubscriptionRequest::default()
        };
        match self
            .client()
            .subscriptions
            .take_over_subscription(request)
            .await
        {
            Ok(_) => {
                self.purchases.all[at].status = Status::Deleted;
                // The licence goes on from the pool, with its switches.
                let client = self.client();
                let held = direct(Look::at(&client).await.of(&self.ids[person]));
                assert!(
                    held.contains_key(product) || !had,
                    "the licence goes on from the pool"
                );
                self.people[person].direct = held;
                self.saw("taken over");
            }
            Err(status) => {
                self.saw("not taken over");
                let why = [
                    ErrorReason::NoAvailableSeats,
                    ErrorReason::SubscriptionSuspended,
                    ErrorReason::SubscriptionEnded,
                    ErrorReason::UserNotFound,
                ];
                assert!(why.contains(&refusal(&status)), "{status:?}");
            }
        }
    }

    async fn delete_or_restore(&mut self) {
        let person = self.draw.below(PEOPLE);
        let user = self.ids[person].clone();
        self.did = format!(
            "delete or restore person {person} {:?}",
            self.people[person]
        );
        if !self.people[person].deleted {
            let request = DeleteUserRequest {
                user,
                ..DeleteUserRequest::default()
            };
            self.client().users.delete_user(request).await.unwrap();
            self.people[person].deleted = true;
            self.people[person].direct.clear();
            self.saw("deleted");
            return;
        }
        let request = UndeleteUserRequest {
            user: user.clone(),
            ..UndeleteUserRequest::default()
        };
        match self.client().users.undelete_user(request).await {
            Ok(_) => {
                // Each former licence comes back if the rules allow it; what the rules ask is checked of the result.
                let client = self.client();
                self.people[person].deleted = false;
                self.people[person].direct = direct(Look::at(&client).await.of(&user));
                self.saw("restored");
            }
            // Thirty days after the deletion nobody is there to come back; somebody new starts.
            Err(status) => {
                assert_eq!(refusal(&status), ErrorReason::UserNotFound, "{status:?}");
                let client = self.client();
                let name = format!("again{}@example.com", self.clock.seconds());
                let country = self.people[person].country.clone();
                self.ids[person] = invented::user(&client, &name, &country).await.unwrap();
                self.people[person].deleted = false;
                self.saw("gone for good");
            }
        }
    }

    async fn move_somebody(&mut self) {
        let person = self.draw.below(PEOPLE);
        if self.people[person].deleted {
            return;
        }
        let country = *self.draw.of(&COUNTRIES);
        self.did = format!("person {person} moves to {country}");
        let request = UpdateUserRequest {
            target: self.ids[person].clone(),
            user: Some(User {
                usage_location: country.to_owned(),
                ..User::default()
            }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec!["usage_location".to_owned()],
            }),
            ..UpdateUserRequest::default()
        };
        self.client().users.update_user(request).await.unwrap();
        self.people[person].country = country.to_owned();
    }

    async fn record_replays(&mut self) {
        let client = self.client();
        let rows = record::replayed(&client).await;
        let recorded: BTreeSet<(String, String)> = rows
            .iter()
            .filter(|(_, row)| row.get("path").is_some())
            .map(|(id, row)| (id.clone(), row["user"].as_str().unwrap().to_owned()))
            .collect();
        let read: BTreeSet<(String, String)> = self
            .last
            .people
            .iter()
            .flat_map(|(user, licenses)| licenses.iter().map(move |license| (user, license)))
            .flat_map(|(user, license)| {
                license
                    .paths
                    .iter()
                    .map(|path| (path.id.clone(), user.clone()))
            })
            .collect();
        assert_eq!(
            recorded, read,
            "licences by the record, and as they are read"
        );
        // Who was deleted may be purged by now.
        let people = self.ids.iter().zip(&self.people);
        for (id, person) in people.filter(|(_, person)| !person.deleted) {
            assert_eq!(rows[id]["usage_location"], person.country.as_str(), "{id}");
        }
    }
}

/// Codes of rules that may stand broken without blocking what follows.
const RULES: [ErrorReason; 4] = [
    ErrorReason::ProhibitedInLocation,
    ErrorReason::MutuallyExclusivePlans,
    ErrorReason::MissingPrerequisitePlan,
    ErrorReason::PrerequisiteInUse,
];

/// Seats by the month, with few days of grace, so that all of it comes up.
fn wanted(product: &str, quantity: i64, recurring: bool) -> Subscription {
    Subscription {
        product: product.to_owned(),
        quantity,
        term_months: 1,
        recurring_billing: Some(recurring),
        grace_days: Some(3),
        disabled_days: Some(5),
        ..Subscription::default()
    }
}

fn asked(user: &str, change: &Change) -> LicenseChange {
    let names = |parts: &[Part]| parts.iter().map(ToString::to_string).collect();
    LicenseChange {
        user: user.to_owned(),
        mode: match change.mode {
            Mode::Modify => LicenseChangeMode::Modify,
            Mode::Replace => LicenseChangeMode::Replace,
            Mode::UnassignAll => LicenseChangeMode::UnassignAll,
        }
        .into(),
        add: names(&change.add),
        remove: names(&change.remove),
        switches: change
            .switches
            .iter()
            .map(|(product, plan, state)| PlanSwitch {
                product: (*product).to_owned(),
                plan: (*plan).to_owned(),
                state: (*state).into(),
            })
            .collect(),
        require_removed_held: change.must_hold,
        ..LicenseChange::default()
    }
}
