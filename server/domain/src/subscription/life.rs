//! The life of a subscription as a function of its dates (R41): what comes next, when, and what it
//! is then. Nothing here looks at a clock.

use super::{Subscription, SubscriptionStatus};
use crate::ids::Instant;

/// What happens to a subscription by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransitionKind {
    /// The next term begins.
    Renew,
    /// The term ended; the seats still work.
    Expire,
    /// The days of grace ended; the seats are suspended.
    Disable,
    /// It cannot be brought back any more.
    Delete,
}

/// What comes next, and when it falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    pub at: Instant,
    pub kind: TransitionKind,
}

impl Subscription {
    /// What comes next by itself; nothing does for a deleted one and for a perpetual one that works.
    #[must_use]
    pub fn next_transition(&self) -> Option<Transition> {
        let (at, kind) = match self.status {
            SubscriptionStatus::Active if self.renews() => (self.ends_at?, TransitionKind::Renew),
            SubscriptionStatus::Active => (self.ends_at?, TransitionKind::Expire),
            SubscriptionStatus::Expired => (self.grace_ends_at()?, TransitionKind::Disable),
            SubscriptionStatus::Disabled | SubscriptionStatus::Cancelled => {
                (self.deleted_at()?, TransitionKind::Delete)
            }
            SubscriptionStatus::Deleted => return None,
        };
        Some(Transition { at, kind })
    }

    /// Whether the end of the term begins the next one. A trial ends unless it was bought.
    #[must_use]
    pub const fn renews(&self) -> bool {
        self.recurring_billing && !self.trial
    }

    /// When its days of grace end, unless it is renewed before.
    #[must_use]
    pub fn grace_ends_at(&self) -> Option<Instant> {
        let expired = match self.status {
            SubscriptionStatus::Active => self.ends_at?,
            SubscriptionStatus::Expired => self.status_since,
            _ => return None,
        };
        Some(expired.plus_days(self.grace_days.into()))
    }

    /// When it can no longer be brought back, unless it is renewed before.
    #[must_use]
    pub fn deleted_at(&self) -> Option<Instant> {
        let stopped = match self.status {
            SubscriptionStatus::Active | SubscriptionStatus::Expired => self.grace_ends_at()?,
            SubscriptionStatus::Disabled | SubscriptionStatus::Cancelled => self.status_since,
            SubscriptionStatus::Deleted => return None,
        };
        Some(stopped.plus_days(self.disabled_days.into()))
    }

    /// What it is after the transition that comes next.
    #[must_use]
    pub fn after(&self, transition: Transition) -> Self {
        let mut next = self.clone();
        next.status_since = transition.at;
        match transition.kind {
            TransitionKind::Renew => {
                next.status_since = self.status_since;
                next.begin_term(transition.at, None, None);
            }
            TransitionKind::Expire => next.status = SubscriptionStatus::Expired,
            TransitionKind::Disable => next.status = SubscriptionStatus::Disabled,
            TransitionKind::Delete => next.status = SubscriptionStatus::Deleted,
        }
        next
    }

    /// Begins a term at its end, or now where it has ended: with the quantity asked for, else the
    /// one that was said for the renewal. Whoever renews a trial has bought it. A term that still
    /// runs is made longer: what was said for its end stays said, and no window opens to cancel it.
    pub(crate) fn begin_term(&mut self, now: Instant, quantity: Option<i64>, months: Option<i64>) {
        let runs_on = self.runs_on(now);
        if !runs_on {
            self.quantity = self.renewal_quantity.take().unwrap_or(self.quantity);
            self.cancel_until = Some(now.plus_days(self.cancel_days.into()));
        }
        self.quantity = quantity.unwrap_or(self.quantity);
        self.trial = false;
        self.term_months = months.unwrap_or(self.term_months);
        if self.status != SubscriptionStatus::Active {
            self.status = SubscriptionStatus::Active;
            self.status_since = now;
        }
        if let Some(end) = self.ends_at {
            self.ends_at = Some(self.next_end(end, now));
        }
    }

    /// Whether its term has not ended yet.
    pub(crate) fn runs_on(&self, now: Instant) -> bool {
        self.status == SubscriptionStatus::Active && self.ends_at.is_some_and(|end| end > now)
    }

    /// The end of the term that follows on one that ended at `end`: so many months on from the
    /// anchor that a short month in between leaves no trace.
    fn next_end(&mut self, end: Instant, now: Instant) -> Instant {
        if end < now {
            self.anchor_at = now;
            return now.plus_months(self.term_months);
        }
        let gone = end.months_since(self.anchor_at);
        self.anchor_at.plus_months(gone + self.term_months)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fixture::bought;

    /// 2026-01-31, noon.
    const END_OF_JANUARY: Instant = Instant(1_769_860_800_000_000);

    fn monthly() -> Subscription {
        Subscription {
            ends_at: Some(END_OF_JANUARY.plus_months(1)),
            anchor_at: END_OF_JANUARY,
            term_months: 1,
            ..bought(END_OF_JANUARY)
        }
    }

    fn walk(mut subscription: Subscription, until: Instant) -> Vec<(Instant, TransitionKind)> {
        let mut seen = Vec::new();
        while let Some(next) = subscription
            .next_transition()
            .filter(|next| next.at <= until)
        {
            subscription = subscription.after(next);
            seen.push((next.at, next.kind));
        }
        seen
    }

    #[test]
    fn a_month_that_is_short_does_not_shorten_those_after_it() {
        let ends: Vec<Instant> = walk(monthly(), END_OF_JANUARY.plus_months(5))
            .into_iter()
            .map(|(at, _)| at)
            .collect();
        let expected: Vec<Instant> = (1..=5).map(|n| END_OF_JANUARY.plus_months(n)).collect();
        assert_eq!(ends, expected);
    }

    #[test]
    fn without_billing_it_passes_through_every_status_once() {
        let subscription = Subscription {
            recurring_billing: false,
            ..monthly()
        };
        let end = END_OF_JANUARY.plus_months(1);
        let expected = [
            (end, TransitionKind::Expire),
            (end.plus_days(30), TransitionKind::Disable),
            (end.plus_days(120), TransitionKind::Delete),
        ];
        assert_eq!(walk(subscription, END_OF_JANUARY.plus_days(400)), expected);
    }

    #[test]
    fn a_trial_ends_until_it_is_bought() {
        let mut trial = Subscription {
            trial: true,
            ..monthly()
        };
        assert_eq!(
            trial.next_transition().unwrap().kind,
            TransitionKind::Expire
        );
        trial.begin_term(END_OF_JANUARY, None, Some(12));
        assert_eq!(trial.next_transition().unwrap().kind, TransitionKind::Renew);
        assert_eq!(trial.ends_at, Some(END_OF_JANUARY.plus_months(13)));
    }

    #[test]
    fn a_perpetual_one_never_ends_and_a_cancelled_one_does() {
        let mut perpetual = Subscription {
            ends_at: None,
            ..monthly()
        };
        assert_eq!(perpetual.next_transition(), None);
        perpetual.status = SubscriptionStatus::Cancelled;
        let expected = Transition {
            at: END_OF_JANUARY.plus_days(90),
            kind: TransitionKind::Delete,
        };
        assert_eq!(perpetual.next_transition(), Some(expected));
    }

    #[test]
    fn a_renewal_takes_the_quantity_that_was_said_for_it() {
        let subscription = Subscription {
            renewal_quantity: Some(3),
            ..monthly()
        };
        let next = subscription.next_transition().unwrap();
        let renewed = subscription.after(next);
        assert_eq!((renewed.quantity, renewed.renewal_quantity), (3, None));
        assert_eq!(renewed.cancel_until, Some(next.at.plus_days(7)));
    }

    proptest! {
        #[test]
        fn the_status_on_a_day_does_not_depend_on_when_it_was_looked_at(
            grace in 0i32..50, disabled in 0i32..120, billing: bool, stops in prop::collection::vec(0i64..500, 0..6),
        ) {
            let subscription = Subscription {
                grace_days: grace,
                disabled_days: disabled,
                recurring_billing: billing,
                ..monthly()
            };
            let reach = |mut subscription: Subscription, day: i64| {
                let until = END_OF_JANUARY.plus_days(day);
                while let Some(next) = subscription.next_transition().filter(|next| next.at <= until) {
                    subscription = subscription.after(next);
                }
                subscription
            };
            let mut by_steps = subscription.clone();
            let mut days = stops;
            days.push(500);
            days.sort_unstable();
            for day in days {
                by_steps = reach(by_steps, day);
            }
            prop_assert_eq!(by_steps, reach(subscription, 500));
        }

        #[test]
        fn transitions_never_go_back_in_time(grace in 0i32..50, disabled in 0i32..50, billing: bool) {
            let subscription = Subscription {
                grace_days: grace,
                disabled_days: disabled,
                recurring_billing: billing,
                ..monthly()
            };
            let seen = walk(subscription, END_OF_JANUARY.plus_days(800));
            prop_assert!(seen.is_sorted_by_key(|(at, _)| *at), "{:?}", seen);
        }
    }
}
