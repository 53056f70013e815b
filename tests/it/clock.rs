//! What time does to purchases, seen through gRPC: every status once, with the record to show for it, however many
//! servers look after it, however late they are, and whichever way the clock jumps.

use std::sync::Arc;

use usher::v1::{
    Change, ErrorReason, GetSubscriptionRequest, ListChangesRequest, Subscription,
    SubscriptionStatus,
};
use usher_tests::{
    client::{Client, refusal},
    clocked::{Clock, Clocked},
    databases::Database,
    invented, on_both_databases, seed,
};

on_both_databases!(
    two_hundred_days_without_billing_pass_through_every_status_once,
    two_hundred_days_with_billing_are_renewals,
    a_server_after_a_pause_catches_up_before_it_assigns,
    a_clock_that_jumps_back_does_no_harm,
);

const DAY: i64 = 86_400;

async fn two_hundred_days_without_billing_pass_through_every_status_once(database: Arc<Database>) {
    let world = World::new(&database, 2).await;
    let bought = world.monthly("FULL", false).await;
    let adele = world.adele().await;
    seed_licence(world.client(), &adele, "FULL").await.unwrap();

    // What is bought at a moment falls due a little after that time of day.
    world.clock.pass(60);
    let mut seen = vec![(0, bought.status())];
    for day in 1..=200 {
        world.clock.pass_days(1);
        world.everybody_looks().await;
        let status = world.read(&bought).await.status();
        if seen.last().map(|(_, last)| *last) != Some(status) {
            seen.push((day, status));
        }
    }
    // A month from 18 November is 30 days; then 30 days of grace, and 90 in which it can come back.
    let expected = [
        (0, SubscriptionStatus::Active),
        (30, SubscriptionStatus::Expired),
        (60, SubscriptionStatus::Disabled),
        (150, SubscriptionStatus::Deleted),
    ];
    assert_eq!(seen, expected);

    let recorded = world.recorded(&bought).await;
    let expected = [
        ("subscription.create", 0),
        ("subscription.expire", 30),
        ("subscription.disable", 60),
        ("subscription.delete", 150),
        ("subscription.end_licenses", 150),
    ];
    assert_eq!(
        recorded,
        expected.map(|(action, day)| (action.to_owned(), day))
    );
    assert!(
        seed::holders(world.client(), "FULL").await.is_empty(),
        "licences end with the last subscription of the product"
    );
}

async fn two_hundred_days_with_billing_are_renewals(database: Arc<Database>) {
    let world = World::new(&database, 2).await;
    let bought = world.monthly("FULL", true).await;
    let adele = world.adele().await;
    seed_licence(world.client(), &adele, "FULL").await.unwrap();
    for day in 1..=200 {
        world.clock.pass_days(1);
        world.everybody_looks().await;
        assert_eq!(
            world.read(&bought).await.status(),
            SubscriptionStatus::Active,
            "day {day}"
        );
    }
    let recorded = world.recorded(&bought).await;
    let renewed: Vec<i64> = recorded
        .iter()
        .filter(|(action, _)| action == "subscription.renew")
        .map(|(_, day)| *day)
        .collect();
    // The 18th of each month from December to May, in days from 18 November.
    assert_eq!(renewed, [30, 61, 92, 120, 151, 181]);
    assert_eq!(recorded.len(), 7, "bought once, and renewed: {recorded:?}");
    let pool = seed::pool(world.client(), "FULL").await;
    assert_eq!((pool.enabled, pool.total, pool.consumed), (5, 5, 1));
}

async fn a_server_after_a_pause_catches_up_before_it_assigns(database: Arc<Database>) {
    let mut world = World::new(&database, 1).await;
    let bought = world.monthly("FULL", false).await;
    let adele = world.adele().await;
    for service in world.services.drain(..) {
        service.end().await;
    }
    world.clock.pass_days(70);
    world
        .services
        .push(Clocked::start(&database.url, &world.clock).await);
    let refused = seed_licence(world.client(), &adele, "FULL")
        .await
        .unwrap_err();
    assert_eq!(
        refusal(&refused),
        ErrorReason::SubscriptionSuspended,
        "{refused:?}"
    );
    assert_eq!(
        world.read(&bought).await.status(),
        SubscriptionStatus::Disabled
    );
    let recorded = world.recorded(&bought).await;
    let actions: Vec<&str> = recorded.iter().map(|(action, _)| action.as_str()).collect();
    let each_once = [
        "subscription.create",
        "subscription.expire",
        "subscription.disable",
    ];
    assert_eq!(actions, each_once);
}

async fn a_clock_that_jumps_back_does_no_harm(database: Arc<Database>) {
    let world = World::new(&database, 1).await;
    let bought = world.monthly("FULL", false).await;
    let adele = world.adele().await;
    world.clock.pass_days(40);
    world.everybody_looks().await;
    assert_eq!(
        world.read(&bought).await.status(),
        SubscriptionStatus::Expired
    );
    world.clock.pass_days(-39);
    seed_licence(world.client(), &adele, "FULL").await.unwrap();
    assert_eq!(
        world.read(&bought).await.status(),
        SubscriptionStatus::Expired,
        "what has happened stays"
    );
    let changes = changes(world.client()).await;
    assert!(
        changes
            .windows(2)
            .all(|pair| seconds(&pair[0]) <= seconds(&pair[1])),
        "the record goes back in time"
    );
    world.clock.pass_days(60);
    world.everybody_looks().await;
    assert_eq!(
        world.read(&bought).await.status(),
        SubscriptionStatus::Disabled
    );
    assert_eq!(
        world.recorded(&bought).await.len(),
        3,
        "bought, expired, disabled"
    );
}

struct World {
    clock: Clock,
    start: i64,
    services: Vec<Clocked>,
}

impl World {
    async fn new(database: &Database, servers: usize) -> Self {
        let clock = Clock::new();
        let mut services = Vec::new();
        for _ in 0..servers {
            services.push(Clocked::start(&database.url, &clock).await);
        }
        invented::products(&services[0].client).await;
        Self {
            start: clock.seconds(),
            clock,
            services,
        }
    }

    fn client(&self) -> &Client {
        &self.services[0].client
    }

    async fn adele(&self) -> String {
        invented::user(self.client(), "adele@example.com", "DE")
            .await
            .unwrap()
    }

    async fn monthly(&self, product: &str, recurring_billing: bool) -> Subscription {
        let wanted = Subscription {
            product: product.to_owned(),
            quantity: 5,
            term_months: 1,
            recurring_billing: Some(recurring_billing),
            ..Subscription::default()
        };
        invented::buy(self.client(), wanted).await.unwrap()
    }

    /// Every server looks at the time at the same moment.
    async fn everybody_looks(&self) {
        let looks = self.services.iter().map(Clocked::look_at_the_time);
        futures_util::future::join_all(looks).await;
    }

    async fn read(&self, subscription: &Subscription) -> Subscription {
        let request = GetSubscriptionRequest {
            subscription: subscription.id.clone(),
            ..GetSubscriptionRequest::default()
        };
        let last = self
            .services
            .last()
            .unwrap()
            .client
            .subscriptions
            .clone()
            .get_subscription(request)
            .await;
        last.unwrap().into_inner().subscription.unwrap()
    }

    /// What the record says of a subscription: the action, and how many days after the start.
    async fn recorded(&self, subscription: &Subscription) -> Vec<(String, i64)> {
        let all = changes(self.client()).await.into_iter();
        all.filter(|change| change.subject_id == subscription.id)
            .map(|change| (change.action.clone(), (seconds(&change) - self.start) / DAY))
            .collect()
    }
}

async fn seed_licence(client: &Client, user: &str, product: &str) -> Result<(), tonic::Status> {
    invented::change(client, seed::add(user, product))
        .await
        .map(|_| ())
}

fn seconds(change: &Change) -> i64 {
    change.time.unwrap().seconds
}

async fn changes(client: &Client) -> Vec<Change> {
    let request = ListChangesRequest {
        page_size: usher::MAX_PAGE_SIZE,
        oldest_first: true,
        ..ListChangesRequest::default()
    };
    let page = client
        .audit
        .clone()
        .list_changes(request)
        .await
        .unwrap()
        .into_inner();
    assert!(page.next_page_token.is_empty());
    page.changes
}
