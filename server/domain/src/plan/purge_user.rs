//! The decision on purging a deleted user: what is known of the person goes from every version of
//! the row, and only ids stay, in the record and in the history of licences (R48, R54).

use super::recorded_user::RecordedUser;
use super::{Action, Change, Context, Plan, Subject};
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::User;

pub(super) fn plan(context: &Context<'_>, user: &str) -> Plan {
    match context.find_deleted(user) {
        Ok(user) => purge(user),
        Err(cause) => match context.find_user(user) {
            Ok(live) => {
                let subject = Subject::User(live.profile.id);
                Plan::failed(Some(subject), vec![not_deleted(live)])
            }
            Err(_) => Plan::failed(None, vec![cause]),
        },
    }
}

fn purge(user: &User) -> Plan {
    let subject = Subject::User(user.profile.id);
    if let Some(hold) = &user.profile.hold {
        let message = format!(
            "{} is on retention hold and cannot be purged: {}",
            user.profile.upn, hold.reason
        );
        let cause = Cause::new(Code::RetentionHold, message).fix(Fix::ReleaseHold {
            user: user.profile.id,
        });
        return Plan::failed(Some(subject), vec![cause]);
    }
    let id = user.profile.id;
    let before = RecordedUser::new(&user.profile, None, Vec::new());
    let changes = vec![Change::CloseUser { id }, Change::EraseUser { id }];
    let after = None::<RecordedUser<'_>>;
    Plan::applied(Action::PurgeUser, subject, changes, &before, &after)
}

fn not_deleted(user: &User) -> Cause {
    let message = format!(
        "{} is not deleted, and only deleted users are purged",
        user.profile.upn
    );
    Cause::new(Code::UserNotDeleted, message).fix(Fix::DeleteUser {
        user: user.profile.id,
    })
}
