//! All commands, one a file; this is the list that the registry is made from.

use crate::cmdlet::Cmdlet;

/// Every command, in the order in which Get-Command lists them.
pub static CMDLETS: &[&Cmdlet] = &[];

/// Short names.
pub const ALIASES: &[(&str, &str)] = &[
    ("?", "Where-Object"),
    ("where", "Where-Object"),
    ("%", "ForEach-Object"),
    ("foreach", "ForEach-Object"),
    ("select", "Select-Object"),
    ("sort", "Sort-Object"),
    ("group", "Group-Object"),
    ("measure", "Measure-Object"),
    ("ft", "Format-Table"),
    ("fl", "Format-List"),
];
