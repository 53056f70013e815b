//! Licences of users, from the store to the wire.

use std::collections::HashSet;

use usher::v1 as wire;
use usher_domain::catalogue::Catalogue;
use usher_domain::effective::{PlanState, plan_states};
use usher_domain::ids::{Path, ProductId, UserId};
use usher_domain::refusal::Code;
use usher_domain::snapshot::{Assignment, AssignmentState, Because, HeldOff, UserProfile};

use super::{outcome, time};

/// Licences that are kept without benefit just now (R41).
#[derive(Debug, Default)]
pub(crate) struct Suspended {
    /// Products without a seat that works, though some could come back.
    pub(crate) products: HashSet<ProductId>,
    /// Those who bought a product by self-service, where that purchase does not work.
    pub(crate) purchasers: HashSet<(UserId, ProductId)>,
}

impl Suspended {
    fn has(&self, path: &Assignment) -> bool {
        if path.self_service {
            self.purchasers.contains(&(path.user, path.product))
        } else {
            self.products.contains(&path.product)
        }
    }
}

/// What one user has of one product; `paths` are the paths of that user to that product.
pub(crate) fn user_license(
    user: &UserProfile,
    product: ProductId,
    paths: &[&Assignment],
    catalogue: &Catalogue,
    (suspended, with_plans): (&Suspended, bool),
) -> wire::UserLicense {
    let known = catalogue.product(product);
    let states = paths.iter().map(|path| state(path, suspended));
    let best = states.min_by_key(|state| match state {
        wire::LicenseState::Active => 0,
        wire::LicenseState::Suspended => 1,
        wire::LicenseState::Waiting => 2,
        wire::LicenseState::Error | wire::LicenseState::Unspecified => 3,
    });
    wire::UserLicense {
        name: usher::name::user_license(user.id.as_uuid(), product.as_uuid()),
        user_id: user.id.to_string(),
        user_principal_name: user.upn.clone(),
        display_name: user.display_name.clone(),
        product_id: product.to_string(),
        part_number: catalogue.product_name(product),
        product_display_name: known
            .map(|product| product.name.clone())
            .unwrap_or_default(),
        state: best.unwrap_or(wire::LicenseState::Unspecified).into(),
        paths: paths
            .iter()
            .map(|path| license_path(path, catalogue, suspended))
            .collect(),
        plans: if with_plans {
            plans(user, product, paths, catalogue)
        } else {
            Vec::new()
        },
    }
}

fn state(path: &Assignment, suspended: &Suspended) -> wire::LicenseState {
    match path.state {
        AssignmentState::Active if suspended.has(path) => wire::LicenseState::Suspended,
        AssignmentState::Active => wire::LicenseState::Active,
        AssignmentState::Waiting(_) => wire::LicenseState::Waiting,
        AssignmentState::Error(_) => wire::LicenseState::Error,
    }
}

fn license_path(
    path: &Assignment,
    catalogue: &Catalogue,
    suspended: &Suspended,
) -> wire::LicensePath {
    let mut switches: Vec<wire::PlanSwitch> = path
        .switches
        .iter()
        .map(|(plan, on)| wire::PlanSwitch {
            product: String::new(),
            plan: catalogue.plan_name(*plan),
            state: if *on {
                wire::SwitchState::On
            } else {
                wire::SwitchState::Off
            }
            .into(),
        })
        .collect();
    switches.sort_unstable_by(|a, b| a.plan.cmp(&b.plan));
    wire::LicensePath {
        id: path.id.to_string(),
        group_id: match path.path {
            Path::Direct => String::new(),
            Path::Group(group) => group.to_string(),
        },
        state: state(path, suspended).into(),
        start_time: Some(time::to_wire(path.began_at)),
        switches,
        error_reason: match &path.state {
            AssignmentState::Error(error) => outcome::reason(error.code).into(),
            AssignmentState::Active | AssignmentState::Waiting(_) => 0,
        },
        actor: path.actor.to_string(),
        self_service: path.self_service,
    }
}

fn plans(
    user: &UserProfile,
    product: ProductId,
    paths: &[&Assignment],
    catalogue: &Catalogue,
) -> Vec<wire::UserPlan> {
    let is_direct = paths.iter().any(|path| path.is_direct());
    let mut plans: Vec<wire::UserPlan> = plan_states(catalogue, product, paths)
        .into_iter()
        .map(|(id, state)| {
            let mut plan = wire::UserPlan {
                id: id.to_string(),
                plan_name: catalogue.plan_name(id),
                display_name: catalogue
                    .plan(id)
                    .map(|plan| plan.friendly_name.clone())
                    .unwrap_or_default(),
                ..wire::UserPlan::default()
            };
            match state {
                PlanState::On => plan.set_status(wire::PlanStatus::On),
                PlanState::Off => plan.set_status(wire::PlanStatus::Off),
                PlanState::HeldOff(held) => {
                    plan.set_status(wire::PlanStatus::HeldOff);
                    plan.set_held_off_reason(outcome::reason(held.code));
                    plan.held_off_message = because(held, catalogue);
                    plan.held_off_time = Some(time::to_wire(held.since));
                    let own = is_direct.then_some(product);
                    plan.held_off_fixes = held_off_fixes(user, own, held, catalogue);
                }
            }
            plan
        })
        .collect();
    plans.sort_unstable_by(|a, b| (&a.plan_name, &a.id).cmp(&(&b.plan_name, &b.id)));
    plans
}

/// The plan that excludes it is switched off, or the plan itself is: then nothing is held off.
/// `own` is the product where a direct path has the plan.
fn held_off_fixes(
    user: &UserProfile,
    own: Option<ProductId>,
    held: &HeldOff,
    catalogue: &Catalogue,
) -> Vec<wire::LicenseChange> {
    let off = |product: ProductId, plan| wire::LicenseChange {
        user: user.upn.clone(),
        switches: vec![wire::PlanSwitch {
            product: catalogue.product_name(product),
            plan: catalogue.plan_name(plan),
            state: wire::SwitchState::Off.into(),
        }],
        ..wire::LicenseChange::default()
    };
    let mut fixes = Vec::new();
    if held.code == Code::MutuallyExclusivePlans {
        let rival = held.because.iter().find_map(|because| match because {
            Because::Plan(plan) => Some(*plan),
            _ => None,
        });
        let product = held.because.iter().find_map(|because| match because {
            Because::Product(product) => Some(*product),
            _ => None,
        });
        fixes.extend(product.zip(rival).map(|(product, plan)| off(product, plan)));
    }
    fixes.extend(own.map(|product| off(product, held.plan)));
    fixes
}

fn because(held: &HeldOff, catalogue: &Catalogue) -> String {
    let causes: Vec<String> = held
        .because
        .iter()
        .map(|because| match because {
            Because::Plan(plan) => format!("plan {}", catalogue.plan_name(*plan)),
            Because::Product(product) => format!("product {}", catalogue.product_name(*product)),
            Because::Country(country) => format!("country {country}"),
        })
        .collect();
    let causes = causes.join(", ");
    match held.code {
        Code::MutuallyExclusivePlans => {
            format!("Excluded by {causes}; it comes back when that ends.")
        }
        Code::MissingPrerequisitePlan => {
            format!("Needs one of {causes}; it comes back when one is on.")
        }
        Code::ProhibitedInLocation => {
            format!("Not offered there ({causes}); it comes back with another usage location.")
        }
        _ => format!("Held off by {causes}."),
    }
}
