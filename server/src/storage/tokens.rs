//! API tokens in the database: their rows, loading them, and finding one by the hash of its secret.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use usher_domain::access::Token;
use usher_domain::ids::{Instant, TenantId, TokenId};
use uuid::Uuid;

use super::entity::tokens::{Column, Entity, Model};
use super::error::StoreError;
use super::rows::{from_json, to_json};

pub(crate) fn row_of(tenant: TenantId, token: &Token) -> Result<Model, StoreError> {
    Ok(Model {
        tenant: tenant.as_uuid(),
        id: token.id.as_uuid(),
        name: token.name.clone(),
        identity: token.identity.clone(),
        roles: to_json(&token.roles)?,
        hash: token.hash.to_vec(),
        created_at: token.created_at.0,
        expires_at: token.expires_at.map(|at| at.0),
        revoked_at: token.revoked_at.map(|at| at.0),
        partner: token.partner,
    })
}

fn token_of(row: Model) -> Result<Token, StoreError> {
    Ok(Token {
        id: TokenId(row.id),
        name: row.name,
        identity: row.identity,
        roles: from_json("the roles of a token", row.roles)?,
        partner: row.partner,
        hash: row
            .hash
            .try_into()
            .map_err(|_| StoreError::Corrupt("a token hash that is not 32 bytes".to_owned()))?,
        created_at: Instant(row.created_at),
        expires_at: row.expires_at.map(Instant),
        revoked_at: row.revoked_at.map(Instant),
    })
}

/// All tokens of a tenant, those that ended too: when they did is a part of them.
pub(crate) async fn load_tokens(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
) -> Result<Vec<Token>, StoreError> {
    Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .all(connection)
        .await?
        .into_iter()
        .map(token_of)
        .collect()
}

/// The token whose secret has this hash, and its tenant.
pub(crate) async fn find_token(
    connection: &impl ConnectionTrait,
    hash: &[u8; 32],
) -> Result<Option<(TenantId, Token)>, StoreError> {
    let row = Entity::find()
        .filter(Column::Hash.eq(hash.to_vec()))
        .one(connection)
        .await?;
    row.map(|row| Ok((TenantId(row.tenant), token_of(row)?)))
        .transpose()
}

/// Ends tokens; there are few in one batch.
pub(crate) async fn revoke_all(
    transaction: &DatabaseTransaction,
    tenant: TenantId,
    revoked: Vec<(Uuid, i64)>,
) -> Result<(), StoreError> {
    for (id, at) in revoked {
        let ended = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::val(at))
            .filter(Column::Tenant.eq(tenant.as_uuid()))
            .filter(Column::Id.eq(id))
            .filter(Column::RevokedAt.is_null())
            .exec(transaction)
            .await?;
        if ended.rows_affected != 1 {
            return Err(StoreError::Corrupt(format!(
                "the token {id} was to end, and did not"
            )));
        }
    }
    Ok(())
}
