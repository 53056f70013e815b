//! The examples over the vendor's whole list and ten thousand invented people: what they count is what the files say,
//! counted here by other means.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use serde_json::Value;
use usher_tests::{shared_data, usher::Usher};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The two large files.
struct Data {
    products: PathBuf,
    people: PathBuf,
}

/// One person of the file.
struct Person {
    upn: String,
    department: String,
    is_member: bool,
    may_sign_in: bool,
    has_location: bool,
}

impl Data {
    fn of(test: &str) -> Option<Self> {
        let test = format!("stories::{test}");
        Some(Self {
            products: shared_data::path(&test, "product-service-plans.csv")?,
            people: shared_data::path(&test, "users-entra-10k.csv")?,
        })
    }

    fn people(&self) -> Vec<Person> {
        rows(&self.people)
            .into_iter()
            .map(|row| Person {
                upn: row["userPrincipalName"].clone(),
                department: row["department"].clone(),
                is_member: row["userType"] == "Member",
                may_sign_in: row["accountEnabled"] == "True",
                has_location: !row["usageLocation"].is_empty(),
            })
            .collect()
    }

    /// How many of a department can be given a licence.
    fn licensable(&self, department: &str) -> usize {
        count(&self.people(), |person| {
            person.department == department && person.has_location
        })
    }

    /// What the example wrote, object by object.
    fn run(&self, example: &str, more: &[&str]) -> Vec<Value> {
        self.run_on(example, &["-Products", "-People"], more)
    }

    fn run_on(&self, example: &str, files: &[&str], more: &[&str]) -> Vec<Value> {
        let folder = self.people.parent().unwrap().to_str().unwrap();
        let script = Path::new(ROOT).join("examples").join(example);
        let mut usher = Usher::new()
            .args([
                "--data",
                ":memory:",
                "--output",
                "json",
                "--allow-path",
                folder,
            ])
            .args(["--allow-path", ROOT])
            .args([&script]);
        for (name, file) in files.iter().zip([&self.products, &self.people]) {
            usher = usher.args([name, file.to_str().unwrap()]);
        }
        let run = usher.args(more).run().expect_code(0);
        match serde_json::from_str(&run.stdout) {
            Ok(Value::Array(objects)) => objects,
            other => panic!("{other:?}: {}", run.stdout),
        }
    }
}

fn rows(file: &Path) -> Vec<std::collections::HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader
        .deserialize()
        .map(Result::unwrap)
        .map(without_mark)
        .collect()
}

/// The first heading may begin with a byte order mark.
fn without_mark(
    row: std::collections::HashMap<String, String>,
) -> std::collections::HashMap<String, String> {
    let named = |name: String| name.trim_start_matches('\u{feff}').to_owned();
    row.into_iter()
        .map(|(name, value)| (named(name), value))
        .collect()
}

fn count(people: &[Person], fits: impl Fn(&Person) -> bool) -> usize {
    people.iter().filter(|person| fits(person)).count()
}

/// The number beside a name, in objects that have both.
#[track_caller]
fn number(objects: &[Value], key: &str, name: &str, number: &str) -> usize {
    let found = objects.iter().find(|object| object[key] == name);
    let found = found.unwrap_or_else(|| panic!("no {name} in {objects:?}"));
    usize::try_from(found[number].as_u64().unwrap()).unwrap()
}

/// A line that was written as it is.
#[track_caller]
fn says(objects: &[Value], line: &str) {
    assert!(
        objects.iter().any(|object| object == line),
        "no {line:?} in {objects:?}"
    );
}

#[test]
fn people_are_counted_by_product() {
    let Some(data) = Data::of("people_are_counted_by_product") else {
        return;
    };
    let told = data.run(
        "users-by-product.usher",
        &[
            "-Departments",
            "Legal,Facilities,Human Resources",
            "-To",
            "licences.csv",
        ],
    );
    let people = |product| number(&told, "Product", product, "People");
    let [legal, facilities, human] =
        ["Legal", "Facilities", "Human Resources"].map(|name| data.licensable(name));
    assert!(legal > 0 && facilities > 0 && human > 0);
    assert_eq!(people("SPE_E3"), legal + facilities);
    assert_eq!(people("VISIOCLIENT"), facilities);
    assert_eq!((people("SPE_E5"), people("POWER_BI_PRO")), (human, human));
    says(
        &told,
        &format!("{} rows", legal + 2 * facilities + 2 * human),
    );
}

#[test]
fn the_catalogue_has_each_product_and_plan_once() {
    let Some(data) = Data::of("the_catalogue_has_each_product_and_plan_once") else {
        return;
    };
    let list = rows(&data.products);
    let distinct = |column: &str| {
        let all: HashSet<String> = list.iter().map(|row| row[column].to_lowercase()).collect();
        all.len()
    };
    let told = data.run_on("catalogue-to-csv.usher", &["-List"], &[]);
    let line = format!(
        "{} products, {} plans",
        distinct("GUID"),
        distinct("Service_Plan_Id")
    );
    says(&told, &line);
}

#[test]
fn a_switch_goes_as_far_as_there_are_seats() {
    let Some(data) = Data::of("a_switch_goes_as_far_as_there_are_seats") else {
        return;
    };
    let told = data.run("switch-e3-to-e5.usher", &["-Department", "Facilities"]);
    let holders = data.licensable("Facilities");
    assert_eq!(number(&told, "Name", "applied", "Count"), 15);
    let failed = number(&told, "Name", "failed, NO_AVAILABLE_SEATS", "Count");
    assert_eq!(failed, holders - 15);
}

#[test]
fn who_may_not_sign_in_loses_what_is_not_excluded() {
    let Some(data) = Data::of("who_may_not_sign_in_loses_what_is_not_excluded") else {
        return;
    };
    let told = data.run("free-disabled-accounts.usher", &["-Departments", "Legal"]);
    let leavers = count(&data.people(), |person| {
        person.department == "Legal"
            && person.has_location
            && person.is_member
            && !person.may_sign_in
    });
    assert!(leavers > 0);
    assert_eq!(number(&told, "Name", "applied", "Count"), leavers);
}

#[test]
fn a_service_is_counted_by_accounts_and_not_by_rows() {
    let Some(data) = Data::of("a_service_is_counted_by_accounts_and_not_by_rows") else {
        return;
    };
    let told = data.run(
        "who-has-a-service.usher",
        &["-Departments", "Legal,Facilities"],
    );
    let legal = data.licensable("Legal");
    assert_eq!(number(&told, "Name", "SPE_E3, on", "Count"), legal);
    says(&told, &format!("On for {legal} accounts"));
}

#[test]
fn everybody_gets_what_is_missing_while_there_are_seats() {
    let Some(data) = Data::of("everybody_gets_what_is_missing_while_there_are_seats") else {
        return;
    };
    let told = data.run("assign-what-is-missing.usher", &["-Department", "Legal"]);
    let legal = data.licensable("Legal");
    let of = |name| number(&told, "Name", name, "Count");
    assert_eq!(
        of("SPE_E3, assigned") + of("SPE_E3, already assigned"),
        legal
    );
    assert_eq!(of("VISIOCLIENT, assigned"), 12);
    assert_eq!(
        of("VISIOCLIENT, unavailable, NO_AVAILABLE_SEATS"),
        legal - 12
    );
}

#[test]
fn people_without_a_location_are_counted() {
    let Some(data) = Data::of("people_without_a_location_are_counted") else {
        return;
    };
    let people = data.people();
    let legal: Vec<&str> = people
        .iter()
        .filter(|person| person.department == "Legal" && person.has_location)
        .map(|person| person.upn.as_str())
        .take(2)
        .collect();
    let told = data.run(
        "everyday-licences.usher",
        &["-Department", "Legal", "-One", legal[0], "-Other", legal[1]],
    );
    let without = count(&people, |person| !person.has_location);
    says(&told, &format!("{without} people, in Legal:"));
    let refused = told
        .iter()
        .filter(|row| row["Code"] == "USAGE_LOCATION_MISSING")
        .count();
    let expected = count(&people, |person| {
        person.department == "Legal" && !person.has_location
    });
    assert_eq!(refused, expected);
}
