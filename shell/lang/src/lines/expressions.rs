//! Text, operators, records and names (points 4, 7 and 11).

use super::check;
use expect_test::expect;

#[test]
fn text_in_double_quotes() {
    check(
        &[
            r#"let name = 1; "$name.csv""#,
            r#"let a = 1; "${a + 1} $(Get-User | Measure-Object) $true$null""#,
            r#""a ""b"" \"c\" \n\t\\ \$x $ $5 100$""#,
            r#""""#,
            r#""C:\Users""#,
            "\"a\nb\"",
            r#""open"#,
            r#""\u00e9\x41""#,
            r#""a${"b${"c"}"}""#,
        ],
        &expect![[r#"
            » let name = 1; "$name.csv"
            let name = 1;
            __out(__text([ name, ".csv"]))

            » let a = 1; "${a + 1} $(Get-User | Measure-Object) $true$null"
            let a = 1;
            __out(__text([ {a + 1}," ", (__pipe(0, [ ]))," ",true,(), ]))
            0: Get-User | Measure-Object

            » "a ""b"" \"c\" \n\t\\ \$x $ $5 100$"
            __out("a \"b\" \"c\" \n\t\\ $x $ $5 100$")

            » ""
            __out("")

            » "C:\Users"
            error: `\U` means nothing in a text
             --> line:1:4
              |
            1 | "C:\Users"
              |    ^^
              = help: write `\\` for a backslash, or put the text into '…'

            » "a
            » b"
            __out("a\nb")

            » "open
            error: The text that begins here is not closed
             --> line:1:1
              |
            1 | "open
              | ^
              = help: write the quote twice for a quote inside a text

            » "\u00e9\x41"
            __out("éA")

            » "a${"b${"c"}"}"
            __out(__text(["a", {__text(["b", {"c"}, ])}, ]))
        "#]],
    );
}

#[test]
fn other_text() {
    check(
        &[
            "'it''s'",
            r#"'$x \n'"#,
            "''",
            r#"`a ${1 + 1} \${x} ``b`` $y`"#,
            r###"#"raw "# + ##"a"#b"##"###,
            "'open",
        ],
        &expect![[r###"
            » 'it''s'
            __out("it's")

            » '$x \n'
            __out("$x \\n")

            » ''
            __out("")

            » `a ${1 + 1} \${x} ``b`` $y`
            __out(__tick(["a ", {1 + 1}, " ${x} `b` $y"]))

            » #"raw "# + ##"a"#b"##
            __out("raw " + "a\"#b")

            » 'open
            error: The text that begins here is not closed
             --> line:1:1
              |
            1 | 'open
              | ^
              = help: write the quote twice for a quote inside a text
        "###]],
    );
}

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
fn records_and_maps() {
    check(
        &[
            "@{ Name = 'x'; Other = Get-User | Measure-Object\n Third = [1, 2] }",
            "[PSCustomObject] @{ 'User name' = 1 }",
            "@{ A = 1, 2 }",
            "@{ A = 1; a = 2 }",
            "@{ }",
            "@{ Name='x'; Expression={ $_.A } }",
            "#{ default: 1, 'a b': 2 }",
            "@(1)",
        ],
        &expect![[r#"
            » @{ Name = 'x'; Other = Get-User | Measure-Object
            »  Third = [1, 2] }
            __out(__record([ "Name", "x", "Other", __pipe(0, [ ]), "Third", [1, 2], ]))
            0: Get-User | Measure-Object

            » [PSCustomObject] @{ 'User name' = 1 }
            __out(__record([ "User name", 1, ]))

            » @{ A = 1, 2 }
            error: Expected `;` or `}` after the value, found `,`
             --> line:1:9
              |
            1 | @{ A = 1, 2 }
              |         ^
              = help: entries are separated by `;` or a line end; a list stands in `[…]`

            » @{ A = 1; a = 2 }
            error: The property `a` is given twice
             --> line:1:11
              |
            1 | @{ A = 1; a = 2 }
              |           ^

            » @{ }
            __out(__record([ ]))

            » @{ Name='x'; Expression={ $_.A } }
            __out(__record([ "Name", "x", "Expression", |__it| { __it.A }, ]))

            » #{ default: 1, 'a b': 2 }
            __out(#{ "default": 1, "a b": 2 })

            » @(1)
            error: `@(…)` is not a list here
             --> line:1:1
              |
            1 | @(1)
              | ^^
              = help: write `(Get-User …)`, whose value is a list, or `[a, b]`
        "#]],
    );
}

#[test]
fn reserved_words() {
    check(
        &[
            "let u = 1; u.shared.new.default",
            "let new = 5",
            "fn default() { }",
            "$null = 3",
            "null",
            "let __x = 1",
            "[int]$x",
            "2026-11-23",
            "x.'a'",
        ],
        &expect![[r#"
            » let u = 1; u.shared.new.default
            let u = 1;
            __out(u.shared.new.default)

            » let new = 5
            error: `new` is a reserved word and cannot name a variable
             --> line:1:5
              |
            1 | let new = 5
              |     ^^^
              = help: use another name, such as `new_value`; after a dot the word is free: `u.new`

            » fn default() { }
            error: `default` is a reserved word and cannot name a function
             --> line:1:4
              |
            1 | fn default() { }
              |    ^^^^^^^
              = help: use another name, such as `default_value`; after a dot the word is free: `u.default`

            » $null = 3
            error: `null` is a reserved word and cannot name a variable
             --> line:1:2
              |
            1 | $null = 3
              |  ^^^^
              = help: write `$null`, or `()`

            » null
            error: `null` is a reserved word and cannot name a variable
             --> line:1:1
              |
            1 | null
              | ^^^^
              = help: write `$null`, or `()`

            » let __x = 1
            error: `__x` cannot name a variable
             --> line:1:5
              |
            1 | let __x = 1
              |     ^^^
              = help: begin the name with a letter

            » [int]$x
            error: `[int]` is not a cast here
             --> line:1:1
              |
            1 | [int]$x
              | ^^^^^
              = help: write number(value)

            » 2026-11-23
            error: `2026-11-23` is a subtraction here, not a date
             --> line:1:1
              |
            1 | 2026-11-23
              | ^^^^^^^^^^
              = help: write `"2026-11-23"` for the date

            » x.'a'
            error: Expected a property name after `.`, found `'`
             --> line:1:3
              |
            1 | x.'a'
              |   ^
              = help: a name with blanks goes into brackets: `$_['User name']`
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
