//! R53: whatever a step changes stands in its record, as it was and as it is. Every plan that a test of
//! this crate runs is held to it.

use crate::plan::{Change, Plan, Step};

/// Fails unless each row that ends is in `before` and each that begins in `after`.
pub(crate) fn recorded_whole(plan: &Plan) {
    for step in &plan.steps {
        for change in &step.changes {
            recorded(step, change);
        }
    }
}

fn recorded(step: &Step, change: &Change) {
    let record = &step.record;
    let before = |text: &str| assert!(record.before.contains(text), "{text} is not in {record:?}");
    let after = |text: &str| assert!(record.after.contains(text), "{text} is not in {record:?}");
    match change {
        Change::CloseUser { id } => before(&id.to_string()),
        Change::OpenUser(profile) => after(&profile.id.to_string()),
        Change::CloseAssignment { id, .. } => before(&id.to_string()),
        Change::OpenAssignment(path) => after(&serde_json::to_string(path).unwrap()),
        Change::CloseSubscription { id } => before(&id.to_string()),
        Change::OpenSubscription(bought) => {
            after(&bought.id.to_string());
            after(&format!("\"quantity\":{}", bought.quantity));
        }
        Change::CloseProduct { id } => before(&id.to_string()),
        Change::OpenProduct(product) => after(&serde_json::to_string(&product.name).unwrap()),
        Change::CloseProductPlan { plan, .. } => before(&plan.to_string()),
        Change::OpenProductPlan { plan, entry, .. } => {
            let entry = serde_json::to_string(entry).unwrap();
            after(&format!("\"{plan}\":{entry}"));
        }
        Change::ClosePlan { id } => before(&id.to_string()),
        Change::OpenPlan(plan) => after(&serde_json::to_string(plan).unwrap()),
        Change::CloseRule { .. } => assert_ne!(record.before, "null"),
        Change::OpenRule(rule) => after(&serde_json::to_string(rule).unwrap()),
        _ => {}
    }
}
