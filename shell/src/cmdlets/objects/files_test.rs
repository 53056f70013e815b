//! Tests of writing to files: adding to what is there, and encodings.

use std::fs;

use usher_object::{Record, RecordType, Value};

use super::test_host::{Bench, arg, on, people};
use super::*;
use crate::cmdlet::{ArgValue, Cmdlet};
use crate::error::{Result, ShellError};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Runs a command with this file and these arguments.
    fn run(
        &self,
        cmdlet: &'static Cmdlet,
        name: &str,
        more: Vec<(&str, ArgValue)>,
        input: Vec<Result<Value>>,
    ) -> Result<Vec<Value>> {
        let mut args = vec![("", arg(self.path(name)))];
        args.extend(more);
        Bench::new().run_results(cmdlet, args, input)
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }
}

fn rows(items: Vec<Value>) -> Vec<Result<Value>> {
    items.into_iter().map(Ok).collect()
}

fn one(names: &[&str], values: &[&str]) -> Vec<Result<Value>> {
    let row = RecordType::typed("Row", names);
    let values = values.iter().map(|value| Value::from(*value)).collect();
    vec![Ok(Record::new(&row, values).into())]
}

#[test]
fn rows_are_added_in_the_order_of_the_files_columns() {
    let folder = Folder::new();
    let append = |input| folder.run(&EXPORT_CSV, "a.csv", vec![("Append", on())], input);
    append(one(&["Name", "City"], &["Adele", "Bern"])).unwrap();
    append(one(&["city", "NAME"], &["Ulm", "Bert"])).unwrap();
    assert_eq!(folder.text("a.csv"), "Name,City\nAdele,Bern\nBert,Ulm\n");
    // Written by something else: another separator, no line end behind the last row.
    fs::write(folder.path("a.csv"), "Name;City\r\nAdele;Bern").unwrap();
    append(one(&["Name", "City"], &["x, y", "a;b"])).unwrap();
    assert_eq!(
        folder.text("a.csv"),
        "Name;City\r\nAdele;Bern\nx, y;\"a;b\"\n"
    );
}

#[test]
fn other_columns_are_refused_by_name_and_the_file_stays() {
    let folder = Folder::new();
    fs::write(folder.path("a.csv"), "Name,City\nAdele,Bern\n").unwrap();
    let append = |input| folder.run(&EXPORT_CSV, "a.csv", vec![("Append", on())], input);
    let error = append(one(&["Name", "Town"], &["Bert", "Ulm"])).unwrap_err();
    assert_eq!(error.code, "CSV_INVALID");
    assert!(
        error.message.contains(
            "a.csv: The columns differ: the objects have no `City`, and the file has no `Town`"
        ),
        "{}",
        error.message
    );
    assert!(error.fix.unwrap().ends_with("Select-Object Name, City"));
    let mut broken = one(&["Name", "City"], &["Bert", "Ulm"]);
    broken.push(Err(ShellError::new("GONE", "Gone")));
    assert_eq!(append(broken).unwrap_err().code, "GONE");
    assert_eq!(append(vec![]), Ok(vec![]));
    assert_eq!(folder.text("a.csv"), "Name,City\nAdele,Bern\n");
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 1);
}

#[test]
fn every_encoding_is_written_and_gone_on_with() {
    for (encoding, mark) in [
        ("utf8", &b"N"[..]),
        ("utf8bom", &b"\xEF\xBB\xBFN"[..]),
        ("UTF16", &b"\xFF\xFEN\0"[..]),
    ] {
        let folder = Folder::new();
        let export = |more: Vec<(&str, ArgValue)>| {
            let input = one(&["Name", "City"], &["Zoë", "Zürich"]);
            folder.run(&EXPORT_CSV, "a.csv", more, input)
        };
        export(vec![("Encoding", arg(encoding))]).unwrap();
        assert!(folder.bytes("a.csv").starts_with(mark), "{encoding}");
        export(vec![("Append", on())]).unwrap();
        export(vec![("Append", on()), ("Encoding", arg(encoding))]).unwrap();
        let back = folder.run(&IMPORT_CSV, "a.csv", vec![], vec![]).unwrap();
        let shown: Vec<String> = back.iter().map(Value::to_string).collect();
        assert_eq!(shown, ["@{Name=Zoë; City=Zürich}"; 3], "{encoding}");
        let other = if encoding == "utf8" { "utf16" } else { "utf8" };
        let error = export(vec![("Append", on()), ("Encoding", arg(other))]).unwrap_err();
        assert!(
            error.message.contains(&format!("cannot go on in {other}")),
            "{}",
            error.message
        );
    }
}

#[test]
fn text_keeps_its_encoding_when_more_is_added() {
    let folder = Folder::new();
    let write = |more, text: &str| folder.run(&OUT_FILE, "log.txt", more, rows(vec![text.into()]));
    write(
        vec![("Append", on()), ("Encoding", arg("utf16"))],
        "erste Größe",
    )
    .unwrap();
    write(vec![("Append", on())], "王小明").unwrap();
    let error = write(vec![("Append", on()), ("Encoding", arg("utf8"))], "x").unwrap_err();
    assert!(
        error
            .message
            .ends_with("log.txt` is utf16; it cannot go on in utf8"),
        "{}",
        error.message
    );
    let lines = |more| folder.run(&GET_CONTENT, "log.txt", more, vec![]).unwrap();
    assert_eq!(lines(vec![]), ["erste Größe".into(), Value::from("王小明")]);
    assert_eq!(lines(vec![("Raw", on())]), ["erste Größe\n王小明\n".into()]);
    write(vec![("Encoding", arg("utf8BOM"))], "neu").unwrap();
    assert_eq!(folder.bytes("log.txt"), b"\xEF\xBB\xBFneu\n");
}

#[test]
fn what_was_there_stays_when_adding_text_fails() {
    let folder = Folder::new();
    fs::write(folder.path("log.txt"), "before\n").unwrap();
    let broken = vec![Ok("one".into()), Err(ShellError::new("GONE", "Gone"))];
    let ended = folder.run(&OUT_FILE, "log.txt", vec![("Append", on())], broken);
    assert_eq!(ended.unwrap_err().code, "GONE");
    assert!(folder.text("log.txt").starts_with("before\n"));
}

#[test]
fn objects_inside_objects_come_back_from_their_cells() {
    let folder = Folder::new();
    let row = RecordType::typed("Entry", &["Action", "Tags", "Before"]);
    let values = vec![
        "set".into(),
        Value::list(["a".into(), "b".into()]),
        people()[0].clone(),
    ];
    let input = vec![Ok(Record::new(&row, values).into())];
    folder
        .run(
            &EXPORT_CSV,
            "a.csv",
            vec![("Encoding", arg("utf16"))],
            input,
        )
        .unwrap();
    let back = folder.run(&IMPORT_CSV, "a.csv", vec![], vec![]).unwrap();
    assert_eq!(back[0].property("Tags"), Ok("a; b".into()));
    let cell = back[0].property("Before").unwrap();
    let before = Bench::new().shown(&CONVERT_FROM_JSON, vec![], vec![cell]);
    assert_eq!(before, ["@{Name=Adele; Department=Sales; Seats=5}"]);
}

#[test]
fn a_page_has_a_line_where_the_names_are_dates() {
    let folder = Folder::new();
    let drawn = |names: &[&str]| {
        let mut rows = one(names, &["2026-10-01", "5"]);
        rows.extend(one(names, &["2026-10-02", "7"]));
        let chart = Value::list(names.iter().map(|name| Value::from(*name)));
        folder
            .run(&EXPORT_HTML, "a.html", vec![("Chart", arg(chart))], rows)
            .unwrap();
        folder.text("a.html")
    };
    let page = drawn(&["Day", "Used"]);
    assert!(
        page.contains("<polyline") && !page.contains("<rect"),
        "{page}"
    );
    assert!(page.contains("<td>2026-10-02</td>"), "{page}");
}
