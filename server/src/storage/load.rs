//! Loading what commands need into the snapshot that they are planned against: a few queries for a
//! whole batch, never one for each command.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use usher_domain::NameKey;
use usher_domain::catalogue::Resolution;
use usher_domain::command::{Command, Needs, needs, needs_of_purchase, takes_from_grace};
use usher_domain::ids::{Instant, TenantId, UserId};
use usher_domain::snapshot::{Assignment, Snapshot, User};
use uuid::Uuid;

use super::error::StoreError;
use super::moment::Moment;
use super::subscriptions::load_subscriptions;
use super::tokens::load_tokens;
use super::{assignments, former, users};

/// Puts into the snapshot whom these commands speak of. Who is there
/// already stays as the snapshot has them.
pub(crate) async fn extend<'a>(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    snapshot: &mut Snapshot,
    commands: impl Iterator<Item = &'a Command> + Clone,
) -> Result<(), StoreError> {
    let mut all = Needs::default();
    for command in commands.clone() {
        needs(command, &snapshot.catalogue, &mut all);
    }
    if all.tokens {
        for token in load_tokens(connection, tenant).await? {
            // One that was ended before in this batch stays ended.
            if snapshot.token(token.id).is_none() {
                snapshot.insert_token(token);
            }
        }
    }
    if all.subscriptions || takes_from_grace(&all, snapshot) {
        subscriptions(connection, tenant, moment, snapshot).await?;
        for command in commands {
            needs_of_purchase(command, snapshot, &mut all);
        }
    }
    let restored = std::mem::take(&mut all.restored);
    let wanted = wanted_by(all, &restored, snapshot);
    insert(connection, tenant, moment, snapshot, wanted).await?;
    remember_former(connection, tenant, moment, snapshot, restored).await
}

/// Puts in what those who are to be restored had.
async fn remember_former(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    snapshot: &mut Snapshot,
    restored: Vec<String>,
) -> Result<(), StoreError> {
    let mut former: HashMap<UserId, Vec<Assignment>> = HashMap::new();
    for text in restored {
        let ids = match snapshot.resolve_deleted(&text) {
            Resolution::Found(id) => vec![id],
            Resolution::Ambiguous { candidates } => candidates,
            Resolution::NotFound { .. } => continue,
        };
        let unknown = ids
            .into_iter()
            .filter(|id| !snapshot.knows_former_paths(*id));
        former.extend(unknown.map(|id| (id, Vec::new())));
    }
    if former.is_empty() {
        return Ok(());
    }
    let users = former.keys().map(|id| id.as_uuid());
    for path in former::load(connection, tenant, moment, users).await? {
        former.entry(path.user).or_default().push(path);
    }
    for (user, paths) in former {
        snapshot.insert_former_paths(user, paths);
    }
    Ok(())
}

/// Puts all purchases into the snapshot, unless they are there already.
pub(crate) async fn subscriptions(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    snapshot: &mut Snapshot,
) -> Result<(), StoreError> {
    if !snapshot.knows_subscriptions() {
        let all = load_subscriptions(connection, tenant, moment).await?;
        snapshot.insert_subscriptions(all);
    }
    Ok(())
}

/// Puts these people into the snapshot, as `extend` does.
pub(crate) async fn extend_by_ids(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    snapshot: &mut Snapshot,
    people: impl Iterator<Item = Uuid>,
) -> Result<(), StoreError> {
    let wanted = users::Wanted {
        ids: people
            .filter(|id| snapshot.user(UserId(*id)).is_none())
            .collect(),
        ..users::Wanted::default()
    };
    insert(connection, tenant, moment, snapshot, wanted).await
}

async fn insert(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    snapshot: &mut Snapshot,
    wanted: users::Wanted,
) -> Result<(), StoreError> {
    let mut found = users::load_users(connection, tenant, moment, wanted).await?;
    found.retain(|user| {
        let id = user.profile.id;
        snapshot.user(id).is_none() && !snapshot.is_erased(id)
    });
    if found.is_empty() {
        return Ok(());
    }
    let ids = found.iter().map(|user| user.profile.id.as_uuid());
    let mut paths: HashMap<UserId, Vec<Assignment>> = HashMap::new();
    for path in assignments::load_assignments(connection, tenant, moment, ids).await? {
        paths.entry(path.user).or_default().push(path);
    }
    for user in found {
        snapshot.insert_user(User {
            paths: paths.remove(&user.profile.id).unwrap_or_default(),
            profile: user.profile,
            from_rev: user.from_rev,
        });
    }
    Ok(())
}

/// How many deleted people are loaded at once to be purged.
const MOST_PURGED: usize = 100;

/// Puts in deleted people who are to be purged at `now`, some of them; answers when the first of
/// the others is.
pub(crate) async fn deleted_due(
    connection: &impl ConnectionTrait,
    (tenant, moment): (TenantId, Moment),
    snapshot: &mut Snapshot,
    now: Instant,
) -> Result<Option<Instant>, StoreError> {
    let mut deleted = former::first_to_purge(connection, tenant, moment, MOST_PURGED).await?;
    let rest = deleted.iter().position(|(_, at)| *at > now);
    let left_out = deleted.split_off(rest.unwrap_or(deleted.len()).min(MOST_PURGED));
    let ids = deleted.into_iter().map(|(id, _)| id);
    extend_by_ids(connection, tenant, moment, snapshot, ids).await?;
    Ok(left_out.first().map(|(_, at)| *at))
}

fn wanted_by(needs: Needs, restored: &[String], snapshot: &Snapshot) -> users::Wanted {
    let mut wanted = users::Wanted {
        ids: needs.user_ids.iter().map(|id| id.as_uuid()).collect(),
        holders_of: needs.holders.iter().map(|id| id.as_uuid()).collect(),
        ..users::Wanted::default()
    };
    for text in needs.users.into_iter().filter(|text| storable(text)) {
        match Uuid::try_parse(text.trim()) {
            Ok(id) => wanted.ids.push(id),
            Err(_) => {
                let key = NameKey::new(&text).to_string();
                wanted.upn_keys.push(key.clone());
                wanted.name_keys.push(key);
            }
        }
    }
    let upns = needs
        .upns
        .iter()
        .filter(|upn| storable(upn))
        .map(|upn| NameKey::new(upn).to_string());
    wanted.upn_keys.extend(upns);
    for text in needs.deleted.iter().filter(|text| storable(text)) {
        match Uuid::try_parse(text.trim()) {
            Ok(id) => wanted.ids.push(id),
            Err(_) => wanted.former_upn_keys.push(NameKey::new(text).to_string()),
        }
    }
    for text in restored.iter().filter(|text| storable(text)) {
        match Uuid::try_parse(text.trim()) {
            Ok(id) => {
                wanted.ids.push(id);
                wanted.namesakes_of.push(id);
            }
            Err(_) => {
                let key = NameKey::new(text).to_string();
                wanted.former_upn_keys.push(key.clone());
                wanted.upn_keys.push(key);
            }
        }
    }
    wanted.ids.retain(|id| snapshot.user(UserId(*id)).is_none());
    wanted
}

/// PostgreSQL refuses a text with the character NUL, so nobody is called that.
pub(crate) fn storable(text: &str) -> bool {
    !text.contains('\0')
}
