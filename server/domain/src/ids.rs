//! Identities and the small value types that every other module speaks in.
//! No rule lives here, only what makes a value well formed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

/// ISO 3166-1 alpha-2, always in upper case. Whether the code is assigned is not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

impl Country {
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The text is not two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACountry;

impl fmt::Display for NotACountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a country is two letters, such as DE or US")
    }
}

impl FromStr for Country {
    type Err = NotACountry;

    fn from_str(text: &str) -> Result<Self, NotACountry> {
        match *text.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(NotACountry),
        }
    }
}

impl TryFrom<String> for Country {
    type Error = NotACountry;

    fn try_from(text: String) -> Result<Self, NotACountry> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.as_str().to_owned()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

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
    fn a_country_is_two_letters_in_any_case() {
        assert_eq!("de".parse::<Country>().unwrap().as_str(), "DE");
        assert_eq!(" US ".parse::<Country>().unwrap().to_string(), "US");
        for bad in ["", "D", "DEU", "D1", "ÄÖ", "Germany"] {
            assert!(bad.parse::<Country>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_path_survives_its_key() {
        let group = Path::Group(GroupId(Uuid::from_u128(7)));
        assert_eq!(Path::from(group.as_uuid()), group);
        assert_eq!(Path::from(Path::Direct.as_uuid()), Path::Direct);
    }
}
