//! Purchases and the Licenses page against the service, in this process and in memory.

use expect_test::expect;
use usher_object::Value;

use super::fixture::Fixture;
use super::stock::{ADELE, int, stocked, text};

fn buy(fixture: &Fixture, product: &str, quantity: i64, more: &[(&str, Value)]) -> Value {
    let mut args = vec![("", product.into()), ("Quantity", quantity.into())];
    args.extend_from_slice(more);
    let mut bought = fixture.run("New-Subscription", &args, None).unwrap();
    bought.remove(0)
}

/// What is told of the error: its code and the way out, with ids left out.
fn refused(fixture: &Fixture, name: &str, args: &[(&str, Value)], id: &str) -> String {
    let error = fixture.run(name, args, None).unwrap_err();
    let fix = error.fix.unwrap_or_default();
    format!("{}\n{}\n{fix}", error.code, error.message).replace(id, "ID")
}

fn no() -> Value {
    Value::Bool(false)
}

#[test]
fn a_preview_of_a_purchase_shows_its_dates_and_the_seats_and_buys_nothing() {
    let fixture = stocked();
    let planned = buy(
        &fixture,
        "SPE_E3",
        5,
        &[
            ("Trial", Value::Null),
            ("Months", 1.into()),
            ("WhatIf", Value::Null),
        ],
    );
    assert_eq!(text(&planned, "Next"), "expires");
    assert_eq!(planned.property("Id").unwrap(), Value::Null);
    let told = fixture.told.lines.borrow().join("\n");
    for part in [
        "SPE_E3: 10 -> 15 seats, 0 in use, 10 -> 15 free",
        "What if: 5 seats of SPE_E3 would be bought, from 20",
        "; then it expires; if not renewed, seats work until 20",
        "; it can be cancelled until 20",
        "; nothing was changed",
    ] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    let bought = fixture
        .run("Get-Subscription", &[("", "SPE_E3".into())], None)
        .unwrap();
    assert_eq!(bought.len(), 1);
}

#[test]
fn the_licenses_page_has_a_line_for_each_product() {
    let fixture = stocked();
    buy(&fixture, "SPE_E3", 5, &[("RecurringBilling", no())]);
    buy(&fixture, "STANDARDPACK", 1, &[("Purchaser", ADELE.into())]);
    let pools = fixture.run("Get-License", &[], None).unwrap();
    let line = |name: &str| {
        let pool = pools.iter().find(|pool| text(pool, "PartNumber") == name);
        pool.unwrap().clone()
    };
    assert_eq!(pools.len(), 4);
    let e3 = line("SPE_E3");
    assert_eq!((int(&e3, "Total"), int(&e3, "Subscriptions")), (15, 2));
    assert!(text(&e3, "Remark").starts_with("5 expire 20"));
    let own = line("STANDARDPACK");
    assert_eq!(
        (
            int(&own, "Total"),
            int(&own, "Consumed"),
            int(&own, "SelfService")
        ),
        (10, 0, 1)
    );
    let held = fixture
        .run("Get-UserLicense", &[("", ADELE.into())], None)
        .unwrap();
    assert_eq!(text(&held[0], "AssignedBy"), "self-service");

    let before = text(&e3, "PartNumber");
    assert_eq!(before, "SPE_E3");
    let past = text(&line_of_first(&fixture), "CreateTime");
    let past = fixture.run(
        "Get-License",
        &[("", "SPE_E3".into()), ("AsOf", past.into())],
        None,
    );
    assert_eq!(int(&past.unwrap()[0], "Total"), 10);
}

fn line_of_first(fixture: &Fixture) -> Value {
    let own = fixture.run("Get-Subscription", &[("", "STANDARDPACK".into())], None);
    own.unwrap().remove(0)
}

#[test]
fn what_expires_soon_is_found_and_can_be_renewed_at_once() {
    let fixture = stocked();
    let summer = buy(
        &fixture,
        "SPE_E3",
        5,
        &[
            ("Months", 1.into()),
            ("RecurringBilling", no()),
            ("Name", "Summer staff".into()),
        ],
    );
    let soon = || {
        fixture
            .run("Get-Subscription", &[("ExpiringWithin", 35.into())], None)
            .unwrap()
    };
    let found = soon();
    assert_eq!(found.len(), 1);
    assert_eq!(text(&found[0], "Name"), "Summer staff");
    let renewed = fixture
        .run(
            "Set-Subscription",
            &[("Renew", Value::Null), ("Months", 12.into())],
            Some(found),
        )
        .unwrap();
    assert_eq!(text(&renewed[0], "Outcome"), "applied");
    assert_eq!(text(&renewed[0], "Id"), text(&summer, "Id"));
    assert!(soon().is_empty());
}

#[test]
fn a_quantity_below_use_says_how_many_to_unassign_and_who_holds_them() {
    let fixture = stocked();
    let bought = buy(&fixture, "SPB", 2, &[]);
    let people = fixture
        .run(
            "Get-User",
            &[("Department", "Sales".into()), ("Top", 2.into())],
            None,
        )
        .unwrap();
    let rows = fixture
        .run("Set-UserLicense", &[("Add", "SPB".into())], Some(people))
        .unwrap();
    assert_eq!(rows.len(), 2);
    let told = refused(
        &fixture,
        "Set-Subscription",
        &[("", "SPB".into()), ("Quantity", 1.into())],
        &text(&bought, "Id"),
    );
    expect![[r#"
        QUANTITY_BELOW_CONSUMED
        With 1 seat in "Microsoft 365 Business Premium", SPB would have 1 seat and 2 are in use. Unassign 1 first, or keep at least 2 seats; a smaller number can be set for the renewal
        Get-UserLicense -Product SPB // who holds it; 1 to unassign with Remove-UserLicense
        Set-Subscription ID -RenewalQuantity 1"#]]
    .assert_eq(&told);
}

#[test]
fn past_its_window_a_subscription_is_let_end() {
    let fixture = stocked();
    let bought = buy(&fixture, "SPB", 2, &[("CancelDays", 0.into())]);
    let id = text(&bought, "Id");
    let told = refused(&fixture, "Stop-Subscription", &[("", "SPB".into())], &id);
    let (first, fix) = (told.lines().next(), told.lines().last());
    assert_eq!(first, Some("CANCEL_WINDOW_CLOSED"));
    assert_eq!(fix, Some("Set-Subscription ID -RecurringBilling:$false"));
    let end = fixture
        .run(
            "Set-Subscription",
            &[("", id.into()), ("RecurringBilling", no())],
            None,
        )
        .unwrap();
    assert_eq!(text(&end[0], "Next"), "expires");
}

#[test]
fn what_was_cancelled_stands_without_benefit_until_it_is_brought_back() {
    let fixture = stocked();
    buy(&fixture, "SPB", 2, &[]);
    let change = |name: &str| {
        let rows = fixture.run(name, &[("", "SPB".into())], None).unwrap();
        text(&rows[0], "Status")
    };
    let remark = || {
        let pool = fixture.run("Get-License", &[("", "SPB".into())], None);
        text(&pool.unwrap()[0], "Remark")
    };
    assert_eq!(change("Stop-Subscription"), "Disabled");
    assert_eq!(remark(), "suspended");
    let rows = fixture
        .run(
            "Set-UserLicense",
            &[("", ADELE.into()), ("Add", "SPB".into())],
            None,
        )
        .unwrap();
    assert_eq!(text(&rows[0], "Code"), "SUBSCRIPTION_SUSPENDED");
    assert_eq!(text(&rows[0], "Fix"), "Resume-Subscription SPB");
    assert_eq!(change("Resume-Subscription"), "Active");
    assert_eq!(remark(), "");
}

#[test]
fn what_users_bought_is_moved_into_the_pool_and_one_refusal_stops_nothing() {
    let fixture = stocked();
    buy(&fixture, "STANDARDPACK", 1, &[("Purchaser", ADELE.into())]);
    buy(&fixture, "MCOMEETADV", 3, &[("Partner", "fabrikam".into())]);
    let all = fixture.run("Get-Subscription", &[], None).unwrap();
    let stopped = fixture
        .run("Stop-Subscription", &[("WhatIf", Value::Null)], Some(all))
        .unwrap();
    let codes: Vec<String> = stopped.iter().map(|row| text(row, "Code")).collect();
    assert_eq!(
        codes,
        [
            "",
            "",
            "",
            "",
            "SELF_SERVICE_SUBSCRIPTION",
            "PARTNER_MANAGED"
        ]
    );
    assert_eq!(text(&stopped[5], "PartNumber"), "MCOMEETADV");

    let own = fixture
        .run("Get-Subscription", &[("SelfService", Value::Null)], None)
        .unwrap();
    assert_eq!(text(&own[0], "Purchaser"), ADELE);
    let moved = fixture.run("Move-Subscription", &[], Some(own)).unwrap();
    assert_eq!(text(&moved[0], "Status"), "Deleted");
    let pool = fixture
        .run("Get-License", &[("", "STANDARDPACK".into())], None)
        .unwrap();
    assert_eq!(
        (int(&pool[0], "Consumed"), int(&pool[0], "SelfService")),
        (1, 0)
    );
}

#[test]
fn a_product_with_several_subscriptions_is_no_name_for_one() {
    let fixture = stocked();
    let second = buy(&fixture, "SPE_E3", 5, &[]);
    let id = text(&second, "Id");
    let told = refused(
        &fixture,
        "Set-Subscription",
        &[("", "SPE_E3".into()), ("Quantity", 7.into())],
        &id,
    );
    assert!(told.starts_with("AMBIGUOUS_NAME"), "{told}");
    assert!(told.contains("or ID (5 seats until 20"), "{told}");
    let changed = fixture
        .run(
            "Set-Subscription",
            &[
                ("", id.into()),
                ("Quantity", 7.into()),
                ("PassThru", Value::Null),
            ],
            None,
        )
        .unwrap();
    assert_eq!(int(&changed[0], "Quantity"), 7);
}
