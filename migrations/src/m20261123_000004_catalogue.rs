//! Products, service plans, and which plan is in which product, by version.

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
                "products",
                &["tenant", "id"],
                vec![
                    uuid("tenant"),
                    uuid("id"),
                    text("part_number"),
                    text("name"),
                    json_binary("aliases"),
                    small_integer("applies_to"),
                    boolean("perpetual"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique("products_live", "products", &["tenant", "id"]))
            .await?;
        manager
            .create_table(versioned(
                "product_plans",
                &["tenant", "product_id", "plan_id"],
                vec![
                    uuid("tenant"),
                    uuid("product_id"),
                    uuid("plan_id"),
                    boolean("on_by_default"),
                    big_integer("since_rev"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique(
                "product_plans_live",
                "product_plans",
                &["tenant", "product_id", "plan_id"],
            ))
            .await?;
        manager
            .create_table(versioned(
                "plans",
                &["tenant", "id"],
                vec![
                    uuid("tenant"),
                    uuid("id"),
                    text("name"),
                    text("friendly_name"),
                    json_binary("aliases"),
                    boolean("automatic"),
                    text_null("service"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique("plans_live", "plans", &["tenant", "id"]))
            .await
    }
}
