//! What a preview of several new people says about them together: the service judges each by itself.

use std::collections::{BTreeMap, HashSet};

use tonic::Request;
use usher::v1::license_service_client::LicenseServiceClient;
use usher::v1::{CreateUserResponse, ErrorReason, ListLicensePoolsRequest, OutcomeResult};

use super::each::{count, tell_seats};
use crate::client::quoted;
use crate::cmdlet::{ChangeOptions, Host};
use crate::cmdlets::would;
use crate::error::{Result, ShellError};

/// The people of a preview so far.
#[derive(Default)]
pub(super) struct Judged {
    /// The names that they would have.
    names: HashSet<String>,
    /// The seats that they would take, by product.
    seats: BTreeMap<String, i64>,
}

impl Judged {
    /// One more person, who is refused where an earlier one would have the name.
    pub(super) fn also(
        &mut self,
        name: &str,
        answer: CreateUserResponse,
    ) -> Result<CreateUserResponse> {
        if !self.names.insert(name.to_lowercase()) {
            return Err(ShellError::new(
                ErrorReason::UpnInUse.code(),
                format!("The user principal name {name} is in use by an earlier row"),
            )
            .fix("Take another one for one of them")
            .target(name));
        }
        let outcome = answer.license_outcome.as_ref();
        let taken = outcome.filter(|outcome| outcome.result() == OutcomeResult::Applied);
        count(&mut self.seats, taken);
        Ok(answer)
    }

    /// Says how many seats they would take together, and how many are missing for that.
    pub(super) fn tell(self, host: Host<'_>, options: &ChangeOptions) -> Result<()> {
        if !options.what_if {
            return Ok(());
        }
        tell_seats(host, options, &self.seats);
        for (product, wanted) in &self.seats {
            let missing = wanted.saturating_sub(available(host, product)?);
            if missing > 0 {
                let product = quoted(product);
                let line = format!(
                    "{missing} of them are missing, so that many people would be created without it: \
                     New-Subscription {product} -Quantity {missing}"
                );
                would(host, options, &line);
            }
        }
        Ok(())
    }
}

fn available(host: Host<'_>, product: &str) -> Result<i64> {
    let request = ListLicensePoolsRequest {
        product: product.to_owned(),
        ..ListLicensePoolsRequest::default()
    };
    let answer = host.session.connection.call(|service| async move {
        Ok(LicenseServiceClient::new(service)
            .list_license_pools(Request::new(request))
            .await?
            .into_inner())
    })?;
    let free = answer
        .license_pools
        .iter()
        .map(|pool| pool.available.max(0));
    Ok(free.sum())
}
