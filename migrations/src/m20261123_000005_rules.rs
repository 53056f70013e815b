//! The rules that an operator imports (exclusion, prerequisite, country) and the services that keep data, by version.

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
                "rules",
                &["tenant", "id"],
                vec![
                    uuid("tenant"),
                    ordered_text(manager, "id"),
                    json_binary("body"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique("rules_live", "rules", &["tenant", "id"]))
            .await?;
        manager
            .create_table(versioned(
                "services",
                &["tenant", "id"],
                vec![
                    uuid("tenant"),
                    ordered_text(manager, "id"),
                    text("label"),
                    small_integer("data_kind"),
                    integer("days_kept"),
                    json_binary("plans"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique("services_live", "services", &["tenant", "id"]))
            .await
    }
}
