//! Get-License: the pools, seats of each product.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::ListLicensePoolsRequest;
use usher::v1::license_service_client::LicenseServiceClient;

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::cmdlets::AS_OF;
use crate::error::{Result, ShellError};
use crate::types::{self, timestamp};

/// Get-License.
pub static GET_LICENSE: Cmdlet = Cmdlet {
    name: "Get-License",
    synopsis: "Gets the seats of each product: how many, how many in use",
    description: "All subscriptions of a product are added up. Products come that have seats or holders. Remark says what \
        needs a look: more in use than there is and until when that has to be healed, seats that lapse, people who wait.",
    params: &[
        Param::new("Product", Kind::Text, "GUID, part number or display name")
            .at(0)
            .values(Values::Products),
        AS_OF,
    ],
    effect: Effect::None,
    output: &["LicensePool"],
    single: Single::When(|args| args.has("Product")),
    examples: &[
        Example {
            line: "Get-License",
            says: "All products with their seats.",
        },
        Example {
            line: "(Get-License SPE_E3).Available",
            says: "Free seats of one product.",
        },
        Example {
            line: "Get-License | Where-Object Available -lt 10",
            says: "Products that run short.",
        },
        Example {
            line: "Get-License | Where-Object Available -lt 0 | Select-Object PartNumber, Available, Deadline, Overdue",
            says: "Products of which more is in use than there is, and until when that has to be healed.",
        },
    ],
    related: &["Get-Subscription", "New-Subscription", "Get-UserLicense"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let product = call.args.text("Product").unwrap_or_default().to_owned();
    let named = product.clone();
    let read_time = call.args.date("AsOf").map(timestamp);
    let mut pools = call
        .host
        .session
        .connection
        .pages(move |service, page_token| {
            let request = ListLicensePoolsRequest {
                page_size: MAX_PAGE_SIZE,
                page_token,
                product: product.clone(),
                read_time,
            };
            async move {
                let page = LicenseServiceClient::new(service)
                    .list_license_pools(Request::new(request))
                    .await?
                    .into_inner();
                Ok((page.license_pools, page.next_page_token))
            }
        });
    if named.is_empty() {
        return Ok(Box::new(
            pools.map(|pool| Ok(types::LICENSE_POOL.object(&pool?))),
        ));
    }
    let pool = pools.next().transpose()?.ok_or_else(|| {
        ShellError::new(
            "NO_AVAILABLE_SEATS",
            format!("There are no seats of {named}, and nobody holds it"),
        )
        .fix(format!(
            "New-Subscription {} -Quantity 10",
            crate::client::quoted(&named)
        ))
        .target(named)
    })?;
    Ok(Box::new(std::iter::once(Ok(
        types::LICENSE_POOL.object(&pool)
    ))))
}
