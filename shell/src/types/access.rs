//! Who is connected to what, roles, tokens and organisations, as objects.

use usher::v1::{ApiToken, GuestPolicy, Role, RoleAssignment, Tenant, WhoAmIResponse};
use usher_object::Value;

use super::{Shape, instant, text, texts};

/// Roles, as they are written.
pub const ROLES: &[&str] = &[
    "GlobalAdmin",
    "LicenseAdmin",
    "UserAdmin",
    "BillingAdmin",
    "GlobalReader",
];

const ROLE_NUMBERS: [Role; 5] = [
    Role::GlobalAdmin,
    Role::LicenseAdmin,
    Role::UserAdmin,
    Role::BillingAdmin,
    Role::GlobalReader,
];

/// The role of a name, ignoring case.
#[must_use]
pub fn role_of(name: &str) -> Role {
    let mut names = ROLES.iter().zip(ROLE_NUMBERS);
    let found = names.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map_or(Role::Unspecified, |(_, role)| role)
}

fn role_name(role: Role) -> &'static str {
    let mut names = ROLES.iter().zip(ROLE_NUMBERS);
    let found = names.find(|(_, known)| *known == role);
    found.map_or("", |(name, _)| name)
}

/// The session, with what the service says of it.
pub struct SessionInfo {
    /// What the service says.
    pub caller: WhoAmIResponse,
    /// Where the service is, in words.
    pub server: String,
    /// The profile that the service was named by.
    pub profile: Option<String>,
    /// Form of the results.
    pub output: &'static str,
    /// Every changing command is refused.
    pub read_only: bool,
    /// Users that one command may change without being asked.
    pub people_limit: usize,
    /// Rows that a script may change.
    pub write_limit: u64,
}

/// The session.
pub static SESSION: Shape<SessionInfo> = Shape {
    name: "SessionInfo",
    properties: &[
        ("Identity", |session| text(&session.caller.identity)),
        ("Roles", |session| {
            texts(session.caller.roles().map(role_name))
        }),
        ("Tenant", |session| {
            text(&session.caller.tenant_display_name)
        }),
        ("TenantId", |session| text(&session.caller.tenant_id)),
        ("Server", |session| text(&session.server)),
        ("Profile", |session| {
            session.profile.as_deref().map_or(Value::Null, text)
        }),
        ("ServerVersion", |session| {
            text(&session.caller.server_version)
        }),
        ("Token", |session| {
            let token = session.caller.token.as_ref();
            token.map_or(Value::Null, |token| text(&token.display_name))
        }),
        ("TokenExpireTime", |session| {
            let token = session.caller.token.as_ref();
            instant(token.and_then(|token| token.expire_time.as_ref()))
        }),
        ("RequestsPerSecond", |session| {
            match session.caller.requests_per_second {
                0 => Value::Null,
                limit => Value::Int(limit.into()),
            }
        }),
        ("Output", |session| text(session.output)),
        ("ReadOnly", |session| session.read_only.into()),
        ("PeopleLimit", |session| session.people_limit.into()),
        ("WriteLimit", |session| {
            Value::Int(i64::try_from(session.write_limit).unwrap_or(i64::MAX))
        }),
    ],
    columns: &["Identity", "Roles", "Tenant", "Server"],
    details: &[],
};

/// One role of one identity.
pub static ROLE_ASSIGNMENT: Shape<RoleAssignment> = Shape {
    name: "RoleAssignment",
    properties: &[
        ("Identity", |one| text(&one.identity)),
        ("Role", |one| text(role_name(one.role()))),
    ],
    columns: &["Identity", "Role"],
    details: &[],
};

/// A token, without its secret.
pub static API_TOKEN: Shape<ApiToken> = Shape {
    name: "ApiToken",
    properties: &[
        ("Name", |token| text(&token.display_name)),
        ("Identity", |token| text(&token.identity)),
        ("Roles", |token| texts(token.roles().map(role_name))),
        ("Partner", |token| token.partner.into()),
        ("CreateTime", |token| instant(token.create_time.as_ref())),
        ("ExpireTime", |token| instant(token.expire_time.as_ref())),
        ("RevokeTime", |token| instant(token.revoke_time.as_ref())),
        ("Id", |token| text(&token.id)),
    ],
    columns: &[
        "Name",
        "Identity",
        "CreateTime",
        "ExpireTime",
        "RevokeTime",
        "Id",
    ],
    details: &[],
};

/// A token that was just made, with its secret: the only time that it is shown.
pub struct MadeToken {
    /// The token.
    pub token: ApiToken,
    /// What to send.
    pub secret: String,
}

/// A new token.
pub static NEW_API_TOKEN: Shape<MadeToken> = Shape {
    name: "NewApiToken",
    properties: &[
        ("Name", |made| text(&made.token.display_name)),
        ("Identity", |made| text(&made.token.identity)),
        ("ExpireTime", |made| {
            instant(made.token.expire_time.as_ref())
        }),
        ("Id", |made| text(&made.token.id)),
        ("Token", |made| text(&made.secret)),
    ],
    columns: &["Name", "Identity", "Token"],
    details: &[],
};

/// An organisation.
pub static TENANT: Shape<Tenant> = Shape {
    name: "Tenant",
    properties: &[
        ("Name", |tenant| text(&tenant.display_name)),
        ("DefaultUsageLocation", |tenant| {
            text(&tenant.default_usage_location)
        }),
        ("GuestPolicy", |tenant| match tenant.guest_policy() {
            GuestPolicy::Unspecified => Value::Null,
            GuestPolicy::GlobalAdmin => Value::from("GlobalAdmin"),
            GuestPolicy::LicenseAdmin => Value::from("LicenseAdmin"),
        }),
        ("CreateTime", |tenant| instant(tenant.create_time.as_ref())),
        ("Id", |tenant| text(&tenant.id)),
        ("Etag", |tenant| text(&tenant.etag)),
    ],
    columns: &["Name", "DefaultUsageLocation", "GuestPolicy", "Id"],
    details: &[],
};
