//! Remove-UserLicense: takes direct licences away.

use usher::v1::{LicenseChange, LicenseChangeMode};

use super::{ALL_OR_NOTHING, FROM_BLOCK, ONE_USER, OUTPUT, USER, change_each, texts_for, written};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Values};
use crate::cmdlets::catalogue::check_products;
use crate::error::{Result, ShellError};

/// Remove-UserLicense.
pub static REMOVE_USER_LICENSE: Cmdlet = Cmdlet {
    name: "Remove-UserLicense",
    synopsis: "Takes direct licences away: of some products, all, or all but some",
    description: "Licences that come from a group are not touched; the outcome names them. Who does not hold a product \
        is unchanged.",
    params: &[
        USER,
        Param::new("Product", Kind::Text, "Products to remove")
            .at(1)
            .many()
            .from(FROM_BLOCK)
            .values(Values::Products),
        Param::new("All", Kind::Switch, "Removes all direct licences"),
        Param::new(
            "Except",
            Kind::Text,
            "Products that stay where -All removes the others",
        )
        .many()
        .from(FROM_BLOCK)
        .values(Values::Products),
        ALL_OR_NOTHING,
    ],
    effect: Effect::Changes,
    output: OUTPUT,
    single: ONE_USER,
    examples: &[
        Example {
            line: "Remove-UserLicense adele@contoso.com SPE_E3",
            says: "Takes one product away.",
        },
        Example {
            line: "Get-User -AccountEnabled $false | Remove-UserLicense -All -WhatIf",
            says: "What taking all licences from blocked accounts would free.",
        },
        Example {
            line: "Get-User -AccountEnabled $false | Remove-UserLicense -All -Except SPE_E3 -WhatIf",
            says: "The same, but one product stays with who has it.",
        },
    ],
    related: &["Get-UserLicense", "Set-UserLicense"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let all = call.args.switch("All");
    if call.args.has("Except") && !all {
        return Err(ShellError::new(
            "ARGUMENT_INVALID",
            "-Except says what stays where -All removes the others, and there is no -All",
        )
        .fix("Remove-UserLicense adele@contoso.com -All -Except SPE_E3"));
    }
    if all == call.args.has("Product") {
        let message = if all {
            "Remove-UserLicense takes products or -All, not both"
        } else {
            "Remove-UserLicense was not told what to remove"
        };
        return Err(ShellError::new("ARGUMENT_INVALID", message)
            .fix("Remove-UserLicense adele@contoso.com SPE_E3, or Remove-UserLicense adele@contoso.com -All"));
    }
    check_products(call.host, &written(&call, &["Product", "Except"]))?;
    change_each(call, USER.name, move |call, item, user| {
        let mode = if all {
            LicenseChangeMode::UnassignAll
        } else {
            LicenseChangeMode::Modify
        };
        Ok(LicenseChange {
            user,
            mode: mode.into(),
            remove: texts_for(call, "Product", item)?,
            keep: texts_for(call, "Except", item)?,
            ..LicenseChange::default()
        })
    })
}
