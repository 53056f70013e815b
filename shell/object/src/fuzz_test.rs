//! Arbitrary and damaged CSV and JSON: no panic, faults have a place in the text, what is written reads back the same,
//! and other readers agree. Runs briefly; `USHER_FUZZ_SECONDS` says for how long instead.

use std::time::{Duration, Instant};

use crate::csv_read::CsvReader;
use crate::csv_write::CsvWriter;
use crate::json_read::read;
use crate::json_write::{JsonStyle, write};
use crate::{ObjectError, TypeCache, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

type Outcome = Result<(), TestCaseError>;

fn for_a_while<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> Outcome) {
    let seconds = std::env::var("USHER_FUZZ_SECONDS").ok();
    let seconds = seconds.and_then(|text| text.parse().ok()).unwrap_or(0);
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut cases = 0_u64;
    loop {
        let config = Config {
            cases: 512,
            failure_persistence: None,
            ..Config::default()
        };
        cases += u64::from(config.cases);
        TestRunner::new(config)
            .run(strategy, &test)
            .unwrap_or_else(|error| panic!("{error}"));
        if Instant::now() >= until {
            println!("{cases} cases");
            return;
        }
    }
}

/// A fault names a place that the text has.
fn in_range(error: &ObjectError, text: &str) -> Outcome {
    let Some(position) = &error.position else {
        return Ok(());
    };
    let lines: Vec<&str> = text.split('\n').collect();
    prop_assert!(position.line >= 1 && position.column >= 1, "{error:?}");
    let line = lines.get(usize::try_from(position.line - 1).unwrap());
    prop_assert!(line.is_some(), "{error:?} in {text:?}");
    let longest = line.unwrap().chars().count() + 1;
    prop_assert!(
        usize::try_from(position.column).unwrap() <= longest,
        "{error:?} in {text:?}"
    );
    Ok(())
}

/// Bytes in which what means something to a reader is frequent.
fn bytes(meaning: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let one = prop_oneof![
        6 => proptest::sample::select(meaning),
        3 => b'a'..=b'c',
        1 => any::<u8>(),
    ];
    vec(one, 0..80)
}

/// A change at a place: another byte, one more, or one less.
fn damage() -> impl Strategy<Value = Vec<(usize, u8, u8)>> {
    vec((any::<usize>(), any::<u8>(), 0_u8..3), 0..4)
}

fn damaged(mut bytes: Vec<u8>, changes: &[(usize, u8, u8)]) -> Vec<u8> {
    for (place, byte, kind) in changes {
        if bytes.is_empty() {
            return bytes;
        }
        let place = place % bytes.len();
        match kind {
            0 => bytes[place] = *byte,
            1 => bytes.insert(place, *byte),
            _ => drop(bytes.remove(place)),
        }
    }
    bytes
}

fn cells(values: &[Value]) -> Vec<String> {
    values.iter().map(Value::to_string).collect()
}

fn csv_holds(bytes: &[u8]) -> Outcome {
    // Text with a byte order mark or zero bytes may be UTF-16, whose places are those of the decoded text.
    let plain = std::str::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains(['\0', '\u{feff}']));
    let reader = match CsvReader::new(bytes, Some(',')) {
        Ok(reader) => reader,
        Err(error) => return plain.map_or(Ok(()), |text| in_range(&error, text)),
    };
    let columns = cells(
        &reader
            .columns()
            .iter()
            .map(|name| Value::from(std::rc::Rc::clone(name)))
            .collect::<Vec<_>>(),
    );
    let mut rows = Vec::new();
    let mut faults = 0;
    for row in reader {
        match row {
            Ok(row) => rows.push(row.record),
            Err(error) => {
                faults += 1;
                if let Some(text) = plain {
                    in_range(&error, text)?;
                }
            }
        }
    }
    let mut writer = CsvWriter::new(Vec::new(), ',').unwrap();
    for row in &rows {
        writer.write(&Value::from(row.clone())).unwrap();
    }
    let written = writer.finish().unwrap();
    // Without a mark, a zero byte among the first two is taken for UTF-16.
    let looks_wide = written.iter().take(2).any(|byte| *byte == 0);
    if !rows.is_empty() && !looks_wide {
        let again = CsvReader::new(written.as_slice(), Some(',')).unwrap();
        let again: Vec<_> = again.map(|row| row.unwrap().record).collect();
        prop_assert_eq!(again.len(), rows.len());
        for (left, right) in again.iter().zip(&rows) {
            prop_assert_eq!(cells(left.values()), cells(right.values()));
        }
    }
    match plain {
        Some(text) if faults == 0 => csv_agrees(text, columns.len(), &rows),
        _ => Ok(()),
    }
}

/// The `csv` crate reads the same rows, where it knows the same rules: it ends lines at a lone carriage return, and
/// knows no line `sep=`.
fn csv_agrees(text: &str, width: usize, rows: &[crate::Record]) -> Outcome {
    if text.replace("\r\n", "").contains('\r') || text.starts_with("sep=") {
        return Ok(());
    }
    let other = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes())
        .into_records()
        .collect::<Result<Vec<_>, _>>();
    let Ok(other) = other else { return Ok(()) };
    let other: Vec<Vec<String>> = other
        .iter()
        .map(|row| {
            (0..width)
                .map(|index| row.get(index).unwrap_or_default().to_owned())
                .collect()
        })
        .collect();
    let own: Vec<Vec<String>> = rows.iter().map(|row| cells(row.values())).collect();
    prop_assert_eq!(own, other, "{:?}", text);
    Ok(())
}

#[test]
fn arbitrary_csv() {
    for_a_while(&bytes(b",\"\"\n\r;\t \xEF\xBB\xBF\xFF\xFE\0"), |bytes| {
        csv_holds(&bytes)
    });
}

#[test]
fn damaged_csv() {
    let table = vec(vec("[ -~é\n\"]{0,6}", 3), 1..6);
    for_a_while(&(table, damage()), |(table, changes)| {
        let mut types = TypeCache::new("Row", true);
        let mut writer = CsvWriter::new(Vec::new(), ',').unwrap();
        for row in table {
            let values = row.into_iter().map(Value::from).collect();
            let record = types.record(&["a", "b", "c"], values).unwrap();
            writer.write(&record.into()).unwrap();
        }
        csv_holds(&damaged(writer.finish().unwrap(), &changes))
    });
}

fn json_holds(text: &str) -> Outcome {
    let value = match read(text) {
        Ok(value) => value,
        Err(error) => return in_range(&error, text),
    };
    for style in [JsonStyle::COMPACT, JsonStyle::INDENTED] {
        let written = write(&value, style).unwrap();
        let again = read(&written).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        // A float whose text has no exponent reads back as the exact number of the same digits.
        // An exact number has no negative zero.
        if !written.contains("-0.0") {
            prop_assert_eq!(&write(&again, style).unwrap(), &written);
        }
        let own: serde_json::Value = serde_json::from_str(&written)
            .map_err(|error| TestCaseError::fail(format!("{error} in {written}")))?;
        if let Ok(other) = serde_json::from_str::<serde_json::Value>(text) {
            prop_assert!(same(&own, &other), "{} and {}", own, other);
        }
    }
    Ok(())
}

/// From one of the smallest floats to the next.
const SMALLEST_STEP: f64 = f64::from_bits(1);

/// Equal, where exact numbers count as the floats that they are nearest to.
fn same(left: &serde_json::Value, right: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (left, right) {
        (Array(left), Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (Object(left), Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| left.0 == right.0 && same(left.1, right.1))
        }
        (Number(left), Number(right)) => {
            let (left, right) = (left.as_f64().unwrap(), right.as_f64().unwrap());
            // The other reader rounds to a neighbour at times, and the smallest floats lie further apart than that.
            let apart = (left.abs().max(right.abs()) * 1e-15).max(SMALLEST_STEP);
            (left - right).abs() <= apart
        }
        (left, right) => left == right,
    }
}

#[test]
fn the_smallest_floats_are_what_they_are_written_as() {
    json_holds(
        r#"[-1.86414759881581e-309, -1.864147598381583e-309, 5e-324, 2.2250738585072011e-308]"#,
    )
    .unwrap();
    let [read_back] = ["-1.864147598381583e-309"].map(|text| read(text).unwrap());
    let exact: f64 = "-1.864147598381583e-309".parse().unwrap();
    let written = write(&read_back, JsonStyle::COMPACT).unwrap();
    assert_eq!(written.parse::<f64>().unwrap().to_bits(), exact.to_bits());
}

#[test]
fn arbitrary_json() {
    const PIECES: &[&str] = &[
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "d834", "dd1e", "0", "1", "-", ".", "e9",
        "E+", "true", "false", "null", " ", "\n", "\"a\"", "\"A\"", "\"a\":", "é", "𝄞", "\t",
        "\u{1}",
    ];
    for_a_while(&vec(proptest::sample::select(PIECES), 0..40), |pieces| {
        json_holds(&pieces.concat())
    });
}

#[test]
fn damaged_json() {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        "[ -~é𝄞\n]{0,8}".prop_map(Into::into),
    ];
    let tree = leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Into::into),
            vec(("[a-e]{1,3}", inner), 0..5)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    });
    for_a_while(&(tree, damage()), |(tree, changes)| {
        let bytes = damaged(tree.to_string().into_bytes(), &changes);
        json_holds(&String::from_utf8_lossy(&bytes))
    });
}
