//! A service plan, by version.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub friendly_name: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub aliases: Json,
    pub automatic: bool,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_rev: i64,
    pub to_rev: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
