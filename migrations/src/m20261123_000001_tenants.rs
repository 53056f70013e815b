//! Tenants with their settings, and the one row that whoever writes for a tenant locks first.

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
                "tenants",
                &["id"],
                vec![
                    uuid("id"),
                    text("name"),
                    char_len_null("default_usage_location", 2),
                    small_integer("guest_policy"),
                    big_integer("created_at"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique("tenants_live", "tenants", &["id"]))
            .await?;
        manager
            .create_table(current(
                "heads",
                &["tenant"],
                vec![
                    uuid("tenant"),
                    big_integer("revision"),
                    binary("chain_hash"),
                    big_integer("last_at"),
                    big_integer_null("next_due"),
                    big_integer("catalogue_rev"),
                ],
            ))
            .await
    }
}
