//! The first answer to each request id, so that a retry gets it again.

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
                "requests",
                &["tenant", "identity", "id", "row_number"],
                vec![
                    uuid("tenant"),
                    ordered_text(manager, "identity"),
                    ordered_text(manager, "id"),
                    big_integer("row_number"),
                    small_integer("digest_version"),
                    binary("digest"),
                    json_binary("response"),
                    big_integer_null("revision"),
                    big_integer("at"),
                ],
            ))
            .await?;
        manager
            .create_index(index("requests_at", "requests", &["tenant", "at"]))
            .await
    }
}
