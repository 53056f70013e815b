//! Revoke-ApiToken: ends tokens.

use tonic::Request;
use usher::v1::RevokeApiTokenRequest;
use usher::v1::access_service_client::AccessServiceClient;
use usher_object::Value;

use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, FromPipeline, Host, Kind, Objects, Param, Single,
};
use crate::cmdlets::would;
use crate::error::Result;
use crate::types;

/// Revoke-ApiToken.
pub static REVOKE_API_TOKEN: Cmdlet = Cmdlet {
    name: "Revoke-ApiToken",
    synopsis: "Ends API tokens, from the next call on",
    description: "Every server refuses the token from then on. The token that this session itself uses can be revoked \
        too, and so can a Global admin's last one: a new one is made on the server's machine, by usher-server token \
        create.",
    params: &[Param::new(
        "Token",
        Kind::Text,
        "Its id, or its name while it is not revoked",
    )
    .at(0)
    .mandatory()
    .from(FromPipeline::Value(&["Id"]))],
    effect: Effect::Changes,
    output: &["ApiToken"],
    single: Single::Always,
    examples: &[
        Example {
            line: "New-ApiToken trial -Identity kim@contoso.com | Revoke-ApiToken",
            says: "Makes a token and ends it.",
        },
        Example {
            line: "Get-ApiToken kim@contoso.com | Revoke-ApiToken -Reason 'left the company'",
            says: "Ends all tokens of one identity, with the reason in the record.",
        },
    ],
    related: &["Get-ApiToken", "New-ApiToken", "Remove-RoleAssignment"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    if call.input.is_none() {
        let token = call.args.text("Token").unwrap_or_default().to_owned();
        let ended = revoke(call.host, &options, token, options.request_id.clone());
        return Ok(Box::new(std::iter::once(ended)));
    }
    let items = call.take_input();
    Ok(Box::new(items.enumerate().map(move |(row, item)| {
        let token = call.text_for("Token", &item?)?;
        let request_id = options.row_request_id(row, false);
        revoke(call.host, &options, token, request_id)
    })))
}

fn revoke(
    host: Host<'_>,
    options: &ChangeOptions,
    token: String,
    request_id: String,
) -> Result<Value> {
    options.ask_once(host, &format!("revoke the token {token}"))?;
    if options.what_if {
        would(host, options, &format!("the token {token} would end"));
    } else {
        host.session.count_writes(1)?;
    }
    let request = RevokeApiTokenRequest {
        api_token: token,
        reason: options.reason.clone(),
        request_id,
        validate_only: options.what_if,
    };
    let answer = host.session.connection.call(|service| async move {
        let mut client = AccessServiceClient::new(service);
        Ok(client
            .revoke_api_token(Request::new(request))
            .await?
            .into_inner())
    })?;
    Ok(types::API_TOKEN.object(&answer.api_token.unwrap_or_default()))
}
