//! Set-Alias: a short name for a command.

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::{Result, ShellError};

/// Set-Alias.
pub static SET_ALIAS: Cmdlet = Cmdlet {
    name: "Set-Alias",
    synopsis: "Gives a command a short name",
    description: "It stands from the next line of the prompt on, until the session ends; in profile.usher it stands in \
        every session. A script is read whole before it runs, so it knows the names that were there before it.",
    params: &[
        Param::new("Name", Kind::Text, "The short name")
            .at(0)
            .mandatory(),
        Param::new("Value", Kind::Text, "The command that it stands for")
            .at(1)
            .mandatory()
            .values(Values::Commands),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Set-Alias gu Get-User",
            says: "From the next line on: gu -Department Sales.",
        },
        Example {
            line: "Set-Alias lic Get-UserLicense",
            says: "A line for profile.usher.",
        },
    ],
    related: &["Get-Alias", "Get-Command"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let registry = &call.host.session.registry;
    let name = call.args.text("Name").unwrap_or_default();
    let value = call.args.text("Value").unwrap_or_default();
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !begins || !name.chars().all(fits) {
        return Err(ShellError::new(
            "ARGUMENT_INVALID",
            format!("`{name}` cannot be a short name"),
        )
        .fix("Take letters, digits and _, and a letter first"));
    }
    let Some(command) = registry.find(value) else {
        let error = ShellError::new(
            "COMMAND_NOT_FOUND",
            format!("There is no command `{value}`"),
        );
        return Err(match registry.nearest(value).as_slice() {
            [] => error.fix("Get-Command lists all commands"),
            near => error.fix(format!("Did you mean {}?", near.join(" or "))),
        });
    };
    registry.set_alias(name, command);
    Ok(Box::new(std::iter::empty()))
}
