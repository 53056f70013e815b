//! The decision on a row of a staff list: the user with that object id, else with that UPN, is
//! updated; where there is none, one is created. What the row does not mention stays.

use uuid::Uuid;

use super::{Context, Plan, create_user, update_user};
use crate::command::{NewUser, UserRow};

pub(super) fn plan(context: &Context<'_>, row: &UserRow, ids: &mut dyn FnMut() -> Uuid) -> Plan {
    let by_id = row.id.and_then(|id| context.snapshot.user(id));
    let known = match (by_id, row.id, &row.fields.upn) {
        (Some(user), _, _) => Some(user),
        (None, None, Some(upn)) => context
            .snapshot
            .user_with_upn(upn)
            .and_then(|id| context.snapshot.user(id)),
        _ => None,
    };
    if let Some(user) = known {
        return update_user::update(context, user, &row.fields);
    }
    let mut fields = row.fields.clone();
    if fields.display_name.is_none() {
        fields.display_name.clone_from(&fields.upn);
    }
    let new = NewUser {
        id: row.id,
        fields,
        licenses: None,
    };
    create_user::plan(context, &new, ids)
}
