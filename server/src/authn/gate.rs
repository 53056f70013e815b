//! Who a caller is, and where it acts: found anew on every call, so that what was revoked or taken
//! away a moment ago opens nothing, whichever process did it. Nothing is kept between calls.

use std::sync::Arc;

use http::{HeaderMap, HeaderName};
use usher::{IDENTITY_METADATA, TENANT_METADATA};
use usher_domain::access::{self, MAX_IDENTITY, Role};
use usher_domain::command::Actor;
use usher_domain::ids::TenantId;
use usher_domain::refusal::{Cause, Code};

use super::caller::{Caller, Pass};
use super::limiter::Limiter;
use super::secret::Secret;
use crate::convert::time;
use crate::env::Env;
use crate::rpc::status::Refusal;
use crate::storage::{Acting, DEFAULT_TENANT, Presented, Store, is_called};

const BEARER: &str = "bearer ";
/// Calls by which a partner finds or begins organisations: they name none, and are made from home.
const FROM_HOME: [&str; 2] = [
    "/usher.v1.TenantService/CreateTenant",
    "/usher.v1.TenantService/ListTenants",
];

/// How callers prove who they are.
#[derive(Clone, Debug)]
pub enum Door {
    /// They need not: whoever gets here is Global admin, and is called so unless the call says otherwise.
    Open {
        /// The identity of callers who do not name one.
        identity: Arc<str>,
    },
    /// By an API token on each call.
    Tokens {
        /// How many requests a second one token may be used for; 0 sets no limit.
        requests_per_second: u32,
    },
}

impl Door {
    /// A door without a lock, for somebody who is known otherwise.
    #[must_use]
    pub fn open(identity: &str) -> Self {
        Self::Open {
            identity: access::identity(identity)
                .filter(|identity| !access::is_partner(identity))
                .unwrap_or_else(|| UNNAMED.to_owned())
                .into(),
        }
    }
}

/// Who nobody knows the name of.
const UNNAMED: &str = "local";

/// Lets callers in, or tells them why not.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    store: Store,
    env: Env,
    lock: Lock,
}

#[derive(Clone, Debug)]
enum Lock {
    None { identity: Arc<str> },
    Tokens(Arc<Limiter>),
}

/// What a caller brings along.
#[derive(Clone, Debug)]
pub(super) enum Credentials {
    Named(Option<String>),
    Hash([u8; 32]),
}

impl Gate {
    pub(crate) fn new(store: Store, env: Env, door: Door) -> Self {
        let lock = match door {
            Door::Open { identity } => Lock::None { identity },
            Door::Tokens {
                requests_per_second,
            } => Lock::Tokens(Arc::new(Limiter::new(requests_per_second))),
        };
        Self { store, env, lock }
    }

    /// Requests a second that one token may be used for; 0 where there is no limit.
    pub(crate) fn requests_per_second(&self) -> u32 {
        match &self.lock {
            Lock::None { .. } => 0,
            Lock::Tokens(limiter) => limiter.per_second(),
        }
    }

    /// The caller of a call, as the metadata tell.
    pub(super) async fn admit(&self, headers: &HeaderMap, call: &str) -> Result<Caller, Refusal> {
        let tenant = text_of(headers, TENANT_METADATA)?;
        let credentials = match &self.lock {
            Lock::None { .. } => Credentials::Named(text_of(headers, IDENTITY_METADATA)?),
            Lock::Tokens(_) => Credentials::Hash(secret_in(headers)?.hash()),
        };
        let pass = Pass {
            gate: self.clone(),
            credentials,
            tenant,
            call: call.into(),
        };
        let caller = self.find(&pass).await?;
        if let (Lock::Tokens(limiter), Some(token)) = (&self.lock, &caller.token)
            && !limiter.take(token.id, self.env.clock.now())
        {
            return Err(too_many(limiter.per_second()));
        }
        Ok(caller)
    }

    /// The caller of a pass, as things are now.
    pub(super) async fn find(&self, pass: &Pass) -> Result<Caller, Refusal> {
        match (&self.lock, &pass.credentials) {
            (Lock::None { identity }, Credentials::Named(named)) => {
                self.unproven(identity, named.as_deref(), pass).await
            }
            (_, Credentials::Hash(hash)) => self.proven(hash, pass).await,
            (Lock::Tokens(_), Credentials::Named(_)) => Err(unauthenticated(NO_TOKEN)),
        }
    }

    async fn unproven(
        &self,
        identity: &Arc<str>,
        named: Option<&str>,
        pass: &Pass,
    ) -> Result<Caller, Refusal> {
        let identity = match named {
            None => Arc::clone(identity),
            Some(name) => own_identity(name)?,
        };
        let tenant = match &pass.tenant {
            None => DEFAULT_TENANT,
            Some(text) => match self.store.tenants_called(text).await?.as_slice() {
                [one] => *one,
                _ => return Err(no_tenant(text)),
            },
        };
        Ok(Caller {
            actor: Actor {
                identity,
                roles: vec![Role::GlobalAdmin],
            },
            tenant,
            token: None,
            pass: Arc::new(pass.clone()),
        })
    }

    async fn proven(&self, hash: &[u8; 32], pass: &Pass) -> Result<Caller, Refusal> {
        let presented = self.store.presented(hash).await?;
        let presented = presented.ok_or_else(|| {
            unauthenticated(
                "The token is not known here. Check that it is of this server, and whole.",
            )
        })?;
        self.still_good(&presented)?;
        let acting = self.acting(&presented, pass).await?;
        Ok(Caller {
            actor: Actor {
                identity: acting.identity.into(),
                roles: acting.roles.into_iter().collect(),
            },
            tenant: acting.tenant,
            token: Some(Arc::new(presented.token)),
            pass: Arc::new(pass.clone()),
        })
    }

    fn still_good(&self, presented: &Presented) -> Result<(), Refusal> {
        let token = &presented.token;
        if let Some(at) = token.revoked_at {
            let message = format!(
                "The token was revoked at {}. Ask a Global admin for another one.",
                time::text(at)
            );
            return Err(unauthenticated(message));
        }
        match token.expires_at {
            Some(at) if at <= self.env.clock.now() => Err(unauthenticated(format!(
                "The token expired at {}. Ask a Global admin for another one.",
                time::text(at)
            ))),
            _ => Ok(()),
        }
    }

    /// Where the token acts on this call: one organisation, never two (R52).
    async fn acting(&self, presented: &Presented, pass: &Pass) -> Result<Acting, Refusal> {
        if !presented.token.partner {
            let home = self.store.acting_at_home(presented).await?;
            return match &pass.tenant {
                Some(text) if !self.is_home(presented.home, text).await? => Err(no_tenant(text)),
                _ => Ok(home),
            };
        }
        let Some(text) = &pass.tenant else {
            if FROM_HOME.contains(&pass.call.as_ref()) {
                return Ok(self.store.acting_at_home(presented).await?);
            }
            return Err(tenant_not_named(&presented.token.identity));
        };
        let mut meant = self.store.acting_anywhere(presented).await?;
        meant.retain(|(acting, name)| is_called(acting.tenant.as_uuid(), name, text));
        match (meant.pop(), meant.is_empty()) {
            (Some((acting, _)), true) => Ok(acting),
            _ => Err(no_tenant(text)),
        }
    }

    /// Every organisation in which the caller of a pass acts, with its name.
    pub(super) async fn tenants(&self, pass: &Pass) -> Result<Vec<(TenantId, String)>, Refusal> {
        let Credentials::Hash(hash) = &pass.credentials else {
            return Ok(self.store.all_tenants().await?);
        };
        let Some(presented) = self.store.presented(hash).await? else {
            return Ok(Vec::new());
        };
        let mut places = self.store.acting_anywhere(&presented).await?;
        places.retain(|(acting, _)| presented.token.partner || acting.tenant == presented.home);
        Ok(places
            .into_iter()
            .map(|(acting, name)| (acting.tenant, name))
            .collect())
    }

    async fn is_home(&self, home: TenantId, text: &str) -> Result<bool, Refusal> {
        Ok(self
            .store
            .name_of(home)
            .await?
            .is_some_and(|name| is_called(home.as_uuid(), &name, text)))
    }
}

const NO_TOKEN: &str = "The call carries no token. Send one as the metadata `authorization: Bearer TOKEN`; a Global admin makes them.";
const NOT_WHOLE: &str = "The token is not whole: one begins with usher_ and has 72 digits and letters a to f after that. Copy it again from its beginning to its end.";

fn secret_in(headers: &HeaderMap) -> Result<Secret, Refusal> {
    let mut all = headers.get_all(http::header::AUTHORIZATION).iter();
    let (value, more) = (all.next(), all.next());
    let Some(value) = value else {
        return Err(unauthenticated(NO_TOKEN));
    };
    let text = value.to_str().ok().filter(|_| more.is_none());
    let token = text.and_then(|text| {
        let scheme = text.get(..BEARER.len())?;
        scheme
            .eq_ignore_ascii_case(BEARER)
            .then(|| &text[BEARER.len()..])
    });
    let token = token.ok_or_else(|| {
        unauthenticated("The metadata `authorization` is not `Bearer TOKEN`, given once.")
    })?;
    Secret::parse(token.trim()).ok_or_else(|| unauthenticated(NOT_WHOLE))
}

fn text_of(headers: &HeaderMap, name: &'static str) -> Result<Option<String>, Refusal> {
    let mut all = headers.get_all(HeaderName::from_static(name)).iter();
    let (value, more) = (all.next(), all.next());
    let Some(value) = value else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(text) if more.is_none() => Ok(Some(text.to_owned())),
        _ => {
            let message =
                format!("The metadata {name} has to be one text of printable ASCII characters.");
            Err(Cause::new(Code::InvalidArgument, message).into())
        }
    }
}

fn own_identity(name: &str) -> Result<Arc<str>, Refusal> {
    access::identity(name)
        .filter(|identity| !access::is_partner(identity))
        .map(Arc::from)
        .ok_or_else(|| {
            unauthenticated(format!(
                "The metadata {IDENTITY_METADATA} does not name a caller. Give 1 to {MAX_IDENTITY} printable ASCII characters, or leave it out."
            ))
        })
}

fn unauthenticated(message: impl Into<String>) -> Refusal {
    Cause::new(Code::Unauthenticated, message).into()
}

/// The same whether there is no such organisation or the caller has no role in it.
fn no_tenant(text: &str) -> Refusal {
    let shown: String = text.chars().take(120).collect();
    let message = format!("You act in no organisation called \"{shown}\".");
    Cause::new(Code::TenantNotFound, message).into()
}

fn tenant_not_named(identity: &str) -> Refusal {
    let message = format!(
        "The identity {identity} may act in several organisations, in one at a time. Name it in the metadata {TENANT_METADATA}, by id or name; ListTenants says which there are."
    );
    Cause::new(Code::TenantNotNamed, message)
        .field(TENANT_METADATA)
        .into()
}

fn too_many(limit: u32) -> Refusal {
    let message = format!(
        "The token was used for more than {limit} requests in a second, which is the limit. Wait a moment, or send many changes in one stream."
    );
    Cause::new(Code::TooManyRequests, message)
        .with("limit", limit)
        .into()
}
