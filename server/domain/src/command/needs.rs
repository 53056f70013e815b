//! What storage must load before a command can be planned, so that one combined load serves a
//! whole batch.

use uuid::Uuid;

use super::{Command, LicenseChange};
use crate::catalogue::{Catalogue, Product, Resolution};
use crate::ids::{ProductId, UserId};
use crate::snapshot::Snapshot;
use crate::subscription::TransitionKind;

/// What one command or a whole batch needs to be in the snapshot. Names may repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Live users by id, UPN or display name, with all their paths.
    pub users: Vec<String>,
    /// Users by id, deleted ones too, with all their paths.
    pub user_ids: Vec<UserId>,
    /// Deleted users by id or former UPN.
    pub deleted: Vec<String>,
    /// Deleted users by id or former UPN, with the direct paths that their deletion ended, and the
    /// live users that have their names now.
    pub restored: Vec<String>,
    /// Live users by UPN, with all their paths: a UPN that is to be free, or is updated.
    pub upns: Vec<String>,
    /// Products whose pools are read, by id or name. With further pools loaded, more ways out of a
    /// missing prerequisite can be offered.
    pub pools: Vec<String>,
    /// Seats of any product may be taken: which ones is known once the users are there.
    pub any_pool: bool,
    /// All users with any path to these products, with all their paths (R19a).
    pub holders: Vec<ProductId>,
    /// The first users that wait for a seat of these, as many as there are free seats.
    pub waiting: Vec<ProductId>,
    /// All tokens of the organisation.
    pub tokens: bool,
    /// All subscriptions of the tenant. Once they are there, `needs_of_purchase` says what else is
    /// needed.
    pub subscriptions: bool,
}

/// Adds to `needs` what a command needs. The catalogue is the one at the start of the batch:
/// nobody can hold yet what the batch itself adds to it, and who is concerned by a change back to
/// what was at the start was concerned by the change before.
pub fn needs(command: &Command, catalogue: &Catalogue, needs: &mut Needs) {
    match command {
        Command::ModifyLicenses(change) => {
            needs.users.push(change.user.clone());
            need_change(change, catalogue, needs);
        }
        Command::ModifyLicensesTogether(changes) => {
            for change in changes {
                needs.users.push(change.user.clone());
                need_change(change, catalogue, needs);
            }
        }
        Command::CreateUser(user) => {
            needs.user_ids.extend(user.id);
            needs.upns.extend(user.fields.upn.clone());
            if let Some(change) = &user.licenses {
                need_change(change, catalogue, needs);
            }
        }
        Command::UpdateUser { user, patch, .. } => {
            needs.users.push(user.clone());
            needs.upns.extend(patch.upn.clone());
            if patch.retention_hold.is_some() {
                needs.deleted.push(user.clone());
            }
        }
        Command::DeleteUser { user, .. } | Command::PurgeUser { user } => {
            needs.users.push(user.clone());
            needs.deleted.push(user.clone());
        }
        Command::OffboardUser { user, .. } => needs.users.push(user.clone()),
        Command::UndeleteUser(asked) => {
            needs.restored.push(asked.user.clone());
            needs.subscriptions = true;
            needs.upns.extend(asked.upn.clone());
        }
        Command::ImportUser(row) => {
            needs.user_ids.extend(row.id);
            needs.upns.extend(row.fields.upn.clone());
        }
        Command::CreateSubscription(subscription) => {
            needs.pools.push(subscription.product.clone());
            needs.users.extend(subscription.purchaser.clone());
        }
        Command::UpdateSubscription(_)
        | Command::RenewSubscription { .. }
        | Command::CancelSubscription { .. }
        | Command::ReactivateSubscription { .. }
        | Command::TakeOverSubscription { .. }
        | Command::AdvanceSubscription { .. } => needs.subscriptions = true,
        Command::ImportProduct(_)
        | Command::ImportRules(_)
        | Command::UpdateProduct { .. }
        | Command::UpdatePlan { .. }
        | Command::UpdateRule { .. }
        | Command::DeleteRule { .. } => need_holders(command, catalogue, needs),
        Command::RevokeToken { .. } | Command::CreateToken(_) => needs.tokens = true,
        Command::ImportPlan(_)
        | Command::AssignRole { .. }
        | Command::RemoveRole { .. }
        | Command::UpdateTenant { .. }
        | Command::CreateTenant { .. } => {}
        Command::ServeQueue { product } => {
            needs.pools.push(product.to_string());
            needs.waiting.push(*product);
        }
    }
}

/// Who holds what a change of the catalogue is about is judged again (R19a).
fn need_holders(command: &Command, catalogue: &Catalogue, needs: &mut Needs) {
    match command {
        Command::ImportProduct(product) => {
            let adds = |old: &Product| {
                product
                    .plans
                    .iter()
                    .any(|plan| !old.plans.contains_key(plan))
            };
            if catalogue.product(product.id).is_some_and(adds) {
                needs.holders.push(product.id);
            }
        }
        Command::ImportRules(rules) => {
            for rule in rules {
                let old = catalogue.rules().get(&rule.key());
                let new = rule.onto(old);
                needs
                    .holders
                    .extend(catalogue.concerned_by(Some(&new), old));
            }
        }
        Command::UpdateProduct { product, patch, .. } if patch.turns(catalogue, *product) => {
            needs.holders.push(*product);
        }
        Command::UpdatePlan { plan, patch, .. } => {
            let known = catalogue.plan(*plan).map(|plan| plan.automatic);
            if patch.automatic.is_some_and(|to| known != Some(to)) {
                let holders = catalogue.products_with(*plan).map(|product| product.id);
                needs.holders.extend(holders);
            }
        }
        Command::UpdateRule { patch, .. } => {
            let old = catalogue.rules().get(&patch.key());
            if let Ok(new) = patch.onto(old) {
                let new = new.onto(None);
                needs
                    .holders
                    .extend(catalogue.concerned_by(Some(&new), old));
            }
        }
        Command::DeleteRule { key, .. } => {
            let old = catalogue.rules().get(key);
            needs.holders.extend(catalogue.concerned_by(None, old));
        }
        _ => {}
    }
}

/// Whether a command may take seats that are in their days of grace: until when they work is read
/// from the subscriptions.
#[must_use]
pub fn takes_from_grace(needs: &Needs, snapshot: &Snapshot) -> bool {
    if snapshot.pools().all(|(_, pool)| pool.warning == 0) {
        return false;
    }
    needs.any_pool
        || needs.pools.iter().any(|text| {
            let found = snapshot.catalogue.resolve_product(text);
            matches!(found, Resolution::Found(product) if snapshot.pool(product).warning > 0)
        })
}

/// Adds what a command needs that speaks of a subscription, for a snapshot with all subscriptions.
pub fn needs_of_purchase(command: &Command, snapshot: &Snapshot, needs: &mut Needs) {
    match command {
        // Which one is meant is not known yet, and purchasers are few.
        Command::TakeOverSubscription { .. } => {
            let all = snapshot.subscriptions();
            needs.user_ids.extend(all.filter_map(|one| one.purchaser));
        }
        Command::AdvanceSubscription { subscription } => {
            let Some(one) = snapshot.subscription(*subscription) else {
                return;
            };
            let next = one.next_transition();
            if next.is_some_and(|next| next.kind == TransitionKind::Delete) {
                match one.purchaser {
                    Some(purchaser) => needs.user_ids.push(purchaser),
                    None => needs.holders.push(one.product),
                }
            }
        }
        _ => {}
    }
}

/// The products that a change names.
fn products(change: &LicenseChange) -> impl Iterator<Item = &String> {
    let adds = change.add.iter().map(|add| &add.product);
    let removes = change.remove.iter().map(|remove| &remove.product);
    let switches = change.switches.iter();
    let switches = switches.filter_map(|one| one.product.as_ref());
    let only = change.only_plans.iter();
    let only = only.filter_map(|only| only.product.as_ref());
    let keeps = change.keep.iter();
    adds.chain(removes).chain(switches).chain(only).chain(keeps)
}

/// What a change needs beside its user.
fn need_change(change: &LicenseChange, catalogue: &Catalogue, needs: &mut Needs) {
    let source = change.copy_from.as_ref();
    needs.any_pool |= source.is_some();
    needs.users.extend(source.map(|source| source.user.clone()));
    let added = change.add.iter().map(|add| &add.product);
    needs.pools.extend(added.chain(&change.add_first).cloned());
    // An id that is no product's can be a subscription's (R45).
    needs.subscriptions |= products(change).any(|text| {
        Uuid::try_parse(text.trim()).is_ok_and(|id| catalogue.product(ProductId(id)).is_none())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{CopyFrom, ProductImport, RuleImport};
    use crate::fixture::{catalogue, of_user, plan_id, product_id};

    fn of(command: &Command) -> Needs {
        let mut all = Needs::default();
        needs(command, &catalogue(), &mut all);
        all
    }

    #[test]
    fn a_change_needs_the_user_and_the_pools_that_it_adds_from() {
        let change = of_user(0).adding("FULL").removing("BASIC");
        let needs = of(&Command::ModifyLicenses(Box::new(change)));
        assert_eq!(needs.users, ["user0@contoso.com"]);
        assert_eq!(needs.pools, ["FULL"]);
        assert!(needs.holders.is_empty());
    }

    #[test]
    fn changes_together_need_all_their_users_and_whom_they_copy() {
        let copy = LicenseChange {
            copy_from: Some(CopyFrom {
                user: "user9@contoso.com".to_owned(),
                products: Vec::new(),
            }),
            add_first: vec!["TALK".to_owned()],
            ..of_user(1)
        };
        let needs = of(&Command::ModifyLicensesTogether(vec![of_user(0), copy]));
        let users = [0, 1, 9].map(|n| format!("user{n}@contoso.com"));
        assert_eq!(needs.users, users);
        assert_eq!(
            (needs.pools, needs.any_pool),
            (vec!["TALK".to_owned()], true)
        );
    }

    #[test]
    fn a_rule_needs_the_holders_of_every_product_that_it_can_touch() {
        let rule = RuleImport::Prerequisite {
            plan: plan_id("SITE_2"),
            any_of: vec![plan_id("CHAT")],
            evidence: String::new(),
        };
        let mut holders = of(&Command::ImportRules(vec![rule])).holders;
        holders.sort_unstable();
        assert_eq!(holders, ["FULL", "PROJECTS", "SITES"].map(product_id));
        let known = RuleImport::Exclusion {
            id: "mail".to_owned(),
            service: String::new(),
            plans: vec![plan_id("MAIL_1")],
        };
        assert!(of(&Command::ImportRules(vec![known])).holders.is_empty());
    }

    #[test]
    fn a_product_needs_its_holders_only_when_it_gains_a_plan() {
        let import = |plan: &str| {
            Command::ImportProduct(Box::new(ProductImport {
                id: product_id("FULL"),
                part_number: "FULL".to_owned(),
                name: "Another name".to_owned(),
                aliases: Vec::new(),
                plans: vec![plan_id(plan)],
            }))
        };
        assert!(of(&import("CHAT")).holders.is_empty());
        assert_eq!(of(&import("MEET")).holders, [product_id("FULL")]);
    }
}
