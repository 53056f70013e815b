//! Get-ApiToken: which tokens there are.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::ListApiTokensRequest;
use usher::v1::access_service_client::AccessServiceClient;

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::cmdlets::AS_OF;
use crate::error::Result;
use crate::types::{self, timestamp};

/// Get-ApiToken.
pub static GET_API_TOKEN: Cmdlet = Cmdlet {
    name: "Get-ApiToken",
    synopsis: "Lists API tokens: whose they are, and when they end",
    description: "Oldest first, those that ended too. A token's secret is shown once, by New-ApiToken, and is not kept.",
    params: &[
        Param::new("Identity", Kind::Text, "Only tokens of this identity")
            .at(0)
            .values(Values::Users),
        AS_OF,
    ],
    effect: Effect::None,
    output: &["ApiToken"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-ApiToken | Where-Object RevokeTime -eq $null",
            says: "Tokens that nobody revoked.",
        },
        Example {
            line: "Get-ApiToken kim@contoso.com",
            says: "The tokens of one identity.",
        },
    ],
    related: &["New-ApiToken", "Revoke-ApiToken", "Get-RoleAssignment"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let identity = call.args.text("Identity").unwrap_or_default().to_owned();
    let read_time = call.args.date("AsOf").map(timestamp);
    let pages = call
        .host
        .session
        .connection
        .pages(move |service, page_token| {
            let request = ListApiTokensRequest {
                page_size: MAX_PAGE_SIZE,
                page_token,
                identity: identity.clone(),
                read_time,
            };
            async move {
                let mut client = AccessServiceClient::new(service)
                    .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
                let page = client
                    .list_api_tokens(Request::new(request))
                    .await?
                    .into_inner();
                Ok((page.api_tokens, page.next_page_token))
            }
        });
    Ok(Box::new(
        pages.map(|token| Ok(types::API_TOKEN.object(&token?))),
    ))
}
