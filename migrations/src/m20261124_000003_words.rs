//! The words by which people are found, by version, and the keys by which their other texts are
//! compared. People who are there already get theirs.

mod backfill;

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::columns::*;

/// As in the migration of the other figures: for a large tenant.
const STATISTICS: &str = "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('user_words', 'user_words', '400000 400000 40 1 1 1')";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        for column in [
            // All words of the row in one text.
            text("words").default("").take(),
            // Keys of texts that are not the text in lower case, by column.
            json_binary_null("folded"),
        ] {
            let mut table = Table::alter();
            manager
                .alter_table(table.table("users").add_column(column).take())
                .await?;
        }
        let mut words = versioned(
            "user_words",
            &["tenant", "word", "upn_key", "user_id"],
            vec![
                uuid("tenant"),
                ordered_text(manager, "word"),
                ordered_text(manager, "upn_key"),
                uuid("user_id"),
            ],
        );
        if sqlite {
            // One tree instead of a table and its index: an import writes each word once.
            words.extra("WITHOUT ROWID");
        }
        manager.create_table(words).await?;
        let connection = manager.get_connection();
        backfill::run(connection).await?;
        if sqlite {
            connection.execute_unprepared(STATISTICS).await?;
            connection
                .execute_unprepared("ANALYZE sqlite_schema")
                .await?;
        }
        Ok(())
    }
}
