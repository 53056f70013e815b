//! Taking what is known of a person out of every version of the row, so that a past moment shows
//! that somebody was there and not who (R54).

use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, Iterable, QueryFilter,
    QuerySelect,
};
use usher_domain::ids::TenantId;
use uuid::Uuid;

use super::entity::user_words;
use super::entity::users::{Column, Entity};
use super::error::StoreError;
use super::fragment::Fragment;

/// What becomes of a column: a new one has to be thought about here.
enum Becomes {
    Kept,
    Empty,
    Null,
}

const fn becomes(column: &Column) -> Becomes {
    match column {
        // What licensing depended on, which the record says too.
        Column::Tenant
        | Column::Id
        | Column::UserType
        | Column::AccountEnabled
        | Column::UsageLocation
        | Column::CreatedAt
        | Column::DeletedAt
        | Column::HoldSince
        | Column::FromRev
        | Column::ToRev => Becomes::Kept,
        Column::Upn | Column::UpnKey | Column::DisplayName | Column::NameKey | Column::Words => {
            Becomes::Empty
        }
        Column::GivenName
        | Column::Surname
        | Column::Mail
        | Column::JobTitle
        | Column::Department
        | Column::DepartmentKey
        | Column::Country
        | Column::State
        | Column::City
        | Column::Office
        | Column::PostalCode
        | Column::StreetAddress
        | Column::Phone
        | Column::Mobile
        | Column::HoldReason
        | Column::Folded => Becomes::Null,
    }
}

/// Erases these people, in a few statements.
pub(crate) async fn users(
    transaction: &DatabaseTransaction,
    tenant: TenantId,
    users: Vec<Uuid>,
) -> Result<(), StoreError> {
    if users.is_empty() {
        return Ok(());
    }
    words(transaction, tenant, &users).await?;
    let mut update = Entity::update_many()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(among(transaction, "users.id", &users));
    for column in Column::iter() {
        update = match becomes(&column) {
            Becomes::Kept => update,
            Becomes::Empty => update.col_expr(column, Expr::val("")),
            Becomes::Null => update.col_expr(column, Expr::cust("NULL")),
        };
    }
    update.exec(transaction).await?;
    Ok(())
}

/// The words by which they were ever found: their table is ordered by word and name, which the rows
/// still say.
async fn words(
    transaction: &DatabaseTransaction,
    tenant: TenantId,
    users: &[Uuid],
) -> Result<(), StoreError> {
    let rows: Vec<(String, String)> = Entity::find()
        .select_only()
        .column(Column::Words)
        .column(Column::UpnKey)
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(among(transaction, "users.id", users))
        .into_tuple()
        .all(transaction)
        .await?;
    let lines = rows.iter().flat_map(|(words, _)| words.split_whitespace());
    let words: BTreeSet<&str> = lines.collect();
    let names: BTreeSet<&str> = rows.iter().map(|(_, name)| name.as_str()).collect();
    user_words::Entity::delete_many()
        .filter(user_words::Column::Tenant.eq(tenant.as_uuid()))
        .filter(texts(transaction, "user_words.word", words))
        .filter(texts(transaction, "user_words.upn_key", names))
        .filter(among(transaction, "user_words.user_id", users))
        .exec(transaction)
        .await?;
    Ok(())
}

fn among(connection: &impl ConnectionTrait, column: &str, users: &[Uuid]) -> SimpleExpr {
    let mut among = Fragment::new(connection.get_database_backend(), "");
    among
        .one_of(column)
        .ids(users.iter().copied())
        .end_of_list();
    among.into()
}

fn texts(connection: &impl ConnectionTrait, column: &str, texts: BTreeSet<&str>) -> SimpleExpr {
    let mut among = Fragment::new(connection.get_database_backend(), "");
    let texts = texts.into_iter().map(str::to_owned);
    among.one_of(column).texts(texts).end_of_list();
    among.into()
}
