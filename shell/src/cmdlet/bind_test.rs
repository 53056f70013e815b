//! Binding, from arguments as written to what a command reads.

use std::rc::Rc;

use usher_object::Value;

use super::*;
use crate::error::ShellError;

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
        refused(vec![bare("a"), named("Since", "yesterday")]).code,
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
