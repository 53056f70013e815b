//! The append-only record of every change, one hash chain a tenant.

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
                "records",
                &["tenant", "revision"],
                vec![
                    uuid("tenant"),
                    big_integer("revision"),
                    big_integer("at"),
                    text("actor"),
                    uuid_null("batch"),
                    text_null("reason"),
                    text_null("request_id"),
                    text("action"),
                    text("subject_kind"),
                    text("subject_id"),
                    // Text, not JSON: the chain is over these very bytes.
                    text("before"),
                    text("after"),
                    small_integer("format"),
                    binary("hash"),
                ],
            ))
            .await?;
        manager
            .create_index(index(
                "records_at",
                "records",
                &["tenant", "at", "revision"],
            ))
            .await?;
        manager
            .create_index(index(
                "records_subject",
                "records",
                &["tenant", "subject_id", "revision"],
            ))
            .await
    }
}
