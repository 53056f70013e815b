//! Finding people by the beginnings of words: a walk along the table of words from the beginning
//! asked for, a chunk at a time, until the page is full. The rarest beginning leads the walk, and
//! the people of the others are gathered first where they are few. Whom else a listing leaves out
//! is the business of `users`.
//!
//! Each query is so narrow that no database can plan it badly: left to itself, PostgreSQL joins all
//! people with all words to show ten of them.

use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, JoinType,
    Order, QueryResult, QueryTrait,
};
use usher_domain::ids::{Revision, TenantId};
use usher_domain::words::Search;
use uuid::Uuid;

use super::entity::users::{Column, Entity, Model};
use super::error::StoreError;
use super::fragment::Fragment;
use super::moment::Moment;
use super::page::{Listing, Page, PageRequest};
use super::users::{StoredUser, matching, user_of};

/// The words that a walk comes by.
const FOUND: &str = "found";
const ORDER: [&str; 3] = ["word", "upn_key", "user_id"];
/// Where a word stands in its chunk, from 1.
const NUMBER: &str = "found_number";
/// Beginnings that fewer words than this have are few.
const FEW: i64 = 10_000;
/// Words of the first chunk for each person of a page: most people have two with one beginning,
/// the name and the name in their address.
const WORDS_A_PERSON: u64 = 2;
const MAX_CHUNK: u64 = 4_096;

/// A place in the table of words.
#[derive(Clone)]
struct Place {
    word: String,
    upn_key: String,
    user_id: Uuid,
}

impl Place {
    fn of(row: &QueryResult) -> Result<Self, StoreError> {
        Ok(Self {
            word: row.try_get("", "found_word")?,
            upn_key: row.try_get("", "found_upn_key")?,
            user_id: row.try_get("", "found_user_id")?,
        })
    }
}

/// A walk for one page.
struct Walk<'s> {
    tenant: TenantId,
    moment: Moment,
    backend: DbBackend,
    /// The beginning that leads it.
    lead: &'s str,
    /// The others, and whether few words have them.
    others: Vec<(&'s str, bool)>,
    /// What else has to hold of a person.
    condition: Condition,
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
    let (lead, mut after) = match listing.position(&page.token)? {
        Some(position) => {
            let (lead, place) = place_in(search, &position.after)?;
            (Some(lead), Some(place))
        }
        None => (None, None),
    };
    let counts = counts(connection, tenant, search).await?;
    // A later page follows the beginning that the first one followed.
    let lead = lead.or_else(|| (0..counts.len()).min_by_key(|n| counts[*n]));
    let lead = lead.unwrap_or_default();
    let mut walk = Walk {
        tenant,
        moment,
        backend,
        lead: search.words.get(lead).map_or("", String::as_str),
        others: Vec::new(),
        condition,
    };
    for (n, word) in search.words.iter().enumerate().filter(|(n, _)| *n != lead) {
        walk.others.push((word, counts[n] < FEW));
    }
    for upn in &search.upns {
        walk.condition = walk
            .condition
            .add(matching(Column::UpnKey, upn.as_str(), true));
    }
    let wanted = usize::try_from(page.rows() + 1).unwrap_or(usize::MAX);
    let mut chunk = (page.rows() + 1) * WORDS_A_PERSON;
    let mut people: Vec<(Place, Model)> = Vec::new();
    while people.len() < wanted {
        let rows = connection
            .query_all(&walk.chunk(after.as_ref(), chunk))
            .await?;
        let mut is_last = true;
        for row in &rows {
            let place = Place::of(row)?;
            if row.try_get::<Option<Uuid>>("", "id")?.is_some() {
                people.push((place.clone(), Model::from_query_result(row, "")?));
            }
            is_last = u64::try_from(row.try_get::<i64>("", NUMBER)?) != Ok(chunk);
            after = Some(place);
        }
        if is_last {
            break;
        }
        chunk = std::cmp::min(chunk * 2, MAX_CHUNK);
    }
    let key = |(place, _): &(Place, Model)| {
        let Place {
            word,
            upn_key,
            user_id,
        } = place.clone();
        vec![lead.to_string(), word, upn_key, user_id.to_string()]
    };
    listing.page(revision, page, people, key, |(_, row)| user_of(row))
}

/// Which beginning led to the place, and the place.
fn place_in(search: &Search, after: &[String]) -> Result<(usize, Place), StoreError> {
    let [lead, word, upn_key, user_id] = after else {
        return Err(StoreError::BadPageToken);
    };
    let lead: usize = lead.parse().map_err(|_| StoreError::BadPageToken)?;
    let led = search.words.get(lead);
    if !led.is_some_and(|lead| word.starts_with(lead.as_str())) {
        return Err(StoreError::BadPageToken);
    }
    let place = Place {
        word: word.clone(),
        upn_key: upn_key.clone(),
        user_id: Uuid::try_parse(user_id).map_err(|_| StoreError::BadPageToken)?,
    };
    Ok((lead, place))
}

/// How many words have each beginning, of all times together, as far as `FEW`: it only says which
/// way is shorter. A single beginning leads without being counted.
async fn counts(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    search: &Search,
) -> Result<Vec<i64>, StoreError> {
    if let [_] = search.words.as_slice() {
        return Ok(vec![0]);
    }
    let mut query = Query::select();
    for (n, word) in search.words.iter().enumerate() {
        let mut sql = Fragment::new(
            connection.get_database_backend(),
            "(SELECT COUNT(*) FROM (SELECT 1 FROM user_words WHERE user_words.tenant = ",
        );
        sql.value(tenant.as_uuid())
            .text(" AND user_words.word >= ")
            .value(word.as_str())
            .text(" AND user_words.word < ")
            .value(end_of(word))
            .text(&format!(" LIMIT {FEW}) AS few)"));
        query.expr_as(SimpleExpr::from(sql), format!("count_{n}"));
    }
    let row = connection.query_one(&query).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("a count without a row".to_owned()))?;
    let count = |n| Ok(row.try_get_by_index::<i64>(n)?);
    (0..search.words.len()).map(count).collect()
}

/// Behind all words with this beginning.
fn end_of(beginning: &str) -> String {
    format!("{beginning}\u{10FFFF}")
}

impl Walk<'_> {
    /// The next words of the walk at which the search finds somebody, each with that person; and the
    /// last word of a whole chunk in any case.
    fn chunk(&self, after: Option<&Place>, chunk: u64) -> SelectStatement {
        let person = Condition::all()
            .add(Column::Tenant.eq(self.tenant.as_uuid()))
            .add(Expr::col((Entity, Column::Id)).equals((FOUND, "user_id")))
            .add(self.moment.of("users"))
            .add(self.words_of_person())
            .add(self.condition.clone());
        let mut query = Entity::find().into_query();
        query
            .from_clear()
            .from_subquery(self.words(after, chunk), FOUND);
        match self.backend {
            DbBackend::Postgres => {
                // Looked up one by one: the offset keeps it from being planned as a join of all.
                let one = Query::select()
                    .column((Entity, Asterisk))
                    .from(Entity)
                    .cond_where(person)
                    .offset(0)
                    .take();
                query.join_lateral(JoinType::LeftJoin, one, Entity, Condition::all());
            }
            _ => {
                query.join(JoinType::LeftJoin, Entity, person);
            }
        }
        let end = i64::try_from(chunk).unwrap_or(i64::MAX);
        query.expr(Expr::col((FOUND, NUMBER))).cond_where(
            Condition::any()
                .add(Column::Id.is_not_null())
                .add(Expr::col((FOUND, NUMBER)).eq(end)),
        );
        for column in ORDER {
            query
                .expr_as(Expr::col((FOUND, column)), format!("found_{column}"))
                .order_by((FOUND, column), Order::Asc);
        }
        query
    }

    fn words(&self, after: Option<&Place>, chunk: u64) -> SelectStatement {
        let word = || Expr::col(("user_words", "word"));
        let mut query = Query::select();
        query
            .columns(ORDER)
            .expr_as(
                Expr::cust(format!("ROW_NUMBER() OVER (ORDER BY {})", ORDER.join(", "))),
                NUMBER,
            )
            .from("user_words")
            .and_where(Expr::col(("user_words", "tenant")).eq(self.tenant.as_uuid()))
            .and_where(word().lt(end_of(self.lead)))
            .and_where(self.moment.of("user_words"));
        match after {
            None => query.and_where(word().gte(self.lead)),
            Some(place) => {
                let last = [
                    Expr::val(place.word.as_str()),
                    Expr::val(place.upn_key.as_str()),
                    Expr::val(place.user_id),
                ];
                query.and_where(Expr::tuple(ORDER.map(Expr::col)).gt(Expr::tuple(last)))
            }
        };
        for (beginning, _) in self.others.iter().filter(|(_, few)| *few) {
            query.and_where(self.people_with(beginning));
        }
        for column in ORDER {
            query.order_by(column, Order::Asc);
        }
        query.limit(chunk).take()
    }

    /// Has this beginning too: the people who do are gathered once.
    fn people_with(&self, beginning: &str) -> SimpleExpr {
        let moment = self.moment.condition("other");
        let mut sql = Fragment::new(
            self.backend,
            "(user_words.user_id IN (SELECT other.user_id FROM user_words AS other WHERE other.tenant = ",
        );
        sql.value(self.tenant.as_uuid())
            .text(" AND other.word >= ")
            .value(beginning)
            .text(" AND other.word < ")
            .value(end_of(beginning))
            // Without the end PostgreSQL would join the two instead.
            .text(&format!(" AND {moment})) IS TRUE"));
        sql.into()
    }

    /// The word found is the first of the person's words with its beginning, and the beginnings
    /// that too many have are there as well.
    fn words_of_person(&self) -> SimpleExpr {
        let place = match self.backend {
            DbBackend::Postgres => "strpos",
            _ => "instr",
        };
        let mut sql = Fragment::new(self.backend, "");
        sql.text(&format!("{place}(users.words, "))
            .value(format!(" {}", self.lead))
            .text(&format!(
                ") = {place}(users.words, ' ' || found.word || ' ')"
            ));
        for (beginning, _) in self.others.iter().filter(|(_, few)| !few) {
            sql.text(&format!(" AND {place}(users.words, "))
                .value(format!(" {beginning}"))
                .text(") > 0");
        }
        sql.into()
    }
}
