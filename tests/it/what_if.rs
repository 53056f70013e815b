//! `-WhatIf` answers what the change itself answers: the same line once with it, and once in earnest on a copy of the
//! same data, row by row.

use serde_json::Value;
use usher_tests::office::Office;

/// What both must say alike of each row.
const PROPERTIES: &str = "UserPrincipalName, DisplayName, Outcome, Code, Message, Fix, Fixes, Next, Gained, Lost, \
    Seats, Notes, NotCarried, Causes, Row, UserId";
/// The pools, as `PRODUCT from TOTAL/CONSUMED`.
const POOLS: &str =
    "Get-License | ForEach-Object { \"$($_.PartNumber) $($_.Consumed) $($_.Total)\" }";

/// Twelve people: two have it already, one holds what excludes it, two have no location, four get the seats that are
/// left, and three find none.
fn office() -> Office {
    let office = Office::of(12, |number| !matches!(number, 3 | 4));
    let _ = office.says(
        "foreach ($product in ['DESK', 'SUITE', 'SMALL']) { New-Subscription $product -Quantity 6 | Out-Null }
        Set-UserLicense p0000@contoso.com, p0001@contoso.com -Add DESK -Disable NOTES | Out-Null
        Set-UserLicense p0002@contoso.com -Add SMALL | Out-Null",
    );
    office
}

fn rows(text: &str) -> Vec<Value> {
    let rows: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    rows.as_array().unwrap().clone()
}

fn tally(rows: &[Value]) -> Vec<String> {
    let mut said: Vec<String> = rows
        .iter()
        .map(|row| {
            let code = row["Code"].as_str().unwrap_or_default();
            format!("{} {code}", row["Outcome"].as_str().unwrap_or_default())
        })
        .map(|said| said.trim_end().to_owned())
        .collect();
    said.sort();
    said.dedup();
    said
}

/// Runs the line both ways; gives the kinds of outcomes that it had.
fn same_both_ways(line: &str, before: &str) -> Vec<String> {
    let preview = office();
    if !before.is_empty() {
        let _ = preview.says(before);
    }
    let earnest = preview.copy();
    let pools_before = earnest.says(POOLS);

    let run = |office: &Office, switch: &str| {
        let line = format!("{line} {switch} | Select-Object {PROPERTIES}");
        office.shell().args(["--output", "json", "-c", &line]).run()
    };
    let asked = run(&preview, "-WhatIf").expect_code(0);
    assert_eq!(
        preview.says(POOLS),
        pools_before,
        "-WhatIf changed something"
    );
    let done = run(&earnest, "");
    let (asked_rows, done_rows) = (rows(&asked.stdout), rows(&done.stdout));
    for (asked, done) in asked_rows.iter().zip(&done_rows) {
        assert_eq!(asked, done, "{line}");
    }
    assert_eq!(asked_rows.len(), done_rows.len(), "{line}");
    let failed = done_rows.iter().any(|row| row["Outcome"] == "failed");
    assert_eq!(done.code, if failed { 3 } else { 0 }, "{}", done.stderr);

    let mut told = 0;
    for (before, after) in pools_before.lines().zip(earnest.says(POOLS).lines()) {
        let [product, from, total] = before.split(' ').collect::<Vec<_>>()[..] else {
            panic!("no pool: {before}");
        };
        let to = after.split(' ').nth(1).unwrap();
        let says = format!("What if: {product} would go from {from} to {to} of {total} seats");
        let names = asked
            .stderr
            .contains(&format!("What if: {product} would go"));
        assert!(names || from == to, "{product} is not in\n{}", asked.stderr);
        assert!(
            !names || asked.stderr.contains(&says),
            "{says}\n{}",
            asked.stderr
        );
        told += usize::from(names);
    }
    assert!(told > 0, "no seats are told:\n{}", asked.stderr);
    tally(&done_rows)
}

#[test]
fn setting_licences() {
    let seen = same_both_ways(
        "Get-User | Set-UserLicense -Add DESK -Disable NOTES -Reason CHG-1",
        "",
    );
    assert_eq!(
        seen,
        [
            "applied",
            "failed MUTUALLY_EXCLUSIVE_PLANS",
            "failed NO_AVAILABLE_SEATS",
            "failed USAGE_LOCATION_MISSING",
            "unchanged",
        ]
    );
    same_both_ways(
        "Get-User | Set-UserLicense -AddFirst SMALL, DESK, SUITE",
        "",
    );
    same_both_ways("Get-User | Set-UserLicense -Add DESK -AllOrNothing", "");
}

#[test]
fn removing_licences() {
    let seen = same_both_ways("Get-User | Remove-UserLicense -Product DESK", "");
    assert!(
        seen.contains(&"applied".to_owned()) && seen.len() > 1,
        "{seen:?}"
    );
    same_both_ways("Get-User | Remove-UserLicense -All", "");
}

#[test]
fn switching_licences() {
    let before = "Get-User | Set-UserLicense -Add DESK | Out-Null; exit(0)";
    let few = "Get-User | Switch-UserLicense -From DESK -To SUITE -CarrySwitches";
    let seen = same_both_ways(few, before);
    assert!(
        seen.contains(&"applied".to_owned()) && seen.len() > 1,
        "{seen:?}"
    );
    let scarce = format!("{before}; Set-Subscription SUITE -Quantity 2 | Out-Null");
    let scarce = scarce.replace("; exit(0)", "") + "; exit(0)";
    let seen = same_both_ways(few, &scarce);
    assert!(
        seen.contains(&"failed NO_AVAILABLE_SEATS".to_owned()),
        "{seen:?}"
    );
}

#[test]
fn copying_licences() {
    let to: Vec<String> = (1..12)
        .map(|number| format!("p{number:04}@contoso.com"))
        .collect();
    let line = format!(
        "Copy-UserLicense -From p0000@contoso.com -To {}",
        to.join(", ")
    );
    let seen = same_both_ways(&line, "");
    assert!(
        seen.contains(&"applied".to_owned()) && seen.len() > 3,
        "{seen:?}"
    );
}

#[test]
fn importing_people() {
    let preview = office();
    preview.write(
        "list.csv",
        "userPrincipalName,displayName,usageLocation\np0000@contoso.com,Renamed,DE\n\
         new@contoso.com,New,FR\np0001@contoso.com,Person 1,DE\nnobody,No address,DE\nother@contoso.com,Other,Nowhere\n",
    );
    let earnest = preview.copy();
    let run = |office: &Office, line: &str| {
        rows(
            &office
                .shell()
                .args(["--output", "json", "-c", line])
                .run()
                .stdout,
        )
    };
    let asked = run(&preview, "Import-User list.csv -WhatIf");
    let asked_rows = run(&preview, "Import-User list.csv -WhatIf -Details");
    assert_eq!(preview.says("(Get-User).Count"), "12");
    assert_eq!(
        run(&earnest.copy(), "Import-User list.csv -Details"),
        asked_rows
    );
    assert_eq!(run(&earnest, "Import-User list.csv"), asked);
    assert_eq!(asked[0]["Created"], 1, "{asked:?}");
    assert_eq!(asked[0]["Updated"], 1, "{asked:?}");
    assert_eq!(asked[0]["Refused"], 2, "{asked:?}");
}

#[test]
fn creating_people() {
    let preview = office();
    preview.write(
        "new.csv",
        "UserPrincipalName,DisplayName,UsageLocation\nnew@contoso.com,New,DE\np0000@contoso.com,Taken,DE\n\
         bad,Bad address,DE\nlast@contoso.com,Last,DE\nNEW@contoso.com,Again,DE\n",
    );
    let earnest = preview.copy();
    let line = |switch: &str| {
        format!(
            "Import-Csv new.csv | New-User -Add DESK {switch} | Select-Object UserPrincipalName, DisplayName, \
             UsageLocation, Licenses"
        )
    };
    let refused = "Import-Csv new.csv | New-User -Add DESK -WhatIf | Where-Object Outcome -eq failed | \
                   ForEach-Object { \"$($_.UserPrincipalName) $($_.Code)\" }";
    let run = |office: &Office, switch: &str| {
        office
            .shell()
            .args(["--output", "json", "-c", &line(switch)])
            .run()
    };
    let asked = run(&preview, "-WhatIf | Where-Object Outcome -ne failed").expect_code(0);
    assert_eq!(
        preview.says(refused),
        "p0000@contoso.com UPN_IN_USE\nbad INVALID_ARGUMENT\nNEW@contoso.com UPN_IN_USE"
    );
    let done = run(&earnest, "").expect_code(3);
    assert_eq!(preview.says("(Get-User).Count"), "12");
    assert_eq!(rows(&asked.stdout), rows(&done.stdout));
    let counted = "2 would be created, 3 refused";
    let all = run(&preview, "-WhatIf").expect_code(0).stderr;
    assert!(all.contains(counted), "{counted} is not in\n{all}");
}

#[test]
fn seats_for_new_people_are_counted_together() {
    let office = office();
    let line = "1..=6 | ForEach-Object { @{ UserPrincipalName = \"n$($_)@contoso.com\"; DisplayName = 'N'; UsageLocation = 'DE' } }
        | New-User -Add DESK -WhatIf | Out-Null";
    let run = office.commands(line).expect_code(0);
    for part in [
        "What if: DESK would go from ",
        "; 2 missing",
        "New-Subscription DESK -Quantity 2",
        "What if: 6 would be created",
    ] {
        assert!(
            run.stderr.contains(part),
            "{part} is not in\n{}",
            run.stderr
        );
    }
    assert_eq!(office.says("(Get-User).Count"), "12");
    // Two fewer seats than people: in the order of the list.
    let _ = office
        .commands(&line.replace(" -WhatIf", ""))
        .expect_code(3);
    let held = "1..=6 | ForEach-Object { Write-Output \"$($_):$((Get-UserLicense \"n$($_)@contoso.com\").Count)\" }";
    let held = office.says(held);
    let held: Vec<&str> = held.lines().collect();
    assert_eq!(held, ["1:1", "2:1", "3:1", "4:1", "5:0", "6:0"]);
}
