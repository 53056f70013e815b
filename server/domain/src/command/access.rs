//! What can be asked about access: tokens, and the settings of the organisation.

use serde::Serialize;

use super::Role;
use crate::ids::Instant;
use crate::snapshot::GuestPolicy;

/// A token to be made. Its secret was made by who asks, and is not part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NewToken {
    pub name: String,
    pub identity: String,
    /// Only these of the identity's roles; none stands for all of them.
    pub roles: Vec<Role>,
    pub partner: bool,
    pub expires_at: Option<Instant>,
    /// Of the secret. Left out of what tells requests apart: a retry comes with another secret.
    #[serde(skip_serializing)]
    pub hash: [u8; 32],
}

/// What is said of the organisation. None is not mentioned; an empty text clears what can be cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TenantFields {
    pub name: Option<String>,
    pub default_usage_location: Option<String>,
    pub guest_policy: Option<GuestPolicy>,
}
