//! Steps by which the organisation takes over what a user bought (R44).

use usher::v1::{
    OutcomeResult, TakeOverMode, TakeOverSubscriptionRequest, TakeOverSubscriptionResponse,
};
use usher_tests::client::refusal;

use super::{
    Run,
    model::Part,
    purchases::{Buyer, Status},
    returning::moved_to_pool,
};

impl Run {
    pub(super) async fn take_over(&mut self) {
        let fitting: Vec<usize> = (0..self.purchases.all.len())
            .filter(|at| {
                let one = &self.purchases.all[*at];
                one.buyer != Buyer::Organisation && one.status != Status::Deleted
            })
            .collect();
        if fitting.is_empty() {
            return;
        }
        let at = *self.draw.of(&fitting);
        if self.draw.percent(25) {
            self.end_with_its_purchase(at).await;
        } else {
            self.move_to_pool(at).await;
        }
    }

    async fn ask_for(
        &mut self,
        at: usize,
        mode: TakeOverMode,
    ) -> Result<TakeOverSubscriptionResponse, tonic::Status> {
        self.did = format!("take over, {mode:?}: {:?}", self.purchases.all[at]);
        let request = TakeOverSubscriptionRequest {
            subscription: self.purchases.all[at].id.clone(),
            mode: mode.into(),
            ..TakeOverSubscriptionRequest::default()
        };
        let mut subscriptions = self.client().subscriptions;
        let answer = subscriptions.take_over_subscription(request).await;
        answer.map(tonic::Response::into_inner)
    }

    async fn move_to_pool(&mut self, at: usize) {
        let answer = self.ask_for(at, TakeOverMode::Move).await;
        let purchase = self.purchases.all[at].clone();
        let _tell = self.tell();
        let mut seen = "taken over from somebody who is gone";
        let mut expected = Ok(());
        if let Buyer::Person(person) = purchase.buyer {
            let mut after = self.people[person].clone();
            if after.own.contains_key(purchase.product) {
                let held = after.direct.get(purchase.product);
                seen = match held.map(|licence| licence.switches.values().all(|on| *on)) {
                    None => "taken over",
                    Some(true) => "taken over beside the pool",
                    Some(false) => "taken over beside the pool, with plans that were off there",
                };
            }
            let seats = |product: Part| self.seats(product);
            expected = moved_to_pool(&mut after, purchase.product, seats);
            // All or none: a refusal leaves the person as they are.
            if expected.is_ok() {
                self.people[person] = after;
            }
        }
        match (answer, expected) {
            (Ok(_), Ok(())) => {
                let now = self.clock.seconds();
                self.purchases.all[at].become_at(Status::Deleted, now);
                self.saw(seen);
            }
            (Err(status), Err(code)) if refusal(&status) == code => {
                self.saw(&format!("not taken over: {}", code.as_str_name()));
            }
            (answer, expected) => panic!("{answer:?}, expected {expected:?}"),
        }
    }

    /// The licence stays as long as a cancelled purchase can come back, and then ends with it.
    async fn end_with_its_purchase(&mut self, at: usize) {
        let answer = self.ask_for(at, TakeOverMode::Cancel).await;
        let _tell = self.tell();
        let result = answer.unwrap().outcome.unwrap().result();
        let purchase = &mut self.purchases.all[at];
        if purchase.status == Status::Cancelled {
            assert_eq!(result, OutcomeResult::Unchanged);
            return;
        }
        assert_eq!(result, OutcomeResult::Applied);
        purchase.become_at(Status::Cancelled, self.clock.seconds());
        self.saw("a user's purchase cancelled");
    }
}
