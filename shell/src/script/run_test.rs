//! Scripts run through the whole engine, with commands made for the test.

use std::sync::atomic::Ordering;

use super::bench::{bench, bench_with, refused, run};
use crate::session::Limits;

// 1. Commands

#[test]
fn a_command_stands_where_an_expression_may_begin() {
    assert_eq!(
        run("get-user -top 2 | % { $_.Department }"),
        ["Sales", "IT"]
    );
    assert_eq!(run("let x = Get-User -Top 1\nx.len()"), ["1"]);
    assert_eq!(run("(Get-User -Top 2).Count"), ["2"]);
    assert_eq!(run("fn f() { return Get-User -Top 2 }\nf().Count"), ["2"]);
    assert_eq!(run("let f = |n| Get-User -Top $n\nf.call(2).Count"), ["2"]);
    assert_eq!(run("[1, (Get-User).Count, 5]"), ["1", "3", "5"]);
    assert_eq!(
        run("for u in (Get-User) { Write-Output $u.Department }"),
        ["Sales", "IT", "Sales"]
    );
    assert_eq!(
        run("if (Get-User adele@contoso.com).AccountEnabled { 'on' } else { 'off' }"),
        ["on"]
    );
}

#[test]
fn an_unknown_command_names_the_nearest_and_the_subtraction() {
    let error = refused("Get-Usr");
    assert!(
        error
            .fix
            .as_deref()
            .unwrap_or_default()
            .contains("Get-User"),
        "{error:?}"
    );
    let error = refused("let Total = 5\nlet Used = 3\nTotal-Used");
    assert!(
        error
            .fix
            .as_deref()
            .unwrap_or_default()
            .contains("Total - Used"),
        "{error:?}"
    );
    assert_eq!(
        error.place.map(|place| (place.line, place.column)),
        Some((3, 1))
    );
}

#[test]
fn a_variable_in_the_wrong_case_is_named() {
    let error = refused("let total = 5\nTotal + 1");
    assert!(format!("{error:?}").contains("total"), "{error:?}");
}

// 2. Pipelines

#[test]
fn the_first_stage_may_be_any_expression() {
    assert_eq!(run("[3, 1] | % { $_ * 2 }"), ["6", "2"]);
    assert_eq!(run("1..4 | % { $_ }"), ["1", "2", "3"]);
    assert_eq!(run("1..=3 | % { $_ }"), ["1", "2", "3"]);
    assert_eq!(run("$null | % { 'never' }"), Vec::<String>::new());
    assert_eq!(run("#{ A: 1, B: 2 } | % { $_.A + $_.B }"), ["3"]);
    assert_eq!(run("6 | 1"), ["7"]);
}

// 3. Arguments

#[test]
fn values_are_taken_as_written() {
    assert_eq!(
        run("Write-Output SPE_E3, adele@contoso.com, http://x//y, src/*.csv, CON*"),
        [
            "SPE_E3",
            "adele@contoso.com",
            "http://x//y",
            "src/*.csv",
            "CON*"
        ]
    );
    assert_eq!(run("Write-Output -30"), ["-30"]);
    assert_eq!(run("$n = 4\nWrite-Output $n"), ["4"]);
    assert_eq!(
        run("$u = Get-User adele@contoso.com\nWrite-Output $u.Department"),
        ["Sales"]
    );
    assert_eq!(run("Write-Output (1 + 2)"), ["3"]);
    assert_eq!(run("Write-Output -Value:7"), ["7"]);
    assert_eq!(
        run("$o = @{ Department = 'IT' }\nGet-User @o | % { $_.UserPrincipalName }"),
        ["alex@contoso.com"]
    );
    assert_eq!(
        run("Write-Output 1 // a comment\nWrite-Output 2 /* and one */"),
        ["1", "2"]
    );
}

// 4. Text

#[test]
fn text_means_the_same_everywhere() {
    assert_eq!(run("$name = 'a'\n\"$name.csv\""), ["a.csv"]);
    assert_eq!(run("'it''s'"), ["it's"]);
    assert_eq!(
        run("$n = 2\n\"${n + 1} and $($n * 2) and \\$n\""),
        ["3 and 4 and $n"]
    );
    assert_eq!(run("\"say \"\"hi\"\"\\t!\""), ["say \"hi\"\t!"]);
    assert_eq!(
        run("$u = Get-User adele@contoso.com\n\"$($u.Department): $($u.Country)|\""),
        ["Sales: |"]
    );
}

// 5. Blocks

#[test]
fn blocks_reach_out_and_return_goes_on() {
    assert_eq!(run("$n = 0\nGet-User | % { $n += 1 }\n$n"), ["3"]);
    assert_eq!(
        run("1..=4 | % { if $_ % 2 == 0 { return }\n $_ }"),
        ["1", "3"]
    );
    assert_eq!(
        run("[1, 2] | % { $outer = $_; [10, 20] | % { $_ + $outer } }"),
        ["11", "21", "12", "22"]
    );
    assert_eq!(
        run(
            "Get-User | ? { $_.AccountEnabled -and $_.Department -eq 'sales' } | % { $_.UserPrincipalName }"
        ),
        ["adele@contoso.com"]
    );
}

#[test]
fn begin_process_and_end_share_a_scope() {
    assert_eq!(
        run("1..=3 | ForEach-Object -Begin { $sum = 0 } -Process { $sum += $_ } -End { $sum }"),
        ["6"]
    );
}

// 6. Ends of statements

#[test]
fn a_line_end_ends_a_statement_where_a_semicolon_is_missing() {
    assert_eq!(run("$x = Get-User\n$y = 2\n$x.Count + $y"), ["5"]);
    assert_eq!(run("let a = 1\n  + 2\na"), ["3"]);
    assert_eq!(
        run("Get-User |\n  % { $_.Department }"),
        ["Sales", "IT", "Sales"]
    );
    assert_eq!(
        run("Get-User\n  | ? { $_.AccountEnabled }\n  | % { 1 }"),
        ["1", "1"]
    );
    assert_eq!(
        run("Get-User\n  -Department Sales\n  -Top 1 | % { 1 }"),
        ["1"]
    );
}

// 7. Operators

#[test]
fn text_compares_without_case_and_logic_counts_truth() {
    assert_eq!(run("'Sales' -eq 'SALES'"), ["true"]);
    assert_eq!(run("$null -eq ()"), ["true"]);
    assert_eq!(run("1 + 1 -eq 2"), ["true"]);
    assert_eq!(run("'abc' -like 'A*' -and 3 -in [1, 3]"), ["true"]);
    assert_eq!(run("-not ''"), ["true"]);
    assert_eq!(run("if [] { 1 } else { 2 }"), ["2"]);
    assert_eq!(
        run("$u = Get-User adele@contoso.com\n$u.Country -eq $null"),
        ["true"]
    );
    assert_eq!(
        run("$hits = 0\nfn hit() { true }\nif $true -or no() { $hits += 1 }\n$hits"),
        ["1"]
    );
    assert_eq!(
        refused("if 1 -eq 1 -and 2 -eq 2 -or 3 -eq 3 { 1 }").code,
        "SYNTAX"
    );
}

// 8. Values and output

#[test]
fn what_a_statement_writes() {
    assert_eq!(run("Get-User -Top 1 | % { 5 }\n7"), ["5", "7"]);
    assert_eq!(run("1; 2"), ["2"].map(String::from).to_vec());
    assert_eq!(run("$x = (Get-User -Department None)\n$x.Count"), ["0"]);
    assert_eq!(
        run("$u = Get-User adele@contoso.com\n$u.Count + $u.len()\n$u[0].Department"),
        ["Sales"]
    );
    assert_eq!(run("(Get-User).Department"), ["Sales", "IT", "Sales"]);
    assert_eq!(
        run("let s = switch 2 { 1 => 'one', 2 => 'two', _ => 'more' }\ns"),
        ["two"]
    );
    assert_eq!(run("fn f() { Get-User -Top 2 }\nf().Count"), ["2"]);
}

// 10. Errors

#[test]
fn an_error_is_caught_with_its_code_fix_and_target() {
    assert_eq!(
        run(
            "try { Get-User nobody@contoso.com } catch (e) { Write-Output $e.Code, $e.Fix, $e.Target }"
        ),
        ["USER_NOT_FOUND", "Get-User", "nobody@contoso.com"]
    );
    assert_eq!(run("try { throw 'no' } catch { $_.Message }"), ["no"]);
    assert_eq!(
        run("try { let x = 1 / 0 } catch (e) { e.Code }"),
        ["SCRIPT_ERROR"]
    );
    assert_eq!(
        refused("throw 'five people, at most 4'").message,
        "five people, at most 4"
    );
    assert_eq!(
        refused("try { Get-User nobody@contoso.com } catch (e) { throw e }").code,
        "USER_NOT_FOUND"
    );
}

#[test]
fn exit_and_limits_cannot_be_caught() {
    let error = refused("try { exit(3) } catch { 1 }");
    assert_eq!(error.exit_code(), 3);
    let mut small = bench_with(Limits {
        operations: 10_000,
        ..Limits::default()
    });
    let error = small.run("try { while true { } } catch { 1 }").unwrap_err();
    assert_eq!(error.code, "LIMIT_EXCEEDED");
    let error = small
        .run("try { 1..1000000 | % { $_ } } catch { 1 }")
        .unwrap_err();
    assert_eq!(error.code, "LIMIT_EXCEEDED");
    assert_eq!(small.run("1 + 1").unwrap(), ["2"]);
}

#[test]
fn a_stopped_command_ends_and_the_session_goes_on() {
    let mut bench = bench();
    bench.stop.store(true, Ordering::Relaxed);
    assert_eq!(bench.run("while true { }").unwrap_err().exit_code(), 130);
    bench.stop.store(false, Ordering::Relaxed);
    assert_eq!(bench.run("1").unwrap(), ["1"]);
}

// 11. Places and words

#[test]
fn a_wrong_property_in_twenty_lines_is_found() {
    let mut script = String::from("$total = 0\n");
    for line in 0..15 {
        script.push_str(&format!("$total += {line} // line\n"));
    }
    script.push_str("Get-User | ForEach-Object {\n    $name = \"x\"\n    $total += $_.Departmnt.len()\n}\n$total\n");
    let error = refused(&script);
    assert_eq!(error.code, "PROPERTY_NOT_FOUND");
    assert!(
        error
            .fix
            .as_deref()
            .unwrap_or_default()
            .contains("Department"),
        "{error:?}"
    );
    let place = error.place.unwrap();
    assert_eq!((place.line, place.column), (19, 18), "{place:?}");
}

#[test]
fn reserved_words_work_as_property_names() {
    assert_eq!(
        run("let u = #{ shared: 1, new: 2, default: 3 }\nu.shared + u.new + u.default"),
        ["6"]
    );
}

#[test]
fn a_read_only_session_refuses_to_change() {
    let mut bench = bench();
    bench.session.read_only.set(true);
    assert_eq!(bench.run("Set-Thing").unwrap_err().code, "READ_ONLY");
    assert!(bench.run("Set-Thing -WhatIf").is_ok());
}

#[test]
fn variables_and_functions_stay_for_the_next_line() {
    let mut bench = bench();
    bench.run("$x = 5\nfn twice(n) { n * 2 }").unwrap();
    assert_eq!(bench.run("twice($x)").unwrap(), ["10"]);
    assert!(bench.run("$y = 1\nthrow 'no'").is_err());
    assert_eq!(bench.run("$Error[0].Message").unwrap(), ["no"]);
}

#[test]
fn records_keep_their_order() {
    assert_eq!(
        run("@{ Zeta = 1; Alpha = 'two' }"),
        ["@{Zeta=1; Alpha=two}"]
    );
    assert_eq!(run("[pscustomobject]@{ A = 1 } | % { $_.a }"), ["1"]);
    assert_eq!(refused("(@{ A = 1 }).B").code, "PROPERTY_NOT_FOUND");
}

// Limits of the stack

/// What the program gives its interpreter.
fn on_a_stack_like_the_program(work: fn()) {
    std::thread::Builder::new()
        .stack_size(super::STACK_BYTES)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn recursion_without_end_is_a_limit_and_no_crash() {
    on_a_stack_like_the_program(|| {
        for script in [
            "fn f(n) { f(n + 1) }\nf(0)",
            "fn f(n) { 1..2 | % { f(n + 1) } }\nf(0)",
            "fn f(n) { 1..2 | ? { f(n + 1) } | % { $_ } }\nf(0)",
            "let f = ();\nfn g(n) { [n].map(|x| g(x + 1)) }\ng(0)",
        ] {
            let error = refused(script);
            assert_eq!(error.code, "LIMIT_EXCEEDED", "{script}: {error:?}");
        }
        assert_eq!(
            run("fn f(n) { if n == 0 { 0 } else { 1 + f(n - 1) } }\nf(100)"),
            ["100"]
        );
    });
}

#[test]
fn deep_nesting_of_brackets_is_refused_and_no_crash() {
    on_a_stack_like_the_program(|| {
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("{", "}"),
            ("@{ a = ", " }"),
            ("Write-Output (", ")"),
            ("-not ", ""),
        ] {
            let script = format!("{}1{}", open.repeat(5_000), close.repeat(5_000));
            assert_eq!(refused(&script).code, "SYNTAX", "{open}");
        }
    });
}

#[test]
fn an_imported_script_has_commands_and_its_own_places() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("people.usher"), "fn enabled() { Get-User | ? { $_.AccountEnabled } }\nfn wrong() {\n  (Get-User)[0].Departmnt\n}\n").unwrap();
    std::fs::write(folder.path().join("with.usher"), "param(Wrong: bool)\nimport 'people' as people\nWrite-Output (people::enabled().Count)\nif Wrong { people::wrong() }\n$ScriptRoot.len() > 0\n").unwrap();
    let mut bench = bench();
    bench
        .interpreter
        .run_file(&folder.path().join("with.usher"), &[])
        .unwrap();
    let shown: Vec<String> = bench
        .kept
        .0
        .borrow()
        .iter()
        .map(|value| value.to_string())
        .collect();
    assert_eq!(shown, ["2", "true"]);
    let error = bench
        .interpreter
        .run_file(&folder.path().join("with.usher"), &["-Wrong".to_owned()])
        .unwrap_err();
    let place = error.place.unwrap();
    assert!(place.source.ends_with("people.usher"), "{place:?}");
    assert_eq!((place.line, place.column), (3, 17));
}

#[test]
fn an_import_outside_the_allowed_folders_is_refused() {
    let inside = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.usher"), "fn f() { 1 }").unwrap();
    let main = inside.path().join("main.usher");
    std::fs::write(
        &main,
        format!(
            "import '{}' as s\ns::f()\n",
            outside.path().join("secret.usher").display()
        ),
    )
    .unwrap();
    let mut bench = bench();
    *bench.session.files.borrow_mut() =
        crate::session::FileAccess::Below(vec![inside.path().to_owned()]);
    assert_eq!(
        bench.interpreter.run_file(&main, &[]).unwrap_err().code,
        "FILE_NOT_ALLOWED"
    );
}
