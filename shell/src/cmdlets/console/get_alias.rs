//! Get-Alias: the short names of commands.

use usher_object::{Record, RecordType, Value};

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::Result;

/// Get-Alias.
pub static GET_ALIAS: Cmdlet = Cmdlet {
    name: "Get-Alias",
    synopsis: "Shows the short names of commands",
    description: "They stand after a bar, and at the start of a statement where no variable has the name. Set-Alias makes one.",
    params: &[
        Param::new("Command", Kind::Text, "Only those of this command")
            .at(0)
            .values(Values::Commands),
    ],
    effect: Effect::None,
    output: &["Alias"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-Alias",
            says: "All of them.",
        },
        Example {
            line: "Get-Alias Where-Object",
            says: "Those of one command.",
        },
    ],
    related: &["Set-Alias", "Get-Command"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let registry = &call.host.session.registry;
    let wanted = call.args.text("Command");
    let alias = RecordType::typed("Alias", &["Name", "Command"]);
    let mut rows: Vec<Value> = Vec::new();
    for cmdlet in registry.all() {
        if wanted.is_some_and(|wanted| !cmdlet.name.eq_ignore_ascii_case(wanted)) {
            continue;
        }
        for name in registry.aliases_of(cmdlet.name) {
            let values = vec![name.into(), cmdlet.name.into()];
            rows.push(Record::new(&alias, values).into());
        }
    }
    Ok(Box::new(rows.into_iter().map(Ok)))
}
