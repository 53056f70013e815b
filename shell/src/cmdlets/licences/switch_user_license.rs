//! Switch-UserLicense: one product for another, in one step.

use std::collections::HashMap;

use usher::v1::{CarrySwitches, LicenseChange};

use super::{
    ALL_OR_NOTHING, FROM_BLOCK, ONE_USER, OUTPUT, USER, change_each, switches, texts_for, written,
};
use crate::cmdlet::{Arguments, Call, Cmdlet, Effect, Example, Kind, Objects, Param, Values};
use crate::cmdlets::catalogue::check_products;
use crate::error::{Result, ShellError};
use usher::v1::SwitchState;

/// Switch-UserLicense.
pub static SWITCH_USER_LICENSE: Cmdlet = Cmdlet {
    name: "Switch-UserLicense",
    synopsis: "Gives holders of one product another one instead, in one step",
    description: "Nobody is without a licence in between, and it takes one free seat of the new product while one of \
        the old is freed. Who does not hold the old product fails, or is unchanged if the new one is held already. With \
        -CarrySwitches, the outcome's NotCarried lists the plans whose switches have no counterpart; -Map names one.",
    params: &[
        USER,
        Param::new("From", Kind::Text, "Products to remove")
            .many()
            .mandatory()
            .values(Values::Products),
        Param::new("To", Kind::Text, "Products to assign instead")
            .many()
            .mandatory()
            .values(Values::Products),
        Param::new(
            "CarrySwitches",
            Kind::Switch,
            "Plans that are switched off stay off in the new product, by name",
        ),
        Param::new(
            "Map",
            Kind::Map,
            "Plans of the old product and their counterparts, where names differ",
        ),
        Param::new(
            "Disable",
            Kind::Text,
            "Plans of the new products to switch off",
        )
        .many()
        .from(FROM_BLOCK)
        .values(Values::Plans),
        ALL_OR_NOTHING,
    ],
    effect: Effect::Changes,
    output: OUTPUT,
    single: ONE_USER,
    examples: &[
        Example {
            line: "Get-User -License SPE_E3 | Switch-UserLicense -From SPE_E3 -To SPE_E5 -CarrySwitches -Force",
            says: "Moves everybody from E3 to E5; what was off stays off.",
        },
        Example {
            line: "Switch-UserLicense adele@contoso.com -From STANDARDPACK -To SPE_E3 -CarrySwitches \
                -Map @{ EXCHANGE_S_STANDARD = 'EXCHANGE_S_ENTERPRISE' }",
            says: "Carries a switch over to a plan with another name.",
        },
        Example {
            line: "Get-User -License SPE_E3 | Switch-UserLicense -From SPE_E3 -To SPE_E5 -CarrySwitches -AllOrNothing -WhatIf",
            says: "Whether everybody could be moved as one change, and what stands in the way.",
        },
    ],
    related: &["Set-UserLicense", "Get-UserLicense"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let counterparts = counterparts(&call.args)?;
    let carry = call.args.switch("CarrySwitches") || !counterparts.is_empty();
    check_products(call.host, &written(&call, &["From", "To"]))?;
    change_each(call, USER.name, move |call, item, user| {
        Ok(LicenseChange {
            user,
            add: call.args.texts("To"),
            remove: call.args.texts("From"),
            switches: switches(texts_for(call, "Disable", item)?, "", SwitchState::Off).collect(),
            carry_switches: carry.then(|| CarrySwitches {
                counterparts: counterparts.clone(),
            }),
            require_removed_held: true,
            ..LicenseChange::default()
        })
    })
}

fn counterparts(args: &Arguments) -> Result<HashMap<String, String>> {
    let Some(map) = args.value("Map").and_then(|map| map.as_record()) else {
        return Ok(HashMap::new());
    };
    map.iter()
        .map(|(old, new)| {
            let new = new.as_str().ok_or_else(|| {
                ShellError::new(
                    "ARGUMENT_INVALID",
                    format!("-Map names no plan for `{old}`: `{new}`"),
                )
                .fix("Write -Map @{ OLD_PLAN = 'NEW_PLAN' }")
            })?;
            Ok((old.to_owned(), new.to_owned()))
        })
        .collect()
}
