//! Set-User: changes fields of people.

use prost_types::FieldMask;
use tonic::Request;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{Outcome, OutcomeResult, UpdateUserRequest, UpdateUserResponse, User, UserType};
use usher_object::Value;

use super::USER_PROPERTIES;
use crate::client::Sent;
use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, FromPipeline, Host, Kind, Objects, Param, Single,
    Targets, Values,
};
use crate::cmdlets::{Drain, Preview, refused_row, sent};
use crate::error::{Result, ShellError};
use crate::types::{self, Changed};

/// A block may compute each of these for the person.
const FROM_BLOCK: FromPipeline = FromPipeline::Property(&[]);

/// Set-User.
pub static SET_USER: Cmdlet = Cmdlet {
    name: "Set-User",
    synopsis: "Changes fields of people",
    description: "Only the fields that are named change. A usage location can change, not be cleared; what is not \
        offered in the new one is held off, and comes back by itself. Blocking sign-in changes no licence.",
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
        Param::new(
            "Block",
            Kind::Switch,
            "Blocks sign-in; -Block:$false allows it again",
        ),
    ],
    effect: Effect::Changes,
    output: &["UserChange", "User"],
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
    ],
    related: &["Get-User", "New-User"],
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
    let options = ChangeOptions::of(&call)?;
    let named = |name: &str| call.args.has(name);
    if !FIELDS.iter().any(|(name, ..)| named(name)) && !named("UserType") && !named("Block") {
        return Err(
            ShellError::new("PARAMETER_MISSING", "Set-User was not told what to change")
                .fix("Set-User adele@contoso.com -UsageLocation DE"),
        );
    }
    let targets = Targets::of(&mut call, "User")?;
    let (single, host) = (targets.single, call.host);
    let rows = requests(call, targets, &options);
    let answers = host.session.connection.ordered(options.admit(host, rows)?);
    let shared = options.clone();
    let rows = answers.map(move |answered| {
        let answered = answered?;
        match answered.answer {
            Ok(answer) => Ok(shown(&options, answer)),
            Err(error) if single || options.stop => Err(error),
            Err(error) => Ok(failed(host, &answered.about, error, &options)),
        }
    });
    let rows = Preview::new(host, shared.clone(), "changed", rows);
    Ok(Box::new(Drain::new(host, shared, rows)))
}

fn requests<'a>(
    call: Call<'a>,
    targets: Targets<'a>,
    options: &ChangeOptions,
) -> impl Iterator<Item = Result<Sent<UpdateUserResponse>>> + 'a {
    let options = options.clone();
    let (name_of, single) = (targets.name_of(), targets.single);
    targets.items.enumerate().map(move |(row, item)| {
        let item = item?;
        let (user, paths) = changes(&call, &item)?;
        sent(row, name_of(&call, &item), |target| {
            let request = UpdateUserRequest {
                user: Some(user),
                update_mask: Some(FieldMask { paths }),
                target: target.clone(),
                reason: options.reason.clone(),
                request_id: options.row_request_id(row, single),
                validate_only: options.what_if,
            };
            Sent::new(target, move |service| async move {
                Ok(UserServiceClient::new(service)
                    .update_user(Request::new(request))
                    .await?
                    .into_inner())
            })
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
    if call.args.has("Block") {
        user.account_enabled = Some(!call.args.switch("Block"));
        paths.push("account_enabled".to_owned());
    }
    Ok((user, paths))
}

fn shown(options: &ChangeOptions, answer: UpdateUserResponse) -> Value {
    match (answer.user, answer.outcome) {
        (Some(user), _) if options.pass_thru => types::USER.object(&user),
        (_, Some(outcome)) => types::USER_CHANGE.object(&outcome.into()),
        (user, None) => {
            let outcome = Outcome {
                subject: user
                    .map(|user| user.user_principal_name)
                    .unwrap_or_default(),
                result: OutcomeResult::Applied.into(),
                ..Outcome::default()
            };
            types::USER_CHANGE.object(&outcome.into())
        }
    }
}

fn failed(host: Host<'_>, about: &str, mut error: ShellError, options: &ChangeOptions) -> Value {
    error.target.get_or_insert_with(|| about.to_owned());
    let row = types::USER_CHANGE.object(&Changed::refused(error.clone()));
    if !options.what_if {
        refused_row(host, error, row.clone());
    }
    row
}
