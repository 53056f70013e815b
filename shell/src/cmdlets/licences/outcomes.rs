//! Changes of licences over the bulk stream, and what became of each as an object of the pipeline.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use tonic::Request;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{
    ErrorReason, GetUserRequest, LicenseChange, Outcome, OutcomeResult, SeatSummary,
    StreamLicenseChangesSummary,
};
use usher_object::Value;

use super::ALL_OR_NOTHING;
use crate::client::{BulkAnswer, BulkOptions, LicenseStream, change_command, quoted};
use crate::cmdlet::{Call, ChangeOptions, Host, Objects, Targets};
use crate::cmdlets::{
    Drain, alone, counted_ahead, names_nothing, nth_object, of_object, refused_row, remember_row,
    thrown,
};
use crate::error::{Result, Severity, ShellError};
use crate::types::{self, Changed};

/// Sends a change for each target.
pub(super) fn change<'a>(
    call: Call<'a>,
    targets: Targets<'a>,
    build: impl Fn(&Call<'a>, &Value, String) -> Result<LicenseChange> + 'a,
) -> Result<Objects<'a>> {
    let options = ChangeOptions::of(&call);
    let all_or_nothing = call.args.switch(ALL_OR_NOTHING.name);
    let total = counted_ahead(&targets.items);
    let (host, verbose) = (call.host, options.verbose);
    let (name_of, single) = (targets.name_of(), targets.single);
    let unsent = Unsent::default();
    // A row that names nobody is a refused row, and one of those refuses all that go together.
    let alone = single && !options.go_on;
    let throws = options.stop || all_or_nothing;
    let refused = unsent.clone();
    let mut row: usize = 0;
    let changes = targets.items.filter_map(move |item| {
        let change = (|| {
            host.check()?;
            let item = item?;
            let user = match name_of(&call, &item) {
                Err(error) if names_nothing(&error) && !alone => {
                    let error = match single {
                        true => error,
                        false => of_object(row, error),
                    };
                    if throws {
                        return Err(thrown(&nth_object(row), error));
                    }
                    refused.push((row, error));
                    return Ok(None);
                }
                user => user?,
            };
            build(&call, &item, user).map(Some)
        })();
        row += 1;
        if let (true, Ok(Some(change))) = (verbose, &change) {
            host.session.console.note(&change_command(change));
        }
        change.transpose()
    });
    let about = About {
        single,
        all_or_nothing,
        total,
        unsent,
    };
    send(host, options, changes, about)
}

/// Sends changes that stand already, all of them or none.
pub(super) fn change_together<'a>(
    call: &Call<'a>,
    changes: Vec<LicenseChange>,
) -> Result<Objects<'a>> {
    let options = ChangeOptions::of(call);
    if options.verbose {
        for change in &changes {
            call.host.session.console.note(&change_command(change));
        }
    }
    let about = About {
        single: false,
        all_or_nothing: true,
        total: u64::try_from(changes.len()).ok(),
        unsent: Unsent::default(),
    };
    send(call.host, options, changes.into_iter().map(Ok), about)
}

/// How the rows of one command belong together.
struct About {
    single: bool,
    all_or_nothing: bool,
    /// How many there are, where that is known.
    total: Option<u64>,
    unsent: Unsent,
}

/// Rows that name nobody, with their places among all rows.
#[derive(Clone, Default)]
struct Unsent {
    rows: Rc<RefCell<VecDeque<(usize, ShellError)>>>,
    /// How many there were.
    count: Rc<Cell<i64>>,
}

impl Unsent {
    fn push(&self, row: (usize, ShellError)) {
        self.rows.borrow_mut().push_back(row);
        self.count.set(self.count.get().saturating_add(1));
    }
}

fn send<'a>(
    host: Host<'a>,
    options: ChangeOptions,
    changes: impl Iterator<Item = Result<LicenseChange>> + 'a,
    about: About,
) -> Result<Objects<'a>> {
    let bulk = BulkOptions {
        reason: options.reason.clone(),
        request_id: options.request_id.clone(),
        validate_only: options.what_if,
        stop_at_first_failure: options.stop && !about.all_or_nothing,
        all_or_nothing: about.all_or_nothing,
    };
    let stream = host
        .session
        .connection
        .license_stream(options.admit(host, changes)?, bulk);
    let total = about.total;
    let under_way = Rc::default();
    let outcomes = Outcomes {
        stream,
        host,
        options: options.clone(),
        about,
        answered: None,
        row: 0,
        applied: 0,
        under_way: Rc::clone(&under_way),
    };
    let rows = Drain::new(host, options, outcomes);
    Ok(Box::new(rows.of(total).counting(under_way)))
}

/// Outcomes as they come.
struct Outcomes<'a> {
    stream: LicenseStream<'a>,
    host: Host<'a>,
    options: ChangeOptions,
    about: About,
    /// The next outcome of the service.
    answered: Option<Changed>,
    /// Place of the next row.
    row: i64,
    applied: u64,
    /// Rows that are sent and not answered.
    under_way: Rc<Cell<usize>>,
}

impl Outcomes<'_> {
    fn row(&mut self, mut changed: Changed) -> Result<Value> {
        changed.outcome.row = self.row;
        self.row += 1;
        match changed.outcome.result() {
            OutcomeResult::Failed => return self.failed(&changed),
            OutcomeResult::Applied => self.applied += 1,
            _ => {}
        }
        if self.options.pass_thru && !self.options.what_if {
            return self.user_afterwards(&changed.outcome);
        }
        Ok(types::LICENSE_CHANGE.object(&changed))
    }

    /// The row that stands next and was not sent, if the next one is such.
    fn next_unsent(&self) -> Option<Changed> {
        let mut unsent = self.about.unsent.rows.borrow_mut();
        if i64::try_from(unsent.front()?.0).is_ok_and(|next| next > self.row) {
            return None;
        }
        unsent.pop_front().map(|(_, error)| Changed::refused(error))
    }

    fn failed(&self, changed: &Changed) -> Result<Value> {
        let row = types::LICENSE_CHANGE.object(changed);
        let nobody = matches!(
            changed.outcome.reason(),
            ErrorReason::UserNotFound | ErrorReason::AmbiguousName
        );
        let mut error = changed
            .error()
            .unwrap_or_else(|| ShellError::new("INTERNAL", "The change was refused"));
        let innocent = changed.outcome.reason() == ErrorReason::OtherRowRefused;
        if self.about.single && nobody && !self.options.go_on {
            return Err(alone(self.host, &self.options, error));
        }
        if self.options.stop && !innocent {
            if self.applied > 0 && !self.options.what_if {
                error.message =
                    format!("{} ({} applied before)", error.message, were(self.applied));
            }
            return Err(error);
        }
        // Who is refused for another's sake is no error. A preview refuses nobody, so that it does not count; why somebody
        // would be refused can be looked up all the same.
        match (innocent, self.options.what_if) {
            (true, _) => {}
            (false, true) => remember_row(self.host, error, row.clone()),
            (false, false) => refused_row(self.host, error, row.clone()),
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
        let summary = &StreamLicenseChangesSummary {
            failed: summary.failed.saturating_add(self.about.unsent.count.get()),
            ..summary.clone()
        };
        let session = self.host.session;
        let command = self.options.command();
        if self.options.what_if {
            for line in preview(summary) {
                session.console.note_at_end(&line);
            }
            return;
        }
        if self.about.all_or_nothing && summary.failed > 0 {
            session.console.warn_at_end(&format!(
                "{command}: nothing was changed, because rows were refused and all go together"
            ));
        } else if !self.about.single && session.at_prompt.get() {
            let refused = match summary.failed {
                0 => "",
                _ => "; $Error has why",
            };
            let counts = counts(summary);
            session.console.note_at_end(&format!(
                "{command}: {} applied{counts}{refused}",
                summary.applied
            ));
        }
        if !self.about.single {
            for line in missing(summary) {
                session.console.warn_at_end(&format!("{command}: {line}"));
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
            self.host.session.console.warn_at_end(&format!(
                "{}: {} applied; of {unanswered} more that were sent the outcome is not known. Run it again \
                 to go on: rows that are done stay as they are",
                self.options.command(),
                were(self.applied)
            ));
        }
        error
    }
}

impl Iterator for Outcomes<'_> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(unsent) = self.next_unsent() {
                return Some(self.row(unsent));
            }
            if let Some(answered) = self.answered.take() {
                return Some(self.row(answered));
            }
            let answer = self.stream.next();
            self.under_way.set(self.stream.unanswered());
            let Some(answer) = answer else {
                let last = self.next_unsent()?;
                return Some(self.row(last));
            };
            // Reading on may have met rows that are not sent and stand before this one.
            match answer {
                Ok(BulkAnswer::Outcome(outcome)) => self.answered = Some((*outcome).into()),
                Ok(BulkAnswer::Summary(summary)) => self.end(&summary),
                Err(error) => return Some(Err(self.broken(error))),
            }
        }
    }
}

fn were(rows: u64) -> String {
    match rows {
        1 => "1 row was".to_owned(),
        rows => format!("{rows} rows were"),
    }
}

/// How many seats the refused rows lack in all: each row offers its own only.
fn missing(summary: &StreamLicenseChangesSummary) -> impl Iterator<Item = String> {
    let lacking = summary.seats.iter().filter(|seats| seats.missing > 0);
    lacking.map(|seats| {
        let (part, purchase) = (&seats.part_number, purchase(seats));
        match seats.missing {
            1 => format!("1 seat of {part} is missing: {purchase}, then run it again"),
            many => {
                format!("{many} seats of {part} are missing in all: {purchase}, then run it again")
            }
        }
    })
}

fn purchase(seats: &SeatSummary) -> String {
    format!(
        "New-Subscription {} -Quantity {}",
        quoted(&seats.part_number),
        seats.missing
    )
}

/// What became of the rows that were not applied, where there are such.
fn counts(summary: &StreamLicenseChangesSummary) -> String {
    [
        (summary.unchanged, "unchanged"),
        (summary.waiting, "waiting"),
        (summary.failed, "refused"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!(", {count} {what}"))
    .collect()
}

/// What a preview says about the rows as a whole.
fn preview(summary: &StreamLicenseChangesSummary) -> Vec<String> {
    let line = format!(
        "What if: {} would be applied{}; nothing was changed",
        summary.applied,
        counts(summary)
    );
    let mut lines = vec![line];
    lines.extend(summary.seats.iter().map(|seats| {
        let (part, before, after) = (
            &seats.part_number,
            seats.consumed_before,
            seats.consumed_after,
        );
        format!(
            "What if: {part} would go from {before} to {after} of {} seats",
            seats.total
        )
    }));
    lines.extend(missing(summary).map(|line| format!("What if: {line}")));
    lines
}

#[cfg(test)]
mod tests {
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
                "What if: 3 would be applied, 2 refused; nothing was changed",
                "What if: SPE_E3 would go from 7 to 10 of 10 seats",
                "What if: 2 seats of SPE_E3 are missing in all: New-Subscription SPE_E3 -Quantity 2, then run it again",
            ]
        );
        assert_eq!(
            missing(&summary).collect::<Vec<_>>(),
            [
                "2 seats of SPE_E3 are missing in all: New-Subscription SPE_E3 -Quantity 2, then run it again"
            ]
        );
    }
}
