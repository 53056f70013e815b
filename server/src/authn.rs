//! Who calls, and whether it may: judged before anything else of a call is read.
//! What a role allows is in the permission table and in the domain.

mod caller;
mod gate;
mod limiter;
mod secret;
#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

pub(crate) use self::caller::{Caller, Pass};
pub use self::gate::Door;
pub(crate) use self::gate::Gate;
pub(crate) use self::secret::Secret;
use crate::permission;

const CONTRACT: &str = "/usher.v1.";

/// Puts [`Guard`] before a service.
#[derive(Clone, Debug)]
pub(crate) struct GuardLayer {
    gate: Gate,
}

impl GuardLayer {
    pub(crate) fn new(gate: Gate) -> Self {
        Self { gate }
    }
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guard<S>;

    fn layer(&self, inner: S) -> Guard<S> {
        Guard {
            inner,
            gate: self.gate.clone(),
        }
    }
}

/// Lets a call of the contract through if its caller may make it. Other calls (health, reflection)
/// are for everybody.
#[derive(Clone, Debug)]
pub struct Guard<S> {
    inner: S,
    gate: Gate,
}

impl<S, B> Service<Request<B>> for Guard<S>
where
    S: Service<Request<B>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let call = request.uri().path();
        if !call.starts_with(CONTRACT) || permission::of(call).is_none() {
            return Box::pin(self.inner.call(request));
        }
        // The one that is ready makes the call; what stays behind is a copy.
        let copy = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, copy);
        let gate = self.gate.clone();
        Box::pin(async move {
            let call = request.uri().path();
            let admitted = gate.admit(request.headers(), call).await;
            match admitted.and_then(|caller| caller.may(call).map(|()| caller)) {
                Ok(caller) => {
                    request.extensions_mut().insert(caller);
                    inner.call(request).await
                }
                Err(refusal) => Ok(Status::from(refusal).into_http()),
            }
        })
    }
}
