//! Paths to licences with their switches, state and held-off plans, and the queues for seats, by version.

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
                "assignments",
                &["tenant", "id"],
                vec![
                    uuid("tenant"),
                    uuid("id"),
                    uuid("user_id"),
                    uuid("product_id"),
                    uuid("path"),
                    small_integer("state"),
                    json_binary_null("detail"),
                    json_binary_null("switches"),
                    small_integer("new_plans"),
                    json_binary_null("held_off"),
                    boolean("self_service"),
                    big_integer("began_at"),
                    big_integer("began_rev"),
                    uuid_null("batch"),
                    text("actor"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique(
                "assignments_live",
                "assignments",
                &["tenant", "user_id", "product_id", "path", "self_service"],
            ))
            .await?;
        manager
            .create_index(live(
                "assignments_live_product",
                "assignments",
                &["tenant", "product_id", "user_id", "id"],
            ))
            .await?;
        manager
            .create_index(past(
                "assignments_past_user",
                "assignments",
                &["tenant", "user_id", "to_rev"],
            ))
            .await?;
        manager
            .create_index(past(
                "assignments_past",
                "assignments",
                &["tenant", "to_rev"],
            ))
            .await?;
        add_waiting(manager).await
    }
}

async fn add_waiting(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(versioned(
            "waiting",
            &["tenant", "assignment_id"],
            vec![
                uuid("tenant"),
                uuid("assignment_id"),
                uuid("product_id"),
                uuid("user_id"),
                integer("priority"),
                big_integer("since"),
            ],
        ))
        .await?;
    manager
        .create_index(live_unique(
            "waiting_live",
            "waiting",
            &["tenant", "assignment_id"],
        ))
        .await?;
    manager
        .create_index(live(
            "waiting_live_order",
            "waiting",
            &["tenant", "product_id", "priority", "since", "assignment_id"],
        ))
        .await?;
    manager
        .create_index(past("waiting_past", "waiting", &["tenant", "to_rev"]))
        .await
}
