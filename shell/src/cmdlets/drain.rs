//! A changing command's objects: whatever follows in the pipeline, all of its input is changed.

use std::cell::Cell;
use std::rc::Rc;

use usher_object::Value;

use super::refused::refused;
use crate::budget::counted;
use crate::cmdlet::{ChangeOptions, Host, Objects};
use crate::error::{Result, Severity};

/// Rows after which progress is told.
const PROGRESS_EVERY: u64 = 500;

/// Gives objects on; when nobody wants more of them, it takes the rest itself. Says how far it came when the user
/// stops it.
pub(crate) struct Drain<'a> {
    host: Host<'a>,
    options: ChangeOptions,
    rows: Objects<'a>,
    taken: u64,
    /// How many rows there will be, where that is known.
    total: Option<u64>,
    /// Rows that were sent and are not answered, where they are counted.
    under_way: Rc<Cell<usize>>,
    ended: bool,
}

/// How many items an iterator will give, where it is sure.
pub(crate) fn counted_ahead<I: Iterator + ?Sized>(items: &I) -> Option<u64> {
    let (least, most) = items.size_hint();
    (most == Some(least)).then(|| u64::try_from(least).unwrap_or(u64::MAX))
}

impl<'a> Drain<'a> {
    /// Rows that are changed as they are taken.
    pub(crate) fn new(
        host: Host<'a>,
        options: ChangeOptions,
        rows: impl Iterator<Item = Result<Value>> + 'a,
    ) -> Self {
        let total = counted_ahead(&rows);
        Self {
            host,
            options,
            rows: Box::new(rows),
            taken: 0,
            total,
            under_way: Rc::default(),
            ended: false,
        }
    }

    /// The same, with who counts the rows that are sent and not answered.
    pub(crate) fn counting(mut self, under_way: Rc<Cell<usize>>) -> Self {
        self.under_way = under_way;
        self
    }

    /// The same, with the number of rows that there will be.
    pub(crate) fn of(mut self, total: Option<u64>) -> Self {
        self.total = total;
        self
    }

    fn end(&mut self, stopped: bool) {
        self.ended = true;
        let (console, command) = (&self.host.session.console, self.options.command());
        console.progress(command, None, None);
        if stopped && !self.options.what_if {
            let under_way = match self.under_way.get() {
                0 => "what was under way may be done too".to_owned(),
                rows => {
                    let rows = counted(u64::try_from(rows).unwrap_or(u64::MAX), "more row");
                    format!("{rows} had been sent and may be done too")
                }
            };
            console.warn_at_end(&format!(
                "{command} was stopped after {}; {under_way}. Run it again to go on: rows that are done stay as they are",
                counted(self.taken, "row")
            ));
        }
    }

    /// A person who typed the line would take silence for success; a script that had nothing to do is well.
    fn tell_if_nobody(&self) {
        let session = self.host.session;
        if self.taken == 0 && session.at_prompt.get() {
            session.console.note_at_end(&format!(
                "{}: nothing came through the pipeline, so nothing was changed",
                self.options.command()
            ));
        }
    }

    /// An error of this stage or of one before it ends the work half way: the people before it are changed.
    fn fail(&mut self) {
        self.end(false);
        if self.taken > 0 && !self.options.what_if {
            self.host.session.console.warn_at_end(&format!(
                "{} went through {} before the error that follows; they stay as they are",
                self.options.command(),
                counted(self.taken, "row")
            ));
        }
    }
}

impl Iterator for Drain<'_> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.rows.next();
        match &row {
            Some(Ok(_)) => {
                self.taken += 1;
                if self.taken.is_multiple_of(PROGRESS_EVERY) {
                    self.host.session.console.progress(
                        self.options.command(),
                        Some(self.taken),
                        self.total,
                    );
                }
            }
            Some(Err(error)) if error.severity == Severity::Stopped => self.end(true),
            Some(Err(_)) => self.fail(),
            None => {
                self.end(false);
                self.tell_if_nobody();
            }
        }
        row
    }
}

impl Drop for Drain<'_> {
    fn drop(&mut self) {
        while !self.ended {
            if self.host.session.is_stopped() {
                return self.end(true);
            }
            // There is nobody left to throw to: the error is kept and told instead.
            if let Some(Err(error)) = self.next()
                && error.severity != Severity::Stopped
            {
                refused(self.host, error, self.options.command());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmdlet::{Call, bind};
    use crate::cmdlets::fixture::Fixture;
    use crate::cmdlets::users::SET_USER;
    use crate::error::ShellError;

    fn options(fixture: &Fixture) -> ChangeOptions {
        let args = bind(&SET_USER, Vec::new(), true, crate::clock::system).unwrap();
        ChangeOptions::of(&Call {
            cmdlet: &SET_USER,
            args,
            input: None,
            host: fixture.host(),
        })
    }

    #[test]
    fn rows_that_nobody_takes_are_changed_all_the_same() {
        let fixture = Fixture::new();
        let changed = Cell::new(0);
        let rows = (0..10).map(|row| {
            changed.set(changed.get() + 1);
            Ok(Value::Int(row))
        });
        let first = Drain::new(fixture.host(), options(&fixture), rows)
            .take(1)
            .count();
        assert_eq!((first, changed.get()), (1, 10));
    }

    #[test]
    fn an_error_ends_it_and_is_kept_if_nobody_sees_it() {
        let fixture = Fixture::new();
        let rows = (0..10).map(|row| {
            if row == 5 {
                Err(ShellError::new("GONE", "Gone"))
            } else {
                Ok(Value::Int(row))
            }
        });
        drop(Drain::new(fixture.host(), options(&fixture), rows));
        assert_eq!(fixture.session.errors().len(), 1);
        let rows = (0..10).map(|row| {
            if row == 5 {
                Err(ShellError::new("GONE", "Gone"))
            } else {
                Ok(Value::Int(row))
            }
        });
        let taken: Vec<_> = Drain::new(fixture.host(), options(&fixture), rows).collect();
        assert_eq!(taken.len(), 6);
        assert_eq!(fixture.session.errors().len(), 1);
        let told = fixture.told.lines.borrow().join("\n");
        assert!(
            told.contains("Set-User went through 5 rows before the error"),
            "{told}"
        );
    }

    #[test]
    fn at_the_prompt_nothing_to_change_is_said() {
        let fixture = Fixture::new();
        let told = || fixture.told.lines.borrow().join("\n");
        Drain::new(fixture.host(), options(&fixture), std::iter::empty()).count();
        assert_eq!(told(), "");
        fixture.session.at_prompt.set(true);
        Drain::new(fixture.host(), options(&fixture), std::iter::empty()).count();
        assert!(told().contains("nothing came through"), "{}", told());
    }

    #[test]
    fn what_is_known_ahead_is_counted_and_what_is_not_is_not() {
        assert_eq!(counted_ahead(&[1, 2, 3].iter().map(|n| n + 1)), Some(3));
        assert_eq!(counted_ahead(&[1, 2, 3].iter().filter(|n| **n > 1)), None);
    }

    #[test]
    fn a_stop_says_how_far_it_came() {
        let fixture = Fixture::new();
        let mut rows = Drain::new(
            fixture.host(),
            options(&fixture),
            (0..10).map(|row| Ok(Value::Int(row))),
        );
        assert_eq!(rows.by_ref().take(3).count(), 3);
        fixture
            .session
            .stop_flag()
            .store(true, std::sync::atomic::Ordering::Relaxed);
        drop(rows);
        let told = fixture.told.lines.borrow().join("\n");
        assert!(told.contains("stopped after 3 rows; what was"), "{told}");
    }
}
