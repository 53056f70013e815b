//! Roles and tokens on the wire and in the domain.

use usher::name::Collection;
use usher::v1 as wire;
use usher_domain::access::{Role, Token};

use super::fields::Fields;
use super::time;

/// The role of a request, which has to be said.
pub(crate) fn role(field: &str, number: i32, fields: &mut Fields) -> Option<Role> {
    let role = wire::Role::try_from(number).ok().and_then(known);
    if role.is_none() {
        let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
        fields.fault(
            field,
            format!(
                "The field {field} names no role. There are {}.",
                names.join(", ")
            ),
        );
    }
    role
}

fn known(role: wire::Role) -> Option<Role> {
    match role {
        wire::Role::Unspecified => None,
        wire::Role::GlobalAdmin => Some(Role::GlobalAdmin),
        wire::Role::LicenseAdmin => Some(Role::LicenseAdmin),
        wire::Role::UserAdmin => Some(Role::UserAdmin),
        wire::Role::BillingAdmin => Some(Role::BillingAdmin),
        wire::Role::GlobalReader => Some(Role::GlobalReader),
    }
}

pub(crate) fn role_to_wire(role: Role) -> wire::Role {
    match role {
        Role::GlobalAdmin => wire::Role::GlobalAdmin,
        Role::LicenseAdmin => wire::Role::LicenseAdmin,
        Role::UserAdmin => wire::Role::UserAdmin,
        Role::BillingAdmin => wire::Role::BillingAdmin,
        Role::GlobalReader => wire::Role::GlobalReader,
    }
}

pub(crate) fn assignment_to_wire(identity: &str, role: Role) -> wire::RoleAssignment {
    wire::RoleAssignment {
        identity: identity.to_owned(),
        role: role_to_wire(role).into(),
    }
}

/// A token as people may see it: without anything of its secret.
pub(crate) fn token_to_wire(token: &Token) -> wire::ApiToken {
    wire::ApiToken {
        name: Collection::ApiTokens.name(token.id),
        id: token.id.to_string(),
        display_name: token.name.clone(),
        identity: token.identity.clone(),
        roles: token
            .roles
            .iter()
            .map(|role| role_to_wire(*role).into())
            .collect(),
        partner: token.partner,
        create_time: Some(time::to_wire(token.created_at)),
        expire_time: token.expires_at.map(time::to_wire),
        revoke_time: token.revoked_at.map(time::to_wire),
    }
}
