//! Whatever kind of name is unknown, the message offers the nearest one.

use std::rc::Rc;

use super::Interpreter;
use crate::cmdlets::fixture::{Fixture, Kept};
use crate::error::ShellError;

fn refused(text: &str) -> ShellError {
    let fixture = Fixture::new();
    let mut interpreter = Interpreter::new(Rc::clone(&fixture.session), Rc::new(Kept::default()));
    interpreter.run_text("<test>", text).unwrap_err()
}

#[test]
fn an_unknown_name_of_any_kind_brings_the_nearest() {
    let mut silent = Vec::new();
    for (text, meant) in [
        ("Get-Usr", "Get-User"),
        ("[1] | Select-Objekt -First 1", "Select-Object"),
        ("Get-User | selct -First 1", "select"),
        ("Get-User -Departmnt Sales", "-Department"),
        ("Get-User -UserType Gest", "Guest"),
        ("(Get-Session).Rols", "Roles"),
        ("$people = [1]; Write-Output $peopel", "$people"),
        ("$people = [1]; $People", "`people`"),
        ("fn licensed(x) { x }\nlicenced(1)", "licensed"),
        ("'abc'.ToUper()", "ToUpper"),
        ("Get-Help Set-UserLicence", "Set-UserLicense"),
        ("Get-Help Get-User -Parameter Filtr", "-Filter"),
        ("Get-Command -Noun Licence", "License"),
        (
            "Get-User -Filter \"departmnt eq 'Sales'\"",
            "did you mean department?",
        ),
        ("Get-Session | Select-Object Rols", "Roles"),
        ("Get-Session | Sort-Object Rols", "Roles"),
    ] {
        let error = refused(text);
        // What is wrong inside a filter the service says in its message.
        let fix = error.fix.unwrap_or(error.message.clone());
        if !fix.contains(meant) {
            silent.push(format!("{text}: {} / {fix}", error.message));
        }
    }
    assert_eq!(silent, [""; 0]);
}

#[test]
fn the_marker_stands_under_the_name_that_is_wrong() {
    let mut wrong = Vec::new();
    for (text, name) in [
        ("Get-User -License E5", "E5"),
        (
            "Set-UserLicense adele@contoso.com -Add SPE_E3, ENTERPRISEPREMIUM",
            "SPE_E3",
        ),
        ("Get-Session | Select-Object Roles, Rols", "Rols"),
        ("Get-Session | Sort-Object Rols -Descending", "Rols"),
        ("Get-Session | Where-Object Rols -eq 'x'", "Rols"),
        ("Get-Session | ForEach-Object Rols", "Rols"),
        ("Get-User nobody@contoso.com", "nobody@contoso.com"),
        ("Get-User -Filter \"department eq Finance\"", "Finance"),
        ("Get-User -Filter \"departmnt eq 'Finance'\"", "departmnt"),
    ] {
        let error = refused(text);
        let marked = error.place.as_ref().map(|place| {
            let from = text.chars().skip(place.column - 1);
            from.take(place.length).collect::<String>()
        });
        if marked.as_deref() != Some(name) {
            wrong.push(format!("{text}: {} marks {marked:?}", error.message));
        }
    }
    assert_eq!(wrong, [""; 0]);
}
