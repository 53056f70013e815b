//! Words and keys of the people who are there, a thousand versions at a time.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::Uuid;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use serde_json::{Map, Value as Json};
use usher_domain::NameKey;
use usher_domain::words::{Version, Words, spans};

const ROWS: usize = 1_000;

/// The texts that have no key column of their own.
const TEXTS: [&str; 12] = [
    "given_name",
    "surname",
    "mail",
    "job_title",
    "country",
    "state",
    "city",
    "office",
    "postal_code",
    "street_address",
    "phone",
    "mobile",
];

/// One version of a person.
struct Row {
    tenant: Uuid,
    id: Uuid,
    upn_key: String,
    from_rev: i64,
    to_rev: Option<i64>,
    words: String,
    folded: Map<String, Json>,
}

impl Row {
    fn of(row: &QueryResult) -> Result<Self, DbErr> {
        let upn: String = row.try_get("", "upn")?;
        let display_name: String = row.try_get("", "display_name")?;
        let mut folded = Map::new();
        let mut names = vec![display_name];
        for column in TEXTS {
            let Some(text) = row.try_get::<Option<String>>("", column)? else {
                continue;
            };
            if let Some(key) = NameKey::unless_plain(&text) {
                folded.insert(column.to_owned(), key.to_string().into());
            }
            if column == "given_name" || column == "surname" {
                names.push(text);
            }
        }
        Ok(Self {
            tenant: row.try_get("", "tenant")?,
            id: row.try_get("", "id")?,
            upn_key: row.try_get("", "upn_key")?,
            from_rev: row.try_get("", "from_rev")?,
            to_rev: row.try_get("", "to_rev")?,
            words: Words::of(names.iter().map(String::as_str), &upn).line(),
            folded,
        })
    }

    fn person(&self) -> (Uuid, Uuid) {
        (self.tenant, self.id)
    }
}

pub(super) async fn run(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    let mut after = (Uuid::nil(), Uuid::nil(), 0);
    // The versions of the last person of a page may go on on the next one.
    let mut rows: Vec<Row> = Vec::new();
    loop {
        let page = page_after(connection, after).await?;
        let is_last = page.len() < ROWS;
        set_columns(connection, &page).await?;
        if let Some(row) = page.last() {
            after = (row.tenant, row.id, row.from_rev);
        }
        rows.extend(page);
        let whole = match rows.last().map(Row::person) {
            Some(last) if !is_last => rows.partition_point(|row| row.person() < last),
            _ => rows.len(),
        };
        let rest = rows.split_off(whole);
        insert_words(connection, &rows).await?;
        rows = rest;
        if is_last {
            return Ok(());
        }
    }
}

async fn page_after(
    connection: &impl ConnectionTrait,
    (tenant, id, from_rev): (Uuid, Uuid, i64),
) -> Result<Vec<Row>, DbErr> {
    let sql = format!(
        "SELECT tenant, id, upn, upn_key, display_name, from_rev, to_rev, {} FROM users WHERE (tenant, id, from_rev) > ($1, $2, $3) ORDER BY tenant, id, from_rev LIMIT {ROWS}",
        TEXTS.join(", ")
    );
    let values: [Value; 3] = [tenant.into(), id.into(), from_rev.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let rows = connection.query_all_raw(statement).await?;
    rows.iter().map(Row::of).collect()
}

async fn set_columns(connection: &impl ConnectionTrait, rows: &[Row]) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let backend = connection.get_database_backend();
    let json = match backend {
        DbBackend::Postgres => "::jsonb",
        _ => "",
    };
    let mut sql = String::from("WITH found (tenant, id, from_rev, words, folded) AS (VALUES ");
    let mut values: Vec<Value> = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        let first = n * 5 + 1;
        sql.push_str(if n == 0 { "" } else { ", " });
        sql.push_str(&format!(
            "(${first}, ${}, ${}, ${}, ${}{json})",
            first + 1,
            first + 2,
            first + 3,
            first + 4
        ));
        let folded = (!row.folded.is_empty()).then(|| Json::Object(row.folded.clone()).to_string());
        values.extend([
            row.tenant.into(),
            row.id.into(),
            row.from_rev.into(),
            row.words.clone().into(),
            folded.into(),
        ]);
    }
    sql.push_str(") UPDATE users SET words = found.words, folded = found.folded FROM found WHERE users.tenant = found.tenant AND users.id = found.id AND users.from_rev = found.from_rev");
    let statement = Statement::from_sql_and_values(backend, sql, values);
    connection.execute_raw(statement).await?;
    Ok(())
}

async fn insert_words(connection: &impl ConnectionTrait, rows: &[Row]) -> Result<(), DbErr> {
    let columns = ["tenant", "word", "upn_key", "user_id", "from_rev", "to_rev"];
    let mut found: Vec<[Value; 6]> = Vec::new();
    for versions in rows.chunk_by(|a, b| a.person() == b.person()) {
        let lines = versions.iter().map(|row| Version {
            line: &row.words,
            key: &row.upn_key,
            from_rev: row.from_rev,
            to_rev: row.to_rev,
        });
        let Some(person) = versions.first() else {
            continue;
        };
        found.extend(spans(lines).into_iter().map(|span| {
            [
                person.tenant.into(),
                span.word.into(),
                span.key.into(),
                person.id.into(),
                span.from_rev.into(),
                span.to_rev.into(),
            ]
        }));
    }
    for some in found.chunks(ROWS) {
        let mut insert = Query::insert();
        insert.into_table("user_words").columns(columns);
        for values in some {
            let values = values.clone().map(Expr::val);
            insert
                .values(values)
                .map_err(|error| DbErr::Custom(error.to_string()))?;
        }
        connection.execute(&insert).await?;
    }
    Ok(())
}
