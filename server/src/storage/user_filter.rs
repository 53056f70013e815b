//! What a filter of users means in SQL. Every condition is true or false, never null, so that a
//! negation says what it says.

use sea_orm::DbBackend;
use sea_orm::sea_query::SimpleExpr;
use usher_domain::NameKey;
use usher_domain::ids::{PlanId, ProductId};

use super::fragment::Fragment;
use super::moment::Moment;
use crate::filter::{Expr, LicenseState, Operator, Part, Property, Value};

/// The condition on the rows of `users`.
pub(crate) fn condition(backend: DbBackend, moment: Moment, expr: &Expr) -> SimpleExpr {
    let mut writer = Writer {
        sql: Fragment::new(backend, ""),
        backend,
        moment,
    };
    writer.expr(expr);
    writer.sql.into()
}

struct Writer {
    sql: Fragment,
    backend: DbBackend,
    moment: Moment,
}

/// How the key of a text property is stored.
enum Column {
    /// In a column of its own.
    Key(&'static str),
    /// Among the folded ones where it is not the text in lower case.
    Text(&'static str),
}

impl Writer {
    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::And(all) => self.join(all, " AND "),
            Expr::Or(all) => self.join(all, " OR "),
            Expr::Not(inner) => {
                self.sql.text("NOT ");
                self.join(std::slice::from_ref(inner), "");
            }
            Expr::Compare {
                property,
                operator,
                value,
            } => self.compare(*property, *operator, value),
            Expr::In { property, values } => {
                self.sql.text("(");
                for (n, value) in values.iter().enumerate() {
                    self.sql.text(if n == 0 { "" } else { " OR " });
                    self.compare(*property, Operator::Equal, value);
                }
                self.sql.text(")");
            }
            Expr::Text {
                part,
                property,
                needle,
            } => self.part(*part, *property, needle),
            Expr::HoldsProduct(product) => self.holds(*product),
            Expr::HasPlan(plan) => self.has_plan(*plan),
            Expr::LicenseState(state) => self.has_state(*state),
            Expr::Suspended(products) => self.suspended(products),
            Expr::LicenseCount { operator, count } => {
                let (live, operator) = (self.moment.condition("held"), symbol(*operator));
                self.sql.text(&format!(
                    "(SELECT COUNT(DISTINCT held.product_id) FROM assignments AS held WHERE held.tenant = users.tenant AND held.user_id = users.id AND {live} AND held.state = 0) {operator} {count}"
                ));
            }
        }
    }

    fn join(&mut self, all: &[impl std::borrow::Borrow<Expr>], with: &str) {
        self.sql.text("(");
        for (n, expr) in all.iter().enumerate() {
            self.sql.text(if n == 0 { "" } else { with });
            self.expr(expr.borrow());
        }
        self.sql.text(")");
    }

    fn compare(&mut self, property: Property, operator: Operator, value: &Value) {
        if let Value::Text(text) = value {
            self.compare_text(property, operator, text);
            return;
        }
        let column = column_name(property);
        let is_not = operator == Operator::NotEqual;
        if *value == Value::Null {
            let not = if is_not { "NOT " } else { "" };
            self.sql.text(&format!("users.{column} IS {not}NULL"));
            return;
        }
        let missing = if is_not {
            "IS NULL OR"
        } else {
            "IS NOT NULL AND"
        };
        self.sql.text(&format!(
            "(users.{column} {missing} users.{column} {} ",
            symbol(operator)
        ));
        match value {
            Value::Bool(flag) => self.sql.value(*flag),
            Value::Id(id) => self.sql.value(*id),
            Value::Instant(instant) => self.sql.value(instant.0),
            Value::Guest(guest) => self.sql.value(i16::from(*guest)),
            Value::Null | Value::Text(_) => &mut self.sql,
        };
        self.sql.text(")");
    }

    fn compare_text(&mut self, property: Property, operator: Operator, text: &str) {
        let column = column(property);
        let name = column.name();
        let missing = if operator == Operator::NotEqual {
            "IS NULL OR"
        } else {
            "IS NOT NULL AND"
        };
        let key = column.key(self.backend);
        // PostgreSQL would order by the rules of a language.
        let order = match (self.backend, operator) {
            (_, Operator::Equal | Operator::NotEqual) => "",
            (DbBackend::Postgres, _) => " COLLATE \"C\"",
            _ => "",
        };
        self.sql
            .text(&format!(
                "(users.{name} {missing} ({key}){order} {} ",
                symbol(operator)
            ))
            .value(NameKey::new(text).to_string())
            .text(")");
    }

    fn part(&mut self, part: Part, property: Property, needle: &str) {
        let column = column(property);
        let name = column.name();
        self.sql.text(&format!("(users.{name} IS NOT NULL"));
        let needle = folded(needle);
        if !needle.is_empty() {
            self.sql.text(" AND ");
            let key = column.key(self.backend);
            self.part_of(part, &key, needle);
        }
        self.sql.text(")");
    }

    fn part_of(&mut self, part: Part, text: &str, needle: String) {
        let length = needle.chars().count();
        let postgres = self.backend == DbBackend::Postgres;
        match part {
            Part::Start => self
                .sql
                .text(&format!("substr({text}, 1, {length}) = "))
                .value(needle),
            Part::End if postgres => self
                .sql
                .text(&format!("right({text}, {length}) = "))
                .value(needle),
            Part::End => self
                .sql
                .text(&format!("substr({text}, -{length}) = "))
                .value(needle),
            Part::Anywhere => {
                let find = if postgres { "strpos" } else { "instr" };
                self.sql
                    .text(&format!("{find}({text}, "))
                    .value(needle)
                    .text(") > 0")
            }
        };
    }

    fn has_state(&mut self, state: LicenseState) {
        let state = match state {
            LicenseState::Active => "held.state = 0",
            LicenseState::Waiting => "held.state = 1",
            LicenseState::Error => "held.state = 2",
            LicenseState::HeldOff => "held.state = 0 AND held.held_off IS NOT NULL",
        };
        let live = self.moment.condition("held");
        self.sql.text(&format!(
            "EXISTS (SELECT 1 FROM assignments AS held WHERE held.tenant = users.tenant AND held.user_id = users.id AND {live} AND {state})"
        ));
    }

    fn suspended(&mut self, products: &[ProductId]) {
        let live = self.moment.condition("held");
        self.sql.text(&format!(
            "EXISTS (SELECT 1 FROM assignments AS held WHERE held.tenant = users.tenant AND held.user_id = users.id AND {live} AND held.state = 0 AND NOT held.self_service AND "
        ));
        self.sql
            .one_of("held.product_id")
            .ids(products.iter().map(|product| product.as_uuid()))
            .end_of_list()
            .text(")");
    }

    fn holds(&mut self, product: ProductId) {
        let live = self.moment.condition("held");
        self.sql.text(
            "EXISTS (SELECT 1 FROM assignments AS held WHERE held.tenant = users.tenant AND held.user_id = users.id AND held.product_id = ",
        );
        self.sql.value(product.as_uuid());
        self.sql.text(&format!(" AND {live} AND held.state = 0)"));
    }

    /// The plan follows its switch, else the product's default as the path takes it (R14); a plan
    /// that is held off does not count (R19a).
    fn has_plan(&mut self, plan: PlanId) {
        let [held, pair, kind] = ["held", "pair", "kind"].map(|name| self.moment.condition(name));
        let (switched, held_off) = match self.backend {
            DbBackend::Postgres => (
                format!("(held.switches->>'{plan}')::boolean"),
                format!("COALESCE(held.held_off @> '[{{\"plan\":\"{plan}\"}}]', false)"),
            ),
            _ => (
                format!("json_extract(held.switches, '$.\"{plan}\"')"),
                format!(
                    "EXISTS (SELECT 1 FROM json_each(held.held_off) AS off WHERE json_extract(off.value, '$.plan') = '{plan}')"
                ),
            ),
        };
        self.sql.text(
            "EXISTS (SELECT 1 FROM assignments AS held JOIN product_plans AS pair ON pair.tenant = held.tenant AND pair.product_id = held.product_id JOIN plans AS kind ON kind.tenant = pair.tenant AND kind.id = pair.plan_id WHERE held.tenant = users.tenant AND held.user_id = users.id AND held.state = 0 AND pair.plan_id = ",
        );
        self.sql.value(plan.as_uuid());
        self.sql.text(&format!(
            " AND {held} AND {pair} AND {kind} AND NOT {held_off} AND (kind.automatic OR COALESCE({switched}, pair.on_by_default AND NOT (held.new_plans = 1 AND pair.since_rev > held.began_rev))))"
        ));
    }
}

impl Column {
    fn name(&self) -> &'static str {
        match self {
            Self::Key(name) | Self::Text(name) => name,
        }
    }

    /// The key (R1) in SQL; of plain ASCII text each database makes it by itself.
    fn key(&self, backend: DbBackend) -> String {
        match (self, backend) {
            (Self::Key(name), _) => format!("users.{name}"),
            (Self::Text(name), DbBackend::Postgres) => {
                format!("COALESCE(users.folded->>'{name}', lower(users.{name} COLLATE \"C\"))")
            }
            (Self::Text(name), _) => {
                format!("COALESCE(json_extract(users.folded, '$.{name}'), lower(users.{name}))")
            }
        }
    }
}

fn column(property: Property) -> Column {
    match property {
        Property::UserPrincipalName => Column::Key("upn_key"),
        Property::DisplayName => Column::Key("name_key"),
        Property::Department => Column::Key("department_key"),
        other => Column::Text(column_name(other)),
    }
}

fn column_name(property: Property) -> &'static str {
    match property {
        Property::Id => "id",
        Property::UserPrincipalName => "upn",
        Property::DisplayName => "display_name",
        Property::GivenName => "given_name",
        Property::Surname => "surname",
        Property::Mail => "mail",
        Property::JobTitle => "job_title",
        Property::Department => "department",
        Property::UserType => "user_type",
        Property::AccountEnabled => "account_enabled",
        Property::UsageLocation => "usage_location",
        Property::Country => "country",
        Property::State => "state",
        Property::City => "city",
        Property::OfficeLocation => "office",
        Property::StreetAddress => "street_address",
        Property::PostalCode => "postal_code",
        Property::PhoneNumber => "phone",
        Property::MobilePhone => "mobile",
        Property::CreatedDateTime => "created_at",
        Property::DeletedDateTime => "deleted_at",
    }
}

const fn symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "=",
        Operator::NotEqual => "<>",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
    }
}

/// A part of a name key: folded as one, but with the blanks at its edges kept.
fn folded(needle: &str) -> String {
    let key = NameKey::new(&format!("|{needle}|")).to_string();
    let inner = key
        .strip_prefix('|')
        .and_then(|rest| rest.strip_suffix('|'));
    inner.map_or_else(|| NameKey::new(needle).to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_folded_with_its_blanks() {
        assert_eq!(folded("Adele "), "adele ");
        assert_eq!(folded("  STRAßE"), " strasse");
        assert_eq!(folded("x"), "x");
    }
}
