//! Export-Html: objects as one page for a browser.

use std::io::Write;

use usher_object::Value;
use usher_object::format::{HtmlCell, html_page};

use super::export_csv::not_written;
use super::figures::{chart, drawn, figure};
use super::replace_file::Replacement;
use super::select_object::columns;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::Result;
use crate::files;

/// What is drawn.
const CHART: &str = "Chart";

/// Export-Html.
pub static EXPORT_HTML: Cmdlet = Cmdlet {
    name: "Export-Html",
    synopsis: "Writes objects as a page for a browser",
    description: "One file that needs nothing else, with a table and, with -Chart, bars or a line as Format-Chart has them; for light and dark screens and \
        for paper. The columns are those of Format-Table, or -Property.",
    params: &[
        Param::new("Path", Kind::Text, "The file")
            .at(0)
            .mandatory()
            .values(Values::Files),
        Param::new(
            "Title",
            Kind::Text,
            "Its heading; the name of the file unless given",
        ),
        Param::new(
            "Property",
            Kind::Properties,
            "Columns, wildcards, and calculated ones: Name={ block }",
        )
        .values(Values::Properties),
        Param::new(
            CHART,
            Kind::Properties,
            "Draws bars, or a line over time: the name or the date, the value, and perhaps how much there could be",
        )
        .values(Values::Properties),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-License | Export-Html seats.csv -Title Seats -Chart PartNumber, Consumed, Total",
            says: "The seats with bars of their use.",
        },
        Example {
            line: "Get-User -Unlicensed | Export-Html people.csv -Property DisplayName, Department",
            says: "A list to send around.",
        },
    ],
    related: &["Export-Csv", "Format-Chart"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let shown = call.args.text("Path").unwrap_or_default().to_owned();
    let path = files::reach(host.session, &shown)?;
    let title = call.args.text("Title").unwrap_or(&shown).to_owned();
    let (wanted, blocks) = columns(call.args.properties("Property"))?;
    let mut projection =
        (!wanted.is_empty()).then(|| usher_object::select::Projection::new(wanted));
    let selectors = match call.args.has(CHART) {
        true => drawn(&call, CHART)?,
        false => Vec::new(),
    };
    let mut heading: Vec<String> = Vec::new();
    let (mut rows, mut figures) = (Vec::new(), Vec::new());
    for item in call.take_input() {
        host.check()?;
        let item = item?;
        if !selectors.is_empty() {
            figures.push(figure(&selectors, host, &item)?);
        }
        let all = projection.is_some();
        let item = match &mut projection {
            Some(projection) => {
                projection.apply(&item, |column, item| match blocks.get(column) {
                    Some(Some(block)) => host.blocks.value(block, item),
                    _ => Ok(Value::Null),
                })?
            }
            None => item,
        };
        if heading.is_empty() {
            heading = names(&item, all);
        }
        rows.push(heading.iter().map(|name| cell(&item, name)).collect());
    }
    let made = format!("made {}", (host.session.clock)());
    let chart = (!figures.is_empty()).then(|| chart(figures));
    let page = html_page(&title, &made, &heading, &rows, chart.as_ref());
    let failed = |error: std::io::Error| not_written(&shown, &error);
    let mut file = Replacement::start(&path).map_err(failed)?;
    file.write_all(page.as_bytes()).map_err(failed)?;
    file.finish().map_err(failed)?;
    Ok(Box::new(std::iter::empty()))
}

/// The columns of the first object.
fn names(item: &Value, all: bool) -> Vec<String> {
    let Some(record) = item.as_record() else {
        return vec!["Value".to_owned()];
    };
    let shape = record.record_type();
    let properties = shape.properties();
    if all {
        return properties.iter().map(ToString::to_string).collect();
    }
    let columns = shape.columns();
    columns
        .into_iter()
        .filter_map(|place| properties.get(place))
        .map(ToString::to_string)
        .collect()
}

fn cell(item: &Value, column: &str) -> HtmlCell {
    let value = match item.as_record() {
        Some(record) => record.find(column).cloned().unwrap_or(Value::Null),
        None => item.clone(),
    };
    HtmlCell {
        text: value.display().to_string(),
        number: value.is_number(),
    }
}
