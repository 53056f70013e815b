//! The comparison operators by name, for expressions and for `Where-Object Prop -eq value`.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::compare::{equals, order};
use crate::error::Result;
use crate::pattern::{Expression, Wildcard};
use crate::value::Value;

/// Compiled patterns that are kept; a block rarely uses more.
const PATTERNS_KEPT: usize = 16;

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Fits a wildcard.
    Like,
    /// Does not fit a wildcard.
    NotLike,
    /// Matches an expression.
    Match,
    /// Does not match an expression.
    NotMatch,
    /// Is an item of a list.
    In,
    /// Is no item of a list.
    NotIn,
    /// Has an item.
    Contains,
    /// Does not have an item.
    NotContains,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 14] = [
        Self::Eq,
        Self::Ne,
        Self::Gt,
        Self::Ge,
        Self::Lt,
        Self::Le,
        Self::Like,
        Self::NotLike,
        Self::Match,
        Self::NotMatch,
        Self::In,
        Self::NotIn,
        Self::Contains,
        Self::NotContains,
    ];

    /// The name without its dash.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Like => "like",
            Self::NotLike => "notlike",
            Self::Match => "match",
            Self::NotMatch => "notmatch",
            Self::In => "in",
            Self::NotIn => "notin",
            Self::Contains => "contains",
            Self::NotContains => "notcontains",
        }
    }

    /// Reads a name with or without its dash, whatever the case.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.strip_prefix('-').unwrap_or(name);
        Self::ALL
            .into_iter()
            .find(|operator| operator.name().eq_ignore_ascii_case(name))
    }
}

/// Applies operators; keeps the patterns that it compiled for the next object.
#[derive(Default)]
pub struct Comparer {
    patterns: RefCell<VecDeque<(Rc<str>, Pattern)>>,
}

#[derive(Clone)]
enum Pattern {
    Wildcard(Rc<Wildcard>),
    Expression(Rc<Expression>),
}

impl Comparer {
    /// Without any pattern yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether `left operator right` holds; values without an order, and bad patterns, are errors.
    pub fn apply(&self, operator: Operator, left: &Value, right: &Value) -> Result<bool> {
        Ok(match operator {
            Operator::Eq => equals(left, right),
            Operator::Ne => !equals(left, right),
            Operator::Gt => order(left, right)?.is_gt(),
            Operator::Ge => order(left, right)?.is_ge(),
            Operator::Lt => order(left, right)?.is_lt(),
            Operator::Le => order(left, right)?.is_le(),
            Operator::Like => self.fits(left, right, false)?,
            Operator::NotLike => !self.fits(left, right, false)?,
            Operator::Match => self.fits(left, right, true)?,
            Operator::NotMatch => !self.fits(left, right, true)?,
            Operator::In => contains(right, left),
            Operator::NotIn => !contains(right, left),
            Operator::Contains => contains(left, right),
            Operator::NotContains => !contains(left, right),
        })
    }

    fn fits(&self, left: &Value, pattern: &Value, expression: bool) -> Result<bool> {
        let pattern = self.pattern(&pattern.display(), expression)?;
        let fits = |value: &Value| match &pattern {
            Pattern::Wildcard(wildcard) => wildcard.matches(&value.display()),
            Pattern::Expression(expression) => expression.matches(&value.display()),
        };
        Ok(match left {
            Value::List(items) => items.iter().any(fits),
            single => fits(single),
        })
    }

    fn pattern(&self, text: &Rc<str>, expression: bool) -> Result<Pattern> {
        let mut kept = self.patterns.borrow_mut();
        let known = kept.iter().find(|(source, pattern)| {
            source == text && matches!(pattern, Pattern::Expression(_)) == expression
        });
        if let Some((_, pattern)) = known {
            return Ok(pattern.clone());
        }
        let pattern = if expression {
            Pattern::Expression(Rc::new(Expression::parse(text)?))
        } else {
            Pattern::Wildcard(Rc::new(Wildcard::parse(text)?))
        };
        if kept.len() == PATTERNS_KEPT {
            kept.pop_front();
        }
        kept.push_back((Rc::clone(text), pattern.clone()));
        Ok(pattern)
    }
}

/// Whether a list has an item, or a single value is it; nothing contains nothing.
fn contains(list: &Value, item: &Value) -> bool {
    match list {
        Value::List(items) => items.iter().any(|known| equals(known, item)),
        Value::Null => false,
        single => equals(single, item),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(left: impl Into<Value>, operator: &str, right: impl Into<Value>) -> bool {
        let operator = Operator::parse(operator).unwrap();
        Comparer::new()
            .apply(operator, &left.into(), &right.into())
            .unwrap()
    }

    #[test]
    fn each_operator_and_its_opposite() {
        let list = || Value::list(["EU".into(), "US".into()]);
        assert!(holds("a", "-EQ", "A") && !holds("a", "ne", "A"));
        assert!(holds(2, "gt", 1) && holds(2, "ge", 2) && holds(1, "lt", 2) && holds(2, "le", 2));
        assert!(
            !holds(2, "gt", 2) && !holds(1, "ge", 2) && !holds(2, "lt", 2) && !holds(3, "le", 2)
        );
        assert!(holds("Contoso", "like", "con*") && !holds("Contoso", "notlike", "con*"));
        assert!(holds("Contoso", "match", "^c.*o$") && !holds("Contoso", "notmatch", "TOS"));
        assert!(holds("eu", "in", list()) && !holds("eu", "notin", list()));
        assert!(holds(list(), "contains", "us") && !holds(list(), "notcontains", "us"));
        assert!(!holds(Value::Null, "contains", Value::Null));
        assert!(holds(list(), "like", "e*") && holds(list(), "notlike", "x*"));
    }

    #[test]
    fn nothing_and_numbers_have_a_text_to_match() {
        assert!(holds(Value::Null, "like", "*") && !holds(Value::Null, "like", "?*"));
        assert!(holds(1234, "like", "12*"));
    }

    #[test]
    fn the_same_text_as_wildcard_and_expression_is_kept_apart() {
        let comparer = Comparer::new();
        let (text, pattern) = ("aab".into(), "a*b".into());
        assert_eq!(
            comparer.apply(Operator::Like, &"axb".into(), &pattern),
            Ok(true)
        );
        assert_eq!(
            comparer.apply(Operator::Match, &"axc".into(), &pattern),
            Ok(false)
        );
        assert_eq!(comparer.apply(Operator::Match, &text, &pattern), Ok(true));
        for number in 0..40 {
            assert_eq!(
                comparer.apply(Operator::Like, &number.into(), &number.into()),
                Ok(true)
            );
        }
        assert_eq!(comparer.patterns.borrow().len(), PATTERNS_KEPT);
    }

    #[test]
    fn names_are_read_whatever_the_case() {
        assert_eq!(Operator::parse("-NotContains"), Some(Operator::NotContains));
        assert_eq!(Operator::parse("equals"), None);
        for operator in Operator::ALL {
            assert_eq!(Operator::parse(operator.name()), Some(operator));
        }
    }
}
