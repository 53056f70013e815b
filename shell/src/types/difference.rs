//! What is different between two moments, and what verifying the record found, as objects.

use usher::v1::{
    ChainFault, LicenseDifference, LicenseDifferenceKind, LicensePool, PoolDifference,
    VerifyChainResponse,
};
use usher_object::Value;

use super::{Shape, instant, text, texts};

/// One product that a person holds differently.
pub static LICENSE_DIFFERENCE: Shape<LicenseDifference> = Shape {
    name: "LicenseDifference",
    properties: &[
        ("UserPrincipalName", |one| text(&one.user_principal_name)),
        ("DisplayName", |one| text(&one.display_name)),
        ("PartNumber", |one| text(&one.part_number)),
        ("Change", |one| match one.kind() {
            LicenseDifferenceKind::Gained => "Gained".into(),
            LicenseDifferenceKind::Lost => "Lost".into(),
            LicenseDifferenceKind::Switched => "Switched".into(),
            LicenseDifferenceKind::Unspecified => Value::Null,
        }),
        ("PlansOn", |one| texts(&one.plans_on)),
        ("PlansOff", |one| texts(&one.plans_off)),
        ("Time", |one| instant(one.time.as_ref())),
        ("Actor", |one| text(&one.actor)),
        ("Reason", |one| text(&one.reason)),
        ("UserId", |one| text(&one.user_id)),
        ("ProductId", |one| text(&one.product_id)),
    ],
    columns: &[
        "UserPrincipalName",
        "PartNumber",
        "Change",
        "Time",
        "Actor",
        "Reason",
    ],
    details: &[],
};

/// The seats of a product at two moments.
pub static POOL_DIFFERENCE: Shape<PoolDifference> = Shape {
    name: "PoolDifference",
    properties: &[
        ("PartNumber", |one| {
            one.after
                .as_ref()
                .map_or(Value::Null, |pool| text(&pool.part_number))
        }),
        ("TotalBefore", |one| {
            seats(one.before.as_ref(), |pool| pool.total)
        }),
        ("TotalAfter", |one| {
            seats(one.after.as_ref(), |pool| pool.total)
        }),
        ("ConsumedBefore", |one| {
            seats(one.before.as_ref(), |pool| pool.consumed)
        }),
        ("ConsumedAfter", |one| {
            seats(one.after.as_ref(), |pool| pool.consumed)
        }),
        ("AvailableBefore", |one| {
            seats(one.before.as_ref(), |pool| pool.available)
        }),
        ("AvailableAfter", |one| {
            seats(one.after.as_ref(), |pool| pool.available)
        }),
        ("ProductId", |one| {
            one.after
                .as_ref()
                .map_or(Value::Null, |pool| text(&pool.product_id))
        }),
    ],
    columns: &[
        "PartNumber",
        "TotalBefore",
        "TotalAfter",
        "ConsumedBefore",
        "ConsumedAfter",
    ],
    details: &[],
};

fn seats(pool: Option<&LicensePool>, of: fn(&LicensePool) -> i64) -> Value {
    Value::Int(pool.map_or(0, of))
}

/// What verifying the record found.
pub static AUDIT_CHECK: Shape<VerifyChainResponse> = Shape {
    name: "AuditCheck",
    properties: &[
        ("Intact", |check| Value::Bool(check.intact)),
        ("Verified", |check| Value::Int(check.verified)),
        ("BrokenRevision", |check| match check.broken_revision {
            0 => Value::Null,
            revision => Value::Int(revision),
        }),
        ("Fault", |check| match check.fault() {
            ChainFault::Unspecified => Value::Null,
            ChainFault::Content => "Content".into(),
            ChainFault::Missing => "Missing".into(),
            ChainFault::Order => "Order".into(),
            ChainFault::Beyond => "Beyond".into(),
            ChainFault::Head => "Head".into(),
            ChainFault::Kept => "Kept".into(),
        }),
        ("Message", |check| text(&check.message)),
        ("Revision", |check| Value::Int(check.revision)),
        ("Head", |check| text(&check.chain_hash)),
        ("Time", |check| instant(check.time.as_ref())),
    ],
    columns: &["Intact", "Verified", "BrokenRevision", "Fault", "Head"],
    details: &[],
};
