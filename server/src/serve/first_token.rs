//! A token made on the server's machine: how the first Global admin gets in.

use usher_domain::access::{OPERATOR, Role};
use usher_domain::command::{Actor, Command, NewToken, Request};
use usher_domain::plan::OutcomeKind;

use super::Service;
use crate::authn::Secret;
use crate::config::TokenConfig;
use crate::storage::{DEFAULT_TENANT, Priority};

impl Service {
    /// Makes a token of the identity for the role alone, then gives the identity the role; answers
    /// the token. No role is given where there can be no token.
    ///
    /// # Errors
    /// What a rule or the database says against it, in words.
    pub async fn create_token(&self, config: &TokenConfig) -> Result<String, String> {
        let random = self.services.env.random.bits();
        let secret = Secret::new(random.ok_or("The machine has no random bits to give.")?);
        let token = Command::CreateToken(Box::new(NewToken {
            name: config.name.clone(),
            identity: config.identity.clone(),
            roles: vec![config.role],
            expires_at: config.expires_at,
            hash: secret.hash(),
            ..NewToken::default()
        }));
        self.make(token).await?;
        self.make(Command::AssignRole {
            identity: config.identity.clone(),
            role: config.role,
        })
        .await?;
        Ok(secret.text())
    }

    async fn make(&self, command: Command) -> Result<(), String> {
        let written = self
            .store()
            .write(request(command), Priority::Interactive)
            .await;
        let outcome = written.map_err(|error| error.to_string())?;
        if outcome.result == OutcomeKind::Failed {
            let causes = outcome.causes.into_iter().map(|cause| cause.message);
            return Err(causes.collect::<Vec<_>>().join("\n"));
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DatabaseConfig;
    use crate::env::Env;
    use crate::storage::ReadAt;

    fn token(identity: &str) -> TokenConfig {
        TokenConfig {
            role: Role::UserAdmin,
            name: "first".to_owned(),
            identity: identity.to_owned(),
            expires_at: None,
            database: DatabaseConfig {
                database: String::new(),
                log: String::new(),
            },
        }
    }

    #[tokio::test]
    async fn a_role_comes_with_a_token_only_and_the_token_opens_no_other_role() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", folder.path().join("usher.db").display());
        let service = Service::open(&address, Env::system()).await.unwrap();
        let partner = "tenants/00000000-0000-0000-0000-000000000007/identities/kim";
        service.create_token(&token(partner)).await.unwrap_err();
        service.create_token(&token("operator")).await.unwrap_err();
        let roles = || async {
            let read = service.store().read(DEFAULT_TENANT, ReadAt::Now).await;
            let organisation = read.unwrap().organisation().await.unwrap();
            let held = organisation.roles.iter();
            held.map(|(identity, role)| (identity.to_owned(), role))
                .collect::<Vec<_>>()
        };
        assert_eq!(roles().await, []);

        service
            .make(Command::AssignRole {
                identity: "kim".to_owned(),
                role: Role::GlobalAdmin,
            })
            .await
            .unwrap();
        let text = service.create_token(&token("kim")).await.unwrap();
        assert_eq!(roles().await.len(), 2);
        let hash = Secret::parse(&text).unwrap().hash();
        let presented = service.store().presented(&hash).await.unwrap().unwrap();
        let acting = service.store().acting_at_home(&presented).await.unwrap();
        assert_eq!(Vec::from_iter(acting.roles), [Role::UserAdmin]);
    }
}
