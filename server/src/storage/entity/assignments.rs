//! One path by which a user is to have a product, by version.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "assignments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub product_id: Uuid,
    pub path: Uuid,
    pub state: i16,
    #[sea_orm(column_type = "JsonBinary")]
    pub detail: Option<Json>,
    #[sea_orm(column_type = "JsonBinary")]
    pub switches: Option<Json>,
    pub new_plans: i16,
    #[sea_orm(column_type = "JsonBinary")]
    pub held_off: Option<Json>,
    pub self_service: bool,
    pub began_at: i64,
    pub began_rev: i64,
    pub batch: Option<Uuid>,
    pub actor: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_rev: i64,
    pub to_rev: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
