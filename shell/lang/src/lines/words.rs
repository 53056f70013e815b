//! Text, records, and which words mean what (points 4 and 11, and slips of tired people).

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
            error: A record holds data, not blocks
             --> line:1:25
              |
            1 | @{ Name='x'; Expression={ $_.A } }
              |                         ^
              = help: a calculated property is written `Total={ $_.A + $_.B }`, one to sort by, downwards, `desc={ $_.A }`; a computed value `(1 + 1)`

            » #{ default: 1, 'a b': 2 }
            __out(#{ "default": 1, "a b": 2 })

            » @(1)
            __out(__list([1,]))
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
fn line_ends_of_windows() {
    check(
        &[
            "$x = Get-User E3\r\n$y = $x\r\nGet-User\r\n  -Top 5\r\n",
            "\"a\r\nb\"",
            "return\r\n",
        ],
        &expect![[r#"
            » $x = Get-User E3
            » $y = $x
            » Get-User
            »   -Top 5
            » 
            let x = __pipe(0, [ ]) ;
            let y = x ;
            __run(1, [ ])
            0: Get-User word:E3
            1: Get-User -Top num:5

            » "a
            » b"
            __out("a\nb")

            » return
            » 
            return
        "#]],
    );
}

#[test]
fn signs_from_elsewhere() {
    check(
        &[
            "Get-User # all",
            "# all",
            "Get-User \u{2013}Top 5",
            "\u{201c}Sales\u{201d}",
            "Get-User `\n  -Top 5",
            "$env:PATH",
            "Get-User -Reason #123",
        ],
        &expect![[r#"
            » Get-User # all
            __run(0, [ ])
            0: Get-User

            » # all


            » Get-User –Top 5
            error: `–` is a typographic sign
             --> line:1:10
              |
            1 | Get-User –Top 5
              |          ^
              = help: write `"`, `'` or `-`; or put the text into quotes

            » “Sales”
            error: Expected a value, found `“`
             --> line:1:1
              |
            1 | “Sales”
              | ^
              = help: typographic quotes and dashes mean nothing here: write `"`, `'` or `-`

            » Get-User `
            »   -Top 5
            error: The text that begins here is not closed
             --> line:1:10
              |
            1 | Get-User `
              |          ^
              = help: no backtick is needed: a command goes on onto a line that begins with `|` or `-Name`

            » $env:PATH
            error: A variable has no prefix such as `$env:`
             --> line:1:1
              |
            1 | $env:PATH
              | ^^^^^
              = help: a script is given values by `param(Home)` and `usher script.usher -Home "$HOME"`

            » Get-User -Reason #123
            __run(0, [ ])
            0: Get-User -Reason word:#123
        "#]],
    );
}

#[test]
fn a_wrong_case_is_named() {
    check(
        &[
            "$people = 1\n$People.Count",
            "$error",
            "fn f() { $Error }",
            "let a = 1\nfn f() { A }",
            "let a = 1\n\"$A\"",
            "let a = 1\nlet A = 2\nA",
        ],
        &expect![[r#"
            » $people = 1
            » $People.Count
            error: There is no variable `People`
             --> line:2:1
              |
            2 | $People.Count
              | ^^^^^^^
              = help: variables are case-sensitive: write `people`

            » $error
            error: There is no variable `error`
             --> line:1:1
              |
            1 | $error
              | ^^^^^^
              = help: variables are case-sensitive: write `Error`

            » fn f() { $Error }
            fn f() { Error }

            » let a = 1
            » fn f() { A }
            let a = 1 ;
            fn f() { A }

            » let a = 1
            » "$A"
            error: There is no variable `A`
             --> line:2:2
              |
            2 | "$A"
              |  ^^
              = help: variables are case-sensitive: write `a`

            » let a = 1
            » let A = 2
            » A
            let a = 1 ;
            let A = 2 ;
            __out(A)
        "#]],
    );
}

#[test]
fn break_needs_a_loop() {
    check(
        &[
            "break",
            "for u in x { Get-User | % { break } }",
            "for u in x { if u { continue } }",
            "for (u, i) in x { f(|| { loop { break } }) }",
            "while x { f(|y| continue) }",
        ],
        &expect![[r#"
            » break
            error: `break` stands outside a loop
             --> line:1:1
              |
            1 | break
              | ^^^^^
              = help: in a block of a command, `return` goes on with the next object

            » for u in x { Get-User | % { break } }
            error: `break` stands outside a loop
             --> line:1:29
              |
            1 | for u in x { Get-User | % { break } }
              |                             ^^^^^
              = help: in a block of a command, `return` goes on with the next object

            » for u in x { if u { continue } }
            for u in x { if __truth(u) { continue } }

            » for (u, i) in x { f(|| { loop { break } }) }
            for (u, i) in x { f(|| { loop { break } }) }

            » while x { f(|y| continue) }
            error: `continue` stands outside a loop
             --> line:1:17
              |
            1 | while x { f(|y| continue) }
              |                 ^^^^^^^^
              = help: in a block of a command, `return` goes on with the next object
        "#]],
    );
}
