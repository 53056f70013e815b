//! What the life of a subscription needs to be remembered, and pools in which more is used than there
//! is, by version. Every tenant is due at once, so that its writer finds out what really is.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            big_integer("status_since").default(0),
            big_integer("anchor_at").default(0),
            big_integer("term_months").default(12),
            integer("cancel_days").default(7),
        ] {
            let table = Table::alter()
                .table("subscriptions")
                .add_column(column)
                .take();
            manager.alter_table(table).await?;
        }
        let drop = Table::alter()
            .table("pools")
            .drop_column("over_since")
            .take();
        manager.alter_table(drop).await?;
        manager
            .create_table(versioned(
                "over_allocations",
                &["tenant", "product_id"],
                vec![uuid("tenant"), uuid("product_id"), big_integer("since")],
            ))
            .await?;
        manager
            .create_index(live_unique(
                "over_allocations_live",
                "over_allocations",
                &["tenant", "product_id"],
            ))
            .await?;
        let connection = manager.get_connection();
        for sql in [
            "UPDATE subscriptions SET status_since = starts_at, anchor_at = COALESCE(ends_at, starts_at)",
            "UPDATE heads SET next_due = 0",
        ] {
            connection.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
