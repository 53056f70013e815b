//! `Where-Object Prop -eq value` without a block.

use crate::error::Result;
use crate::operator::{Comparer, Operator};
use crate::property::Property;
use crate::value::Value;

/// A test of one property; without an operator, whether it counts as true.
pub struct SimpleFilter {
    property: Property,
    comparison: Option<(Operator, Value)>,
    comparer: Comparer,
}

impl SimpleFilter {
    /// Lets through what has a value that counts as true.
    pub fn truthy(property: Property) -> Self {
        Self {
            property,
            comparison: None,
            comparer: Comparer::new(),
        }
    }

    /// Lets through what compares like this.
    pub fn comparing(property: Property, operator: Operator, value: Value) -> Self {
        Self {
            property,
            comparison: Some((operator, value)),
            comparer: Comparer::new(),
        }
    }

    /// Whether the object passes.
    pub fn accepts(&self, item: &Value) -> Result<bool> {
        let value = self.property.of(item)?;
        match &self.comparison {
            Some((operator, wanted)) => self.comparer.apply(*operator, &value, wanted),
            None => Ok(value.is_truthy()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Record, RecordType};

    #[test]
    fn a_property_is_tested_by_operator_or_as_a_condition() {
        let user = RecordType::typed("User", &["Department", "Enabled"]);
        let sales = Record::new(&user, vec!["Sales".into(), true.into()]).into();
        let nobody = Record::new(&user, vec![]).into();
        let filter = SimpleFilter::comparing("department".into(), Operator::Eq, "SALES".into());
        assert_eq!(filter.accepts(&sales), Ok(true));
        assert_eq!(filter.accepts(&nobody), Ok(false));
        let enabled = SimpleFilter::truthy("Enabled".into());
        assert_eq!(enabled.accepts(&sales), Ok(true));
        assert_eq!(enabled.accepts(&nobody), Ok(false));
        let wrong = SimpleFilter::truthy("Enabeld".into())
            .accepts(&sales)
            .unwrap_err();
        assert_eq!(wrong.fix, "Did you mean `Enabled`?");
    }
}
