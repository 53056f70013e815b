//! The decision on removing a rule: plans that it held off come back in the same transaction.

use super::update_rule::{changed, changed_meanwhile, missing};
use super::{Action, Context, Plan, Subject};
use crate::catalogue::{RuleKey, etag};

pub(super) fn plan(context: &Context<'_>, key: &RuleKey, expect: Option<&str>) -> Plan {
    let subject = Subject::Rule(key.clone());
    let Some(old) = context.catalogue().rules().get(key) else {
        return Plan::failed(Some(subject), vec![missing(context, key)]);
    };
    if expect.is_some_and(|expect| expect != etag(old)) {
        let cause = changed_meanwhile(&key.text()).field("etag");
        return Plan::failed(Some(subject), vec![cause]);
    }
    changed(context, Action::DeleteRule, Some(old), None, key.clone())
}
