//! What becomes of a user's paths when the seats behind them end or change hands: a user's own
//! purchase begins, is moved to the pool or ends (R21, R44), or the product's last subscription goes
//! (R41).

use std::collections::BTreeMap;

use uuid::Uuid;

use super::draft::DraftPath;
use super::{Context, Draft};
use crate::catalogue::Catalogue;
use crate::ids::{AssignmentId, Path, PlanId, ProductId, Revision};
use crate::rules::switches::switched_on;
use crate::snapshot::{Assignment, AssignmentState, NewPlans, User, Waiting};

/// A group path that lost its seat goes behind nobody of the same priority.
const GROUP_PRIORITY: i32 = 0;

/// Ends what a user has of a product from the pool: a direct path ends, a group path waits on.
pub(in crate::plan) fn lapse<'a>(
    context: &Context<'_>,
    user: &'a User,
    product: ProductId,
    revision: Revision,
) -> Draft<'a> {
    let mut draft = draft_of(user);
    for path in &mut draft.paths {
        let Some(after) = path.after.as_deref() else {
            continue;
        };
        if after.product != product || !after.takes_seat() {
            continue;
        }
        if after.is_direct() {
            path.after = None;
        } else if let Some(after) = path.after.as_mut() {
            after.to_mut().state = AssignmentState::Waiting(Waiting {
                priority: GROUP_PRIORITY,
                since: context.now,
            });
        }
    }
    draft.settle_at(context.catalogue(), (context.now, revision));
    draft
}

/// Ends the path that a user's own purchase made.
pub(in crate::plan) fn end_self_service<'a>(
    context: &Context<'_>,
    user: &'a User,
    product: ProductId,
) -> Draft<'a> {
    let mut draft = draft_of(user);
    if let Some(path) = draft.self_service_path(product) {
        path.after = None;
    }
    draft.settle_at(context.catalogue(), (context.now, context.revision));
    draft
}

fn draft_of(user: &User) -> Draft<'_> {
    Draft::of(user.profile.id, user.profile.usage_location, &user.paths)
}

impl<'a> Draft<'a> {
    fn self_service_path(&mut self, product: ProductId) -> Option<&mut DraftPath<'a>> {
        self.paths.iter_mut().find(|path| {
            path.after
                .as_deref()
                .is_some_and(|after| after.product == product && after.self_service)
        })
    }

    /// R21: the user has the product by the purchase; one path, however often it is bought.
    pub(in crate::plan) fn begin_self_service(
        &mut self,
        context: &Context<'_>,
        product: ProductId,
        ids: &mut dyn FnMut() -> Uuid,
    ) {
        if self.self_service_path(product).is_some() {
            return;
        }
        let path = Assignment {
            id: AssignmentId(ids()),
            user: self.user(),
            product,
            path: Path::Direct,
            state: AssignmentState::Active,
            switches: BTreeMap::new(),
            new_plans: NewPlans::On,
            began_at: context.now,
            began_rev: context.revision,
            from_rev: context.revision,
            held_off: Vec::new(),
            self_service: true,
            batch: context.request.batch,
            actor: context.request.actor.identity.clone(),
        };
        self.begin(path);
    }

    /// R44: what the user had by the purchase goes on from the pool, with its switches. Where it is
    /// there from the pool already, plans that only the purchase had on are switched on there. The
    /// path stays beside it where another purchase of the user still carries it.
    pub(in crate::plan) fn move_to_pool(
        &mut self,
        catalogue: &Catalogue,
        product: ProductId,
        is_last: bool,
        ids: &mut dyn FnMut() -> Uuid,
    ) {
        let Some(bought) = self
            .after()
            .find(|path| path.product == product && path.self_service)
            .cloned()
        else {
            return;
        };
        if !self.holds_directly(product) {
            if !is_last {
                self.begin(Assignment {
                    id: AssignmentId(ids()),
                    self_service: false,
                    ..bought
                });
            } else if let Some(path) = self.self_service_path(product)
                && let Some(after) = path.after.as_mut()
            {
                after.to_mut().self_service = false;
            }
            return;
        }
        let on: Vec<PlanId> = switched_on(catalogue, &bought)
            .iter()
            .map(|plan| catalogue.plan_id(plan))
            .collect();
        let direct = self
            .direct(product)
            .map(|path| switched_on(catalogue, path));
        let is_off = |plan: &PlanId| {
            let number = catalogue.number(*plan);
            !direct
                .as_ref()
                .zip(number)
                .is_some_and(|(direct, number)| direct.contains(number))
        };
        let off: Vec<PlanId> = on.into_iter().filter(is_off).collect();
        if let Some(path) = self.edit_direct(product) {
            path.switches
                .extend(off.into_iter().map(|plan| (plan, true)));
            path.state = AssignmentState::Active;
        }
        if is_last && let Some(path) = self.self_service_path(product) {
            path.after = None;
        }
    }

    /// The rows that ended and those that began, for a record.
    pub(in crate::plan) fn changed(&self) -> (Vec<&Assignment>, Vec<&Assignment>) {
        let changed = || self.paths.iter().filter(|path| path.is_changed());
        (
            changed().filter_map(|path| path.before).collect(),
            changed().filter_map(|path| path.after.as_deref()).collect(),
        )
    }
}
