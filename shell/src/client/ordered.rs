//! Many single calls with several under way at once, answered in the order in which they were sent. Two calls about
//! the same thing are never under way together, so that the later one also comes later.

use std::collections::VecDeque;
use std::pin::Pin;

use tokio::task::JoinHandle;
use tonic::Status;

use super::{Connection, Service};
use crate::error::{Result, Severity, ShellError};

/// Calls under way at once: enough for the service to commit many together.
const UNDER_WAY: usize = 64;

type Answer<T> = std::result::Result<T, Status>;
type Call<T> = Box<dyn FnOnce(Service) -> Pin<Box<dyn Future<Output = Answer<T>> + Send>>>;

/// One call to send.
pub struct Sent<T> {
    /// What it is about: a user, a product; calls about the same wait for each other.
    pub about: String,
    /// The call, or why it is not made.
    pub call: Result<Call<T>>,
}

impl<T> Sent<T> {
    /// A call about something.
    pub fn new<Fut>(about: impl Into<String>, call: impl FnOnce(Service) -> Fut + 'static) -> Self
    where
        Fut: Future<Output = Answer<T>> + Send + 'static,
    {
        Self {
            about: about.into(),
            call: Ok(Box::new(move |service| Box::pin(call(service)))),
        }
    }

    /// A call that cannot be made: it is answered with the error, in its place in the order.
    pub fn refused(about: impl Into<String>, error: ShellError) -> Self {
        Self {
            about: about.into(),
            call: Err(error),
        }
    }
}

/// One call answered.
pub struct Answered<T> {
    /// What it was about.
    pub about: String,
    /// The answer, or why this one was refused. A service that is gone is an error of the whole instead.
    pub answer: Result<T>,
}

enum UnderWay<T> {
    Call(JoinHandle<Answer<T>>),
    Refused(ShellError),
}

/// Answers in the order of the calls.
pub struct Ordered<'a, T> {
    connection: &'a Connection,
    calls: Box<dyn Iterator<Item = Result<Sent<T>>> + 'a>,
    under_way: VecDeque<(String, UnderWay<T>)>,
    /// A call that waits for an earlier one about the same.
    held: Option<Sent<T>>,
    /// Calls under way at once, at most.
    most: usize,
    /// Set when no more calls are taken: the end, or the error that ended them.
    ended: Option<Result<()>>,
}

impl Connection {
    /// Sends calls, several at once.
    pub fn ordered<'a, T: Send + 'static>(
        &'a self,
        calls: impl Iterator<Item = Result<Sent<T>>> + 'a,
    ) -> Ordered<'a, T> {
        Ordered {
            connection: self,
            calls: Box::new(calls),
            under_way: VecDeque::new(),
            held: None,
            most: UNDER_WAY,
            ended: None,
        }
    }
}

impl<T> Ordered<'_, T> {
    /// One call after the other, if they take what may run out: the first in the list comes first to it.
    #[must_use]
    pub fn in_turn(mut self, in_turn: bool) -> Self {
        if in_turn {
            self.most = 1;
        }
        self
    }
}

impl<T: Send + 'static> Ordered<'_, T> {
    fn fill(&mut self) -> Result<()> {
        while self.under_way.len() < self.most {
            let sent = match self.held.take() {
                Some(held) => held,
                None if self.ended.is_some() => break,
                None => match self.calls.next() {
                    Some(Ok(sent)) => sent,
                    Some(Err(error)) => {
                        self.ended = Some(Err(error));
                        break;
                    }
                    None => {
                        self.ended = Some(Ok(()));
                        break;
                    }
                },
            };
            if self
                .under_way
                .iter()
                .any(|(about, _)| about.eq_ignore_ascii_case(&sent.about))
            {
                self.held = Some(sent);
                break;
            }
            let under_way = match sent.call {
                Ok(call) => {
                    let call = call(self.connection.service()?);
                    UnderWay::Call(self.connection.runtime()?.spawn(call))
                }
                Err(error) => UnderWay::Refused(error),
            };
            self.under_way.push_back((sent.about, under_way));
        }
        Ok(())
    }

    fn answer(&mut self, about: String, task: UnderWay<T>) -> Result<Answered<T>> {
        let task = match task {
            UnderWay::Call(task) => task,
            UnderWay::Refused(error) => {
                return Ok(Answered {
                    about,
                    answer: Err(error),
                });
            }
        };
        let answer = self
            .connection
            .wait(task)?
            .map_err(|error| ShellError::new("INTERNAL", format!("The call broke off: {error}")))?
            .map_err(|status| self.connection.error_of(&status));
        match answer {
            Err(error) if error.severity != Severity::Script => Err(error),
            answer => Ok(Answered { about, answer }),
        }
    }
}

impl<T: Send + 'static> Iterator for Ordered<'_, T> {
    type Item = Result<Answered<T>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.fill() {
            self.ended = Some(Ok(()));
            return Some(Err(error));
        }
        if let Some((about, task)) = self.under_way.pop_front() {
            let answered = self.answer(about, task);
            if answered.is_err() {
                self.ended = Some(Ok(()));
                self.held = None;
            }
            return Some(answered);
        }
        match self.ended.replace(Ok(()))? {
            Ok(()) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

impl<T> Drop for Ordered<'_, T> {
    fn drop(&mut self) {
        for (_, under_way) in self.under_way.drain(..) {
            if let UnderWay::Call(task) = under_way {
                task.abort();
            }
        }
    }
}
