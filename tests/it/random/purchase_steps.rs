//! Steps that buy seats and change what was bought.

use usher::v1::{
    CancelSubscriptionRequest, ErrorReason, ReactivateSubscriptionRequest, Subscription,
    UpdateSubscriptionRequest,
};
use usher_tests::{
    client::refusal,
    invented::{self, PRODUCTS},
};

use super::{
    PEOPLE, Run,
    model::Part,
    purchases::{Buyer, Purchase, Status, day_of_month},
};

/// No more seats of a product are bought than this, so that they are short.
const MOST_SEATS: i64 = 6;

impl Run {
    /// Purchases begin on days that every month has.
    fn is_a_day_of_every_month(&self) -> bool {
        day_of_month(self.clock.seconds()) <= 28
    }

    pub(super) async fn buy(&mut self) {
        if !self.is_a_day_of_every_month() {
            return;
        }
        let (mut product, _) = *self.draw.of(&PRODUCTS);
        let mut quantity = self.draw.between(1, 2);
        let person = self.draw.below(PEOPLE);
        let own = self.draw.percent(25) && self.people[person].deleted.is_none();
        let mut buyer = Buyer::Organisation;
        if own {
            // Often what they have from the pool as well, so that it is taken over beside it.
            let held: Vec<Part> = self.people[person].direct.keys().copied().collect();
            if !held.is_empty() && self.draw.percent(50) {
                product = *self.draw.of(&held);
            }
            if self.people[person].own.contains_key(product) {
                return;
            }
            (quantity, buyer) = (1, Buyer::Person(person));
        } else if self.seats(product).total + quantity > MOST_SEATS {
            return;
        }
        let mut wanted = wanted(product, quantity, self.draw.percent(40));
        if own {
            wanted.purchaser.clone_from(&self.ids[person]);
        }
        self.did = format!("buy {wanted:?}");
        let now = self.clock.seconds();
        // What a user buys is not for the service to refuse: what may not be on is held off (R19a).
        let bought = invented::buy(&self.client(), wanted).await.unwrap();
        self.purchases.all.push(Purchase::of(&bought, buyer, now));
        if own {
            self.moment += 1;
            self.people[person].own.insert(product, self.moment);
        }
        self.saw(if own { "bought by a user" } else { "bought" });
    }

    /// One of the purchases of the organisation that is in this status.
    fn draw_purchase(&mut self, statuses: &[Status]) -> Option<usize> {
        let fitting: Vec<usize> = (0..self.purchases.all.len())
            .filter(|at| {
                let purchase = &self.purchases.all[*at];
                purchase.buyer == Buyer::Organisation && statuses.contains(&purchase.status)
            })
            .collect();
        (!fitting.is_empty()).then(|| *self.draw.of(&fitting))
    }

    pub(super) async fn change_purchase(&mut self) {
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
        let _tell = self.tell();
        match answer {
            Ok(response) if !refused => {
                let changed = response.into_inner().subscription.unwrap();
                self.purchases.all[at].updated(&changed);
            }
            Err(status) if refused => {
                assert_eq!(refusal(&status), ErrorReason::QuantityBelowConsumed);
                self.saw("too few seats");
            }
            other => panic!("refused should be {refused}, and the answer is {other:?}"),
        }
    }

    pub(super) async fn renew_or_bring_back(&mut self) {
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
        self.purchases.all[at] = Purchase::of(&back, Buyer::Organisation, now);
        self.saw("brought back");
    }

    pub(super) async fn cancel(&mut self) {
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
                self.purchases.all[at] = Purchase::of(&cancelled, Buyer::Organisation, now);
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
}

/// Seats by the month, with few days of grace, so that all of it comes up.
pub(super) fn wanted(product: &str, quantity: i64, recurring: bool) -> Subscription {
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
