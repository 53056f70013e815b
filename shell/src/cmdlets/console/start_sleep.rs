//! Start-Sleep: waits.

use std::time::{Duration, Instant};

use usher_object::Value;
use usher_object::number::Number;

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::error::{Result, ShellError};

/// How often it is looked whether the person stopped it.
const POLL: Duration = Duration::from_millis(20);

/// Start-Sleep.
pub static START_SLEEP: Cmdlet = Cmdlet {
    name: "Start-Sleep",
    synopsis: "Waits",
    description: "Ctrl-C ends it at once, and the session's limit of time counts.",
    params: &[
        Param::new("Seconds", Kind::Any, "How long; a fraction is allowed").at(0),
        Param::new(
            "Milliseconds",
            Kind::Int,
            "How long, in thousandths of a second",
        ),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Start-Sleep 0.1",
            says: "A tenth of a second.",
        },
        Example {
            line: "Start-Sleep -Milliseconds 50",
            says: "Fifty thousandths.",
        },
    ],
    related: &["Get-Date", "Measure-Command"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let wanted = match call.args.int("Milliseconds") {
        Some(thousandths) => u64::try_from(thousandths).ok().map(Duration::from_millis),
        None => call.args.values("Seconds").first().and_then(seconds),
    };
    let wanted = wanted.ok_or_else(|| {
        ShellError::new(
            "ARGUMENT_INVALID",
            "Start-Sleep needs a number of seconds, 0 or more",
        )
        .fix("Start-Sleep 5")
    })?;
    let began = Instant::now();
    while let Some(left) = wanted
        .checked_sub(began.elapsed())
        .filter(|left| !left.is_zero())
    {
        call.host.session.look()?;
        std::thread::sleep(left.min(POLL));
    }
    Ok(Box::new(std::iter::empty()))
}

fn seconds(value: &Value) -> Option<Duration> {
    match value {
        Value::Int(whole) => u64::try_from(*whole).ok().map(Duration::from_secs),
        other => match Number::parse(&other.display())? {
            Number::Int(whole) => u64::try_from(whole).ok().map(Duration::from_secs),
            Number::Float(part) => Duration::try_from_secs_f64(part).ok(),
            Number::Decimal(part) => {
                let part: f64 = part.to_string().parse().ok()?;
                Duration::try_from_secs_f64(part).ok()
            }
        },
    }
}
