//! Variables that a command sets.

use super::check;
use expect_test::expect;

#[test]
fn the_variable_is_declared_before_the_statement() {
    check(
        &[
            "Get-User | tee -Variable all | Measure-Object",
            "$x = Get-User | tee -Variable all",
            "$all = 1\nGet-User | tee -Variable:all",
            "if (Get-User | tee -Variable 'all') { $all.Count }",
            "Get-User | % { $_ | tee -Variable all; $all }",
            "Get-User | % -Process { $_ | tee -Variable all } -End { $all }",
            "$f = |x| Get-User $x | tee -Variable all",
            "fn f() { Get-User | tee -Variable a | tee -Variable b }",
            "1..3 | tee -Variable few",
            "try { Get-User | tee -Variable all } catch { }",
        ],
        &expect![[r#"
            » Get-User | tee -Variable all | Measure-Object
            let all = (); __run(0, [ |__kept| { all = __kept; }, ])
            0: Get-User | Tee-Object -Variable {#0} | Measure-Object

            » $x = Get-User | tee -Variable all
            let all = (); let x = __pipe(0, [ |__kept| { all = __kept; },])
            0: Get-User | Tee-Object -Variable {#0}

            » $all = 1
            » Get-User | tee -Variable:all
            let all = 1 ;
            __run(0, [ |__kept| { all = __kept; },])
            0: Get-User | Tee-Object -Variable: {#0}

            » if (Get-User | tee -Variable 'all') { $all.Count }
            let all = (); if __truth((__pipe(0, [ |__kept| { all = __kept; } ,]))) { __out(all.__of_any("Count")) }
            0: Get-User | Tee-Object -Variable {#0}

            » Get-User | % { $_ | tee -Variable all; $all }
            { let all__1 = (); __run(0, [ |__it| { __run(1, [__it,  |__kept| { all__1 = __kept; },]);
            all__1 },]) }
            0: Get-User | ForEach-Object {#0}
            1: #0 | Tee-Object -Variable {#1}

            » Get-User | % -Process { $_ | tee -Variable all } -End { $all }
            { let all__1 = (); __run(0, [ |__it| { __pipe(1, [__it,  |__kept| { all__1 = __kept; }, ])}, |__it| { all__1 },]) }
            0: Get-User | ForEach-Object -Process {#0} -End {#1}
            1: #0 | Tee-Object -Variable {#1}

            » $f = |x| Get-User $x | tee -Variable all
            let all = (); let f = |x| __pipe(0, [ x, |__kept| { all = __kept; },])
            0: Get-User #0 | Tee-Object -Variable {#1}

            » fn f() { Get-User | tee -Variable a | tee -Variable b }
            fn f() { let a = (); let b = (); __pipe(0, [ |__kept| { a = __kept; }, |__kept| { b = __kept; }, ])}
            0: Get-User | Tee-Object -Variable {#0} | Tee-Object -Variable {#1}

            » 1..3 | tee -Variable few
            let few = (); __run(0, [1..3,  |__kept| { few = __kept; },])
            0: #0 | Tee-Object -Variable {#1}

            » try { Get-User | tee -Variable all } catch { }
            try { let all = (); __run(0, [ |__kept| { all = __kept; }, ])} catch (__it){__it = __caught(__it); }
            0: Get-User | Tee-Object -Variable {#0}
        "#]],
    );
}

#[test]
fn names_that_mean_something_else_are_refused() {
    check(
        &[
            "Get-User | tee -Variable _",
            "Get-User | tee -Variable null",
            "Get-User | tee -Variable Error",
            "Get-User | tee -Variable last",
            "Get-User | tee -Variable if",
            "param(Limit = 5)\nGet-User | tee -Variable Limit",
        ],
        &expect![[r#"
            » Get-User | tee -Variable _
            error: `$_` is kept by the shell and cannot be assigned to here
             --> line:1:26
              |
            1 | Get-User | tee -Variable _
              |                          ^
              = help: use another name

            » Get-User | tee -Variable null
            error: `$null` is kept by the shell and cannot be assigned to here
             --> line:1:26
              |
            1 | Get-User | tee -Variable null
              |                          ^^^^
              = help: use another name

            » Get-User | tee -Variable Error
            error: `$Error` is kept by the shell and cannot be assigned to here
             --> line:1:26
              |
            1 | Get-User | tee -Variable Error
              |                          ^^^^^
              = help: use another name

            » Get-User | tee -Variable last
            error: `$last` is kept by the shell and cannot be assigned to here
             --> line:1:26
              |
            1 | Get-User | tee -Variable last
              |                          ^^^^
              = help: use another name

            » Get-User | tee -Variable if
            error: `if` is a reserved word and cannot name a variable
             --> line:1:26
              |
            1 | Get-User | tee -Variable if
              |                          ^^
              = help: use another name, such as `if_value`; after a dot the word is free: `u.if`

            » param(Limit = 5)
            » Get-User | tee -Variable Limit
            error: `$Limit` is a parameter of the script and cannot be assigned to here
             --> line:2:26
              |
            2 | Get-User | tee -Variable Limit
              |                          ^^^^^
              = help: use another name
        "#]],
    );
}

#[test]
fn what_is_no_name_is_refused() {
    check(
        &[
            "Get-User | tee -Variable $all",
            "Get-User | tee -Variable",
            "Get-User | tee -Variable | Measure-Object",
            "Get-User | tee -Variable all-of-them",
            "Get-User | tee -Variable 'all",
        ],
        &expect![[r#"
            » Get-User | tee -Variable $all
            error: `-Variable` takes the name of a variable, not its value
             --> line:1:26
              |
            1 | Get-User | tee -Variable $all
              |                          ^
              = help: write it without the `$`: `-Variable people`

            » Get-User | tee -Variable
            error: `-Variable` needs the name of a variable
             --> line:1:16
              |
            1 | Get-User | tee -Variable
              |                ^^^^^^^^^
              = help: write it behind: `-Variable people`

            » Get-User | tee -Variable | Measure-Object
            error: Expected the name of a variable, found `|`
             --> line:1:26
              |
            1 | Get-User | tee -Variable | Measure-Object
              |                          ^

            » Get-User | tee -Variable all-of-them
            error: Expected a blank behind the name of the variable, found `-`
             --> line:1:29
              |
            1 | Get-User | tee -Variable all-of-them
              |                             ^

            » Get-User | tee -Variable 'all
            error: Expected `'` behind the name, but the text ends
             --> line:1:30
              |
            1 | Get-User | tee -Variable 'all
              |                              ^
        "#]],
    );
}
