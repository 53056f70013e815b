//! Compare-License: who held what at two moments.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::license_service_client::LicenseServiceClient;
use usher::v1::{CompareLicensesRequest, PoolDifference};

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Host, Kind, Objects, Param, Single, Values};
use crate::error::Result;
use crate::types::{self, timestamp};

/// Compare-License.
pub static COMPARE_LICENSE: Cmdlet = Cmdlet {
    name: "Compare-License",
    synopsis: "Compares who held what at two moments",
    description: "Each person and product that is different comes once: Gained, Lost, or Switched when it was held at \
        both moments with other plans on. Time, Actor and Reason are of the change that touched it last. -Pools gives \
        the seats of products before and after instead.",
    params: &[
        Param::new("From", Kind::Date, "The earlier moment")
            .at(0)
            .mandatory(),
        Param::new("To", Kind::Date, "The later moment; now unless given").at(1),
        Param::new("Product", Kind::Text, "Only this product").values(Values::Products),
        Param::new(
            "Pools",
            Kind::Switch,
            "Gives the seats before and after, not people",
        ),
    ],
    effect: Effect::None,
    output: &["LicenseDifference", "PoolDifference"],
    single: Single::Never,
    examples: &[
        Example {
            line: "$then = (Get-AuditLog -Top 1)[0].Time; Compare-License $then | Group-Object Change, PartNumber",
            says: "How many people gained and lost each product since a moment.",
        },
        Example {
            line: "$then = (Get-AuditLog -Top 1)[0].Time; Compare-License $then -Pools",
            says: "What became of the seats since then.",
        },
    ],
    related: &["Get-AuditLog", "Get-UserLicense", "Get-License"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let args = &call.args;
    let wanted = CompareLicensesRequest {
        page_size: MAX_PAGE_SIZE,
        page_token: String::new(),
        start_time: args.date("From").map(timestamp),
        end_time: args.date("To").map(timestamp),
        product: args.text("Product").unwrap_or_default().to_owned(),
    };
    if args.switch("Pools") {
        let pools = pools(call.host, wanted)?.into_iter();
        return Ok(Box::new(
            pools.map(|pool| Ok(types::POOL_DIFFERENCE.object(&pool))),
        ));
    }
    let pages = call
        .host
        .session
        .connection
        .pages(move |service, page_token| {
            let request = CompareLicensesRequest {
                page_token,
                ..wanted.clone()
            };
            async move {
                let mut client = LicenseServiceClient::new(service)
                    .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
                let page = client
                    .compare_licenses(Request::new(request))
                    .await?
                    .into_inner();
                Ok((page.differences, page.next_page_token))
            }
        });
    Ok(Box::new(pages.map(|difference| {
        Ok(types::LICENSE_DIFFERENCE.object(&difference?))
    })))
}

/// The pools come with the first page, whatever its size.
fn pools(host: Host<'_>, wanted: CompareLicensesRequest) -> Result<Vec<PoolDifference>> {
    let request = CompareLicensesRequest {
        page_size: 1,
        ..wanted
    };
    host.session.connection.call(|service| async move {
        let mut client =
            LicenseServiceClient::new(service).max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
        let answer = client.compare_licenses(Request::new(request)).await?;
        Ok(answer.into_inner().pools)
    })
}
