//! Get-Date: a moment in time.

use usher_object::{Instant, Value};

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::error::{Result, ShellError};

/// Get-Date.
pub static GET_DATE: Cmdlet = Cmdlet {
    name: "Get-Date",
    synopsis: "Gives this moment, or the one that is named",
    description: "Moments are UTC. They compare, have .AddDays(n), .AddHours(n), .AddMinutes(n), .AddMonths(n), .Year, \
        .Month, .Day, .DayOfWeek, and a difference of two is a duration with .Days, .Hours, .Minutes, .Seconds and \
        .TotalDays. -Format takes the letters of strftime: %Y-%m-%d %H:%M.",
    params: &[
        Param::new("Date", Kind::Date, "The moment; now unless given").at(0),
        Param::new(
            "Format",
            Kind::Text,
            "Gives it as text in this form, %Y-%m-%d",
        ),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Always,
    examples: &[
        Example {
            line: "Get-User | Where-Object { $_.CreateTime -gt (Get-Date).AddDays(-30) } | Measure-Object",
            says: "How many people came within 30 days.",
        },
        Example {
            line: "Get-Date -Format '%Y-%m-%d'",
            says: "Today as text, for the name of a file.",
        },
        Example {
            line: "((Get-Date 2026-12-31) - (Get-Date 2026-01-01)).Days",
            says: "Days between two moments.",
        },
    ],
    related: &["Measure-Command", "Start-Sleep"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let moment = match call.args.date("Date") {
        Some(moment) => moment,
        None => (call.host.session.clock)(),
    };
    let value = match call.args.text("Format") {
        None => Value::Instant(moment),
        Some(form) => Value::text(formatted(moment, form)?),
    };
    Ok(Box::new(std::iter::once(Ok(value))))
}

fn formatted(moment: Instant, form: &str) -> Result<String> {
    use std::fmt::Write as _;
    let mut text = String::new();
    // Without one the letters would stand for themselves: yyyy-MM-dd.
    let written = moment
        .to_utc()
        .filter(|_| form.contains('%'))
        .map(|moment| write!(text, "{}", moment.format(form)));
    match written {
        Some(Ok(())) => Ok(text),
        _ => Err(ShellError::new(
            "ARGUMENT_INVALID",
            format!("-Format does not take `{form}`"),
        )
        .fix("Write it with the letters of strftime: %Y-%m-%d %H:%M:%S")),
    }
}
