//! A change of one user's licences, from the wire to the planner and back (a fix is such a change).

use usher::name::Collection;
use usher::v1 as wire;
use usher_domain::catalogue::Catalogue;
use usher_domain::command::{AddProduct, LicenseChange, Mode, PlanSwitch, RemoveProduct, SwitchTo};
use usher_domain::snapshot::NewPlans;

use super::fields::Fields;

/// Names in one list of a change at most.
const MAX_NAMES: usize = 1_000;

/// Reads a change; what is malformed goes to `fields`. `at` is the path of the field that holds it.
pub(crate) fn from_wire(
    change: wire::LicenseChange,
    at: &str,
    user: Whose,
    fields: &mut Fields,
) -> LicenseChange {
    let mode = mode(&change, at, fields);
    let new_plans = new_plans(&change, at, fields);
    let path = |field: &str| format!("{at}.{field}");
    for (field, length) in [
        ("add", change.add.len()),
        ("remove", change.remove.len()),
        ("switches", change.switches.len()),
        ("only_plans.plans", change.only_plans.as_ref().map_or(0, |only| only.plans.len())),
    ] {
        fields.at_most(&path(field), length, MAX_NAMES);
    }
    let user = match user {
        Whose::Named => {
            let name = Collection::Users.strip(change.user.trim()).to_owned();
            fields.required_name(&path("user"), &name);
            name
        }
        Whose::Given => String::new(),
    };
    let add = products(change.add, &path("add"), fields)
        .map(|product| AddProduct { product, new_plans })
        .collect();
    let must_hold = change.require_removed_held;
    let remove = products(change.remove, &path("remove"), fields)
        .map(|product| RemoveProduct { product, must_hold })
        .collect();
    LicenseChange {
        user,
        mode,
        add,
        remove,
        switches: switches(change.switches, &path("switches"), fields),
        only_plans: change.only_plans.map(|only| only_plans(only, &path("only_plans"), fields)),
        full_switches: change.replace_switches,
        carry_switches: change
            .carry_switches
            .map(|carry| carry.counterparts.into_iter().collect()),
        wait_for_seat: change.wait_for_seat,
    }
}

/// Whether a change names its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// It has to.
    Named,
    /// Who it is for is said elsewhere; a name in it is not read.
    Given,
}
