//! A token made on the server's machine: how the first Global admin gets in.

use usher_domain::access::Role;
use usher_domain::command::{Actor, Command, NewToken, Request};
use usher_domain::plan::OutcomeKind;

use super::Service;
use crate::authn::Secret;
use crate::config::TokenConfig;
use crate::storage::DEFAULT_TENANT;

/// Whom the record names for what is done at the server itself.
const OPERATOR: &str = "operator";

impl Service {
    /// Gives the identity the role and makes a token for it; answers the token.
    ///
    /// # Errors
    /// What a rule or the database says against it, in words.
    pub async fn create_token(&self, config: &TokenConfig) -> Result<String, String> {
        let random = self.services.env.random.bits();
        let secret = Secret::new(random.ok_or("The machine has no random bits to give.")?);
        let role = Command::AssignRole {
            identity: config.identity.clone(),
            role: config.role,
        };
        let token = Command::CreateToken(Box::new(NewToken {
            name: config.name.clone(),
            identity: config.identity.clone(),
            expires_at: config.expires_at,
            hash: secret.hash(),
            ..NewToken::default()
        }));
        let requests = [role, token].map(request).to_vec();
        let written = self.store().write_chunk(requests).await;
        let outcomes = written.map_err(|error| error.to_string())?;
        for outcome in outcomes {
            if outcome.result == OutcomeKind::Failed {
                let causes = outcome.causes.into_iter().map(|cause| cause.message);
                return Err(causes.collect::<Vec<_>>().join("\n"));
            }
        }
        Ok(secret.text())
    }
}

fn request(command: Command) -> Request {
    Request {
        tenant: DEFAULT_TENANT,
        actor: Actor {
            identity: OPERATOR.into(),
            roles: vec![Role::GlobalAdmin],
        },
        reason: None,
        request_key: None,
        batch: None,
        command,
    }
}
