//! R13: which switches a change sets on which direct paths. Switches merge; full replacement and
//! the allow-list are named options.

use std::collections::BTreeMap;

use super::wish::{Wish, not_held};
use super::{Context, Draft, Holder};
use crate::command::{LicenseChange, SwitchTo};
use crate::ids::{PlanId, ProductId};
use crate::refusal::{Cause, Code};
use crate::rules::{automatic, inherited, self_service};
use crate::snapshot::NewPlans;

/// What each plan of each product is to be switched to.
type Wanted = BTreeMap<(ProductId, PlanId), SwitchTo>;

pub(super) fn switch(
    context: &Context<'_>,
    holder: Holder<'_>,
    change: &LicenseChange,
    wish: &Wish,
    draft: &mut Draft<'_>,
) -> Result<(), Vec<Cause>> {
    if change.switches.is_empty() && change.only_plans.is_none() && !change.full_switches {
        return Ok(());
    }
    let targets: Vec<ProductId> = if change.adds_something() {
        wish.adds.iter().map(|(product, _)| *product).collect()
    } else {
        draft.direct_products()
    };
    let wanted = match &change.only_plans {
        Some(only) => {
            let named = wish.only_product.as_slice();
            let targets = if named.is_empty() { &targets } else { named };
            if let [product] = named
                && !draft.holds_directly(*product)
            {
                return Err(vec![not_direct(
                    context,
                    holder,
                    "only_plans.product",
                    *product,
                )]);
            }
            read_allow_list(context, holder, &only.plans, targets)?
        }
        None => read_switches(context, holder, change, wish, draft, &targets)?,
    };
    if change.only_plans.is_some() || change.full_switches {
        let mut reset: Vec<ProductId> = wanted.keys().map(|(product, _)| *product).collect();
        if change.full_switches {
            reset.extend(wish.adds.iter().map(|(product, _)| *product));
        }
        for product in reset {
            if draft
                .direct(product)
                .is_some_and(|path| !path.switches.is_empty())
                && let Some(path) = draft.edit_direct(product)
            {
                path.switches.clear();
            }
        }
    }
    if change.only_plans.is_some() {
        close_to_new_plans(wish, &wanted, draft);
    }
    for ((product, plan), to) in wanted {
        set(draft, product, plan, to);
    }
    Ok(())
}

/// Sets one switch, touching the path only when that changes it.
pub(super) fn set(draft: &mut Draft<'_>, product: ProductId, plan: PlanId, to: SwitchTo) {
    let value = match to {
        SwitchTo::On => Some(true),
        SwitchTo::Off => Some(false),
        SwitchTo::Follow => None,
    };
    let is = draft
        .direct(product)
        .map(|path| path.switches.get(&plan).copied());
    if is.is_some_and(|is| is != value)
        && let Some(path) = draft.edit_direct(product)
    {
        match value {
            Some(on) => path.switches.insert(plan, on),
            None => path.switches.remove(&plan),
        };
    }
}

/// An allow-list says that nothing else is to come on, so later plans stay off too, unless the
/// change itself says otherwise.
fn close_to_new_plans(wish: &Wish, wanted: &Wanted, draft: &mut Draft<'_>) {
    let mut last = None;
    for (product, _) in wanted.keys() {
        let said = wish
            .adds
            .iter()
            .any(|(added, rule)| added == product && rule.is_some());
        if last == Some(*product) || said {
            continue;
        }
        last = Some(*product);
        let is_on = |path: &crate::snapshot::Assignment| path.new_plans == NewPlans::On;
        if draft.direct(*product).is_some_and(is_on)
            && let Some(path) = draft.edit_direct(*product)
        {
            path.new_plans = NewPlans::Off;
        }
    }
}

fn read_switches(
    context: &Context<'_>,
    holder: Holder<'_>,
    change: &LicenseChange,
    wish: &Wish,
    draft: &Draft<'_>,
    targets: &[ProductId],
) -> Result<Wanted, Vec<Cause>> {
    let mut wanted = Wanted::new();
    let mut causes = Vec::new();
    for (at, (switch, product)) in change
        .switches
        .iter()
        .zip(&wish.switch_products)
        .enumerate()
    {
        let named = product.as_slice();
        let within = if named.is_empty() { targets } else { named };
        let plan = match context.find_plan(within, &switch.plan) {
            Ok(plan) => plan,
            Err(cause) => {
                causes.push(cause.field(format!("switches[{at}].plan")));
                continue;
            }
        };
        let field = |part: &str| format!("switches[{at}].{part}");
        if let Some(product) = product
            && !draft.holds_directly(*product)
        {
            causes.push(not_direct(context, holder, &field("product"), *product));
            continue;
        }
        let having: Vec<ProductId> = within
            .iter()
            .copied()
            .filter(|product| context.catalogue().has(*product, plan))
            .collect();
        if having.is_empty() {
            causes.push(nowhere(context, holder, within, plan).field(field("plan")));
            continue;
        }
        if let Some(cause) = context.catalogue().plan(plan).and_then(automatic::check) {
            causes.push(cause.field(field("plan")));
            continue;
        }
        for product in having {
            let before = wanted.insert((product, plan), switch.to);
            if before.is_some_and(|before| before != switch.to) {
                causes.push(contradiction(context, product, plan).field(field("to")));
            }
        }
    }
    if causes.is_empty() {
        Ok(wanted)
    } else {
        Err(causes)
    }
}

fn read_allow_list(
    context: &Context<'_>,
    holder: Holder<'_>,
    plans: &[String],
    targets: &[ProductId],
) -> Result<Wanted, Vec<Cause>> {
    let mut allowed = Vec::with_capacity(plans.len());
    let mut causes = Vec::new();
    for (at, text) in plans.iter().enumerate() {
        let field = format!("only_plans.plans[{at}]");
        match context.find_plan(targets, text) {
            Ok(plan) if targets.iter().any(|of| context.catalogue().has(*of, plan)) => {
                allowed.push(plan);
            }
            Ok(plan) => causes.push(nowhere(context, holder, targets, plan).field(field)),
            Err(cause) => causes.push(cause.field(field)),
        }
    }
    if !causes.is_empty() {
        return Err(causes);
    }
    let mut wanted = Wanted::new();
    for product in targets
        .iter()
        .filter_map(|id| context.catalogue().product(*id))
    {
        for plan in product.plans.keys() {
            let automatic = context
                .catalogue()
                .plan(*plan)
                .is_some_and(|plan| plan.automatic);
            if !automatic {
                let on = allowed.contains(plan);
                let to = if on { SwitchTo::On } else { SwitchTo::Off };
                wanted.insert((product.id, *plan), to);
            }
        }
    }
    Ok(wanted)
}

/// Why a plan is in none of the products whose switches could be set.
fn nowhere(context: &Context<'_>, holder: Holder<'_>, within: &[ProductId], plan: PlanId) -> Cause {
    let catalogue = context.catalogue();
    let inherited = holder
        .paths
        .iter()
        .find(|path| !path.is_direct() && catalogue.has(path.product, plan));
    match inherited {
        Some(path) if !within.contains(&path.product) => {
            not_direct(context, holder, "switches", path.product)
        }
        _ if within.is_empty() => Cause::new(
            Code::ProductNotHeld,
            format!(
                "{} has no direct licence with the service plan {}",
                holder.profile.upn,
                catalogue.plan_name(plan)
            ),
        )
        .with("plan", plan),
        _ => context.plan_not_in(within, plan),
    }
}

/// Why a product without a direct path cannot be switched on the user.
fn not_direct(context: &Context<'_>, holder: Holder<'_>, field: &str, product: ProductId) -> Cause {
    let groups = inherited::groups(holder.paths, product);
    if !groups.is_empty() {
        inherited::refusal(context.catalogue(), product, groups).field(field)
    } else if holder
        .paths
        .iter()
        .any(|path| path.product == product && path.self_service)
    {
        self_service::refusal(context.catalogue(), product).field(field)
    } else {
        not_held(context, holder, field, product)
    }
}

fn contradiction(context: &Context<'_>, product: ProductId, plan: PlanId) -> Cause {
    let catalogue = context.catalogue();
    Cause::new(
        Code::InvalidArgument,
        format!(
            "{} of {} is to be switched in two ways by one change",
            catalogue.plan_name(plan),
            catalogue.product_name(product)
        ),
    )
}
