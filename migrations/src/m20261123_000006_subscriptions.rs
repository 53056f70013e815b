//! Purchases by version, and the seats of each product as they are now.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(versioned(
                "subscriptions",
                &["tenant", "id"],
                vec![
                    uuid("tenant"),
                    uuid("id"),
                    uuid("product_id"),
                    text("name"),
                    big_integer("quantity"),
                    big_integer_null("renewal_quantity"),
                    small_integer("status"),
                    boolean("trial"),
                    big_integer("starts_at"),
                    big_integer_null("ends_at"),
                    boolean("recurring_billing"),
                    integer("grace_days"),
                    integer("disabled_days"),
                    big_integer_null("cancel_until"),
                    uuid_null("purchaser"),
                    text_null("partner"),
                    big_integer("created_at"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique(
                "subscriptions_live",
                "subscriptions",
                &["tenant", "id"],
            ))
            .await?;
        manager
            .create_index(live(
                "subscriptions_live_product",
                "subscriptions",
                &["tenant", "product_id"],
            ))
            .await?;
        manager
            .create_table(current(
                "pools",
                &["tenant", "product_id"],
                vec![
                    uuid("tenant"),
                    uuid("product_id"),
                    big_integer("enabled"),
                    big_integer("warning"),
                    big_integer("suspended"),
                    big_integer("locked_out"),
                    big_integer("consumed"),
                    big_integer_null("over_since"),
                ],
            ))
            .await
    }
}
