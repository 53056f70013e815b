//! What Tab offers, with a real service behind it.

use std::collections::HashMap;

use usher_lang::KnownNames;
use usher_object::Value;

use super::complete::{Known, awaited, candidates};
use super::lookup::Lookup;
use crate::cmdlets::fixture::Fixture;

struct Prompt {
    fixture: Fixture,
    names: KnownNames,
    lookup: Lookup,
}

impl Prompt {
    fn new() -> Self {
        let fixture = Fixture::new();
        let lookup = Lookup::new(fixture.session.clone());
        Self {
            fixture,
            names: KnownNames {
                variables: vec!["people".into()],
                ..KnownNames::default()
            },
            lookup,
        }
    }

    /// With a catalogue, seats and people.
    fn furnished() -> Self {
        let prompt = Self::new();
        let products = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/products.csv");
        prompt.run("Import-Product", &[("", products.into())]);
        prompt.run(
            "New-Subscription",
            &[("", "SPE_E3".into()), ("Quantity", 7.into())],
        );
        for (upn, name, department) in [
            ("adele@contoso.com", "Adèle Vance", "Sales"),
            ("o'brien@contoso.com", "Miles O'Brien", "Field Sales"),
            ("vaclav@contoso.com", "Vaclav Novak", "IT"),
        ] {
            prompt.run(
                "New-User",
                &[
                    ("", upn.into()),
                    ("DisplayName", name.into()),
                    ("Department", department.into()),
                ],
            );
        }
        prompt
    }

    fn run(&self, name: &str, args: &[(&str, Value)]) {
        for object in self.fixture.start(name, args, None).unwrap() {
            object.unwrap();
        }
    }

    fn known(&self) -> Known<'_> {
        Known {
            session: &self.fixture.session,
            names: &self.names,
            lookup: &self.lookup,
        }
    }

    fn offered(&self, line: &str) -> Vec<String> {
        let found = candidates(line, self.known());
        found.offers.into_iter().map(|offer| offer.word).collect()
    }

    fn said(&self, line: &str) -> Vec<(String, String)> {
        let found = candidates(line, self.known());
        let offers = found.offers.into_iter();
        offers.map(|offer| (offer.word, offer.says)).collect()
    }
}

#[test]
fn commands_by_their_first_letters_whatever_the_case() {
    let prompt = Prompt::new();
    assert_eq!(
        prompt.offered("get-lic"),
        ["Get-License", "Get-LicenseRule"]
    );
    assert_eq!(prompt.offered("Get-User | sel"), ["Select-Object"]);
}

#[test]
fn parameters_that_are_not_there_yet() {
    let prompt = Prompt::new();
    assert_eq!(prompt.offered("Get-User -Dep"), ["-Department"]);
    let after = prompt.offered("Get-User -Department Sales -");
    assert!(!after.contains(&"-Department".to_owned()) && !after.is_empty());
    assert!(
        prompt
            .offered("Set-UserLicense -")
            .contains(&"-WhatIf".to_owned())
    );
}

#[test]
fn values_that_are_fixed() {
    let prompt = Prompt::new();
    assert_eq!(prompt.offered("Get-User -UserType "), ["Guest", "Member"]);
    assert_eq!(
        prompt.offered("Get-User -AccountEnabled "),
        ["$false", "$true"]
    );
    assert_eq!(prompt.offered("Get-User -AccountEnabled $f"), ["false"]);
    assert_eq!(prompt.offered("Get-Help Get-UserL"), ["Get-UserLicense"]);
}

#[test]
fn properties_of_what_comes_in() {
    let prompt = Prompt::new();
    assert!(
        prompt
            .offered("Get-User | Where-Object { $_.Depa")
            .contains(&"Department".to_owned())
    );
    assert!(
        prompt
            .offered("Get-License | Where-Object Total -gt 1 | Sort-Object Avail")
            .contains(&"Available".to_owned())
    );
}

#[test]
fn properties_of_what_a_variable_holds() {
    let prompt = Prompt::new();
    let names = ["Name", "Seats"].map(str::to_owned).to_vec();
    prompt
        .lookup
        .know(HashMap::from([("people".to_owned(), names)]));
    assert_eq!(prompt.offered("$people.Na"), ["Name"]);
    assert_eq!(prompt.offered("$people[0]."), Vec::<String>::new());
    assert_eq!(prompt.offered("$people | Where-Object { $_.S"), ["Seats"]);
    assert_eq!(prompt.offered("$people | Sort-Object "), ["Name", "Seats"]);
    assert_eq!(prompt.offered("$other.N"), Vec::<String>::new());
}

#[test]
fn variables_after_the_dollar() {
    let prompt = Prompt::new();
    assert_eq!(prompt.offered("$peo"), ["people"]);
    assert_eq!(prompt.offered("$la"), ["last"]);
}

#[test]
fn people_by_letters_of_a_name_without_its_accents() {
    let prompt = Prompt::furnished();
    let adele = [("adele@contoso.com".to_owned(), "Adèle Vance".to_owned())];
    assert_eq!(prompt.said("Get-User vanc"), adele);
    assert_eq!(prompt.said("Set-UserLicense ade"), adele);
    assert_eq!(prompt.said("Get-UserLicense 'adele va"), adele);
    assert_eq!(
        prompt.offered("Get-User -User obr"),
        ["'o''brien@contoso.com'"]
    );
    assert_eq!(prompt.offered("Get-User va").len(), 2);
    assert_eq!(prompt.offered("Get-User ").len(), 3);
    assert_eq!(prompt.offered("Get-User nobody"), Vec::<String>::new());
}

#[test]
fn products_with_seats_come_first_and_say_how_many_are_free() {
    let prompt = Prompt::furnished();
    let said = prompt.said("Set-UserLicense adele@contoso.com -Add spe_");
    assert_eq!(said[0].0, "SPE_E3");
    assert!(said[0].1.ends_with(", 7 free"), "{said:?}");
    assert!(said.iter().any(|(word, _)| word == "SPE_E5"), "{said:?}");
    let listed = prompt.offered("Set-UserLicense adele@contoso.com -Add SPE_E3, spe_e5");
    assert_eq!(listed[0], "SPE_E5");
}

#[test]
fn plans_are_those_of_the_product_on_the_line() {
    let prompt = Prompt::furnished();
    let all = prompt.offered("Set-UserLicense adele@contoso.com -Disable ");
    let own = prompt.offered("Set-UserLicense adele@contoso.com -Add SPE_E3 -Disable ");
    assert!(own.contains(&"YAMMER_ENTERPRISE".to_owned()), "{own:?}");
    assert!(!own.is_empty() && own.len() < all.len() || all.len() == 50);
    let narrowed = prompt.offered("Set-UserLicense adele@contoso.com -Product SPE_E3 -Disable yam");
    assert_eq!(narrowed, ["YAMMER_ENTERPRISE"]);
    let within = prompt.offered("Set-UserLicense adele@contoso.com -Disable SPE_E3::yam");
    assert_eq!(within, ["SPE_E3::YAMMER_ENTERPRISE"]);
}

#[test]
fn departments_and_subscriptions_come_from_the_service() {
    let prompt = Prompt::furnished();
    assert_eq!(prompt.offered("Get-User -Department sa"), ["Sales"]);
    assert_eq!(prompt.offered("Get-User -Department f"), ["'Field Sales'"]);
    let said = prompt.said("Stop-Subscription spe");
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].1, "SPE_E3, 7 seats");
}

#[test]
fn a_service_that_was_not_reached_yet_offers_nothing() {
    assert_eq!(Prompt::new().offered("Get-User ad"), Vec::<String>::new());
}

#[test]
fn the_value_that_is_awaited_has_a_name() {
    let prompt = Prompt::new();
    let name = |line: &str| awaited(line, prompt.known()).map(|param| param.name);
    assert_eq!(name("Get-User -Department "), Some("Department"));
    assert_eq!(name("Set-UserLicense "), Some("User"));
    assert_eq!(name("Get-User "), None);
    assert_eq!(name("Get-User -Department"), None);
    assert_eq!(name("Get-User | Set-UserLicense "), None);
}

#[test]
fn a_condition_completes_what_its_property_has() {
    let prompt = Prompt::furnished();
    for (line, offered) in [
        ("Get-User | Where-Object Department -eq Sal", vec!["Sales"]),
        ("Get-User | ? usertype -ne G", vec!["Guest"]),
        (
            "Get-User | Where-Object AccountEnabled -eq $f",
            vec!["false"],
        ),
        ("$people | Where-Object Outcome -eq f", vec!["failed"]),
        ("Get-User | Where-Object JobTitle -eq S", vec![]),
    ] {
        assert_eq!(prompt.offered(line), offered, "{line}");
    }
}
