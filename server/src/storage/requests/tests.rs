//! What is stored with a request id must be understood by the versions to come.

use usher_domain::catalogue::{CountryMode, CountrySubject, RuleKey};
use usher_domain::command::{
    Command, LicenseChange, NewSubscription, NewUser, PlanImport, PlanPatch, ProductImport,
    ProductPatch, RuleImport, RulePatch, UserFields, UserRow,
};
use usher_domain::ids::{PlanId, ProductId};
use uuid::Uuid;

use super::super::conformance::fixture::{PRODUCT, assign, request, seats, user_id};
use super::*;

fn one_of_each() -> Vec<(&'static str, Command)> {
    let plan = PlanId(Uuid::from_u128(7));
    let fields = UserFields {
        upn: Some("zoe@example.com".to_owned()),
        account_enabled: Some(false),
        ..UserFields::default()
    };
    let mut commands = vec![
        ("modify licenses", assign(1, PRODUCT)),
        (
            "create user",
            Command::CreateUser(Box::new(NewUser {
                id: Some(user_id(1)),
                fields: fields.clone(),
                licenses: Some(LicenseChange::default()),
            })),
        ),
        (
            "update user",
            Command::UpdateUser {
                user: "zoe".to_owned(),
                patch: Box::new(fields.clone()),
                expect: None,
            },
        ),
        (
            "import user",
            Command::ImportUser(Box::new(UserRow { id: None, fields })),
        ),
        ("create subscription", seats(PRODUCT, 5)),
        (
            "import product",
            Command::ImportProduct(Box::new(ProductImport {
                id: PRODUCT,
                part_number: "E3".to_owned(),
                name: "Office E3".to_owned(),
                aliases: Vec::new(),
                plans: vec![plan],
            })),
        ),
        (
            "import plan",
            Command::ImportPlan(Box::new(PlanImport {
                id: plan,
                name: "MAIL".to_owned(),
                friendly_name: "Mail".to_owned(),
                aliases: vec!["Post".to_owned()],
            })),
        ),
        (
            "import rules",
            Command::ImportRules(vec![RuleImport::Country {
                subject: CountrySubject::Plan(plan),
                mode: CountryMode::Deny,
                countries: Vec::new(),
            }]),
        ),
        (
            "serve queue",
            Command::ServeQueue {
                product: ProductId(Uuid::from_u128(9)),
            },
        ),
    ];
    commands.extend(one_of_each_edit(plan));
    commands
}

fn one_of_each_edit(plan: PlanId) -> [(&'static str, Command); 4] {
    [
        (
            "update product",
            Command::UpdateProduct {
                product: PRODUCT,
                patch: ProductPatch::default(),
                expect: None,
            },
        ),
        (
            "update plan",
            Command::UpdatePlan {
                plan,
                patch: PlanPatch::default(),
                expect: None,
            },
        ),
        (
            "update rule",
            Command::UpdateRule {
                patch: RulePatch::Country {
                    subject: CountrySubject::Plan(plan),
                    mode: None,
                    countries: None,
                },
                allow_missing: false,
                expect: None,
            },
        ),
        (
            "delete rule",
            Command::DeleteRule {
                key: RuleKey::Prerequisite(plan),
                expect: None,
            },
        ),
    ]
}

/// Where this fails, a retry across an update is taken for a different request: leave a new field
/// out of the JSON form while it says nothing, or move `DIGEST_VERSION` on.
#[test]
fn the_same_request_keeps_its_digest() {
    let digests: Vec<(&str, String)> = one_of_each()
        .into_iter()
        .map(|(name, command)| {
            let digest = digest_of(&request(command)).unwrap();
            (name, super::super::page::hex(&digest.hash[..8]))
        })
        .collect();
    let expected = [
        ("modify licenses", "60db606b99fe275a"),
        ("create user", "f31e6bf70c60c6e9"),
        ("update user", "c224ce1c04e9c70f"),
        ("import user", "51210141bf79c921"),
        ("create subscription", "f5bb40900841ab7d"),
        ("import product", "96a891a6c32ea230"),
        ("import plan", "630faab2bbb9e43d"),
        ("import rules", "b18d33d2f813bf76"),
        ("serve queue", "1267726ab8218879"),
        ("update product", "012163153c1c237e"),
        ("update plan", "6c8cdc240b16b108"),
        ("update rule", "224383df575d45f5"),
        ("delete rule", "a6f96b574d44b41a"),
    ];
    assert_eq!(
        digests,
        expected.map(|(name, digest)| (name, digest.to_owned()))
    );
    assert_eq!(DIGEST_VERSION, 1);
}

#[test]
fn a_digest_knows_what_was_said_from_what_was_not() {
    let with = |fields: UserFields| {
        let row = UserRow { id: None, fields };
        digest_of(&request(Command::ImportUser(Box::new(row)))).unwrap()
    };
    let nothing = with(UserFields::default());
    let disabled = with(UserFields {
        account_enabled: Some(false),
        ..UserFields::default()
    });
    let cleared = with(UserFields {
        city: Some(String::new()),
        ..UserFields::default()
    });
    assert!(nothing != disabled && nothing != cleared && disabled != cleared);
    let subscription = |quantity| {
        let bought = NewSubscription {
            quantity,
            ..NewSubscription::default()
        };
        digest_of(&request(Command::CreateSubscription(Box::new(bought)))).unwrap()
    };
    assert_ne!(subscription(0), subscription(1));
    let mut explained = request(seats(PRODUCT, 5));
    explained.reason = Some(String::new());
    assert_ne!(
        digest_of(&explained).unwrap(),
        digest_of(&request(seats(PRODUCT, 5))).unwrap()
    );
}

#[test]
fn an_answer_of_another_version_is_not_compared() {
    let asked = super::super::conformance::fixture::with_id(request(seats(PRODUCT, 5)), "id", 0);
    let mut answered = Answered::default();
    let outcome = Outcome::new(None, OutcomeKind::Applied);
    answered.note(&asked, &outcome, None, Instant(0)).unwrap();
    assert!(answered.to(&asked).unwrap().unwrap().replayed);
    for (digest, _) in answered.by_key.values_mut() {
        digest.version += 1;
    }
    let refused = answered.to(&asked).unwrap().unwrap();
    assert_eq!(refused.code(), Some(Code::RequestIdReused));
    assert!(
        refused.causes[0].message.contains("another version"),
        "{refused:?}"
    );
}

/// As the first version of all wrote it, less what has a default.
#[test]
fn an_answer_without_what_came_later_is_read() {
    let stored = serde_json::json!({
        "result": "Applied",
        "causes": [{"code": "NO_AVAILABLE_SEATS", "message": "All seats are taken."}],
        "notes": [{"kind": "SeatGiven", "message": "A seat was given."}],
    });
    let outcome: Outcome = from_json("an answer", stored).unwrap();
    assert_eq!(outcome.code(), Some(Code::NoAvailableSeats));
    assert_eq!(outcome.notes.len(), 1);
}
