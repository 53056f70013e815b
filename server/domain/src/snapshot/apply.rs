//! Making a plan's changes visible to the next command. Every change is known to fit: it was
//! planned against this very state.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Assignment, AssignmentState, Snapshot, User, UserProfile};
use crate::catalogue::{Rule, RuleKey};
use crate::ids::{AssignmentId, ProductId, UserId};
use crate::name_key::NameKey;
use crate::plan::{Change, Plan};

impl Snapshot {
    /// Applies a plan's changes. The revision moves on by one for each step.
    pub fn apply(&mut self, plan: &Plan) {
        // Rules are compiled together, so all that the plan says of them goes in at once.
        let mut rules: BTreeMap<RuleKey, Option<Rule>> = BTreeMap::new();
        for step in &plan.steps {
            self.revision.0 += 1;
            for change in &step.changes {
                match change {
                    Change::CloseRule { key } => drop(rules.insert(key.clone(), None)),
                    Change::OpenRule(rule) => {
                        drop(rules.insert(rule.key(), Some((**rule).clone())));
                    }
                    _ => self.apply_change(change),
                }
            }
        }
        if rules.is_empty() {
            return;
        }
        let (put, remove): (Vec<_>, Vec<_>) =
            rules.into_iter().partition(|(_, rule)| rule.is_some());
        let remove: Vec<RuleKey> = remove.into_iter().map(|(key, _)| key).collect();
        let put = put.into_iter().filter_map(|(_, rule)| rule);
        Arc::make_mut(&mut self.catalogue).change_rules(&remove, put);
    }

    fn apply_change(&mut self, change: &Change) {
        match change {
            // The row that takes its place carries everything, and a place in the queue is read
            // from the path's state.
            Change::CloseUser { .. }
            | Change::CloseProduct { .. }
            | Change::ClosePlan { .. }
            | Change::CloseSubscription { .. }
            | Change::OpenWaiting { .. }
            | Change::CloseWaiting { .. }
            | Change::CloseTenant
            // Rules go in together.
            | Change::CloseRule { .. }
            | Change::OpenRule(_) => {}
            Change::OpenUser(profile) => {
                let before = self.remove_user(profile.id);
                self.remember_former(before.as_ref(), profile);
                let paths = before.map(|user| user.paths).unwrap_or_default();
                self.insert_user(User {
                    profile: (**profile).clone(),
                    from_rev: self.revision,
                    paths,
                });
            }
            Change::EraseUser { id } => {
                self.remove_user(*id);
                self.former_paths.remove(id);
                self.erased.insert(*id);
            }
            Change::CloseAssignment { id, user } => self.end_path(*user, *id),
            Change::OpenAssignment(path) => {
                self.join_queue(path);
                if let Some(user) = self.users.get_mut(&path.user) {
                    user.paths.push((**path).clone());
                }
            }
            Change::PoolDelta { product, delta } => {
                *self.pools.entry(*product).or_default() += *delta;
            }
            Change::OpenOverAllocation { product, since } => {
                self.insert_over_allocation(*product, *since);
            }
            Change::CloseOverAllocation { product } => drop(self.over.remove(product)),
            Change::OpenSubscription(subscription) => {
                let mut subscription = (**subscription).clone();
                subscription.from_rev = self.revision;
                self.insert_subscription(subscription);
            }
            Change::OpenProduct(_)
            | Change::OpenPlan(_)
            | Change::OpenProductPlan { .. }
            | Change::CloseProductPlan { .. } => {
                self.apply_to_catalogue(change);
            }
            Change::OpenRole { .. }
            | Change::CloseRole { .. }
            | Change::OpenToken(_)
            | Change::RevokeToken { .. }
            | Change::OpenTenant { .. } => self.apply_to_access(change),
        }
    }

    fn apply_to_catalogue(&mut self, change: &Change) {
        match change {
            Change::OpenProduct(product) => {
                let mut product = (**product).clone();
                let catalogue = Arc::make_mut(&mut self.catalogue);
                if let Some(old) = catalogue.product(product.id) {
                    product.plans.clone_from(&old.plans);
                }
                catalogue.put_product(product);
            }
            Change::OpenProductPlan {
                product,
                plan,
                entry,
            } => Arc::make_mut(&mut self.catalogue).put_product_plan(*product, *plan, Some(*entry)),
            Change::CloseProductPlan { product, plan } => {
                Arc::make_mut(&mut self.catalogue).put_product_plan(*product, *plan, None);
            }
            Change::OpenPlan(plan) => {
                Arc::make_mut(&mut self.catalogue).put_plan((**plan).clone());
            }
            _ => {}
        }
    }

    fn apply_to_access(&mut self, change: &Change) {
        match change {
            Change::OpenRole { identity, role } => {
                let organisation = Arc::make_mut(&mut self.organisation);
                organisation.roles.put(identity, *role);
            }
            Change::CloseRole { identity, role } => {
                let organisation = Arc::make_mut(&mut self.organisation);
                organisation.roles.remove(identity, *role);
            }
            Change::OpenToken(token) => self.insert_token((**token).clone()),
            Change::RevokeToken { id, at } => {
                if let Some(token) = self.tokens.get_mut(id) {
                    token.revoked_at = Some(*at);
                }
            }
            Change::OpenTenant {
                name,
                created_at,
                settings,
            } => {
                self.tenant = *settings;
                let from_rev = self.revision;
                let organisation = Arc::make_mut(&mut self.organisation);
                organisation.name.clone_from(name);
                organisation.created_at = *created_at;
                organisation.from_rev = from_rev;
            }
            _ => {}
        }
    }

    pub(super) fn remove_user(&mut self, id: UserId) -> Option<User> {
        let user = self.users.remove(&id)?;
        for (index, name) in [
            (&mut self.upns, &user.profile.upn),
            (&mut self.names, &user.profile.display_name),
            (&mut self.former_upns, &user.profile.upn),
        ] {
            let key = NameKey::new(name);
            if let Some(ids) = index.get_mut(&key) {
                ids.retain(|other| *other != id);
                if ids.is_empty() {
                    index.remove(&key);
                }
            }
        }
        for path in &user.paths {
            self.leave_queue(path.product, path.id);
        }
        Some(user)
    }

    pub(super) fn index_user(&mut self, user: &User) {
        let id = user.profile.id;
        if user.profile.deleted_at.is_none() {
            let upn = NameKey::new(&user.profile.upn);
            self.upns.entry(upn).or_default().push(id);
            let name = NameKey::new(&user.profile.display_name);
            self.names.entry(name).or_default().push(id);
        } else {
            let upn = NameKey::new(&user.profile.upn);
            self.former_upns.entry(upn).or_default().push(id);
        }
        for path in &user.paths {
            self.join_queue(path);
        }
    }

    /// A user who is being deleted still has the paths that end with the deletion.
    fn remember_former(&mut self, before: Option<&User>, profile: &UserProfile) {
        if profile.deleted_at.is_none() {
            self.former_paths.remove(&profile.id);
            return;
        }
        if let Some(before) = before.filter(|user| user.profile.deleted_at.is_none()) {
            let direct = before.paths.iter().filter(|path| path.is_direct());
            self.former_paths
                .insert(profile.id, direct.cloned().collect());
        }
    }

    fn end_path(&mut self, user: UserId, id: AssignmentId) {
        let Some(paths) = self.users.get_mut(&user).map(|user| &mut user.paths) else {
            return;
        };
        if let Some(at) = paths.iter().position(|path| path.id == id) {
            let path = paths.remove(at);
            self.leave_queue(path.product, path.id);
        }
    }

    fn join_queue(&mut self, path: &Assignment) {
        if let AssignmentState::Waiting(place) = &path.state {
            self.queues.entry(path.product).or_default().insert((
                place.priority,
                place.since,
                path.id,
                path.user,
            ));
        }
    }

    fn leave_queue(&mut self, product: ProductId, id: AssignmentId) {
        if let Some(queue) = self.queues.get_mut(&product) {
            queue.retain(|place| place.2 != id);
        }
    }
}
