//! What is worth knowing about a change of licences that was made, and refuses nothing.

use super::{Context, Draft, carry, copy, next};
use crate::catalogue::Catalogue;
use crate::command::{LicenseChange, Mode};
use crate::ids::ProductId;
use crate::plan::{Note, NoteKind};
use crate::rules::inherited;
use crate::rules::switches::switched_on;
use crate::snapshot::Assignment;

pub(super) fn notes(
    context: &Context<'_>,
    change: &LicenseChange,
    draft: &Draft<'_>,
    seats: &[(ProductId, i64)],
    left: carry::Left,
) -> Vec<Note> {
    let catalogue = context.catalogue();
    let mut notes = Vec::new();
    for ended in draft.ended() {
        note_still_held(catalogue, draft, ended, &mut notes);
    }
    if change.mode != Mode::Modify {
        note_inherited(catalogue, draft, &mut notes);
    }
    note_stays_on(catalogue, draft, &mut notes);
    note_held_off(catalogue, draft, &mut notes);
    note_not_copied(context, change, &mut notes);
    next::spare_seats(context, seats, &mut notes);
    if draft.is_changed() {
        next::installs(catalogue, draft, &mut notes);
    }
    for (product, plan) in left {
        notes.push(Note {
            kind: NoteKind::NotCarried,
            message: format!(
                "The switch of {} has no counterpart and was not carried",
                catalogue.plan_name(plan)
            ),
            product: Some(product),
            plan: Some(plan),
            groups: Vec::new(),
        });
    }
    notes
}

fn note_still_held(
    catalogue: &Catalogue,
    draft: &Draft<'_>,
    ended: &Assignment,
    notes: &mut Vec<Note>,
) {
    let mut others = draft
        .after()
        .filter(|path| path.product == ended.product && path.is_active())
        .peekable();
    if others.peek().is_none() {
        return;
    }
    let groups = inherited::groups(others, ended.product);
    let through = if groups.is_empty() {
        "a self-service purchase".to_owned()
    } else {
        inherited::in_words(&groups)
    };
    notes.push(Note {
        kind: NoteKind::StillHeld,
        message: format!(
            "{} is still held through {through}",
            catalogue.product_name(ended.product)
        ),
        product: Some(ended.product),
        plan: None,
        groups,
    });
}

fn note_inherited(catalogue: &Catalogue, draft: &Draft<'_>, notes: &mut Vec<Note>) {
    let mut named: Vec<ProductId> = draft.ended().map(|path| path.product).collect();
    for path in draft.after().filter(|path| !path.is_direct()) {
        if named.contains(&path.product) {
            continue;
        }
        named.push(path.product);
        let groups = inherited::groups(draft.after(), path.product);
        let through = if groups.is_empty() {
            "a self-service purchase".to_owned()
        } else {
            inherited::in_words(&groups)
        };
        notes.push(Note {
            kind: NoteKind::InheritedKept,
            message: format!(
                "{} comes through {through} and is left as it is",
                catalogue.product_name(path.product)
            ),
            product: Some(path.product),
            plan: None,
            groups,
        });
    }
}

/// What comes through groups to the user whose licences are copied stays there.
fn note_not_copied(context: &Context<'_>, change: &LicenseChange, notes: &mut Vec<Note>) {
    let all = |from: &&crate::command::CopyFrom| from.products.is_empty();
    if change.copy_from.as_ref().filter(all).is_none() {
        return;
    }
    let Some(source) = copy::source_of(context, change) else {
        return;
    };
    for (product, groups) in copy::inherited_of(source) {
        let through = match groups.as_slice() {
            [] => "a self-service purchase".to_owned(),
            groups => inherited::in_words(groups),
        };
        notes.push(Note {
            kind: NoteKind::NotCopied,
            message: format!(
                "{} comes to {} through {through} and was not copied",
                context.catalogue().product_name(product),
                source.profile.upn
            ),
            product: Some(product),
            plan: None,
            groups,
        });
    }
}

/// R13: plans that a path no longer switches on but another path does.
fn note_stays_on(catalogue: &Catalogue, draft: &Draft<'_>, notes: &mut Vec<Note>) {
    for path in draft.paths.iter().filter(|path| path.is_changed()) {
        let Some(after) = path.after.as_deref().filter(|after| after.is_direct()) else {
            continue;
        };
        let turned_off = after.switches.iter().filter(|(plan, on)| {
            !**on
                && path
                    .before
                    .is_none_or(|before| before.switches.get(*plan) != Some(&false))
        });
        for (plan, _) in turned_off {
            let Some(number) = catalogue.number(*plan) else {
                continue;
            };
            let other = draft.after().find(|other| {
                other.id != after.id
                    && other.is_active()
                    && switched_on(catalogue, other).contains(number)
            });
            if let Some(other) = other {
                let groups = inherited::groups([other], other.product);
                let by = match groups.as_slice() {
                    [] => String::new(),
                    groups => format!(" from {}", inherited::in_words(groups)),
                };
                notes.push(Note {
                    kind: NoteKind::StaysOn,
                    message: format!(
                        "{} stays on through {}{by}",
                        catalogue.plan_name(*plan),
                        catalogue.product_name(other.product)
                    ),
                    product: Some(other.product),
                    plan: Some(*plan),
                    groups,
                });
            }
        }
    }
}

/// R19a: what is held off now, was before, or is on again.
pub(in crate::plan) fn note_held_off(
    catalogue: &Catalogue,
    draft: &Draft<'_>,
    notes: &mut Vec<Note>,
) {
    for path in &draft.paths {
        let before = path.before.map_or(&[][..], |path| path.held_off.as_slice());
        let after = path.after.as_deref();
        let now = after.map_or(&[][..], |path| path.held_off.as_slice());
        let mut note = |kind, plan, words: String| {
            let product = after.map(|path| path.product);
            let of = product
                .map(|id| catalogue.product_name(id))
                .unwrap_or_default();
            notes.push(Note {
                kind,
                message: format!("{} of {of} {words}", catalogue.plan_name(plan)),
                product,
                plan: Some(plan),
                groups: Vec::new(),
            });
        };
        for held in now {
            let code = held.code.as_str();
            if before.iter().any(|old| old.plan == held.plan) {
                note(
                    NoteKind::StandingBreach,
                    held.plan,
                    format!("is still held off ({code})"),
                );
            } else {
                note(
                    NoteKind::HeldOff,
                    held.plan,
                    format!("is held off for now ({code})"),
                );
            }
        }
        for old in before {
            let on = after.is_some_and(|path| {
                let number = catalogue.number(old.plan);
                path.is_active() && number.is_some_and(|n| switched_on(catalogue, path).contains(n))
            });
            if on && !now.iter().any(|held| held.plan == old.plan) {
                note(NoteKind::CameBack, old.plan, "is on again".to_owned());
            }
        }
    }
}
