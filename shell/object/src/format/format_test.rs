//! Tests of tables and lists, as people see them.

use super::*;
use crate::record::TypeCache;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn shown(items: &[Value], options: FormatOptions) -> String {
    let mut formatter = Formatter::new(options);
    let mut out = String::new();
    for item in items {
        formatter.push(item, &mut out);
    }
    formatter.finish(&mut out);
    out
}

fn check(items: &[Value], layout: Layout, width: usize, expected: Expect) {
    let options = FormatOptions {
        layout,
        width: Some(width),
        ..FormatOptions::default()
    };
    expected.assert_eq(&shown(items, options));
}

fn users() -> Vec<Value> {
    let user = RecordType::with_columns(
        "User",
        &["Id", "DisplayName", "Department", "Seats", "Price"],
        &["DisplayName", "Department", "Seats", "Price"],
    );
    let row = |id: i64, name: &str, department: Value, seats: i64, price: i64| {
        let price = Decimal::new(price, 2).into();
        Record::new(
            &user,
            vec![id.into(), name.into(), department, seats.into(), price],
        )
        .into()
    };
    vec![
        row(1, "Adele Vance", "Sales".into(), 5, 1250),
        row(2, "王小明", Value::Null, 1200, 99),
        row(
            3,
            "Evil \u{1b}[2J\nName",
            "Research & Development".into(),
            12,
            100_000,
        ),
    ]
}

#[test]
fn a_table_aligns_by_type() {
    check(
        &users(),
        Layout::Automatic,
        80,
        expect![[r#"
            DisplayName           Department              Seats    Price
            --------------------  ----------------------  -----  -------
            Adele Vance           Sales                       5    12.50
            王小明                                         1200     0.99
            Evil \u{1b}[2J\nName  Research & Development     12  1000.00
        "#]],
    );
}

#[test]
fn a_narrow_terminal_cuts_the_widest_text() {
    check(
        &users(),
        Layout::Automatic,
        40,
        expect![[r#"
            DisplayName     Departm…  Seats    Price
            --------------  --------  -----  -------
            Adele Vance     Sales         5    12.50
            王小明                     1200     0.99
            Evil \u{1b}[2…  Researc…     12  1000.00
        "#]],
    );
}

#[test]
fn what_does_not_fit_becomes_a_list() {
    check(
        &users()[..2],
        Layout::Automatic,
        30,
        expect![[r#"
        DisplayName : Adele Vance
        Department  : Sales
        Seats       : 5
        Price       : 12.50

        DisplayName : 王小明
        Department  :
        Seats       : 1200
        Price       : 0.99

    "#]],
    );
}

#[test]
fn a_table_asked_for_drops_columns_instead() {
    check(
        &users()[..2],
        Layout::Table,
        24,
        expect![[r#"
        DisplayName  Department
        -----------  ----------
        Adele Vance  Sales
        王小明
    "#]],
    );
}

#[test]
fn a_list_shows_everything_and_wraps() {
    check(
        &users()[2..],
        Layout::List,
        34,
        expect![[r#"
            Id          : 3
            DisplayName : Evil \u{1b}[2J
                          Name
            Department  : Research &
                          Development
            Seats       : 12
            Price       : 1000.00

        "#]],
    );
}

#[test]
fn kinds_that_alternate_are_set_off() {
    let mut other = TypeCache::new("Pool", true);
    let pool = |used: i64| Value::from(other.record(&["Used"], vec![used.into()]).unwrap());
    let mut pool = pool;
    let items = [
        "text".into(),
        "two\nlines \u{7}".into(),
        pool(1),
        pool(20),
        5.into(),
    ];
    check(
        &items,
        Layout::Automatic,
        80,
        expect![[r#"
        text
        two
        lines \u{7}

        Used
        ----
           1
          20

        5
    "#]],
    );
}

#[test]
fn a_figure_wider_than_its_column_is_not_cut() {
    let mut types = TypeCache::new("Row", true);
    let mut row = |name: &str, count: i64| {
        Value::from(
            types
                .record(&["Count", "Name"], vec![count.into(), name.into()])
                .unwrap(),
        )
    };
    let mut items: Vec<Value> = (0..SAMPLE).map(|_| row("a", 1)).collect();
    items.push(row("longer", 123_456_789));
    let text = shown(&items, FormatOptions::default());
    assert!(text.ends_with("    1  a\n123456789  lon…\n"), "{text}");
}

#[test]
fn rows_come_out_once_the_sample_is_full() {
    let mut types = TypeCache::new("Row", true);
    let row = Value::from(types.record(&["Count"], vec![1.into()]).unwrap());
    let mut formatter = Formatter::new(FormatOptions::default());
    let mut out = String::new();
    for _ in 0..SAMPLE - 1 {
        formatter.push(&row, &mut out);
    }
    assert_eq!(out, "");
    formatter.push(&row, &mut out);
    assert_eq!(out.lines().count(), SAMPLE + 2);
    formatter.push(&row, &mut out);
    assert_eq!(out.lines().count(), SAMPLE + 3);
}

#[test]
fn headings_are_bold_only_in_the_ansi_style() {
    let options = FormatOptions {
        style: Style::Ansi,
        ..FormatOptions::default()
    };
    let text = shown(&users()[..1], options);
    assert!(
        text.starts_with("\u{1b}[1mDisplayName\u{1b}[0m  \u{1b}[1mDepartment"),
        "{text:?}"
    );
    assert!(!shown(&users()[..1], FormatOptions::default()).contains('\u{1b}'));
}

#[test]
fn objects_without_properties_do_no_harm() {
    let empty = Value::from(
        TypeCache::new("Object", false)
            .record::<&str>(&[], vec![])
            .unwrap(),
    );
    assert_eq!(shown(&[empty], FormatOptions::default()), "\n");
    assert_eq!(shown(&[], FormatOptions::default()), "");
    assert_eq!(shown(&[Value::Null], FormatOptions::default()), "\n");
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_terminal(
        cells in prop::collection::vec(prop::collection::vec("[a-z王é \n\u{1b}]{0,30}", 3), 1..5),
        width in 30_usize..90,
    ) {
        let mut types = TypeCache::new("Row", true);
        let items: Vec<Value> = cells
            .iter()
            .map(|row| types.record(&["First", "Second", "Third"], row.iter().map(|cell| cell.as_str().into()).collect()).unwrap().into())
            .collect();
        for layout in [Layout::Automatic, Layout::Table, Layout::List] {
            let text = shown(&items, FormatOptions { layout, width: Some(width), ..FormatOptions::default() });
            for line in text.lines() {
                prop_assert!(super::super::cell::width(line) <= width, "{line:?}");
                let has_escape = line.contains('\u{1b}');
                prop_assert!(!has_escape);
            }
        }
    }
}

#[test]
fn items_with_commas_of_their_own_stand_below_each_other() {
    let row = |fixes: &[&str]| {
        let fixes = Value::list(fixes.iter().map(|fix| Value::from(*fix)));
        let row = TypeCache::new("Row", true).record(&["Fixes"], vec![fixes]);
        Value::from(row.unwrap())
    };
    check(
        &[row(&["Remove A", "Add B"])],
        Layout::List,
        80,
        expect![[r"
            Fixes : Remove A, Add B

        "]],
    );
    check(
        &[row(&[
            "Set-UserLicense -Disable A, B",
            "Set-UserLicense -Disable C",
        ])],
        Layout::List,
        80,
        expect![[r"
            Fixes : Set-UserLicense -Disable A, B
                    Set-UserLicense -Disable C

        "]],
    );
}

/// Rows under headings, in a table as asked for.
fn grouped(rows: &[(&str, &str, &str)], options: FormatOptions) -> String {
    let mut types = TypeCache::new("Row", true);
    let mut formatter = Formatter::new(options);
    let (mut out, mut last) = (String::new(), "");
    for (group, name, note) in rows {
        if *group != last {
            formatter.begin_group(&format!("Team: {group}"));
            last = group;
        }
        let row = types.record(&["Name", "Note"], vec![(*name).into(), (*note).into()]);
        formatter.push(&row.unwrap().into(), &mut out);
    }
    formatter.finish(&mut out);
    out
}

#[test]
fn each_group_has_a_heading_and_the_columns_of_all() {
    let rows = [
        ("IT", "bert", ""),
        ("Sales", "Adele Vance", "new"),
        ("Sales", "王小明", "asks for a licence"),
        ("", "Evil\u{1b}[2J", ""),
    ];
    let options = FormatOptions {
        layout: Layout::Table,
        width: Some(30),
        ..FormatOptions::default()
    };
    let expected = expect![[r#"
           Team: IT

        Name           Note
        -------------  ---------------
        bert

           Team: Sales

        Name           Note
        -------------  ---------------
        Adele Vance    new
        王小明         asks for a lic…

           Team:

        Name           Note
        -------------  ---------------
        Evil\u{1b}[2J
    "#]];
    expected.assert_eq(&grouped(&rows, options));
    let list = FormatOptions {
        layout: Layout::List,
        ..options
    };
    expect![[r#"
           Team: IT

        Name : bert
        Note :

    "#]]
    .assert_eq(&grouped(&rows[..1], list));
}

#[test]
fn groups_that_begin_after_the_sample_have_headings_too() {
    let mut rows = vec![("a", "x", ""); SAMPLE + 1];
    rows.push(("b", "y", ""));
    let text = grouped(&rows, FormatOptions::default());
    assert!(
        text.ends_with("x\n\n   Team: b\n\nName  Note\n----  ----\ny\n"),
        "{text}"
    );
}

#[test]
fn wrapped_cells_lose_nothing() {
    let rows = [
        ("a", "Adele Vance", "Research & Development\nsecond line"),
        ("a", "王小明的很长的名字很长", ""),
    ];
    let options = FormatOptions {
        layout: Layout::Table,
        width: Some(30),
        wrap: true,
        ..FormatOptions::default()
    };
    expect![[r#"
           Team: a

        Name            Note
        --------------  --------------
        Adele Vance     Research &
                        Development
                        second line
        王小明的很长的
        名字很长
    "#]]
    .assert_eq(&grouped(&rows, options));
}

#[test]
fn headings_that_are_too_wide_are_wrapped_too() {
    let mut types = TypeCache::new("Row", true);
    let row = types.record(
        &["A long first heading", "Second heading", "N"],
        vec!["x".into(), "y".into(), 123_456_789.into()],
    );
    let options = FormatOptions {
        layout: Layout::Table,
        width: Some(37),
        wrap: true,
        ..FormatOptions::default()
    };
    expect![[r#"
        A long first      Second            N
        heading           heading
        ----------------  --------  ---------
        x                 y         123456789
    "#]]
    .assert_eq(&shown(&[row.unwrap().into()], options));
}

#[test]
fn all_rows_decide_about_the_widths_when_asked_to() {
    let mut types = TypeCache::new("Row", true);
    let mut row = |name: &str| {
        let values = vec![name.into(), 1.into()];
        Value::from(types.record(&["Name", "Count"], values).unwrap())
    };
    let mut items: Vec<Value> = (0..=SAMPLE).map(|_| row("short")).collect();
    items.push(row("one that comes late"));
    let sized = |auto_size| {
        let options = FormatOptions {
            layout: Layout::Table,
            auto_size,
            ..FormatOptions::default()
        };
        shown(&items, options)
    };
    assert!(sized(false).ends_with("one …      1\n"));
    assert!(sized(true).ends_with("one that comes late      1\n"));
}

/// Outcomes of which the first and the second say the same little.
fn outcomes() -> Vec<Value> {
    let outcome = RecordType::with_details(
        "Outcome",
        &["User", "Outcome", "Message", "Gained", "Fix", "Notes"],
        &["User", "Outcome", "Gained", "Fix"],
        &["Message", "Notes"],
    );
    let row = |user: &str, values: [Value; 5]| {
        let mut all = vec![user.into()];
        all.extend(values);
        Record::new(&outcome, all).into()
    };
    let nothing = || Value::list(std::iter::empty());
    vec![
        row(
            "adele@contoso.com",
            [
                "applied".into(),
                Value::Null,
                nothing(),
                Value::Null,
                nothing(),
            ],
        ),
        row(
            "bruno@contoso.com",
            [
                "unchanged".into(),
                Value::Null,
                nothing(),
                Value::Null,
                nothing(),
            ],
        ),
        row(
            "carla@contoso.com",
            [
                "failed".into(),
                "There is no seat".into(),
                nothing(),
                "Buy one".into(),
                nothing(),
            ],
        ),
    ]
}

#[test]
fn where_there_is_no_room_columns_that_say_nothing_go_first() {
    check(
        &outcomes(),
        Layout::Automatic,
        40,
        expect![[r#"
            User               Outcome    Fix
            -----------------  ---------  -------
            adele@contoso.com  applied
            bruno@contoso.com  unchanged
            carla@contoso.com  failed     Buy one
        "#]],
    );
    check(
        &outcomes()[..2],
        Layout::Automatic,
        80,
        expect![[r#"
            User               Outcome    Gained  Fix
            -----------------  ---------  ------  ---
            adele@contoso.com  applied
            bruno@contoso.com  unchanged
        "#]],
    );
}

#[test]
fn a_column_that_was_left_out_comes_back_with_its_first_value() {
    let rows = outcomes();
    let mut many: Vec<Value> = rows[..2].iter().cycle().take(SAMPLE).cloned().collect();
    many.extend(rows);
    let options = FormatOptions {
        width: Some(28),
        ..FormatOptions::default()
    };
    let text = shown(&many, options);
    let last: Vec<&str> = text.lines().skip(SAMPLE + 2).collect();
    expect![[r#"
        adele@contoso.com  applied
        bruno@contoso.com  unchanged

        User    : carla@contoso.com
        Outcome : failed
        Message : There is no seat
        Fix     : Buy one
    "#]]
    .assert_eq(&last.join("\n"));
}

#[test]
fn one_empty_line_stands_between_blocks() {
    let rows = outcomes();
    let mixed = [&rows[2..], &users()[..1], &rows[2..], &["end".into()]].concat();
    check(
        &mixed,
        Layout::Automatic,
        80,
        expect![[r#"
            User    : carla@contoso.com
            Outcome : failed
            Message : There is no seat
            Fix     : Buy one

            DisplayName  Department  Seats  Price
            -----------  ----------  -----  -----
            Adele Vance  Sales           5  12.50

            User    : carla@contoso.com
            Outcome : failed
            Message : There is no seat
            Fix     : Buy one

            end
        "#]],
    );
}

#[test]
fn an_object_alone_says_what_a_table_has_no_column_for() {
    let rows = outcomes();
    check(
        &rows[2..],
        Layout::Automatic,
        80,
        expect![[r#"
            User    : carla@contoso.com
            Outcome : failed
            Message : There is no seat
            Fix     : Buy one

        "#]],
    );
    check(
        &rows[..1],
        Layout::Automatic,
        80,
        expect![[r#"
            User               Outcome  Gained  Fix
            -----------------  -------  ------  ---
            adele@contoso.com  applied
        "#]],
    );
}
