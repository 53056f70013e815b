//! Set-User: changes fields of people.

use prost_types::FieldMask;
use tonic::Request;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{OffboardUserRequest, UpdateUserRequest, User, UserType};
use usher_object::Value;

use super::USER_PROPERTIES;
use super::each::{Answer, Telling, each};
use crate::client::Sent;
use crate::cmdlet::{
    Arguments, Call, ChangeOptions, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param,
    Single, Targets, Values,
};
use crate::cmdlets::{ETAG, etag, sent};
use crate::error::{Result, ShellError};
use crate::types;

/// A block may compute each of these for the person.
const FROM_BLOCK: FromPipeline = FromPipeline::Property(&[]);

/// Set-User.
pub static SET_USER: Cmdlet = Cmdlet {
    name: "Set-User",
    synopsis: "Changes fields of people",
    description: "Only the fields that are named change. A usage location can change, not be cleared; what is not \
        offered in the new one is held off, and comes back by itself. Blocking sign-in changes no licence; -Offboard \
        also takes the licences away and says what was held. A retention hold can be set and released on deleted people \
        too.",
    params: &[
        Param::new(
            "User",
            Kind::Text,
            "Id, user principal name or display name",
        )
        .at(0)
        .many()
        .mandatory()
        .from(FromPipeline::Value(USER_PROPERTIES))
        .values(Values::Users),
        Param::new(
            "UsageLocation",
            Kind::Text,
            "Country whose offers apply, two letters",
        )
        .from(FROM_BLOCK),
        Param::new("DisplayName", Kind::Text, "Name as people read it").from(FROM_BLOCK),
        Param::new("UserPrincipalName", Kind::Text, "New user principal name").from(FROM_BLOCK),
        Param::new("GivenName", Kind::Text, "First name").from(FROM_BLOCK),
        Param::new("Surname", Kind::Text, "Family name").from(FROM_BLOCK),
        Param::new("Mail", Kind::Text, "Mail address").from(FROM_BLOCK),
        Param::new("JobTitle", Kind::Text, "Job title").from(FROM_BLOCK),
        Param::new("Department", Kind::Text, "Department")
            .from(FROM_BLOCK)
            .values(Values::Departments),
        Param::new("Country", Kind::Text, "Country of the address").from(FROM_BLOCK),
        Param::new("State", Kind::Text, "State or province").from(FROM_BLOCK),
        Param::new("City", Kind::Text, "City").from(FROM_BLOCK),
        Param::new("OfficeLocation", Kind::Text, "Office").from(FROM_BLOCK),
        Param::new("StreetAddress", Kind::Text, "Street and number").from(FROM_BLOCK),
        Param::new("PostalCode", Kind::Text, "Postal code").from(FROM_BLOCK),
        Param::new("PhoneNumber", Kind::Text, "Business telephone number").from(FROM_BLOCK),
        Param::new("MobilePhone", Kind::Text, "Mobile telephone number").from(FROM_BLOCK),
        Param::new("UserType", Kind::Text, "Member or Guest")
            .values(Values::OneOf(&["Member", "Guest"])),
        Param::new("Block", Kind::Switch, "Blocks sign-in"),
        Param::new("Unblock", Kind::Switch, "Allows sign-in again"),
        Param::new(
            "Offboard",
            Kind::Switch,
            "Blocks sign-in, leaves groups that license, and removes direct licences, as one change",
        ),
        Param::new(
            "RetentionHold",
            Kind::Text,
            "Keeps the data, for this reason, and the account from being purged",
        )
        .from(FROM_BLOCK),
        Param::new("ReleaseHold", Kind::Switch, "Releases the retention hold"),
        ETAG,
    ],
    effect: Effect::Changes,
    output: &["UserChange", "UserRemoval", "User", "DeletedUser"],
    single: Single::When(|args| args.values("User").len() == 1),
    examples: &[
        Example {
            line: "Set-User adele@contoso.com -UsageLocation DE",
            says: "Says where a person works, so that licences can be assigned.",
        },
        Example {
            line: "Get-User -Department Sales | Set-User -Department 'Field Sales' -WhatIf",
            says: "What renaming a department would change, without changing it.",
        },
        Example {
            line: "Set-User adele@contoso.com -RetentionHold 'Case 7'",
            says: "Keeps the data of a person, whatever happens to the licences.",
        },
        Example {
            line: "Set-User adele@contoso.com -Offboard -Reason HR-204",
            says: "A leaver: sign-in blocked, licences taken away, what was held is shown.",
        },
    ],
    related: &["Get-User", "New-User", "Remove-User"],
    run,
};

/// Name of the parameter, name of the field in the mask, and the field.
type Field = (&'static str, &'static str, fn(&mut User) -> &mut String);

const FIELDS: &[Field] = &[
    ("UsageLocation", "usage_location", |user| {
        &mut user.usage_location
    }),
    ("DisplayName", "display_name", |user| &mut user.display_name),
    ("UserPrincipalName", "user_principal_name", |user| {
        &mut user.user_principal_name
    }),
    ("GivenName", "given_name", |user| &mut user.given_name),
    ("Surname", "surname", |user| &mut user.surname),
    ("Mail", "mail", |user| &mut user.mail),
    ("JobTitle", "job_title", |user| &mut user.job_title),
    ("Department", "department", |user| &mut user.department),
    ("Country", "country", |user| &mut user.country),
    ("State", "state", |user| &mut user.state),
    ("City", "city", |user| &mut user.city),
    ("OfficeLocation", "office_location", |user| {
        &mut user.office_location
    }),
    ("StreetAddress", "street_address", |user| {
        &mut user.street_address
    }),
    ("PostalCode", "postal_code", |user| &mut user.postal_code),
    ("PhoneNumber", "phone_number", |user| &mut user.phone_number),
    ("MobilePhone", "mobile_phone", |user| &mut user.mobile_phone),
];

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let asked = Asked::of(&call.args)?;
    let targets = Targets::of(&mut call, "User")?;
    let (single, host) = (targets.single, call.host);
    let telling = match asked {
        Asked::Fields => Telling {
            shape: &types::USER_CHANGE,
            done: "changed",
        },
        Asked::Offboarding => Telling {
            shape: &types::USER_REMOVAL,
            done: "offboarded",
        },
    };
    let rows = requests(call, targets, &options, asked);
    each(host, options, single, rows, telling)
}

/// Offboarding is a change of its own.
#[derive(Clone, Copy)]
enum Asked {
    Fields,
    Offboarding,
}

impl Asked {
    fn of(args: &Arguments) -> Result<Self> {
        let others = [
            "UserType",
            "Block",
            "Unblock",
            "RetentionHold",
            "ReleaseHold",
        ];
        let mut names = FIELDS.iter().map(|(name, ..)| *name).chain(others);
        let field = names.find(|name| args.has(name));
        let both = |one: &str, other: &str, fix: &str| {
            let message = format!("Set-User takes -{one} or -{other}, not both");
            Err(ShellError::new("ARGUMENT_INVALID", message).fix(fix))
        };
        if args.has("Block") && args.has("Unblock") {
            return both("Block", "Unblock", "Leave one of them out");
        }
        if args.has("RetentionHold") && args.switch("ReleaseHold") {
            return both("RetentionHold", "ReleaseHold", "Leave one of them out");
        }
        match (args.switch("Offboard"), field) {
            (true, None) => Ok(Self::Offboarding),
            (true, Some(field)) => both(
                "Offboard",
                field,
                "Change the fields first, or afterwards, with a Set-User of its own",
            ),
            (false, Some(_)) => Ok(Self::Fields),
            (false, None) => Err(ShellError::new(
                "PARAMETER_MISSING",
                "Set-User was not told what to change",
            )
            .fix("Set-User adele@contoso.com -UsageLocation DE")),
        }
    }
}

fn requests<'a>(
    call: Call<'a>,
    targets: Targets<'a>,
    options: &ChangeOptions,
    asked: Asked,
) -> impl Iterator<Item = Result<Sent<Answer>>> + 'a {
    let options = options.clone();
    let (name_of, single) = (targets.name_of(), targets.single);
    targets.items.enumerate().map(move |(row, item)| {
        let item = item?;
        let (mut user, paths) = changes(&call, &item)?;
        let etag = etag(&call, &item)?;
        let name = id_of_deleted(&item).map_or_else(|| name_of(&call, &item), Ok);
        let request_id = options.row_request_id(row, single);
        sent(row, name, |target| match asked {
            Asked::Fields => {
                user.etag = etag;
                updated(target, (user, paths), request_id, &options)
            }
            Asked::Offboarding => offboarded((target, etag), request_id, &options),
        })
    })
}

/// The name of a deleted person may be somebody else's now.
fn id_of_deleted(item: &Value) -> Option<String> {
    let deleted = item.as_record()?;
    if deleted.record_type().name() != types::DELETED_USER.name {
        return None;
    }
    Some(deleted.find("Id")?.display().to_string())
}

fn updated(
    target: String,
    (user, paths): (User, Vec<String>),
    request_id: String,
    options: &ChangeOptions,
) -> Sent<Answer> {
    let request = UpdateUserRequest {
        user: Some(user),
        update_mask: Some(FieldMask { paths }),
        target: target.clone(),
        reason: options.reason.clone(),
        request_id,
        validate_only: options.what_if,
    };
    Sent::new(target, move |service| async move {
        let mut client = UserServiceClient::new(service);
        let answer = client
            .update_user(Request::new(request))
            .await?
            .into_inner();
        Ok(Answer {
            user: answer.user,
            outcome: answer.outcome,
        })
    })
}

fn offboarded(
    (target, etag): (String, String),
    request_id: String,
    options: &ChangeOptions,
) -> Sent<Answer> {
    let request = OffboardUserRequest {
        user: target.clone(),
        etag,
        reason: options.reason.clone(),
        request_id,
        validate_only: options.what_if,
    };
    Sent::new(target, move |service| async move {
        let mut client = UserServiceClient::new(service);
        let answer = client
            .offboard_user(Request::new(request))
            .await?
            .into_inner();
        Ok(Answer {
            user: answer.user,
            outcome: answer.outcome,
        })
    })
}

fn changes(call: &Call<'_>, item: &Value) -> Result<(User, Vec<String>)> {
    let mut user = User::default();
    let mut paths = Vec::new();
    for (param, path, field) in FIELDS {
        if call.args.has(param) {
            let value = call.value_for(param, item)?.unwrap_or_default();
            *field(&mut user) = value.display().to_string();
            paths.push((*path).to_owned());
        }
    }
    if let Some(user_type) = call.args.text("UserType") {
        user.set_user_type(if user_type == "Guest" {
            UserType::Guest
        } else {
            UserType::Member
        });
        paths.push("user_type".to_owned());
    }
    for (param, enables) in [("Block", false), ("Unblock", true)] {
        if call.args.has(param) {
            user.account_enabled = Some(call.args.switch(param) == enables);
            paths.push("account_enabled".to_owned());
        }
    }
    if call.args.has("RetentionHold") || call.args.switch("ReleaseHold") {
        let reason = call.value_for("RetentionHold", item)?.unwrap_or_default();
        user.retention_hold = reason.display().to_string();
        if user.retention_hold.trim().is_empty() && !call.args.switch("ReleaseHold") {
            return Err(ShellError::new(
                "ARGUMENT_INVALID",
                "-RetentionHold needs a reason: a case, or a sentence",
            )
            .fix("To release a hold: Set-User USER -ReleaseHold"));
        }
        paths.push("retention_hold".to_owned());
    }
    Ok((user, paths))
}
