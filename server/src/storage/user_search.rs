//! Finding people by the beginnings of words: a walk along the words from the beginning asked for,
//! which ends with the page. Whom else a listing leaves out is the business of `users`.

use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryResult,
    QueryTrait,
};
use usher_domain::ids::{Revision, TenantId};
use usher_domain::words::Search;
use uuid::Uuid;

use super::entity::users::{Column, Entity, Model};
use super::error::StoreError;
use super::fragment::Fragment;
use super::moment::Moment;
use super::page::{Listing, Page, PageRequest, Position};
use super::users::{StoredUser, matching, user_of};

const FOUND: &str = "found";

/// A person, with the word that led there.
struct Found {
    word: String,
    row: Model,
}

impl Found {
    fn of(row: &QueryResult) -> Result<Self, StoreError> {
        Ok(Self {
            word: row.try_get("", "found_word")?,
            row: Model::from_query_result(row, "")?,
        })
    }

    fn key(&self) -> Vec<String> {
        vec![
            self.word.clone(),
            self.row.upn_key.clone(),
            self.row.id.to_string(),
        ]
    }
}

/// One page of those whom a search finds and `condition` lets through, by the word found and the
/// UPN. Who has several words with the beginning comes once, by the first of them.
pub(crate) async fn search_users(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    revision: Revision,
    (search, condition): (&Search, Condition),
    (listing, page): (&Listing, &PageRequest),
) -> Result<Page<StoredUser>, StoreError> {
    let backend = connection.get_database_backend();
    let mut query = Entity::find().into_query();
    query
        .from_clear()
        .from_as("user_words", FOUND)
        // SQLite keeps the order of a cross join: first the word, then its person.
        .cross_join(Entity)
        .expr_as(Expr::col((FOUND, "word")), "found_word")
        .and_where(Expr::col((FOUND, "tenant")).eq(tenant.as_uuid()))
        .and_where(moment.of(FOUND))
        .and_where(Column::Tenant.eq(tenant.as_uuid()))
        .and_where(Expr::col((Entity, Column::Id)).equals((FOUND, "user_id")))
        .and_where(moment.of("users"))
        .cond_where(condition)
        .and_where(words_of(backend, search));
    for upn in &search.upns {
        query.and_where(matching(Column::UpnKey, upn.as_str(), true));
    }
    begin(&mut query, search, listing.position(&page.token)?)?;
    for column in ORDER {
        query.order_by((FOUND, column), sea_orm::Order::Asc);
    }
    query.limit(page.rows() + 1);
    let rows = connection.query_all(&query).await?;
    let rows = rows.iter().map(Found::of).collect::<Result<Vec<_>, _>>()?;
    listing.page(revision, page, rows, Found::key, |found| user_of(found.row))
}

const ORDER: [&str; 3] = ["word", "upn_key", "user_id"];

/// Where the walk begins and ends.
fn begin(
    query: &mut SelectStatement,
    search: &Search,
    position: Option<Position>,
) -> Result<(), StoreError> {
    let word = || Expr::col((FOUND, "word"));
    query.and_where(word().lt(format!("{}\u{10FFFF}", search.first)));
    let Some(position) = position else {
        query.and_where(word().gte(search.first.as_str()));
        return Ok(());
    };
    let [word, upn_key, id] = position.after.as_slice() else {
        return Err(StoreError::BadPageToken);
    };
    let id = Uuid::try_parse(id).map_err(|_| StoreError::BadPageToken)?;
    let last = [
        Expr::val(word.as_str()),
        Expr::val(upn_key.as_str()),
        Expr::val(id),
    ];
    query.and_where(
        Expr::tuple(ORDER.map(|column| Expr::col((FOUND, column)))).gt(Expr::tuple(last)),
    );
    Ok(())
}

/// The word is the first of the person's words with its beginning, and the others are there too.
fn words_of(backend: DbBackend, search: &Search) -> SimpleExpr {
    let place = match backend {
        DbBackend::Postgres => "strpos",
        _ => "instr",
    };
    let mut sql = Fragment::new(backend, "");
    sql.text(&format!("{place}(users.words, "))
        .value(format!(" {}", search.first))
        .text(&format!(
            ") = {place}(users.words, ' ' || found.word || ' ')"
        ));
    for word in &search.others {
        sql.text(&format!(" AND {place}(users.words, "))
            .value(format!(" {word}"))
            .text(") > 0");
    }
    sql.into()
}
