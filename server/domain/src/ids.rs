//! Identities and the small value types that every other module speaks in.
//! No rule lives here, only what makes a value well formed.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::country::{Country, NotACountry};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    /// One organisation; every row belongs to exactly one.
    TenantId
    /// A person.
    UserId
    /// A set of users that carries licences.
    GroupId
    /// What is sold; the published GUID is the only key (R2).
    ProductId
    /// One service inside products; the published GUID is the only key (R2).
    PlanId
    /// One purchase of seats.
    SubscriptionId
    /// One path by which a user is to have a product.
    AssignmentId
    /// Many changes asked for together.
    BatchId
    /// A token by which an identity proves itself.
    TokenId
}

/// The number of a tenant's change; rows carry the one that made them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Revision(pub i64);

/// A moment: microseconds of UTC since 1970.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

/// The way by which a user is to have a product: directly, or through one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    Direct,
    Group(GroupId),
}

impl Path {
    /// The group's id, or the nil id for a direct path: a key that is never NULL.
    #[must_use]
    pub fn as_uuid(self) -> Uuid {
        match self {
            Self::Direct => Uuid::nil(),
            Self::Group(group) => group.0,
        }
    }
}

impl From<Uuid> for Path {
    fn from(id: Uuid) -> Self {
        if id.is_nil() {
            Self::Direct
        } else {
            Self::Group(GroupId(id))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_survives_its_key() {
        let group = Path::Group(GroupId(Uuid::from_u128(7)));
        assert_eq!(Path::from(group.as_uuid()), group);
        assert_eq!(Path::from(Path::Direct.as_uuid()), Path::Direct);
    }
}
