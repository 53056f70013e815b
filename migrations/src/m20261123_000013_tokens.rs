//! API tokens, kept as hashes only.

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
                "tokens",
                &["id"],
                vec![
                    uuid("tenant"),
                    uuid("id"),
                    text("name"),
                    text("identity"),
                    json_binary("roles"),
                    binary("hash"),
                    big_integer("created_at"),
                    big_integer_null("expires_at"),
                    big_integer_null("revoked_at"),
                ],
            ))
            .await?;
        manager
            .create_index(index("tokens_hash", "tokens", &["hash"]).unique().take())
            .await?;
        manager
            .create_index(index("tokens_tenant", "tokens", &["tenant"]))
            .await
    }
}
