//! Who may act in an organisation: identities, the roles that they hold, and their tokens. Data, and
//! what makes an identity well formed. What a role allows is in `crate::plan::permitted`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{Instant, Revision, TenantId, TokenId};
use crate::name_key::NameKey;
use crate::snapshot::UserProfile;

/// What an identity may do (R51).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    GlobalAdmin,
    LicenseAdmin,
    UserAdmin,
    BillingAdmin,
    GlobalReader,
}

impl Role {
    pub const ALL: [Self; 5] = [
        Self::GlobalAdmin,
        Self::LicenseAdmin,
        Self::UserAdmin,
        Self::BillingAdmin,
        Self::GlobalReader,
    ];

    /// As people read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GlobalAdmin => "Global admin",
            Self::LicenseAdmin => "License admin",
            Self::UserAdmin => "User admin",
            Self::BillingAdmin => "Billing admin",
            Self::GlobalReader => "Global reader",
        }
    }
}

/// Longest identity, in characters.
pub const MAX_IDENTITY: usize = 256;
/// What the record names for what the service does by itself; nobody else may be called so.
pub const SYSTEM: &str = "system";
/// What the record names for what is done at the server itself; nobody else may be called so.
pub const OPERATOR: &str = "operator";

const PARTNER_PREFIX: &str = "tenants/";
const PARTNER_INFIX: &str = "/identities/";

/// An identity as it is kept and compared: its name key. None when nobody can be called so.
/// An identity of another organisation, a partner's, is `tenants/{id}/identities/{name}`.
#[must_use]
pub fn identity(text: &str) -> Option<String> {
    let key = NameKey::new(text).as_str().to_owned();
    let fits = (1..=MAX_IDENTITY).contains(&key.chars().count());
    if !fits || is_reserved(&key) || text.chars().any(char::is_control) {
        return None;
    }
    if !key.starts_with(PARTNER_PREFIX) {
        return Some(key);
    }
    let (home, name) = key
        .strip_prefix(PARTNER_PREFIX)?
        .split_once(PARTNER_INFIX)?;
    let home = TenantId(Uuid::try_parse(home).ok()?);
    let plain = !name.is_empty() && !is_reserved(name) && !name.starts_with(PARTNER_PREFIX);
    plain.then(|| partner(home, name))
}

fn is_reserved(key: &str) -> bool {
    [SYSTEM, OPERATOR].contains(&key)
}

/// What an identity of one organisation is called in another one: nobody there can be called so.
#[must_use]
pub fn partner(home: TenantId, name: &str) -> String {
    format!("{PARTNER_PREFIX}{home}{PARTNER_INFIX}{name}")
}

/// Whether an identity is one of another organisation.
#[must_use]
pub fn is_partner(identity: &str) -> bool {
    identity.starts_with(PARTNER_PREFIX)
}

/// Which identity holds which roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(BTreeMap<String, BTreeSet<Role>>);

impl Roles {
    pub fn put(&mut self, identity: &str, role: Role) {
        self.0.entry(identity.to_owned()).or_default().insert(role);
    }

    pub fn remove(&mut self, identity: &str, role: Role) {
        if let Some(held) = self.0.get_mut(identity) {
            held.remove(&role);
            if held.is_empty() {
                self.0.remove(identity);
            }
        }
    }

    #[must_use]
    pub fn holds(&self, identity: &str, role: Role) -> bool {
        self.0
            .get(identity)
            .is_some_and(|held| held.contains(&role))
    }

    /// Whether this identity is the only Global admin.
    #[must_use]
    pub fn is_last_global_admin(&self, identity: &str) -> bool {
        self.holds(identity, Role::GlobalAdmin)
            && self
                .0
                .values()
                .filter(|held| held.contains(&Role::GlobalAdmin))
                .count()
                == 1
    }

    /// Whether this person is an admin: their user principal name or id is an identity with a role
    /// that changes something.
    #[must_use]
    pub fn is_admin(&self, user: &UserProfile) -> bool {
        let acts = |identity: &str| {
            self.0
                .get(identity)
                .is_some_and(|held| held.iter().any(|role| *role != Role::GlobalReader))
        };
        acts(NameKey::new(&user.upn).as_str()) || acts(&user.id.to_string())
    }

    /// Every identity with each of its roles, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Role)> {
        self.0
            .iter()
            .flat_map(|(identity, held)| held.iter().map(|role| (identity.as_str(), *role)))
    }
}

/// A token by which an identity proves itself. Its secret is nowhere, only a hash of it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    pub identity: String,
    /// Only these of the identity's roles; none stands for all of them.
    pub roles: BTreeSet<Role>,
    /// It acts in other organisations too, and names one on each call (R52).
    pub partner: bool,
    pub hash: [u8; 32],
    pub created_at: Instant,
    pub expires_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

/// The organisation itself, apart from the settings that licensing depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {
    pub name: String,
    pub created_at: Instant,
    pub from_rev: Revision,
    pub roles: Roles,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_one_whatever_its_case_and_nobody_is_called_like_the_service() {
        assert_eq!(
            identity(" Megan@Contoso.com "),
            Some("megan@contoso.com".into())
        );
        for bad in [
            "",
            "  ",
            "System",
            "Operator",
            "a\tb",
            "a\u{7}",
            &"x".repeat(257),
        ] {
            assert_eq!(identity(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn an_identity_of_another_organisation_cannot_be_taken_for_an_own_one() {
        let home = TenantId(Uuid::from_u128(7));
        let kim = partner(home, "kim");
        assert_eq!(identity(&kim.to_uppercase()), Some(kim.clone()));
        for bad in [
            "tenants/7/identities/kim".to_owned(),
            "tenants/".to_owned(),
            partner(home, ""),
            partner(home, "system"),
            partner(home, "operator"),
            partner(home, &kim),
        ] {
            assert_eq!(identity(&bad), None, "{bad}");
        }
    }

    #[test]
    fn the_last_global_admin_is_found_among_all_roles() {
        let mut roles = Roles::default();
        roles.put("megan", Role::GlobalAdmin);
        roles.put("kim", Role::UserAdmin);
        assert!(roles.is_last_global_admin("megan"));
        assert!(!roles.is_last_global_admin("kim"));
        roles.put("kim", Role::GlobalAdmin);
        assert!(!roles.is_last_global_admin("megan"));
        roles.remove("kim", Role::GlobalAdmin);
        assert!(roles.is_last_global_admin("megan"));
        assert!(roles.holds("kim", Role::UserAdmin));
    }
}
