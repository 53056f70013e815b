//! Which figures of objects are drawn: a name, a value, and how much there could be.

use usher_object::Value;
use usher_object::format::Bar;
use usher_object::number::Number;

use super::selector::Selector;
use crate::cmdlet::{Call, Host, Kind, Param, PropertySource, Values};
use crate::error::{Result, ShellError};

/// What is drawn: the name, the value, and the whole of it.
pub(super) const PROPERTY: Param = Param::new(
    "Property",
    Kind::Properties,
    "The name, the value, and how much there could be; PartNumber, Consumed, Total unless given",
)
.at(0)
.values(Values::Properties);

/// Of pools of seats.
const USUAL: [&str; 3] = ["PartNumber", "Consumed", "Total"];

/// The selectors of what is drawn.
pub(super) fn drawn(call: &Call<'_>, param: &str) -> Result<Vec<Selector>> {
    let given = call.args.properties(param);
    match given.len() {
        0 => Ok(USUAL.iter().map(|name| Selector::named(name)).collect()),
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

/// The bar of one object.
pub(super) fn bar(selectors: &[Selector], host: Host<'_>, item: &Value) -> Result<Bar> {
    let mut found = Vec::new();
    for selector in selectors {
        found.push(selector.value(host, item)?);
    }
    let name = found.first().map(|name| name.display().to_string());
    let name = name.unwrap_or_default();
    let figure = |value: &Value| {
        number(value).ok_or_else(|| {
            ShellError::new(
                "VALUE_NOT_NUMERIC",
                format!("`{}` of {name} is not a number", value.display()),
            )
            .fix("Draw a property that has numbers: Format-Chart Name, Count")
        })
    };
    Ok(Bar {
        value: figure(found.get(1).unwrap_or(&Value::Null))?,
        whole: found.get(2).map(figure).transpose()?,
        name,
    })
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(whole) => Some(*whole as f64),
        Value::Float(part) => Some(*part).filter(|part| part.is_finite()),
        Value::Null => Some(0.0),
        other => match Number::parse(&other.display())? {
            Number::Int(whole) => Some(whole as f64),
            Number::Float(part) => Some(part).filter(|part| part.is_finite()),
            Number::Decimal(part) => part.to_string().parse().ok(),
        },
    }
}
