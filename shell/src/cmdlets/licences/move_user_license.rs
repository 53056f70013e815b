//! Move-UserLicense: a leaver's direct licences to a successor, in one change that needs no free seat.

use usher::v1::{CopyLicenses, LicenseChange, LicenseChangeMode};

use super::{OUTPUT, change_together, written};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::cmdlets::catalogue::check_products;
use crate::error::Result;

/// Move-UserLicense.
pub static MOVE_USER_LICENSE: Cmdlet = Cmdlet {
    name: "Move-UserLicense",
    synopsis: "Moves the direct licences of one person to another, with the same plans off",
    description: "Both people are one change: it is applied whole or not at all, and takes no free seat, since the one \
        is freed as the other is taken. What comes through groups stays where it is; the outcome's Notes name it. \
        It gives two objects: the successor's outcome, then the leaver's.",
    params: &[
        Param::new(
            "From",
            Kind::Text,
            "Who gives them up: id, user principal name or display name",
        )
        .at(0)
        .mandatory()
        .values(Values::Users),
        Param::new(
            "To",
            Kind::Text,
            "Who gets them: id, user principal name or display name",
        )
        .at(1)
        .mandatory()
        .values(Values::Users),
        Param::new(
            "Product",
            Kind::Text,
            "Only these products; the others stay",
        )
        .many()
        .values(Values::Products),
    ],
    effect: Effect::Changes,
    output: OUTPUT,
    single: Single::Never,
    examples: &[
        Example {
            line: "Move-UserLicense -From adele@contoso.com -To alex@contoso.com",
            says: "Gives a leaver's licences to the successor.",
        },
        Example {
            line: "Move-UserLicense adele@contoso.com alex@contoso.com -Product SPE_E3 -WhatIf",
            says: "What moving one product would do.",
        },
    ],
    related: &["Copy-UserLicense", "Remove-UserLicense", "Set-User"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    check_products(call.host, &written(&call, &["Product"]))?;
    let name = |param| call.args.text(param).unwrap_or_default().trim().to_owned();
    let (from, products) = (name("From"), call.args.texts("Product"));
    let leaver = if products.is_empty() {
        LicenseChange {
            user: from.clone(),
            mode: LicenseChangeMode::UnassignAll.into(),
            ..LicenseChange::default()
        }
    } else {
        LicenseChange {
            user: from.clone(),
            remove: products.clone(),
            require_removed_held: true,
            ..LicenseChange::default()
        }
    };
    let successor = LicenseChange {
        user: name("To"),
        copy_from: Some(CopyLicenses {
            user: from,
            products,
        }),
        ..LicenseChange::default()
    };
    change_together(&call, vec![successor, leaver])
}
