//! A changing command's objects: whatever follows in the pipeline, all of its input is changed.

use usher_object::Value;

use super::refused::refused;
use crate::cmdlet::{Host, Objects};
use crate::error::{Result, Severity};

/// Gives objects on; when nobody wants more of them, it takes the rest itself.
pub struct Drain<'a> {
    host: Host<'a>,
    rows: Objects<'a>,
    ended: bool,
}

impl<'a> Drain<'a> {
    /// Rows that are changed as they are taken.
    pub fn new(host: Host<'a>, rows: impl Iterator<Item = Result<Value>> + 'a) -> Self {
        Self { host, rows: Box::new(rows), ended: false }
    }
}

impl Iterator for Drain<'_> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.rows.next();
        self.ended = !matches!(row, Some(Ok(_)));
        row
    }
}

impl Drop for Drain<'_> {
    fn drop(&mut self) {
        while !self.ended && !self.host.session.is_stopped() {
            // There is nobody left to throw to: the error is kept and told instead.
            if let Some(Err(error)) = self.next()
                && error.severity != Severity::Stopped
            {
                refused(self.host, error, "A change that nobody waited for");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::cmdlets::fixture::Fixture;
    use crate::error::ShellError;

    #[test]
    fn rows_that_nobody_takes_are_changed_all_the_same() {
        let fixture = Fixture::new();
        let changed = Cell::new(0);
        let rows = (0..10).map(|row| {
            changed.set(changed.get() + 1);
            Ok(Value::Int(row))
        });
        let first = Drain::new(fixture.host(), rows).take(1).count();
        assert_eq!((first, changed.get()), (1, 10));
    }

    #[test]
    fn an_error_ends_it_and_is_kept_if_nobody_sees_it() {
        let fixture = Fixture::new();
        let rows = (0..10).map(|row| if row == 5 { Err(ShellError::new("GONE", "Gone")) } else { Ok(Value::Int(row)) });
        drop(Drain::new(fixture.host(), rows));
        assert_eq!(fixture.session.errors().len(), 1);
        let rows = (0..10).map(|row| if row == 5 { Err(ShellError::new("GONE", "Gone")) } else { Ok(Value::Int(row)) });
        let taken: Vec<_> = Drain::new(fixture.host(), rows).collect();
        assert_eq!(taken.len(), 6);
        assert_eq!(fixture.session.errors().len(), 1);
    }
}
