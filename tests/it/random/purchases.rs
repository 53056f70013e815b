//! The life of purchases, written from R41-R44 and not from the service: what each is at a moment, and what all of them
//! add up to.

use std::collections::BTreeMap;

use usher::v1::{Subscription, SubscriptionStatus};

use super::{look::part, model::Part};

const DAY: i64 = 86_400;

/// One purchase by the month.
#[derive(Clone, Debug)]
pub(super) struct Purchase {
    pub(super) id: String,
    pub(super) product: Part,
    pub(super) quantity: i64,
    pub(super) renewal: Option<i64>,
    pub(super) status: Status,
    /// When the term ends.
    end: i64,
    /// When it got its status, for what is counted from there.
    since: i64,
    recurring: bool,
    grace: i64,
    disabled: i64,
    pub(super) buyer: Buyer,
}

/// Who bought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Buyer {
    Organisation,
    Person(usize),
    /// A person who was purged: the purchase goes on.
    Gone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Active,
    Expired,
    Lapsed,
    Cancelled,
    Deleted,
}

/// What a product's purchases add up to, those of users apart (R4, R21).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seats {
    pub(super) enabled: i64,
    pub(super) warning: i64,
    pub(super) suspended: i64,
    pub(super) locked_out: i64,
}

impl Seats {
    pub(super) fn total(self) -> i64 {
        self.enabled + self.warning
    }
}

impl Purchase {
    /// As the service answers it after a change that was asked for; from there the model goes on by itself.
    pub(super) fn of(answer: &Subscription, buyer: Buyer, now: i64) -> Self {
        let seconds =
            |time: &Option<prost_types::Timestamp>| time.as_ref().map(|time| time.seconds);
        Self {
            id: answer.id.clone(),
            product: part(&answer.part_number),
            quantity: answer.quantity,
            renewal: answer.renewal_quantity,
            status: match answer.status() {
                SubscriptionStatus::Active => Status::Active,
                SubscriptionStatus::Expired => Status::Expired,
                SubscriptionStatus::Disabled => Status::Cancelled,
                SubscriptionStatus::Deleted | SubscriptionStatus::Unspecified => Status::Deleted,
            },
            end: seconds(&answer.end_time).unwrap_or(i64::MAX),
            since: now,
            recurring: answer.recurring_billing(),
            grace: i64::from(answer.grace_days()) * DAY,
            disabled: i64::from(answer.disabled_days()) * DAY,
            buyer,
        }
    }

    /// Takes over what an update may change, and keeps what only time changes.
    pub(super) fn updated(&mut self, answer: &Subscription) {
        self.quantity = answer.quantity;
        self.renewal = answer.renewal_quantity;
        self.recurring = answer.recurring_billing();
    }

    /// Whether somebody has a licence by it.
    pub(super) fn serves(&self, person: usize) -> bool {
        self.buyer == Buyer::Person(person) && self.status != Status::Deleted
    }

    /// Ends it, or its time of use, by a request.
    pub(super) fn become_at(&mut self, status: Status, now: i64) {
        self.status = status;
        self.since = now;
        self.renewal = None;
    }

    /// When it goes on by itself.
    fn due(&self) -> Option<i64> {
        match self.status {
            Status::Active => Some(self.end),
            Status::Expired => Some(self.since + self.grace),
            Status::Lapsed | Status::Cancelled => Some(self.since + self.disabled),
            Status::Deleted => None,
        }
    }

    fn go_on(&mut self, at: i64) {
        self.status = match self.status {
            Status::Active if self.recurring => {
                self.quantity = self.renewal.take().unwrap_or(self.quantity);
                self.end = month_later(self.end);
                return;
            }
            Status::Active => Status::Expired,
            Status::Expired => Status::Lapsed,
            Status::Lapsed | Status::Cancelled | Status::Deleted => Status::Deleted,
        };
        self.since = at;
    }
}

/// Every purchase of a run.
#[derive(Debug, Default)]
pub(super) struct Purchases {
    pub(super) all: Vec<Purchase>,
}

impl Purchases {
    /// Lets time pass; gives the products that nobody has any longer, each with the moment, and for every moment at
    /// which something happened what the pools were then.
    pub(super) fn pass(&mut self, now: i64) -> Vec<(i64, BTreeMap<Part, Seats>, Vec<Part>)> {
        let mut moments = Vec::new();
        loop {
            let due = |purchase: &Purchase| purchase.due().filter(|at| *at <= now);
            let Some(at) = self.all.iter().filter_map(due).min() else {
                return moments;
            };
            let mut gone = Vec::new();
            for number in 0..self.all.len() {
                if self.all[number].due() != Some(at) {
                    continue;
                }
                self.all[number].go_on(at);
                let product = self.all[number].product;
                if self.all[number].status == Status::Deleted && !self.is_bought(product) {
                    gone.push(product);
                }
            }
            moments.push((at, self.seats(), gone));
        }
    }

    /// Whether the organisation has a purchase of the product that is not gone.
    fn is_bought(&self, product: Part) -> bool {
        self.of_the_organisation()
            .any(|purchase| purchase.product == product && purchase.status != Status::Deleted)
    }

    fn of_the_organisation(&self) -> impl Iterator<Item = &Purchase> {
        self.all
            .iter()
            .filter(|purchase| purchase.buyer == Buyer::Organisation)
    }

    /// The products that a person has by purchases of their own.
    pub(super) fn serving(&self, person: usize) -> impl Iterator<Item = Part> {
        let own = self.all.iter().filter(move |one| one.serves(person));
        own.map(|one| one.product)
    }

    /// What the pools are made of.
    pub(super) fn seats(&self) -> BTreeMap<Part, Seats> {
        let mut pools: BTreeMap<Part, Seats> = BTreeMap::new();
        for purchase in self.of_the_organisation() {
            let pool = pools.entry(purchase.product).or_default();
            match purchase.status {
                Status::Active => pool.enabled += purchase.quantity,
                Status::Expired => pool.warning += purchase.quantity,
                Status::Lapsed => pool.suspended += purchase.quantity,
                Status::Cancelled => pool.locked_out += purchase.quantity,
                Status::Deleted => {}
            }
        }
        pools
    }
}

/// The same day of the next month; days after the 28th do not come up.
fn month_later(seconds: i64) -> i64 {
    let (mut year, mut month, day) = day_of(seconds);
    month += 1;
    if month > 12 {
        (year, month) = (year + 1, 1);
    }
    days_before(year, month, day) * DAY + seconds.rem_euclid(DAY)
}

/// The day of the month of a moment.
pub(super) fn day_of_month(seconds: i64) -> i64 {
    day_of(seconds).2
}

fn day_of(seconds: i64) -> (i64, i64, i64) {
    let days = seconds.div_euclid(DAY);
    let mut year = 1970;
    while days_before(year + 1, 1, 1) <= days {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && days_before(year, month + 1, 1) <= days {
        month += 1;
    }
    (year, month, days - days_before(year, month, 1) + 1)
}

/// Days from 1970 to a date, counted year by year and month by month.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let years: i64 = (1970..year)
        .map(|year| if leap(year) { 366 } else { 365 })
        .sum();
    let lengths = [
        31,
        if leap(year) { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let months: i64 = lengths
        .iter()
        .take(usize::try_from(month - 1).unwrap())
        .sum();
    years + months + day - 1
}
