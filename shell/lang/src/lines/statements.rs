//! Blocks, ends of statements, output, parameters and errors (points 5, 6, 8, 9, 10).

use super::check;
use crate::testing::TestNames;
use crate::{KnownNames, translate};
use expect_test::expect;

#[test]
fn a_line_end_ends_a_statement() {
    check(
        &[
            "let a = 1\nlet b = a\n  + 2\nb",
            "let a = 1\n(a)",
            "let a = b\n[0]",
            "let a = 1 let b = 2",
            "x.a\n  .b()\ny",
            "if a { }\nelse { }\nb",
            "try { }\ncatch { }\nb",
            "do { }\nwhile a\nb",
            "return\n5",
            "{ 1 }\n(2)",
        ],
        &expect![[r#"
            » let a = 1
            » let b = a
            »   + 2
            » b
            let a = 1 ;
            let b = a + 2 ;
            __out(b)

            » let a = 1
            » (a)
            error: A line that begins with `(` goes on with the line before
             --> line:2:1
              |
            2 | (a)
              | ^
              = help: end the line before with `;`

            » let a = b
            » [0]
            let a = b [0]

            » let a = 1 let b = 2
            error: Expected the end of the statement, found `let`
             --> line:1:11
              |
            1 | let a = 1 let b = 2
              |           ^^^
              = help: put `;` or a line end between statements

            » x.a
            »   .b()
            » y
            x.a .b() ;
            __out(y)

            » if a { }
            » else { }
            » b
            if __truth(a) { } else { }
            __out(b)

            » try { }
            » catch { }
            » b
            try { } catch (__it){__it = __caught(__it); }
            __out(b)

            » do { }
            » while a
            » b
            do { } while __truth(a) ;
            __out(b)

            » return
            » 5
            return ;
            __out(5)

            » { 1 }
            » (2)
            { __out(1) }
            __out((2))
        "#]],
    );
}

#[test]
fn dollar_declares() {
    check(
        &[
            "$x = 1\n$x = 2",
            "if a { $x = 1 }\n$x = 2",
            "let x = 1\nif a { $x = 2 }",
            "$x += 1",
            "$x.a = 1",
            "fn f() { $x = 1; x }",
            "param(A)\nfn f() { $A = 1 }\n$A = 2",
            "$last = 5",
            "$x == 1",
            "for u in y { $u = 1 }",
        ],
        &expect![[r#"
            » $x = 1
            » $x = 2
            let x = 1 ;
            x = 2

            » if a { $x = 1 }
            » $x = 2
            if __truth(a) { let x = 1 }
            let x = 2

            » let x = 1
            » if a { $x = 2 }
            let x = 1 ;
            if __truth(a) { x = 2 }

            » $x += 1
            x += 1

            » $x.a = 1
            x.a = 1

            » fn f() { $x = 1; x }
            fn f() { let x = 1;
            x }

            » param(A)
            » fn f() { $A = 1 }
            » $A = 2
            let A = __param("A");
            fn f() { let A = 1 }
            A = __default("A", ( 2))

            » $last = 5
            error: `$last` is kept by the shell and cannot be assigned to
             --> line:1:1
              |
            1 | $last = 5
              | ^^^^^
              = help: use another name

            » $x == 1
            __out(x == 1)

            » for u in y { $u = 1 }
            for u in y { u = 1 }
        "#]],
    );
}

#[test]
fn blocks_are_closures() {
    check(
        &[
            "let n = 0\nGet-User | % { n += 1; if $_.A { return } }",
            "Get-User | % { Get-UserLicense $_ | ? { $_.A -eq 1 } }",
            "Get-User | % -Begin { let s = 0 } -Process { s += $_.S; let t = 1 } -End { $s }",
            "Get-User | % -Process { $s += 1 } -Begin { $s = 0 } -End { s }",
            "let s = 1\nGet-User | % -Begin { $s = 0 } { $s += 1 }",
            "Get-User | ? { let s = 1; s }",
        ],
        &expect![[r#"
            » let n = 0
            » Get-User | % { n += 1; if $_.A { return } }
            let n = 0 ;
            __run(0, [ |__it| { n += 1;
            if __truth(__it.A) { return } },])
            0: Get-User | ForEach-Object {#0}

            » Get-User | % { Get-UserLicense $_ | ? { $_.A -eq 1 } }
            __run(0, [ |__it| { __pipe(1, [ __it, |__it| { __eq(__it.A , 1) }, ])},])
            0: Get-User | ForEach-Object {#0}
            1: Get-UserLicense #0 | Where-Object {#1}

            » Get-User | % -Begin { let s = 0 } -Process { s += $_.S; let t = 1 } -End { $s }
            { let s__1 = (); let t__1 = (); __run(0, [ |__it| { s__1 = 0 }, |__it| { s__1 += __it.S;
            t__1 = 1 }, |__it| { s__1 },]) }
            0: Get-User | ForEach-Object -Begin {#0} -Process {#1} -End {#2}

            » Get-User | % -Process { $s += 1 } -Begin { $s = 0 } -End { s }
            { let s__1 = (); __run(0, [ |__it| { s__1 += 1 }, |__it| { s__1 = 0 }, |__it| { s__1 },]) }
            0: Get-User | ForEach-Object -Process {#0} -Begin {#1} -End {#2}

            » let s = 1
            » Get-User | % -Begin { $s = 0 } { $s += 1 }
            let s = 1 ;
            __run(0, [ |__it| { s = 0 }, |__it| { s += 1 },])
            0: Get-User | ForEach-Object -Begin {#0} {#1}

            » Get-User | ? { let s = 1; s }
            __run(0, [ |__it| { let s = 1;
            s },])
            0: Get-User | Where-Object {#0}
        "#]],
    );
}

#[test]
fn values_and_output() {
    check(
        &[
            "Get-User\n1 + 1\n2 + 2",
            "if a { Get-User } else { 5 }\nGet-User",
            "let x = if a { Get-User } else { 5 }",
            "fn f() { Get-User; Get-User }\nf()",
            "for u in x { u; Get-User }\n",
            "switch a { 1 => 2, _ => { Get-User } }\n1",
            "fn f() { try { Get-User } catch { 5 } }",
            "try { Get-User } catch (e) { e.Code; e.Fix }\n",
            "{ 1 }\n2",
            "while a { if b { 1 } }",
        ],
        &expect![[r#"
            » Get-User
            » 1 + 1
            » 2 + 2
            __run(0, []) ;
            1 + 1 ;
            __out(2 + 2)
            0: Get-User

            » if a { Get-User } else { 5 }
            » Get-User
            if __truth(a) { __run(0, [ ])} else { __out(5) }
            __run(1, [])
            0: Get-User
            1: Get-User

            » let x = if a { Get-User } else { 5 }
            let x = if __truth(a) { __pipe(0, [ ])} else { 5 }
            0: Get-User

            » fn f() { Get-User; Get-User }
            » f()
            fn f() { __run(0, []);
            __pipe(1, [ ])}
            __out(f())
            0: Get-User
            1: Get-User

            » for u in x { u; Get-User }
            » 
            for u in x { u;
            __run(0, [ ])}
            0: Get-User

            » switch a { 1 => 2, _ => { Get-User } }
            » 1
            switch a { 1 => __out(2), _ => { __run(0, [ ])} }
            __out(1)
            0: Get-User

            » fn f() { try { Get-User } catch { 5 } }
            fn f() { { let __try1 = (); try { __try1 = __pipe(0, [ ])} catch (__it){__it = __caught(__it); __try1 = 5 } __try1 } }
            0: Get-User

            » try { Get-User } catch (e) { e.Code; e.Fix }
            » 
            try { __run(0, [ ])} catch (e) {e = __caught(e); e.Code;
            __out(e.Fix) }
            0: Get-User

            » { 1 }
            » 2
            { __out(1) }
            __out(2)

            » while a { if b { 1 } }
            while __truth(a) { if __truth(b) { __out(1) } }
        "#]],
    );
}

#[test]
fn parameters() {
    check(
        &[
            "// Moves people.\n// Carefully.\nparam(Department, Limit: number = 500, $Since: date, Tags: list, Force: bool, On = $true)\nfn f() { Limit }",
            "param(A, a)",
            "param([string]$A)",
            "param(A: int)",
            "let x = 1\nparam(A)",
            "param(A = 1)\n$A = 2\nA += 3\nfn f(A) { A = 4 }\n{ let A = 1; A = 2 }\nx.A = 3",
            "param(A = Get-User)",
            "param(A",
        ],
        &expect![[r#"
            » // Moves people.
            » // Carefully.
            » param(Department, Limit: number = 500, $Since: date, Tags: list, Force: bool, On = $true)
            » fn f() { Limit }
            let Department = __param("Department");
            let Limit = if __given("Limit") { __param("Limit") } else { __default("Limit", "number",  500) };
            let Since = __param("Since");
            let Tags = __param("Tags");
            let Force = __param("Force");
            let On = if __given("On") { __param("On") } else { __default("On",  true) };
            fn f() { Limit }

            » param(A, a)
            error: The parameter `a` is given twice
             --> line:1:10
              |
            1 | param(A, a)
              |          ^

            » param([string]$A)
            error: The type of a parameter stands after its name
             --> line:1:7
              |
            1 | param([string]$A)
              |       ^
              = help: write `Name: text`; the types are text, number, bool, date and list

            » param(A: int)
            error: Unknown parameter type `int`
             --> line:1:10
              |
            1 | param(A: int)
              |          ^^^
              = help: the types are text, number, bool, date and list

            » let x = 1
            » param(A)
            error: `param(…)` is not the first statement
             --> line:2:1
              |
            2 | param(A)
              | ^^^^^
              = help: move it to the top of the script; only comments may stand before it

            » param(A = 1)
            » $A = 2
            » A += 3
            » fn f(A) { A = 4 }
            » { let A = 1; A = 2 }
            » x.A = 3
            let A = if __given("A") { __param("A") } else { __default("A",  1) };
            A = __default("A", ( 2)) ;
            A = __default("A", A + ( 3)) ;
            fn f(A) { A = 4 }
            { let A = 1;
            A = 2 }
            x.A = 3

            » param(A = Get-User)
            let A = if __given("A") { __param("A") } else { __default("A",  __pipe(0, [])) };
            0: Get-User

            » param(A
            error: The `(` that begins here is not closed
             --> line:1:6
              |
            1 | param(A
              |      ^
        "#]],
    );
}

#[test]
fn errors() {
    check(
        &[
            "try { throw 'x' } catch { $_ }",
            "try { }",
            "catch { }",
            "exit(3)",
            "throw `a ${1}`",
        ],
        &expect![[r#"
            » try { throw 'x' } catch { $_ }
            try { throw "x" } catch (__it){__it = __caught(__it); __out(__it) }

            » try { }
            error: Expected `catch`, but the text ends
             --> line:1:8
              |
            1 | try { }
              |        ^
              = help: write `catch { … }`; `$_` is the error in it

            » catch { }
            error: `catch` has no `try` before it
             --> line:1:1
              |
            1 | catch { }
              | ^^^^^
              = help: write `try { … } catch { … }`

            » exit(3)
            __out(exit(3))

            » throw `a ${1}`
            throw __tick(["a ", {1}, ])
        "#]],
    );
}

#[test]
fn words_of_other_languages() {
    check(
        &[
            "foreach ($u in $x) { }",
            "foreach ($u in $x) { 1; if $u { $u.Name } }\nfor u in $x { u }",
            "function f() { }",
            "if a { } elseif b { }",
            "for ($i = 0; $i -lt 5; $i++) { }",
            "$i++",
            "var x = 1",
            "Größe = 1",
        ],
        &expect![[r#"
            » foreach ($u in $x) { }
            for u in( x) { }

            » foreach ($u in $x) { 1; if $u { $u.Name } }
            » for u in $x { u }
            for u in( x) { 1;
            if __truth(u) { __out(u.Name) } }
            for u in x { u }

            » function f() { }
            error: `function` is not a word of this language
             --> line:1:1
              |
            1 | function f() { }
              | ^^^^^^^^
              = help: write `fn f(a, b) { … }`, and call it with brackets: `f(1, 2)`

            » if a { } elseif b { }
            if __truth(a) { } else if __truth(b) { }

            » for ($i = 0; $i -lt 5; $i++) { }
            error: A `for` loop has no brackets around its head
             --> line:1:5
              |
            1 | for ($i = 0; $i -lt 5; $i++) { }
              |     ^
              = help: write `foreach ($item in $list) { … }`, or `for i in 0..10 { … }` to count from 0 to 9

            » $i++
            i+= 1

            » var x = 1
            error: `var` is a reserved word and cannot name a variable
             --> line:1:1
              |
            1 | var x = 1
              | ^^^
              = help: write `let name = value`, or `$name = value`

            » Größe = 1
            error: Expected the end of the statement, found `ö`
             --> line:1:3
              |
            1 | Größe = 1
              |   ^
              = help: names consist of the letters a to z, digits and `_`; a property with another name is `value['Größe']`
        "#]],
    );
}

#[test]
fn the_comment_above_the_parameters_is_the_help() {
    for (text, help) in [
        (
            "// Moves people.\n// Twice.\nparam(A)",
            Some("Moves people.\nTwice."),
        ),
        (
            "#!/usr/bin/env usher\n// One.\n\n// Two.\nparam(A)",
            Some("Two."),
        ),
        ("/* Moves\n * people. */\nparam(A)", Some("Moves\npeople.")),
        ("// Only a comment.\nGet-User", Some("Only a comment.")),
        ("param(A)\n// After.", None),
        ("Get-User", None),
    ] {
        let translated = translate(text, &TestNames, &KnownNames::default());
        assert_eq!(
            translated.map(|t| t.help),
            Ok(help.map(str::to_owned)),
            "{text}"
        );
    }
}
