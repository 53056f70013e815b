//! Set-UserLicense: one change of people's direct licences, whole or not at all for each.

use usher::v1::{LicenseChange, LicenseChangeMode, NewPlans, OnlyPlans, SwitchState};
use usher_object::Value;

use super::{
    ALL_OR_NOTHING, FROM_BLOCK, ONE_USER, OUTPUT, USER, change_each, switches, texts_for, written,
};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Values};
use crate::cmdlets::catalogue::check_products;
use crate::error::{Result, ShellError};

/// Set-UserLicense.
pub static SET_USER_LICENSE: Cmdlet = Cmdlet {
    name: "Set-UserLicense",
    synopsis: "Assigns and removes products, and switches plans on and off",
    description: "All that is named is one change: for each person it is applied whole or not at all, and what is not \
        named stays. Switches merge: the plans that are not named keep their setting. They are meant for the products \
        in -Add, or for -Product, or else for every direct licence that contains the plan. Each person is one object \
        with the outcome; a refused one says why and how to go on.",
    params: &[
        USER,
        Param::new(
            "Product",
            Kind::Text,
            "The product whose plans are switched",
        )
        .from(FROM_BLOCK)
        .values(Values::Products),
        Param::new("Add", Kind::Text, "Products to assign")
            .many()
            .from(FROM_BLOCK)
            .values(Values::Products),
        Param::new(
            "AddFirst",
            Kind::Text,
            "Of these products the first with a free seat; who has one of them gets no other",
        )
        .many()
        .from(FROM_BLOCK)
        .values(Values::Products),
        Param::new("Remove", Kind::Text, "Products to remove")
            .many()
            .from(FROM_BLOCK)
            .values(Values::Products),
        Param::new(
            "Replace",
            Kind::Switch,
            "Ends with exactly the direct products in -Add; the others go",
        ),
        Param::new(
            "Enable",
            Kind::Text,
            "Plans to switch on; PRODUCT::PLAN where several products are meant",
        )
        .many()
        .from(FROM_BLOCK)
        .values(Values::Plans),
        Param::new(
            "Disable",
            Kind::Text,
            "Plans to switch off; PRODUCT::PLAN where several products are meant",
        )
        .many()
        .from(FROM_BLOCK)
        .values(Values::Plans),
        Param::new(
            "Follow",
            Kind::Text,
            "Plans to set back to the product's default",
        )
        .many()
        .from(FROM_BLOCK)
        .values(Values::Plans),
        Param::new(
            "OnlyPlans",
            Kind::Text,
            "Only these plans are on, all others off",
        )
        .many()
        .from(FROM_BLOCK)
        .values(Values::Plans),
        Param::new(
            "ReplaceSwitches",
            Kind::Switch,
            "The switches given are all there are; other plans follow the default",
        ),
        Param::new(
            "NewPlans",
            Kind::Text,
            "Whether plans that the vendor adds later come on",
        )
        .values(Values::OneOf(&["On", "Off"])),
        Param::new(
            "Wait",
            Kind::Switch,
            "Waits for a seat where one is all that is missing",
        ),
        ALL_OR_NOTHING,
    ],
    effect: Effect::Changes,
    output: OUTPUT,
    single: ONE_USER,
    examples: &[
        Example {
            line: "Set-UserLicense adele@contoso.com -Add SPE_E3 -Disable YAMMER_ENTERPRISE",
            says: "Assigns a product without one of its plans.",
        },
        Example {
            line: "Get-User -Department Sales | Set-UserLicense -Add SPE_E3 -Force | Group-Object Outcome, Code",
            says: "Licenses a department, and counts what became of it.",
        },
        Example {
            line: "Set-UserLicense adele@contoso.com -Product SPE_E3 -Disable FORMS_PLAN_E3",
            says: "Switches one more plan off; the others stay as they are.",
        },
        Example {
            line: "Get-User -License STANDARDPACK | Set-UserLicense -Add SPE_E3 -Remove STANDARDPACK -WhatIf",
            says: "What a swap would do: who could be swapped, and how many seats it takes.",
        },
        Example {
            line: "Set-UserLicense adele@contoso.com -AddFirst SPE_E5, SPE_E3, STANDARDPACK",
            says: "Assigns the first of these that has a free seat.",
        },
        Example {
            line: "Get-User -Department Sales | Set-UserLicense -Add SPE_E3 -AllOrNothing -Force",
            says: "Licenses a department as one change, or nobody of it.",
        },
    ],
    related: &[
        "Get-UserLicense",
        "Switch-UserLicense",
        "Remove-UserLicense",
        "Get-License",
    ],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let changes = [
        "Add",
        "AddFirst",
        "Remove",
        "Enable",
        "Disable",
        "Follow",
        "OnlyPlans",
    ];
    if !changes.iter().any(|name| call.args.has(name)) && !call.args.switch("ReplaceSwitches") {
        return Err(ShellError::new(
            "PARAMETER_MISSING",
            "Set-UserLicense was not told what to change",
        )
        .fix("Add -Add, -Remove, -Enable, -Disable or -OnlyPlans; see Get-Help Set-UserLicense"));
    }
    if call.args.switch("Replace") && !call.args.has("Add") && !call.args.has("AddFirst") {
        return Err(ShellError::new(
            "ARGUMENT_INVALID",
            "-Replace needs at least one product in -Add",
        )
        .fix("To take all licences away: Remove-UserLicense -All"));
    }
    check_products(
        call.host,
        &written(&call, &["Product", "Add", "AddFirst", "Remove"]),
    )?;
    change_each(call, USER.name, build)
}

fn build(call: &Call<'_>, item: &Value, user: String) -> Result<LicenseChange> {
    let args = &call.args;
    let product = texts_for(call, "Product", item)?
        .into_iter()
        .next()
        .unwrap_or_default();
    let mut plan_switches = Vec::new();
    for (param, state) in [
        ("Enable", SwitchState::On),
        ("Disable", SwitchState::Off),
        ("Follow", SwitchState::Follow),
    ] {
        plan_switches.extend(switches(texts_for(call, param, item)?, &product, state));
    }
    let only_plans = if args.has("OnlyPlans") {
        Some(OnlyPlans {
            product,
            plans: texts_for(call, "OnlyPlans", item)?,
        })
    } else {
        None
    };
    let mode = if args.switch("Replace") {
        LicenseChangeMode::Replace
    } else {
        LicenseChangeMode::Modify
    };
    let new_plans = match args.text("NewPlans") {
        Some("Off") => NewPlans::Off,
        Some(_) => NewPlans::On,
        None => NewPlans::Unspecified,
    };
    Ok(LicenseChange {
        user,
        mode: mode.into(),
        add: texts_for(call, "Add", item)?,
        add_first: texts_for(call, "AddFirst", item)?,
        remove: texts_for(call, "Remove", item)?,
        switches: plan_switches,
        only_plans,
        replace_switches: args.switch("ReplaceSwitches"),
        wait_for_seat: args.switch("Wait"),
        new_plans: new_plans.into(),
        ..LicenseChange::default()
    })
}
