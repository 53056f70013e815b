//! Format-Chart: figures as bars, or as a line over time.

use usher_object::Value;

use super::figures::{PROPERTY, chart, drawn, figure, usual};
use super::stage::at_once;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::error::Result;

/// Format-Chart.
pub static FORMAT_CHART: Cmdlet = Cmdlet {
    name: "Format-Chart",
    synopsis: "Shows figures as bars, or as a line over time",
    description: "A bar for each object, as wide as the window allows. With a third property the bar is a part of a \
        whole, as seats in use are of all seats; without one the longest bar is the measure of the others. If the \
        first property is a date in every object, and there are two or more, a line is drawn from the first date to \
        the last, between the least and the greatest value; the third property is a broken line. Objects without a \
        value are passed over.",
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
        Example {
            line: r#"ConvertFrom-Csv "Day,Used\n2026-10-01,12\n2026-10-15,40\n2026-11-01,31" | Format-Chart Day, Used"#,
            says: "A line over time; Import-Csv gives the same of a file that Export-Csv -Append adds to each day.",
        },
        Example {
            line: "Get-AuditLog | Group-Object { $_.Time.Date } -NoElement | Format-Chart Name, Count",
            says: "How many changes there were each day.",
        },
    ],
    related: &["Format-Table", "Export-Html", "Export-Csv", "Group-Object"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let mut selectors = drawn(&call, PROPERTY.name)?;
    let (host, input) = (call.host, call.take_input());
    Ok(at_once(move || {
        let mut figures = Vec::new();
        for item in input {
            host.check()?;
            let item = item?;
            if selectors.is_empty() {
                selectors = usual(&item);
            }
            figures.push(figure(&selectors, host, &item)?);
        }
        let lines = chart(figures).lines(host.session.width.get());
        Ok(lines.into_iter().map(Value::text).collect())
    }))
}
