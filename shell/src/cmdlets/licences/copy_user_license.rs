//! Copy-UserLicense: what one person holds directly, for others as well.

use usher::v1::{CopyLicenses, LicenseChange, LicenseChangeMode, SwitchState};

use super::{ALL_OR_NOTHING, FROM_BLOCK, OUTPUT, change_each, switches, texts_for, written};
use crate::cmdlet::{
    Call, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::catalogue::check_products;
use crate::cmdlets::users::USER_PROPERTIES;
use crate::error::Result;

/// Copy-UserLicense.
pub static COPY_USER_LICENSE: Cmdlet = Cmdlet {
    name: "Copy-UserLicense",
    synopsis: "Gives people the direct licences of somebody else, with the same plans off",
    description: "What the others hold stays, unless -Replace says that they end with exactly the same. What comes to \
        the person through groups is not copied; the outcome's Notes name it. Each person is one change, judged when \
        it is made.",
    params: &[
        Param::new(
            "From",
            Kind::Text,
            "Whose licences: id, user principal name or display name",
        )
        .mandatory()
        .values(Values::Users),
        Param::new(
            "To",
            Kind::Text,
            "Who gets them: ids, user principal names or display names",
        )
        .at(0)
        .many()
        .mandatory()
        .from(FromPipeline::Value(USER_PROPERTIES))
        .values(Values::Users),
        Param::new("Product", Kind::Text, "Only these products")
            .many()
            .values(Values::Products),
        Param::new(
            "Replace",
            Kind::Switch,
            "Takes away the direct licences that the person does not have, and sets the same switches",
        ),
        Param::new("Disable", Kind::Text, "Plans to switch off as well")
            .many()
            .from(FROM_BLOCK)
            .values(Values::Plans),
        ALL_OR_NOTHING,
    ],
    effect: Effect::Changes,
    output: OUTPUT,
    single: Single::When(|args| args.values("To").len() == 1),
    examples: &[
        Example {
            line: "Copy-UserLicense -From adele@contoso.com -To alex@contoso.com, megan@contoso.com",
            says: "Gives two people what a third one has.",
        },
        Example {
            line: "Get-User -Department Sales | Copy-UserLicense -From adele@contoso.com -Product SPE_E3 -Force",
            says: "Gives a department one person's product, with the same plans off.",
        },
    ],
    related: &["Move-UserLicense", "Set-UserLicense", "Get-UserLicense"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    check_products(call.host, &written(&call, &["Product"]))?;
    let from = CopyLicenses {
        user: call.args.text("From").unwrap_or_default().to_owned(),
        products: call.args.texts("Product"),
    };
    let mode = if call.args.switch("Replace") {
        LicenseChangeMode::Replace
    } else {
        LicenseChangeMode::Modify
    };
    change_each(call, "To", move |call, item, user| {
        Ok(LicenseChange {
            user,
            mode: mode.into(),
            switches: switches(texts_for(call, "Disable", item)?, "", SwitchState::Off).collect(),
            copy_from: Some(from.clone()),
            ..LicenseChange::default()
        })
    })
}
