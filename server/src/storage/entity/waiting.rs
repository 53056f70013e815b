//! A place in the queue for a seat, by version.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "waiting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub assignment_id: Uuid,
    pub product_id: Uuid,
    pub user_id: Uuid,
    pub priority: i32,
    pub since: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_rev: i64,
    pub to_rev: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
