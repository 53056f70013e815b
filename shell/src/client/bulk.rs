//! The bulk stream: changes go out a thousand a message while outcomes come back. One thread feeds and reads, so that
//! blocks of the script can be run for each change; neither side can wait for the other for ever.

use std::collections::VecDeque;
use std::rc::Rc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Status};
use usher::MAX_ROWS_PER_MESSAGE;
use usher::v1::batch_service_client::BatchServiceClient;
use usher::v1::{
    LicenseChange, Outcome, StreamLicenseChangesOptions, StreamLicenseChangesRequest,
    StreamLicenseChangesResponse, StreamLicenseChangesSummary,
};

use super::Connection;
use crate::budget::counted;
use crate::error::{Result, ShellError};

/// Rows sent ahead of their answers; bounds what may still be applied after Ctrl-C.
const ROWS_AHEAD: usize = 4 * MAX_ROWS_PER_MESSAGE;
/// Messages waiting on either side.
const MESSAGES: usize = 4;

/// How to treat the rows.
#[derive(Clone, Debug, Default)]
pub struct BulkOptions {
    /// Why, for the record.
    pub reason: String,
    /// Id of the whole stream.
    pub request_id: String,
    /// Judge all rows as one plan, change nothing.
    pub validate_only: bool,
    /// Stop at the first row that fails.
    pub stop_at_first_failure: bool,
    /// All rows or none.
    pub all_or_nothing: bool,
}

/// What comes back.
#[derive(Clone, Debug)]
pub enum BulkAnswer {
    /// The next row's outcome.
    Outcome(Box<Outcome>),
    /// The stream as a whole; last.
    Summary(StreamLicenseChangesSummary),
}

type Message = std::result::Result<StreamLicenseChangesResponse, Status>;

/// Outcomes in the order of the changes, then the summary.
pub struct LicenseStream<'a> {
    connection: &'a Connection,
    changes: Box<dyn Iterator<Item = Result<LicenseChange>> + 'a>,
    /// Options of the first message; `None` once sent.
    options: Option<BulkOptions>,
    rows_ahead: usize,
    /// Rows are changed, not only judged.
    commits: bool,
    requests: Option<mpsc::Sender<StreamLicenseChangesRequest>>,
    answers: Option<mpsc::Receiver<Message>>,
    /// The call itself.
    call: Option<JoinHandle<()>>,
    ready: VecDeque<BulkAnswer>,
    sent: usize,
    answered: usize,
    /// What the input ended with, to be told after the rows before it.
    broken: Option<ShellError>,
}

impl Connection {
    /// Sends changes over one stream; begins with the first `next`.
    pub fn license_stream<'a>(
        &'a self,
        changes: impl Iterator<Item = Result<LicenseChange>> + 'a,
        options: BulkOptions,
    ) -> LicenseStream<'a> {
        // What is judged over all rows is answered when all have been seen, so nothing may wait for an answer.
        let rows_ahead = if options.validate_only || options.all_or_nothing {
            usize::MAX
        } else {
            ROWS_AHEAD
        };
        LicenseStream {
            connection: self,
            changes: Box::new(changes),
            commits: !options.validate_only,
            options: Some(options),
            rows_ahead,
            requests: None,
            answers: None,
            call: None,
            ready: VecDeque::new(),
            sent: 0,
            answered: 0,
            broken: None,
        }
    }
}

enum Event {
    Sent,
    Closed,
    Answer(Option<Message>),
}

impl LicenseStream<'_> {
    /// Rows sent whose outcome is not known yet.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        self.sent.saturating_sub(self.answered)
    }

    fn open(&mut self) -> Result<()> {
        let service = self.connection.service()?;
        let (requests, outgoing) = mpsc::channel(MESSAGES);
        let (incoming, answers) = mpsc::channel(MESSAGES);
        let call = self.connection.runtime()?.spawn(async move {
            let mut client = BatchServiceClient::new(service)
                .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
            let opened = client
                .stream_license_changes(Request::new(ReceiverStream::new(outgoing)))
                .await;
            let mut stream = match opened {
                Ok(response) => response.into_inner(),
                Err(status) => {
                    let _ = incoming.send(Err(status)).await;
                    return;
                }
            };
            while let Some(message) = stream.message().await.transpose() {
                let failed = message.is_err();
                if incoming.send(message).await.is_err() || failed {
                    return;
                }
            }
        });
        self.call = Some(call);
        self.requests = Some(requests);
        self.answers = Some(answers);
        Ok(())
    }

    fn take_chunk(&mut self) -> (Vec<LicenseChange>, bool) {
        let mut chunk = Vec::new();
        while chunk.len() < MAX_ROWS_PER_MESSAGE {
            match self.changes.next() {
                Some(Ok(change)) => chunk.push(change),
                Some(Err(error)) => {
                    self.broken = Some(error);
                    return (chunk, true);
                }
                None => return (chunk, true),
            }
        }
        (chunk, false)
    }

    /// Sends the next rows, taking answers meanwhile.
    fn send_next(&mut self) -> Result<()> {
        let (changes, last) = self.take_chunk();
        let options = self
            .options
            .take()
            .map(|options| StreamLicenseChangesOptions {
                reason: options.reason,
                request_id: options.request_id,
                validate_only: options.validate_only,
                stop_at_first_failure: options.stop_at_first_failure,
                all_or_nothing: options.all_or_nothing,
            });
        let rows = changes.len();
        if let (Some(requests), true) = (self.requests.clone(), rows > 0 || options.is_some()) {
            let message = StreamLicenseChangesRequest { options, changes };
            let mut message = Some(message);
            while message.is_some() {
                match self.event(Some((&requests, &mut message)))? {
                    Event::Sent => self.sent += rows,
                    // The service ended the stream; its last words say why.
                    Event::Closed => {
                        self.requests = None;
                        return Ok(());
                    }
                    Event::Answer(answer) => self.take(answer)?,
                }
            }
        }
        if last {
            self.requests = None;
        }
        Ok(())
    }

    /// Waits for an answer or, with a message to send, for room to send it.
    fn event(
        &mut self,
        message: Option<(
            &mpsc::Sender<StreamLicenseChangesRequest>,
            &mut Option<StreamLicenseChangesRequest>,
        )>,
    ) -> Result<Event> {
        let Some(answers) = self.answers.as_mut() else {
            return Ok(Event::Closed);
        };
        self.connection.wait(async {
            let Some((requests, message)) = message else {
                return Event::Answer(answers.recv().await);
            };
            tokio::select! {
                room = requests.reserve() => match (room, message.take()) {
                    (Ok(room), Some(message)) => {
                        room.send(message);
                        Event::Sent
                    }
                    _ => Event::Closed,
                },
                answer = answers.recv() => Event::Answer(answer),
            }
        })
    }

    fn take(&mut self, answer: Option<Message>) -> Result<()> {
        match answer {
            Some(Ok(message)) => {
                self.answered += message.outcomes.len();
                self.ready.extend(
                    message
                        .outcomes
                        .into_iter()
                        .map(|outcome| BulkAnswer::Outcome(Box::new(outcome))),
                );
                self.ready.extend(message.summary.map(BulkAnswer::Summary));
                Ok(())
            }
            Some(Err(status)) => {
                self.close();
                let error = self.connection.error_of(&status);
                Err(match self.unanswered() {
                    rows if rows > 0 && self.commits && error.code == "UNAVAILABLE" => {
                        unanswered(error, rows)
                    }
                    _ => error,
                })
            }
            None => {
                self.close();
                Ok(())
            }
        }
    }

    fn close(&mut self) {
        self.break_off();
        self.requests = None;
        self.answers = None;
    }

    /// Ends a call whose rows have not all been sent. If its stream merely ended, the service would take the rows
    /// sent so far for all there are.
    fn break_off(&mut self) {
        let live = self.connection.live.borrow().as_ref().map(Rc::clone);
        let (Some(call), Some(live), Some(_)) = (self.call.take(), live, &self.requests) else {
            return;
        };
        call.abort();
        // It ends with nothing but that it was aborted.
        let _ = live.handle.block_on(call);
    }

    /// Rows that go together are read to the end before the first is sent: the service would take a beginning for all.
    fn read_together(&mut self) -> Result<()> {
        if self
            .options
            .as_ref()
            .is_some_and(|options| options.all_or_nothing)
        {
            let changes: Vec<_> = self.changes.by_ref().collect::<Result<_>>()?;
            self.changes = Box::new(changes.into_iter().map(Ok));
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<()> {
        if self.options.is_some() {
            self.read_together()?;
            self.open()?;
        }
        if self.requests.is_some() && self.unanswered() < self.rows_ahead {
            return self.send_next();
        }
        match self.event(None)? {
            Event::Answer(answer) => self.take(answer),
            Event::Sent | Event::Closed => Ok(()),
        }
    }
}

/// What is known of rows that were sent when the connection broke.
fn unanswered(mut error: ShellError, rows: usize) -> ShellError {
    let rows = counted(u64::try_from(rows).unwrap_or(u64::MAX), "row");
    error.message = format!(
        "{}; {rows} were under way and may be done or not",
        error.message
    );
    error.fix("Run it again when the service is back: rows that are done stay as they are")
}

impl Drop for LicenseStream<'_> {
    fn drop(&mut self) {
        self.close();
    }
}

impl Iterator for LicenseStream<'_> {
    type Item = Result<BulkAnswer>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(answer) = self.ready.pop_front() {
                return Some(Ok(answer));
            }
            if self.options.is_none() && self.answers.is_none() {
                return self.broken.take().map(Err);
            }
            if let Err(error) = self.advance() {
                self.close();
                self.options = None;
                self.broken = None;
                return Some(Err(error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;
    use std::time::Duration;

    use super::*;
    use crate::cmdlets::fixture::Fixture;
    use crate::cmdlets::stock::{ADELE, int, stock, stocked};
    use crate::cmdlets::test_server::TestServer;

    /// Longer than the service takes for a row.
    const PAUSE: Duration = Duration::from_millis(300);

    /// Sends the first of the rows that go together; answers how many licences that came to once it broke off.
    fn begun_and_left(fixture: &Fixture) -> i64 {
        let connection = &fixture.session.connection;
        let options = BulkOptions {
            all_or_nothing: true,
            ..BulkOptions::default()
        };
        let mut stream = connection.license_stream(std::iter::empty(), options);
        stream.open().unwrap();
        stream.options = None;
        let message = StreamLicenseChangesRequest {
            options: Some(StreamLicenseChangesOptions {
                all_or_nothing: true,
                ..StreamLicenseChangesOptions::default()
            }),
            changes: vec![LicenseChange {
                user: ADELE.to_owned(),
                add: vec!["SPE_E3".to_owned()],
                ..LicenseChange::default()
            }],
        };
        let requests = stream.requests.clone().unwrap();
        requests.blocking_send(message).unwrap();
        drop(requests);
        sleep(PAUSE);
        drop(stream);
        sleep(PAUSE);
        let pool = fixture.run("Get-License", &[("", "SPE_E3".into())], None);
        int(&pool.unwrap()[0], "Consumed")
    }

    #[test]
    fn a_beginning_of_what_goes_together_is_not_taken_for_the_whole() {
        assert_eq!(begun_and_left(&stocked()), 0);
        let folder = tempfile::tempdir().unwrap();
        let server = TestServer::start(folder.path());
        let remote = Fixture::new();
        remote.session.connection.change(server.way()).unwrap();
        stock(&remote);
        assert_eq!(begun_and_left(&remote), 0);
    }
}
