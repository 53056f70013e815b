//! What somebody else holds directly, put on the user as well: products, switches, and the rule
//! for new plans.

use std::collections::BTreeMap;

use super::switching::set;
use super::{Context, Draft, Holder};
use crate::command::{CopyFrom, LicenseChange, Mode, SwitchTo};
use crate::ids::{PlanId, ProductId};
use crate::refusal::{Cause, Code};
use crate::rules::inherited;
use crate::rules::switches::switched_on;
use crate::snapshot::{Assignment, NewPlans, User};

/// One licence of the other user.
pub(super) struct Copied {
    pub(super) product: ProductId,
    pub(super) new_plans: NewPlans,
    switches: BTreeMap<PlanId, bool>,
}

/// The licences to copy, as they are before the change.
pub(super) fn read(
    context: &Context<'_>,
    holder: Holder<'_>,
    from: &CopyFrom,
) -> Result<Vec<Copied>, Vec<Cause>> {
    let source = context
        .find_user(&from.user)
        .map_err(|cause| vec![cause.field("copy_from.user")])?;
    if source.profile.id == holder.profile.id {
        let message = format!("{} cannot be copied onto itself", source.profile.upn);
        let cause = Cause::new(Code::InvalidArgument, message).field("copy_from.user");
        return Err(vec![cause]);
    }
    let mut causes = Vec::new();
    let mut named = Vec::with_capacity(from.products.len());
    for (at, text) in from.products.iter().enumerate() {
        let field = format!("copy_from.products[{at}]");
        match context.find_product(text) {
            Ok(product) if source.direct(product).is_some_and(Assignment::is_active) => {
                named.push(product);
            }
            Ok(product) => causes.push(not_direct(context, source, Some(product)).field(field)),
            Err(cause) => causes.push(cause.field(field)),
        }
    }
    let wanted = |path: &&Assignment| {
        path.is_direct() && path.is_active() && (named.is_empty() || named.contains(&path.product))
    };
    let mut copied: Vec<Copied> = source
        .paths
        .iter()
        .filter(wanted)
        .map(|path| of_path(context, path))
        .collect();
    copied.sort_by_key(|copied| copied.product);
    if copied.is_empty() && causes.is_empty() {
        causes.push(not_direct(context, source, None).field("copy_from.user"));
    }
    if causes.is_empty() {
        Ok(copied)
    } else {
        Err(causes)
    }
}

/// Sets the switches that were copied: all of them, or those that differ from the product where
/// the user keeps the others.
pub(super) fn put(change: &LicenseChange, wish: &super::wish::Wish, draft: &mut Draft<'_>) {
    for copied in &wish.copied {
        if change.mode == Mode::Replace
            && draft
                .direct(copied.product)
                .is_some_and(|path| !path.switches.is_empty())
            && let Some(path) = draft.edit_direct(copied.product)
        {
            path.switches.clear();
        }
        for (plan, on) in &copied.switches {
            let to = if *on { SwitchTo::On } else { SwitchTo::Off };
            set(draft, copied.product, *plan, to);
        }
    }
}

/// What comes to the other user through groups is not copied.
pub(super) fn inherited_of(source: &User) -> Vec<(ProductId, Vec<uuid::Uuid>)> {
    let mut products: Vec<ProductId> = source
        .paths
        .iter()
        .filter(|path| path.is_active() && source.direct(path.product).is_none())
        .map(|path| path.product)
        .collect();
    products.sort_unstable();
    products.dedup();
    let with_groups = |product| (product, inherited::groups(&source.paths, product));
    products.into_iter().map(with_groups).collect()
}

/// A path that begins now does not know which plans are new to the one that it is copied from, so
/// those that are off for that reason are switched off.
fn of_path(context: &Context<'_>, path: &Assignment) -> Copied {
    let catalogue = context.catalogue();
    let mut switches = path.switches.clone();
    if let Some(product) = catalogue.product(path.product) {
        let on = switched_on(catalogue, path);
        for (plan, entry) in &product.plans {
            let is_on = catalogue.number(*plan).is_some_and(|n| on.contains(n));
            if entry.on_by_default && !is_on {
                switches.entry(*plan).or_insert(false);
            }
        }
        switches.retain(|plan, _| {
            let automatic = catalogue.plan(*plan).is_some_and(|plan| plan.automatic);
            product.plans.contains_key(plan) && !automatic
        });
    }
    Copied {
        product: path.product,
        new_plans: path.new_plans,
        switches,
    }
}

fn not_direct(context: &Context<'_>, source: &User, product: Option<ProductId>) -> Cause {
    let upn = &source.profile.upn;
    let message = match product {
        Some(product) => {
            let name = context.catalogue().product_name(product);
            format!("{upn} has no direct licence of {name} to copy")
        }
        None => format!("{upn} has no direct licence to copy"),
    };
    let cause = Cause::new(Code::ProductNotHeld, message).with("user", upn);
    match product {
        Some(product) => cause.with("product", product),
        None => cause,
    }
}

/// The user whose licences a change copies.
pub(super) fn source_of<'a>(context: &Context<'a>, change: &LicenseChange) -> Option<&'a User> {
    let from = change.copy_from.as_ref()?;
    context.find_user(&from.user).ok()
}
