//! Groups, who belongs to them, and the products they carry, by version.

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
                "groups",
                &["tenant", "id"],
                vec![
                    uuid("tenant"),
                    uuid("id"),
                    text("name"),
                    ordered_text(manager, "name_key"),
                    text_null("description"),
                    text_null("membership_rule"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique("groups_live", "groups", &["tenant", "id"]))
            .await?;
        manager
            .create_index(live(
                "groups_live_name",
                "groups",
                &["tenant", "name_key", "id"],
            ))
            .await?;
        manager
            .create_table(versioned(
                "memberships",
                &["tenant", "group_id", "member_id"],
                vec![
                    uuid("tenant"),
                    uuid("group_id"),
                    uuid("member_id"),
                    small_integer("member_kind"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique(
                "memberships_live",
                "memberships",
                &["tenant", "group_id", "member_id"],
            ))
            .await?;
        manager
            .create_index(live(
                "memberships_live_member",
                "memberships",
                &["tenant", "member_id"],
            ))
            .await?;
        manager
            .create_table(versioned(
                "group_licenses",
                &["tenant", "group_id", "product_id"],
                vec![
                    uuid("tenant"),
                    uuid("group_id"),
                    uuid("product_id"),
                    json_binary("switches"),
                    small_integer("new_plans"),
                ],
            ))
            .await?;
        manager
            .create_index(live_unique(
                "group_licenses_live",
                "group_licenses",
                &["tenant", "group_id", "product_id"],
            ))
            .await?;
        manager
            .create_index(live(
                "group_licenses_live_product",
                "group_licenses",
                &["tenant", "product_id"],
            ))
            .await
    }
}
