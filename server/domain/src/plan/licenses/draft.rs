//! A user's paths as they would be: every path that was, with what becomes of it, and new ones.
//! Seats, rows to write and the record are read off it, so they cannot disagree.

use std::borrow::Cow;
use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Context, Holder};
use crate::catalogue::Catalogue;
use crate::ids::{AssignmentId, Country, Instant, Path, ProductId, Revision, UserId};
use crate::rules::switches::switched_on;
use crate::rules::{Standing, held_off};
use crate::snapshot::{Assignment, AssignmentState, NewPlans};

pub(in crate::plan) struct DraftPath<'a> {
    pub(in crate::plan) before: Option<&'a Assignment>,
    pub(in crate::plan) after: Option<Cow<'a, Assignment>>,
}

pub(in crate::plan) struct Draft<'a> {
    user: UserId,
    location: Option<Country>,
    pub(in crate::plan) paths: Vec<DraftPath<'a>>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(_context: &Context<'_>, holder: Holder<'a>) -> Self {
        Self::of(
            holder.profile.id,
            holder.profile.usage_location,
            holder.paths,
        )
    }

    /// The paths as they are, for a user who is now taken to be in `location`.
    pub(in crate::plan) fn of(
        user: UserId,
        location: Option<Country>,
        paths: &'a [Assignment],
    ) -> Self {
        let mut drafts = Vec::with_capacity(paths.len() + 1);
        drafts.extend(paths.iter().map(|path| DraftPath {
            before: Some(path),
            after: Some(Cow::Borrowed(path)),
        }));
        Self {
            user,
            location,
            paths: drafts,
        }
    }

    pub(in crate::plan) fn user(&self) -> UserId {
        self.user
    }

    pub(super) fn location(&self) -> Option<Country> {
        self.location
    }

    pub(super) fn before(&self) -> impl Iterator<Item = &'a Assignment> {
        self.paths.iter().filter_map(|path| path.before)
    }

    pub(in crate::plan) fn after(&self) -> impl Iterator<Item = &Assignment> {
        self.paths.iter().filter_map(|path| path.after.as_deref())
    }

    /// The paths that end.
    pub(super) fn ended(&self) -> impl Iterator<Item = &'a Assignment> {
        self.paths
            .iter()
            .filter(|path| path.after.is_none())
            .filter_map(|path| path.before)
    }

    /// The paths that begin.
    pub(super) fn begun(&self) -> impl Iterator<Item = &Assignment> {
        self.paths
            .iter()
            .filter(|path| path.before.is_none())
            .filter_map(|path| path.after.as_deref())
    }

    pub(super) fn holds_directly(&self, product: ProductId) -> bool {
        self.direct(product).is_some()
    }

    pub(super) fn direct(&self, product: ProductId) -> Option<&Assignment> {
        self.after()
            .find(|path| path.product == product && path.is_direct())
    }

    pub(super) fn edit_direct(&mut self, product: ProductId) -> Option<&mut Assignment> {
        self.paths
            .iter_mut()
            .filter_map(|path| path.after.as_mut())
            .find(|path| path.product == product && path.is_direct())
            .map(Cow::to_mut)
    }

    /// The products held directly, sorted.
    pub(super) fn direct_products(&self) -> Vec<ProductId> {
        let mut products: Vec<ProductId> = self
            .after()
            .filter(|path| path.is_direct())
            .map(|path| path.product)
            .collect();
        products.sort_unstable();
        products
    }

    /// Ends the direct path to a product; false when there is none.
    pub(super) fn end_direct(&mut self, product: ProductId) -> bool {
        let direct = self.paths.iter_mut().find(|path| {
            path.after
                .as_ref()
                .is_some_and(|path| path.product == product && path.is_direct())
        });
        direct.is_some_and(|path| path.after.take().is_some())
    }

    /// Ends the paths for which `ends` says so.
    pub(in crate::plan) fn end_paths(&mut self, ends: impl Fn(&Assignment) -> bool) {
        for path in &mut self.paths {
            if path.after.as_deref().is_some_and(&ends) {
                path.after = None;
            }
        }
    }

    /// Begins a direct path, or has the one that is there: one that waits is tried again.
    pub(super) fn begin_direct(
        &mut self,
        context: &Context<'_>,
        product: ProductId,
        new_plans: Option<NewPlans>,
        ids: &mut dyn FnMut() -> Uuid,
    ) {
        if let Some(path) = self.direct(product) {
            let rule = new_plans.unwrap_or(path.new_plans);
            if (path.new_plans != rule || !path.is_active())
                && let Some(path) = self.edit_direct(product)
            {
                path.new_plans = rule;
                path.state = AssignmentState::Active;
            }
            return;
        }
        let path = Assignment {
            id: AssignmentId(ids()),
            user: self.user,
            product,
            path: Path::Direct,
            state: AssignmentState::Active,
            switches: BTreeMap::new(),
            new_plans: new_plans.unwrap_or_default(),
            began_at: context.now,
            began_rev: context.revision,
            from_rev: context.revision,
            held_off: Vec::new(),
            self_service: false,
            batch: context.request.batch,
            actor: context.request.actor.identity.clone(),
        };
        self.begin(path);
    }

    pub(super) fn begin(&mut self, path: Assignment) {
        self.paths.push(DraftPath {
            before: None,
            after: Some(Cow::Owned(path)),
        });
    }

    /// Puts the direct path to a product into a queue, keeping the place that it has there.
    pub(super) fn queue_direct(&mut self, product: ProductId, state: AssignmentState) {
        let place = self
            .paths
            .iter()
            .filter_map(|path| path.before)
            .find(|path| path.product == product && path.is_direct())
            .filter(|path| matches!(path.state, AssignmentState::Waiting(_)))
            .map(|path| path.state.clone());
        if let Some(path) = self.edit_direct(product) {
            path.state = place.unwrap_or(state);
        }
    }

    /// Whether a direct path begins, or switches on a plan that it had off (R17).
    pub(super) fn turns_on(&self, catalogue: &Catalogue) -> bool {
        self.paths.iter().any(|path| {
            let Some(Cow::Owned(after)) = &path.after else {
                return false;
            };
            let Some(before) = path.before.filter(|before| before.is_active()) else {
                return after.is_active();
            };
            let was = switched_on(catalogue, before);
            switched_on(catalogue, after)
                .iter()
                .any(|plan| !was.contains(plan))
        })
    }

    /// Net seats by product, without products whose seats stay as they are (R5).
    pub(in crate::plan) fn seats(&self) -> Vec<(ProductId, i64)> {
        let mut net: Vec<(ProductId, i64)> = Vec::new();
        for path in self.paths.iter().filter(|path| path.is_touched()) {
            let Some(product) = path.product() else {
                continue;
            };
            if net.iter().any(|(known, _)| *known == product) {
                continue;
            }
            let taken = |path: &Assignment| path.product == product && path.takes_seat();
            let change = i64::from(self.after().any(taken)) - i64::from(self.before().any(taken));
            net.push((product, change));
        }
        net.retain(|(_, change)| *change != 0);
        net
    }

    /// Gives waiting paths the seat that the user has now (R5), judges anew what is held off
    /// (R19a), and marks what changed with the revision.
    pub(in crate::plan) fn settle(&mut self, context: &Context<'_>, seats: &[(ProductId, i64)]) {
        for (product, change) in seats {
            if *change > 0 {
                self.give_seat(*product);
            }
        }
        self.settle_at(context.catalogue(), (context.now, context.revision));
    }

    pub(super) fn settle_at(
        &mut self,
        catalogue: &Catalogue,
        (now, revision): (Instant, Revision),
    ) {
        self.hold_off(catalogue, now);
        self.stamp(revision);
    }

    /// Gives a seat to all paths to a product that wait for one.
    pub(in crate::plan) fn give_seat(&mut self, product: ProductId) {
        for path in self.paths.iter_mut().filter_map(|path| path.after.as_mut()) {
            if path.product == product && matches!(path.state, AssignmentState::Waiting(_)) {
                path.to_mut().state = AssignmentState::Active;
            }
        }
    }

    fn hold_off(&mut self, catalogue: &Catalogue, now: Instant) {
        let standing = Standing::new(catalogue, self.location, self.after());
        let nothing_held = self.after().all(|path| path.held_off.is_empty());
        if nothing_held && standing.breaches().is_empty() {
            return;
        }
        let held = held_off::held_off(&standing);
        let mut wanted: Vec<(AssignmentId, Vec<_>)> = Vec::new();
        for (at, on) in standing.paths.iter().enumerate() {
            let stored = held_off::as_stored(catalogue, &held, at, &on.path.held_off, now);
            wanted.push((on.path.id, stored));
        }
        for path in self.paths.iter_mut().filter_map(|path| path.after.as_mut()) {
            let place = wanted.iter().position(|(id, _)| *id == path.id);
            let held_off = place.map(|at| wanted.swap_remove(at).1).unwrap_or_default();
            if path.held_off != held_off {
                path.to_mut().held_off = held_off;
            }
        }
    }

    fn stamp(&mut self, revision: Revision) {
        for path in &mut self.paths {
            let changed = path.is_changed();
            if let (true, Some(after)) = (changed, &mut path.after) {
                after.to_mut().from_rev = revision;
            }
        }
    }
}

/// What the ground that changed under a user's paths makes of them (R19a).
pub(in crate::plan) fn rejudge<'a>(
    catalogue: &Catalogue,
    user: UserId,
    location: Option<Country>,
    paths: &'a [Assignment],
    (now, revision): (Instant, Revision),
) -> Draft<'a> {
    let mut draft = Draft::of(user, location, paths);
    draft.settle_at(catalogue, (now, revision));
    draft
}

impl DraftPath<'_> {
    pub(super) fn product(&self) -> Option<ProductId> {
        let path = self.after.as_deref().or(self.before)?;
        Some(path.product)
    }

    fn is_touched(&self) -> bool {
        !matches!(self.after, Some(Cow::Borrowed(_)))
    }

    /// Whether what is drafted differs from what is there.
    pub(in crate::plan) fn is_changed(&self) -> bool {
        match &self.after {
            Some(Cow::Borrowed(_)) => false,
            after => after.as_deref() != self.before,
        }
    }
}
