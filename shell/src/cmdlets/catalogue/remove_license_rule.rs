//! Remove-LicenseRule: takes a rule away.

use tonic::Request;
use usher::v1::DeleteLicenseRuleRequest;
use usher::v1::catalog_service_client::CatalogServiceClient;

use super::{KINDS, each_change};
use crate::cmdlet::{
    Call, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::ETAG;
use crate::error::{Result, ShellError};
use crate::types::{self, CatalogueChange};

/// Remove-LicenseRule.
pub static REMOVE_LICENSE_RULE: Cmdlet = Cmdlet {
    name: "Remove-LicenseRule",
    synopsis: "Removes rules about what may be assigned together, and where",
    description: "Plans that a rule held off are on again at once. -WhatIf counts the people concerned. Give kind and \
        id, or rules from Get-LicenseRule.",
    params: &[
        Param::new(
            "Rule",
            Kind::Text,
            "The rule as kind/id, such as exclusion/forms",
        )
        .at(0)
        .many()
        .mandatory()
        .from(FromPipeline::Value(&["Rule"])),
        Param::new(
            "Kind",
            Kind::Text,
            "Kind of the rules, which are then ids alone",
        )
        .values(Values::OneOf(KINDS)),
        ETAG,
    ],
    effect: Effect::Changes,
    output: &["CatalogueChange"],
    single: Single::When(|args| args.values("Rule").len() == 1),
    examples: &[
        Example {
            line: "Set-LicenseRule country SPE_E5 -Deny CN; Remove-LicenseRule country/SPE_E5",
            says: "The product is offered everywhere again.",
        },
        Example {
            line: "Get-LicenseRule prerequisite | Remove-LicenseRule -WhatIf",
            says: "For how many people plans would come back without the prerequisites.",
        },
    ],
    related: &["Get-LicenseRule", "Set-LicenseRule", "Import-LicenseRule"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let kind = call.args.text("Kind").map(str::to_lowercase);
    each_change(call, "Rule", move |host, options, asked| {
        let subject = match &kind {
            Some(kind) => format!("{kind}/{}", asked.target),
            None => asked.target,
        };
        if !subject.contains('/') {
            return Err(ShellError::new(
                "ARGUMENT_INVALID",
                format!("`{subject}` does not say of which kind the rule is"),
            )
            .fix(format!("Remove-LicenseRule exclusion/{subject}")));
        }
        let request = DeleteLicenseRuleRequest {
            license_rule: subject.clone(),
            etag: asked.etag,
            reason: options.reason.clone(),
            request_id: asked.request_id,
            validate_only: options.what_if,
        };
        let answer = host.session.connection.call(|service| async move {
            Ok(CatalogServiceClient::new(service)
                .delete_license_rule(Request::new(request))
                .await?
                .into_inner())
        })?;
        Ok(types::CATALOGUE_CHANGE.object(&CatalogueChange {
            subject,
            outcome: answer.outcome.unwrap_or_default(),
            people: answer.people_concerned,
        }))
    })
}
