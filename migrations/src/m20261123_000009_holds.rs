//! Retention holds on people, by version.

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
                "holds",
                &["tenant", "id"],
                vec![
                    uuid("tenant"),
                    uuid("id"),
                    uuid("user_id"),
                    text_null("reason"),
                    big_integer("placed_at"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique("holds_live", "holds", &["tenant", "id"]))
            .await?;
        manager
            .create_index(live("holds_live_user", "holds", &["tenant", "user_id"]))
            .await
    }
}
