//! The Licenses page: the seats of a product as one object.

use usher::v1::{LicensePool, NextLapse, SubscriptionStatus};
use usher_object::Value;

use super::subscription::next_word;
use super::{Shape, date, instant, text};

/// The seats of one product.
pub static LICENSE_POOL: Shape<LicensePool> = Shape {
    name: "LicensePool",
    properties: &[
        ("PartNumber", |pool| text(&pool.part_number)),
        ("DisplayName", |pool| text(&pool.display_name)),
        ("Total", |pool| Value::Int(pool.total)),
        ("Consumed", |pool| Value::Int(pool.consumed)),
        ("Available", |pool| Value::Int(pool.available)),
        ("Remark", |pool| remark(pool).into()),
        ("Enabled", |pool| Value::Int(pool.enabled)),
        ("Warning", |pool| Value::Int(pool.warning)),
        ("Suspended", |pool| Value::Int(pool.suspended)),
        ("LockedOut", |pool| Value::Int(pool.locked_out)),
        ("Waiting", |pool| Value::Int(pool.waiting)),
        ("SelfService", |pool| Value::Int(pool.self_service_seats)),
        ("SelfServiceConsumed", |pool| {
            Value::Int(pool.self_service_consumed)
        }),
        ("Subscriptions", |pool| Value::Int(pool.subscriptions)),
        ("OverAllocatedSince", |pool| {
            instant(pool.over_allocated_time.as_ref())
        }),
        ("Deadline", |pool| instant(pool.deadline_time.as_ref())),
        ("Overdue", |pool| Value::Bool(pool.overdue)),
        ("NextLapse", |pool| {
            instant(
                pool.next_lapse
                    .as_ref()
                    .and_then(|next| next.lapse_time.as_ref()),
            )
        }),
        ("NextLapseQuantity", |pool| {
            pool.next_lapse.as_ref().map(|next| next.quantity).into()
        }),
        ("NextLapseSubscription", |pool| {
            pool.next_lapse
                .as_ref()
                .map(|next| next.subscription_id.as_str())
                .into()
        }),
        ("ProductId", |pool| text(&pool.product_id)),
    ],
    columns: &[
        "PartNumber",
        "DisplayName",
        "Total",
        "Consumed",
        "Available",
        "Remark",
    ],
    details: &[],
};

/// What an admin should see of a pool at once, the worst first.
fn remark(pool: &LicensePool) -> Option<String> {
    let mut remarks = Vec::new();
    if pool.available < 0 {
        let over = pool.available.saturating_neg();
        remarks.push(match pool.deadline_time.as_ref().and_then(date) {
            Some(day) if pool.overdue => format!("{over} over, overdue since {day}"),
            Some(day) => format!("{over} over until {day}"),
            None => format!("{over} over"),
        });
    }
    if pool.total == 0 && pool.suspended.saturating_add(pool.locked_out) > 0 {
        remarks.push("suspended".to_owned());
    } else if pool.warning > 0 {
        remarks.push(format!("{} in grace", pool.warning));
    }
    if pool.waiting > 0 {
        remarks.push(format!("{} waiting", pool.waiting));
    }
    remarks.extend(pool.next_lapse.as_ref().and_then(lapse));
    if pool.self_service_seats > 0 {
        remarks.push(format!("{} self-service", pool.self_service_seats));
    }
    (!remarks.is_empty()).then(|| remarks.join(", "))
}

fn lapse(next: &NextLapse) -> Option<String> {
    let day = next.lapse_time.as_ref().and_then(date)?;
    let word = match (next.status(), next.quantity) {
        (SubscriptionStatus::Active, _) => "fewer",
        (status, 1) => next_word(status)?,
        (status, _) => next_word(status)?.trim_end_matches('s'),
    };
    Some(format!("{} {word} {day}", next.quantity))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use prost_types::Timestamp;

    use super::*;

    fn day(days: i64) -> Option<Timestamp> {
        Some(Timestamp {
            seconds: days * 86_400,
            nanos: 5,
        })
    }

    #[test]
    fn a_pool_without_trouble_has_no_remark() {
        let pool = LicensePool {
            total: 5,
            available: 5,
            ..LicensePool::default()
        };
        assert_eq!(remark(&pool), None);
    }

    #[test]
    fn the_worst_comes_first() {
        let mut pool = LicensePool {
            total: 20,
            consumed: 23,
            available: -3,
            warning: 15,
            waiting: 2,
            self_service_seats: 1,
            deadline_time: day(20_000),
            next_lapse: Some(NextLapse {
                lapse_time: day(19_900),
                status: SubscriptionStatus::Disabled.into(),
                quantity: 15,
                subscription_id: "x".into(),
            }),
            ..LicensePool::default()
        };
        expect![
            "3 over until 2024-10-04, 15 in grace, 2 waiting, 15 lapse 2024-06-26, 1 self-service"
        ]
        .assert_eq(&remark(&pool).unwrap());
        pool.overdue = true;
        expect!["3 over, overdue since 2024-10-04, 15 in grace, 2 waiting, 15 lapse 2024-06-26, 1 self-service"]
            .assert_eq(&remark(&pool).unwrap());
        let stopped = LicensePool {
            consumed: 4,
            available: -4,
            suspended: 5,
            next_lapse: Some(NextLapse {
                lapse_time: day(19_900),
                status: SubscriptionStatus::Deleted.into(),
                quantity: 1,
                subscription_id: "x".into(),
            }),
            ..LicensePool::default()
        };
        expect!["4 over, suspended, 1 ends 2024-06-26"].assert_eq(&remark(&stopped).unwrap());
    }
}
