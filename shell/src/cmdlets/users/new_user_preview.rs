//! What a preview of several new people says about them together: the service judges each by itself.

use std::collections::{BTreeMap, HashSet};

use tonic::Request;
use usher::v1::fix::Action;
use usher::v1::license_service_client::LicenseServiceClient;
use usher::v1::{
    CreateUserResponse, ErrorReason, LicensePool, ListLicensePoolsRequest, Outcome, OutcomeResult,
};

use super::each::count;
use crate::client::quoted;
use crate::cmdlet::{ChangeOptions, Host};
use crate::error::{Result, ShellError};

/// The people of a preview so far.
#[derive(Default)]
pub(super) struct Judged {
    /// The names that they would have.
    names: HashSet<String>,
    /// The seats that they would take, and those that they lack, by product.
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
        if let Some(outcome) = &answer.license_outcome {
            let taken = Some(outcome).filter(|outcome| outcome.result() == OutcomeResult::Applied);
            count(&mut self.seats, taken);
            for product in lacking(outcome) {
                let wanted = self.seats.entry(product.to_owned()).or_default();
                *wanted = wanted.saturating_add(1);
            }
        }
        Ok(answer)
    }

    /// Says of each product how many seats they would take together, and how many are missing for that.
    pub(super) fn tell(self, host: Host<'_>, options: &ChangeOptions) -> Result<()> {
        if !options.what_if {
            return Ok(());
        }
        for (product, wanted) in self.seats {
            if let Some(pool) = pool(host, &product)? {
                host.session.console.note(&seats(&pool, wanted));
            }
        }
        Ok(())
    }
}

/// Products for which a licence would be refused that one seat more would give.
fn lacking(outcome: &Outcome) -> impl Iterator<Item = &str> {
    let causes = outcome.causes.iter();
    let causes = causes.filter(|cause| cause.reason() == ErrorReason::NoAvailableSeats);
    let fixes = causes.flat_map(|cause| &cause.fixes);
    fixes.filter_map(|fix| match &fix.action {
        Some(Action::BuySeats(seats)) => Some(seats.product.as_str()),
        _ => None,
    })
}

/// How many seats of one product people would take together.
fn seats(pool: &LicensePool, wanted: i64) -> String {
    let free = pool.available.max(0);
    let (product, before, total) = (&pool.part_number, pool.consumed, pool.total);
    let after = before.saturating_add(wanted.min(free));
    let mut line = format!("What if: {product} would go from {before} to {after} of {total} seats");
    let missing = wanted.saturating_sub(free);
    if missing > 0 {
        let product = quoted(product);
        line.push_str(&format!(
            "; {missing} missing, and as many people would be created without it: \
             New-Subscription {product} -Quantity {missing}"
        ));
    }
    line
}

fn pool(host: Host<'_>, product: &str) -> Result<Option<LicensePool>> {
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
    Ok(answer.license_pools.into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_that_are_missing_come_with_their_purchase() {
        let pool = LicensePool {
            part_number: "SPE_E3".into(),
            consumed: 7,
            total: 10,
            available: 3,
            ..LicensePool::default()
        };
        assert_eq!(
            seats(&pool, 3),
            "What if: SPE_E3 would go from 7 to 10 of 10 seats"
        );
        assert_eq!(
            seats(&pool, 5),
            "What if: SPE_E3 would go from 7 to 10 of 10 seats; 2 missing, and as many people would be created \
             without it: New-Subscription SPE_E3 -Quantity 2"
        );
    }
}
