//! New-ApiToken: makes a token and shows its secret, once.

use tonic::Request;
use usher::v1::access_service_client::AccessServiceClient;
use usher::v1::{ApiToken, CreateApiTokenRequest};

use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::would;
use crate::error::Result;
use crate::types::{self, MadeToken, ROLES, role_of, timestamp};

/// New-ApiToken.
pub static NEW_API_TOKEN: Cmdlet = Cmdlet {
    name: "New-ApiToken",
    synopsis: "Makes an API token and shows it, once",
    description: "The token opens what the roles of its identity allow, at the moment of each call. The property Token \
        is what to keep, as USHER_TOKEN or in a file for -TokenFile: it is not shown again and not kept anywhere.",
    params: &[
        Param::new("Name", Kind::Text, "What it is called: where it is used")
            .at(0)
            .mandatory(),
        Param::new(
            "Identity",
            Kind::Text,
            "Whose it is, such as a user principal name",
        )
        .at(1)
        .mandatory()
        .values(Values::Users),
        Param::new("Role", Kind::Text, "Only these of the identity's roles")
            .many()
            .values(Values::OneOf(ROLES)),
        Param::new("ExpireTime", Kind::Date, "When it ends by itself"),
        Param::new(
            "Partner",
            Kind::Switch,
            "It acts in other organisations too, and each connection names one",
        ),
    ],
    effect: Effect::Changes,
    output: &["NewApiToken"],
    single: Single::Always,
    examples: &[
        Example {
            line: "New-ApiToken laptop -Identity kim@contoso.com",
            says: "A token with all roles of Kim.",
        },
        Example {
            line: "New-ApiToken reports -Identity reports -Role GlobalReader -ExpireTime 2099-01-01",
            says: "A token that reads only, until a day.",
        },
    ],
    related: &[
        "Get-ApiToken",
        "Revoke-ApiToken",
        "New-RoleAssignment",
        "Connect-Service",
    ],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let args = &call.args;
    let name = args.text("Name").unwrap_or_default().to_owned();
    let identity = args.text("Identity").unwrap_or_default().to_owned();
    options.ask_once(call.host, &format!("make the token {name} for {identity}"))?;
    if !options.what_if {
        call.host.session.count_writes(1)?;
    }
    let roles = args.texts("Role");
    let asked = ApiToken {
        display_name: name.clone(),
        identity: identity.clone(),
        roles: roles.iter().map(|role| role_of(role).into()).collect(),
        partner: args.switch("Partner"),
        expire_time: args.date("ExpireTime").map(timestamp),
        ..ApiToken::default()
    };
    let request = CreateApiTokenRequest {
        api_token: Some(asked.clone()),
        reason: options.reason.clone(),
        request_id: options.request_id.clone(),
        validate_only: options.what_if,
    };
    let answer = call.host.session.connection.call(|service| async move {
        let mut client = AccessServiceClient::new(service);
        Ok(client
            .create_api_token(Request::new(request))
            .await?
            .into_inner())
    })?;
    if options.what_if {
        let what = format!("the token {name} would be made for {identity}");
        would(call.host, &options, &what);
    } else if answer.secret.is_empty() {
        call.host.session.console.warn(
            "This request id made the token before, and its secret is not shown again. Revoke it and make another one if nobody has it",
        );
    }
    let made = MadeToken {
        token: answer.api_token.unwrap_or(asked),
        secret: answer.secret,
    };
    let shown = types::NEW_API_TOKEN.object(&made);
    Ok(Box::new(std::iter::once(Ok(shown))))
}
