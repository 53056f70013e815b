//! Format-Table: objects as a table.

use usher_object::format::Layout;

use super::shown::formatted;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::Result;

pub static FORMAT_TABLE: Cmdlet = Cmdlet {
    name: "Format-Table",
    synopsis: "Shows objects as a table",
    description: "Gives lines of text, no wider than the terminal: long text is cut with …, columns that do not fit \
                  are left out from the right. It belongs at the end of a pipeline.",
    params: &[Param::new(
        "Property",
        Kind::Properties,
        "Columns in this order, wildcards, and calculated ones: Name={ block }",
    )
    .at(0)
    .values(Values::Properties)],
    effect: Effect::None,
    output: &["text"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-License | Format-Table",
            says: "The usual columns.",
        },
        Example {
            line: "Get-User | Group-Object Department | Format-Table Name, Count",
            says: "Chosen columns.",
        },
    ],
    related: &["Format-List", "Select-Object"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    formatted(call, Layout::Table)
}
