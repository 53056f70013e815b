//! From tokens to the tree: the grammar, the kinds of values, and the limits.

use chrono::{DateTime, NaiveDate};
use usher_domain::catalogue::nearest_of;
use usher_domain::ids::Instant;
use uuid::Uuid;

use super::lexer::{Spanned, Token, tokens};
use super::{
    Expr, FilterError, Kind, LicenseState, MAX_DEPTH, MAX_LENGTH, Names, Operator, Part, Property,
    Value,
};

/// Reads a filter such as `department eq 'Sales' and accountEnabled eq true`.
///
/// # Errors
/// What is wrong and where, an unknown or ambiguous product or plan, or the limit that was passed.
pub fn parse(text: &str, names: &dyn Names) -> Result<Expr, FilterError> {
    let length = text.chars().count();
    if length > MAX_LENGTH {
        return Err(FilterError::Limit(format!(
            "The filter has {length} characters; {MAX_LENGTH} are the limit."
        )));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        names,
    };
    let expr = parser.any_of()?;
    match parser.peek() {
        Token::End => Ok(expr),
        other => Err(parser.error(format!(
            "{} is left over. Join conditions with and, or.",
            other.describe()
        ))),
    }
}

struct Parser<'a> {
    tokens: Vec<Spanned>,
    at: usize,
    depth: usize,
    names: &'a dyn Names,
}

impl Parser<'_> {
    fn any_of(&mut self) -> Result<Expr, FilterError> {
        let mut all = vec![self.all_of()?];
        while self.take_keyword("or") {
            all.push(self.all_of()?);
        }
        Ok(one_or(all, Expr::Or))
    }

    fn all_of(&mut self) -> Result<Expr, FilterError> {
        let mut all = vec![self.condition()?];
        while self.take_keyword("and") {
            all.push(self.condition()?);
        }
        Ok(one_or(all, Expr::And))
    }

    fn condition(&mut self) -> Result<Expr, FilterError> {
        if self.depth == MAX_DEPTH {
            return Err(FilterError::Limit(format!(
                "The filter is nested deeper than {MAX_DEPTH} levels at position {}.",
                self.position()
            )));
        }
        self.depth += 1;
        let expr = self.nested()?;
        self.depth -= 1;
        Ok(expr)
    }

    fn nested(&mut self) -> Result<Expr, FilterError> {
        if self.take_keyword("not") {
            return Ok(Expr::Not(Box::new(self.condition()?)));
        }
        if self.take(&Token::Open) {
            let inside = self.any_of()?;
            self.expect(&Token::Close)?;
            return Ok(inside);
        }
        let start = self.position();
        let name = self.word("a property, a function, not, or a parenthesis")?;
        match name.to_ascii_lowercase().as_str() {
            "startswith" => self.text_function(Part::Start),
            "endswith" => self.text_function(Part::End),
            "contains" => self.text_function(Part::Anywhere),
            "assignedlicenses" => self.licenses(),
            "licenseassignmentstates" => self.license_state(),
            "assignedplans" => {
                self.expect(&Token::Slash)?;
                let plan = self.any("servicePlanId")?;
                let plan = self
                    .names
                    .plan(&plan)
                    .map_err(|cause| FilterError::Name(Box::new(cause)))?;
                Ok(Expr::HasPlan(plan))
            }
            _ => self.comparison(property(&name, start)?),
        }
    }

    fn text_function(&mut self, part: Part) -> Result<Expr, FilterError> {
        self.expect(&Token::Open)?;
        let start = self.position();
        let name = self.word("a property")?;
        let property = property(&name, start)?;
        if property.kind() != Kind::Text {
            return Err(FilterError::Syntax {
                position: start,
                message: format!(
                    "{} is not text, and has no parts. Compare it with eq or ne.",
                    property.name()
                ),
            });
        }
        self.expect(&Token::Comma)?;
        let needle = match self.next() {
            Token::Quoted(text) => text,
            other => return Err(self.wrong(&other, Kind::Text.example())),
        };
        self.expect(&Token::Close)?;
        Ok(Expr::Text {
            part,
            property,
            needle,
        })
    }

    fn licenses(&mut self) -> Result<Expr, FilterError> {
        self.expect(&Token::Slash)?;
        if self.take_keyword("$count") {
            let operator = self.operator()?;
            let count = match self.next() {
                Token::Word(word) => word
                    .parse()
                    .map_err(|_| self.wrong(&Token::Word(word), "a number"))?,
                other => return Err(self.wrong(&other, "a number")),
            };
            return Ok(Expr::LicenseCount { operator, count });
        }
        let product = self.any("skuId")?;
        let product = self
            .names
            .product(&product)
            .map_err(|cause| FilterError::Name(Box::new(cause)))?;
        Ok(Expr::HoldsProduct(product))
    }

    fn license_state(&mut self) -> Result<Expr, FilterError> {
        self.expect(&Token::Slash)?;
        let state = self.any("state")?;
        Ok(match state.to_ascii_lowercase().as_str() {
            "active" => Expr::LicenseState(LicenseState::Active),
            "waiting" => Expr::LicenseState(LicenseState::Waiting),
            "error" => Expr::LicenseState(LicenseState::Error),
            "heldoff" => Expr::LicenseState(LicenseState::HeldOff),
            "suspended" => Expr::Suspended(Vec::new()),
            _ => {
                // The state stands before the parenthesis.
                self.at -= 1;
                let expected = "'Active', 'Waiting', 'Error', 'HeldOff' or 'Suspended'";
                return Err(self.wrong(&Token::Quoted(state), expected));
            }
        })
    }

    /// `any(x:x/<field> eq <id or name>)`, behind the slash.
    fn any(&mut self, field: &str) -> Result<String, FilterError> {
        let shape = format!("any(x:x/{field} eq …)");
        if !self.take_keyword("any") {
            let found = self.next();
            return Err(self.wrong(&found, &shape));
        }
        self.expect(&Token::Open)?;
        let variable = self.word("a variable, such as x")?;
        self.expect(&Token::Colon)?;
        let again = self.word(&variable)?;
        if again != variable {
            return Err(self.wrong(&Token::Word(again), &format!("`{variable}`, as in {shape}")));
        }
        self.expect(&Token::Slash)?;
        if !self.take_keyword(field) {
            let found = self.next();
            return Err(self.wrong(&found, field));
        }
        if !self.take_keyword("eq") {
            let found = self.next();
            return Err(self.wrong(&found, "eq"));
        }
        let value = match self.next() {
            Token::Quoted(text) | Token::Word(text) => text,
            other => return Err(self.wrong(&other, "a GUID, or a name in single quotes")),
        };
        self.expect(&Token::Close)?;
        Ok(value)
    }

    fn comparison(&mut self, property: Property) -> Result<Expr, FilterError> {
        if self.take_keyword("in") {
            self.expect(&Token::Open)?;
            let mut values = vec![self.value(property)?];
            while self.take(&Token::Comma) {
                values.push(self.value(property)?);
            }
            self.expect(&Token::Close)?;
            return Ok(Expr::In { property, values });
        }
        let at = self.position();
        let operator = self.operator()?;
        let value = self.value(property)?;
        let by_equality = matches!(operator, Operator::Equal | Operator::NotEqual);
        if !by_equality && (value == Value::Null || !property.kind().is_ordered()) {
            return Err(FilterError::Syntax {
                position: at,
                message: format!(
                    "{} has no order here. Compare with eq or ne.",
                    property.name()
                ),
            });
        }
        Ok(Expr::Compare {
            property,
            operator,
            value,
        })
    }

    fn operator(&mut self) -> Result<Operator, FilterError> {
        let expected = "eq, ne, gt, ge, lt, le or in";
        let word = self.word(expected)?;
        match word.to_ascii_lowercase().as_str() {
            "eq" => Ok(Operator::Equal),
            "ne" => Ok(Operator::NotEqual),
            "gt" => Ok(Operator::Greater),
            "ge" => Ok(Operator::GreaterOrEqual),
            "lt" => Ok(Operator::Less),
            "le" => Ok(Operator::LessOrEqual),
            _ => Err(self.wrong(&Token::Word(word), expected)),
        }
    }

    fn value(&mut self, property: Property) -> Result<Value, FilterError> {
        let kind = property.kind();
        let token = self.next();
        let value = match &token {
            Token::Word(word) if word.eq_ignore_ascii_case("null") => Some(Value::Null),
            Token::Word(word) => match kind {
                Kind::Bool => word.to_ascii_lowercase().parse().ok().map(Value::Bool),
                Kind::Id => Uuid::parse_str(word).ok().map(Value::Id),
                Kind::Instant => instant(word).map(Value::Instant),
                Kind::Text | Kind::UserType => None,
            },
            Token::Quoted(text) => match kind {
                Kind::Text => Some(Value::Text(text.clone())),
                Kind::Id => Uuid::parse_str(text).ok().map(Value::Id),
                Kind::UserType if text.eq_ignore_ascii_case("member") => Some(Value::Guest(false)),
                Kind::UserType if text.eq_ignore_ascii_case("guest") => Some(Value::Guest(true)),
                Kind::Bool | Kind::Instant | Kind::UserType => None,
            },
            _ => None,
        };
        value.ok_or_else(|| {
            if let (Token::Word(word), Kind::Text) = (&token, kind) {
                return self.wrong(&token, &format!("a text in single quotes: '{word}'"));
            }
            self.wrong(
                &token,
                &format!("{} for {}", kind.example(), property.name()),
            )
        })
    }

    fn word(&mut self, expected: &str) -> Result<String, FilterError> {
        match self.next() {
            Token::Word(word) => Ok(word),
            other => Err(self.wrong(&other, expected)),
        }
    }

    fn expect(&mut self, token: &Token) -> Result<(), FilterError> {
        let found = self.next();
        if found == *token {
            Ok(())
        } else {
            Err(self.wrong(&found, &token.describe()))
        }
    }

    fn take(&mut self, token: &Token) -> bool {
        let is_it = self.peek() == token;
        if is_it {
            self.at += 1;
        }
        is_it
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let is_it = matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword));
        if is_it {
            self.at += 1;
        }
        is_it
    }

    fn peek(&self) -> &Token {
        self.tokens
            .get(self.at)
            .map_or(&Token::End, |spanned| &spanned.token)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn position(&self) -> usize {
        let last = self.tokens.len().saturating_sub(1);
        self.tokens
            .get(self.at.min(last))
            .map_or(1, |spanned| spanned.position)
    }

    fn error(&self, message: String) -> FilterError {
        FilterError::Syntax {
            position: self.position(),
            message,
        }
    }

    /// The token just taken is not what was expected.
    fn wrong(&self, found: &Token, expected: &str) -> FilterError {
        let last = self.tokens.len().saturating_sub(1);
        let taken = self.at.saturating_sub(1).min(last);
        FilterError::Syntax {
            position: self.tokens.get(taken).map_or(1, |spanned| spanned.position),
            message: format!("found {}, expected {expected}.", found.describe()),
        }
    }
}

fn one_or(mut all: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match (all.len(), all.pop()) {
        (1, Some(one)) => one,
        (_, Some(last)) => {
            all.push(last);
            join(all)
        }
        (_, None) => join(all),
    }
}

fn property(name: &str, position: usize) -> Result<Property, FilterError> {
    Property::named(name).ok_or_else(|| {
        let known: Vec<&str> = Property::ALL.iter().map(|property| property.name()).collect();
        let near = nearest_of(name, known.iter().copied());
        let near = near.map(|near| format!("; did you mean {near}?"));
        FilterError::Syntax {
            position,
            message: format!(
                "`{name}` is not a property of a user{} Known are {}, assignedLicenses, assignedPlans and licenseAssignmentStates.",
                near.as_deref().unwrap_or("."),
                known.join(", ")
            ),
        }
    })
}

fn instant(word: &str) -> Option<Instant> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(word) {
        return Some(Instant(moment.timestamp_micros()));
    }
    let midnight = word.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?;
    Some(Instant(midnight.and_utc().timestamp_micros()))
}

#[cfg(test)]
mod tests;
