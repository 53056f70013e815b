//! The prompt at a real terminal: typed at, completed, searched, pasted into, stopped, made narrow and wide.

use std::{fmt::Write as _, fs, path::Path};

use usher_tests::{
    terminal::{Setup, Terminal, data, key},
    usher::Usher,
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// People of a run that is stopped in the middle.
const MANY: usize = 10_000;

/// A home with a catalogue, seats and people.
fn furnished() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    prepare(
        home.path(),
        "New-User adele@contoso.com -DisplayName 'Adèle Vance' -Department Sales -UsageLocation US
        New-User bruno@contoso.com -DisplayName 'Bruno Vanetti' -Department Finance -UsageLocation DE
        New-User chen@contoso.com -DisplayName 'Chen Wei' -Department Finance -UsageLocation US",
    );
    home
}

fn prepare(home: &Path, more: &str) {
    let products = Path::new(ROOT).join("examples/data/products.csv");
    let commands = format!(
        "Import-Product '{}' | Out-Null; New-Subscription SPE_E3 -Quantity 20000\n{more}",
        products.display()
    );
    let folder = data(home);
    let data = folder.to_str().unwrap();
    let _ = Usher::new()
        .args(["--data", data, "-c", &commands])
        .run()
        .expect_code(0);
}

fn at(home: &Path) -> Setup {
    Setup::new(home, [Path::new("--data"), &data(home)])
}

fn started(home: &tempfile::TempDir) -> Terminal {
    at(home.path()).start()
}

#[test]
fn the_prompt_says_who_one_is_and_computes() {
    let home = furnished();
    let mut terminal = started(&home);
    terminal.wait_for("usher megan@Default>");
    let screen = terminal.line("1 + 1");
    assert!(screen.ends_with("\n2"), "{screen}");
    assert_eq!(terminal.leave(), 0);
}

#[test]
fn tab_completes_a_person_a_product_a_plan_and_a_property() {
    let home = furnished();
    let mut terminal = started(&home);
    terminal.keys("Set-UserLicense van");
    terminal.keys(key::TAB);
    terminal.wait_for("Set-UserLicense adele@contoso.com  1 of 2: Adèle Vance");
    terminal.keys(key::TAB);
    terminal.wait_for("Set-UserLicense bruno@contoso.com  2 of 2: Bruno Vanetti");
    terminal.keys(" -Add spe_e3");
    terminal.keys(key::TAB);
    terminal.wait_for("-Add SPE_E3  ");
    terminal.wait_for("20000 free");
    terminal.keys(" -Dis");
    terminal.keys(key::TAB);
    terminal.wait_for("-Add SPE_E3 -Disable");
    terminal.keys(" yam");
    terminal.keys(key::TAB);
    terminal.wait_for("-Disable YAMMER_ENTERPRISE");
    let screen = terminal.enter();
    assert!(screen.contains("bruno@contoso.com  applied"), "{screen}");

    terminal.keys("Get-User | ? { $_.Usa");
    terminal.keys(key::TAB);
    terminal.wait_for("$_.UsageLocation");
    terminal.keys(" -eq 'US' } | % DisplayName");
    let screen = terminal.enter();
    assert!(screen.contains("Adèle Vance\nChen Wei"), "{screen}");

    terminal.line("$people = Get-User");
    terminal.keys("$people.Depa");
    terminal.keys(key::TAB);
    terminal.wait_for("$people.Department");
}

#[test]
fn a_way_is_judged_before_its_token_is_asked_for() {
    let home = furnished();
    let mut terminal = started(&home);
    let screen = terminal.line("Connect-Service usher.contoso.com:50443");
    for part in ["TOKEN_IN_CLEAR", "-AllowCleartext"] {
        assert!(screen.contains(part), "{part}: {screen}");
    }
    assert!(!screen.contains("Token:"), "{screen}");
    terminal.keys("Connect-Service http://127.0.0.1:1");
    terminal.keys(key::ENTER);
    terminal.wait_for("Token:");
    let screen = terminal.enter();
    assert!(screen.contains("Connect-Service SERVER"), "{screen}");
    terminal.wait_for("usher megan@Default>");
}

#[test]
fn the_history_is_searched_in_the_next_session_too() {
    let home = furnished();
    let mut terminal = started(&home);
    terminal.line("Get-User -Department Finance | % DisplayName");
    terminal.line("2 * 3");
    assert_eq!(terminal.leave(), 0);

    let mut terminal = started(&home);
    terminal.keys(key::CTRL_R);
    terminal.keys("Finance");
    terminal.wait_for("Get-User -Department Finance | % DisplayName");
    let screen = terminal.enter();
    assert!(screen.contains("Bruno Vanetti\nChen Wei"), "{screen}");
    terminal.keys(key::UP);
    terminal.wait_until("the line before", |screen| {
        screen
            .lines()
            .last()
            .is_some_and(|line| line.ends_with("| % DisplayName"))
    });
    terminal.press(key::CTRL_C);
    // What was typed before comes faintly as one types, and the right arrow takes it.
    terminal.keys("2 *");
    terminal.wait_for("> 2 * 3");
    terminal.keys(key::RIGHT);
    let screen = terminal.enter();
    assert!(screen.ends_with("\n6"), "{screen}");
}

#[test]
fn a_pasted_script_runs_as_one() {
    let home = furnished();
    let mut terminal = started(&home);
    terminal.paste(
        "// Who would get what\n\
         $finance = Get-User -Department Finance\n\
         for person in $finance {\n\
         \x20   if person.UsageLocation == \"US\" {\n\
         \x20       Write-Output `${person.DisplayName} works in the US`\n\
         \x20   } else {\n\
         \x20       Write-Output `${person.DisplayName} does not`\n\
         \x20   }\n\
         }\n\
         $finance.Count",
    );
    terminal.wait_for("$finance.Count");
    let screen = terminal.enter();
    let expected = "\nBruno Vanetti does not\nChen Wei works in the US\n2";
    assert!(screen.ends_with(expected), "{screen}");
}

#[test]
fn an_open_bracket_waits_for_more_lines() {
    let home = furnished();
    let mut terminal = started(&home);
    for unfinished in ["Get-User |", "Where-Object {"] {
        terminal.typed(unfinished);
        terminal.keys(key::ENTER);
    }
    terminal.typed("$_.Department -eq 'Sales' } | % DisplayName");
    let screen = terminal.enter();
    assert!(screen.ends_with("\nAdèle Vance"), "{screen}");
}

#[test]
fn ctrl_c_stops_a_large_change_which_goes_on_when_run_again() {
    let home = tempfile::tempdir().unwrap();
    let mut people = String::from("userPrincipalName,displayName,department,usageLocation\n");
    for number in 0..MANY {
        writeln!(
            people,
            "person{number}@contoso.com,Person {number},Sales,DE"
        )
        .unwrap();
    }
    fs::write(home.path().join("people.csv"), people).unwrap();
    let file = home.path().join("people.csv");
    prepare(
        home.path(),
        &format!("Import-User '{}' | Out-Null", file.display()),
    );
    let mut terminal = started(&home);
    let change = "Get-User | Set-UserLicense -Add SPE_E3 -Force | Group-Object Outcome";
    terminal.typed(change);
    terminal.keys(key::ENTER);
    terminal.wait_for("Set-UserLicense: ");
    let screen = terminal.press(key::CTRL_C);
    assert!(
        screen.contains("Set-UserLicense was stopped after "),
        "{screen}"
    );
    let prompt = terminal.screen();
    assert!(prompt.ends_with("usher megan@Default>"), "{prompt}");

    let screen = terminal.line("(Get-License SPE_E3).Consumed -in 1..10000");
    assert!(screen.ends_with("\ntrue"), "{screen}");
    let screen = terminal.line(change);
    assert!(
        screen.contains("unchanged") && screen.contains("applied"),
        "{screen}"
    );
    let screen = terminal.line("(Get-License SPE_E3).Consumed");
    assert!(screen.ends_with("\n10000"), "{screen}");
}

#[test]
fn the_persons_own_script_runs_before_the_prompt() {
    let home = furnished();
    let folder = home.path().join(".config/usher");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("profile.usher"),
        "$boss = 'adele@contoso.com'\nGet-Usr",
    )
    .unwrap();
    let terminal = started(&home);
    let screen = terminal.screen();
    assert!(screen.contains("Unknown command `Get-Usr`"), "{screen}");

    fs::write(folder.join("profile.usher"), "$boss = 'adele@contoso.com'").unwrap();
    let mut terminal = started(&home);
    let screen = terminal.line("(Get-User $boss).DisplayName");
    assert!(screen.ends_with("\nAdèle Vance"), "{screen}");
    drop(terminal);
    let plain = [
        Path::new("--no-profile"),
        Path::new("--data"),
        &data(home.path()),
    ];
    let screen = Setup::new(home.path(), plain).start().line("$boss");
    assert!(screen.contains("VARIABLE_NOT_FOUND"), "{screen}");
}

#[test]
fn more_people_than_the_limit_are_asked_about() {
    let home = furnished();
    let mut terminal = Setup::new(
        home.path(),
        [
            Path::new("--max-people"),
            Path::new("2"),
            Path::new("--data"),
            &data(home.path()),
        ],
    )
    .start();
    terminal.typed("Get-User | Set-UserLicense -Add SPE_E3");
    terminal.keys(key::ENTER);
    terminal.wait_for("[y/N]");
    terminal.keys("n");
    let screen = terminal.enter();
    assert!(screen.contains("NOT_CONFIRMED"), "{screen}");
    let screen = terminal.line("(Get-License SPE_E3).Consumed");
    assert!(screen.ends_with("\n0"), "{screen}");
}

#[test]
fn screens_fit_the_window() {
    let home = furnished();
    let mut terminal = at(home.path()).columns(200).start();
    let wide = terminal.line(
        "Get-User | Select-Object UserPrincipalName, DisplayName, Department, UsageLocation, Id",
    );
    assert!(wide.contains("UserPrincipalName  DisplayName"), "{wide}");
    assert!(!wide.contains('…'), "{wide}");

    terminal.resize(30, 60);
    let narrow = terminal.line("$last");
    let table: Vec<&str> = narrow.lines().skip(1).collect();
    assert!(table.len() > 3, "{narrow}");
    assert!(
        table.iter().all(|line| line.chars().count() <= 60),
        "{narrow}"
    );
    // A line longer than the window is edited as well as any other.
    let long =
        "Get-User | Where-Object Department -eq Finance | Sort-Object DisplayName | % DisplayName";
    let narrow = terminal.line(long);
    assert!(narrow.ends_with("\nBruno Vanetti\nChen Wei"), "{narrow}");
    assert_eq!(narrow.matches("Get-User | Where").count(), 1, "{narrow}");
}

#[test]
fn without_colours_nothing_is_coloured() {
    let home = furnished();
    let mut coloured = started(&home);
    coloured.line("Get-User adele@contoso.com");
    coloured.line("Get-Usr");
    assert!(
        coloured.sent().contains("\u{1b}[1;36m"),
        "no command is coloured"
    );

    let mut plain = at(home.path()).env("NO_COLOR", "1").start();
    plain.line("Get-User adele@contoso.com");
    plain.line("Get-Usr");
    let sent = plain.sent();
    assert!(
        sent.contains("Adèle Vance") && sent.contains("UNKNOWN_COMMAND") || sent.contains("error")
    );
    let colours: Vec<&str> = sent
        .split("\u{1b}[")
        .skip(1)
        .filter(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';');
            end.is_some_and(|end| rest[end..].starts_with('m'))
        })
        .map(|rest| &rest[..rest.len().min(12)])
        .collect();
    assert!(colours.is_empty(), "{colours:?}");
}
