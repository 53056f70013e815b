//! Bulk changes and the outcome of each of their rows.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(current(
                "batches",
                &["tenant", "id"],
                vec![
                    uuid("tenant"),
                    uuid("id"),
                    small_integer("state"),
                    small_integer("mode"),
                    text("actor"),
                    text_null("reason"),
                    binary_null("digest"),
                    uuid_null("undoes"),
                    big_integer("created_at"),
                    big_integer_null("finished_at"),
                    big_integer("row_count"),
                    big_integer("cursor"),
                    big_integer("epoch"),
                    big_integer_null("lease_until"),
                    boolean("cancel_asked"),
                ],
            ))
            .await?;
        manager
            .create_index(index(
                "batches_tenant",
                "batches",
                &["tenant", "created_at"],
            ))
            .await?;
        manager
            .create_table(current(
                "batch_rows",
                &["tenant", "batch", "position"],
                vec![
                    uuid("tenant"),
                    uuid("batch"),
                    big_integer("position"),
                    json_binary("command"),
                    json_binary_null("outcome"),
                    text_null("code"),
                ],
            ))
            .await
    }
}
