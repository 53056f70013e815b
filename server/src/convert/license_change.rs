//! A change of one user's licences, from the wire to the planner and back (a fix is such a change).

use usher::name::Collection;
use usher::v1 as wire;
use usher_domain::catalogue::{Catalogue, Resolution};
use usher_domain::command::{
    AddProduct, CopyFrom, LicenseChange, Mode, OnlyPlans, PlanSwitch, RemoveProduct, SwitchTo,
};
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
        ("add_first", change.add_first.len()),
        ("keep", change.keep.len()),
        (
            "copy_from.products",
            change
                .copy_from
                .as_ref()
                .map_or(0, |from| from.products.len()),
        ),
        ("switches", change.switches.len()),
        (
            "only_plans.plans",
            change
                .only_plans
                .as_ref()
                .map_or(0, |only| only.plans.len()),
        ),
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
        only_plans: change
            .only_plans
            .map(|only| only_plans(only, &path("only_plans"), fields)),
        full_switches: change.replace_switches,
        carry_switches: change
            .carry_switches
            .map(|carry| carry.counterparts.into_iter().collect()),
        wait_for_seat: change.wait_for_seat,
        add_first: products(change.add_first, &path("add_first"), fields).collect(),
        copy_from: change
            .copy_from
            .map(|from| copy_from(from, &path("copy_from"), fields)),
        keep: products(change.keep, &path("keep"), fields).collect(),
    }
}

fn copy_from(from: wire::CopyLicenses, at: &str, fields: &mut Fields) -> CopyFrom {
    let user = Collection::Users.strip(from.user.trim()).to_owned();
    fields.required_name(&format!("{at}.user"), &user);
    let products = products(from.products, &format!("{at}.products"), fields);
    CopyFrom {
        user,
        products: products.collect(),
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

/// Writes a change as a caller would send it, with part numbers where the catalogue knows them.
pub(crate) fn to_wire(
    change: &LicenseChange,
    catalogue: Option<&Catalogue>,
) -> wire::LicenseChange {
    let product = |text: &str| product_text(text, catalogue);
    let plan = |text: &str| plan_text(text, catalogue);
    wire::LicenseChange {
        user: change.user.clone(),
        mode: match change.mode {
            Mode::Modify => wire::LicenseChangeMode::Modify,
            Mode::Replace => wire::LicenseChangeMode::Replace,
            Mode::UnassignAll => wire::LicenseChangeMode::UnassignAll,
        }
        .into(),
        add: change.add.iter().map(|add| product(&add.product)).collect(),
        remove: change
            .remove
            .iter()
            .map(|remove| product(&remove.product))
            .collect(),
        switches: change
            .switches
            .iter()
            .map(|switch| wire::PlanSwitch {
                product: switch.product.as_deref().map(product).unwrap_or_default(),
                plan: plan(&switch.plan),
                state: match switch.to {
                    SwitchTo::On => wire::SwitchState::On,
                    SwitchTo::Off => wire::SwitchState::Off,
                    SwitchTo::Follow => wire::SwitchState::Follow,
                }
                .into(),
            })
            .collect(),
        only_plans: change.only_plans.as_ref().map(|only| wire::OnlyPlans {
            product: only.product.as_deref().map(product).unwrap_or_default(),
            plans: only.plans.iter().map(|text| plan(text)).collect(),
        }),
        replace_switches: change.full_switches,
        carry_switches: change
            .carry_switches
            .as_ref()
            .map(|counterparts| wire::CarrySwitches {
                counterparts: counterparts.clone().into_iter().collect(),
            }),
        require_removed_held: change.remove.iter().any(|remove| remove.must_hold),
        wait_for_seat: change.wait_for_seat,
        new_plans: match change.add.iter().find_map(|add| add.new_plans) {
            None => wire::NewPlans::Unspecified,
            Some(NewPlans::On) => wire::NewPlans::On,
            Some(NewPlans::Off) => wire::NewPlans::Off,
        }
        .into(),
        add_first: change.add_first.iter().map(|text| product(text)).collect(),
        copy_from: change.copy_from.as_ref().map(|from| wire::CopyLicenses {
            user: from.user.clone(),
            products: from.products.iter().map(|text| product(text)).collect(),
        }),
        keep: change.keep.iter().map(|text| product(text)).collect(),
    }
}

fn mode(change: &wire::LicenseChange, at: &str, fields: &mut Fields) -> Mode {
    match wire::LicenseChangeMode::try_from(change.mode) {
        Ok(wire::LicenseChangeMode::Unspecified | wire::LicenseChangeMode::Modify) => Mode::Modify,
        Ok(wire::LicenseChangeMode::Replace) => Mode::Replace,
        Ok(wire::LicenseChangeMode::UnassignAll) => Mode::UnassignAll,
        Err(_) => {
            fields.fault(
                &format!("{at}.mode"),
                format!("The mode {} is not known.", change.mode),
            );
            Mode::Modify
        }
    }
}

fn new_plans(change: &wire::LicenseChange, at: &str, fields: &mut Fields) -> Option<NewPlans> {
    match wire::NewPlans::try_from(change.new_plans) {
        Ok(wire::NewPlans::Unspecified) => None,
        Ok(wire::NewPlans::On) => Some(NewPlans::On),
        Ok(wire::NewPlans::Off) => Some(NewPlans::Off),
        Err(_) => {
            let message = format!("The value {} is not known.", change.new_plans);
            fields.fault(&format!("{at}.new_plans"), message);
            None
        }
    }
}

fn products(
    names: Vec<String>,
    at: &str,
    fields: &mut Fields,
) -> impl Iterator<Item = String> + use<> {
    for (n, name) in names.iter().enumerate() {
        fields.required_name(&format!("{at}[{n}]"), name);
    }
    names
        .into_iter()
        .map(|name| Collection::Products.strip(&name).to_owned())
}

fn switches(switches: Vec<wire::PlanSwitch>, at: &str, fields: &mut Fields) -> Vec<PlanSwitch> {
    let mut read = Vec::with_capacity(switches.len());
    for (n, switch) in switches.into_iter().enumerate() {
        fields.required_name(&format!("{at}[{n}].plan"), &switch.plan);
        fields.name(&format!("{at}[{n}].product"), &switch.product);
        let to = match wire::SwitchState::try_from(switch.state) {
            Ok(wire::SwitchState::On) => SwitchTo::On,
            Ok(wire::SwitchState::Off) => SwitchTo::Off,
            Ok(wire::SwitchState::Follow) => SwitchTo::Follow,
            Ok(wire::SwitchState::Unspecified) | Err(_) => {
                let message = format!(
                    "Say whether {} is to be on, off, or to follow the product.",
                    switch.plan
                );
                fields.fault(&format!("{at}[{n}].state"), message);
                continue;
            }
        };
        read.push(PlanSwitch {
            product: optional_product(&switch.product),
            plan: Collection::ServicePlans.strip(&switch.plan).to_owned(),
            to,
        });
    }
    read
}

fn only_plans(only: wire::OnlyPlans, at: &str, fields: &mut Fields) -> OnlyPlans {
    fields.name(&format!("{at}.product"), &only.product);
    for (n, plan) in only.plans.iter().enumerate() {
        fields.required_name(&format!("{at}.plans[{n}]"), plan);
    }
    let strip = |plan: &String| Collection::ServicePlans.strip(plan).to_owned();
    OnlyPlans {
        product: optional_product(&only.product),
        plans: only.plans.iter().map(strip).collect(),
    }
}

fn optional_product(name: &str) -> Option<String> {
    let name = Collection::Products.strip(name.trim());
    (!name.is_empty()).then(|| name.to_owned())
}

fn product_text(text: &str, catalogue: Option<&Catalogue>) -> String {
    match catalogue.map(|catalogue| (catalogue, catalogue.resolve_product(text))) {
        Some((catalogue, Resolution::Found(id))) => catalogue.product_name(id),
        _ => text.to_owned(),
    }
}

fn plan_text(text: &str, catalogue: Option<&Catalogue>) -> String {
    match catalogue.map(|catalogue| (catalogue, catalogue.resolve_plan(&[], text))) {
        Some((catalogue, Resolution::Found(id))) => catalogue.plan_name(id),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(change: wire::LicenseChange) -> Result<LicenseChange, Vec<String>> {
        let mut fields = Fields::default();
        let change = from_wire(change, "change", Whose::Named, &mut fields);
        fields.check().map(|()| change).map_err(|refusal| {
            refusal
                .into_outcome()
                .causes
                .into_iter()
                .map(|cause| cause.field)
                .collect()
        })
    }

    #[test]
    fn a_change_survives_the_way_to_the_planner_and_back() {
        let sent = wire::LicenseChange {
            user: "adele@contoso.com".into(),
            mode: wire::LicenseChangeMode::Modify.into(),
            add: vec!["SPE_E5".into()],
            remove: vec!["SPE_E3".into()],
            switches: vec![wire::PlanSwitch {
                product: "SPE_E5".into(),
                plan: "YAMMER_ENTERPRISE".into(),
                state: wire::SwitchState::Off.into(),
            }],
            only_plans: Some(wire::OnlyPlans {
                product: String::new(),
                plans: vec!["A".into()],
            }),
            replace_switches: true,
            carry_switches: Some(wire::CarrySwitches {
                counterparts: [("OLD".into(), "NEW".into())].into(),
            }),
            require_removed_held: true,
            wait_for_seat: true,
            new_plans: wire::NewPlans::Off.into(),
            add_first: vec!["SPE_F1".into()],
            copy_from: Some(wire::CopyLicenses {
                user: "alex@contoso.com".into(),
                products: vec!["SPE_E5".into()],
            }),
            keep: vec!["VISIOCLIENT".into()],
        };
        assert_eq!(to_wire(&read(sent.clone()).unwrap(), None), sent);
    }

    #[test]
    fn every_malformed_field_is_named() {
        let faults = read(wire::LicenseChange {
            user: "  ".into(),
            mode: 99,
            add: vec!["SPE_E3".into(), String::new()],
            switches: vec![wire::PlanSwitch {
                plan: "Y".into(),
                ..wire::PlanSwitch::default()
            }],
            new_plans: 7,
            ..wire::LicenseChange::default()
        })
        .unwrap_err();
        assert_eq!(
            faults,
            [
                "change.mode",
                "change.new_plans",
                "change.user",
                "change.add[1]",
                "change.switches[0].state"
            ]
        );
    }

    #[test]
    fn resource_names_are_taken_for_ids() {
        let change = read(wire::LicenseChange {
            user: "users/7".into(),
            add: vec!["products/8".into()],
            ..wire::LicenseChange::default()
        })
        .unwrap();
        assert_eq!(
            (change.user.as_str(), change.add[0].product.as_str()),
            ("7", "8")
        );
    }
}
