//! Commands about the record of changes.

mod get_audit_log;

pub use get_audit_log::GET_AUDIT_LOG;
