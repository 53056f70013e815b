//! Whether a token acts in other organisations too.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::boolean;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("tokens")
                    .add_column(boolean("partner").default(false))
                    .take(),
            )
            .await?;
        // A partner's organisations are those in which its identity holds a role.
        manager
            .create_index(
                Index::create()
                    .name("roles_live_identity")
                    .table("roles")
                    .col("identity")
                    .and_where(Expr::col("to_rev").is_null())
                    .take(),
            )
            .await
    }
}
