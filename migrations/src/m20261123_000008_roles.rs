//! Which identity has which role, by version.

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
                "roles",
                &["tenant", "identity", "role"],
                vec![
                    uuid("tenant"),
                    ordered_text(manager, "identity"),
                    small_integer("role"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique(
                "roles_live",
                "roles",
                &["tenant", "identity", "role"],
            ))
            .await
    }
}
