//! Request ids: a retry gets the first answer again instead of a second change (write-protocol 7).

use std::collections::{BTreeSet, HashMap};

use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement};
use serde_json::Value;
use sha2::{Digest, Sha256};
use usher_domain::command::{Request, RequestKey};
use usher_domain::ids::{Instant, Revision, TenantId};
use usher_domain::plan::{Outcome, OutcomeKind};
use usher_domain::refusal::{Cause, Code};

use super::entity::requests::{Column, Entity, Model};
use super::error::StoreError;
use super::fragment::Fragment;
use super::rows::{from_json, to_json};

/// How the digest is made; moves on whenever the same request would get another one, so that a
/// retry across a new version is not taken for a different request.
const DIGEST_VERSION: i16 = 1;

/// Which request an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RequestDigest {
    version: i16,
    hash: [u8; 32],
}

/// What was answered to requests that carried an id.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    by_key: HashMap<RequestKey, (RequestDigest, Outcome)>,
}

impl Answered {
    /// The answer to give without planning: the first one, or that the id is taken.
    pub(crate) fn to(&self, request: &Request) -> Result<Option<Outcome>, StoreError> {
        let Some(key) = &request.request_key else {
            return Ok(None);
        };
        let Some((first, outcome)) = self.by_key.get(key) else {
            return Ok(None);
        };
        if first.version != DIGEST_VERSION {
            return Ok(Some(not_comparable(&key.id)));
        }
        if *first != digest_of(request)? {
            return Ok(Some(reused(&key.id)));
        }
        let mut outcome = outcome.clone();
        outcome.replayed = true;
        Ok(Some(outcome))
    }

    /// Notes an answer, and gives the row that keeps it. A refusal is judged anew each time.
    pub(crate) fn note(
        &mut self,
        request: &Request,
        outcome: &Outcome,
        revision: Option<Revision>,
        at: Instant,
    ) -> Result<Option<Model>, StoreError> {
        let Some(key) = &request.request_key else {
            return Ok(None);
        };
        if outcome.result == OutcomeKind::Failed {
            return Ok(None);
        }
        let digest = digest_of(request)?;
        self.by_key.insert(key.clone(), (digest, outcome.clone()));
        Ok(Some(Model {
            tenant: request.tenant.as_uuid(),
            identity: key.identity.to_string(),
            id: key.id.clone(),
            row_number: key.row,
            digest_version: digest.version,
            digest: digest.hash.to_vec(),
            response: to_json(outcome)?,
            revision: revision.map(|revision| revision.0),
            at: at.0,
        }))
    }
}

fn reused(id: &str) -> Outcome {
    refused(format!(
        "The request id {id} was used for a different request before. Use a new id for a new request."
    ))
}

fn not_comparable(id: &str) -> Outcome {
    refused(format!(
        "The request id {id} was used with another version of the service, and whether for the same request cannot be told. Look whether the change is there; if it is not, send it with a new id."
    ))
}

fn refused(message: String) -> Outcome {
    let mut outcome = Outcome::new(None, OutcomeKind::Failed);
    outcome.causes = vec![Cause::new(Code::RequestIdReused, message).field("request_id")];
    outcome
}

fn digest_of(request: &Request) -> Result<RequestDigest, StoreError> {
    let mut hash = Sha256::new();
    hash.update(canonical(to_json(&request.command)?).to_string());
    hash.update([u8::from(request.reason.is_some())]);
    hash.update(request.reason.as_deref().unwrap_or_default());
    Ok(RequestDigest {
        version: DIGEST_VERSION,
        hash: hash.finalize().into(),
    })
}

/// The same whatever the order of fields is, and whether those that are not mentioned are there.
fn canonical(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.into_iter().collect();
            fields.retain(|(_, value)| !value.is_null());
            fields.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            fields
                .into_iter()
                .map(|(name, value)| (name, canonical(value)))
                .collect()
        }
        Value::Array(values) => values.into_iter().map(canonical).collect(),
        plain => plain,
    }
}

/// Looks up all request ids of a batch in one query.
pub(crate) async fn load_answered(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    requests: impl Iterator<Item = &Request>,
) -> Result<Answered, StoreError> {
    let keys: Vec<&RequestKey> = requests
        .filter_map(|request| request.request_key.as_ref())
        .collect();
    if keys.is_empty() {
        return Ok(Answered::default());
    }
    // Ids and row numbers are given apart, because the index serves both only then; what matches
    // crosswise is more than was asked for, and is found by its own key or not at all.
    let ids: BTreeSet<(&str, &str)> = keys
        .iter()
        .map(|key| (key.identity.as_ref(), key.id.as_str()))
        .collect();
    let rows: BTreeSet<i64> = keys.iter().map(|key| key.row).collect();
    let ids = Value::from_iter(ids.into_iter().map(|(identity, id)| vec![identity, id]));
    let rows = Value::from_iter(rows);
    let backend = connection.get_database_backend();
    let (each, parsed) = match backend {
        DbBackend::Postgres => ("jsonb_array_elements(", "::jsonb)"),
        _ => ("json_each(", ")"),
    };
    let number = match backend {
        DbBackend::Postgres => "value::bigint",
        _ => "value",
    };
    let mut among = Fragment::new(backend, "");
    among
        .one_of("requests.identity")
        .text(&format!("value->>0 FROM {each}"))
        .value(ids.to_string())
        .text(parsed)
        .end_of_list()
        .text(" AND ")
        .one_of("requests.id")
        .text(&format!("value->>1 FROM {each}"))
        .value(ids.to_string())
        .text(parsed)
        .end_of_list()
        .text(" AND ")
        .one_of("requests.row_number")
        .text(&format!("{number} FROM {each}"))
        .value(rows.to_string())
        .text(parsed)
        .end_of_list();
    let rows = Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(SimpleExpr::from(among))
        .all(connection)
        .await?;
    let mut by_key = HashMap::with_capacity(rows.len());
    for row in rows {
        let key = RequestKey {
            identity: row.identity.into(),
            id: row.id,
            row: row.row_number,
        };
        let digest = RequestDigest {
            version: row.digest_version,
            hash: row
                .digest
                .try_into()
                .map_err(|_| StoreError::Corrupt("a digest that is not 32 bytes".to_owned()))?,
        };
        let outcome = from_json("the answer to a request id", row.response)?;
        by_key.insert(key, (digest, outcome));
    }
    Ok(Answered { by_key })
}

/// Forgets answers that nobody will ask for again; answers how many.
pub(crate) async fn forget_before(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Instant,
    most: u64,
) -> Result<u64, StoreError> {
    let key = "identity, id, row_number";
    let sql = format!(
        "DELETE FROM requests WHERE tenant = $1 AND ({key}) IN (SELECT {key} FROM requests WHERE tenant = $1 AND at < $2 ORDER BY at LIMIT {most})"
    );
    let statement = Statement::from_sql_and_values(
        connection.get_database_backend(),
        sql,
        [tenant.as_uuid().into(), moment.0.into()],
    );
    Ok(connection.execute_raw(statement).await?.rows_affected())
}

/// The tenants that keep older answers, also those for which nobody writes any more.
pub(crate) async fn tenants_with_answers_before(
    connection: &impl ConnectionTrait,
    moment: Instant,
) -> Result<Vec<TenantId>, StoreError> {
    let statement = Statement::from_sql_and_values(
        connection.get_database_backend(),
        "SELECT tenant FROM heads WHERE EXISTS (SELECT 1 FROM requests WHERE requests.tenant = heads.tenant AND requests.at < $1)",
        [moment.0.into()],
    );
    let rows = connection.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| Ok(TenantId(row.try_get("", "tenant")?)))
        .collect()
}

#[cfg(test)]
mod tests;
