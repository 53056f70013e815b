//! Writing the words by which people are found, beside their rows and in the same transaction. Only
//! what changes is written: a word that stays is one row, however often its person changes.

use std::collections::HashMap;

use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter,
    QuerySelect,
};
use usher_domain::ids::TenantId;
use usher_domain::words::{Version, spans};
use uuid::Uuid;

use super::entity::{user_words, users};
use super::error::StoreError;
use super::fragment::Fragment;
use super::sets::{Closing, close_all, insert_all};

/// What changes about the words of a batch of people.
pub(crate) struct WordChanges {
    ended: Vec<Closing<4>>,
    begun: Vec<user_words::Model>,
}

/// A live row, before the batch ends it.
#[derive(FromQueryResult)]
struct Before {
    id: Uuid,
    upn_key: String,
    words: String,
    from_rev: i64,
}

impl WordChanges {
    /// What the versions that a batch begins and ends bring; to be asked before any is written.
    pub(crate) async fn of(
        transaction: &DatabaseTransaction,
        tenant: TenantId,
        begun: &[users::Model],
        ended: &[(Uuid, i64)],
    ) -> Result<Self, StoreError> {
        let before = rows_before(transaction, tenant, ended).await?;
        let mut changes = Self {
            ended: Vec::new(),
            begun: Vec::new(),
        };
        let mut versions: HashMap<Uuid, Vec<Version<'_>>> = HashMap::new();
        let to_revs: HashMap<Uuid, i64> = ended.iter().copied().collect();
        for row in &before {
            versions.entry(row.id).or_default().push(Version {
                line: &row.words,
                key: &row.upn_key,
                from_rev: row.from_rev,
                to_rev: to_revs.get(&row.id).copied(),
            });
        }
        for row in begun {
            versions.entry(row.id).or_default().push(Version {
                line: &row.words,
                key: &row.upn_key,
                from_rev: row.from_rev,
                to_rev: row.to_rev,
            });
        }
        let stored: HashMap<Uuid, i64> = before.iter().map(|row| (row.id, row.from_rev)).collect();
        for (user, versions) in versions {
            changes.add(tenant, user, versions, stored.get(&user).copied());
        }
        // Neighbours in the table are written one after the other.
        changes
            .begun
            .sort_unstable_by(|a, b| (&a.word, &a.upn_key).cmp(&(&b.word, &b.upn_key)));
        Ok(changes)
    }

    /// The words of one person; those of the version that began at `stored` are in the table.
    fn add(
        &mut self,
        tenant: TenantId,
        user: Uuid,
        versions: Vec<Version<'_>>,
        stored: Option<i64>,
    ) {
        for span in spans(versions) {
            if Some(span.from_rev) != stored {
                self.begun.push(user_words::Model {
                    tenant: tenant.as_uuid(),
                    word: span.word.to_owned(),
                    upn_key: span.key.to_owned(),
                    user_id: user,
                    from_rev: span.from_rev,
                    to_rev: span.to_rev,
                });
            } else if let Some(to_rev) = span.to_rev {
                self.ended.push(Closing {
                    key: [
                        tenant.as_uuid().into(),
                        span.word.into(),
                        span.key.into(),
                        user.into(),
                    ],
                    to_rev,
                });
            }
        }
    }

    pub(crate) async fn write(self, transaction: &DatabaseTransaction) -> Result<(), StoreError> {
        let key = ["tenant", "word", "upn_key", "user_id"];
        close_all(transaction, "user_words", key, self.ended).await?;
        insert_all::<user_words::Entity>(transaction, self.begun).await
    }
}

async fn rows_before(
    transaction: &DatabaseTransaction,
    tenant: TenantId,
    ended: &[(Uuid, i64)],
) -> Result<Vec<Before>, StoreError> {
    use users::Column;
    if ended.is_empty() {
        return Ok(Vec::new());
    }
    let mut among = Fragment::new(transaction.get_database_backend(), "");
    among
        .one_of("users.id")
        .ids(ended.iter().map(|(id, _)| *id))
        .end_of_list();
    let rows = users::Entity::find()
        .select_only()
        .columns([Column::Id, Column::UpnKey, Column::Words, Column::FromRev])
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(SimpleExpr::from(among))
        .filter(Column::ToRev.is_null())
        .into_model::<Before>()
        .all(transaction)
        .await?;
    Ok(rows)
}
