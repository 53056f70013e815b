//! Changes of licences over the bulk stream, and what became of each as an object of the pipeline.

use tonic::Request;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{
    ErrorReason, GetUserRequest, LicenseChange, Outcome, OutcomeResult, StreamLicenseChangesSummary,
};
use usher_object::Value;

use crate::client::{BulkAnswer, BulkOptions, LicenseStream, change_command};
use crate::cmdlet::{Call, ChangeOptions, Host, Objects, Targets};
use crate::cmdlets::{Drain, refused_row};
use crate::error::{Result, Severity, ShellError};
use crate::types;

/// Sends a change for each target.
pub(super) fn change<'a>(
    call: Call<'a>,
    targets: Targets<'a>,
    build: impl Fn(&Call<'a>, &Value, String) -> Result<LicenseChange> + 'a,
) -> Result<Objects<'a>> {
    let options = ChangeOptions::of(&call)?;
    let (host, verbose) = (call.host, options.verbose);
    let (name_of, single) = (targets.name_of(), targets.single);
    let changes = targets.items.map(move |item| {
        host.check()?;
        let item = item?;
        let user = name_of(&call, &item)?;
        let change = build(&call, &item, user)?;
        if verbose {
            host.session.console.note(&change_command(&change));
        }
        Ok(change)
    });
    let bulk = BulkOptions {
        reason: options.reason.clone(),
        request_id: options.request_id.clone(),
        validate_only: options.what_if,
        stop_at_first_failure: options.stop,
    };
    let stream = host
        .session
        .connection
        .license_stream(options.admit(host, changes)?, bulk);
    let outcomes = Outcomes {
        stream,
        host,
        options: options.clone(),
        single,
        applied: 0,
    };
    Ok(Box::new(Drain::new(host, options, outcomes)))
}

/// Outcomes as they come.
struct Outcomes<'a> {
    stream: LicenseStream<'a>,
    host: Host<'a>,
    options: ChangeOptions,
    single: bool,
    applied: u64,
}

impl Outcomes<'_> {
    fn row(&mut self, outcome: &Outcome) -> Result<Value> {
        match outcome.result() {
            OutcomeResult::Failed => return self.failed(outcome),
            OutcomeResult::Applied => self.applied += 1,
            _ => {}
        }
        if self.options.pass_thru && !self.options.what_if {
            return self.user_afterwards(outcome);
        }
        Ok(types::LICENSE_CHANGE.object(outcome))
    }

    fn failed(&self, outcome: &Outcome) -> Result<Value> {
        let row = types::LICENSE_CHANGE.object(outcome);
        let nobody = matches!(
            outcome.reason(),
            ErrorReason::UserNotFound | ErrorReason::AmbiguousName
        );
        if self.options.stop || (self.single && nobody) {
            let mut error = error_of(outcome, &row);
            if self.applied > 0 && !self.options.what_if {
                error.message = format!(
                    "{} ({} rows were applied before)",
                    error.message, self.applied
                );
            }
            return Err(error);
        }
        // A preview refuses nobody: what it shows is what would be.
        if !self.options.what_if {
            refused_row(self.host, row.clone());
        }
        Ok(row)
    }

    fn user_afterwards(&self, outcome: &Outcome) -> Result<Value> {
        let request = GetUserRequest {
            user: outcome.subject_id.clone(),
            read_time: None,
        };
        let answer = self.host.session.connection.call(|service| async move {
            Ok(UserServiceClient::new(service)
                .get_user(Request::new(request))
                .await?
                .into_inner())
        })?;
        Ok(answer
            .user
            .map_or(Value::Null, |user| types::USER.object(&user)))
    }

    fn end(&self, summary: &StreamLicenseChangesSummary) {
        if self.options.what_if {
            for line in preview(summary) {
                self.host.session.console.note(&line);
            }
        }
    }

    /// What is known about the rows when the service goes away; what a stop leaves is told by the drain.
    fn broken(&self, error: ShellError) -> ShellError {
        let unanswered = self.stream.unanswered();
        if error.severity == Severity::Service
            && !self.options.what_if
            && (self.applied > 0 || unanswered > 0)
        {
            self.host.session.console.warn(&format!(
                "{}: {} rows were applied; of {unanswered} more that were sent the outcome is not known. Run it again \
                 to go on: rows that are done stay as they are",
                self.options.command(),
                self.applied
            ));
        }
        error
    }
}

impl Iterator for Outcomes<'_> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.stream.next()? {
                Ok(BulkAnswer::Outcome(outcome)) => return Some(self.row(&outcome)),
                Ok(BulkAnswer::Summary(summary)) => self.end(&summary),
                Err(error) => return Some(Err(self.broken(error))),
            }
        }
    }
}

fn error_of(outcome: &Outcome, row: &Value) -> ShellError {
    let text = |name: &str| {
        row.property(name)
            .ok()
            .filter(|value| !value.is_null())
            .map(|value| value.to_string())
    };
    let message = text("Message").unwrap_or_else(|| "The change was refused".to_owned());
    let mut error =
        ShellError::new(outcome.reason().code(), message).target(outcome.subject.clone());
    error.fix = text("Fix");
    error
}

/// What a preview says about the rows as a whole.
fn preview(summary: &StreamLicenseChangesSummary) -> Vec<String> {
    let mut lines = vec![format!(
        "What if: {} would be applied, {} unchanged, {} waiting, {} refused; nothing was changed",
        summary.applied, summary.unchanged, summary.waiting, summary.failed
    )];
    lines.extend(summary.seats.iter().map(|seats| {
        let missing = match seats.missing {
            0 => String::new(),
            missing => format!("; {missing} missing"),
        };
        format!(
            "What if: {} would go from {} to {} of {} seats{missing}",
            seats.part_number, seats.consumed_before, seats.consumed_after, seats.total
        )
    }));
    lines
}

#[cfg(test)]
mod tests {
    use usher::v1::SeatSummary;

    use super::*;

    #[test]
    fn a_preview_tells_the_seats_before_and_after() {
        let summary = StreamLicenseChangesSummary {
            applied: 3,
            failed: 2,
            seats: vec![SeatSummary {
                part_number: "SPE_E3".into(),
                total: 10,
                consumed_before: 7,
                consumed_after: 10,
                missing: 2,
                ..SeatSummary::default()
            }],
            ..StreamLicenseChangesSummary::default()
        };
        assert_eq!(
            preview(&summary),
            [
                "What if: 3 would be applied, 0 unchanged, 0 waiting, 2 refused; nothing was changed",
                "What if: SPE_E3 would go from 7 to 10 of 10 seats; 2 missing",
            ]
        );
    }
}
