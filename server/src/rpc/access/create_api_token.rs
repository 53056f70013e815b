//! `CreateApiToken`: the secret is made here, goes out in the answer, and is nowhere afterwards.

use usher::v1::{ApiToken, CreateApiTokenRequest, CreateApiTokenResponse};
use usher_domain::command::{Command, NewToken};

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::token_of;
use crate::authn::{Caller, Secret};
use crate::convert::access;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

/// Roles that a request names at most; there are fewer.
const MAX_ROLES: usize = 16;

pub(super) async fn create(
    api: &Api,
    caller: &Caller,
    request: CreateApiTokenRequest,
) -> Result<CreateApiTokenResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let asked = fields
        .required("api_token", request.api_token)
        .unwrap_or_default();
    let mut new = read(&asked, &mut fields);
    fields.check()?;

    let random = api.env.random.bits();
    let random = random.ok_or_else(|| Refusal::internal("the machine has no random bits"))?;
    let secret = Secret::new(random);
    new.hash = secret.hash();
    let command = Command::CreateToken(Box::new(new));
    let outcome = api
        .change_or_refuse(caller, &intent, (Asked::ApiToken, command))
        .await?;
    let told = api.told(&outcome, Asked::ApiToken);
    if intent.validate_only {
        return Ok(CreateApiTokenResponse {
            api_token: Some(asked),
            secret: String::new(),
            outcome: Some(told),
        });
    }
    Ok(CreateApiTokenResponse {
        api_token: shown(token_of(api, &outcome).await),
        secret: if outcome.replayed {
            String::new()
        } else {
            secret.text()
        },
        outcome: Some(told),
    })
}

fn read(asked: &ApiToken, fields: &mut Fields) -> NewToken {
    fields.required_name("api_token.display_name", &asked.display_name);
    fields.required_name("api_token.identity", &asked.identity);
    fields.at_most("api_token.roles", asked.roles.len(), MAX_ROLES);
    let roles = asked.roles.iter().take(MAX_ROLES);
    NewToken {
        name: asked.display_name.clone(),
        identity: asked.identity.clone(),
        roles: roles
            .filter_map(|role| access::role("api_token.roles", *role, fields))
            .collect(),
        partner: asked.partner,
        expires_at: fields.instant("api_token.expire_time", asked.expire_time),
        hash: [0; 32],
    }
}
