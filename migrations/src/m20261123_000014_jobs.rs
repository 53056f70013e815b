//! Work that goes on without a caller, claimed by lease and epoch.

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
                "jobs",
                &["id"],
                vec![
                    uuid("tenant"),
                    uuid("id"),
                    text("kind"),
                    json_binary("payload"),
                    small_integer("state"),
                    big_integer("run_at"),
                    big_integer("epoch"),
                    big_integer_null("lease_until"),
                    integer("attempts"),
                    json_binary_null("error"),
                ],
            ))
            .await?;
        manager
            .create_index(index("jobs_due", "jobs", &["state", "run_at"]))
            .await
    }
}
