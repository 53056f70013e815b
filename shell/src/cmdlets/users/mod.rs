//! Commands about people.

mod get_user;
mod import_user;
mod new_user;
mod set_user;

pub use get_user::GET_USER;
pub use import_user::IMPORT_USER;
pub use new_user::NEW_USER;
pub use set_user::SET_USER;

/// Properties of objects that name a person.
pub const USER_PROPERTIES: &[&str] = &["UserPrincipalName", "UPN", "User", "UserId", "Id"];
