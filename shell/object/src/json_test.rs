//! Tests of JSON in both directions.

use super::*;
use crate::json_write::{JsonStyle, write};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn round_trip(text: &str) -> String {
    write(&read(text).unwrap(), JsonStyle::COMPACT).unwrap()
}

#[test]
fn documents_come_back_as_they_were() {
    for text in [
        "null",
        "true",
        "[]",
        "{}",
        "[1,-2,0.50,12.30,1e300,1.5e-7]",
        "[9223372036854775807,-9223372036854775808,9223372036854775808,79228162514264337593543950335]",
        "[0.1234567890123456789012345678]",
        r#"{"b":1,"a":{"z":[{"y":null}]},"":false}"#,
        r#""quote \" slash \\ line \n tab \t control \u0001 \u009b""#,
        r#""é 𝄞 \\u""#,
    ] {
        assert_eq!(round_trip(text), text);
    }
}

#[test]
fn kinds_of_numbers() {
    assert_eq!(read("5").unwrap(), Value::Int(5));
    assert_eq!(read("5.0").unwrap(), Value::Decimal(Decimal::new(50, 1)));
    assert_eq!(read("5e0").unwrap(), Value::Float(5.0));
    assert_eq!(write(&5.0.into(), JsonStyle::COMPACT).unwrap(), "5.0");
    assert_eq!(
        write(&f64::NAN.into(), JsonStyle::COMPACT).unwrap(),
        "\"NaN\""
    );
    assert_eq!(
        write(&f64::NEG_INFINITY.into(), JsonStyle::COMPACT).unwrap(),
        "\"-Infinity\""
    );
}

#[test]
fn escapes_and_blanks() {
    assert_eq!(
        read(" \u{9}\r\n\"\\u00e9\\/\\b\\f\" ").unwrap(),
        "é/\u{8}\u{C}".into()
    );
    assert_eq!(read(r#""\ud834\udd1e""#).unwrap(), "𝄞".into());
    assert_eq!(read("\u{FEFF}1").unwrap(), 1.into());
    let nested = read(r#"{"a":[1,{"b":2}],"c":[]}"#).unwrap();
    let shown = write(&nested, JsonStyle::INDENTED).unwrap();
    assert_eq!(
        shown,
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": []\n}"
    );
}

#[test]
fn faults_have_a_place() {
    for (text, line, column) in [
        ("", 1, 1),
        ("{\n  \"a\": 1\n  \"b\": 2}", 3, 3),
        ("[1,]", 1, 4),
        ("{\"a\":1,}", 1, 8),
        ("{a:1}", 1, 2),
        ("[1 2]", 1, 4),
        ("01", 1, 1),
        ("1.", 1, 1),
        ("-", 1, 1),
        ("1e", 1, 1),
        ("+1", 1, 1),
        ("1e999", 1, 1),
        ("nul", 1, 1),
        ("\"a\nb\"", 1, 3),
        ("\"é\\x\"", 1, 3),
        (r#""\ud834""#, 1, 2),
        (r#""\udd1e""#, 1, 2),
        (r#""\u+123""#, 1, 2),
        ("\"\\ué\"", 1, 2),
        ("[\"open", 1, 2),
        ("1 2", 1, 3),
        ("{\"a\":1,\"A\":2}", 1, 1),
    ] {
        let error = read(text).unwrap_err();
        assert_eq!(
            error.position,
            Some(crate::Position { line, column }),
            "{text}: {error}"
        );
    }
}

#[test]
fn depth_is_bounded_in_both_directions() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let deepest = read(&deep(DEEPEST)).unwrap();
    assert_eq!(write(&deepest, JsonStyle::COMPACT).unwrap(), deep(DEEPEST));
    assert_eq!(
        read(&deep(DEEPEST + 1)).unwrap_err().code,
        ErrorCode::JsonTooDeep
    );
    assert_eq!(
        read(&"[".repeat(1_000_000)).unwrap_err().code,
        ErrorCode::JsonTooDeep
    );
    let beyond = Value::list([Value::list([deepest])]);
    assert_eq!(
        write(&beyond, JsonStyle::COMPACT).unwrap_err().code,
        ErrorCode::JsonTooDeep
    );
    let flat = JsonStyle {
        depth: 1,
        ..JsonStyle::COMPACT
    };
    assert!(write(&read("[1,[]]").unwrap(), flat).is_ok());
    assert!(write(&read("[1,[2]]").unwrap(), flat).is_err());
}

#[test]
fn several_documents_and_one_type_for_alike_objects() {
    let lines = "{\"a\":1,\"b\":{\"c\":1}}\n{\"a\":2,\"b\":{\"c\":2}}\n\n";
    let read: Vec<Value> = JsonReader::new(lines).collect::<Result<_>>().unwrap();
    let [first, second] = read.as_slice() else {
        panic!("{read:?}")
    };
    let types = [first, second].map(|value| value.as_record().unwrap().record_type().clone());
    assert!(std::rc::Rc::ptr_eq(&types[0], &types[1]));
    let mut broken = JsonReader::new("1 ] 2");
    assert_eq!(broken.next(), Some(Ok(1.into())));
    assert!(broken.next().unwrap().is_err());
    assert_eq!(broken.next(), None);
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let single = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<String>().prop_map(serde_json::Value::from),
    ];
    single.prop_recursive(4, 30, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[a-zé \"]{0,4}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reads_and_writes_what_others_do(json in any_json()) {
        let value = read(&json.to_string()).unwrap();
        for style in [JsonStyle::COMPACT, JsonStyle::INDENTED] {
            let text = write(&value, style).unwrap();
            prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&text).unwrap(), &json);
            prop_assert_eq!(&read(&text).unwrap(), &value);
        }
    }

    #[test]
    fn finite_floats_read_back_as_the_same_number(float in any::<f64>().prop_filter("finite", |float| float.is_finite())) {
        let back = read(&write(&float.into(), JsonStyle::COMPACT).unwrap()).unwrap();
        prop_assert!(crate::compare::equals(&back, &float.into()), "{float:e} {back:?}");
    }

    #[test]
    fn agrees_with_others_on_what_is_json(text in "[\\[\\]{}\",:0-9eE.+a-u\\\\ -]{0,12}") {
        let ours = read(&text).is_ok();
        let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        // Names that differ in case only are refused here; so small an alphabet rarely has them.
        prop_assert!(ours == theirs || (theirs && read(&text).unwrap_err().cause.contains("twice")), "{text}");
    }

    #[test]
    fn no_text_is_too_odd(text: String) {
        let _ = read(&text);
    }
}
