//! What a path that the deletion ended asks for when it is to come back: its product with the
//! switches that it had, as far as the product still has those plans.

use std::collections::BTreeMap;

use crate::command::{AddProduct, LicenseChange, PlanSwitch, SwitchTo};
use crate::ids::PlanId;
use crate::plan::{Context, Note, NoteKind};
use crate::snapshot::{Assignment, AssignmentState, NewPlans, UserProfile};

pub(super) fn asked(
    context: &Context<'_>,
    profile: &UserProfile,
    path: &Assignment,
) -> (LicenseChange, Vec<Note>) {
    let catalogue = context.catalogue();
    let mut notes = Vec::new();
    let mut switches = Vec::new();
    for (plan, on) in with_new_plans_off(context, path) {
        let automatic = catalogue.plan(plan).is_some_and(|plan| plan.automatic);
        if automatic || !catalogue.has(path.product, plan) {
            notes.push(not_carried(context, path, plan, automatic));
            continue;
        }
        switches.push(PlanSwitch {
            product: Some(path.product.to_string()),
            plan: plan.to_string(),
            to: if on { SwitchTo::On } else { SwitchTo::Off },
        });
    }
    let change = LicenseChange {
        user: profile.id.to_string(),
        add: vec![AddProduct {
            product: path.product.to_string(),
            new_plans: Some(path.new_plans),
        }],
        switches,
        wait_for_seat: matches!(path.state, AssignmentState::Waiting(_)),
        ..LicenseChange::default()
    };
    (change, notes)
}

/// The path begins anew, so plans that were off because they came after the old beginning would
/// come on: each is switched off for itself.
fn with_new_plans_off(context: &Context<'_>, path: &Assignment) -> BTreeMap<PlanId, bool> {
    let mut switches = path.switches.clone();
    let product = context.catalogue().product(path.product);
    if let (NewPlans::Off, Some(product)) = (path.new_plans, product) {
        for (plan, entry) in &product.plans {
            if entry.since > path.began_rev {
                switches.entry(*plan).or_insert(false);
            }
        }
    }
    switches
}

fn not_carried(context: &Context<'_>, path: &Assignment, plan: PlanId, automatic: bool) -> Note {
    let catalogue = context.catalogue();
    let (name, product) = (
        catalogue.plan_name(plan),
        catalogue.product_name(path.product),
    );
    let message = if automatic {
        format!("{name} of {product} has no switch any more: it is on for everybody")
    } else {
        format!("{name} is no longer in {product}; its switch was left out")
    };
    Note {
        kind: NoteKind::NotCarried,
        message,
        product: Some(path.product),
        plan: Some(plan),
        groups: Vec::new(),
    }
}
