//! Measure-Object: count, sum, average, smallest and largest, with exact decimals.
//! Nothing and empty text are no values; text that reads as a number is one.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::compare::sort_order;
use crate::error::{ErrorCode, ObjectError, Result};
use crate::number::{Number, float_to_decimal};
use crate::record::{Record, RecordType};
use crate::value::Value;

/// Which figures are wanted beside the count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// The sum.
    pub sum: bool,
    /// The average.
    pub average: bool,
    /// The least value.
    pub minimum: bool,
    /// The greatest value.
    pub maximum: bool,
}

/// The figures of one property, one value at a time.
pub struct Measure {
    property: String,
    figures: Figures,
    count: usize,
    whole: i128,
    decimal: Decimal,
    /// Those floats that no decimal can hold.
    float: Option<f64>,
    has_decimal: bool,
    minimum: Option<Value>,
    maximum: Option<Value>,
}

impl Measure {
    /// Measures values said to be of `property`; empty when the objects themselves are measured.
    pub fn new(property: impl Into<String>, figures: Figures) -> Self {
        Self {
            property: property.into(),
            figures,
            count: 0,
            whole: 0,
            decimal: Decimal::ZERO,
            float: None,
            has_decimal: false,
            minimum: None,
            maximum: None,
        }
    }

    /// Takes one value; without a wanted figure it is only counted.
    pub fn push(&mut self, value: &Value) -> Result<()> {
        if value.is_null() || value.as_str() == Some("") {
            return Ok(());
        }
        self.count += 1;
        if self.figures == Figures::default() {
            return Ok(());
        }
        let value = as_number(value);
        if self.figures.sum || self.figures.average {
            self.add(&value)?;
        }
        if self.figures.minimum
            && self
                .minimum
                .as_ref()
                .is_none_or(|least| sort_order(&value, least).is_lt())
        {
            self.minimum = Some(value.clone());
        }
        if self.figures.maximum
            && self
                .maximum
                .as_ref()
                .is_none_or(|most| sort_order(&value, most).is_gt())
        {
            self.maximum = Some(value);
        }
        Ok(())
    }

    fn add(&mut self, value: &Value) -> Result<()> {
        let decimal = match value {
            Value::Int(number) => {
                self.whole = self
                    .whole
                    .checked_add(i128::from(*number))
                    .ok_or_else(|| self.too_large())?;
                return Ok(());
            }
            Value::Decimal(number) => *number,
            Value::Float(number) => match float_to_decimal(*number) {
                Some(decimal) => decimal,
                None => {
                    self.float = Some(self.float.unwrap_or(0.0) + number);
                    return Ok(());
                }
            },
            other => return Err(self.not_numeric(other)),
        };
        self.has_decimal = true;
        self.decimal = self
            .decimal
            .checked_add(decimal)
            .ok_or_else(|| self.too_large())?;
        Ok(())
    }

    fn sum(&self) -> Result<Value> {
        if let Some(float) = self.float {
            let exact = self.exact_sum()?.to_f64().ok_or_else(|| self.too_large())?;
            return Ok(Value::Float(float + exact));
        }
        if !self.has_decimal
            && let Ok(whole) = i64::try_from(self.whole)
        {
            return Ok(Value::Int(whole));
        }
        self.exact_sum().map(Value::Decimal)
    }

    fn exact_sum(&self) -> Result<Decimal> {
        Decimal::try_from_i128_with_scale(self.whole, 0)
            .ok()
            .and_then(|whole| whole.checked_add(self.decimal))
            .ok_or_else(|| self.too_large())
    }

    fn average(&self) -> Result<Value> {
        if self.count == 0 {
            return Ok(Value::Null);
        }
        let count = Decimal::from(self.count);
        if let Value::Float(sum) = self.sum()? {
            let count = count.to_f64().ok_or_else(|| self.too_large())?;
            return Ok(Value::Float(sum / count));
        }
        let average = self
            .exact_sum()?
            .checked_div(count)
            .ok_or_else(|| self.too_large())?;
        Ok(Value::Decimal(average.normalize()))
    }

    /// The row for this property.
    pub fn finish(self, record_type: &std::rc::Rc<RecordType>) -> Result<Record> {
        let sum = if self.figures.sum {
            self.sum()?
        } else {
            Value::Null
        };
        let average = if self.figures.average {
            self.average()?
        } else {
            Value::Null
        };
        let values = vec![
            (!self.property.is_empty()).then_some(self.property).into(),
            self.count.into(),
            sum,
            average,
            self.minimum.into(),
            self.maximum.into(),
        ];
        Ok(Record::new(record_type, values))
    }

    fn too_large(&self) -> ObjectError {
        ObjectError::new(
            ErrorCode::NumberTooLarge,
            format!(
                "The sum of `{}` is larger than a decimal can hold",
                self.property
            ),
            "Sum fewer or smaller values",
        )
    }

    fn not_numeric(&self, value: &Value) -> ObjectError {
        let place = match self.property.as_str() {
            "" => "an object".to_owned(),
            name => format!("the property `{name}`"),
        };
        ObjectError::new(
            ErrorCode::ValueNotNumeric,
            format!(
                "`{value}` ({}) in {place} is not a number",
                value.type_name()
            ),
            "Leave such objects out with Where-Object, or ask for -Minimum and -Maximum only",
        )
    }
}

/// The type of the rows: all figures, of which a table shows the wanted ones, and the property's
/// name unless the objects themselves are measured.
pub fn measure_type(figures: Figures, named: bool) -> std::rc::Rc<RecordType> {
    let names = ["Property", "Count", "Sum", "Average", "Minimum", "Maximum"];
    let wanted = [
        named,
        true,
        figures.sum,
        figures.average,
        figures.minimum,
        figures.maximum,
    ];
    let columns: Vec<&str> = names
        .into_iter()
        .zip(wanted)
        .filter_map(|(name, wanted)| wanted.then_some(name))
        .collect();
    RecordType::with_columns("Measure", &names, &columns)
}

fn as_number(value: &Value) -> Value {
    match value {
        Value::Text(text) => Number::parse(text).map_or_else(|| value.clone(), Value::from),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Figures = Figures {
        sum: true,
        average: true,
        minimum: true,
        maximum: true,
    };

    fn measured(figures: Figures, values: &[Value]) -> Result<String> {
        let mut measure = Measure::new("Price", figures);
        for value in values {
            measure.push(value)?;
        }
        Ok(Value::from(measure.finish(&measure_type(figures, true))?).to_string())
    }

    fn row(count: u8, sum: &str, average: &str, minimum: &str, maximum: &str) -> Result<String> {
        Ok(format!(
            "@{{Property=Price; Count={count}; Sum={sum}; Average={average}; Minimum={minimum}; Maximum={maximum}}}"
        ))
    }

    #[test]
    fn money_is_exact() {
        let cents = vec![Value::from(Decimal::new(10, 2)); 3];
        assert_eq!(measured(ALL, &cents), row(3, "0.30", "0.1", "0.10", "0.10"));
        let floats = [0.1.into(), 0.2.into()];
        assert_eq!(measured(ALL, &floats), row(2, "0.3", "0.15", "0.1", "0.2"));
    }

    #[test]
    fn csv_cells_are_numbers_and_empty_ones_do_not_count() {
        let cells = [
            "9".into(),
            "10".into(),
            "".into(),
            Value::Null,
            "2.5".into(),
        ];
        assert_eq!(
            measured(ALL, &cells),
            row(3, "21.5", "7.1666666666666666666666666667", "2.5", "10")
        );
    }

    #[test]
    fn whole_numbers_stay_whole_until_they_do_not_fit() {
        assert_eq!(
            measured(ALL, &[1.into(), 2.into()]),
            row(2, "3", "1.5", "1", "2")
        );
        let max = i64::MAX.to_string();
        let sum = "18446744073709551614";
        assert_eq!(
            measured(ALL, &[i64::MAX.into(), i64::MAX.into()]),
            row(2, sum, &max, &max, &max)
        );
    }

    #[test]
    fn what_no_decimal_holds_is_summed_as_float_or_refused() {
        assert_eq!(
            measured(ALL, &[1e300.into(), 1.into()]),
            row(2, "1e300", "5e299", "1", "1e300")
        );
        let error = measured(ALL, &[Decimal::MAX.into(), 1.into()]).unwrap_err();
        assert_eq!(error.code, ErrorCode::NumberTooLarge);
    }

    #[test]
    fn text_has_a_smallest_and_a_largest_but_no_sum() {
        let names = ["b".into(), "A".into(), "c".into()];
        let extremes = Figures {
            minimum: true,
            maximum: true,
            ..Figures::default()
        };
        assert_eq!(measured(extremes, &names), row(3, "", "", "A", "c"));
        let error = measured(ALL, &names).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`b` (text) in the property `Price` is not a number"
        );
        assert_eq!(measured(Figures::default(), &names), row(3, "", "", "", ""));
    }

    #[test]
    fn of_nothing_the_sum_is_zero_and_the_rest_nothing() {
        assert_eq!(measured(ALL, &[]), row(0, "0", "", "", ""));
    }

    #[test]
    fn a_table_shows_the_wanted_figures() {
        let wanted = Figures {
            sum: true,
            ..Figures::default()
        };
        assert_eq!(measure_type(wanted, true).columns(), [0, 1, 2]);
        assert_eq!(measure_type(wanted, false).columns(), [1, 2]);
    }
}
