//! The decision on one user's change of licences (R10-R16).

use uuid::Uuid;

use super::licenses::{Depth, Holder, decide};
use super::{Context, Plan};
use crate::command::LicenseChange;

pub(super) fn plan(
    context: &Context<'_>,
    change: &LicenseChange,
    ids: &mut dyn FnMut() -> Uuid,
) -> Plan {
    match context.find_user(&change.user) {
        Ok(user) => {
            let holder = Holder {
                profile: &user.profile,
                paths: &user.paths,
            };
            decide(context, holder, change, ids, Depth::WHOLE).into_plan()
        }
        Err(cause) => Plan::failed(None, vec![cause]),
    }
}
