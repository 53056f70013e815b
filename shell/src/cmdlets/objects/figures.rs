//! Which figures of objects are drawn, a name, a value, and how much there could be; and how: as bars, or over time.

use usher_object::format::{Bar, Chart, Line, Point};
use usher_object::number::Number;
use usher_object::{Instant, Value};

use super::selector::Selector;
use crate::cmdlet::{Call, Host, Kind, Param, PropertySource, Values};
use crate::error::{Result, ShellError};

/// What is drawn: the name, the value, and the whole of it.
pub(super) const PROPERTY: Param = Param::new(
    "Property",
    Kind::Properties,
    "The name or the date, the value, and how much there could be; PartNumber, Consumed, Total of seats and the first two of other objects unless given",
)
.at(0)
.values(Values::Properties);

/// Of pools of seats.
const USUAL: [&str; 3] = ["PartNumber", "Consumed", "Total"];

/// The selectors of what is drawn; none if it is not said.
pub(super) fn drawn(call: &Call<'_>, param: &str) -> Result<Vec<Selector>> {
    let given = call.args.properties(param);
    match given.len() {
        0 => Ok(Vec::new()),
        2 | 3 => Ok(given.iter().map(Selector::new).collect()),
        _ => {
            let name = given.first().map(|property| match &property.source {
                PropertySource::Name(name) => name.to_string(),
                PropertySource::Block(_) => "Name".to_owned(),
            });
            Err(ShellError::new(
                "ARGUMENT_INVALID",
                format!("-{param} takes a name and a value, and perhaps how much there could be"),
            )
            .fix(format!("-{param} {}, Count", name.unwrap_or_default())))
        }
    }
}

/// What is drawn of such an object if it is not said.
pub(super) fn usual(item: &Value) -> Vec<Selector> {
    let Some(record) = item.as_record() else {
        return USUAL.iter().map(|name| Selector::named(name)).collect();
    };
    let own: Vec<&str> = match record.find(USUAL[0]) {
        Some(_) => USUAL.to_vec(),
        None => record.iter().map(|(name, _)| name).take(2).collect(),
    };
    own.into_iter().map(Selector::named).collect()
}

/// What is drawn of one object.
pub(super) struct Figure {
    bar: Bar,
    /// When it was, if its name is a date.
    when: Option<Instant>,
    /// The value and the whole, where they are there: a bar without a value is empty, a line goes past it.
    value: Option<f64>,
    whole: Option<f64>,
}

/// A line where every name is a date, and bars otherwise.
pub(super) fn chart(figures: Vec<Figure>) -> Chart {
    if figures.len() > 1 && figures.iter().all(|figure| figure.when.is_some()) {
        let points = figures.iter().filter_map(|figure| {
            Some(Point {
                when: figure.when?,
                value: figure.value?,
                whole: figure.whole,
            })
        });
        if let Some(line) = Line::new(points.collect()) {
            return Chart::Line(line);
        }
    }
    Chart::Bars(figures.into_iter().map(|figure| figure.bar).collect())
}

/// What is drawn of one object.
pub(super) fn figure(selectors: &[Selector], host: Host<'_>, item: &Value) -> Result<Figure> {
    let mut found = Vec::new();
    for selector in selectors {
        found.push(selector.value(host, item)?);
    }
    let label = found.first().unwrap_or(&Value::Null);
    let when = match label {
        Value::Instant(moment) => Some(*moment),
        Value::Text(text) => Instant::parse(text),
        _ => None,
    };
    let name = label.display().to_string();
    let figure = |value: &Value| {
        number(value).ok_or_else(|| {
            ShellError::new(
                "VALUE_NOT_NUMERIC",
                format!("`{}` of {name} is not a number", value.display()),
            )
            .fix("Draw a property that has numbers: Format-Chart Name, Count")
        })
    };
    let value = found.get(1).unwrap_or(&Value::Null);
    let bar = Bar {
        value: figure(value)?,
        whole: found.get(2).map(figure).transpose()?,
        name,
    };
    Ok(Figure {
        when,
        value: (!is_missing(value)).then_some(bar.value),
        whole: bar.whole.filter(|_| !found.get(2).is_some_and(is_missing)),
        bar,
    })
}

/// An empty cell of a CSV file is a missing value.
fn is_missing(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn number(value: &Value) -> Option<f64> {
    match value {
        missing if is_missing(missing) => Some(0.0),
        Value::Int(whole) => Some(*whole as f64),
        Value::Float(part) => Some(*part).filter(|part| part.is_finite()),
        other => match Number::parse(&other.display())? {
            Number::Int(whole) => Some(whole as f64),
            Number::Float(part) => Some(part).filter(|part| part.is_finite()),
            Number::Decimal(part) => part.to_string().parse().ok(),
        },
    }
}
