//! Get-LicenseRule: exclusions, prerequisites, countries, services.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::ListLicenseRulesRequest;
use usher::v1::catalog_service_client::CatalogServiceClient;

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::Result;
use crate::types;

/// Get-LicenseRule.
pub static GET_LICENSE_RULE: Cmdlet = Cmdlet {
    name: "Get-LicenseRule",
    synopsis: "Gets the rules about what may be assigned together, and where",
    description: "Exclusion: of these plans a person may have one. Prerequisite: this plan needs one of those. \
        Country: where a product or plan is offered. Service: plans that serve one kind of data, and how long it is kept.",
    params: &[Param::new("Kind", Kind::Text, "Only rules of this kind")
        .at(0)
        .values(Values::OneOf(&[
            "exclusion",
            "prerequisite",
            "country",
            "service",
        ]))],
    effect: Effect::None,
    output: &["LicenseRule"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-LicenseRule",
            says: "All rules.",
        },
        Example {
            line: "Get-LicenseRule prerequisite | Select-Object Plans, NeedsAnyOf",
            says: "Plans that need another one.",
        },
    ],
    related: &["Import-LicenseRule", "Set-UserLicense"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let kind = call.args.text("Kind").map(str::to_owned);
    let pages = call.host.session.connection.pages(|service, page_token| {
        let request = ListLicenseRulesRequest {
            page_size: MAX_PAGE_SIZE,
            page_token,
            read_time: None,
        };
        async move {
            let mut client = CatalogServiceClient::new(service)
                .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
            let page = client
                .list_license_rules(Request::new(request))
                .await?
                .into_inner();
            Ok((page.license_rules, page.next_page_token))
        }
    });
    let rules = pages.map(|rule| Ok(types::LICENSE_RULE.object(&rule?)));
    Ok(Box::new(rules.filter(move |rule| {
        match (rule, &kind) {
            (Ok(rule), Some(kind)) => rule
                .property("Kind")
                .is_ok_and(|found| found.as_str() == Some(kind.as_str())),
            _ => true,
        }
    })))
}
