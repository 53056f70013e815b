//! A retention hold is said of a person in the person's own row, and deleted people are found by
//! their former name and by the moment of their deletion.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [text_null("hold_reason"), big_integer_null("hold_since")] {
            let mut table = Table::alter();
            manager
                .alter_table(table.table("users").add_column(column).take())
                .await?;
        }
        // Nothing was ever written to it.
        manager
            .drop_table(Table::drop().table("holds").take())
            .await?;
        for (name, columns) in [
            ("users_deleted_upn", &["tenant", "upn_key", "id"][..]),
            ("users_deleted_at", &["tenant", "deleted_at"]),
        ] {
            let mut deleted = live(name, "users", columns);
            manager
                .create_index(
                    deleted
                        .and_where(Expr::col("deleted_at").is_not_null())
                        .take(),
                )
                .await?;
        }
        Ok(())
    }
}
