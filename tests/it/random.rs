//! Ten thousand random steps against a real service, beside a small model that is written from the rules and foretells
//! what each step answers and leaves: after each step the pools equal a recount, no request went past a pool, nobody
//! has what must not stand together; in the end the record replays to what the reads show.
//!
//! `USHER_TEST_SEED=NUMBER` repeats a run, `USHER_TEST_STEPS=NUMBER` makes it longer or shorter.

mod change_steps;
mod draw;
mod look;
mod model;
mod person_steps;
mod purchase_steps;
mod purchases;
mod record;
mod returning;
mod standing;
mod take_over_steps;

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    sync::Arc,
};

use usher_tests::{
    client::Client,
    clocked::{Clock, Clocked},
    databases::Database,
    invented::{self, PRODUCTS},
    on_both_databases, seed,
};

use self::{
    draw::Draw,
    look::{Look, direct, held_off, own},
    model::{Moment, Part, Person, Seats, Switches},
    purchase_steps::wanted,
    purchases::{Buyer, Purchase, Purchases},
    standing::Standing,
};

const STEPS: usize = 10_000;
const SEED: u64 = 20_261_123;
const PEOPLE: usize = 8;
const COUNTRIES: [&str; 3] = ["DE", "US", "CN"];

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
    if steps >= STEPS {
        let missing = |what: &&&str| !run.seen.contains_key(**what);
        let missing: Vec<_> = TO_COME_BY.iter().filter(missing).collect();
        assert!(
            missing.is_empty(),
            "not come by: {missing:?} in {:?}",
            run.seen
        );
    }
}

/// What a full run must have come by, so that it proves something.
const TO_COME_BY: &[&str] = &[
    "applied",
    "applied beside a breach",
    "unchanged",
    "restored whole",
    "restored in part",
    "gone for good",
    "taken over",
    "taken over beside the pool",
    "taken over from somebody who is gone",
];

struct Run {
    draw: Draw,
    clock: Clock,
    /// Two processes on one database, as far as the database can tell.
    services: [Clocked; 2],
    ids: Vec<String>,
    people: Vec<Person>,
    purchases: Purchases,
    last: Look,
    /// How many changes of licences there were.
    moment: Moment,
    did: String,
    seeds_place: String,
    /// How often each outcome was seen.
    seen: BTreeMap<String, usize>,
}

/// What a failure says of where it happened, printed only if the step panics.
struct Tell(String, String);

impl Drop for Tell {
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
                .push(Purchase::of(&bought, Buyer::Organisation, clock.seconds()));
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
            moment: 0,
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
        for (number, person) in self.people.iter_mut().enumerate() {
            let bought: BTreeSet<Part> = self.purchases.serving(number).collect();
            person.own.retain(|product, _| bought.contains(product));
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
        let _tell = self.tell();
        let place = |id: &str| {
            let at = self.ids.iter().position(|known| known == id);
            self.people[at.expect("somebody of the run")]
                .country
                .clone()
        };
        look.check(place);
        for (id, person) in self.ids.iter().zip(&self.people) {
            let licences = person.direct.iter();
            let licences = licences.map(|(product, licence)| (*product, licence.switches.clone()));
            let licences: BTreeMap<Part, Switches> = licences.collect();
            assert_eq!(
                direct(look.of(id)),
                licences,
                "what {id} has from the pool by themselves"
            );
            let bought: BTreeSet<Part> = person.own.keys().copied().collect();
            assert_eq!(own(look.of(id)), bought, "what {id} bought");
            let held = Standing::of(person, &person.direct).held_off().into_iter();
            let held: BTreeMap<_, _> = held.map(|(plan, why)| (plan, why.reason())).collect();
            assert_eq!(held_off(look.of(id)), held, "what is held off for {id}");
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
        self.last = look;
    }

    fn tell(&self) -> Tell {
        Tell(self.seeds_place.clone(), self.did.clone())
    }

    fn saw(&mut self, what: &str) {
        *self.seen.entry(what.to_owned()).or_default() += 1;
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
        for (id, person) in people.filter(|(_, person)| person.deleted.is_none()) {
            assert_eq!(rows[id]["usage_location"], person.country.as_str(), "{id}");
        }
    }
}
