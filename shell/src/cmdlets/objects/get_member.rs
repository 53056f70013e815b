//! Get-Member: what properties objects have.

use usher_object::member::Members;

use super::stage::{at_once, drain};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::error::Result;

pub static GET_MEMBER: Cmdlet = Cmdlet {
    name: "Get-Member",
    synopsis: "Tells what properties objects have, and of what kind",
    description: "Looks at every object that comes: kinds that differ between objects are all named, and a property \
                  that never had a value has no kind.",
    params: &[],
    effect: Effect::None,
    output: &["Member"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-User -Top 20 | Get-Member",
            says: "The properties of people.",
        },
        Example {
            line: "@{ Name = 'Adele'; Seats = 5 } | Get-Member",
            says: "The properties of an own object.",
        },
    ],
    related: &["Select-Object", "Format-List"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let input = call.take_input();
    Ok(at_once(move || {
        let mut members = Members::new();
        drain(input, host, |item| {
            members.push(&item);
            Ok(())
        })?;
        Ok(members.finish())
    }))
}
