//! Tests of the commands that make text for people, in windows of several widths.

use unicode_width::UnicodeWidthStr;
use usher_object::{RecordType, Value};

use super::test_host::{Bench, arg, block, calculated, names, on, people};
use super::*;
use crate::cmdlet::{ArgValue, Cmdlet};

fn bench(width: usize) -> Bench {
    let bench = Bench::new();
    bench.session.width.set(width);
    bench
}

/// People with long texts and wide characters.
fn staff() -> Vec<Value> {
    let user = RecordType::typed("User", &["Name", "Department", "Note", "Seats"]);
    [
        (
            "Adele Vance",
            "Sales",
            "Asked for a licence twice, waits for the answer of her manager",
            5,
        ),
        (
            "王小明",
            "sales",
            "来自上海的同事，需要一个许可证才能工作",
            12,
        ),
        ("Bert", "IT", "", 1200),
    ]
    .into_iter()
    .map(|(name, department, note, seats)| {
        let values = vec![name.into(), department.into(), note.into(), seats.into()];
        usher_object::Record::new(&user, values).into()
    })
    .collect()
}

fn shown(width: usize, cmdlet: &'static Cmdlet, args: Vec<(&str, ArgValue)>) -> Vec<String> {
    let lines = bench(width).shown(cmdlet, args, staff());
    for line in &lines {
        assert!(line.width() <= width, "{width}: {line}");
    }
    lines
}

#[test]
fn a_table_is_cut_at_60_columns_and_whole_at_200() {
    assert_eq!(
        shown(60, &FORMAT_TABLE, vec![]),
        [
            "Name         Department  Note                          Seats",
            "-----------  ----------  ----------------------------  -----",
            "Adele Vance  Sales       Asked for a licence twice, …      5",
            "王小明       sales       来自上海的同事，需要一个许…      12",
            "Bert         IT                                         1200",
            ""
        ]
    );
    let wide = shown(200, &FORMAT_TABLE, vec![]);
    assert!(wide[2].contains("of her manager      5"), "{}", wide[2]);
    assert!(wide.iter().all(|line| !line.contains('…')));
}

#[test]
fn wrapped_rows_take_the_lines_that_they_need() {
    assert_eq!(
        shown(60, &FORMAT_TABLE, vec![("Wrap", on())]),
        [
            "Name         Department  Note                          Seats",
            "-----------  ----------  ----------------------------  -----",
            "Adele Vance  Sales       Asked for a licence twice,        5",
            "                         waits for the answer of her",
            "                         manager",
            "王小明       sales       来自上海的同事，需要一个许可     12",
            "                         证才能工作",
            "Bert         IT                                         1200",
            ""
        ]
    );
    assert_eq!(
        shown(200, &FORMAT_TABLE, vec![("Wrap", on())]),
        shown(200, &FORMAT_TABLE, vec![])
    );
}

#[test]
fn each_run_of_equal_values_has_a_heading() {
    let args = vec![
        ("", names(&["Name", "Seats"])),
        ("GroupBy", arg("department")),
    ];
    assert_eq!(
        shown(60, &FORMAT_TABLE, args),
        [
            "   Department: Sales",
            "",
            "Name         Seats",
            "-----------  -----",
            "Adele Vance      5",
            "王小明          12",
            "",
            "   Department: IT",
            "",
            "Name         Seats",
            "-----------  -----",
            "Bert          1200",
            ""
        ]
    );
    let many = |item: &Value| Value::from(item.property("Seats").unwrap() != 1200.into());
    let args = vec![("", arg("Name")), ("GroupBy", calculated("Few", many))];
    let lines = shown(60, &FORMAT_LIST, args);
    assert_eq!(
        lines,
        [
            "   Few: true",
            "",
            "Name : Adele Vance",
            "",
            "Name : 王小明",
            "",
            "   Few: false",
            "",
            "Name : Bert",
            ""
        ]
    );
    let nameless = shown(
        60,
        &FORMAT_TABLE,
        vec![("GroupBy", block(move |item| many(item)))],
    );
    assert_eq!(
        (nameless[0].as_str(), nameless[7].as_str()),
        ("   true", "   false")
    );
}

#[test]
fn a_group_takes_one_property_that_is_there() {
    let fails = |by| {
        let args = vec![("GroupBy", by)];
        Bench::new().run(&FORMAT_TABLE, args, people()).unwrap_err()
    };
    let several = fails(names(&["Department", "Name"]));
    assert_eq!(several.code, "ARGUMENT_INVALID");
    assert!(
        several
            .fix
            .is_some_and(|fix| fix.starts_with("-GroupBy Department"))
    );
    assert_eq!(fails(arg("Departmnt")).code, "PROPERTY_NOT_FOUND");
}

#[test]
fn auto_size_looks_at_every_object_first() {
    let mut rows: Vec<Value> = (0..400).flat_map(|_| people()).collect();
    rows.extend(staff().into_iter().take(1).map(|late| {
        let user = people()[0].as_record().unwrap().record_type().clone();
        let name = late.property("Name").unwrap();
        usher_object::Record::new(
            &user,
            vec![name, "A department with a long name".into(), 1.into()],
        )
        .into()
    }));
    let last = |args| bench(200).shown(&FORMAT_TABLE, args, rows.clone())[1202].clone();
    assert_eq!(last(vec![]), "Adel…  A departm…      1");
    assert_eq!(
        last(vec![("AutoSize", on())]),
        "Adele Vance  A department with a long name      1"
    );
}

/// A figure for each of several days, one of them without.
fn days() -> Vec<Value> {
    let day = RecordType::typed("Day", &["Day", "Used", "Total"]);
    [
        ("2026-10-01", "12"),
        ("2026-10-15", ""),
        ("2026-10-20", "40"),
        ("2026-11-01", "31"),
    ]
    .into_iter()
    .map(|(when, used)| {
        usher_object::Record::new(&day, vec![when.into(), used.into(), 50.into()]).into()
    })
    .collect()
}

#[test]
fn figures_of_dates_are_a_line_from_the_first_to_the_last() {
    let chart =
        |width| bench(width).shown(&FORMAT_CHART, vec![("", names(&["Day", "Used"]))], days());
    for width in [60, 200] {
        let lines = chart(width);
        assert_eq!(lines.len(), 12);
        assert!(lines.iter().all(|line| line.width() <= width), "{lines:#?}");
        assert!(
            lines[0].starts_with("40 ┤") && lines[9].starts_with("12 ┤"),
            "{lines:#?}"
        );
        let below: Vec<&str> = lines[11].split_whitespace().collect();
        assert_eq!(below, ["2026-10-01", "2026-11-01"]);
    }
    assert_eq!(chart(60)[11].width(), 60);
    let with_total = bench(60).shown(
        &FORMAT_CHART,
        vec![("", names(&["Day", "Used", "Total"]))],
        days(),
    );
    assert!(with_total[0].starts_with("50 ┤⠉ ⠉ ⠉"), "{}", with_total[0]);
}

#[test]
fn one_date_or_another_name_among_them_gives_bars() {
    let chart = |rows: Vec<Value>| {
        bench(60).shown(&FORMAT_CHART, vec![("", names(&["Day", "Used"]))], rows)
    };
    assert!(chart(days()[..1].to_vec())[0].starts_with("2026-10-01  █"));
    let mut rows = days();
    let shape = rows[0].as_record().unwrap().record_type().clone();
    rows.push(usher_object::Record::new(&shape, vec!["today".into(), 1.into()]).into());
    assert_eq!(chart(rows).len(), 5);
}

#[test]
fn of_objects_that_are_no_pools_the_first_two_properties_are_drawn() {
    let said = bench(60).shown(&FORMAT_CHART, vec![("", names(&["Day", "Used"]))], days());
    assert_eq!(bench(60).shown(&FORMAT_CHART, vec![], days()), said);
}
