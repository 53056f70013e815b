//! Operators, truth, and rhai's own expressions (points 7 and 11).

use super::check;
use expect_test::expect;

#[test]
fn operators_with_dashes() {
    check(
        &[
            "let x = 1; $x -eq 1 -and -not $x",
            "$x -EQ 'a' + 'b' && $y",
            "a -like 'x*' == b",
            "1 -in 1..5",
            "$x-eq 3",
            "let eq = 1; x-eq",
            "$a -and $b -or $c",
            "($a -and $b) -or $c",
            "$a -or $b || $c",
            "$a -join ','",
            "$a -ceq $b",
            "-eq 3",
            "a -notin [1] -and a -notcontains b",
        ],
        &expect![[r#"
            » let x = 1; $x -eq 1 -and -not $x
            let x = 1;
            __out(__eq(x , 1) && ! __truth(x))

            » $x -EQ 'a' + 'b' && $y
            __out(__eq(x , "a" + "b") && __truth(y))

            » a -like 'x*' == b
            __out(__like(a , "x*") == b)

            » 1 -in 1..5
            __out(__in(1 , 1..5))

            » $x-eq 3
            __out(__eq(x, 3))

            » let eq = 1; x-eq
            let eq = 1;
            __out(x-eq)

            » $a -and $b -or $c
            error: `-and` and `-or` are mixed without parentheses
             --> line:1:12
              |
            1 | $a -and $b -or $c
              |            ^^^
              = help: write `($a -and $b) -or $c` or `$a -and ($b -or $c)`

            » ($a -and $b) -or $c
            __out(( __truth(a) && __truth(b)) || __truth(c))

            » $a -or $b || $c
            __out(__truth(a) || __truth(b) || __truth(c))

            » $a -join ','
            error: There is no operator `-join`
             --> line:1:4
              |
            1 | $a -join ','
              |    ^^^^^
              = help: write `list.join(", ")`

            » $a -ceq $b
            error: There is no operator `-ceq`
             --> line:1:4
              |
            1 | $a -ceq $b
              |    ^^^^
              = help: `-eq` ignores case; `==` and `!=` do not

            » -eq 3
            error: Expected a value before `-eq`
             --> line:1:1
              |
            1 | -eq 3
              | ^^^

            » a -notin [1] -and a -notcontains b
            __out(__notin(a , [1]) && __notcontains(a , b))
        "#]],
    );
}

#[test]
fn truth() {
    check(
        &[
            "if x { } else if x == 1 { }",
            "while $x { break }",
            "do { } until !x",
            "if !x.a && (y > 1) { }",
            "let b = -not true",
            "if $x = 5 { }",
        ],
        &expect![[r#"
            » if x { } else if x == 1 { }
            if __truth(x) { } else if x == 1 { }

            » while $x { break }
            while __truth(x) { break }

            » do { } until !x
            do { } until !__truth(x)

            » if !x.a && (y > 1) { }
            if !__truth(x.a) && (y > 1) { }

            » let b = -not true
            let b = ! true

            » if $x = 5 { }
            error: An assignment cannot be a condition
             --> line:1:7
              |
            1 | if $x = 5 { }
              |       ^
              = help: write `==` or `-eq` to compare
        "#]],
    );
}

#[test]
fn dollar_is_optional() {
    check(
        &[
            "let a = 1; $a + a",
            "$_",
            "$name.len()",
            "fn f(x) { $x }\n$f(1)",
            "$null",
            "$ x",
            "$",
        ],
        &expect![[r#"
            » let a = 1; $a + a
            let a = 1;
            __out(a + a)

            » $_
            error: `$_` is the current object of a block, and this is not inside one
             --> line:1:1
              |
            1 | $_
              | ^^
              = help: give the variable a name

            » $name.len()
            __out(name.len())

            » fn f(x) { $x }
            » $f(1)
            fn f(x) { x }
            __out(f(1))

            » $null
            __out(())

            » $ x
            error: `$` stands before a variable name or a bracket
             --> line:1:1
              |
            1 | $ x
              | ^

            » $
            error: Expected a variable name after `$`, but the text ends
             --> line:1:2
              |
            1 | $
              |  ^
        "#]],
    );
}

#[test]
fn rhai_stays_rhai() {
    check(
        &[
            "let x = a?.b?[1] ?? 5;",
            "x ??= 5",
            r#"import "lib" as lib; lib::f(1)"#,
            "let f = |a, b| a + b; f.call(1, 2)",
            "loop { break 5 }",
            "x = 1 + 2 * 3 ** 2 << 1",
            "this.x",
            "let y = { let z = 1; z };",
            "private fn f(a, b) { a }",
            "a !in b && c in d",
            "x[1][2].y(3)!",
            "print(`x`)",
            "f!(1)",
            "export const X = 1;",
            "fn int.double() { this * 2 }",
            "let x = switch y { 1 | 2 => 3, 4..6 if z => { 5 } _ => 6 };",
        ],
        &expect![[r#"
            » let x = a?.b?[1] ?? 5;
            let x = a?.b?[1] ?? 5;

            » x ??= 5
            error: Expected a value, found `=`
             --> line:1:5
              |
            1 | x ??= 5
              |     ^
              = help: a value is a number, a text, a variable, a call, or a command in parentheses

            » import "lib" as lib; lib::f(1)
            import "lib" as lib;
            __out(lib::f(1))

            » let f = |a, b| a + b; f.call(1, 2)
            let f = |a, b| a + b;
            __out(f.call(1, 2))

            » loop { break 5 }
            loop { break 5 }

            » x = 1 + 2 * 3 ** 2 << 1
            x = 1 + 2 * 3 ** 2 << 1

            » this.x
            __out(this.x)

            » let y = { let z = 1; z };
            let y = { let z = 1;
            z };

            » private fn f(a, b) { a }
            private fn f(a, b) { a }

            » a !in b && c in d
            __out(a !in b && c in d)

            » x[1][2].y(3)!
            error: Expected the end of the statement, found `!`
             --> line:1:13
              |
            1 | x[1][2].y(3)!
              |             ^
              = help: put `;` or a line end between statements

            » print(`x`)
            __out(print("x"))

            » f!(1)
            __out(f!(1))

            » export const X = 1;
            export const X = 1;

            » fn int.double() { this * 2 }
            fn int.double() { this * 2 }

            » let x = switch y { 1 | 2 => 3, 4..6 if z => { 5 } _ => 6 };
            let x = switch y { 1 | 2 => 3, 4..6 if __truth(z) => { 5 } _ => 6 };
        "#]],
    );
}

#[test]
fn unbalanced() {
    check(
        &[
            "(1", "[1, 2", "f(1", "{ 1", "#{ a: 1", "@{ a = 1", "1)", "}", "if x {", "/* a",
        ],
        &expect![[r#"
            » (1
            error: The `(` that begins here is not closed
             --> line:1:1
              |
            1 | (1
              | ^

            » [1, 2
            error: The `[` that begins here is not closed
             --> line:1:1
              |
            1 | [1, 2
              | ^

            » f(1
            error: The `(` that begins here is not closed
             --> line:1:2
              |
            1 | f(1
              |  ^

            » { 1
            error: The `{` that begins here is not closed
             --> line:1:1
              |
            1 | { 1
              | ^

            » #{ a: 1
            error: The `#{` that begins here is not closed
             --> line:1:1
              |
            1 | #{ a: 1
              | ^^

            » @{ a = 1
            error: The `@{` that begins here is not closed
             --> line:1:1
              |
            1 | @{ a = 1
              | ^^

            » 1)
            error: Expected the end of the statement, found `)`
             --> line:1:2
              |
            1 | 1)
              |  ^
              = help: put `;` or a line end between statements

            » }
            error: `}` closes nothing
             --> line:1:1
              |
            1 | }
              | ^
              = help: remove it, or open the bracket before

            » if x {
            error: The `{` that begins here is not closed
             --> line:1:6
              |
            1 | if x {
              |      ^

            » /* a
            error: The comment that begins here is not closed
             --> line:1:1
              |
            1 | /* a
              | ^^
              = help: end it with `*/`
        "#]],
    );
}
