//! Rows on where a product or plan is offered (R17): `id,allow|deny,countries`, the countries split
//! by blanks, commas, semicolons or `|`.

use std::collections::BTreeSet;

use super::super::guid;
use super::{Wrong, plan_id};
use crate::catalogue::{Catalogue, CountryMode, CountrySubject, Resolution};
use crate::command::RuleImport;
use crate::ids::{Country, PlanId, ProductId};

/// Where the cells stand.
pub(super) struct Columns {
    subject: usize,
    mode: usize,
    countries: usize,
}

impl Columns {
    /// None when the header is not of such a file.
    pub(super) fn of(place: impl Fn(&[&str]) -> Option<usize>) -> Option<Self> {
        Some(Self {
            subject: place(&["id", "product_id", "plan_id"])?,
            mode: place(&["allow|deny", "mode", "rule"])?,
            countries: place(&["countries"])?,
        })
    }
}

pub(super) fn row<'a>(
    cell: impl Fn(usize) -> &'a str,
    columns: &Columns,
    catalogue: &Catalogue,
) -> Result<RuleImport, Wrong> {
    let subject =
        subject(cell(columns.subject), catalogue).map_err(|why| (columns.subject, why))?;
    let mode = match cell(columns.mode).to_lowercase().as_str() {
        "allow" => CountryMode::Allow,
        "deny" => CountryMode::Deny,
        other => {
            return Err((
                columns.mode,
                format!("\"{other}\" is neither allow nor deny"),
            ));
        }
    };
    let countries = countries(cell(columns.countries)).map_err(|why| (columns.countries, why))?;
    Ok(RuleImport::Country {
        subject,
        mode,
        countries,
    })
}

/// A rule on what is not there would silently rule nothing, so even a GUID must be known.
fn subject(text: &str, catalogue: &Catalogue) -> Result<CountrySubject, String> {
    if let Some(id) = guid(text) {
        let product = catalogue.product(ProductId(id)).map(|product| product.id);
        let plan = catalogue.plan(PlanId(id)).map(|plan| plan.id);
        return product
            .map(CountrySubject::Product)
            .or(plan.map(CountrySubject::Plan))
            .ok_or_else(|| format!("No product or plan has the id \"{text}\""));
    }
    match catalogue.resolve_product(text) {
        Resolution::Found(id) => Ok(CountrySubject::Product(id)),
        Resolution::Ambiguous { candidates } => Err(format!(
            "\"{text}\" is the name of {} products; give the GUID",
            candidates.len()
        )),
        Resolution::NotFound { .. } => plan_id(text, catalogue).map(CountrySubject::Plan),
    }
}

fn countries(text: &str) -> Result<Vec<Country>, String> {
    let mut list = BTreeSet::new();
    for code in text.split([' ', ',', ';', '|']) {
        if code.is_empty() {
            continue;
        }
        let country: Country = code
            .parse()
            .map_err(|error| format!("\"{code}\" is not a country: {error}"))?;
        list.insert(country);
    }
    if list.is_empty() {
        return Err("No country is named".to_owned());
    }
    Ok(list.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::super::clean;
    use super::super::tests::{header, rows};
    use super::*;
    use crate::fixture::{catalogue, plan_id, product_id};

    #[test]
    fn countries_are_read_by_name_or_id_and_bad_rows_are_refused() {
        let crypto = format!("{},allow,AT", plan_id("CRYPTO"));
        let good = ["FULL,allow,DE FR", "CHAT,Deny,cn|RU", &crypto];
        let nobody = format!("{},deny,DE", uuid::Uuid::from_u128(7));
        let bad = [
            "FULL,maybe,DE",
            "FULL,deny,Germany",
            "NOPE,deny,DE",
            "FULL,deny,",
            "FULL,deny,DE ZZ",
            &nobody,
        ];
        let lines: Vec<&str> = good.into_iter().chain(bad).collect();
        let columns = header("id,allow|deny,countries");
        let file = clean(&columns, rows(&lines), &catalogue()).unwrap();
        let codes = |codes: &[&str]| codes.iter().map(|code| code.parse().unwrap()).collect();
        let country = |subject, mode, list: &[&str]| RuleImport::Country {
            subject,
            mode,
            countries: codes(list),
        };
        let full = CountrySubject::Product(product_id("FULL"));
        let chat = CountrySubject::Plan(plan_id("CHAT"));
        let crypto = CountrySubject::Plan(plan_id("CRYPTO"));
        assert_eq!(
            file.rules,
            [
                country(full, CountryMode::Allow, &["DE", "FR"]),
                country(chat, CountryMode::Deny, &["CN", "RU"]),
                country(crypto, CountryMode::Allow, &["AT"]),
            ]
        );
        let refused: Vec<(u64, Option<&str>)> = file
            .items
            .iter()
            .map(|item| (item.line, item.column.as_deref()))
            .collect();
        let (id, mode, list) = (Some("id"), Some("allow|deny"), Some("countries"));
        assert_eq!(
            refused,
            [
                (5, mode),
                (6, list),
                (7, id),
                (8, list),
                (9, list),
                (10, id)
            ]
        );
    }
}
