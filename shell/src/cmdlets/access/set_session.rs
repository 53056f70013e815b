//! Set-Session: the organisation, the profile, the limits of a person and the form of results, from now on.

use super::{enter, session_of};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::{Result, ShellError};
use crate::output::OutputFormat;

const FORMATS: &[&str] = &["auto", "table", "list", "json", "jsonl", "csv"];

/// Set-Session.
pub static SET_SESSION: Cmdlet = Cmdlet {
    name: "Set-Session",
    synopsis: "Sets the organisation, the limits and the form of results for what follows",
    description: "A script may tighten its limits. Only a person at the prompt, who is asked, allows changes again or \
        raises the number of people.",
    params: &[
        Param::new(
            "Tenant",
            Kind::Text,
            "Id or name of the organisation, for who acts in several",
        ),
        Param::new(
            "Profile",
            Kind::Text,
            "A named way of profiles.toml, with its limits",
        )
        .values(Values::Profiles),
        Param::new(
            "PeopleLimit",
            Kind::Int,
            "Users that one command may change without being asked",
        ),
        Param::new(
            "ReadOnly",
            Kind::Switch,
            "Refuses every change; -ReadOnly:$false allows them again",
        ),
        Param::new(
            "Output",
            Kind::Text,
            "Form of the results of the lines that follow, at the prompt",
        )
        .values(Values::OneOf(FORMATS)),
    ],
    effect: Effect::None,
    output: &["SessionInfo"],
    single: Single::Always,
    examples: &[
        Example {
            line: "Set-Session -ReadOnly -PeopleLimit 20",
            says: "Nothing is changed by accident from now on.",
        },
        Example {
            line: "Set-Session -Tenant Default",
            says: "What follows is about another organisation.",
        },
    ],
    related: &["Get-Session", "Connect-Service", "Get-Tenant"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let (args, host) = (&call.args, call.host);
    let session = host.session;
    // What a person has to allow goes first, so that a no changes nothing.
    let people = people(&call)?;
    if let Some(people) = people.filter(|people| *people > session.people_limit.get()) {
        by_a_person(
            &call,
            &format!("One command may then change {people} people unasked."),
        )?;
    }
    if args.has("ReadOnly") && !args.switch("ReadOnly") && session.read_only.get() {
        by_a_person(&call, "Commands may then change something.")?;
    }
    let format = format(&call)?;
    let mut caller = None;
    if let Some(name) = args.text("Profile") {
        let profiles = session.profiles()?;
        let profile = profiles.named(name)?;
        caller = Some(enter(host, profile, profile.way(name)?)?);
    }
    if let Some(tenant) = args.text("Tenant") {
        let mut way = session.connection.way();
        way.tenant = Some(tenant.to_owned());
        caller = Some(session.connection.change(way)?);
    }
    if let Some(people) = people {
        session.people_limit.set(people);
    }
    if args.has("ReadOnly") {
        session.read_only.set(args.switch("ReadOnly"));
    }
    if let Some(format) = format {
        session.format.set(format);
    }
    let caller = match caller {
        Some(caller) => caller,
        None => session.connection.who_am_i()?,
    };
    Ok(Box::new(std::iter::once(Ok(session_of(host, caller)))))
}

fn people(call: &Call<'_>) -> Result<Option<usize>> {
    let number = call.args.int("PeopleLimit");
    let people = number.map(usize::try_from).transpose();
    people.map_err(|_| {
        ShellError::new("ARGUMENT_INVALID", "-PeopleLimit counts people")
            .fix("Give a number from 0 on")
    })
}

fn by_a_person(call: &Call<'_>, what: &str) -> Result<()> {
    let session = call.host.session;
    let asked = session.at_prompt.get();
    match asked.then(|| session.console.confirm(&format!("{what} Go on?"))) {
        Some(Some(true)) => Ok(()),
        Some(Some(false)) => Err(ShellError::new("DECLINED", "The answer was no")
            .fix("Nothing of the session was changed")),
        _ => Err(ShellError::new(
            "NOT_AT_PROMPT",
            "Only a person at the prompt loosens the limits of a session",
        )
        .fix("Start the script without --read-only, or with --max-people NUMBER")),
    }
}

fn format(call: &Call<'_>) -> Result<Option<OutputFormat>> {
    let Some(name) = call.args.text("Output") else {
        return Ok(None);
    };
    if !call.host.session.at_prompt.get() {
        return Err(ShellError::new(
            "NOT_AT_PROMPT",
            "The form of results is set before a script begins",
        )
        .fix(format!(
            "usher --output {name} …; or ConvertTo-Json, ConvertTo-Csv, Format-List"
        )));
    }
    let mut named = OutputFormat::NAMED.iter();
    Ok(named
        .find(|(known, _)| *known == name)
        .map(|(_, format)| *format))
}

#[cfg(test)]
mod tests {
    use usher_object::Value;

    use super::*;
    use crate::cmdlets::fixture::Fixture;

    fn set(fixture: &Fixture, args: &[(&str, Value)]) -> Result<Value> {
        let mut objects = fixture.start("Set-Session", args, None)?;
        objects.next().unwrap()
    }

    #[test]
    fn a_script_tightens_and_only_a_person_at_the_prompt_loosens() {
        let fixture = Fixture::new();
        let tight = [("ReadOnly", Value::Null), ("PeopleLimit", Value::Int(5))];
        let session = set(&fixture, &tight).unwrap();
        assert_eq!(session.property("ReadOnly").unwrap(), Value::Bool(true));
        assert_eq!(session.property("PeopleLimit").unwrap(), Value::Int(5));
        let described = fixture.session.describe();
        for name in ["ReadOnly", "PeopleLimit", "Server", "Profile", "Output"] {
            assert_eq!(
                session.property(name).unwrap(),
                described.property(name).unwrap(),
                "{name}"
            );
        }
        let loose: [&[(&str, Value)]; 2] = [
            &[("ReadOnly", Value::Bool(false))],
            &[("PeopleLimit", Value::Int(6))],
        ];
        fixture.told.answer.set(Some(true));
        for args in loose {
            assert_eq!(set(&fixture, args).unwrap_err().code, "NOT_AT_PROMPT");
        }
        fixture.session.at_prompt.set(true);
        fixture.told.answer.set(Some(false));
        for args in loose {
            assert_eq!(set(&fixture, args).unwrap_err().code, "DECLINED");
        }
        assert!(fixture.session.read_only.get());
        fixture.told.answer.set(Some(true));
        for args in loose {
            set(&fixture, args).unwrap();
        }
        assert!(!fixture.session.read_only.get());
        assert_eq!(fixture.session.people_limit.get(), 6);
    }

    #[test]
    fn the_form_of_results_is_the_prompts() {
        let fixture = Fixture::new();
        let json = [("Output", Value::from("json"))];
        assert_eq!(set(&fixture, &json).unwrap_err().code, "NOT_AT_PROMPT");
        fixture.session.at_prompt.set(true);
        set(&fixture, &json).unwrap();
        assert_eq!(fixture.session.format.get(), OutputFormat::Json);
    }

    #[test]
    fn another_organisation_keeps_what_the_service_in_memory_holds() {
        let fixture = Fixture::new();
        let user = [
            ("UserPrincipalName", Value::from("adele@contoso.com")),
            ("DisplayName", Value::from("Adele")),
        ];
        let made = fixture.start("New-User", &user, None).unwrap();
        assert_eq!(made.count(), 1);
        set(&fixture, &[("Tenant", Value::from("Default"))]).unwrap();
        let users = fixture.start("Get-User", &[], None).unwrap();
        assert_eq!(users.count(), 1);
        let wrong = set(&fixture, &[("Tenant", Value::from("Nowhere"))]);
        assert_eq!(wrong.unwrap_err().code, "TENANT_NOT_FOUND");
        assert_eq!(fixture.start("Get-User", &[], None).unwrap().count(), 1);
    }
}
