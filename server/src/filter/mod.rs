//! The filter of `ListUsers`: a subset of OData as a typed tree. Pure: text and names in, tree out.
//! What a tree means in SQL is the storage's business.

mod lexer;
mod parser;

use std::fmt;

use usher_domain::ids::{Instant, PlanId, ProductId};
use usher_domain::refusal::Cause;
use uuid::Uuid;

pub use parser::parse;

/// Longest filter, in characters.
pub const MAX_LENGTH: usize = 4_096;
/// Deepest nesting of parentheses and `not`.
pub const MAX_DEPTH: usize = 32;

/// A condition on a user.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// All of them hold.
    And(Vec<Self>),
    /// At least one of them holds.
    Or(Vec<Self>),
    /// It does not hold. A comparison with a missing value is false, so its negation is true.
    Not(Box<Self>),
    /// The property compared with one value; `eq` and `ne` only for null, true and ids.
    Compare {
        /// The property on the left.
        property: Property,
        /// The comparison.
        operator: Operator,
        /// The value on the right, of the property's kind or null.
        value: Value,
    },
    /// The property equals one of the values.
    In {
        /// The property on the left.
        property: Property,
        /// Values of the property's kind, never empty.
        values: Vec<Value>,
    },
    /// A part of a text property, ignoring case.
    Text {
        /// Which part.
        part: Part,
        /// A property of text.
        property: Property,
        /// What that part has to be.
        needle: String,
    },
    /// The user holds the product by an active path.
    HoldsProduct(ProductId),
    /// The user has an active path to a product with the plan, and the plan is on there.
    HasPlan(PlanId),
    /// The user has a path to a licence in this state.
    LicenseState(LicenseState),
    /// The user has a licence from the pool of one of these products, in which no seat works. What
    /// they are is known when the filter is run.
    Suspended(Vec<ProductId>),
    /// The number of products that the user holds.
    LicenseCount {
        /// The comparison.
        operator: Operator,
        /// The number on the right.
        count: i64,
    },
}

impl Expr {
    /// Whether it asks for suspended licences, so that the products have to be known.
    #[must_use]
    pub fn asks_for_suspended(&self) -> bool {
        match self {
            Self::And(all) | Self::Or(all) => all.iter().any(Self::asks_for_suspended),
            Self::Not(inner) => inner.asks_for_suspended(),
            Self::Suspended(_) => true,
            _ => false,
        }
    }

    /// Says in which products no seat works.
    pub fn set_suspended(&mut self, products: &[ProductId]) {
        match self {
            Self::And(all) | Self::Or(all) => {
                for inner in all {
                    inner.set_suspended(products);
                }
            }
            Self::Not(inner) => inner.set_suspended(products),
            Self::Suspended(suspended) => *suspended = products.to_vec(),
            _ => {}
        }
    }
}

/// The state of a way to a licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LicenseState {
    /// Gives the licence.
    Active,
    /// Stands in the queue for a seat.
    Waiting,
    /// Cannot give the licence.
    Error,
    /// Gives the licence without a plan that is held off (R19a).
    HeldOff,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `eq`
    Equal,
    /// `ne`; true where the value is missing and the other side is not null.
    NotEqual,
    /// `gt`
    Greater,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `le`
    LessOrEqual,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `startswith(property,'…')`
    Start,
    /// `endswith(property,'…')`
    End,
    /// `contains(property,'…')`
    Anywhere,
}

/// A literal, of the kind of the property beside it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// Text, compared ignoring case.
    Text(String),
    /// True or false.
    Bool(bool),
    /// An id.
    Id(Uuid),
    /// A moment.
    Instant(Instant),
    /// A user type: true for guests.
    Guest(bool),
}

/// What a property's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// True or false.
    Bool,
    /// An id.
    Id,
    /// A moment.
    Instant,
    /// `Member` or `Guest`.
    UserType,
}

impl Kind {
    /// What a value of this kind looks like, for messages.
    const fn example(self) -> &'static str {
        match self {
            Self::Text => "a text in single quotes, such as 'Sales'",
            Self::Bool => "true or false",
            Self::Id => "an id, such as 6e7b768e-07e2-4810-8459-485f84f8f204",
            Self::Instant => "a moment, such as 2026-01-31T12:00:00Z",
            Self::UserType => "'Member' or 'Guest'",
        }
    }

    /// Whether values of this kind have an order.
    const fn is_ordered(self) -> bool {
        matches!(self, Self::Text | Self::Instant)
    }
}

macro_rules! properties {
    ($($variant:ident $name:literal $kind:ident,)*) => {
        /// A property of a user that a filter can name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each is documented by its field of the contract")]
        pub enum Property { $($variant,)* }

        impl Property {
            /// Every property, in the order of the contract.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name by which a filter knows it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What its values are.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }
        }
    };
}

properties! {
    Id "id" Id,
    UserPrincipalName "userPrincipalName" Text,
    DisplayName "displayName" Text,
    GivenName "givenName" Text,
    Surname "surname" Text,
    Mail "mail" Text,
    JobTitle "jobTitle" Text,
    Department "department" Text,
    UserType "userType" UserType,
    AccountEnabled "accountEnabled" Bool,
    UsageLocation "usageLocation" Text,
    Country "country" Text,
    State "state" Text,
    City "city" Text,
    OfficeLocation "officeLocation" Text,
    StreetAddress "streetAddress" Text,
    PostalCode "postalCode" Text,
    PhoneNumber "phoneNumber" Text,
    MobilePhone "mobilePhone" Text,
    CreatedDateTime "createdDateTime" Instant,
    DeletedDateTime "deletedDateTime" Instant,
}

impl Property {
    fn named(name: &str) -> Option<Self> {
        let same = |property: &&Self| property.name().eq_ignore_ascii_case(name);
        Self::ALL.iter().find(same).copied()
    }
}

/// Knows products and plans by GUID, part number and name.
pub trait Names {
    /// The product of this name.
    ///
    /// # Errors
    /// Why the name fits no product, or several.
    fn product(&self, name: &str) -> Result<ProductId, Cause>;

    /// The service plan of this name.
    ///
    /// # Errors
    /// Why the name fits no plan, or several.
    fn plan(&self, name: &str) -> Result<PlanId, Cause>;
}

/// Why a filter cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterError {
    /// The text does not follow the grammar.
    Syntax {
        /// Position of the character at fault, from 1.
        position: usize,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// A product or plan in it is unknown or ambiguous.
    Name(Box<Cause>),
    /// It is longer or deeper than a filter may be.
    Limit(String),
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { position, message } => {
                write!(
                    f,
                    "The filter cannot be read at position {position}: {message}"
                )
            }
            Self::Name(cause) => f.write_str(&cause.message),
            Self::Limit(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for FilterError {}
