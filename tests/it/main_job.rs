//! The main job on real input: the vendor's list, ten thousand people, one department licensed over one stream.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use usher::v1::{
    ErrorReason, LicenseChange, ListUserLicensesRequest, ListUsersRequest,
    ModifyUserLicensesRequest, Outcome, OutcomeResult, PlanStatus, PlanSwitch,
    StreamLicenseChangesOptions, SwitchState, fix::Action,
};
use usher_tests::{
    client::{Client, outcome, refusal},
    databases::Database,
    import::Table,
    load, on_both_databases, seed,
    server::Server,
    shared_data::path,
};

const PRODUCTS: &str = "product-service-plans.csv";
const PEOPLE: &str = "users-entra-10k.csv";
const EXCLUSIONS: &str = "mutually-exclusive-plans.csv";
const PREREQUISITES: &str = "plan-dependencies.csv";
/// Microsoft 365 E3.
const E3: &str = "SPE_E3";

on_both_databases!(
    the_vendors_list_is_imported_whole_and_once,
    a_department_is_licensed_as_far_as_the_seats_go,
    switches_merge,
    plans_that_exclude_each_other_are_refused_with_fixes,
    a_missing_prerequisite_is_refused,
    a_row_with_a_bad_guid_is_refused_alone,
);

async fn the_vendors_list_is_imported_whole_and_once(database: Arc<Database>) {
    let Some(products) = path(
        "main_job::the_vendors_list_is_imported_whole_and_once",
        PRODUCTS,
    ) else {
        return;
    };
    let server = Server::start(&database.url);
    let client = Client::connect(server.address()).await;

    let first = Table::read(&products).into_products(&client).await.unwrap();
    assert_eq!(
        (
            first.products,
            first.service_plans,
            first.pairs,
            first.alias_rows
        ),
        (569, 723, 5_448, 5)
    );
    let report = first.report.unwrap();
    assert_eq!(
        (report.rows, report.dropped, report.cleaned, report.refused),
        (5_457, 4, 72, 0)
    );
    assert_eq!(
        (report.created, report.updated, report.unchanged),
        (569 + 723, 0, 0)
    );

    let again = Table::read(&products).into_products(&client).await.unwrap();
    assert_eq!(
        (
            again.products,
            again.service_plans,
            again.pairs,
            again.alias_rows
        ),
        (569, 723, 5_448, 5)
    );
    let report = again.report.unwrap();
    assert_eq!(
        (report.created, report.updated, report.unchanged),
        (0, 0, 569 + 723)
    );
    assert_eq!(
        (report.rows, report.dropped, report.cleaned, report.refused),
        (5_457, 4, 72, 0)
    );
}

async fn a_department_is_licensed_as_far_as_the_seats_go(database: Arc<Database>) {
    let test = "main_job::a_department_is_licensed_as_far_as_the_seats_go";
    let (Some(products), Some(people)) = (path(test, PRODUCTS), path(test, PEOPLE)) else {
        return;
    };
    let server = Server::start(&database.url);
    let client = Client::connect(server.address()).await;
    Table::read(&products).into_products(&client).await.unwrap();
    let report = Table::read(&people).into_users(&client).await.unwrap();
    assert_eq!(
        (report.rows, report.created, report.refused),
        (10_000, 10_000, 0),
        "{:?}",
        report.items.first()
    );
    let report = Table::read(&people).into_users(&client).await.unwrap();
    assert_eq!(
        (report.created, report.updated, report.unchanged),
        (0, 0, 10_000)
    );
    seed::seats(&client, E3, 1_800).await;

    let sales = users(&client, "department eq 'Sales'").await;
    assert_eq!(sales.len(), 1_886);
    for (first, expected) in [(true, "APPLIED"), (false, "UNCHANGED")] {
        let changes = sales.iter().map(|user| seed::add(user, E3)).collect();
        let options = StreamLicenseChangesOptions::default();
        let (outcomes, summary) = load::stream(&client, options, changes).await.unwrap();
        let expected = BTreeMap::from([
            (expected.to_owned(), 1_800),
            ("FAILED NO_AVAILABLE_SEATS".to_owned(), 69),
            ("FAILED USAGE_LOCATION_MISSING".to_owned(), 17),
        ]);
        assert_eq!(tally(&outcomes), expected);
        assert_eq!((summary.failed, summary.waiting), (86, 0));
        assert_eq!(
            (summary.applied, summary.unchanged),
            if first { (1_800, 0) } else { (0, 1_800) }
        );
        let seats = summary
            .seats
            .iter()
            .find(|seats| seats.part_number == E3)
            .unwrap();
        assert_eq!((seats.total, seats.consumed_after), (1_800, 1_800));
        // Of the 17 without a usage location one comes after the last seat is gone, and lacks both; the second time
        // none is free for any of them.
        assert_eq!(seats.missing, if first { 69 + 1 } else { 69 + 17 });
        assert_eq!(seats.consumed_before, if first { 0 } else { 1_800 });
        let pool = seed::pool(&client, E3).await;
        assert_eq!(
            (pool.total, pool.consumed, pool.available),
            (1_800, 1_800, 0)
        );
    }
    assert_eq!(seed::holders(&client, E3).await.len(), 1_800);
}

async fn switches_merge(database: Arc<Database>) {
    let Some((_server, client, user)) = organisation("main_job::switches_merge", &database).await
    else {
        return;
    };
    seed::seats(&client, E3, 5).await;
    let add = LicenseChange {
        switches: vec![off("", "YAMMER_ENTERPRISE")],
        ..seed::add(&user, E3)
    };
    modify(&client, add).await.unwrap();
    let switch = LicenseChange {
        user: user.clone(),
        switches: vec![off(E3, "FORMS_PLAN_E3")],
        ..LicenseChange::default()
    };
    assert_eq!(
        modify(&client, switch).await.unwrap().result(),
        OutcomeResult::Applied
    );

    let request = ListUserLicensesRequest {
        parent: user.clone(),
        ..ListUserLicensesRequest::default()
    };
    let licenses = client
        .licenses
        .clone()
        .list_user_licenses(request)
        .await
        .unwrap()
        .into_inner()
        .user_licenses;
    let mut plans_off: Vec<&str> = licenses[0]
        .plans
        .iter()
        .filter(|plan| plan.status() == PlanStatus::Off)
        .map(|plan| plan.plan_name.as_str())
        .collect();
    plans_off.sort_unstable();
    assert_eq!(plans_off, ["FORMS_PLAN_E3", "YAMMER_ENTERPRISE"]);

    let foreign = LicenseChange {
        user,
        switches: vec![off(E3, "EXCHANGE_S_STANDARD")],
        ..LicenseChange::default()
    };
    let refused = modify(&client, foreign).await.unwrap_err();
    assert_eq!(refusal(&refused), ErrorReason::PlanNotInProduct);
    let plans = outcome(&refused).causes[0].metadata["plans"].clone();
    assert_eq!(plans.split(',').count(), 50, "{plans}");
    for part in ["EXCHANGE_S_STANDARD", E3, "EXCHANGE_S_ENTERPRISE"] {
        assert!(
            refused.message().contains(part),
            "{part} is not in: {}",
            refused.message()
        );
    }
}

async fn plans_that_exclude_each_other_are_refused_with_fixes(database: Arc<Database>) {
    let test = "main_job::plans_that_exclude_each_other_are_refused_with_fixes";
    let (Some(rules), Some((_server, client, user))) =
        (path(test, EXCLUSIONS), organisation(test, &database).await)
    else {
        return;
    };
    import_rules(&client, &rules).await;
    seed::seats(&client, "ENTERPRISEPACK", 5).await;
    seed::seats(&client, "STANDARDPACK", 5).await;
    modify(&client, seed::add(&user, "ENTERPRISEPACK"))
        .await
        .unwrap();

    let refused = modify(&client, seed::add(&user, "STANDARDPACK"))
        .await
        .unwrap_err();
    assert_eq!(refusal(&refused), ErrorReason::MutuallyExclusivePlans);
    for part in [
        "ENTERPRISEPACK",
        "STANDARDPACK",
        "SHAREPOINTSTANDARD",
        "SHAREPOINTENTERPRISE",
    ] {
        assert!(
            refused.message().contains(part),
            "{part} is not in: {}",
            refused.message()
        );
    }
    assert_eq!(seed::pool(&client, "STANDARDPACK").await.consumed, 0);

    let options = StreamLicenseChangesOptions {
        validate_only: true,
        ..StreamLicenseChangesOptions::default()
    };
    let (outcomes, _) = load::stream(
        &client,
        options.clone(),
        vec![seed::add(&user, "STANDARDPACK")],
    )
    .await
    .unwrap();
    let fixes: Vec<LicenseChange> = outcomes[0]
        .causes
        .iter()
        .flat_map(|cause| &cause.fixes)
        .filter_map(|fix| match &fix.action {
            Some(Action::ChangeLicenses(change)) => Some(change.clone()),
            _ => None,
        })
        .collect();
    assert!(!fixes.is_empty(), "no way out is shown: {:?}", outcomes[0]);
    for fix in fixes {
        let (outcomes, _) = load::stream(&client, options.clone(), vec![fix])
            .await
            .unwrap();
        assert_eq!(
            outcomes[0].result(),
            OutcomeResult::Applied,
            "a fix that does not work: {:?}",
            outcomes[0]
        );
    }

    let switches = vec![off("STANDARDPACK", "SHAREPOINTSTANDARD")];
    let change = LicenseChange {
        switches,
        ..seed::add(&user, "STANDARDPACK")
    };
    assert_eq!(
        modify(&client, change).await.unwrap().result(),
        OutcomeResult::Applied
    );
}

async fn a_missing_prerequisite_is_refused(database: Arc<Database>) {
    let test = "main_job::a_missing_prerequisite_is_refused";
    let (Some(rules), Some((_server, client, user))) = (
        path(test, PREREQUISITES),
        organisation(test, &database).await,
    ) else {
        return;
    };
    import_rules(&client, &rules).await;
    seed::seats(&client, "MCOMEETADV", 5).await;
    seed::seats(&client, "ENTERPRISEPACK", 5).await;
    let refused = modify(&client, seed::add(&user, "MCOMEETADV"))
        .await
        .unwrap_err();
    assert_eq!(refusal(&refused), ErrorReason::MissingPrerequisitePlan);
    for part in ["MCOMEETADV", "MCOSTANDARD", "TEAMS1"] {
        assert!(
            refused.message().contains(part),
            "{part} is not in: {}",
            refused.message()
        );
    }
    let both = LicenseChange {
        add: vec!["MCOMEETADV".to_owned(), "ENTERPRISEPACK".to_owned()],
        ..seed::add(&user, "")
    };
    assert_eq!(
        modify(&client, both).await.unwrap().result(),
        OutcomeResult::Applied
    );
    let refused = modify(
        &client,
        LicenseChange {
            add: Vec::new(),
            remove: vec!["ENTERPRISEPACK".to_owned()],
            ..seed::add(&user, "")
        },
    );
    assert_eq!(
        refusal(&refused.await.unwrap_err()),
        ErrorReason::PrerequisiteInUse
    );
}

async fn a_row_with_a_bad_guid_is_refused_alone(database: Arc<Database>) {
    let server = Server::start(&database.url);
    let client = Client::connect(server.address()).await;
    let guid = "a0000000-0000-4000-8000-00000000000";
    let rows = (1..=3).map(|number| {
        let product = if number == 2 {
            "not-a-guid".to_owned()
        } else {
            format!("{guid}{number}")
        };
        let plan = format!("b0000000-0000-4000-8000-00000000000{number}");
        let name = format!("PRODUCT_{number}");
        vec![
            format!("Product {number}"),
            name,
            product,
            format!("PLAN_{number}"),
            plan,
            format!("Plan {number}"),
        ]
    });
    let table = Table::new("list.csv", &seed::PRODUCT_COLUMNS, rows);
    let response = table.into_products(&client).await.unwrap();
    let report = response.report.unwrap();
    assert_eq!((response.products, report.rows, report.refused), (2, 3, 1));
    let item = report
        .items
        .iter()
        .find(|item| item.line == 3)
        .expect("the row is named by its line");
    assert_eq!(item.column, "GUID");
    assert!(item.message.contains("not-a-guid"), "{}", item.message);
}

/// A server with the vendor's list and one person with a usage location.
async fn organisation(test: &str, database: &Database) -> Option<(Server, Client, String)> {
    let products = path(test, PRODUCTS)?;
    let server = Server::start(&database.url);
    let client = Client::connect(server.address()).await;
    Table::read(&products).into_products(&client).await.unwrap();
    let user = seed::people(&client, 1).await.remove(0);
    Some((server, client, user))
}

async fn import_rules(client: &Client, path: &Path) {
    let report = Table::read(path)
        .into_rules(client)
        .await
        .unwrap()
        .report
        .unwrap();
    assert_eq!(report.refused, 0, "{:?}", report.items);
    assert!(report.created > 0);
}

async fn users(client: &Client, filter: &str) -> Vec<String> {
    let (mut names, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListUsersRequest {
            page_size: 1_000,
            page_token,
            filter: filter.to_owned(),
            read_time: None,
            show_deleted: false,
            search: String::new(),
        };
        let page = client
            .users
            .clone()
            .list_users(request)
            .await
            .unwrap()
            .into_inner();
        names.extend(page.users.into_iter().map(|user| user.user_principal_name));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return names;
        }
    }
}

async fn modify(client: &Client, mut change: LicenseChange) -> Result<Outcome, tonic::Status> {
    change.add.retain(|product| !product.is_empty());
    let request = ModifyUserLicensesRequest {
        change: Some(change),
        ..ModifyUserLicensesRequest::default()
    };
    let response = client
        .licenses
        .clone()
        .modify_user_licenses(request)
        .await?;
    Ok(response.into_inner().outcome.unwrap())
}

fn off(product: &str, plan: &str) -> PlanSwitch {
    PlanSwitch {
        product: product.to_owned(),
        plan: plan.to_owned(),
        state: SwitchState::Off.into(),
    }
}

fn tally(outcomes: &[Outcome]) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    for outcome in outcomes {
        let result = outcome
            .result()
            .as_str_name()
            .trim_start_matches("OUTCOME_RESULT_");
        let key = match outcome.reason() {
            ErrorReason::Unspecified => result.to_owned(),
            reason => format!("{result} {}", reason.code()),
        };
        *tally.entry(key).or_default() += 1;
    }
    tally
}
