//! The record of every change: its rows, its chain, and listing it (R53, R54).

use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use usher_domain::chain::{FORMAT_VERSION, link};
use usher_domain::command::Request;
use usher_domain::ids::{BatchId, Instant, Revision, TenantId};
use usher_domain::plan::RecordEntry;

use super::entity::records::{Column, Entity, Model};
use super::error::StoreError;
use super::fragment::Fragment;
use super::lock::Head;
use super::page::{Listing, MAX_PAGE, Page, PageRequest};

/// What the texts of one page take together, at most: more does not fit into every answer.
const PAGE_BYTES: i64 = 3 * 1024 * 1024;
const SIZE: &str = r#"CAST(octet_length("before") + octet_length("after") AS bigint)"#;

/// One change, as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The change's number; the rows that it made carry it.
    pub revision: Revision,
    /// When it was made.
    pub at: Instant,
    /// Who made it.
    pub actor: String,
    /// The batch that it was a part of.
    pub batch: Option<BatchId>,
    /// Why, in the caller's words.
    pub reason: Option<String>,
    /// The id that the caller gave the request.
    pub request_id: Option<String>,
    /// What was done.
    pub action: String,
    /// What kind of thing was changed.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: String,
    /// JSON: the rows that ended.
    pub before: String,
    /// JSON: the rows that began.
    pub after: String,
    /// The link of the chain that this change made.
    pub hash: [u8; 32],
}

/// Which records a listing shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// Changes of this thing.
    pub subject_id: Option<String>,
    /// Changes by this identity.
    pub actor: Option<String>,
    /// What was done.
    pub action: Option<String>,
    /// Changes by the request with this id.
    pub request_id: Option<String>,
    /// Changes whose reason contains this.
    pub reason: Option<String>,
    /// Changes of this batch.
    pub batch: Option<BatchId>,
    /// Changes from this moment on.
    pub since: Option<Instant>,
    /// Changes before this moment.
    pub until: Option<Instant>,
    /// Changes after this revision.
    pub after: Option<Revision>,
    /// The newest first.
    pub newest_first: bool,
}

/// Makes the next link of the chain and moves the head on to it.
pub(crate) fn link_next(
    head: &mut Head,
    tenant: TenantId,
    request: &Request,
    at: Instant,
    entry: RecordEntry,
) -> Result<Model, StoreError> {
    let format = i16::try_from(FORMAT_VERSION)
        .map_err(|_| StoreError::Corrupt("a chain format that has no number".to_owned()))?;
    head.revision.0 += 1;
    head.last_at = at;
    let mut row = Model {
        tenant: tenant.as_uuid(),
        revision: head.revision.0,
        at: at.0,
        actor: request.actor.identity.to_string(),
        batch: request.batch.map(BatchId::as_uuid),
        reason: request.reason.clone(),
        request_id: request.request_key.as_ref().map(|key| key.id.clone()),
        action: entry.action.as_str().to_owned(),
        subject_kind: entry.subject.kind().to_owned(),
        subject_id: entry.subject.id(),
        before: entry.before,
        after: entry.after,
        format,
        hash: Vec::new(),
    };
    head.chain_hash = link_of(&head.chain_hash, &row);
    row.hash = head.chain_hash.to_vec();
    Ok(row)
}

/// The link that a record makes to the one before.
pub(crate) fn link_of(previous: &[u8; 32], row: &Model) -> [u8; 32] {
    // An absent value and an empty one must not look the same.
    let presence = [
        u8::from(row.batch.is_some()),
        u8::from(row.reason.is_some()),
        u8::from(row.request_id.is_some()),
    ];
    let format = u16::try_from(row.format).unwrap_or_default();
    link(
        previous,
        format,
        &[
            row.tenant.as_bytes(),
            &row.revision.to_be_bytes(),
            &row.at.to_be_bytes(),
            row.actor.as_bytes(),
            &presence,
            row.batch.unwrap_or_default().as_bytes(),
            row.reason.as_deref().unwrap_or_default().as_bytes(),
            row.request_id.as_deref().unwrap_or_default().as_bytes(),
            row.action.as_bytes(),
            row.subject_kind.as_bytes(),
            row.subject_id.as_bytes(),
            row.before.as_bytes(),
            row.after.as_bytes(),
        ],
    )
}

fn record_of(row: Model) -> Result<Record, StoreError> {
    Ok(Record {
        revision: Revision(row.revision),
        at: Instant(row.at),
        actor: row.actor,
        batch: row.batch.map(BatchId),
        reason: row.reason,
        request_id: row.request_id,
        action: row.action,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        before: row.before,
        after: row.after,
        hash: row
            .hash
            .try_into()
            .map_err(|_| StoreError::Corrupt("a link that is not 32 bytes".to_owned()))?,
    })
}

/// The last revision that was there at a moment; the zeroth before the first change.
pub(crate) async fn revision_at(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Instant,
) -> Result<Revision, StoreError> {
    let last = Entity::find()
        .select_only()
        .column(Column::Revision)
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(Column::At.lte(moment.0))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Revision)
        .limit(1)
        .into_tuple::<i64>()
        .one(connection)
        .await?;
    Ok(Revision(last.unwrap_or(0)))
}

/// When the first change was made.
pub(crate) async fn first_at(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
) -> Result<Option<Instant>, StoreError> {
    let first = Entity::find()
        .select_only()
        .column(Column::At)
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .order_by_asc(Column::Revision)
        .limit(1)
        .into_tuple::<i64>()
        .one(connection)
        .await?;
    Ok(first.map(Instant))
}

/// Whether the chain has this link.
pub(crate) async fn has_link(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    link: &Head,
) -> Result<bool, StoreError> {
    let row = Entity::find_by_id((tenant.as_uuid(), link.revision.0))
        .one(connection)
        .await?;
    Ok(row.is_some_and(|row| row.hash == link.chain_hash))
}

/// One page of records, up to a revision.
pub(crate) async fn list_records(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    revision: Revision,
    filter: &RecordFilter,
    page: &PageRequest,
) -> Result<Page<Record>, StoreError> {
    let listing = Listing::new("records", &(tenant, filter));
    let mut query = Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(Column::Revision.lte(revision.0));
    for (column, wanted) in [
        (Column::SubjectId, &filter.subject_id),
        (Column::Actor, &filter.actor),
        (Column::Action, &filter.action),
        (Column::RequestId, &filter.request_id),
    ] {
        if let Some(wanted) = wanted {
            query = query.filter(column.eq(wanted.as_str()));
        }
    }
    if let Some(part) = &filter.reason {
        query = query.filter(contains(connection.get_database_backend(), part));
    }
    if let Some(batch) = filter.batch {
        query = query.filter(Column::Batch.eq(batch.as_uuid()));
    }
    if let Some(since) = filter.since {
        query = query.filter(Column::At.gte(since.0));
    }
    if let Some(until) = filter.until {
        query = query.filter(Column::At.lt(until.0));
    }
    if let Some(after) = filter.after {
        query = query.filter(Column::Revision.gt(after.0));
    }
    if let Some(position) = listing.position(&page.token)? {
        let last: i64 = match position.after.as_slice() {
            [last] => last.parse().map_err(|_| StoreError::BadPageToken)?,
            _ => return Err(StoreError::BadPageToken),
        };
        query = query.filter(if filter.newest_first {
            Column::Revision.lt(last)
        } else {
            Column::Revision.gt(last)
        });
    }
    let query = if filter.newest_first {
        query.order_by_desc(Column::Revision)
    } else {
        query.order_by_asc(Column::Revision)
    };
    let sizes: Vec<i64> = query
        .clone()
        .select_only()
        .expr(Expr::cust(SIZE))
        .limit(page.rows())
        .into_tuple()
        .all(connection)
        .await?;
    let page = PageRequest {
        size: fitting(&sizes),
        token: page.token.clone(),
    };
    let rows = query.limit(page.rows() + 1).all(connection).await?;
    let key = |row: &Model| vec![row.revision.to_string()];
    listing.page(revision, &page, rows, key, record_of)
}

/// Whether the reason has this part. Case counts: the two databases fold it differently.
fn contains(backend: DbBackend, part: &str) -> SimpleExpr {
    let mut found = Fragment::new(
        backend,
        match backend {
            DbBackend::Postgres => "strpos(records.reason, ",
            _ => "instr(records.reason, ",
        },
    );
    found.value(part).text(") > 0");
    found.into()
}

/// How many of these records one page takes: at least one, whatever its size.
fn fitting(sizes: &[i64]) -> u32 {
    let mut total = 0;
    let fit = sizes.iter().take_while(|size| {
        total += **size;
        total <= PAGE_BYTES
    });
    u32::try_from(fit.count()).unwrap_or(MAX_PAGE).max(1)
}
