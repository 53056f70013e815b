//! What becomes of data, from the domain to the wire.

use usher::v1 as wire;
use usher_domain::plan::DataClock;
use usher_domain::service_data::{DataState, ServiceData};
use usher_domain::snapshot::UserProfile;

use super::{rule, time};

/// The data of one service of one user.
pub(crate) fn to_wire(user: &UserProfile, data: ServiceData) -> wire::ServiceData {
    let state = match data.state {
        DataState::InUse => wire::ServiceDataState::InUse,
        DataState::Kept => wire::ServiceDataState::Kept,
        DataState::Held => wire::ServiceDataState::Held,
        DataState::Inactive => wire::ServiceDataState::Inactive,
        DataState::Gone => wire::ServiceDataState::Gone,
    };
    wire::ServiceData {
        user_id: user.id.to_string(),
        user_principal_name: user.upn.clone(),
        display_name: user.display_name.clone(),
        service: data.service,
        kind: rule::data_kind(data.kind).into(),
        state: state.into(),
        since: Some(time::to_wire(data.since)),
        keep_until: data.until.map(time::to_wire),
        searchable: data.state == DataState::InUse,
    }
}

/// What a change makes of the data of one service.
pub(crate) fn clock(clock: &DataClock) -> wire::DataClock {
    wire::DataClock {
        service: clock.service.clone(),
        kind: rule::data_kind(clock.kind).into(),
        keep_until: clock.until.map(time::to_wire),
        held: clock.held,
    }
}
