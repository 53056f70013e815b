//! Services are rules like the others, which name their plans: what was laid out for them apart goes.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("services").take())
            .await?;
        manager
            .alter_table(Table::alter().table("plans").drop_column("service").take())
            .await
    }
}
