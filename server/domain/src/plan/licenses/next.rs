//! What comes next after a change (R23): seats that nobody uses now, and installed programs that
//! will say that they are unlicensed. Refuses nothing.

use super::{Context, Draft};
use crate::catalogue::{Catalogue, ServicePlan};
use crate::ids::{PlanId, ProductId};
use crate::licence::effective;
use crate::plan::{Note, NoteKind};

/// How the published lists call plans of programs that are installed. There is no column for it, so
/// the names that people read are all there is; what is told is a hint and decides nothing.
const INSTALLED: [&str; 3] = [SUITE, "desktop app", "desktop client"];
/// Plans called so license the same programs.
const SUITE: &str = "365 apps for";

pub(super) fn spare_seats(
    context: &Context<'_>,
    seats: &[(ProductId, i64)],
    notes: &mut Vec<Note>,
) {
    for (product, net) in seats.iter().filter(|(_, net)| *net < 0) {
        let spare = context.snapshot.pool(*product).available() - net;
        if spare <= 0 {
            continue;
        }
        let name = context.catalogue().product_name(*product);
        let seats = if spare == 1 { "seat" } else { "seats" };
        notes.push(Note {
            kind: NoteKind::SpareSeats,
            message: format!(
                "{name} then has {spare} spare {seats}, unless somebody waits for one: assign them, or renew with fewer"
            ),
            product: Some(*product),
            plan: None,
            groups: Vec::new(),
        });
    }
}

pub(super) fn installs(catalogue: &Catalogue, draft: &Draft<'_>, notes: &mut Vec<Note>) {
    let mut candidates: Vec<&ServicePlan> = draft
        .paths
        .iter()
        .filter(|path| path.is_changed())
        .filter_map(|path| catalogue.product(path.before?.product))
        .flat_map(|product| product.plans.keys())
        .filter_map(|plan| catalogue.plan(*plan))
        .filter(|plan| is_installed(plan))
        .collect();
    if candidates.is_empty() {
        return;
    }
    candidates.sort_unstable_by_key(|plan| plan.id);
    candidates.dedup_by_key(|plan| plan.id);
    let before = effective(catalogue, draft.before());
    let after = effective(catalogue, draft.after());
    let serves_still = |ended: &ServicePlan| {
        let same = |plan: &PlanId| {
            *plan == ended.id
                || is_called(ended, SUITE)
                    && catalogue
                        .plan(*plan)
                        .is_some_and(|plan| is_called(plan, SUITE))
        };
        after.iter().any(same)
    };
    for plan in candidates {
        if !before.contains(&plan.id) || serves_still(plan) {
            continue;
        }
        let name = if plan.friendly_name.is_empty() {
            &plan.name
        } else {
            &plan.friendly_name
        };
        notes.push(Note {
            kind: NoteKind::InstallsUnlicensed,
            message: format!("Installed copies of {name} will say that they are unlicensed"),
            product: None,
            plan: Some(plan.id),
            groups: Vec::new(),
        });
    }
}

fn is_installed(plan: &ServicePlan) -> bool {
    INSTALLED.iter().any(|words| is_called(plan, words))
}

fn is_called(plan: &ServicePlan, words: &str) -> bool {
    let mut names = std::iter::once(&plan.friendly_name).chain(&plan.aliases);
    names.any(|name| name.to_lowercase().contains(words))
}
