//! Commands about who holds what.

mod copy_user_license;
mod get_license;
mod get_user_license;
mod move_user_license;
mod outcomes;
mod remove_user_license;
mod service_data;
mod set_user_license;
mod switch_user_license;

pub use copy_user_license::COPY_USER_LICENSE;
pub use get_license::GET_LICENSE;
pub use get_user_license::GET_USER_LICENSE;
pub use move_user_license::MOVE_USER_LICENSE;
pub use remove_user_license::REMOVE_USER_LICENSE;
pub use set_user_license::SET_USER_LICENSE;
pub use switch_user_license::SWITCH_USER_LICENSE;

use usher::v1::{LicenseChange, PlanSwitch, SwitchState};
use usher_object::Value;

use crate::cmdlet::{Call, FromPipeline, Kind, Objects, Param, Single, Targets, Values};
use crate::cmdlets::users::USER_PROPERTIES;
use crate::error::Result;
use outcomes::{change, change_together};

/// Between the product and the plan of a switch, where one change switches plans of several products.
const QUALIFIER: &str = "::";

/// Whom a change of licences is for.
const USER: Param = Param::new(
    "User",
    Kind::Text,
    "Id, user principal name or display name",
)
.at(0)
.many()
.mandatory()
.from(FromPipeline::Value(USER_PROPERTIES))
.values(Values::Users);

/// All people, or nobody.
const ALL_OR_NOTHING: Param = Param::new(
    "AllOrNothing",
    Kind::Switch,
    "Changes all people or nobody: one refused row refuses all; seats are net over all rows",
);

/// A block may compute the value for each object.
const FROM_BLOCK: FromPipeline = FromPipeline::Property(&[]);

/// One named person gives one outcome.
const ONE_USER: Single = Single::When(|args| args.values("User").len() == 1);

/// The texts of a list parameter for one object: as given, or what its block computes.
pub(in crate::cmdlets) fn texts_for(
    call: &Call<'_>,
    name: &str,
    item: &Value,
) -> Result<Vec<String>> {
    if !call.args.has(name) {
        return Ok(Vec::new());
    }
    Ok(match call.value_for(name, item)? {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::List(values)) => values
            .iter()
            .map(|value| value.display().to_string())
            .collect(),
        Some(value) => vec![value.display().to_string()],
    })
}

/// Names of products that stand in these parameters as they are, not computed by a block.
fn written(call: &Call<'_>, names: &[&str]) -> Vec<String> {
    names
        .iter()
        .flat_map(|name| call.args.texts(name))
        .collect()
}

/// Switches of these plans; `product` is meant where a plan does not name one itself.
fn switches(
    plans: Vec<String>,
    product: &str,
    state: SwitchState,
) -> impl Iterator<Item = PlanSwitch> {
    plans.into_iter().map(move |plan| {
        let (product, plan) = plan.split_once(QUALIFIER).unwrap_or((product, &plan));
        PlanSwitch {
            product: product.to_owned(),
            plan: plan.to_owned(),
            state: state.into(),
        }
    })
}

/// Types of objects that a change of licences gives.
const OUTPUT: &[&str] = &["LicenseChange", "User"];

/// Sends one change for each person; `build` makes it.
fn change_each<'a>(
    mut call: Call<'a>,
    who: &'static str,
    build: impl Fn(&Call<'a>, &Value, String) -> Result<LicenseChange> + 'a,
) -> Result<Objects<'a>> {
    let targets = Targets::of(&mut call, who)?;
    change(call, targets, build)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_may_name_its_product() {
        let plans = vec!["TEAMS1".to_owned(), "SPE_E3::YAMMER_ENTERPRISE".to_owned()];
        let made: Vec<_> = switches(plans, "ENTERPRISEPACK", SwitchState::Off)
            .map(|switch| (switch.product, switch.plan))
            .collect();
        let expected = [
            ("ENTERPRISEPACK", "TEAMS1"),
            ("SPE_E3", "YAMMER_ENTERPRISE"),
        ];
        assert_eq!(
            made,
            expected.map(|(product, plan)| (product.to_owned(), plan.to_owned()))
        );
    }
}
