//! All commands, one a file; this is the list that the registry is made from.

pub mod access;
mod as_of;
pub mod catalogue;
pub mod console;
mod drain;
mod etag;
#[cfg(test)]
pub(crate) mod fixture;
pub mod help;
mod import_file;
pub mod licences;
pub mod objects;
mod preview;
pub mod record;
mod refused;
pub mod subscriptions;
mod unused_columns;
pub mod users;

use crate::cmdlet::Cmdlet;
use as_of::{AS_OF, read_time};
use drain::{Drain, counted_ahead};
use etag::{ETAG, etag};
use preview::{Preview, would};
use refused::{
    OnRefusal, alone, names_nothing, nth_object, of_object, refused_row, remember_row, sent, thrown,
};
use unused_columns::UnusedColumns;

/// Every command, in the order in which Get-Command lists them.
pub static CMDLETS: &[&Cmdlet] = &[
    &users::GET_USER,
    &users::NEW_USER,
    &users::SET_USER,
    &users::REMOVE_USER,
    &users::RESTORE_USER,
    &users::IMPORT_USER,
    &catalogue::GET_PRODUCT,
    &catalogue::SET_PRODUCT,
    &catalogue::IMPORT_PRODUCT,
    &catalogue::GET_SERVICE_PLAN,
    &catalogue::SET_SERVICE_PLAN,
    &catalogue::GET_LICENSE_RULE,
    &catalogue::SET_LICENSE_RULE,
    &catalogue::REMOVE_LICENSE_RULE,
    &catalogue::IMPORT_LICENSE_RULE,
    &subscriptions::GET_SUBSCRIPTION,
    &subscriptions::NEW_SUBSCRIPTION,
    &subscriptions::SET_SUBSCRIPTION,
    &subscriptions::STOP_SUBSCRIPTION,
    &subscriptions::RESUME_SUBSCRIPTION,
    &subscriptions::MOVE_SUBSCRIPTION,
    &licences::GET_LICENSE,
    &licences::GET_USER_LICENSE,
    &licences::SET_USER_LICENSE,
    &licences::REMOVE_USER_LICENSE,
    &licences::SWITCH_USER_LICENSE,
    &licences::COPY_USER_LICENSE,
    &licences::MOVE_USER_LICENSE,
    &record::GET_AUDIT_LOG,
    &record::TEST_AUDIT_LOG,
    &record::COMPARE_LICENSE,
    &access::CONNECT_SERVICE,
    &access::DISCONNECT_SERVICE,
    &access::GET_SESSION,
    &access::SET_SESSION,
    &access::GET_ROLE_ASSIGNMENT,
    &access::NEW_ROLE_ASSIGNMENT,
    &access::REMOVE_ROLE_ASSIGNMENT,
    &access::GET_API_TOKEN,
    &access::NEW_API_TOKEN,
    &access::REVOKE_API_TOKEN,
    &access::GET_TENANT,
    &access::SET_TENANT,
    &access::NEW_TENANT,
    &objects::WHERE_OBJECT,
    &objects::SELECT_OBJECT,
    &objects::SORT_OBJECT,
    &objects::GROUP_OBJECT,
    &objects::FOR_EACH_OBJECT,
    &objects::MEASURE_OBJECT,
    &objects::COMPARE_OBJECT,
    &objects::TEE_OBJECT,
    &objects::GET_MEMBER,
    &objects::FORMAT_TABLE,
    &objects::FORMAT_LIST,
    &objects::FORMAT_CHART,
    &objects::CONVERT_TO_JSON,
    &objects::CONVERT_FROM_JSON,
    &objects::CONVERT_TO_CSV,
    &objects::CONVERT_FROM_CSV,
    &objects::IMPORT_CSV,
    &objects::EXPORT_CSV,
    &objects::EXPORT_HTML,
    &objects::GET_CONTENT,
    &objects::OUT_FILE,
    &objects::OUT_NULL,
    &objects::WRITE_OUTPUT,
    &console::WRITE_HOST,
    &console::WRITE_WARNING,
    &console::WRITE_VERBOSE,
    &console::WRITE_ERROR,
    &console::WRITE_PROGRESS,
    &console::READ_HOST,
    &console::GET_DATE,
    &console::START_SLEEP,
    &console::MEASURE_COMMAND,
    &console::GET_ALIAS,
    &console::SET_ALIAS,
    &console::GET_HISTORY,
    &help::GET_HELP,
    &help::GET_COMMAND,
];

/// Short names.
pub const ALIASES: &[(&str, &str)] = &[
    ("?", "Where-Object"),
    ("where", "Where-Object"),
    ("%", "ForEach-Object"),
    ("foreach", "ForEach-Object"),
    ("select", "Select-Object"),
    ("sort", "Sort-Object"),
    ("group", "Group-Object"),
    ("measure", "Measure-Object"),
    ("ft", "Format-Table"),
    ("fl", "Format-List"),
    ("tee", "Tee-Object"),
];

#[cfg(test)]
mod declarations_test;
#[cfg(test)]
mod examples_test;
#[cfg(test)]
mod licences_test;
#[cfg(test)]
mod new_user_test;
#[cfg(test)]
mod service_test;
#[cfg(test)]
pub(crate) mod stock;
#[cfg(test)]
mod subscriptions_test;
#[cfg(test)]
pub(crate) mod test_server;
#[cfg(test)]
mod users_test;
