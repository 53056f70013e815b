//! What people hold, as objects: a row a product, a path, or a plan.

use std::rc::Rc;

use usher::v1::{
    ErrorReason, LicensePath, LicenseState, PlanStatus, SwitchState, UserLicense, UserPlan,
};
use usher_object::Value;

use super::{Shape, instant, text, texts};
use crate::client::change_command;

/// What one person has of one product.
pub static USER_LICENSE: Shape<UserLicense> = Shape {
    name: "UserLicense",
    properties: &[
        ("UserPrincipalName", |held| text(&held.user_principal_name)),
        ("DisplayName", |held| text(&held.display_name)),
        ("PartNumber", |held| text(&held.part_number)),
        ("ProductName", |held| text(&held.product_display_name)),
        ("State", |held| state(held.state())),
        ("AssignedBy", |held| {
            texts(held.paths.iter().map(assigned_by))
        }),
        ("PlansOff", |held| plans(held, PlanStatus::Off)),
        ("PlansHeldOff", |held| plans(held, PlanStatus::HeldOff)),
        ("Since", |held| {
            let first = held
                .paths
                .iter()
                .filter_map(|path| path.start_time.as_ref());
            instant(first.min_by_key(|time| (time.seconds, time.nanos)))
        }),
        ("UserId", |held| text(&held.user_id)),
        ("ProductId", |held| text(&held.product_id)),
    ],
    columns: &[
        "UserPrincipalName",
        "PartNumber",
        "State",
        "AssignedBy",
        "PlansOff",
    ],
    details: &[],
};

/// One path of one licence.
pub struct PathRow {
    /// The licence.
    pub license: Rc<UserLicense>,
    /// The path.
    pub path: LicensePath,
}

/// One way by which a person is to have a product.
pub static USER_LICENSE_PATH: Shape<PathRow> = Shape {
    name: "UserLicensePath",
    properties: &[
        ("UserPrincipalName", |row| {
            text(&row.license.user_principal_name)
        }),
        ("DisplayName", |row| text(&row.license.display_name)),
        ("PartNumber", |row| text(&row.license.part_number)),
        ("AssignedBy", |row| text(assigned_by(&row.path))),
        ("State", |row| state(row.path.state())),
        ("Since", |row| instant(row.path.start_time.as_ref())),
        ("SwitchedOn", |row| switched(&row.path, SwitchState::On)),
        ("SwitchedOff", |row| switched(&row.path, SwitchState::Off)),
        ("Code", |row| code(row.path.error_reason())),
        ("Actor", |row| text(&row.path.actor)),
        ("Id", |row| text(&row.path.id)),
        ("UserId", |row| text(&row.license.user_id)),
        ("ProductId", |row| text(&row.license.product_id)),
    ],
    columns: &[
        "UserPrincipalName",
        "PartNumber",
        "AssignedBy",
        "State",
        "Since",
        "SwitchedOff",
    ],
    details: &[],
};

/// One plan of one licence.
pub struct PlanRow {
    /// The licence.
    pub license: Rc<UserLicense>,
    /// The plan.
    pub plan: UserPlan,
}

/// What one plan of a product is for one person.
pub static USER_SERVICE_PLAN: Shape<PlanRow> = Shape {
    name: "UserServicePlan",
    properties: &[
        ("UserPrincipalName", |row| {
            text(&row.license.user_principal_name)
        }),
        ("DisplayName", |row| text(&row.license.display_name)),
        ("PartNumber", |row| text(&row.license.part_number)),
        ("PlanName", |row| text(&row.plan.plan_name)),
        ("PlanDisplayName", |row| text(&row.plan.display_name)),
        ("Status", |row| match row.plan.status() {
            PlanStatus::On => "on".into(),
            PlanStatus::Off => "off".into(),
            PlanStatus::HeldOff => "held off".into(),
            PlanStatus::Unspecified => Value::Null,
        }),
        ("Code", |row| code(row.plan.held_off_reason())),
        ("Message", |row| text(&row.plan.held_off_message)),
        ("Fix", |row| match row.plan.held_off_fixes.first() {
            Some(change) => change_command(change).into(),
            None => Value::Null,
        }),
        ("Fixes", |row| {
            texts(row.plan.held_off_fixes.iter().map(change_command))
        }),
        ("HeldOffSince", |row| {
            instant(row.plan.held_off_time.as_ref())
        }),
        ("UserId", |row| text(&row.license.user_id)),
        ("ProductId", |row| text(&row.license.product_id)),
        ("PlanId", |row| text(&row.plan.id)),
    ],
    columns: &[
        "UserPrincipalName",
        "PartNumber",
        "PlanName",
        "Status",
        "Code",
    ],
    details: &[],
};

fn state(state: LicenseState) -> Value {
    match state {
        LicenseState::Active => "active".into(),
        LicenseState::Waiting => "waiting".into(),
        LicenseState::Error => "error".into(),
        LicenseState::Suspended => "suspended".into(),
        LicenseState::Unspecified => Value::Null,
    }
}

fn assigned_by(path: &LicensePath) -> &str {
    if path.self_service {
        "self-service"
    } else if path.group_id.is_empty() {
        "direct"
    } else {
        &path.group_id
    }
}

fn plans(held: &UserLicense, status: PlanStatus) -> Value {
    texts(
        held.plans
            .iter()
            .filter(|plan| plan.status() == status)
            .map(|plan| &plan.plan_name),
    )
}

fn switched(path: &LicensePath, state: SwitchState) -> Value {
    texts(
        path.switches
            .iter()
            .filter(|switch| switch.state() == state)
            .map(|switch| &switch.plan),
    )
}

fn code(reason: ErrorReason) -> Value {
    match reason {
        ErrorReason::Unspecified => Value::Null,
        reason => reason.code().into(),
    }
}
