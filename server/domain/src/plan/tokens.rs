//! The decisions on API tokens (R51): making one, and ending one. The record says of a token what it
//! opens, never its name or the hash of its secret.

use std::collections::BTreeSet;

use serde::Serialize;
use uuid::Uuid;

use super::limits::{MAX_TOKEN_NAME, check_text, identity};
use super::names::shown;
use super::{Action, Change, Context, Plan, Subject};
use crate::access::{Role, Token, is_partner};
use crate::command::NewToken;
use crate::ids::{Instant, TokenId};
use crate::name_key::NameKey;
use crate::refusal::{Cause, Code, Fix};

#[derive(Serialize)]
struct RecordedToken<'a> {
    id: TokenId,
    identity: &'a str,
    roles: &'a BTreeSet<Role>,
    partner: bool,
    created_at: Instant,
    expires_at: Option<Instant>,
    revoked_at: Option<Instant>,
}

impl<'a> RecordedToken<'a> {
    fn of(token: &'a Token) -> Self {
        Self {
            id: token.id,
            identity: &token.identity,
            roles: &token.roles,
            partner: token.partner,
            created_at: token.created_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
        }
    }
}

pub(super) fn create(context: &Context<'_>, new: &NewToken, ids: &mut dyn FnMut() -> Uuid) -> Plan {
    let mut causes = Vec::new();
    let name = new.name.trim();
    if name.is_empty() {
        let message = "The token has no name. Give it one that says where it is used";
        causes.push(Cause::new(Code::InvalidArgument, message).field("name"));
    }
    causes.extend(check_text("name", name, MAX_TOKEN_NAME));
    if let Some(expires_at) = new.expires_at
        && expires_at <= context.now
    {
        let message = "The end of the token has passed already";
        causes.push(Cause::new(Code::InvalidArgument, message).field("expires_at"));
    }
    let identity = own_identity(&new.identity);
    let identity = match (identity, causes.is_empty()) {
        (Ok(identity), true) => identity,
        (found, _) => {
            causes.extend(found.err());
            return Plan::failed(None, causes);
        }
    };
    let token = Token {
        id: TokenId(ids()),
        name: name.to_owned(),
        identity,
        roles: new.roles.iter().copied().collect(),
        partner: new.partner,
        hash: new.hash,
        created_at: context.now,
        expires_at: new.expires_at,
        revoked_at: None,
    };
    let before = None::<RecordedToken<'_>>;
    let after = RecordedToken::of(&token);
    let changes = vec![Change::OpenToken(Box::new(token.clone()))];
    let subject = Subject::Token(token.id);
    Plan::applied(Action::CreateToken, subject, changes, &before, &after)
}

/// Another organisation makes the tokens of its own identities.
fn own_identity(given: &str) -> Result<String, Cause> {
    let identity = identity(given)?;
    if is_partner(&identity) {
        let message = format!(
            "The identity {identity} is of another organisation, which makes its tokens itself. Name an identity of this one"
        );
        return Err(Cause::new(Code::InvalidArgument, message).field("identity"));
    }
    Ok(identity)
}

pub(super) fn revoke(context: &Context<'_>, given: &str) -> Plan {
    let token = match find(context, given) {
        Ok(token) => token,
        Err(cause) => return Plan::failed(None, vec![cause.field("token")]),
    };
    let subject = Subject::Token(token.id);
    if token.revoked_at.is_some() {
        return Plan::unchanged(subject);
    }
    let at = context.now;
    let mut ended = token.clone();
    ended.revoked_at = Some(at);
    let before = RecordedToken::of(token);
    let after = RecordedToken::of(&ended);
    let changes = vec![Change::RevokeToken { id: token.id, at }];
    Plan::applied(Action::RevokeToken, subject, changes, &before, &after)
}

/// The token of an id, else the only one of a name that is not revoked.
fn find<'a>(context: &Context<'a>, given: &str) -> Result<&'a Token, Cause> {
    let by_id = Uuid::try_parse(given.trim()).ok();
    if let Some(token) = by_id.and_then(|id| context.snapshot.token(TokenId(id))) {
        return Ok(token);
    }
    let key = NameKey::new(given);
    let mut named: Vec<&Token> = context
        .snapshot
        .tokens()
        .filter(|token| token.revoked_at.is_none() && NameKey::new(&token.name) == key)
        .collect();
    named.sort_unstable_by_key(|token| token.id);
    match named.as_slice() {
        [one] => Ok(one),
        [] => {
            let message = format!("There is no token with the id or name \"{}\"", shown(given));
            Err(Cause::new(Code::TokenNotFound, message))
        }
        several => {
            let instead: Vec<String> = several.iter().map(|token| token.id.to_string()).collect();
            let given = shown(given);
            let message = format!(
                "\"{given}\" stands for {} tokens: {}",
                several.len(),
                instead.join(", ")
            );
            Err(Cause::new(Code::AmbiguousName, message)
                .with("candidates", instead.join(","))
                .fix(Fix::UseName { given, instead }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::partner;
    use crate::command::Command;
    use crate::fixture::World;
    use crate::plan::OutcomeKind;

    fn new(name: &str, identity: &str) -> NewToken {
        NewToken {
            name: name.to_owned(),
            identity: identity.to_owned(),
            hash: [7; 32],
            ..NewToken::default()
        }
    }

    fn create(world: &mut World, new: NewToken) -> Plan {
        world.run(Command::CreateToken(Box::new(new)))
    }

    fn revoke(world: &mut World, token: &str) -> Plan {
        let token = token.to_owned();
        world.run(Command::RevokeToken { token })
    }

    #[test]
    fn a_token_is_named_and_is_for_somebody_here_and_ends_later() {
        let mut world = World::new(0, 0);
        let elsewhere = partner(crate::ids::TenantId(Uuid::from_u128(9)), "kim");
        for (bad, field) in [
            (new(" ", "kim"), "name"),
            (new("laptop", ""), "identity"),
            (new("laptop", &elsewhere), "identity"),
            (
                NewToken {
                    expires_at: Some(Instant(1)),
                    ..new("laptop", "kim")
                },
                "expires_at",
            ),
        ] {
            let refused = create(&mut world, bad).outcome;
            assert_eq!(refused.causes[0].field.as_deref(), Some(field));
        }
    }

    #[test]
    fn the_record_holds_neither_name_nor_hash() {
        let mut world = World::new(0, 0);
        let made = create(&mut world, new("Megan's laptop", "Megan"));
        let after = &made.steps[0].record.after;
        assert!(after.contains("\"identity\":\"megan\""), "{after}");
        assert!(
            !after.contains("laptop") && !after.contains("hash"),
            "{after}"
        );
        assert!(!after.contains("[7,7"), "{after}");
    }

    #[test]
    fn a_token_ends_once_and_its_name_is_free_then() {
        let mut world = World::new(0, 0);
        create(&mut world, new("laptop", "megan"));
        create(&mut world, new("Laptop", "megan"));
        let refused = revoke(&mut world, "LAPTOP").outcome.causes.remove(0);
        assert_eq!(refused.code, Code::AmbiguousName);
        let Some(Fix::UseName { instead, .. }) = refused.fixes.first() else {
            panic!("{refused:?}");
        };
        let first = instead[0].clone();
        assert_eq!(
            revoke(&mut world, &first).outcome.result,
            OutcomeKind::Applied
        );
        assert_eq!(
            revoke(&mut world, &first).outcome.result,
            OutcomeKind::Unchanged
        );
        assert_eq!(
            revoke(&mut world, "laptop").outcome.result,
            OutcomeKind::Applied
        );
        let refused = revoke(&mut world, "laptop").outcome.causes.remove(0);
        assert_eq!(refused.code, Code::TokenNotFound);
    }
}
