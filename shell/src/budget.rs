//! What a script has used up of its limits: operations, time, memory. Each script and each line of the prompt begins anew.

use std::cell::Cell;
use std::time::Instant;

use crate::error::{Result, Severity, ShellError};
use crate::session::Limits;

const MIB: usize = 1024 * 1024;
/// Operations between two looks at the clock.
const LOOK_EVERY: u64 = 256;

/// Operations made and time taken so far.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    operations: Cell<u64>,
    started: Cell<Option<Instant>>,
}

impl Budget {
    /// Begins anew.
    pub(crate) fn begin(&self) {
        self.operations.set(0);
        self.started.set(Some(Instant::now()));
    }

    /// Counts one operation of the script or one object of a pipeline. Memory is looked at every time: text doubled a
    /// few times is more than a machine has.
    pub(crate) fn step(&self, limits: &Limits, allocated: usize) -> Result<()> {
        let operations = self.operations.get().saturating_add(1);
        self.operations.set(operations);
        if operations > limits.operations {
            return Err(over(
                format!(
                    "The script makes more than {}",
                    counted(limits.operations, "operation")
                ),
                "Do less in one script, or raise the limit with --max-operations",
            ));
        }
        memory(limits, allocated)?;
        if operations.is_multiple_of(LOOK_EVERY) {
            self.time(limits)?;
        }
        Ok(())
    }

    /// Looks at the clock and the memory without counting.
    pub(crate) fn look(&self, limits: &Limits, allocated: usize) -> Result<()> {
        memory(limits, allocated)?;
        self.time(limits)
    }

    fn time(&self, limits: &Limits) -> Result<()> {
        match self.started.get() {
            Some(started) if started.elapsed() > limits.time => Err(over(
                format!(
                    "The script runs for more than {}",
                    counted(limits.time.as_secs(), "second")
                ),
                "Do less in one script, or raise the limit with --max-time",
            )),
            _ => Ok(()),
        }
    }
}

fn memory(limits: &Limits, allocated: usize) -> Result<()> {
    if allocated <= limits.memory {
        return Ok(());
    }
    Err(over(
        format!(
            "The script holds more than {} MiB of memory",
            limits.memory / MIB
        ),
        "Keep less in variables: filter first, write rows out as they come (Export-Csv), or raise the limit with --max-memory",
    ))
}

fn over(message: String, fix: &str) -> ShellError {
    ShellError::new("LIMIT_EXCEEDED", message)
        .fix(fix)
        .severity(Severity::Limit)
}

/// A number with its noun: `1 row`, `2 rows`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_step_counts_and_looks_at_the_memory() {
        let limits = Limits {
            operations: 2,
            memory: 10 * MIB,
            ..Limits::default()
        };
        let budget = Budget::default();
        budget.begin();
        assert!(budget.step(&limits, 10 * MIB).is_ok());
        assert!(budget.step(&limits, 10 * MIB + 1).is_err());
        assert!(budget.step(&limits, 0).is_err());
        budget.begin();
        assert!(budget.step(&limits, 0).is_ok());
    }

    #[test]
    fn the_time_is_told_as_people_say_it() {
        let limits = Limits {
            time: Duration::ZERO,
            ..Limits::default()
        };
        let budget = Budget::default();
        budget.begin();
        std::thread::sleep(Duration::from_millis(1));
        let error = budget.look(&limits, 0).unwrap_err();
        assert_eq!(error.message, "The script runs for more than 0 seconds");
        assert_eq!(counted(1, "second"), "1 second");
    }
}
