//! Purchases of seats in the database: their rows, and loading them.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use usher_domain::ids::{Instant, ProductId, Revision, SubscriptionId, TenantId, UserId};
use usher_domain::subscription::{Subscription, SubscriptionStatus};

use super::entity::subscriptions::{Column, Entity, Model};
use super::error::StoreError;
use super::moment::Moment;
use super::rows::small_numbers;

small_numbers!(SubscriptionStatus, status_number, status_of, "a subscription in the unknown status", {
    SubscriptionStatus::Active => SubscriptionStatus::Active, 0;
    SubscriptionStatus::Expired => SubscriptionStatus::Expired, 1;
    SubscriptionStatus::Disabled => SubscriptionStatus::Disabled, 2;
    SubscriptionStatus::Cancelled => SubscriptionStatus::Cancelled, 3;
    SubscriptionStatus::Deleted => SubscriptionStatus::Deleted, 4;
});

pub(crate) fn row_of(tenant: TenantId, subscription: &Subscription, from_rev: Revision) -> Model {
    Model {
        tenant: tenant.as_uuid(),
        id: subscription.id.as_uuid(),
        product_id: subscription.product.as_uuid(),
        name: subscription.name.clone(),
        quantity: subscription.quantity,
        renewal_quantity: subscription.renewal_quantity,
        status: status_number(&subscription.status),
        status_since: subscription.status_since.0,
        trial: subscription.trial,
        starts_at: subscription.starts_at.0,
        ends_at: subscription.ends_at.map(|at| at.0),
        anchor_at: subscription.anchor_at.0,
        term_months: subscription.term_months,
        recurring_billing: subscription.recurring_billing,
        grace_days: subscription.grace_days,
        disabled_days: subscription.disabled_days,
        cancel_days: subscription.cancel_days,
        cancel_until: subscription.cancel_until.map(|at| at.0),
        purchaser: subscription.purchaser.map(UserId::as_uuid),
        partner: subscription.partner.clone(),
        created_at: subscription.created_at.0,
        from_rev: from_rev.0,
        to_rev: None,
    }
}

fn subscription_of(row: Model) -> Result<Subscription, StoreError> {
    Ok(Subscription {
        id: SubscriptionId(row.id),
        product: ProductId(row.product_id),
        name: row.name,
        quantity: row.quantity,
        renewal_quantity: row.renewal_quantity,
        status: status_of(row.status)?,
        status_since: Instant(row.status_since),
        trial: row.trial,
        starts_at: Instant(row.starts_at),
        ends_at: row.ends_at.map(Instant),
        anchor_at: Instant(row.anchor_at),
        term_months: row.term_months,
        recurring_billing: row.recurring_billing,
        grace_days: row.grace_days,
        disabled_days: row.disabled_days,
        cancel_days: row.cancel_days,
        cancel_until: row.cancel_until.map(Instant),
        purchaser: row.purchaser.map(UserId),
        partner: row.partner,
        created_at: Instant(row.created_at),
        from_rev: Revision(row.from_rev),
    })
}

/// All purchases of a tenant, oldest first. They are few: one or some for each product in use.
pub(crate) async fn load_subscriptions(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<Vec<Subscription>, StoreError> {
    Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(moment.of("subscriptions"))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?
        .into_iter()
        .map(subscription_of)
        .collect()
}
