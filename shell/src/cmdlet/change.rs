//! What every changing command does with the parameters that they share: refuses when the session is read-only, counts
//! what it changes, and asks before more people are changed than the session allows.

use super::{Call, Host};
use crate::error::{Result, Severity, ShellError};

/// The shared parameters of a changing command, read.
#[derive(Clone, Debug)]
pub struct ChangeOptions {
    command: &'static str,
    /// What it changes, when it counts them.
    noun: &'static str,
    /// Ask the service what would happen, and change nothing.
    pub what_if: bool,
    /// Why, for the record.
    pub reason: String,
    /// Id of the request.
    pub request_id: String,
    /// Give the objects as they are afterwards.
    pub pass_thru: bool,
    /// Throw at the first refused row.
    pub stop: bool,
    /// Go on after who was named alone and is not there.
    pub go_on: bool,
    /// Tell each change as a command.
    pub verbose: bool,
    force: bool,
    confirm: bool,
}

impl ChangeOptions {
    /// Reads them.
    #[must_use]
    pub fn of(call: &Call<'_>) -> Self {
        let args = &call.args;
        Self {
            command: call.cmdlet.name,
            noun: "user",
            what_if: args.switch("WhatIf"),
            reason: args.text("Reason").unwrap_or_default().to_owned(),
            request_id: args.text("RequestId").unwrap_or_default().to_owned(),
            pass_thru: args.switch("PassThru"),
            stop: args.text("ErrorAction") == Some("Stop"),
            go_on: matches!(
                args.text("ErrorAction"),
                Some("Continue" | "SilentlyContinue")
            ),
            verbose: args.switch("Verbose"),
            force: args.switch("Force"),
            confirm: args.switch("Confirm"),
        }
    }

    /// Name of the command.
    #[must_use]
    pub fn command(&self) -> &'static str {
        self.command
    }

    /// The same, for a command that changes something else than users.
    #[must_use]
    pub fn about(mut self, noun: &'static str) -> Self {
        self.noun = noun;
        self
    }

    /// The same, only asking what would happen.
    #[must_use]
    pub fn as_what_if(&self) -> Self {
        Self {
            what_if: true,
            ..self.clone()
        }
    }

    /// Id of one row's request, where an id was given.
    pub fn row_request_id(&self, row: usize, single: bool) -> String {
        if self.request_id.is_empty() || single {
            self.request_id.clone()
        } else {
            format!("{}/{row}", self.request_id)
        }
    }

    /// Lets rows through that change people. Holds them back until more than the limit have been seen or the end, and
    /// asks before the first goes on. Each row counts against the writes of the session.
    pub fn admit<'a, T: 'a>(
        &self,
        host: Host<'a>,
        mut rows: impl Iterator<Item = Result<T>> + 'a,
    ) -> Result<Box<dyn Iterator<Item = Result<T>> + 'a>> {
        if self.what_if {
            return Ok(Box::new(rows));
        }
        let limit = host.session.people_limit.get();
        let mut held = Vec::new();
        while held.len() <= limit {
            let Some(row) = rows.next() else { break };
            held.push(Ok(row.map_err(|error| self.before_the_first(error))?));
        }
        self.ask(host, held.len(), limit)?;
        let rows = held.into_iter().chain(rows);
        Ok(Box::new(rows.map(move |row| {
            let row = row?;
            host.session.count_writes(1)?;
            Ok(row)
        })))
    }

    /// Who stops a command while it still reads its input wants to know that it changed nobody.
    fn before_the_first(&self, mut error: ShellError) -> ShellError {
        if error.severity == Severity::Stopped {
            error.message = format!("{} was stopped; nothing was changed", self.command);
        }
        error
    }

    /// Asks if it must for a change of this many people (or more, where the number is past the limit).
    pub fn ask(&self, host: Host<'_>, people: usize, limit: usize) -> Result<()> {
        let many = people > limit;
        if people == 0 || self.what_if || (self.force && !self.confirm) || !(many || self.confirm) {
            return Ok(());
        }
        let noun = self.noun;
        let number = match people {
            _ if many => format!("more than {limit} {noun}s"),
            1 => format!("1 {noun}"),
            few => format!("{few} {noun}s"),
        };
        self.confirmed(
            host,
            &if many {
                format!(
                    "{} has seen {number} to change so far, and there may be many more (-WhatIf counts them). Go on?",
                    self.command
                )
            } else {
                format!("{} changes {number}. Go on?", self.command)
            },
            &format!("change {number}"),
        )
    }

    /// Asks if `-Confirm` was given, for what is not about people.
    pub fn ask_once(&self, host: Host<'_>, what: &str) -> Result<()> {
        if !self.confirm || self.what_if {
            return Ok(());
        }
        self.confirmed(host, &format!("{}: {what}. Go on?", self.command), what)
    }

    /// Whether a change that cannot be undone has to be asked about.
    pub fn asks_always(&self) -> bool {
        !self.what_if && (!self.force || self.confirm)
    }

    /// Asks before what cannot be undone, and no more after it.
    pub fn ask_always(self, host: Host<'_>, would: &str) -> Result<Self> {
        let command = self.command;
        let question = format!("{command} would {would}; this cannot be undone. Go on?");
        self.confirmed(host, &question, would)?;
        Ok(Self {
            force: true,
            confirm: false,
            ..self
        })
    }

    fn confirmed(&self, host: Host<'_>, question: &str, would: &str) -> Result<()> {
        match host.session.console.confirm(question) {
            Some(true) => Ok(()),
            Some(false) => Err(ShellError::new(
                "NOT_CONFIRMED",
                format!("{} was not confirmed; nothing was changed", self.command),
            )),
            None => Err(ShellError::new(
                "CONFIRMATION_NEEDED",
                format!(
                    "{} would {would}, and nobody is there to confirm it",
                    self.command
                ),
            )
            .fix("Look at it with -WhatIf, then run it with -Force")),
        }
    }
}
