//! People as objects.

use usher::v1::{User, UserType};
use usher_object::Value;

use super::{PropertyOf, Shape, instant, text, texts};

/// A live person has the properties of a deleted one too: they are empty.
const PROPERTIES: &[PropertyOf<User>] = &[
    ("Id", |user| text(&user.id)),
    ("UserPrincipalName", |user| text(&user.user_principal_name)),
    ("DisplayName", |user| text(&user.display_name)),
    ("GivenName", |user| text(&user.given_name)),
    ("Surname", |user| text(&user.surname)),
    ("Mail", |user| text(&user.mail)),
    ("JobTitle", |user| text(&user.job_title)),
    ("Department", |user| text(&user.department)),
    ("UserType", |user| match user.user_type() {
        UserType::Guest => "Guest".into(),
        UserType::Member | UserType::Unspecified => "Member".into(),
    }),
    ("AccountEnabled", |user| {
        Value::Bool(user.account_enabled.unwrap_or(true))
    }),
    ("UsageLocation", |user| text(&user.usage_location)),
    ("Country", |user| text(&user.country)),
    ("State", |user| text(&user.state)),
    ("City", |user| text(&user.city)),
    ("OfficeLocation", |user| text(&user.office_location)),
    ("StreetAddress", |user| text(&user.street_address)),
    ("PostalCode", |user| text(&user.postal_code)),
    ("PhoneNumber", |user| text(&user.phone_number)),
    ("MobilePhone", |user| text(&user.mobile_phone)),
    ("Licenses", |user| texts(&user.licenses)),
    ("CreateTime", |user| instant(user.create_time.as_ref())),
    ("DeleteTime", |user| instant(user.delete_time.as_ref())),
    ("PurgeTime", |user| instant(user.purge_time.as_ref())),
    ("RetentionHold", |user| text(&user.retention_hold)),
    ("RetentionHoldTime", |user| {
        instant(user.retention_hold_time.as_ref())
    }),
    ("Revision", |user| Value::Int(user.revision)),
    ("Etag", |user| text(&user.etag)),
];

/// A person.
pub static USER: Shape<User> = Shape {
    name: "User",
    properties: PROPERTIES,
    columns: &[
        "UserPrincipalName",
        "DisplayName",
        "Department",
        "UsageLocation",
        "Licenses",
    ],
    details: &[],
};

/// A person who can be restored.
pub static DELETED_USER: Shape<User> = Shape {
    name: "DeletedUser",
    properties: PROPERTIES,
    columns: &[
        "UserPrincipalName",
        "DisplayName",
        "DeleteTime",
        "PurgeTime",
        "RetentionHold",
        "Id",
    ],
    details: &[],
};

/// A person as an object, live or deleted.
pub fn user(user: &User) -> Value {
    let shape = match user.delete_time {
        Some(_) => &DELETED_USER,
        None => &USER,
    };
    shape.object(user)
}
