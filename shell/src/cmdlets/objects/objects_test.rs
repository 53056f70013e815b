//! Tests of the object commands, each as one stage.

use usher_object::Value;

use super::test_host::{Bench, arg, block, calculated, names, on, people};
use super::*;
use crate::cmdlet::{ArgValue, Cmdlet};
use crate::error::ShellError;

fn numbers(last: i64) -> Vec<Value> {
    (1..=last).map(Value::from).collect()
}

fn shown(cmdlet: &'static Cmdlet, args: Vec<(&str, ArgValue)>, input: Vec<Value>) -> Vec<String> {
    Bench::new().shown(cmdlet, args, input)
}

fn fails(cmdlet: &'static Cmdlet, args: Vec<(&str, ArgValue)>, input: Vec<Value>) -> ShellError {
    Bench::new().run(cmdlet, args, input).unwrap_err()
}

fn property(name: &'static str) -> impl Fn(&Value) -> Value {
    move |item| item.property(name).unwrap()
}

#[test]
fn where_object_tests_with_a_block_or_an_operator() {
    let names_of = |args| shown(&WHERE_OBJECT, args, people()).len();
    assert_eq!(
        names_of(vec![("", arg("Department")), ("eq", arg("sales"))]),
        2
    );
    assert_eq!(names_of(vec![("", arg("seats")), ("GT", arg(2))]), 2);
    assert_eq!(
        names_of(vec![
            ("", arg("Seats")),
            ("in", arg(Value::list([5.into(), 9.into()])))
        ]),
        2
    );
    assert_eq!(
        names_of(vec![("", arg("Name")), ("notlike", arg("*e*"))]),
        1
    );
    assert_eq!(names_of(vec![("", arg("Name"))]), 3);
    assert_eq!(
        names_of(vec![(
            "",
            block(|item| (item.property("Seats").unwrap() == 9.into()).into())
        )]),
        1
    );
    assert_eq!(
        names_of(vec![("FilterScript", block(|_| Value::list([])))]),
        0
    );
}

#[test]
fn where_object_says_what_is_wrong_with_its_test() {
    let wrong = |args| fails(&WHERE_OBJECT, args, people());
    assert_eq!(wrong(vec![]).code, "PARAMETER_CONFLICT");
    assert_eq!(
        wrong(vec![("", arg("Seats")), ("gt", arg(1)), ("lt", arg(9))]).code,
        "PARAMETER_CONFLICT"
    );
    assert_eq!(
        wrong(vec![("", block(|_| Value::Null)), ("eq", arg(1))]).code,
        "PARAMETER_CONFLICT"
    );
    assert_eq!(
        wrong(vec![("", arg("Departmnt")), ("eq", arg(1))]).code,
        "PROPERTY_NOT_FOUND"
    );
    assert_eq!(
        wrong(vec![("", arg("Name")), ("gt", arg(1))]).code,
        "VALUE_NOT_COMPARABLE"
    );
}

#[test]
fn select_object_counts_from_both_ends_and_stops_the_source() {
    let select = |args| shown(&SELECT_OBJECT, args, numbers(6)).join(" ");
    assert_eq!(select(vec![("First", arg(2))]), "1 2");
    assert_eq!(select(vec![("Skip", arg(2)), ("First", arg(2))]), "3 4");
    assert_eq!(select(vec![("Last", arg(2))]), "5 6");
    assert_eq!(select(vec![("Last", arg(2)), ("Skip", arg(1))]), "4 5");
    assert_eq!(select(vec![("Last", arg(9))]), "1 2 3 4 5 6");
    assert_eq!(select(vec![("Skip", arg(9))]), "");
    assert!(
        fails(&SELECT_OBJECT, vec![("First", arg(-1))], vec![])
            .message
            .contains("-1")
    );
    let source = vec![
        Ok(1.into()),
        Ok(2.into()),
        Err(ShellError::new("PULLED", "Pulled too far")),
    ];
    let first = Bench::new().run_results(&SELECT_OBJECT, vec![("First", arg(2))], source);
    assert_eq!(first, Ok(numbers(2)));
}

#[test]
fn select_object_chooses_calculates_expands_and_drops_repeats() {
    let select = |args| shown(&SELECT_OBJECT, args, people()[..2].to_vec());
    assert_eq!(
        select(vec![("", names(&["seats", "Name"]))])[0],
        "@{Seats=5; Name=Adele}"
    );
    let columns = ArgValue::List(vec![
        arg("N*"),
        calculated("Twice", |item| item.to_string().len().into()),
    ]);
    assert_eq!(select(vec![("", columns)])[0], "@{Name=Adele; Twice=40}");
    assert_eq!(
        select(vec![("ExpandProperty", arg("Name"))]),
        ["Adele", "bert"]
    );
    let unique = vec![("ExpandProperty", arg("Department")), ("Unique", on())];
    assert_eq!(shown(&SELECT_OBJECT, unique, people()), ["Sales", "IT"]);
    assert_eq!(
        fails(&SELECT_OBJECT, vec![("", arg("Nmae"))], people()).code,
        "PROPERTY_NOT_FOUND"
    );
}

#[test]
fn sort_object_takes_a_direction_for_each_key() {
    let sorted = |args| {
        let args: Vec<(&str, ArgValue)> = args;
        let rows = Bench::new().run(&SORT_OBJECT, args, people()).unwrap();
        rows.iter()
            .map(|row| row.property("Name").unwrap().to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(sorted(vec![("", arg("Name"))]), "Adele bert Carla");
    assert_eq!(
        sorted(vec![("", arg("Name")), ("Descending", on())]),
        "Carla bert Adele"
    );
    assert_eq!(
        sorted(vec![("", names(&["Department", "Seats desc"]))]),
        "bert Carla Adele"
    );
    assert_eq!(
        sorted(vec![
            ("", names(&["Department asc", "Seats"])),
            ("Descending", on())
        ]),
        "bert Carla Adele"
    );
    assert_eq!(
        sorted(vec![("", block(property("Seats")))]),
        "bert Adele Carla"
    );
    for name in ["desc", "Seats DESC", "{ … } desc"] {
        let key = calculated(name, property("Seats"));
        assert_eq!(sorted(vec![("", key)]), "Carla Adele bert", "{name}");
    }
    let upwards = calculated("asc", property("Seats"));
    assert_eq!(
        sorted(vec![("", upwards), ("Descending", on())]),
        "bert Adele Carla"
    );
    assert_eq!(
        shown(&SORT_OBJECT, vec![("Descending", on())], numbers(3)),
        ["3", "2", "1"]
    );
}

#[test]
fn sort_object_keeps_the_first_of_equal_ones_and_only_the_top() {
    let departments = |args| {
        let rows = Bench::new().run(&SORT_OBJECT, args, people()).unwrap();
        let names = rows.iter().map(|row| row.property("Name").unwrap());
        names.map(|name| name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        departments(vec![("", arg("Department")), ("Unique", on())]),
        ["bert", "Adele"]
    );
    assert_eq!(
        departments(vec![("", arg("Seats desc")), ("Top", arg(2))]),
        ["Carla", "Adele"]
    );
    assert_eq!(
        departments(vec![
            ("", arg("Department")),
            ("Unique", on()),
            ("Top", arg(1))
        ]),
        ["bert"]
    );
    assert_eq!(
        shown(&SORT_OBJECT, vec![("Top", arg(0))], numbers(3)),
        Vec::<String>::new()
    );
    let wrong = fails(&SORT_OBJECT, vec![("Top", arg(-1))], vec![]);
    assert_eq!(wrong.code, "ARGUMENT_INVALID");
}

#[test]
fn group_object_gives_rows_or_one_map() {
    let rows = shown(
        &GROUP_OBJECT,
        vec![("", arg("Department")), ("NoElement", on())],
        people(),
    );
    assert_eq!(
        rows,
        [
            "@{Name=Sales; Count=2; Values=Sales}",
            "@{Name=IT; Count=1; Values=IT}"
        ]
    );
    let map = Bench::new()
        .run(
            &GROUP_OBJECT,
            vec![("", arg("Department")), ("AsMap", on())],
            people(),
        )
        .unwrap();
    assert_eq!(
        map[0].property("sales").unwrap().property("Name"),
        Ok(Value::list(["Adele".into(), "Carla".into()]))
    );
    let both = vec![("NoElement", on()), ("AsMap", on())];
    assert_eq!(
        fails(&GROUP_OBJECT, both, vec![]).code,
        "PARAMETER_CONFLICT"
    );
}

#[test]
fn for_each_object_runs_blocks_in_order_and_takes_members() {
    let args = vec![
        ("Begin", block(|_| "first".into())),
        (
            "Process",
            block(|item| Value::list([item.clone(), Value::Null])),
        ),
        ("End", block(|_| "last".into())),
    ];
    assert_eq!(
        shown(&FOR_EACH_OBJECT, args, numbers(2)),
        ["first", "1", "", "2", "", "last"]
    );
    assert_eq!(
        shown(&FOR_EACH_OBJECT, vec![("", arg("Name"))], people()),
        ["Adele", "bert", "Carla"]
    );
    assert_eq!(
        shown(
            &FOR_EACH_OBJECT,
            vec![("", arg("trim"))],
            vec![" a ".into()]
        ),
        ["a"]
    );
    assert_eq!(
        fails(&FOR_EACH_OBJECT, vec![("", arg("Nmae"))], people()).code,
        "PROPERTY_NOT_FOUND"
    );
    assert_eq!(
        fails(&FOR_EACH_OBJECT, vec![], people()).code,
        "PARAMETER_CONFLICT"
    );
}

#[test]
fn measure_object_has_a_row_for_each_property() {
    assert_eq!(
        Bench::new()
            .run(&MEASURE_OBJECT, vec![], numbers(4))
            .unwrap()[0]
            .property("Count"),
        Ok(4.into())
    );
    let args = vec![("", names(&["Seats", "Name"])), ("Maximum", on())];
    assert_eq!(
        shown(&MEASURE_OBJECT, args, people()),
        [
            "@{Property=Seats; Count=3; Sum=; Average=; Minimum=; Maximum=9}",
            "@{Property=Name; Count=3; Sum=; Average=; Minimum=; Maximum=Carla}"
        ]
    );
}

#[test]
fn formats_give_lines_no_wider_than_the_terminal() {
    let bench = Bench::new();
    bench.session.width.set(20);
    let table = bench.shown(
        &FORMAT_TABLE,
        vec![("", names(&["Name", "Seats"]))],
        people(),
    );
    assert_eq!(
        table,
        [
            "Name   Seats",
            "-----  -----",
            "Adele      5",
            "bert       2",
            "Carla      9",
            ""
        ]
    );
    let list = bench.shown(&FORMAT_LIST, vec![("", arg("S*"))], people()[..1].to_vec());
    assert_eq!(list, ["Seats : 5", ""]);
}

#[test]
fn json_goes_there_and_back() {
    let document = shown(
        &CONVERT_TO_JSON,
        vec![("Compress", on())],
        people()[..1].to_vec(),
    );
    assert_eq!(
        document,
        [r#"{"Name":"Adele","Department":"Sales","Seats":5}"#]
    );
    let array = vec![("Compress", on()), ("AsArray", on())];
    assert_eq!(shown(&CONVERT_TO_JSON, array, numbers(1)), ["[1]"]);
    assert_eq!(
        shown(&CONVERT_TO_JSON, vec![("Compress", on())], vec![]),
        ["[]"]
    );
    let pieces = vec!["[{\"a\":1},".into(), "{\"a\":2}]".into()];
    assert_eq!(
        shown(&CONVERT_FROM_JSON, vec![], pieces),
        ["@{a=1}", "@{a=2}"]
    );
    let wrong = fails(&CONVERT_FROM_JSON, vec![], vec!["{\"a\" 1}".into()]);
    assert!(
        wrong.message.contains("line 1, column 6"),
        "{}",
        wrong.message
    );
    assert!(
        fails(&CONVERT_TO_JSON, vec![("Depth", arg(0))], vec![])
            .message
            .contains("given 0")
    );
}

#[test]
fn csv_goes_there_and_back() {
    let lines = shown(&CONVERT_TO_CSV, vec![("Delimiter", arg(";"))], people());
    assert_eq!(
        lines,
        [
            "Name;Department;Seats",
            "Adele;Sales;5",
            "bert;IT;2",
            "Carla;SALES;9"
        ]
    );
    let lines = lines.into_iter().map(Value::from).collect();
    let rows = shown(&CONVERT_FROM_CSV, vec![], lines);
    assert_eq!(rows[1], "@{Name=bert; Department=IT; Seats=2}");
    assert!(
        fails(&CONVERT_TO_CSV, vec![("Delimiter", arg("::"))], vec![])
            .message
            .contains("`::`")
    );
}

#[test]
fn a_csv_file_is_written_in_one_step_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    let path = path.to_str().unwrap();
    let bench = Bench::new();
    let export = |input| bench.run_results(&EXPORT_CSV, vec![("", arg(path))], input);
    assert_eq!(export(people().into_iter().map(Ok).collect()), Ok(vec![]));
    let rows = bench.shown(&IMPORT_CSV, vec![("", arg(path))], vec![]);
    assert_eq!(rows[2], "@{Name=Carla; Department=SALES; Seats=9}");
    let broken = vec![Ok(1.into()), Err(ShellError::new("GONE", "Gone"))];
    assert_eq!(export(broken).unwrap_err().code, "GONE");
    assert_eq!(export(vec![]), Ok(vec![]));
    assert!(bench.warnings()[0].contains("people.csv"));
    assert_eq!(
        bench
            .run(&IMPORT_CSV, vec![("", arg(path))], vec![])
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn a_fault_in_a_file_names_the_file_and_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.csv");
    std::fs::write(&path, "A,B\n1,\"2\n").unwrap();
    let error = fails(&IMPORT_CSV, vec![("", arg(path.to_str().unwrap()))], vec![]);
    assert!(
        error.message.contains("bad.csv: ") && error.message.contains("line 2, column 3"),
        "{}",
        error.message
    );
    let missing = fails(&IMPORT_CSV, vec![("", arg("missing.csv"))], vec![]);
    assert_eq!(
        (missing.code.as_str(), missing.target.as_deref()),
        ("FILE_NOT_FOUND", Some("missing.csv"))
    );
}

#[test]
fn output_passes_takes_apart_and_swallows() {
    let given = vec![("", names(&["a", "b"]))];
    assert_eq!(shown(&WRITE_OUTPUT, given, vec![]), ["a", "b"]);
    assert_eq!(shown(&WRITE_OUTPUT, vec![], numbers(2)), ["1", "2"]);
    assert_eq!(shown(&OUT_NULL, vec![], numbers(2)), Vec::<String>::new());
    assert_eq!(
        shown(&GET_MEMBER, vec![], numbers(2)),
        ["@{Object=number; Name=; Kind=}"]
    );
}
