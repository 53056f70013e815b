//! A person who would be created, as an object: the person, and what would become of them.

use usher::v1::User;
use usher_object::{Record, Value};

use super::outcome::{code, fix, message, result};
use super::{Changed, PropertyOf, USER, record_type, text};

/// What a preview says of a new person.
pub struct NewUser {
    /// The name that they would have.
    pub name: String,
    /// The person; none who would be refused.
    pub user: Option<User>,
    /// What would become of them, and of their licences.
    pub changed: Changed,
}

const OUTCOME: &[PropertyOf<Changed>] = &[
    ("Outcome", |changed| result(changed.outcome.result())),
    ("Code", code),
    ("Message", message),
    ("Fix", fix),
];

const COLUMNS: &[&str] = &[
    "UserPrincipalName",
    "DisplayName",
    "Outcome",
    "Licenses",
    "Code",
    "Fix",
];

/// What one who is shown alone says beside them.
const DETAILS: &[&str] = &["Message"];

/// A person who would be created: the properties of one who is, and the outcome.
pub struct NewUserShape {
    /// Name of the type.
    pub name: &'static str,
}

/// The one kind of it.
pub static NEW_USER: NewUserShape = NewUserShape { name: "NewUser" };

impl NewUserShape {
    /// The object that shows this person.
    pub fn object(&self, new: &NewUser) -> Value {
        let person = USER.properties.iter().map(|(name, value)| match &new.user {
            Some(user) => value(user),
            None if *name == "UserPrincipalName" => text(&new.name),
            None => Value::Null,
        });
        let outcome = OUTCOME.iter().map(|(_, value)| value(&new.changed));
        let kind = record_type(self.name, || self.names(), COLUMNS, DETAILS);
        Record::new(&kind, person.chain(outcome).collect()).into()
    }

    /// Names of the properties.
    pub fn names(&self) -> Vec<&'static str> {
        let outcome = OUTCOME.iter().map(|(name, _)| *name);
        USER.names().into_iter().chain(outcome).collect()
    }
}
