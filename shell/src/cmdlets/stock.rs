//! What tests of commands start from: a service with products, rules, staff and seats, and how rows are read.

use std::path::PathBuf;

use usher_object::Value;

use super::fixture::Fixture;
use crate::session::Limits;

pub(crate) fn example(name: &str) -> Value {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/data");
    folder.join(name).to_str().unwrap().into()
}

pub(crate) fn text(row: &Value, name: &str) -> String {
    row.property(name).unwrap().to_string()
}

pub(crate) fn int(row: &Value, name: &str) -> i64 {
    match row.property(name).unwrap() {
        Value::Int(number) => number,
        other => panic!("{name} is {other:?}"),
    }
}

pub(crate) fn list(items: &[&str]) -> Value {
    Value::list(items.iter().map(|item| Value::from(*item)))
}

/// A service with the catalogue, the rules, the staff of the quickstart, and some seats.
pub(crate) fn stocked_with(limits: Limits) -> Fixture {
    let fixture = Fixture::with(limits);
    stock(&fixture);
    fixture
}

/// Puts the same into the service that this session is connected to.
pub(crate) fn stock(fixture: &Fixture) {
    fixture
        .run("Import-Product", &[("", example("products.csv"))], None)
        .unwrap();
    fixture
        .run(
            "Import-LicenseRule",
            &[("", example("exclusions.csv"))],
            None,
        )
        .unwrap();
    fixture
        .run(
            "Import-LicenseRule",
            &[("", example("prerequisites.csv"))],
            None,
        )
        .unwrap();
    fixture
        .run("Import-User", &[("", example("staff.csv"))], None)
        .unwrap();
    for (product, seats) in [
        ("SPE_E3", 10),
        ("SPE_E5", 10),
        ("STANDARDPACK", 10),
        ("MCOMEETADV", 10),
    ] {
        fixture
            .run(
                "New-Subscription",
                &[("", product.into()), ("Quantity", seats.into())],
                None,
            )
            .unwrap();
    }
}

pub(crate) fn stocked() -> Fixture {
    stocked_with(Limits::default())
}

pub(crate) fn sales(fixture: &Fixture) -> Vec<Value> {
    fixture
        .run("Get-User", &[("Department", "Sales".into())], None)
        .unwrap()
}

pub(crate) const ADELE: &str = "adele.vance@contoso.com";
