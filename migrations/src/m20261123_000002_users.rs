//! People, by version.

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
                "users",
                &["tenant", "id"],
                vec![
                    uuid("tenant"),
                    uuid("id"),
                    text("upn"),
                    ordered_text(manager, "upn_key"),
                    text("display_name"),
                    ordered_text(manager, "name_key"),
                    text_null("given_name"),
                    text_null("surname"),
                    text_null("mail"),
                    text_null("job_title"),
                    text_null("department"),
                    text_null("department_key"),
                    small_integer("user_type"),
                    boolean("account_enabled"),
                    char_len_null("usage_location", 2),
                    text_null("country"),
                    text_null("state"),
                    text_null("city"),
                    text_null("office"),
                    text_null("postal_code"),
                    text_null("street_address"),
                    text_null("phone"),
                    text_null("mobile"),
                    big_integer("created_at"),
                    big_integer_null("deleted_at"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique("users_live", "users", &["tenant", "id"]))
            .await?;
        let mut upn = live_unique("users_live_upn", "users", &["tenant", "upn_key"]);
        manager
            .create_index(upn.and_where(Expr::col("deleted_at").is_null()).take())
            .await?;
        manager
            .create_index(live(
                "users_live_name",
                "users",
                &["tenant", "name_key", "id"],
            ))
            .await?;
        manager
            .create_index(live(
                "users_live_department",
                "users",
                &["tenant", "department_key"],
            ))
            .await?;
        manager
            .create_index(past("users_past", "users", &["tenant", "to_rev"]))
            .await?;
        // A long way back more people have changed than one page shows.
        manager
            .create_index(past(
                "users_past_upn",
                "users",
                &["tenant", "upn_key", "id", "to_rev"],
            ))
            .await
    }
}
