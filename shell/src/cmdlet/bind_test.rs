//! Binding, from arguments as written to what a command reads.

use std::rc::Rc;

use usher_object::{Instant, Value};

use super::*;
use crate::cmdlets::CMDLETS;
use crate::error::ShellError;

fn bind(cmdlet: &Cmdlet, raw: Vec<RawArgument>, has_input: bool) -> Result<Arguments> {
    super::bind(cmdlet, raw, has_input, || {
        Instant::parse("2026-03-31T10:30:00Z").unwrap()
    })
}

fn nothing<'a>(_: Call<'a>) -> Result<Objects<'a>> {
    Ok(Box::new(std::iter::empty()))
}

static SAMPLE: Cmdlet = Cmdlet {
    name: "Set-Sample",
    synopsis: "",
    description: "",
    params: &[
        Param::new("User", Kind::Text, "Who")
            .at(0)
            .mandatory()
            .from(FromPipeline::Value(&["Id"])),
        Param::new("Department", Kind::Text, "Where").at(1),
        Param::new("Days", Kind::Int, "How long"),
        Param::new("Since", Kind::Date, "From when"),
        Param::new("Add", Kind::Text, "Products").many(),
        Param::new("Kind", Kind::Text, "Which").values(Values::OneOf(&["Member", "Guest"])),
        Param::new("Property", Kind::Properties, "Columns").many(),
        Param::new("Recurse", Kind::Switch, "Deep"),
    ],
    effect: Effect::Changes,
    output: &[],
    single: Single::Never,
    examples: &[],
    related: &[],
    run: nothing,
};

fn named(name: &str, value: impl Into<Value>) -> RawArgument {
    RawArgument {
        name: Some(Rc::from(name)),
        value: Some(ArgValue::Value(value.into())),
        place: None,
    }
}

fn alone(name: &str) -> RawArgument {
    RawArgument {
        name: Some(Rc::from(name)),
        value: None,
        place: None,
    }
}

fn bare(value: impl Into<Value>) -> RawArgument {
    RawArgument {
        name: None,
        value: Some(ArgValue::Value(value.into())),
        place: None,
    }
}

fn refused(raw: Vec<RawArgument>) -> ShellError {
    bind(&SAMPLE, raw, false).unwrap_err()
}

#[test]
fn values_without_a_name_go_by_position() {
    let args = bind(&SAMPLE, vec![bare("adele"), bare("Sales")], false).unwrap();
    assert_eq!(args.text("User"), Some("adele"));
    assert_eq!(args.text("Department"), Some("Sales"));
}

#[test]
fn objects_of_the_pipeline_stand_for_the_first_position() {
    let args = bind(&SAMPLE, vec![bare("Sales")], true).unwrap();
    assert!(!args.has("User"));
    assert_eq!(args.text("Department"), Some("Sales"));
}

#[test]
fn names_ignore_case_and_may_be_shortened_while_unique() {
    let args = bind(
        &SAMPLE,
        vec![named("user", "a"), named("dep", "Sales"), alone("WHATIF")],
        false,
    )
    .unwrap();
    assert_eq!(args.text("Department"), Some("Sales"));
    assert!(args.switch("WhatIf"));
    assert!(!args.switch("Force"));
    let error = refused(vec![named("d", 1)]);
    assert_eq!(error.code, "PARAMETER_AMBIGUOUS");
    assert!(
        error.message.contains("-Department or -Days"),
        "{}",
        error.message
    );
}

#[test]
fn an_unknown_parameter_names_the_nearest() {
    let error = refused(vec![named("Departmnt", "x")]);
    assert_eq!(error.code, "PARAMETER_NOT_FOUND");
    assert_eq!(error.fix.as_deref(), Some("Did you mean -Department?"));
    assert_eq!(refused(vec![alone("é")]).code, "PARAMETER_NOT_FOUND");
}

#[test]
fn text_takes_a_number_as_written() {
    let raw = RawArgument {
        name: Some(Rc::from("Department")),
        value: Some(ArgValue::Literal(Rc::from("00123"), Value::Int(123))),
        place: None,
    };
    let args = bind(&SAMPLE, vec![bare("a"), raw], false).unwrap();
    assert_eq!(args.text("Department"), Some("00123"));
}

#[test]
fn kinds_are_checked() {
    let args = bind(
        &SAMPLE,
        vec![bare("a"), named("Days", "30"), named("Since", "2026-11-23")],
        false,
    )
    .unwrap();
    assert_eq!(args.int("Days"), Some(30));
    assert!(args.date("Since").is_some());
    assert_eq!(
        refused(vec![bare("a"), named("Days", "many")]).code,
        "ARGUMENT_INVALID"
    );
    assert_eq!(
        refused(vec![bare("a"), named("Since", "last week")]).code,
        "ARGUMENT_INVALID"
    );
    assert_eq!(
        refused(vec![bare("a"), named("Recurse", "yes")]).code,
        "ARGUMENT_INVALID"
    );
    assert_eq!(
        refused(vec![bare("a"), alone("Days")]).code,
        "VALUE_MISSING"
    );
}

#[test]
fn a_list_and_a_single_value_both_fill_a_list_parameter() {
    let list = Value::list(["E3".into(), "E5".into()]);
    let args = bind(&SAMPLE, vec![bare("a"), named("Add", list)], false).unwrap();
    assert_eq!(args.texts("Add"), ["E3", "E5"]);
    let args = bind(&SAMPLE, vec![bare("a"), named("Add", "E3")], false).unwrap();
    assert_eq!(args.texts("Add"), ["E3"]);
}

#[test]
fn one_of_a_set_is_stored_as_declared() {
    let args = bind(&SAMPLE, vec![bare("a"), named("Kind", "guest")], false).unwrap();
    assert_eq!(args.text("Kind"), Some("Guest"));
    let error = refused(vec![bare("a"), named("Kind", "Gest")]);
    assert_eq!(error.fix.as_deref(), Some("Did you mean Guest?"));
}

#[test]
fn what_is_missing_twice_or_too_much_is_said() {
    assert_eq!(refused(vec![]).code, "PARAMETER_MISSING");
    assert_eq!(
        refused(vec![bare("a"), named("Days", 1), named("Days", 2)]).code,
        "PARAMETER_TWICE"
    );
    let error = refused(vec![bare("a"), bare("b"), bare("c")]);
    assert_eq!(error.code, "ARGUMENT_TOO_MANY");
    assert!(error.message.ends_with(": c"), "{}", error.message);
}

#[test]
fn null_is_not_taken_for_text() {
    assert_eq!(refused(vec![bare(Value::Null)]).code, "ARGUMENT_INVALID");
}

#[test]
fn a_value_after_a_switch_is_refused_with_the_way_to_write_it() {
    let raw = vec![named("User", "adele"), alone("Recurse"), bare(false)];
    let error = bind(&SAMPLE, raw, false).unwrap_err();
    assert_eq!(error.code, "ARGUMENT_INVALID");
    assert_eq!(error.fix.as_deref(), Some("Write -Recurse:$false"));
    let raw = vec![alone("Recurse"), bare("adele")];
    assert!(bind(&SAMPLE, raw, false).is_ok());
}

#[test]
fn a_command_without_parameters_says_so() {
    static BARE: Cmdlet = Cmdlet {
        params: &[],
        effect: Effect::None,
        ..SAMPLE
    };
    let error = bind(&BARE, vec![named("Xyz", 1)], false).unwrap_err();
    assert_eq!(
        error.fix.as_deref(),
        Some("It takes no parameters of its own")
    );
}

#[test]
fn nothing_may_be_cleared_by_empty_text() {
    let error = bind(&SAMPLE, vec![named("Department", Value::Null)], true).unwrap_err();
    assert!(error.fix.unwrap_or_default().contains("''"));
}

#[test]
fn commands_of_whole_input_are_commands_and_those_that_bind_none_take_none() {
    let takes = |name: &str| {
        let cmdlet = CMDLETS.iter().find(|cmdlet| cmdlet.name == name);
        cmdlet.unwrap_or_else(|| panic!("{name}")).takes_input()
    };
    for name in WHOLE_INPUT {
        assert!(takes(name), "{name}");
    }
    for cmdlet in CMDLETS {
        let (verb, noun) = cmdlet.name.split_once('-').unwrap_or_default();
        let compares = cmdlet.name == "Compare-Object";
        if (noun == "Object" && !compares)
            || ["Format", "ConvertTo", "ConvertFrom", "Export"].contains(&verb)
        {
            assert!(cmdlet.takes_input(), "{}", cmdlet.name);
        }
    }
    for name in ["Get-User", "New-User", "Set-UserLicense", "Get-AuditLog"] {
        assert!(takes(name), "{name}");
    }
    for name in [
        "Get-License",
        "New-Subscription",
        "Get-Command",
        "Import-User",
    ] {
        assert!(!takes(name), "{name}");
    }
}

#[test]
fn a_date_may_be_told_from_now_and_a_wrong_one_names_the_forms() {
    let since = |text: &str| bind(&SAMPLE, vec![bare("a"), named("Since", text)], false);
    for (text, shown) in [
        ("3 days ago", "2026-03-28T10:30:00Z"),
        ("-3d", "2026-03-28T10:30:00Z"),
        ("yesterday", "2026-03-30T00:00:00Z"),
        ("today", "2026-03-31T00:00:00Z"),
    ] {
        let date = since(text).unwrap().date("Since");
        assert_eq!(date.map(|date| date.to_string()).as_deref(), Some(shown));
    }
    let error = since("last week").unwrap_err();
    for form in [
        "2026-11-23",
        "yesterday",
        "'3 days ago'",
        "-3d",
        "`last week`",
    ] {
        assert!(error.message.contains(form), "{}", error.message);
    }
}
