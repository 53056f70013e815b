//! Format-Table: objects as a table.

use usher_object::format::{FormatOptions, Layout};

use super::groups::GROUP_BY;
use super::shown::formatted;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::Result;

pub static FORMAT_TABLE: Cmdlet = Cmdlet {
    name: "Format-Table",
    synopsis: "Shows objects as a table",
    description: "Gives lines of text, no wider than the terminal: long text is cut with …, columns that do not fit \
                  are left out from the right. The first 300 objects say how wide the columns are. It belongs at the \
                  end of a pipeline.",
    params: &[
        Param::new(
            "Property",
            Kind::Properties,
            "Columns in this order, wildcards, and calculated ones: Name={ block }",
        )
        .at(0)
        .values(Values::Properties),
        GROUP_BY,
        Param::new(
            "AutoSize",
            Kind::Switch,
            "Columns as wide as the longest of all values, as far as the window allows; shows nothing before the last \
             object came",
        ),
        Param::new(
            "Wrap",
            Kind::Switch,
            "Long text goes on in further lines instead of being cut",
        ),
    ],
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
        Example {
            line: "Get-User | Sort-Object Department | Format-Table DisplayName, Mail -GroupBy Department",
            says: "A table for each department.",
        },
        Example {
            line: "Get-LicenseRule | Format-Table Kind, Id, Plans -Wrap",
            says: "All plans of each rule, over as many lines as they need.",
        },
    ],
    related: &["Format-List", "Select-Object", "Group-Object"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = FormatOptions {
        layout: Layout::Table,
        wrap: call.args.switch("Wrap"),
        auto_size: call.args.switch("AutoSize"),
        ..FormatOptions::default()
    };
    formatted(call, options)
}
