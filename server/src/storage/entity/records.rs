//! One link of a tenant's chain of changes.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "records")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    pub at: i64,
    pub actor: String,
    pub batch: Option<Uuid>,
    pub reason: Option<String>,
    pub request_id: Option<String>,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub before: String,
    pub after: String,
    pub format: i16,
    pub hash: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
