//! R4-R8: seats of a pool.

use super::{Example, RuleText};
use crate::catalogue::Catalogue;
use crate::ids::ProductId;
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::Pool;

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R4", "R5", "R6", "R7", "R8"],
    name: "seats",
    statement: "A user takes one seat of a product as long as any path to it is active; a change \
                that takes a seat more than there are is refused, one that takes none never is.",
    codes: &[Code::SubscriptionSuspended, Code::NoAvailableSeats],
    examples: &[
        Example {
            when: "5 and 8 seats were bought and 13 are used, and one more is asked for",
            then: "refused with NO_AVAILABLE_SEATS: 1 more seat to buy",
        },
        Example {
            when: "a holder through a group gets the product directly from an over-allocated pool",
            then: "applied with 0 seats",
        },
    ],
};

/// Whether a pool can take `net` seats more.
pub(crate) fn check(
    catalogue: &Catalogue,
    product: ProductId,
    pool: Pool,
    net: i64,
) -> Option<Cause> {
    let more = net.saturating_sub(pool.available());
    if net <= 0 || more <= 0 {
        return None;
    }
    let name = catalogue.product_name(product);
    let (total, consumed) = (pool.total(), pool.consumed);
    let cause = if pool.is_suspended() {
        let stopped = pool.suspended + pool.locked_out;
        Cause::new(
            Code::SubscriptionSuspended,
            format!("{name} has no working seat: its {stopped} seats are suspended or locked out"),
        )
        .next("Reactivate the subscription, or buy seats")
        .fix(Fix::ReactivateProduct { product })
    } else {
        Cause::new(
            Code::NoAvailableSeats,
            format!("{name} has no free seat: {consumed} of {total} are in use"),
        )
        .next(match more {
            1 => format!("Buy 1 more seat of {name}"),
            more => format!("Buy {more} more seats of {name}"),
        })
    };
    Some(
        cause
            .fix(Fix::BuySeats { product, more })
            .with("product", product)
            .with("total", total)
            .with("consumed", consumed)
            .with("missing", more),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn judge(pool: Pool, net: i64) -> Option<Cause> {
        check(
            &Catalogue::default(),
            ProductId(Uuid::from_u128(1)),
            pool,
            net,
        )
    }

    #[test]
    fn the_answer_says_how_many_to_buy() {
        let pool = Pool {
            enabled: 10,
            warning: 3,
            consumed: 15,
            ..Pool::default()
        };
        let cause = judge(pool, 1).unwrap();
        assert_eq!(cause.code, Code::NoAvailableSeats);
        assert_eq!(cause.metadata["missing"], "3");
        assert!(cause.message.contains("15 of 13"), "{}", cause.message);
    }

    #[test]
    fn a_pool_without_a_working_seat_is_suspended_only_when_some_could_come_back() {
        let lapsed = Pool {
            suspended: 5,
            ..Pool::default()
        };
        assert_eq!(judge(lapsed, 1).unwrap().code, Code::SubscriptionSuspended);
        assert_eq!(
            judge(Pool::default(), 1).unwrap().code,
            Code::NoAvailableSeats
        );
        let grace = Pool {
            warning: 1,
            suspended: 5,
            consumed: 1,
            ..Pool::default()
        };
        assert_eq!(judge(grace, 1).unwrap().code, Code::NoAvailableSeats);
    }

    proptest! {
        #[test]
        fn a_change_is_refused_exactly_when_it_takes_what_is_not_there(
            enabled in 0i64..20, warning in 0i64..20, suspended in 0i64..5, consumed in 0i64..50, net in -5i64..5,
        ) {
            let pool = Pool { enabled, warning, suspended, consumed, locked_out: 0 };
            let refused = net > 0 && consumed + net > enabled + warning;
            prop_assert_eq!(judge(pool, net).is_some(), refused);
        }
    }
}
