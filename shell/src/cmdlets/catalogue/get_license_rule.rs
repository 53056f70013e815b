//! Get-LicenseRule: exclusions, prerequisites, countries, services.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::catalog_service_client::CatalogServiceClient;
use usher::v1::{LicenseRuleKind, ListLicenseRulesRequest};

use super::KINDS;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::cmdlets::{AS_OF, read_time};
use crate::error::Result;
use crate::types;

/// Get-LicenseRule.
pub static GET_LICENSE_RULE: Cmdlet = Cmdlet {
    name: "Get-LicenseRule",
    synopsis: "Gets the rules about what may be assigned together, and where",
    description: "Exclusion: of these plans a person may have one. Prerequisite: this plan needs one of those. \
        Country: where a product or plan is offered. Service: plans that serve one kind of data, and how long it is kept.",
    params: &[
        Param::new("Kind", Kind::Text, "Only rules of this kind")
            .at(0)
            .values(Values::OneOf(KINDS)),
        Param::new("Plan", Kind::Text, "Only rules that speak of this plan").values(Values::Plans),
        Param::new(
            "Product",
            Kind::Text,
            "Only rules that speak of this product or of one of its plans",
        )
        .values(Values::Products),
        AS_OF,
    ],
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
        Example {
            line: "Get-LicenseRule -Product SPE_E3",
            says: "What has to be known before SPE_E3 is assigned.",
        },
    ],
    related: &[
        "Set-LicenseRule",
        "Remove-LicenseRule",
        "Import-LicenseRule",
        "Set-UserLicense",
    ],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let args = &call.args;
    let kind = match args.text("Kind").map(str::to_lowercase).as_deref() {
        Some("exclusion") => LicenseRuleKind::Exclusion,
        Some("prerequisite") => LicenseRuleKind::Prerequisite,
        Some("country") => LicenseRuleKind::Country,
        Some("service") => LicenseRuleKind::Service,
        _ => LicenseRuleKind::Unspecified,
    };
    let wanted = ListLicenseRulesRequest {
        page_size: MAX_PAGE_SIZE,
        page_token: String::new(),
        read_time: read_time(args),
        kind: kind.into(),
        plan: args.text("Plan").unwrap_or_default().to_owned(),
        product: args.text("Product").unwrap_or_default().to_owned(),
    };
    let pages = call
        .host
        .session
        .connection
        .pages(move |service, page_token| {
            let request = ListLicenseRulesRequest {
                page_token,
                ..wanted.clone()
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
    Ok(Box::new(
        pages.map(|rule| Ok(types::LICENSE_RULE.object(&rule?))),
    ))
}
