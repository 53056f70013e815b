//! Where scripts and pipelines end: limits of the session, input that nobody takes, `exit`, the edges of lists.

use super::bench::{bench, bench_on, bench_with, refused, run};
use crate::session::Limits;

#[test]
fn memory_is_looked_at_in_every_step() {
    thread_local! {
        static LOOKS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }
    let limits = Limits {
        memory: 20,
        ..Limits::default()
    };
    // Each look finds one byte more: a handful of steps is enough to see the limit.
    let mut bench = bench_on(limits, || {
        LOOKS.set(LOOKS.get() + 1);
        LOOKS.get()
    });
    let error = bench
        .run("$s = 'x'\n$n = 0\nwhile $n < 200 { $n += 1; $s += 'x' }")
        .unwrap_err();
    assert_eq!(error.code, "LIMIT_EXCEEDED");
    assert!(LOOKS.get() < 40, "{}", LOOKS.get());
}

#[test]
fn a_native_stage_is_held_to_the_limits_too() {
    let mut small = bench_with(Limits {
        operations: 10_000,
        ..Limits::default()
    });
    let error = small.run("1..1000000 | Measure-Object").unwrap_err();
    assert_eq!(error.code, "LIMIT_EXCEEDED");
    assert!(error.message.contains("10000 operations"), "{error}");
    let mut short = bench_with(Limits {
        time: std::time::Duration::from_millis(10),
        ..Limits::default()
    });
    let error = short.run("1..1000000000 | Measure-Object").unwrap_err();
    assert!(error.message.contains("runs for more than"), "{error}");
}

#[test]
fn input_for_a_command_that_takes_none_is_refused() {
    let error = refused("Get-User -Top 3 | New-Thing a");
    assert_eq!(error.code, "INPUT_NOT_TAKEN");
    assert_eq!(error.place.map(|place| place.column), Some(19));
    assert_eq!(refused("[] | New-Thing a").code, "INPUT_NOT_TAKEN");
    assert_eq!(run("'a' | Measure-Object"), ["1"]);
}

#[test]
fn exit_takes_what_a_process_can_end_with() {
    assert_eq!(refused("exit()").exit_code(), 0);
    assert_eq!(refused("exit(255)").exit_code(), 255);
    for script in ["exit(256)", "exit(-1)", "exit('a')", "exit($null)"] {
        let error = refused(script);
        assert_eq!(error.code, "ARGUMENT_INVALID", "{script}");
        assert_eq!(error.exit_code(), 1, "{script}");
    }
    let fix = refused("exit").fix.unwrap_or_default();
    assert!(fix.contains("exit()"), "{fix}");
}

#[test]
fn the_first_of_nothing_is_nothing() {
    assert_eq!(run("$Error[0] -eq $null"), ["true"]);
    assert_eq!(run("$none = []\n$none[-1] -eq $null"), ["true"]);
    assert_eq!(refused("$one = [1]\n$one[1]").code, "SCRIPT_ERROR");
    assert_eq!(refused("$none = []\n$none[1]").code, "SCRIPT_ERROR");
}

#[test]
fn a_script_tells_its_help() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.usher");
    std::fs::write(
        &path,
        "// Moves one department.\nparam(Department: text)\nthrow Department\n",
    )
    .unwrap();
    let mut bench = bench();
    bench
        .interpreter
        .run_file(&path, &["-?".to_owned()])
        .unwrap();
    let shown = bench.written().join("\n");
    assert!(
        shown.starts_with("Moves one department.\n\nusher "),
        "{shown}"
    );
    assert!(shown.ends_with("p.usher -Department <text>"), "{shown}");
    let error = bench
        .interpreter
        .run_file(&path, &["Sales".to_owned()])
        .unwrap_err();
    assert_eq!(error.message, "Sales");
}

#[test]
fn a_reserved_word_is_said_to_be_one() {
    let error = refused("eval('1')");
    assert!(
        error.message.contains("`eval` is a reserved word"),
        "{error}"
    );
}
