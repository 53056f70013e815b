//! Tests of CSV in both directions.

use super::*;
use crate::csv_write::CsvWriter;
use crate::record::TypeCache;
use proptest::prelude::*;

fn read(text: &str) -> Result<Vec<CsvRow>> {
    CsvReader::new(text.as_bytes(), None)?.collect()
}

/// Rows as `line: cell|cell`.
fn rows(text: &str) -> Vec<String> {
    let rows = read(text).unwrap();
    rows.iter()
        .map(|row| {
            let cells: Vec<String> = row.record.values().iter().map(Value::to_string).collect();
            format!("{}: {}", row.line, cells.join("|"))
        })
        .collect()
}

fn columns(text: &str) -> Vec<String> {
    let reader = CsvReader::new(text.as_bytes(), None).unwrap();
    reader
        .columns()
        .iter()
        .map(|name| name.to_string())
        .collect()
}

#[test]
fn cells_quotes_and_line_ends() {
    assert_eq!(rows("a,b\r\n1,2\r\n"), ["2: 1|2"]);
    assert_eq!(rows("a,b\n1,2"), ["2: 1|2"]);
    assert_eq!(
        rows("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n"),
        ["2: x, y|say \"hi\""]
    );
    assert_eq!(
        rows("a,b\n\"one\ntwo\",2\nx,y\n"),
        ["2: one\ntwo|2", "4: x|y"]
    );
    assert_eq!(rows("a,b\n\"\",\"\"\"\"\n"), ["2: |\""]);
    assert_eq!(rows("a,b\n5\" disk,it's\n"), ["2: 5\" disk|it's"]);
    assert_eq!(rows("a\n\n\r\nx\n\n"), ["4: x"]);
    assert_eq!(rows("\n\na,b\n1,2\n"), ["4: 1|2"]);
    assert_eq!(rows("a,b\n 1 ,\t2\n"), ["2:  1 |\t2"]);
    assert_eq!(rows("a;b\n1,5;2\n"), ["2: 1,5|2"]);
    assert_eq!(rows("a,b\n"), Vec::<String>::new());
}

#[test]
fn separators_are_found_in_the_header() {
    assert_eq!(columns("Name;Age;City"), ["Name", "Age", "City"]);
    assert_eq!(columns("Name\tAge"), ["Name", "Age"]);
    assert_eq!(columns("\"Name, first\";Age"), ["Name, first", "Age"]);
    assert_eq!(columns("sep=|\nName|Age"), ["Name", "Age"]);
    assert_eq!(columns("Name"), ["Name"]);
    assert_eq!(
        columns("\u{FEFF} Name ,,Age,"),
        ["Name", "Column2", "Age", "Column4"]
    );
    let given = CsvReader::new("a;b,c".as_bytes(), Some(',')).unwrap();
    assert_eq!((given.separator(), given.columns().len()), (',', 2));
    assert!(CsvReader::new("a".as_bytes(), Some('"')).is_err());
    assert!(CsvReader::new("a".as_bytes(), Some('→')).is_err());
}

#[test]
fn short_rows_are_filled_and_long_ones_refused() {
    let mut reader = CsvReader::new("a,b\n1\n1,2,\n1,2,3\n4,5\n".as_bytes(), None).unwrap();
    assert_eq!(
        reader.next().unwrap().unwrap().record.values(),
        ["1".into(), Value::Null]
    );
    assert!(reader.next().unwrap().is_ok());
    let error = reader.next().unwrap().unwrap_err();
    assert_eq!(error.position, Some(crate::Position { line: 4, column: 5 }));
    assert!(error.cause.contains("`3`"), "{error}");
    let after = reader.next().unwrap().unwrap();
    assert_eq!((after.line, after.record.values().len()), (5, 2));
    assert!(reader.next().is_none());
}

#[test]
fn faults_have_a_place() {
    for (text, cause, line, column) in [
        ("a,b\n1,\"open\nmore\n", "never closed", 2, 3),
        ("a,b\nü,\"x\"y\n", "closing quote", 2, 6),
        ("a,b\n\"1\n2\",\"x\"y\n", "closing quote", 3, 7),
        ("a,A\n", "twice", 1, 1),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.cause.contains(cause), "{error}");
        assert_eq!(
            error.position,
            Some(crate::Position { line, column }),
            "{error}"
        );
    }
    assert!(read("").unwrap_err().cause.contains("empty"));
    assert!(read("\n\n").unwrap_err().cause.contains("empty"));
}

#[test]
fn an_unclosed_quote_ends_the_reading() {
    let mut reader = CsvReader::new("a\n\"x\ny\n".as_bytes(), None).unwrap();
    assert!(reader.next().unwrap().is_err());
    assert!(reader.next().is_none());
}

#[test]
fn text_that_is_no_text_has_a_place() {
    let bytes = b"Name,City\nZo\xEB,Bern\nx,y\n".as_slice();
    let mut reader = CsvReader::new(bytes, None).unwrap();
    let error = reader.next().unwrap().unwrap_err();
    assert_eq!(error.code, ErrorCode::TextNotDecodable);
    assert_eq!(error.position, Some(crate::Position { line: 2, column: 3 }));
}

#[test]
fn utf16_reads_like_utf8() {
    let bytes: Vec<u8> = "\u{FEFF}Name;City\r\nZoë;Zürich\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut reader = CsvReader::new(bytes.as_slice(), None).unwrap();
    let row = reader.next().unwrap().unwrap();
    assert_eq!(row.record.get("city"), Ok(&"Zürich".into()));
}

#[test]
fn a_missing_column_names_those_there_are() {
    let reader = CsvReader::new("UPN,Departement\n".as_bytes(), None).unwrap();
    assert_eq!(reader.require(&["upn"]), Ok(()));
    let error = reader.require(&["UPN", "Department"]).unwrap_err();
    assert_eq!(
        error.cause,
        "The CSV has no column `Department`; it has UPN, Departement"
    );
    assert_eq!(error.fix, "Rename `Departement` if that is meant");
}

#[test]
fn a_row_without_end_is_refused_before_memory_is() {
    let endless = std::io::repeat(b'x');
    let mut reader = CsvReader::new(b"a\n".chain(endless), None).unwrap();
    let error = reader.next().unwrap().unwrap_err();
    assert!(error.cause.contains("longer than 16 MB"), "{error}");
    assert!(reader.next().is_none());
}

fn written(items: &[Value], separator: char) -> Result<String> {
    let mut writer = CsvWriter::new(Vec::new(), separator)?;
    for item in items {
        writer.write(item)?;
    }
    Ok(String::from_utf8(writer.finish()?).unwrap())
}

#[test]
fn cells_are_quoted_only_where_they_must_be() {
    let mut rows = TypeCache::new("Row", true);
    let mut row = |values: Vec<Value>| Value::from(rows.record(&["A", "B"], values).unwrap());
    let items = [
        row(vec!["x,y".into(), Value::Null]),
        row(vec!["say \"hi\"".into(), 1.5.into()]),
        row(vec!["a\nb".into(), Value::list(["p".into(), "q".into()])]),
        row(vec![" edge".into(), true.into()]),
    ];
    assert_eq!(
        written(&items, ',').unwrap(),
        "A,B\n\"x,y\",\n\"say \"\"hi\"\"\",1.5\n\"a\nb\",p; q\n\" edge\",true\n"
    );
    assert!(written(&items, ';').unwrap().starts_with("A;B\nx,y;\n"));
}

#[test]
fn objects_of_other_types_keep_to_the_columns_of_the_first() {
    let record = |names: &[&str]| {
        Value::from(
            TypeCache::new("R", false)
                .record(names, vec![1.into(), 2.into()])
                .unwrap(),
        )
    };
    assert_eq!(
        written(&[record(&["A", "B"]), record(&["b", "a"])], ',').unwrap(),
        "A,B\n1,2\n2,1\n"
    );
    assert_eq!(
        written(&[record(&["A", "B"]), record(&["b"])], ',').unwrap(),
        "A,B\n1,2\n,1\n"
    );
    let error = written(&[record(&["A"]), record(&["A", "C"])], ',').unwrap_err();
    assert!(error.cause.contains("`C`"), "{error}");
    assert_eq!(
        written(&["x".into(), "".into()], ',').unwrap(),
        "Value\nx\n\"\"\n"
    );
}

#[test]
fn what_is_nested_is_one_cell_of_json() {
    let inner = |city: &str| {
        let values = vec![city.into(), 1.into()];
        Value::from(
            TypeCache::new("Place", true)
                .record(&["City", "Floor"], values)
                .unwrap(),
        )
    };
    let row = TypeCache::new("Row", true).record(
        &["Tags", "Place", "Places", "Pairs", "None"],
        vec![
            Value::list(["a".into(), Value::Null, 2.into()]),
            inner("Bern"),
            Value::list([inner("Ulm")]),
            Value::list([Value::list([1.into(), 2.into()])]),
            Value::list([]),
        ],
    );
    let text = written(&[row.unwrap().into()], ',').unwrap();
    assert_eq!(
        text,
        "Tags,Place,Places,Pairs,None\n\
         a; ; 2,\"{\"\"City\"\":\"\"Bern\"\",\"\"Floor\"\":1}\",\
         \"[{\"\"City\"\":\"\"Ulm\"\",\"\"Floor\"\":1}]\",\"[[1,2]]\",\n"
    );
    let back = read(&text).unwrap();
    let cell = back[0].record.get("Place").unwrap().to_string();
    let place = crate::json_read::read(&cell).unwrap();
    assert_eq!(place.property("City"), Ok("Bern".into()));
}

#[test]
fn rows_go_below_those_that_have_the_same_columns() {
    let below = |names: &[&str], columns: &[&str]| {
        let columns: Vec<Rc<str>> = columns.iter().map(|name| Rc::from(*name)).collect();
        let mut writer = CsvWriter::below(Vec::new(), ';', &columns)?;
        let values = (1..=names.len()).map(Value::from).collect();
        writer.write(&TypeCache::new("R", true).record(names, values)?.into())?;
        Ok::<_, ObjectError>(String::from_utf8(writer.finish()?).unwrap())
    };
    assert_eq!(below(&["A", "B"], &["b", "a"]).unwrap(), "2;1\n");
    let error = below(&["A", "C"], &["A", "User name"]).unwrap_err();
    assert_eq!(
        (error.cause.as_str(), error.fix.as_str()),
        (
            "The columns differ: the objects have no `User name`, and the file has no `C`",
            "Give the objects the columns of the file first: Select-Object A, 'User name'"
        )
    );
    assert!(below(&["A"], &["A", "B"]).is_err());
    assert!(below(&["A", "B"], &["A"]).is_err());
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        cells in prop::collection::vec(prop::collection::vec("[a-c,;\"\n\r\t |é=𝄞\u{FEFF}]{0,6}", 3), 0..6),
        separator in prop::sample::select(vec![',', ';', '\t', '|']),
    ) {
        let mut types = TypeCache::new("Row", true);
        let items: Vec<Value> = cells
            .iter()
            .map(|row| types.record(&["A b", "C\"d", "E"], row.iter().map(|cell| cell.as_str().into()).collect()).unwrap().into())
            .collect();
        let text = written(&items, separator).unwrap();
        if !cells.is_empty() {
            let back: Vec<Vec<String>> = CsvReader::new(text.as_bytes(), None)
                .unwrap()
                .map(|row| row.unwrap().record.values().iter().map(Value::to_string).collect())
                .collect();
            prop_assert_eq!(&back, &cells);
        }
    }

    #[test]
    fn reads_what_the_csv_crate_writes(cells in prop::collection::vec(prop::collection::vec("[a,\"\n\r ]{0,5}", 2), 1..6)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["A", "B"]).unwrap();
        for row in &cells {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let back: Vec<Vec<String>> = CsvReader::new(bytes.as_slice(), Some(','))
            .unwrap()
            .map(|row| row.unwrap().record.values().iter().map(Value::to_string).collect())
            .collect();
        prop_assert_eq!(back, cells);
    }

    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(reader) = CsvReader::new(bytes.as_slice(), None) {
            prop_assert!(reader.take(1000).count() < 1000);
        }
    }
}
