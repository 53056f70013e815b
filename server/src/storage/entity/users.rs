//! A person, by version.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub upn: String,
    pub upn_key: String,
    pub display_name: String,
    pub name_key: String,
    pub given_name: Option<String>,
    pub surname: Option<String>,
    pub mail: Option<String>,
    pub job_title: Option<String>,
    pub department: Option<String>,
    pub department_key: Option<String>,
    pub user_type: i16,
    pub account_enabled: bool,
    pub usage_location: Option<String>,
    pub country: Option<String>,
    pub state: Option<String>,
    pub city: Option<String>,
    pub office: Option<String>,
    pub postal_code: Option<String>,
    pub street_address: Option<String>,
    pub phone: Option<String>,
    pub mobile: Option<String>,
    pub created_at: i64,
    pub deleted_at: Option<i64>,
    pub hold_reason: Option<String>,
    pub hold_since: Option<i64>,
    /// The words by which the person is found, with blanks around each.
    pub words: String,
    /// Keys of texts that are not the text with its ASCII letters in lower case, by column.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub folded: Option<Json>,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_rev: i64,
    pub to_rev: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
