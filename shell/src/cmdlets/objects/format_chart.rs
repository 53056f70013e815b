//! Format-Chart: figures as bars.

use usher_object::Value;
use usher_object::format::bar_lines;

use super::figures::{PROPERTY, bar, drawn};
use super::stage::at_once;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::error::Result;

/// Format-Chart.
pub static FORMAT_CHART: Cmdlet = Cmdlet {
    name: "Format-Chart",
    synopsis: "Shows figures as bars",
    description: "A bar for each object, as wide as the window allows. With a third property the bar is a part of a \
        whole, as seats in use are of all seats; without one the longest bar is the measure of the others.",
    params: &[PROPERTY],
    effect: Effect::None,
    output: &["text"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-License | Format-Chart",
            says: "How many seats of each product are in use.",
        },
        Example {
            line: "Get-User | Group-Object Department | Sort-Object 'Count desc' | Format-Chart Name, Count",
            says: "The departments by size.",
        },
    ],
    related: &["Format-Table", "Export-Html", "Group-Object"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let selectors = drawn(&call, PROPERTY.name)?;
    let (host, input) = (call.host, call.take_input());
    Ok(at_once(move || {
        let mut bars = Vec::new();
        for item in input {
            host.check()?;
            bars.push(bar(&selectors, host, &item?)?);
        }
        let lines = bar_lines(&bars, host.session.width.get());
        Ok(lines.into_iter().map(Value::text).collect())
    }))
}
