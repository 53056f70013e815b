//! The state that commands are planned against: the users, pools, catalogue and settings that
//! storage loaded for them, and how a plan's changes become visible to the next command.
//! Whatever is not in it does not exist for the planner, so storage loads all that `needs` names.

mod apply;
mod etag;
mod user;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::{AddAssign, Sub};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::etag::etag;
pub use self::user::{
    Assignment, AssignmentState, Because, HeldOff, Hold, NewPlans, PathError, RESTORABLE_DAYS,
    User, UserProfile, UserType, Waiting,
};
use crate::access::{Organisation, Token};
use crate::catalogue::{Catalogue, Resolution};
use crate::ids::{
    AssignmentId, Country, Instant, ProductId, Revision, SubscriptionId, TokenId, UserId,
};
use crate::name_key::NameKey;
use crate::subscription::Subscription;

/// Who may change the licences of guests (R22).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestPolicy {
    #[default]
    GlobalAdmin,
    LicenseAdmin,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantSettings {
    /// Where a group member without a usage location is taken to be (R35).
    pub default_usage_location: Option<Country>,
    pub guest_policy: GuestPolicy,
}

/// The seats of a product (R4), or a change of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    pub enabled: i64,
    pub warning: i64,
    pub suspended: i64,
    pub locked_out: i64,
    pub consumed: i64,
}

impl Pool {
    /// The seats that may be used.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.enabled.saturating_add(self.warning)
    }

    /// The seats that are free; negative while the pool is over-allocated (R8).
    #[must_use]
    pub const fn available(&self) -> i64 {
        self.total().saturating_sub(self.consumed)
    }

    /// More is used than there is, because capacity shrank (R8).
    #[must_use]
    pub const fn is_over_allocated(&self) -> bool {
        self.available() < 0
    }

    /// No seat gives benefit, though some could come back (R41).
    #[must_use]
    pub const fn is_suspended(&self) -> bool {
        self.total() == 0 && (self.suspended > 0 || self.locked_out > 0)
    }
}

impl AddAssign for Pool {
    fn add_assign(&mut self, delta: Self) {
        self.enabled = self.enabled.saturating_add(delta.enabled);
        self.warning = self.warning.saturating_add(delta.warning);
        self.suspended = self.suspended.saturating_add(delta.suspended);
        self.locked_out = self.locked_out.saturating_add(delta.locked_out);
        self.consumed = self.consumed.saturating_add(delta.consumed);
    }
}

impl Sub for Pool {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            enabled: self.enabled.saturating_sub(other.enabled),
            warning: self.warning.saturating_sub(other.warning),
            suspended: self.suspended.saturating_sub(other.suspended),
            locked_out: self.locked_out.saturating_sub(other.locked_out),
            consumed: self.consumed.saturating_sub(other.consumed),
        }
    }
}

/// How long an over-allocated pool has to be healed before it is overdue (R8).
pub const OVER_DAYS: i64 = 90;

/// A place in a product's queue: priority, then first come (R34).
type Place = (i32, Instant, AssignmentId, UserId);

#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub tenant: TenantSettings,
    pub revision: Revision,
    pub catalogue: Arc<Catalogue>,
    /// With all its roles: they are few, and every command is judged by them.
    pub organisation: Arc<Organisation>,
    users: HashMap<UserId, User>,
    upns: HashMap<NameKey, Vec<UserId>>,
    names: HashMap<NameKey, Vec<UserId>>,
    /// Deleted users by the name that they had.
    former_upns: HashMap<NameKey, Vec<UserId>>,
    /// The direct paths that the deletion of a user ended.
    former_paths: HashMap<UserId, Vec<Assignment>>,
    erased: HashSet<UserId>,
    pools: HashMap<ProductId, Pool>,
    /// Since when more is used than there is, by product (R8).
    over: HashMap<ProductId, Instant>,
    queues: HashMap<ProductId, BTreeSet<Place>>,
    subscriptions: HashMap<SubscriptionId, Subscription>,
    tokens: HashMap<TokenId, Token>,
    knows_subscriptions: bool,
}

impl Snapshot {
    #[must_use]
    pub fn new(tenant: TenantSettings, revision: Revision, catalogue: Arc<Catalogue>) -> Self {
        Self {
            tenant,
            revision,
            catalogue,
            ..Self::default()
        }
    }

    /// Puts a user in, or replaces the one with that id.
    pub fn insert_user(&mut self, user: User) {
        let id = user.profile.id;
        self.remove_user(id);
        self.index_user(&user);
        self.users.insert(id, user);
    }

    pub fn insert_pool(&mut self, product: ProductId, pool: Pool) {
        self.pools.insert(product, pool);
    }

    pub fn insert_over_allocation(&mut self, product: ProductId, since: Instant) {
        self.over.insert(product, since);
    }

    pub fn insert_subscription(&mut self, subscription: Subscription) {
        self.subscriptions.insert(subscription.id, subscription);
    }

    /// Puts in all subscriptions that there are; those that are in already stay as they are.
    pub fn insert_subscriptions(&mut self, all: impl IntoIterator<Item = Subscription>) {
        for one in all {
            self.subscriptions.entry(one.id).or_insert(one);
        }
        self.knows_subscriptions = true;
    }

    /// Whether all subscriptions are in.
    #[must_use]
    pub fn knows_subscriptions(&self) -> bool {
        self.knows_subscriptions
    }

    pub fn insert_token(&mut self, token: Token) {
        self.tokens.insert(token.id, token);
    }

    #[must_use]
    pub fn token(&self, id: TokenId) -> Option<&Token> {
        self.tokens.get(&id)
    }

    pub fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.tokens.values()
    }

    #[must_use]
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(&id)
    }

    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// A product's seats; all zero where the tenant never had any.
    #[must_use]
    pub fn pool(&self, product: ProductId) -> Pool {
        self.pools.get(&product).copied().unwrap_or_default()
    }

    pub fn pools(&self) -> impl Iterator<Item = (ProductId, Pool)> {
        self.pools.iter().map(|(id, pool)| (*id, *pool))
    }

    #[must_use]
    pub fn subscription(&self, id: SubscriptionId) -> Option<&Subscription> {
        self.subscriptions.get(&id)
    }

    pub fn subscriptions(&self) -> impl Iterator<Item = &Subscription> {
        self.subscriptions.values()
    }

    /// Since when more is used of a product than there is (R8).
    #[must_use]
    pub fn over_since(&self, product: ProductId) -> Option<Instant> {
        self.over.get(&product).copied()
    }

    pub fn over_allocations(&self) -> impl Iterator<Item = (ProductId, Instant)> {
        self.over.iter().map(|(product, since)| (*product, *since))
    }

    /// The users that wait for a seat of the product, the next one first.
    pub fn waiting(&self, product: ProductId) -> impl Iterator<Item = &User> {
        let places = self.queues.get(&product).into_iter().flatten();
        places.filter_map(|place| self.users.get(&place.3))
    }

    /// The live user that an id, UPN or display name stands for; a UPN goes before a name (R1).
    #[must_use]
    pub fn resolve_user(&self, text: &str) -> Resolution<UserId> {
        if let Ok(id) = Uuid::try_parse(text.trim())
            && self.is_live(UserId(id))
        {
            return Resolution::Found(UserId(id));
        }
        let key = NameKey::new(text);
        let found = [&self.upns, &self.names]
            .into_iter()
            .filter_map(|index| index.get(&key))
            .find(|ids| !ids.is_empty());
        match found.map(Vec::as_slice) {
            Some([one]) => Resolution::Found(*one),
            Some(several) => {
                let mut candidates = several.to_vec();
                candidates.sort_unstable();
                Resolution::Ambiguous { candidates }
            }
            None => Resolution::NotFound {
                nearest: Vec::new(),
            },
        }
    }

    /// The live user that has a UPN.
    #[must_use]
    pub fn user_with_upn(&self, upn: &str) -> Option<UserId> {
        self.upns
            .get(&NameKey::new(upn))
            .and_then(|ids| ids.first().copied())
    }

    /// The live user with this id or UPN.
    #[must_use]
    pub fn live_user(&self, text: &str) -> Option<UserId> {
        match Uuid::try_parse(text.trim()) {
            Ok(id) => Some(UserId(id)).filter(|id| self.is_live(*id)),
            Err(_) => self.user_with_upn(text),
        }
    }

    /// The deleted user that an id or former UPN stands for.
    #[must_use]
    pub fn resolve_deleted(&self, text: &str) -> Resolution<UserId> {
        if let Ok(id) = Uuid::try_parse(text.trim())
            && let Some(user) = self.users.get(&UserId(id))
            && user.profile.deleted_at.is_some()
        {
            return Resolution::Found(UserId(id));
        }
        let found = self.former_upns.get(&NameKey::new(text));
        match found.map(Vec::as_slice) {
            Some([one]) => Resolution::Found(*one),
            Some(several) => {
                let mut candidates = several.to_vec();
                candidates.sort_unstable();
                Resolution::Ambiguous { candidates }
            }
            None => Resolution::NotFound {
                nearest: Vec::new(),
            },
        }
    }

    /// Whether a command of this batch purged the person: the database does not know it yet.
    #[must_use]
    pub fn is_erased(&self, user: UserId) -> bool {
        self.erased.contains(&user)
    }

    /// Puts in the direct paths that the deletion of a user ended.
    pub fn insert_former_paths(&mut self, user: UserId, paths: Vec<Assignment>) {
        self.former_paths.insert(user, paths);
    }

    /// The direct paths that the deletion of a user ended.
    #[must_use]
    pub fn former_paths(&self, user: UserId) -> &[Assignment] {
        self.former_paths.get(&user).map_or(&[], Vec::as_slice)
    }

    /// Whether it is known which paths the deletion of a user ended.
    #[must_use]
    pub fn knows_former_paths(&self, user: UserId) -> bool {
        self.former_paths.contains_key(&user)
    }

    fn is_live(&self, id: UserId) -> bool {
        self.users
            .get(&id)
            .is_some_and(|user| user.profile.deleted_at.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{World, group, of_user, product_id, user_id};

    #[test]
    fn a_upn_goes_before_a_name_and_the_deleted_have_neither() {
        let mut world = World::new(3, 1);
        world.edit_user(1, |profile| {
            profile.display_name = "User0@contoso.com".to_owned()
        });
        let found = |world: &World, text: &str| world.snapshot.resolve_user(text);
        assert_eq!(
            found(&world, "USER0@CONTOSO.COM"),
            Resolution::Found(user_id(0))
        );
        world.edit_user(0, |profile| profile.deleted_at = Some(Instant(1)));
        assert_eq!(
            found(&world, "user0@contoso.com"),
            Resolution::Found(user_id(1))
        );
        let gone = user_id(0).to_string();
        assert!(matches!(found(&world, &gone), Resolution::NotFound { .. }));
        assert!(world.snapshot.user(user_id(0)).is_some());
    }

    #[test]
    fn a_queue_goes_by_priority_and_then_by_time() {
        let mut world = World::new(3, 0);
        for (n, priority, since) in [(0, 5, 1), (1, 0, 9), (2, 0, 3)] {
            let place = Waiting {
                priority,
                since: Instant(since),
            };
            world.give(n, "FULL", group(n), AssignmentState::Waiting(place));
        }
        let queue = world.snapshot.waiting(product_id("FULL"));
        let order: Vec<UserId> = queue.map(|user| user.profile.id).collect();
        assert_eq!(order, [2, 1, 0].map(user_id));
        world.leave(1, group(1));
        assert_eq!(world.snapshot.waiting(product_id("FULL")).count(), 2);
    }

    #[test]
    fn a_plan_applied_moves_the_revision_by_one_and_a_refusal_moves_nothing() {
        let mut world = World::new(2, 1);
        let before = world.snapshot.revision.0;
        world.change(of_user(0).adding("FULL"));
        world.change(of_user(1).adding("FULL"));
        assert_eq!(world.snapshot.revision.0, before + 1);
        assert_eq!(world.user(0).paths[0].from_rev, world.snapshot.revision);
        assert!(world.user(1).paths.is_empty());
    }
}
