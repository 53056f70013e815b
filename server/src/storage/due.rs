//! What falls due by itself at some moment, from every source there is: the subscriptions' next
//! transitions, and people who were deleted long enough ago. `heads.next_due` is never later than the
//! first of it (write-protocol 5b).

use sea_orm::ConnectionTrait;
use usher_domain::command::Command;
use usher_domain::ids::{Instant, TenantId};
use usher_domain::plan::Change;
use usher_domain::snapshot::Snapshot;

use super::error::StoreError;
use super::load;
use super::moment::Moment;

/// A command that nobody has to ask for, and when it falls due.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Due {
    pub(crate) at: Instant,
    pub(crate) command: Command,
}

/// One kind of thing that falls due.
#[derive(Clone, Copy)]
enum Source {
    /// Terms and days of grace that end (R41).
    Subscriptions,
    /// Deleted people who are to be purged (R48).
    DeletedUsers,
}

const SOURCES: [Source; 2] = [Source::Subscriptions, Source::DeletedUsers];

impl Source {
    /// When something that a change begins falls due.
    fn begun_by(self, change: &Change) -> Option<Instant> {
        match (self, change) {
            (Self::Subscriptions, Change::OpenSubscription(one)) => {
                one.next_transition().map(|next| next.at)
            }
            (Self::DeletedUsers, Change::OpenUser(profile)) => profile.purge_at(),
            (Self::Subscriptions | Self::DeletedUsers, _) => None,
        }
    }

    /// Loads what is due at `now`, or a part of it; answers when the rest falls due.
    async fn load(
        self,
        connection: &impl ConnectionTrait,
        (tenant, moment): (TenantId, Moment),
        snapshot: &mut Snapshot,
        now: Instant,
    ) -> Result<Option<Instant>, StoreError> {
        match self {
            Self::Subscriptions => {
                load::subscriptions(connection, tenant, moment, snapshot).await?;
                Ok(None)
            }
            Self::DeletedUsers => {
                load::deleted_due(connection, (tenant, moment), snapshot, now).await
            }
        }
    }

    /// What falls due first of what is loaded.
    fn first(self, snapshot: &Snapshot) -> Option<Due> {
        match self {
            Self::Subscriptions => {
                let all = snapshot.subscriptions();
                let next = all.filter_map(|one| Some((one.next_transition()?.at, one.id)));
                next.min().map(|(at, subscription)| Due {
                    at,
                    command: Command::AdvanceSubscription { subscription },
                })
            }
            Self::DeletedUsers => {
                let purged = snapshot.users().filter_map(|user| {
                    let profile = &user.profile;
                    Some((profile.purge_at()?, profile.id))
                });
                purged.min().map(|(at, user)| Due {
                    at,
                    command: Command::PurgeUser {
                        user: user.to_string(),
                    },
                })
            }
        }
    }
}

/// When the first of what a change begins falls due.
pub(crate) fn begun_by(change: &Change) -> Option<Instant> {
    let due = SOURCES.iter().filter_map(|source| source.begun_by(change));
    due.min()
}

/// Loads what is due at `now`; answers when what was left out falls due first.
pub(crate) async fn load_due(
    connection: &impl ConnectionTrait,
    at: (TenantId, Moment),
    snapshot: &mut Snapshot,
    now: Instant,
) -> Result<Option<Instant>, StoreError> {
    let mut left_out: Option<Instant> = None;
    for source in SOURCES {
        let rest = source.load(connection, at, snapshot, now).await?;
        left_out = left_out.into_iter().chain(rest).min();
    }
    Ok(left_out)
}

/// What falls due first of what is loaded.
pub(crate) fn first(snapshot: &Snapshot) -> Option<Due> {
    let due = SOURCES.iter().filter_map(|source| source.first(snapshot));
    due.min_by_key(|due| due.at)
}
