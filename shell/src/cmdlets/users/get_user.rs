//! Get-User: people by name, by filter, or all.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{GetUserRequest, ListUsersRequest, User};

use super::USER_PROPERTIES;
use super::nobody::Nobody;
use crate::client::{Sent, quoted};
use crate::cmdlet::{
    Arguments, Call, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param, Single, Targets,
    Values,
};
use crate::cmdlets::{AS_OF, OnRefusal, read_time, sent};
use crate::error::{Result, ShellError};
use crate::types;

/// Get-User.
pub static GET_USER: Cmdlet = Cmdlet {
    name: "Get-User",
    synopsis: "Gets people: one by name, or all who meet every condition",
    description: "A name is an id, a user principal name, or a display name that only one person has; a name that \
        nobody or several people have is an error. Without a name it gives everybody who meets all the conditions, by \
        user principal name, and with -Search by the word found. Conditions are judged by the service.",
    params: &[
        Param::new(
            "User",
            Kind::Text,
            "Id, user principal name or display name",
        )
        .at(0)
        .many()
        .from(FromPipeline::Value(USER_PROPERTIES))
        .values(Values::Users),
        Param::new("Department", Kind::Text, "Only people of these departments")
            .many()
            .values(Values::Departments),
        Param::new("UserType", Kind::Text, "Only members, or only guests")
            .values(Values::OneOf(&["Member", "Guest"])),
        Param::new(
            "Country",
            Kind::Text,
            "Only people with these countries in their address",
        )
        .many(),
        Param::new(
            "UsageLocation",
            Kind::Text,
            "Only people with these usage locations; '' for those without",
        )
        .many(),
        Param::new(
            "NoUsageLocation",
            Kind::Switch,
            "Only people without a usage location",
        ),
        Param::new(
            "AccountEnabled",
            Kind::Any,
            "Only people who may sign in ($true), or may not ($false)",
        )
        .values(Values::OneOf(&["true", "false"])),
        Param::new(
            "Unlicensed",
            Kind::Switch,
            "Only people who hold no product",
        ),
        Param::new("License", Kind::Text, "Only holders of this product").values(Values::Products),
        Param::new(
            "ServicePlan",
            Kind::Text,
            "Only people for whom this plan is on",
        )
        .values(Values::Plans),
        Param::new(
            "LicenseState",
            Kind::Text,
            "Only people with a licence in this state",
        )
        .values(Values::OneOf(&[
            "Active",
            "Waiting",
            "Error",
            "HeldOff",
            "Suspended",
        ])),
        Param::new(
            "Search",
            Kind::Text,
            "Only people with words that begin so: of their names, or of their address before the @",
        ),
        Param::new(
            "Filter",
            Kind::Text,
            "An OData filter, such as \"startswith(city,'Mun')\"",
        ),
        Param::new(
            "Deleted",
            Kind::Switch,
            "Deleted people, who can still be restored, instead of live ones",
        ),
        Param::new("Top", Kind::Int, "No more than this many"),
        AS_OF,
    ],
    effect: Effect::None,
    output: &["User", "DeletedUser"],
    single: Single::When(|args| args.values("User").len() == 1),
    examples: &[
        Example {
            line: "Get-User adele@contoso.com",
            says: "One person, or an error if there is nobody with that name.",
        },
        Example {
            line: "Get-User -Department Sales -AccountEnabled $true | Where-Object { -not $_.UsageLocation }",
            says: "People of the sales department who may sign in and have no usage location.",
        },
        Example {
            line: "Get-User -Search 'ad van'",
            says: "Everybody with a word that begins with ad and one that begins with van, whatever the case and the \
                accents: the best fit first.",
        },
        Example {
            line: "Get-User -LicenseState HeldOff -NoUsageLocation",
            says: "People with a plan that is held off, and no usage location.",
        },
        Example {
            line: "Get-User -License SPE_E3 -Top 5",
            says: "Five of the people who hold SPE_E3.",
        },
        Example {
            line: "Get-User -Deleted | Where-Object RetentionHold | Sort-Object DeleteTime",
            says: "Deleted people whose data is on hold, the longest deleted first.",
        },
        Example {
            line: "Get-User -Filter \"startswith(displayName,'A') and assignedLicenses/\\$count eq 0\"",
            says: "Unlicensed people whose name begins with A.",
        },
    ],
    related: &[
        "Set-User",
        "Restore-User",
        "Get-UserLicense",
        "Set-UserLicense",
    ],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let top = call.args.int("Top");
    if Targets::are_none(&call, "User") {
        return list(&call, top);
    }
    if filter_of(&call.args)?.is_some()
        || call.args.has("Search")
        || call.args.switch("Deleted")
        || top.is_some()
    {
        return Err(ShellError::new(
            "ARGUMENT_INVALID",
            "Get-User takes a name or conditions, not both",
        )
        .fix(
            "Filter what it gives: Get-User NAME | Where-Object { … }; of deleted people: \
                Get-User -Deleted -Filter \"userPrincipalName eq 'NAME'\"",
        ));
    }
    let targets = Targets::of(&mut call, "User")?;
    let name_of = targets.name_of();
    let on_refusal = OnRefusal::of(&call.args, targets.single);
    let host = call.host;
    let read_time = read_time(&call.args);
    let calls = targets
        .items
        .enumerate()
        .map(move |(row, item)| sent(row, name_of(&call, &item?), |name| get(name, read_time)));
    let answers = host.session.connection.ordered(calls);
    Ok(Box::new(answers.filter_map(move |answered| {
        match answered {
            Err(error) => Some(Err(error)),
            Ok(answered) => match answered.answer {
                Ok(user) => Some(Ok(types::user(&user))),
                Err(error) => on_refusal
                    .keep(host, with_search(error, &answered.about), &answered.about)
                    .map(Err),
            },
        }
    })))
}

fn get(name: String, read_time: Option<prost_types::Timestamp>) -> Sent<User> {
    Sent::new(name.clone(), move |service| async move {
        let request = GetUserRequest {
            user: name,
            read_time,
        };
        let answer = UserServiceClient::new(service)
            .get_user(Request::new(request))
            .await?
            .into_inner();
        answer
            .user
            .ok_or_else(|| tonic::Status::internal("The service sent no user"))
    })
}

/// Nobody with this whole name: the names that begin so are shown by a search.
fn with_search(error: ShellError, name: &str) -> ShellError {
    if error.code != "USER_NOT_FOUND" {
        return error;
    }
    let start = name.split('@').next().unwrap_or(name);
    error.fix(format!("Get-User -Search {}", quoted(start)))
}

fn list<'a>(call: &Call<'a>, top: Option<i64>) -> Result<Objects<'a>> {
    let filter = filter_of(&call.args)?.unwrap_or_default();
    let show_deleted = call.args.switch("Deleted");
    let search = call.args.text("Search").unwrap_or_default().to_owned();
    let top = match top {
        Some(top) => usize::try_from(top).map_err(|_| {
            ShellError::new(
                "ARGUMENT_INVALID",
                format!("-Top takes 0 or more; it was given `{top}`"),
            )
        })?,
        None => usize::MAX,
    };
    let page_size = i32::try_from(top)
        .unwrap_or(MAX_PAGE_SIZE)
        .clamp(1, MAX_PAGE_SIZE);
    let host = call.host;
    let read_time = read_time(&call.args);
    if call.args.switch("Verbose") && !filter.is_empty() {
        host.session
            .console
            .note(&format!("Get-User: filter {filter}"));
    }
    let pages = host.session.connection.pages(move |service, page_token| {
        let request = ListUsersRequest {
            page_size,
            page_token,
            filter: filter.clone(),
            search: search.clone(),
            show_deleted,
            read_time,
        };
        async move {
            let mut client =
                UserServiceClient::new(service).max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
            let page = client.list_users(Request::new(request)).await?.into_inner();
            Ok((page.users, page.next_page_token))
        }
    });
    let users = pages.take(top).map(move |user| {
        host.check()?;
        Ok(types::user(&user?))
    });
    if top == 0 || !host.session.at_prompt.get() {
        return Ok(Box::new(users));
    }
    Ok(Box::new(Nobody::new(
        host,
        call.args.texts("Department"),
        users,
    )))
}

/// The conditions as one filter; `None` without any.
fn filter_of(args: &Arguments) -> Result<Option<String>> {
    let mut all = Vec::new();
    for (param, property) in [
        ("Department", "department"),
        ("Country", "country"),
        ("UsageLocation", "usageLocation"),
    ] {
        if args.has(param) {
            all.push(any_of(property, &args.texts(param)));
        }
    }
    if args.switch("NoUsageLocation") {
        all.push("usageLocation eq null".to_owned());
    }
    if let Some(user_type) = args.text("UserType") {
        all.push(format!("userType eq {}", literal(user_type)));
    }
    if let Some(enabled) = args.text("AccountEnabled") {
        all.push(format!("accountEnabled eq {enabled}"));
    }
    if args.switch("Unlicensed") {
        all.push("assignedLicenses/$count eq 0".to_owned());
    }
    if let Some(product) = args.text("License") {
        all.push(format!(
            "assignedLicenses/any(x:x/skuId eq {})",
            literal(product)
        ));
    }
    if let Some(plan) = args.text("ServicePlan") {
        all.push(format!(
            "assignedPlans/any(x:x/servicePlanId eq {})",
            literal(plan)
        ));
    }
    if let Some(state) = args.text("LicenseState") {
        all.push(format!(
            "licenseAssignmentStates/any(x:x/state eq {})",
            literal(state)
        ));
    }
    if let Some(filter) = args.text("Filter") {
        if filter.trim().is_empty() {
            return Err(ShellError::new("ARGUMENT_INVALID", "-Filter is empty")
                .fix("Leave it out for everybody"));
        }
        // Alone it goes as written, so that positions in the service's message fit.
        all.push(if all.is_empty() {
            filter.to_owned()
        } else {
            format!("({filter})")
        });
    }
    Ok((!all.is_empty()).then(|| all.join(" and ")))
}

fn any_of(property: &str, values: &[String]) -> String {
    let mut conditions: Vec<String> = Vec::new();
    let (empty, given): (Vec<&String>, Vec<&String>) =
        values.iter().partition(|value| value.is_empty());
    match given[..] {
        [] => {}
        [only] => conditions.push(format!("{property} eq {}", literal(only))),
        _ => {
            let list: Vec<String> = given.iter().map(|value| literal(value)).collect();
            conditions.push(format!("{property} in ({})", list.join(",")));
        }
    }
    if !empty.is_empty() {
        conditions.push(format!("{property} eq null"));
    }
    match &conditions[..] {
        [only] => only.clone(),
        _ => format!("({})", conditions.join(" or ")),
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use usher_object::Value;

    use super::*;
    use crate::cmdlet::{ArgValue, RawArgument, bind};

    fn filter(given: &[(&str, Value)]) -> Option<String> {
        let raw = given
            .iter()
            .map(|(name, value)| RawArgument {
                name: Some((*name).into()),
                value: Some(ArgValue::Value(value.clone())),
                place: None,
            })
            .collect();
        filter_of(&bind(&GET_USER, raw, false, crate::clock::system).unwrap()).unwrap()
    }

    #[test]
    fn conditions_become_one_filter() {
        assert_eq!(filter(&[]), None);
        assert_eq!(
            filter(&[("Department", "Sales".into())]).as_deref(),
            Some("department eq 'Sales'")
        );
        let several = Value::list(["R&D".into(), "Children's Books".into()]);
        assert_eq!(
            filter(&[("Department", several), ("AccountEnabled", false.into())]).as_deref(),
            Some("department in ('R&D','Children''s Books') and accountEnabled eq false")
        );
        assert_eq!(
            filter(&[("UsageLocation", Value::list(["".into(), "de".into()]))]).as_deref(),
            Some("(usageLocation eq 'de' or usageLocation eq null)")
        );
        assert_eq!(
            filter(&[
                ("License", "SPE_E3".into()),
                ("Filter", "city eq 'Bonn' or city eq 'Ulm'".into())
            ])
            .as_deref(),
            Some(
                "assignedLicenses/any(x:x/skuId eq 'SPE_E3') and (city eq 'Bonn' or city eq 'Ulm')"
            )
        );
        assert_eq!(
            filter(&[
                ("LicenseState", "heldoff".into()),
                ("NoUsageLocation", true.into())
            ])
            .as_deref(),
            Some("usageLocation eq null and licenseAssignmentStates/any(x:x/state eq 'HeldOff')")
        );
        assert_eq!(
            filter(&[("Filter", "city eq 'Bonn'".into())]).as_deref(),
            Some("city eq 'Bonn'")
        );
    }
}
