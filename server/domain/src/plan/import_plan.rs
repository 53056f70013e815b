//! The decision on a service plan that an import found. Names replace, former ones stay as
//! aliases (R2).

use super::{Action, Change, Context, Plan, Subject, limits};
use crate::catalogue::ServicePlan;
use crate::command::PlanImport;
use crate::refusal::{Cause, Code};

pub(super) fn plan(context: &Context<'_>, found: &PlanImport) -> Plan {
    let subject = Subject::Plan(found.id);
    let causes = check(found);
    if !causes.is_empty() {
        return Plan::failed(Some(subject), causes);
    }
    let old = context.catalogue().plan(found.id);
    let mut new = ServicePlan {
        id: found.id,
        name: found.name.clone(),
        friendly_name: found.friendly_name.clone(),
        aliases: old.map(|old| old.aliases.clone()).unwrap_or_default(),
        automatic: old.is_some_and(|old| old.automatic),
    };
    let former = old.map(|old| [&old.name, &old.friendly_name]);
    let names = [found.name.clone(), found.friendly_name.clone()];
    learn_aliases(
        &mut new.aliases,
        former.into_iter().flatten().chain(&found.aliases),
        &names,
    );
    if old == Some(&new) {
        return Plan::unchanged(subject);
    }
    let mut changes = Vec::with_capacity(2);
    if old.is_some() {
        changes.push(Change::ClosePlan { id: found.id });
    }
    changes.push(Change::OpenPlan(Box::new(new.clone())));
    Plan::applied(Action::ImportPlan, subject, changes, &old, &new)
}

fn check(found: &PlanImport) -> Vec<Cause> {
    let count = found.aliases.len();
    let too_many = limits::check_list("aliases", "aliases", count, limits::MAX_ALIASES);
    let mut causes: Vec<Cause> = too_many.into_iter().collect();
    if found.name.trim().is_empty() {
        let cause = Cause::new(Code::InvalidArgument, "The service plan has no name");
        causes.push(cause.field("name"));
    }
    let names = [
        ("name", &found.name),
        ("friendly_name", &found.friendly_name),
    ];
    let aliases = found.aliases.iter().map(|alias| ("aliases", alias));
    causes.extend(limits::check_names(names.into_iter().chain(aliases)));
    causes
}

/// Adds what is not known yet; what is a name in use now is no alias.
pub(super) fn learn_aliases<'n>(
    aliases: &mut Vec<String>,
    seen: impl Iterator<Item = &'n String>,
    names: &[String],
) {
    for name in seen {
        if !name.is_empty() && !aliases.contains(name) {
            aliases.push(name.clone());
        }
    }
    aliases.retain(|alias| !names.contains(alias));
}
