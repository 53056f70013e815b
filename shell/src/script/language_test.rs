//! Each sentence of the language that says what happens, as a script and what it writes.

use super::bench::{bench, refused, run};
use crate::error::Result;

fn gives(cases: &[(&str, &[&str])]) {
    for (script, lines) in cases {
        assert_eq!(run(script), *lines, "{script}");
    }
}

#[test]
fn a_value_is_written_where_nothing_takes_it() {
    gives(&[
        ("1 + 1", &["2"]),
        ("1 + 1\n2 + 2", &["4"]),
        ("return 5", &["5"]),
        ("return (Get-User).Department", &["Sales", "IT", "Sales"]),
        ("if true { 1 }\n2", &["1", "2"]),
        ("if true { Get-User -Top 1 | % { 1 } } else { 2 }", &["1"]),
        ("for i in 0..2 { Get-User -Top 1 | % { 'u' } }", &["u", "u"]),
        ("for i in 0..2 { i }", &[]),
        ("$list = [3, 1, 2]\n$list.sort()\n$list", &["1", "2", "3"]),
        ("let x = 5;", &[]),
        ("()", &[]),
    ]);
}

#[test]
fn a_block_of_foreach_object_is_an_output_of_its_own() {
    gives(&[
        ("$x = Get-User | % { Get-User; 5 }\n$x.Count", &["12"]),
        (
            "fn show() { Get-User -Top 1; 7 }\n$x = Get-User -Top 2 | % { show() }\n$x.Count",
            &["4"],
        ),
        ("fn show() { Write-Output 'w'; 7 }\nshow()", &["w", "7"]),
        (
            "1..3 | % { 1..3 | % { Write-Output 1 }; 2 }",
            &["1", "1", "2", "1", "1", "2"],
        ),
    ]);
}

#[test]
fn blocks_share_variables_with_what_is_around_them() {
    gives(&[
        (
            "let l = []\nGet-User | % { l.push($_.Department) }\nl.len()",
            &["3"],
        ),
        ("$x = 1\n1..3 | % { $x = $_ }\n$x", &["2"]),
        (
            "$f = 3\n1..3 | % { let f = $_ * 100; f }\n$f",
            &["100", "200", "3"],
        ),
        (
            "1..3 | % { $t = $_; 1..3 | % { $t * 10 + $_ } }",
            &["11", "12", "21", "22"],
        ),
        (
            "for u in 1..3 { 1..3 | ? { $_ -eq u } | % { $_ } }",
            &["1", "2"],
        ),
        ("const A = 5\n1..3 | % { A + $_ }", &["6", "7"]),
        (
            "$seen = #{}\nGet-User | % { $seen[$_.Department] = 1 + ($seen[$_.Department] ?? 0) }\n$seen.Sales",
            &["2"],
        ),
        ("fn f() { $z = 1; 1..3 | % { $z += $_ }; $z }\nf()", &["4"]),
    ]);
}

#[test]
fn begin_process_and_end_share_a_scope_in_any_order() {
    gives(&[
        (
            "1..4 | % -Begin { let n = 0 } -Process { n += $_ } -End { n }",
            &["6"],
        ),
        (
            "1..3 | % -End { $s } -Process { $s += $_ } -Begin { $s = 100 }",
            &["103"],
        ),
        (
            "$s = 7\n1..3 | % -Begin { let s = 0 } { s += 1 } -End { s }\n$s",
            &["2", "7"],
        ),
        ("1..3 | % { $_ } -End { 'end' }", &["1", "2", "end"]),
    ]);
    assert_eq!(
        refused("1..3 | % { let x = 1; x }\nx").code,
        "VARIABLE_NOT_FOUND"
    );
}

#[test]
fn nothing_answers_properties_with_nothing() {
    gives(&[
        ("$null.Foo.Bar -eq $null", &["true"]),
        (
            "$u = Get-User adele@contoso.com\n$u.Country.Name -eq $null",
            &["true"],
        ),
        ("\"[$null]\"", &["[]"]),
    ]);
    let error = refused("Get-User | % { $_.Country.trim() }");
    assert!(error.message.contains("`$null`"), "{error:?}");
    assert_eq!(error.place.map(|place| place.column), Some(27));
}

#[test]
fn one_object_answers_as_a_list_of_one() {
    gives(&[
        (
            "$u = Get-User adele@contoso.com\n$u.Count + $u.len() + $u[0].Count",
            &["3"],
        ),
        (
            "$u = Get-User adele@contoso.com\nfor x in $u { Write-Output $x.Department }",
            &["Sales"],
        ),
        ("(Get-User -Top 1).Count", &["1"]),
        ("(Get-User)[1].Department", &["IT"]),
        ("(Get-User adele@contoso.com)['department']", &["Sales"]),
    ]);
    assert_eq!(
        refused("$u = Get-User adele@contoso.com\n$u.Department = 'x'").code,
        "RECORD_READ_ONLY"
    );
}

#[test]
fn what_is_thrown_is_what_is_caught() {
    gives(&[
        ("try { throw #{ code: 5 } } catch (e) { e.code }", &["5"]),
        ("try { throw 5 } catch (e) { e + 1 }", &["6"]),
        (
            "try { throw @{ Code = 'MY'; Message = 'm' } } catch { $_.Code }",
            &["MY"],
        ),
        (
            "try { throw 'text' } catch (e) { \"caught $e\" }",
            &["caught text"],
        ),
        ("try { throw 'text' } catch { $_.Message }", &["text"]),
        (
            "try { try { throw 'a' } catch { throw } } catch { $_.Message }",
            &["a"],
        ),
        (
            "try { missing + 1 } catch (e) { e.Code }",
            &["VARIABLE_NOT_FOUND"],
        ),
        (
            "try { missing(1) } catch (e) { e.Code }",
            &["FUNCTION_NOT_FOUND"],
        ),
        (
            "try { (Get-User adele@contoso.com).Nope } catch { $_.Code }",
            &["PROPERTY_NOT_FOUND"],
        ),
        (
            "fn f() { try { missing } catch { 'none' } }\nf()",
            &["none"],
        ),
        ("fn f() { try { 1 } catch { 'none' } }\nf()", &["1"]),
    ]);
    let error = refused("throw @{ Code = 'MY'; Message = 'what happened'; Fix = 'do it' }");
    assert_eq!(
        (error.code.as_str(), error.fix.as_deref()),
        ("MY", Some("do it"))
    );
}

#[test]
fn text_functions_have_a_value() {
    gives(&[
        ("'  x '.trim()", &["x"]),
        ("let s = '  x '; s.trim(); s", &["x"]),
        (
            "let s = 'a-b'; let t = s.replace('-', '+'); s + t",
            &["a+ba+b"],
        ),
        (
            "' adele@contoso.com ' | % { Get-User $_.trim() } | % { $_.Department }",
            &["Sales"],
        ),
        ("['a', 1, $null].join(', ')", &["a, 1, "]),
        ("'abc'.ToUpper() + 'ABC'.Length + [1, 2].Length", &["ABC32"]),
        ("number('5') + 1", &["6"]),
        ("decimal('0.1') + decimal('0.2')", &["0.3"]),
    ]);
    assert_eq!(refused("number('x')").code, "VALUE_NOT_NUMERIC");
}

#[test]
fn one_call_cannot_take_all_memory() {
    for script in [
        "\"x\".pad(100000000, \" \")",
        "blob(10000000000)",
        "let a = []; a.pad(1000000000, 1)",
        "let s = 'a'; for i in 0..24 { s += s }; s.replace('a', s)",
        "let s = 'a'; for i in 0..24 { s += s }; [s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s].join(s)",
    ] {
        assert_eq!(refused(script).code, "LIMIT_EXCEEDED", "{script}");
    }
}

#[test]
fn conditions_count_nothing_zero_and_empty_as_false() {
    gives(&[
        (
            "if $null { 1 } else if '' { 2 } else if [] { 3 } else if 0 { 4 } else { 5 }",
            &["5"],
        ),
        ("!$null && ![] && !'' && !0", &["true"]),
        ("'a' && 'b'", &["true"]),
        ("let i = 3\nwhile i { i -= 1 }\ni", &["0"]),
        ("Get-User | ? { $_.Country } | % { 1 }", &[]),
        (
            "$d = Get-User | ? { $_.Department -eq 'None' }\nif $d { 'some' } else { 'none' }",
            &["none"],
        ),
    ]);
}

#[test]
fn dashed_comparisons_share_one_precedence() {
    gives(&[
        ("1 -lt 2 -eq $true", &["true"]),
        ("1 + 1 -eq 2 && 2 -in 1..3", &["true"]),
        ("5 -in 1..5", &["false"]),
        ("5 -in 1..=5", &["true"]),
        (
            "1..5 -contains 4 -and 1..5 -notcontains 9 && 9 -notin 1..5",
            &["true"],
        ),
        ("5 -gt '4'", &["true"]),
        ("'Straße' -eq 'STRAẞE'", &["true"]),
        ("'SALES' -in ['sales', 'it']", &["true"]),
        ("@{ A = 1 } -eq @{ A = 1 }", &["true"]),
    ]);
}

#[test]
fn a_mistake_at_the_end_of_one_line_does_not_reach_the_next() {
    assert_eq!(refused("x.").code, "SYNTAX");
    assert_eq!(refused("let d = 5.").code, "SYNTAX");
    gives(&[("let x = 1\nx", &["1"])]);
}

/// Runs a script file with the words after its name.
fn run_file(script: &str, words: &[&str]) -> Result<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.usher");
    std::fs::write(&path, script).unwrap();
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let mut bench = bench();
    bench.interpreter.run_file(&path, &words)?;
    Ok(bench.written())
}

#[test]
fn parameters_are_as_declared_and_seen_by_functions() {
    let script = "// Lists.\nparam(Department, Limit: number = 500, Tags: list = [], Force: bool, Since: date = $null)\n\
                  fn limit() { Limit }\n\
                  \"$Department $Limit ${Tags.len()} $Force ${limit()}\"";
    assert_eq!(
        run_file(script, &["-Department", "IT"]).unwrap(),
        ["IT 500 0 false 500"]
    );
    assert_eq!(
        run_file(
            script,
            &["-dep", "00123", "-Limit:7", "-Tags", "a,b", "-Force"]
        )
        .unwrap(),
        ["00123 7 2 true 7"]
    );
    let error = run_file(script, &[]).unwrap_err();
    assert!(error.message.contains("-Department"), "{error:?}");
    assert_eq!(error.exit_code(), 2);
}

#[test]
fn functions_see_what_a_parameter_was_changed_to() {
    let script = "param(Limit = 1)\nfn limit() { Limit }\n$Limit = 2\nLimit += 3\n1..3 | % { $Limit = $Limit + $_ }\nlimit()";
    assert_eq!(run_file(script, &[]).unwrap(), ["8"]);
    assert_eq!(
        run_file(
            "param(Limit = 1)\nfn other() { $Limit = 9; Limit }\nother() + Limit",
            &[]
        )
        .unwrap(),
        ["10"]
    );
}

#[test]
fn a_session_keeps_blocks_and_functions_of_earlier_lines() {
    let mut bench = bench();
    bench
        .run("let f = |x| x + 1\nlet g = |x| Get-User -Top $x\nfn h(a) { 1..a | % { $_ * 2 } }")
        .unwrap();
    assert_eq!(
        bench
            .run("f.call(2) + g.call(2).Count + h(3).Count")
            .unwrap(),
        ["7"]
    );
    bench.run("$n = 0; 1..4 | % { $n += $_ }").unwrap();
    assert_eq!(bench.run("$n = $n + 1\n$n").unwrap(), ["7"]);
    assert!(bench.run("$q = 1; throw 'no'").is_err());
    assert_eq!(bench.run("$q").unwrap_err().code, "VARIABLE_NOT_FOUND");
}

#[test]
fn an_import_that_fails_is_placed_where_it_is_written() {
    let error = refused("let a = 1\nimport 'missing' as m");
    assert_eq!(error.code, "FILE_NOT_FOUND");
    assert_eq!(
        error.place.map(|place| (place.line, place.column)),
        Some((2, 8))
    );
}
