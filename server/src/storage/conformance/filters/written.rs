//! A filter as somebody would write it.

use crate::filter::{Expr, Operator, Part, Value};

fn symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "eq",
        Operator::NotEqual => "ne",
        Operator::Greater => "gt",
        Operator::GreaterOrEqual => "ge",
        Operator::Less => "lt",
        Operator::LessOrEqual => "le",
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Text(text) => quoted(text),
        Value::Bool(flag) => flag.to_string(),
        Value::Id(id) => id.to_string(),
        Value::Instant(at) => chrono::DateTime::from_timestamp_micros(at.0)
            .unwrap()
            .to_rfc3339(),
        Value::Guest(true) => "'Guest'".to_owned(),
        Value::Guest(false) => "'Member'".to_owned(),
    }
}

/// The filter as somebody would write it.
pub(super) fn written(expr: &Expr) -> String {
    let joined = |all: &[Expr], with: &str| {
        let all: Vec<String> = all.iter().map(written).collect();
        format!("({})", all.join(with))
    };
    match expr {
        Expr::And(all) => joined(all, " and "),
        Expr::Or(all) => joined(all, " or "),
        Expr::Not(inner) => format!("not ({})", written(inner)),
        Expr::Compare {
            property,
            operator,
            value,
        } => {
            format!(
                "{} {} {}",
                property.name(),
                symbol(*operator),
                literal(value)
            )
        }
        Expr::In { property, values } => {
            let values: Vec<String> = values.iter().map(literal).collect();
            format!("{} in ({})", property.name(), values.join(", "))
        }
        Expr::Text {
            part,
            property,
            needle,
        } => {
            let part = match part {
                Part::Start => "startswith",
                Part::End => "endswith",
                Part::Anywhere => "contains",
            };
            format!("{part}({},{})", property.name(), quoted(needle))
        }
        Expr::HoldsProduct(id) => format!("assignedLicenses/any(x:x/skuId eq {id})"),
        Expr::HasPlan(id) => format!("assignedPlans/any(x:x/servicePlanId eq {id})"),
        Expr::LicenseState(state) => {
            format!("licenseAssignmentStates/any(x:x/state eq '{state:?}')")
        }
        Expr::Suspended(_) => "licenseAssignmentStates/any(x:x/state eq 'Suspended')".to_owned(),
        Expr::LicenseCount { operator, count } => {
            format!("assignedLicenses/$count {} {count}", symbol(*operator))
        }
    }
}
