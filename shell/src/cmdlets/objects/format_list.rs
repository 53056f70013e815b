//! Format-List: objects with a property on each line.

use usher_object::format::{FormatOptions, Layout};

use super::groups::GROUP_BY;
use super::shown::formatted;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::Result;

pub static FORMAT_LIST: Cmdlet = Cmdlet {
    name: "Format-List",
    synopsis: "Shows objects with a property on each line",
    description: "Gives lines of text with all properties, or those that were asked for; long values go on in the \
                  next line. It belongs at the end of a pipeline.",
    params: &[
        Param::new(
            "Property",
            Kind::Properties,
            "Properties in this order, wildcards, and calculated ones: Name={ block }",
        )
        .at(0)
        .values(Values::Properties),
        GROUP_BY,
    ],
    effect: Effect::None,
    output: &["text"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-User -Top 1 | Format-List",
            says: "Everything about one person.",
        },
        Example {
            line: "Get-License | Format-List PartNumber, A*",
            says: "Chosen properties.",
        },
    ],
    related: &["Format-Table", "Get-Member"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = FormatOptions {
        layout: Layout::List,
        ..FormatOptions::default()
    };
    formatted(call, options)
}
