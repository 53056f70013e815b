//! One user's change, rule by rule, with the answers that a person would read.

mod asked;
mod copied;
mod grounds;
mod judged;
mod switched;
mod told;
mod whole;

use crate::command::LicenseChange;
use crate::plan::OutcomeKind::Failed;
use crate::plan::{Note, NoteKind, Plan};
use crate::refusal::{Code, Fix};

#[track_caller]
fn refused(plan: &Plan, codes: &[Code]) {
    assert_eq!(plan.outcome.result, Failed);
    let found: Vec<Code> = plan.outcome.causes.iter().map(|cause| cause.code).collect();
    assert_eq!(found, codes, "{:?}", plan.outcome.causes);
    assert!(plan.steps.is_empty());
}

fn note(plan: &Plan, kind: NoteKind) -> &Note {
    plan.outcome
        .notes
        .iter()
        .find(|note| note.kind == kind)
        .unwrap()
}

fn fixes(plan: &Plan) -> Vec<LicenseChange> {
    let fixes = plan.outcome.causes.iter().flat_map(|cause| &cause.fixes);
    fixes
        .filter_map(|fix| match fix {
            Fix::ChangeLicenses(change) => Some((**change).clone()),
            _ => None,
        })
        .collect()
}
