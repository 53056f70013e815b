//! What becomes of people's data, as objects.

use usher::v1::{DataKind, ServiceData, ServiceDataState};
use usher_object::Value;

use super::{Shape, instant, text};

/// The data of one service of one person.
pub static USER_SERVICE_DATA: Shape<ServiceData> = Shape {
    name: "UserServiceData",
    properties: &[
        ("UserPrincipalName", |data| text(&data.user_principal_name)),
        ("DisplayName", |data| text(&data.display_name)),
        ("Service", |data| text(&data.service)),
        ("Kind", |data| match data.kind() {
            DataKind::Mail => "mail".into(),
            DataKind::Files => "files".into(),
            DataKind::Other | DataKind::Unspecified => "other".into(),
        }),
        ("State", |data| match data.state() {
            ServiceDataState::InUse => "in use".into(),
            ServiceDataState::Kept => "kept".into(),
            ServiceDataState::Held => "held".into(),
            ServiceDataState::Inactive => "inactive".into(),
            ServiceDataState::Gone => "gone".into(),
            ServiceDataState::Unspecified => Value::Null,
        }),
        ("Since", |data| instant(data.since.as_ref())),
        ("KeepUntil", |data| instant(data.keep_until.as_ref())),
        ("Searchable", |data| Value::Bool(data.searchable)),
        ("UserId", |data| text(&data.user_id)),
    ],
    columns: &[
        "UserPrincipalName",
        "Service",
        "State",
        "Since",
        "KeepUntil",
        "Searchable",
    ],
    details: &[],
};
