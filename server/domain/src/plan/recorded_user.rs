//! What the record says of a user (R54): ids and what licensing depends on, and of texts only
//! which ones are different. The texts are in the versions of the user's own row, so that a person
//! can be purged and the chain stays whole.

use serde::Serialize;

use crate::ids::{Country, Instant, UserId};
use crate::snapshot::{Assignment, UserProfile, UserType};

#[derive(Serialize)]
pub(super) struct RecordedUser<'a> {
    id: UserId,
    user_type: UserType,
    account_enabled: bool,
    usage_location: Option<Country>,
    deleted_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hold_since: Option<Instant>,
    /// The texts that differ between before and after.
    texts: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    licenses: Vec<&'a Assignment>,
}

impl<'a> RecordedUser<'a> {
    /// One side of a change; `other` is the profile on the other side, if there is one.
    pub(super) fn new(
        profile: &UserProfile,
        other: Option<&UserProfile>,
        licenses: Vec<&'a Assignment>,
    ) -> Self {
        let theirs = other.map(texts);
        let differs = |at: usize, text: Option<&str>| match &theirs {
            Some(theirs) => theirs[at].1 != text,
            None => text.is_some(),
        };
        Self {
            id: profile.id,
            user_type: profile.user_type,
            account_enabled: profile.account_enabled,
            usage_location: profile.usage_location,
            deleted_at: profile.deleted_at,
            hold_since: profile.hold.as_ref().map(|hold| hold.since),
            texts: texts(profile)
                .iter()
                .enumerate()
                .filter(|(at, (_, text))| differs(*at, *text))
                .map(|(_, (name, _))| *name)
                .collect(),
            licenses,
        }
    }
}

fn texts(profile: &UserProfile) -> [(&'static str, Option<&str>); 16] {
    [
        ("upn", Some(&profile.upn)),
        ("display_name", Some(&profile.display_name)),
        ("given_name", profile.given_name.as_deref()),
        ("surname", profile.surname.as_deref()),
        ("mail", profile.mail.as_deref()),
        ("job_title", profile.job_title.as_deref()),
        ("department", profile.department.as_deref()),
        ("country", profile.country.as_deref()),
        ("state", profile.state.as_deref()),
        ("city", profile.city.as_deref()),
        ("office", profile.office.as_deref()),
        ("postal_code", profile.postal_code.as_deref()),
        ("street_address", profile.street_address.as_deref()),
        ("phone", profile.phone.as_deref()),
        ("mobile", profile.mobile.as_deref()),
        (
            "hold_reason",
            profile.hold.as_ref().map(|hold| hold.reason.as_str()),
        ),
    ]
}
