//! A person, from the store to the wire.

use std::collections::BTreeSet;

use usher::name::Collection;
use usher::v1 as wire;
use usher_domain::catalogue::Catalogue;
use usher_domain::snapshot::{Assignment, UserProfile, UserType, etag};

use super::time;
use crate::storage::StoredUser;

/// A person with the products held; `paths` are the paths of this person.
pub(crate) fn to_wire(
    user: StoredUser,
    paths: &[&Assignment],
    catalogue: &Catalogue,
) -> wire::User {
    let licenses: BTreeSet<String> = paths
        .iter()
        .filter(|path| path.is_active())
        .map(|path| catalogue.product_name(path.product))
        .collect();
    wire::User {
        revision: user.from_rev.0,
        licenses: licenses.into_iter().collect(),
        etag: etag(user.from_rev, paths.iter().copied()),
        ..profile(user.profile)
    }
}

/// What is known of a person, without revision and licences.
pub(crate) fn profile(profile: UserProfile) -> wire::User {
    let purge_time = profile.purge_at().map(time::to_wire);
    let hold_time = profile.hold.as_ref().map(|hold| time::to_wire(hold.since));
    wire::User {
        name: Collection::Users.name(profile.id),
        id: profile.id.to_string(),
        user_principal_name: profile.upn,
        display_name: profile.display_name,
        given_name: profile.given_name.unwrap_or_default(),
        surname: profile.surname.unwrap_or_default(),
        mail: profile.mail.unwrap_or_default(),
        job_title: profile.job_title.unwrap_or_default(),
        department: profile.department.unwrap_or_default(),
        user_type: match profile.user_type {
            UserType::Member => wire::UserType::Member,
            UserType::Guest => wire::UserType::Guest,
        }
        .into(),
        account_enabled: Some(profile.account_enabled),
        usage_location: profile.usage_location.map(String::from).unwrap_or_default(),
        country: profile.country.unwrap_or_default(),
        state: profile.state.unwrap_or_default(),
        city: profile.city.unwrap_or_default(),
        office_location: profile.office.unwrap_or_default(),
        street_address: profile.street_address.unwrap_or_default(),
        postal_code: profile.postal_code.unwrap_or_default(),
        phone_number: profile.phone.unwrap_or_default(),
        mobile_phone: profile.mobile.unwrap_or_default(),
        create_time: Some(time::to_wire(profile.created_at)),
        delete_time: profile.deleted_at.map(time::to_wire),
        purge_time,
        retention_hold: profile.hold.map(|hold| hold.reason).unwrap_or_default(),
        retention_hold_time: hold_time,
        ..wire::User::default()
    }
}
