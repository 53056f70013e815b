//! Loading what commands need into the snapshot that they are planned against: a few queries for a
//! whole batch, never one for each command.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use usher_domain::NameKey;
use usher_domain::command::{Command, Needs, needs, needs_of_purchase};
use usher_domain::ids::{TenantId, UserId};
use usher_domain::snapshot::{Assignment, Snapshot, User};
use uuid::Uuid;

use super::error::StoreError;
use super::moment::Moment;
use super::subscriptions::load_subscriptions;
use super::tokens::load_tokens;
use super::{assignments, users};

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
    if all.subscriptions {
        subscriptions(connection, tenant, moment, snapshot).await?;
        for command in commands {
            needs_of_purchase(command, snapshot, &mut all);
        }
    }
    let wanted = wanted_by(all, snapshot);
    insert(connection, tenant, moment, snapshot, wanted).await
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
    found.retain(|user| snapshot.user(user.profile.id).is_none());
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

fn wanted_by(needs: Needs, snapshot: &Snapshot) -> users::Wanted {
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
    wanted.ids.retain(|id| snapshot.user(UserId(*id)).is_none());
    wanted
}

/// PostgreSQL refuses a text with the character NUL, so nobody is called that.
pub(crate) fn storable(text: &str) -> bool {
    !text.contains('\0')
}
