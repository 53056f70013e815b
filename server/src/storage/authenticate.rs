//! Who a secret belongs to, and where that identity may act: read on every call, since a token that
//! was revoked or a role that was taken away must not open anything any more, on any process.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use usher_domain::NameKey;
use usher_domain::access::{Role, Token, partner};
use usher_domain::ids::TenantId;
use uuid::Uuid;

use super::entity::tenants;
use super::error::StoreError;
use super::moment::Moment;
use super::roles::{roles_everywhere, roles_in};
use super::store::Store;
use super::tokens::find_token;

/// A token that was presented with its secret.
#[derive(Clone, Debug)]
pub(crate) struct Presented {
    /// The organisation that made it.
    pub(crate) home: TenantId,
    pub(crate) token: Token,
}

/// In which organisation an identity acts, under what name, and with which roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Acting {
    pub(crate) tenant: TenantId,
    pub(crate) identity: String,
    pub(crate) roles: BTreeSet<Role>,
}

impl Store {
    /// The token whose secret has this hash, as it is now.
    pub(crate) async fn presented(&self, hash: &[u8; 32]) -> Result<Option<Presented>, StoreError> {
        let found = find_token(self.reader(), hash).await?;
        Ok(found.map(|(home, token)| Presented { home, token }))
    }

    /// What the token's identity may do at home.
    pub(crate) async fn acting_at_home(&self, presented: &Presented) -> Result<Acting, StoreError> {
        let Presented { home, token } = presented;
        let roles = roles_in(self.reader(), *home, &token.identity).await?;
        Ok(Acting {
            tenant: *home,
            identity: token.identity.clone(),
            roles: narrowed(token, roles),
        })
    }

    /// Every organisation in which a partner's token may act, with the name of each.
    pub(crate) async fn acting_anywhere(
        &self,
        presented: &Presented,
    ) -> Result<Vec<(Acting, String)>, StoreError> {
        let Presented { home, token } = presented;
        let elsewhere = partner(*home, &token.identity);
        let mut places = roles_everywhere(self.reader(), &elsewhere).await?;
        // Its name elsewhere is nobody's name at home.
        places.remove(&home.as_uuid());
        let at_home = self.acting_at_home(presented).await?;
        let names = self
            .names_of(places.keys().copied().chain([home.as_uuid()]))
            .await?;
        let acting = places.into_iter().map(|(id, roles)| Acting {
            tenant: TenantId(id),
            identity: elsewhere.clone(),
            roles: narrowed(token, roles),
        });
        let with_roles = acting
            .chain([at_home])
            .filter(|acting| !acting.roles.is_empty());
        Ok(with_roles
            .filter_map(|acting| {
                let name = names.iter().find(|(id, _)| *id == acting.tenant.as_uuid());
                name.map(|(_, name)| (acting.clone(), name.clone()))
            })
            .collect())
    }

    /// Every organisation of the database that has begun, with its name.
    pub(crate) async fn all_tenants(&self) -> Result<Vec<(TenantId, String)>, StoreError> {
        let mut named = self.names_of([]).await?;
        named.retain(|(_, name)| !name.is_empty());
        Ok(named
            .into_iter()
            .map(|(id, name)| (TenantId(id), name))
            .collect())
    }

    /// Every organisation of the database whose id or name this is.
    pub(crate) async fn tenants_called(&self, text: &str) -> Result<Vec<TenantId>, StoreError> {
        let mut all = self.all_tenants().await?;
        all.retain(|(id, name)| is_called(id.as_uuid(), name, text));
        Ok(all.into_iter().map(|(id, _)| id).collect())
    }

    /// What an organisation is called.
    pub(crate) async fn name_of(&self, tenant: TenantId) -> Result<Option<String>, StoreError> {
        let names = self.names_of([tenant.as_uuid()]).await?;
        Ok(names.into_iter().next().map(|(_, name)| name))
    }

    /// The organisations of these ids with their names; all of them where none is named.
    async fn names_of(
        &self,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> Result<Vec<(Uuid, String)>, StoreError> {
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let mut find = tenants::Entity::find().filter(Moment::Live.of("tenants"));
        if !ids.is_empty() {
            find = find.filter(tenants::Column::Id.is_in(ids));
        }
        let rows = find.all(self.reader()).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }
}

/// Whether an organisation is meant by its id or its name. What reads like an id is one: nobody can
/// call an organisation like another one's.
pub(crate) fn is_called(id: Uuid, name: &str, text: &str) -> bool {
    match Uuid::try_parse(text.trim()) {
        Ok(meant) => meant == id,
        Err(_) => NameKey::new(name) == NameKey::new(text),
    }
}

fn narrowed(token: &Token, roles: BTreeSet<Role>) -> BTreeSet<Role> {
    if token.roles.is_empty() {
        return roles;
    }
    roles.intersection(&token.roles).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_like_an_id_is_no_name() {
        let (id, other) = (Uuid::from_u128(7), Uuid::from_u128(8));
        assert!(is_called(id, "Contoso", &format!(" {id} ")));
        assert!(is_called(id, "Contoso", " CONTOSO"));
        assert!(!is_called(other, &id.to_string(), &id.to_string()));
    }
}
