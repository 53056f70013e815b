//! New-User: creates people, with licences in the same step.

use std::cell::RefCell;
use std::rc::Rc;

use tonic::Request;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{
    Cause, CreateUserRequest, CreateUserResponse, ErrorReason, LicenseChange, Outcome,
    OutcomeResult, User, UserType,
};
use usher_object::Value;

use super::new_user_preview::Judged;
use crate::client::{Answered, Sent};
use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, FromPipeline, Host, Kind, Objects, Param, Single,
    Values,
};
use crate::cmdlets::licences::texts_for;
use crate::cmdlets::{
    Drain, OnRefusal, Preview, UnusedColumns, names_nothing, nth_object, refused_row, thrown,
};
use crate::error::{Result, ShellError};
use crate::types::{self, Changed, NewUser};

/// New-User.
pub static NEW_USER: Cmdlet = Cmdlet {
    name: "New-User",
    synopsis: "Creates people, with licences in the same step",
    description: "Bad fields and a user principal name that is taken create nothing. A refused licence still creates \
        the person, and is told. From the pipeline each object is one person, its properties are the fields; columns \
        that are none are named. A preview gives the people with their outcome.",
    params: &[
        Param::new(
            "UserPrincipalName",
            Kind::Text,
            "How the person signs in, such as adele@contoso.com",
        )
        .at(0)
        .mandatory()
        .from(FromPipeline::Value(&[
            "UserPrincipalName",
            "UPN",
            "User principal name",
        ])),
        Param::new("DisplayName", Kind::Text, "Name as people read it")
            .at(1)
            .mandatory()
            .from(FromPipeline::Property(&[
                "DisplayName",
                "Display name",
                "Name",
            ])),
        Param::new("GivenName", Kind::Text, "First name")
            .from(FromPipeline::Property(&["GivenName", "First name"])),
        Param::new("Surname", Kind::Text, "Family name")
            .from(FromPipeline::Property(&["Surname", "Last name"])),
        Param::new("Mail", Kind::Text, "Mail address").from(FromPipeline::Property(&["Mail"])),
        Param::new("JobTitle", Kind::Text, "Job title")
            .from(FromPipeline::Property(&["JobTitle", "Title"])),
        Param::new("Department", Kind::Text, "Department")
            .from(FromPipeline::Property(&["Department"]))
            .values(Values::Departments),
        Param::new(
            "UsageLocation",
            Kind::Text,
            "Country whose offers apply, two letters",
        )
        .from(FromPipeline::Property(&["UsageLocation", "Usage location"])),
        Param::new("Country", Kind::Text, "Country of the address")
            .from(FromPipeline::Property(&["Country"])),
        Param::new("State", Kind::Text, "State or province")
            .from(FromPipeline::Property(&["State"])),
        Param::new("City", Kind::Text, "City").from(FromPipeline::Property(&["City"])),
        Param::new("OfficeLocation", Kind::Text, "Office")
            .from(FromPipeline::Property(&["OfficeLocation", "Office"])),
        Param::new("StreetAddress", Kind::Text, "Street and number")
            .from(FromPipeline::Property(&["StreetAddress"])),
        Param::new("PostalCode", Kind::Text, "Postal code")
            .from(FromPipeline::Property(&["PostalCode"])),
        Param::new("PhoneNumber", Kind::Text, "Business telephone number")
            .from(FromPipeline::Property(&["PhoneNumber"])),
        Param::new("MobilePhone", Kind::Text, "Mobile telephone number")
            .from(FromPipeline::Property(&["MobilePhone"])),
        Param::new(
            "UserType",
            Kind::Text,
            "Member (unless said otherwise) or Guest",
        )
        .from(FromPipeline::Property(&["UserType"]))
        .values(Values::OneOf(&["Member", "Guest"])),
        Param::new(
            "Block",
            Kind::Switch,
            "Creates the person with sign-in blocked",
        ),
        Param::new("Add", Kind::Text, "Products to assign at once")
            .many()
            .from(FromPipeline::Property(&[]))
            .values(Values::Products),
    ],
    effect: Effect::Changes,
    output: &["User", "NewUser"],
    single: Single::Always,
    examples: &[
        Example {
            line: "New-User zoe@contoso.com 'Zoë Brandt' -Department Sales -UsageLocation DE -Add SPE_E3",
            says: "A new colleague, licensed at once.",
        },
        Example {
            line: "@{ UserPrincipalName = 'ben@contoso.com'; DisplayName = 'Ben Okafor' } | New-User -WhatIf",
            says: "What creating people from objects would do; Import-Csv gives such objects.",
        },
        Example {
            line: "@{ UPN = 'ben@contoso.com'; Name = 'Ben Okafor'; Sku = 'SPE_E3' } | New-User -Add { $_.Sku }",
            says: "People with the product that stands beside each; an empty one is none.",
        },
    ],
    related: &["Import-User", "Set-User", "Set-UserLicense"],
    run,
};

/// Name of the parameter, and the field.
type Field = (&'static str, fn(&mut User) -> &mut String);

const FIELDS: &[Field] = &[
    ("UserPrincipalName", |user| &mut user.user_principal_name),
    ("DisplayName", |user| &mut user.display_name),
    ("GivenName", |user| &mut user.given_name),
    ("Surname", |user| &mut user.surname),
    ("Mail", |user| &mut user.mail),
    ("JobTitle", |user| &mut user.job_title),
    ("Department", |user| &mut user.department),
    ("UsageLocation", |user| &mut user.usage_location),
    ("Country", |user| &mut user.country),
    ("State", |user| &mut user.state),
    ("City", |user| &mut user.city),
    ("OfficeLocation", |user| &mut user.office_location),
    ("StreetAddress", |user| &mut user.street_address),
    ("PostalCode", |user| &mut user.postal_code),
    ("PhoneNumber", |user| &mut user.phone_number),
    ("MobilePhone", |user| &mut user.mobile_phone),
];

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let host = call.host;
    let single = call.input.is_none();
    let items = call
        .input
        .take()
        .unwrap_or_else(|| Box::new(std::iter::once(Ok(Value::Null))));
    let on_refusal = OnRefusal::of(&call.args, single);
    let takes_seats = call.args.has("Add");
    let rows = requests(call, items, &options, single);
    let answers = host.session.connection.ordered(options.admit(host, rows)?);
    let answers = answers.in_turn(takes_seats);
    let shared = options.clone();
    let judged = Rc::new(RefCell::new(Judged::default()));
    let all = Rc::clone(&judged);
    let rows = answers.filter_map(move |answered| {
        let Answered { about, answer } = match answered {
            Ok(answered) => answered,
            Err(error) => return Some(Err(error)),
        };
        let answer = match answer {
            Ok(answer) if options.what_if => judged.borrow_mut().also(&about, answer),
            answer => answer,
        };
        match answer {
            Ok(answer) if options.what_if => Some(Ok(would_be_created(about, answer))),
            Ok(answer) => created(host, answer).map(Ok),
            Err(error) if on_refusal == OnRefusal::Throw => Some(Err(match single {
                true => error,
                false => thrown(&about, error),
            })),
            // A preview refuses nobody: what it shows is what would be.
            Err(error) if options.what_if => Some(Ok(would_be_refused(about, error))),
            Err(error) => on_refusal.keep(host, error, &about).map(Err),
        }
    });
    let previewed = shared.clone();
    let rows = rows.chain(std::iter::from_fn(move || {
        all.take().tell(host, &previewed).err().map(Err)
    }));
    let rows = Preview::new(host, shared.clone(), "created", rows);
    Ok(Box::new(Drain::new(host, shared, rows)))
}

fn requests<'a>(
    call: Call<'a>,
    items: Objects<'a>,
    options: &ChangeOptions,
    single: bool,
) -> impl Iterator<Item = Result<Sent<CreateUserResponse>>> + 'a {
    let options = options.clone();
    let unused = UnusedColumns::default();
    items.enumerate().map(move |(row, item)| {
        let item = item?;
        unused.tell(&call, &item);
        let user = match user_of(&call, &item) {
            Err(error) if !single && names_nothing(&error) => {
                return Ok(Sent::refused(nth_object(row), error));
            }
            user => user?,
        };
        let about = match user.user_principal_name.trim() {
            "" => nth_object(row),
            name => name.to_owned(),
        };
        let mut add = texts_for(&call, "Add", &item)?;
        // An empty cell assigns nothing.
        add.retain(|product| !product.trim().is_empty());
        let license_change = (!add.is_empty()).then(|| LicenseChange {
            add,
            ..LicenseChange::default()
        });
        let request = CreateUserRequest {
            user: Some(user),
            license_change,
            reason: options.reason.clone(),
            request_id: options.row_request_id(row, single),
            validate_only: options.what_if,
        };
        Ok(Sent::new(about, move |service| async move {
            Ok(UserServiceClient::new(service)
                .create_user(Request::new(request))
                .await?
                .into_inner())
        }))
    })
}

fn user_of(call: &Call<'_>, item: &Value) -> Result<User> {
    let mut user = User::default();
    for (param, field) in FIELDS {
        if let Some(value) = call.value_for(param, item)? {
            *field(&mut user) = value.display().to_string();
        }
    }
    match call
        .value_for("UserType", item)?
        .map(|value| value.display())
    {
        Some(user_type) if user_type.eq_ignore_ascii_case("guest") => {
            user.set_user_type(UserType::Guest)
        }
        Some(user_type) if !user_type.is_empty() && !user_type.eq_ignore_ascii_case("member") => {
            return Err(ShellError::new(
                "ARGUMENT_INVALID",
                format!("A user type is Member or Guest, not `{user_type}`"),
            )
            .target(user.user_principal_name));
        }
        _ => {}
    }
    if call.args.has("Block") {
        user.account_enabled = Some(!call.args.switch("Block"));
    }
    Ok(user)
}

/// The person; a licence that was refused beside is a refused row of its own.
fn created(host: Host<'_>, answer: CreateUserResponse) -> Option<Value> {
    let refused = answer
        .license_outcome
        .filter(|outcome| outcome.result() == OutcomeResult::Failed);
    if let Some(outcome) = refused {
        let messages: Vec<&str> = outcome
            .causes
            .iter()
            .map(|cause| cause.message.as_str())
            .collect();
        let who = answer
            .user
            .as_ref()
            .map_or("", |user| &user.user_principal_name);
        host.session.console.warn(&format!(
            "{who} is created without the licence: {}",
            messages.join("; ")
        ));
        let changed = Changed::from(outcome);
        if let Some(error) = changed.error() {
            refused_row(host, error, types::LICENSE_CHANGE.object(&changed));
        }
    }
    answer.user.map(|user| types::USER.object(&user))
}

/// The person of a preview; why the licence would be refused stands beside them.
fn would_be_created(name: String, answer: CreateUserResponse) -> Value {
    let outcome = answer.license_outcome.unwrap_or_default();
    let mut user = answer.user.unwrap_or_default();
    if user.licenses.is_empty() {
        user.licenses.clone_from(&outcome.gained);
    }
    let causes = match outcome.result() {
        OutcomeResult::Failed => outcome.causes,
        _ => Vec::new(),
    };
    let outcome = Outcome {
        subject: name.clone(),
        result: OutcomeResult::Applied.into(),
        reason: causes
            .first()
            .map_or(ErrorReason::Unspecified, Cause::reason)
            .into(),
        causes,
        ..Outcome::default()
    };
    types::NEW_USER.object(&NewUser {
        name,
        user: Some(user),
        changed: outcome.into(),
    })
}

fn would_be_refused(name: String, error: ShellError) -> Value {
    types::NEW_USER.object(&NewUser {
        name,
        user: None,
        changed: Changed::refused(error),
    })
}
