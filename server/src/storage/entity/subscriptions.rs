//! A purchase of seats, by version.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "subscriptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub product_id: Uuid,
    pub name: String,
    pub quantity: i64,
    pub renewal_quantity: Option<i64>,
    pub status: i16,
    pub status_since: i64,
    pub trial: bool,
    pub starts_at: i64,
    pub ends_at: Option<i64>,
    pub anchor_at: i64,
    pub term_months: i64,
    pub recurring_billing: bool,
    pub grace_days: i32,
    pub disabled_days: i32,
    pub cancel_days: i32,
    pub cancel_until: Option<i64>,
    pub purchaser: Option<Uuid>,
    pub partner: Option<String>,
    pub created_at: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_rev: i64,
    pub to_rev: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
