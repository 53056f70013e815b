//! Commands about people.

mod deleted;
mod each;
mod get_user;
mod import_user;
mod new_user;
mod new_user_preview;
mod nobody;
mod remove_user;
mod restore_user;
mod set_user;

pub use get_user::GET_USER;
pub use import_user::IMPORT_USER;
pub use new_user::NEW_USER;
pub use remove_user::REMOVE_USER;
pub use restore_user::RESTORE_USER;
pub use set_user::SET_USER;

/// Properties of objects that name a person.
pub const USER_PROPERTIES: &[&str] = &["UserPrincipalName", "UPN", "User", "UserId", "Id"];

/// The same for commands that may be about deleted people: their names may be those of others now.
const DELETED_PROPERTIES: &[&str] = &["Id", "UserId", "UserPrincipalName", "UPN", "User"];
