//! Commands about the record of changes.

mod compare_license;
mod get_audit_log;
mod test_audit_log;

pub use compare_license::COMPARE_LICENSE;
pub use get_audit_log::GET_AUDIT_LOG;
pub use test_audit_log::TEST_AUDIT_LOG;
