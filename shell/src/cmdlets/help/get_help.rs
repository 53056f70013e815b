//! Get-Help: what a command does and how it is written.

use usher_object::Value;

use super::get_command::unknown;
use super::page;
use super::topics::topic;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::Result;

/// Get-Help.
pub static GET_HELP: Cmdlet = Cmdlet {
    name: "Get-Help",
    synopsis: "Says what a command does and how it is written",
    description: "Without a name it says how to begin.",
    params: &[
        Param::new(
            "Name",
            Kind::Text,
            "The command or its alias, or a page such as about_Safety; about lists the pages",
        )
        .at(0)
        .values(Values::Commands),
        Param::new("Examples", Kind::Switch, "Only the examples"),
        Param::new("Parameter", Kind::Text, "Only this parameter"),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Always,
    examples: &[
        Example {
            line: "Get-Help Set-UserLicense",
            says: "The whole page.",
        },
        Example {
            line: "Get-Help Switch-UserLicense -Examples",
            says: "Lines to copy.",
        },
        Example {
            line: "Get-Help about_Pipelines",
            says: "A page about the shell itself; Get-Help about lists them.",
        },
    ],
    related: &["Get-Command"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let registry = &call.host.session.registry;
    let text = match call.args.text("Name") {
        None => page::overview(registry.all()),
        Some(name) if name.eq_ignore_ascii_case("about") => page::topic_list(),
        Some(name) if registry.find(name).is_none() && topic(name).is_some() => topic(name)
            .map(|topic| topic.text.trim_end().to_owned())
            .unwrap_or_default(),
        Some(name) => {
            let cmdlet = registry.find(name).ok_or_else(|| unknown(&call, name))?;
            if let Some(param) = call.args.text("Parameter") {
                page::parameter(cmdlet, param)?
            } else if call.args.switch("Examples") {
                page::examples(cmdlet)
            } else {
                page::whole(cmdlet, &registry.aliases_of(cmdlet.name))
            }
        }
    };
    Ok(Box::new(std::iter::once(Ok(Value::from(text)))))
}
