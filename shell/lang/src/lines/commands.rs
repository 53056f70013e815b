//! Where a command may stand, and what it is called (points 1 and 2).

use super::check;
use crate::testing::page;
use expect_test::expect;

#[test]
fn a_command_stands_where_a_value_may_begin() {
    check(
        &[
            "get-user -top 2",
            "$x = Get-User",
            "let x = (Get-User)",
            "return Get-User -Top 1",
            "throw Get-User",
            "let f = |x| Get-User $x",
            "for u in (Get-User) { }",
            "[1, (Get-License).Count, 5]",
            "if (Get-User adele@contoso.com).AccountEnabled { 1 }",
        ],
        &expect![[r#"
            » get-user -top 2
            __run(0, [ ])
            0: Get-User -top num:2

            » $x = Get-User
            let x = __pipe(0, [])
            0: Get-User

            » let x = (Get-User)
            let x = (__pipe(0, []))
            0: Get-User

            » return Get-User -Top 1
            return __pipe(0, [ ])
            0: Get-User -Top num:1

            » throw Get-User
            throw __pipe(0, [])
            0: Get-User

            » let f = |x| Get-User $x
            let f = |x| __pipe(0, [ x,])
            0: Get-User #0

            » for u in (Get-User) { }
            for u in (__pipe(0, [])) { }
            0: Get-User

            » [1, (Get-License).Count, 5]
            __out([1, (__pipe(0, [])).__of_any("Count"), 5])
            0: Get-License

            » if (Get-User adele@contoso.com).AccountEnabled { 1 }
            if __truth((__pipe(0, [ ])).AccountEnabled) { __out(1) }
            0: Get-User word:adele@contoso.com
        "#]],
    );
}

#[test]
fn elsewhere_it_stands_in_parentheses() {
    for line in [
        "[1, Get-User]",
        "#{ a: Get-User }",
        "f(get-user)",
        "1 + Get-User",
        "a -and Get-User",
        "for u in Get-User { }",
        "if Get-User { }",
        "while Get-User { }",
        "switch Get-User { }",
        "switch x { 1 => Get-User }",
        "x[Get-User]",
        "!Get-User",
    ] {
        let message = page(line);
        let first = message.lines().next().unwrap_or_default();
        assert_eq!(
            first, "error: A command stands in parentheses here: `(Get-User …)`",
            "{line}"
        );
    }
}

#[test]
fn so_does_a_pipeline() {
    check(
        &[
            "[1, Get-User]",
            "f($x | Sort-Object)",
            "if $x | Sort-Object { }",
        ],
        &expect![[r#"
            » [1, Get-User]
            error: A command stands in parentheses here: `(Get-User …)`
             --> line:1:5
              |
            1 | [1, Get-User]
              |     ^^^^^^^^
              = help: without them a command may stand at the start of a statement, after `=`, `(`, `return` and `throw`

            » f($x | Sort-Object)
            error: A pipeline stands in parentheses here
             --> line:1:6
              |
            1 | f($x | Sort-Object)
              |      ^
              = help: write `($x | …)`

            » if $x | Sort-Object { }
            error: A pipeline stands in parentheses here
             --> line:1:7
              |
            1 | if $x | Sort-Object { }
              |       ^
              = help: write `($x | …)`
        "#]],
    );
}

#[test]
fn a_name_of_two_capitals_is_a_command() {
    check(
        &[
            "Total-Used",
            "Get-Usr",
            "total-used",
            "let Total = 3; Total - 1",
            "total-Used",
            "x.Total-Used",
            "Get-User-Name",
            "let Get = 3; let Used = 1; Get-Used",
        ],
        &expect![[r#"
            » Total-Used
            error: Unknown command `Total-Used`
             --> line:1:1
              |
            1 | Total-Used
              | ^^^^^^^^^^
              = help: `Get-Command` lists all commands; for a subtraction write `Total - Used`

            » Get-Usr
            error: Unknown command `Get-Usr`
             --> line:1:1
              |
            1 | Get-Usr
              | ^^^^^^^
              = help: did you mean `Get-User` or `New-User`?

            » total-used
            __out(total-used)

            » let Total = 3; Total - 1
            let Total = 3;
            __out(Total - 1)

            » total-Used
            __out(total-Used)

            » x.Total-Used
            __out(x.Total-Used)

            » Get-User-Name
            error: Unknown command `Get-User-Name`
             --> line:1:1
              |
            1 | Get-User-Name
              | ^^^^^^^^^^^^^
              = help: did you mean `Get-User`?

            » let Get = 3; let Used = 1; Get-Used
            error: Unknown command `Get-Used`
             --> line:1:28
              |
            1 | let Get = 3; let Used = 1; Get-Used
              |                            ^^^^^^^^
              = help: `Get-Command` lists all commands; for a subtraction write `Get - Used`
        "#]],
    );
}

#[test]
fn aliases_stand_after_a_pipe_and_at_the_start() {
    check(
        &[
            "$x = 5; $x | where A -gt 3 | ? { !$_.B } | % { $_ } | select A",
            "sort $x -Property a",
            "let sort = 1\nsort",
            "fn sort(x) { x }\nsort (5)",
            "select = 5",
            "a | b",
            "$x|?{$_.A}|%{$_.B}",
            "a | 3",
            "Get-User | sorted",
            "Get-User | Sorted-Object",
        ],
        &expect![[r#"
            » $x = 5; $x | where A -gt 3 | ? { !$_.B } | % { $_ } | select A
            let x = 5;
            __run(0, [x,  |__it| { !__truth(__it.B) }, |__it| { __it }, ])
            0: #0 | Where-Object word:A -gt num:3 | Where-Object {#1} | ForEach-Object {#2} | Select-Object word:A

            » sort $x -Property a
            __run(0, [ x, ])
            0: Sort-Object #0 -Property word:a

            » let sort = 1
            » sort
            let sort = 1 ;
            __out(sort)

            » fn sort(x) { x }
            » sort (5)
            fn sort(x) { x }
            __out(sort (5))

            » select = 5
            select = 5

            » a | b
            __out(a | b)

            » $x|?{$_.A}|%{$_.B}
            __run(0, [x,  |__it| {__it.A}, |__it| {__it.B},])
            0: #0 | Where-Object {#1} | ForEach-Object {#2}

            » a | 3
            __out(a | 3)

            » Get-User | sorted
            error: `sorted` after `|` is not a command or an alias
             --> line:1:12
              |
            1 | Get-User | sorted
              |            ^^^^^^
              = help: Get-Command lists the commands and their aliases

            » Get-User | Sorted-Object
            error: Unknown command `Sorted-Object`
             --> line:1:12
              |
            1 | Get-User | Sorted-Object
              |            ^^^^^^^^^^^^^
              = help: did you mean `Sort-Object`, `Tee-Object` or `ForEach-Object`?
        "#]],
    );
}

#[test]
fn the_first_stage_is_a_whole_expression() {
    check(
        &[
            "1..5 | % { $_ }",
            "1 + 2 | Write-Output",
            "let a = 1; a -eq 1 | Write-Output",
            "let x = if a { 1 } else { 2 } | Sort-Object",
            "[3, 1]\n  | Sort-Object",
            "(Get-User).UPN | Sort-Object",
        ],
        &expect![[r#"
            » 1..5 | % { $_ }
            __run(0, [1..5,  |__it| { __it },])
            0: #0 | ForEach-Object {#1}

            » 1 + 2 | Write-Output
            __run(0, [1 + 2,  ])
            0: #0 | Write-Output

            » let a = 1; a -eq 1 | Write-Output
            let a = 1;
            __run(0, [__eq(a , 1),  ])
            0: #0 | Write-Output

            » let x = if a { 1 } else { 2 } | Sort-Object
            let x = __pipe(0, [if __truth(a) { 1 } else { 2 },  ])
            0: #0 | Sort-Object

            » [3, 1]
            »   | Sort-Object
            __run(0, [[3, 1],  ])
            0: #0 | Sort-Object

            » (Get-User).UPN | Sort-Object
            __run(1, [(__pipe(0, [])).UPN,  ])
            0: Get-User
            1: #0 | Sort-Object
        "#]],
    );
}
