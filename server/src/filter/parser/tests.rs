use usher_domain::ids::{PlanId, ProductId};
use usher_domain::refusal::{Cause, Code};

use super::*;

const E3: ProductId = ProductId(Uuid::from_u128(3));
const YAMMER: PlanId = PlanId(Uuid::from_u128(9));

struct TwoNames;

impl Names for TwoNames {
    fn product(&self, name: &str) -> Result<ProductId, Cause> {
        (name == "SPE_E3" || name == E3.to_string())
            .then_some(E3)
            .ok_or_else(|| {
                Cause::new(
                    Code::ProductNotFound,
                    format!("No product is called {name}."),
                )
            })
    }

    fn plan(&self, name: &str) -> Result<PlanId, Cause> {
        (name == "YAMMER_ENTERPRISE")
            .then_some(YAMMER)
            .ok_or_else(|| Cause::new(Code::PlanNotFound, format!("No plan is called {name}.")))
    }
}

fn read(text: &str) -> Result<Expr, FilterError> {
    parse(text, &TwoNames)
}

fn compare(property: Property, operator: Operator, value: Value) -> Expr {
    Expr::Compare {
        property,
        operator,
        value,
    }
}

fn sales() -> Expr {
    compare(
        Property::Department,
        Operator::Equal,
        Value::Text("Sales".into()),
    )
}

fn enabled(value: bool) -> Expr {
    compare(
        Property::AccountEnabled,
        Operator::Equal,
        Value::Bool(value),
    )
}

fn fault(text: &str) -> (usize, String) {
    match read(text) {
        Err(FilterError::Syntax { position, message }) => (position, message),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn and_binds_tighter_than_or_and_parentheses_win() {
    let guest = compare(Property::UserType, Operator::NotEqual, Value::Guest(true));
    assert_eq!(
        read("department eq 'Sales' or accountEnabled eq true and userType ne 'Guest'"),
        Ok(Expr::Or(vec![
            sales(),
            Expr::And(vec![enabled(true), guest.clone()])
        ]))
    );
    assert_eq!(
        read("(department eq 'Sales' or accountEnabled eq true) AND usertype ne 'guest'"),
        Ok(Expr::And(vec![
            Expr::Or(vec![sales(), enabled(true)]),
            guest
        ]))
    );
}

#[test]
fn not_stands_before_conditions_and_parentheses() {
    let not_sales = Expr::Not(Box::new(sales()));
    assert_eq!(read("not department eq 'Sales'"), Ok(not_sales.clone()));
    assert_eq!(read("not(department eq 'Sales')"), Ok(not_sales.clone()));
    assert_eq!(
        read("not not (department eq 'Sales')"),
        Ok(Expr::Not(Box::new(not_sales)))
    );
}

#[test]
fn every_kind_of_value_is_read() {
    let id = Uuid::from_u128(0x6e7b_768e);
    let cases = [
        (
            format!("id eq {id}"),
            compare(Property::Id, Operator::Equal, Value::Id(id)),
        ),
        (
            format!("id eq '{id}'"),
            compare(Property::Id, Operator::Equal, Value::Id(id)),
        ),
        (
            "usageLocation eq null".into(),
            compare(Property::UsageLocation, Operator::Equal, Value::Null),
        ),
        (
            "surname eq 'O''Neill'".into(),
            compare(
                Property::Surname,
                Operator::Equal,
                Value::Text("O'Neill".into()),
            ),
        ),
        (
            "createdDateTime ge 1970-01-01T01:00:01+01:00".into(),
            compare(
                Property::CreatedDateTime,
                Operator::GreaterOrEqual,
                Value::Instant(Instant(1_000_000)),
            ),
        ),
        (
            "createdDateTime lt 1970-01-02".into(),
            compare(
                Property::CreatedDateTime,
                Operator::Less,
                Value::Instant(Instant(86_400_000_000)),
            ),
        ),
        (
            "displayName gt 'M'".into(),
            compare(
                Property::DisplayName,
                Operator::Greater,
                Value::Text("M".into()),
            ),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(&text), Ok(expected), "{text}");
    }
}

#[test]
fn lists_and_parts_of_texts() {
    assert_eq!(
        read("country in ('DE', 'FR',null)"),
        Ok(Expr::In {
            property: Property::Country,
            values: vec![
                Value::Text("DE".into()),
                Value::Text("FR".into()),
                Value::Null
            ],
        })
    );
    for (name, part) in [
        ("startswith", Part::Start),
        ("endsWith", Part::End),
        ("contains", Part::Anywhere),
    ] {
        assert_eq!(
            read(&format!("{name}(mail, '@contoso')")),
            Ok(Expr::Text {
                part,
                property: Property::Mail,
                needle: "@contoso".into()
            })
        );
    }
}

#[test]
fn licences_are_asked_for_by_guid_name_and_number() {
    for product in ["'SPE_E3'", "SPE_E3", &E3.to_string(), &format!("'{E3}'")] {
        let text = format!("assignedLicenses/any(l:l/skuId eq {product})");
        assert_eq!(read(&text), Ok(Expr::HoldsProduct(E3)), "{text}");
    }
    assert_eq!(
        read("assignedPlans/any(p:p/servicePlanId eq 'YAMMER_ENTERPRISE')"),
        Ok(Expr::HasPlan(YAMMER))
    );
    assert_eq!(
        read("assignedLicenses/$count eq 0"),
        Ok(Expr::LicenseCount {
            operator: Operator::Equal,
            count: 0
        })
    );
    match read("assignedLicenses/any(l:l/skuId eq 'NOPE')") {
        Err(FilterError::Name(cause)) => assert_eq!(cause.code, Code::ProductNotFound),
        other => panic!("{other:?}"),
    }
}

#[test]
fn states_of_licences_are_asked_for_by_name() {
    for (name, expected) in [
        ("'Active'", Expr::LicenseState(LicenseState::Active)),
        ("waiting", Expr::LicenseState(LicenseState::Waiting)),
        ("'ERROR'", Expr::LicenseState(LicenseState::Error)),
        ("'HeldOff'", Expr::LicenseState(LicenseState::HeldOff)),
        ("'Suspended'", Expr::Suspended(Vec::new())),
    ] {
        let text = format!("licenseAssignmentStates/any(x:x/state eq {name})");
        assert_eq!(read(&text), Ok(expected), "{text}");
    }
    let mut asked =
        read("not (city eq 'Bonn' or licenseAssignmentStates/any(x:x/state eq Suspended))")
            .unwrap();
    assert!(asked.asks_for_suspended());
    asked.set_suspended(&[E3]);
    assert!(format!("{asked:?}").contains(&format!("Suspended([{E3:?}])")));
    assert!(!sales().asks_for_suspended());
}

#[test]
fn a_fault_names_its_position_and_what_was_expected() {
    for (text, position, expected) in [
        ("", 1, "a property"),
        ("department", 11, "eq, ne"),
        ("department eq", 14, "single quotes"),
        ("department eq Sales", 15, "single quotes"),
        ("department is 'Sales'", 12, "eq, ne"),
        ("departmant eq 'Sales'", 1, "`departmant` is not a property"),
        (
            "department eq 'Sales' accountEnabled eq true",
            23,
            "left over",
        ),
        ("department eq 'Sales' and", 26, "a property"),
        ("(department eq 'Sales'", 23, "`)`"),
        ("accountEnabled eq 'true'", 19, "true or false"),
        ("accountEnabled gt true", 16, "no order"),
        ("department gt null", 12, "no order"),
        ("userType eq 'Robot'", 13, "'Member' or 'Guest'"),
        ("createdDateTime gt 2026-13-01", 20, "a moment"),
        ("startswith(accountEnabled,'t')", 12, "not text"),
        ("country in ()", 13, "for country"),
        ("assignedLicenses/any(x:y/skuId eq 'A')", 24, "`x`"),
        ("assignedLicenses/all(x:x/skuId eq 'A')", 18, "any("),
        ("assignedLicenses/$count eq many", 28, "a number"),
        (
            "licenseAssignmentStates/any(x:x/state eq 'Lost')",
            42,
            "'HeldOff'",
        ),
        ("deletedDateTime gt yesterday", 20, "a moment"),
        ("department = 'Sales'", 12, "not an operator"),
    ] {
        let (at, message) = fault(text);
        assert_eq!(at, position, "{text}: {message}");
        assert!(message.contains(expected), "{text}: {message}");
    }
}

#[test]
fn limits_are_named() {
    let deep = format!("{}accountEnabled eq true{}", "(".repeat(40), ")".repeat(40));
    let nots = format!("{}accountEnabled eq true", "not ".repeat(500));
    let long = format!("department eq '{}'", "x".repeat(MAX_LENGTH));
    for (text, limit) in [(deep, "32"), (nots, "32"), (long, "4096")] {
        match read(&text) {
            Err(FilterError::Limit(message)) => assert!(message.contains(limit), "{message}"),
            other => panic!("{other:?}"),
        }
    }
    let allowed = format!("{}accountEnabled eq true{}", "(".repeat(31), ")".repeat(31));
    assert_eq!(read(&allowed), Ok(enabled(true)));
}
