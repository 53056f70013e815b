//! What may be an argument (point 3).

use super::check;
use expect_test::expect;

#[test]
fn names_and_switches() {
    check(
        &[
            r#"Get-User -Days -30 -Top:5 -Search "a b" -Force"#,
            "Get-User -Force:$false -Top: 5",
            "Get-User -Name=5",
            "Get-User -Top:",
            "Get-User --x -1.5 -.5 -",
        ],
        &expect![[r#"
            » Get-User -Days -30 -Top:5 -Search "a b" -Force
            __run(0, [ ])
            0: Get-User -Days num:-30 -Top: num:5 -Search text:"a b" -Force

            » Get-User -Force:$false -Top: 5
            __run(0, [ false, ])
            0: Get-User -Force: #0 -Top: num:5

            » Get-User -Name=5
            error: `-Name` is not given with `=`
             --> line:1:15
              |
            1 | Get-User -Name=5
              |               ^
              = help: write `-Name value`, or `-Name:value`

            » Get-User -Top:
            error: Expected a value after `:`, but the text ends
             --> line:1:15
              |
            1 | Get-User -Top:
              |               ^

            » Get-User --x -1.5 -.5 -
            __run(0, [ ])
            0: Get-User word:--x num:-1.5 num:-.5 word:-
        "#]],
    );
}

#[test]
fn bare_words() {
    check(
        &[
            "Import-Csv http://x//y src/*.csv // a comment",
            "Get-User SPE_E3 adele@contoso.com 2026-11-23 CON* 00123 1e5 x(y",
            r#"Get-User a"b"'c'"#,
            "Get-User a/*b /* comment */ c",
            "Get-User foo)",
            "Get-User E3;Get-User E5",
        ],
        &expect![[r#"
            » Import-Csv http://x//y src/*.csv // a comment
            __run(0, [ ])
            0: Import-Csv word:http://x//y word:src/*.csv

            » Get-User SPE_E3 adele@contoso.com 2026-11-23 CON* 00123 1e5 x(y
            __run(0, [ ])
            0: Get-User word:SPE_E3 word:adele@contoso.com word:2026-11-23 word:CON* num:00123 num:1e5 word:x(y

            » Get-User a"b"'c'
            __run(0, [ ])
            0: Get-User word:a text:"b" text:"c"

            » Get-User a/*b /* comment */ c
            __run(0, [ ])
            0: Get-User word:a/*b word:c

            » Get-User foo)
            error: Expected the end of the statement, found `)`
             --> line:1:13
              |
            1 | Get-User foo)
              |             ^
              = help: put `;` or a line end between statements

            » Get-User E3;Get-User E5
            __run(0, [ ]);
            __run(1, [ ])
            0: Get-User word:E3
            1: Get-User word:E5
        "#]],
    );
}

#[test]
fn computed_values() {
    check(
        &[
            "let n = 1; Get-User $n.A.B $n[0].C $n.trim() $(1+2) (Get-User x).A ${n}",
            r#"let d = 1; Get-User $d/file-$d.csv $d.csv x$d "$d.csv""#,
            "Get-User #{ a: 1 } @{ A = 'b' } [1, 2] `x ${1}` $true $null",
            "let m = #{}; Get-User @m",
            "Get-User @contoso.com",
        ],
        &expect![[r#"
            » let n = 1; Get-User $n.A.B $n[0].C $n.trim() $(1+2) (Get-User x).A ${n}
            let n = 1;
            __run(0, [ n.A.B, n[0].C, n.trim(), (1+2), (__pipe(1, [ ])).A, ( {n}),])
            0: Get-User #0 #1 #2 #3 #4 #5
            1: Get-User word:x

            » let d = 1; Get-User $d/file-$d.csv $d.csv x$d "$d.csv"
            let d = 1;
            __run(0, [ __text([d,"/file-",d,".csv",]), d.csv, __text(["x",d,]), __text([ d, ".csv"]),])
            0: Get-User #0 #1 #2 #3

            » Get-User #{ a: 1 } @{ A = 'b' } [1, 2] `x ${1}` $true $null
            __run(0, [ #{ "a": 1 }, __record([ "A", "b", ]), [1, 2], __tick(["x ", {1}, ]), true, (),])
            0: Get-User #0 #1 #2 #3 #4 #5

            » let m = #{}; Get-User @m
            let m = #{};
            __run(0, [ m,])
            0: Get-User @#0

            » Get-User @contoso.com
            __run(0, [ ])
            0: Get-User word:@contoso.com
        "#]],
    );
}

#[test]
fn lists_and_blocks() {
    check(
        &[
            "Get-User -Department Sales, IT ,HR",
            "Select-Object A,\n  B",
            "Select-Object Total={ $_.A + $_.B }, 'User name'={ 1 }, Name",
            "Get-User -User { $_.UPN.trim() }",
            "Get-User A,",
            "Get-User { $_ } { { 1 } }",
        ],
        &expect![[r#"
            » Get-User -Department Sales, IT ,HR
            __run(0, [ ])
            0: Get-User -Department (word:Sales, word:IT, word:HR)

            » Select-Object A,
            »   B
            __run(0, [ ])
            0: Select-Object (word:A, word:B)

            » Select-Object Total={ $_.A + $_.B }, 'User name'={ 1 }, Name
            __run(0, [ |__it| { __it.A + __it.B }, |__it| { 1 }, ])
            0: Select-Object (Total={#0}, User name={#1}, word:Name)

            » Get-User -User { $_.UPN.trim() }
            __run(0, [ |__it| { __it.UPN.trim() },])
            0: Get-User -User {#0}

            » Get-User A,
            error: Expected a value after `,`, but the text ends
             --> line:1:12
              |
            1 | Get-User A,
              |            ^

            » Get-User { $_ } { { 1 } }
            __run(0, [ |__it| { __it }, |__it| { { 1 } },])
            0: Get-User {#0} {#1}
        "#]],
    );
}

#[test]
fn a_command_goes_on_over_lines() {
    check(
        &[
            "Get-User |\n  Sort-Object",
            "Get-User\n  -Top 5\n  // why\n  | Sort-Object A",
            "Get-User (\n 1 +\n 2)",
            "Get-User\n5",
            "Get-User\n(5)",
            "Get-User -Top\n5",
        ],
        &expect![[r#"
            » Get-User |
            »   Sort-Object
            __run(0, [ ])
            0: Get-User | Sort-Object

            » Get-User
            »   -Top 5
            »   // why
            »   | Sort-Object A
            __run(0, [ ])
            0: Get-User -Top num:5 | Sort-Object word:A

            » Get-User (
            »  1 +
            »  2)
            __run(0, [ ( 1 + 2),])
            0: Get-User #0

            » Get-User
            » 5
            __run(0, []) ;
            __out(5)
            0: Get-User

            » Get-User
            » (5)
            __run(0, []) ;
            __out((5))
            0: Get-User

            » Get-User -Top
            » 5
            __run(0, [ ]) ;
            __out(5)
            0: Get-User -Top
        "#]],
    );
}

#[test]
fn what_other_shells_do() {
    check(
        &[
            "Get-User > file.txt",
            "Get-User && Get-User",
            "Get-User || 1",
            "Get-User & Get-User",
            "Get-User -Department R&D",
        ],
        &expect![[r#"
            » Get-User > file.txt
            error: `>` has no meaning in a command
             --> line:1:10
              |
            1 | Get-User > file.txt
              |          ^
              = help: write `| Out-File name`, or `| Export-Csv name`

            » Get-User && Get-User
            error: `&&` has no meaning in a command
             --> line:1:10
              |
            1 | Get-User && Get-User
              |          ^^
              = help: end the command before it, and test its outcome with `if`

            » Get-User || 1
            error: `||` has no meaning in a command
             --> line:1:10
              |
            1 | Get-User || 1
              |          ^^
              = help: end the command before it, and test its outcome with `if`

            » Get-User & Get-User
            error: `&` has no meaning in a command
             --> line:1:10
              |
            1 | Get-User & Get-User
              |          ^
              = help: commands run one after another: end each with a new line or `;`

            » Get-User -Department R&D
            __run(0, [ ])
            0: Get-User -Department word:R&D
        "#]],
    );
}
