//! Everything that touches the database: commands in, outcomes out, reads as of any revision.
//! No rule of licensing lives here; what a command does is planned in the domain.

mod assignments;
mod authenticate;
mod batch;
mod catalogue;
mod change_set;
#[cfg(test)]
pub(crate) mod conformance;
mod connect;
mod entity;
mod error;
mod fragment;
mod judge;
mod load;
mod lock;
mod moment;
mod page;
mod plans;
mod pools;
mod preview;
mod products;
mod queue;
mod read;
mod records;
mod requests;
mod roles;
mod rows;
mod rules;
mod sets;
mod statistics;
mod store;
mod subscriptions;
mod tenants;
mod tokens;
mod upkeep;
mod user_filter;
mod user_search;
mod user_words;
mod users;
mod waiting;
mod writer;

pub use self::assignments::{AssignmentFilter, PathState};
pub(crate) use self::authenticate::{Acting, Presented, is_called};
pub use self::error::{LOCK_WAIT, StoreError};
pub(crate) use self::page::Listing;
pub use self::page::{MAX_PAGE, Page, PageRequest};
pub use self::pools::Pools;
pub use self::preview::PreviewSession;
pub use self::queue::{MAX_BATCH, Priority};
pub use self::read::{ReadAt, ReadTx};
pub use self::records::{ChainCheck, Record, RecordFilter};
pub use self::store::Store;
pub use self::tenants::DEFAULT_TENANT;
pub use self::users::{LocationFilter, NamePattern, StoredUser, UserFilter};
