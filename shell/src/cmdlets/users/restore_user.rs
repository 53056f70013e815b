//! Restore-User: brings deleted people back, each with the direct licences that there is a seat for.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use tonic::{Request, Status};
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{ErrorReason, OutcomeResult, UndeleteUserRequest, UndeleteUserResponse};
use usher_object::Value;

use super::DELETED_PROPERTIES;
use super::deleted::Called;
use crate::client::{Answered, Sent, Service};
use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, FromPipeline, Host, Kind, Objects, Param, Single,
    Targets,
};
use crate::cmdlets::{Drain, Preview, alone, refused_row, sent, thrown};
use crate::error::{Result, ShellError};
use crate::types::{self, Changed, Restored};

/// Restore-User.
pub static RESTORE_USER: Cmdlet = Cmdlet {
    name: "Restore-User",
    synopsis: "Brings deleted people back, with their direct licences",
    description: "Each former direct licence comes back with its switches as a change of its own. One that cannot, for \
        want of a seat or for a rule, is told and stands in $Error; the person and the others are back all the same. \
        Where somebody else has the name now, give another one with -UserPrincipalName. Where several deleted people \
        had the same name, the message lists their ids.",
    params: &[
        Param::new(
            "User",
            Kind::Text,
            "Id, former user principal name or display name",
        )
        .at(0)
        .many()
        .mandatory()
        .from(FromPipeline::Value(DELETED_PROPERTIES)),
        Param::new(
            "UserPrincipalName",
            Kind::Text,
            "Another user principal name than the former one",
        )
        .from(FromPipeline::Property(&[])),
        Param::new("NoLicenses", Kind::Switch, "Brings back the person alone"),
    ],
    effect: Effect::Changes,
    output: &["UserRestore", "User"],
    single: Single::When(|args| args.values("User").len() == 1),
    examples: &[
        Example {
            line: "Restore-User leaver@contoso.com",
            says: "Brings a person back with the licences for which there are seats.",
        },
        Example {
            line: "Get-User -Deleted | Where-Object Department -eq Sales | Restore-User -NoLicenses -WhatIf",
            says: "Whether people could come back without licences.",
        },
    ],
    related: &["Get-User", "Remove-User", "Get-UserLicense"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let targets = Targets::of(&mut call, "User")?;
    let (host, single) = (call.host, targets.single);
    let takes_seats = !call.args.switch("NoLicenses");
    let asked = Asked::default();
    let called = Called::new(host);
    let rows = requests(call, targets, &options, Rc::clone(&asked));
    let answers = host.session.connection.ordered(options.admit(host, rows)?);
    let answers = answers.in_turn(takes_seats);
    let shared = options.clone();
    let rows = answers.map(move |answered| {
        let Answered { about, answer } = answered?;
        let request = asked.borrow_mut().pop_front().flatten();
        let answer = match (answer, request) {
            (Err(error), Some(request)) if error.code == ErrorReason::UserNotFound.code() => {
                by_display_name(&called, host, request, error)
            }
            (answer, _) => answer,
        };
        match answer {
            Ok(answer) => Ok(restored(host, answer, &options)),
            Err(error) if single && !options.go_on => Err(alone(host, &options, error)),
            Err(error) if options.stop => Err(thrown(&about, error)),
            Err(error) => Ok(failed(host, &about, error, &options)),
        }
    });
    let rows = Preview::new(host, shared.clone(), "restored", rows);
    Ok(Box::new(Drain::new(host, shared, rows)))
}

/// What was asked and is not answered yet, in order; nothing for an object that names nobody.
type Asked = Rc<RefCell<VecDeque<Option<UndeleteUserRequest>>>>;

fn requests<'a>(
    call: Call<'a>,
    targets: Targets<'a>,
    options: &ChangeOptions,
    asked: Asked,
) -> impl Iterator<Item = Result<Sent<UndeleteUserResponse>>> + 'a {
    let options = options.clone();
    let (name_of, single) = (targets.name_of(), targets.single);
    targets.items.enumerate().map(move |(row, item)| {
        let item = item?;
        let name = call.value_for("UserPrincipalName", &item)?;
        let no_licenses = call.args.switch("NoLicenses");
        let mut request = None;
        let sent = sent(row, name_of(&call, &item), |user| {
            let made = request.insert(UndeleteUserRequest {
                user: user.clone(),
                user_principal_name: name.unwrap_or_default().display().to_string(),
                restore_licenses: Some(!no_licenses),
                reason: options.reason.clone(),
                request_id: options.row_request_id(row, single),
                validate_only: options.what_if,
            });
            let made = made.clone();
            Sent::new(user, |service| undelete(service, made))
        })?;
        asked.borrow_mut().push_back(request);
        Ok(sent)
    })
}

async fn undelete(
    service: Service,
    request: UndeleteUserRequest,
) -> std::result::Result<UndeleteUserResponse, Status> {
    let mut client = UserServiceClient::new(service);
    Ok(client
        .undelete_user(Request::new(request))
        .await?
        .into_inner())
}

/// The same for the one deleted person who is called so.
fn by_display_name(
    called: &Called<'_>,
    host: Host<'_>,
    request: UndeleteUserRequest,
    error: ShellError,
) -> Result<UndeleteUserResponse> {
    let user = called.find(&request.user, error)?.id;
    let request = UndeleteUserRequest { user, ..request };
    let connection = &host.session.connection;
    connection.call(|service| undelete(service, request))
}

/// The person; a licence that did not come back is a refused row of its own.
fn restored(host: Host<'_>, answer: UndeleteUserResponse, options: &ChangeOptions) -> Value {
    for license in &answer.licenses {
        let outcome = license.outcome.clone().unwrap_or_default();
        if outcome.result() != OutcomeResult::Failed {
            continue;
        }
        let messages: Vec<&str> = outcome
            .causes
            .iter()
            .map(|cause| cause.message.as_str())
            .collect();
        host.session.console.warn(&format!(
            "{} {} back without {}: {}",
            outcome.subject,
            if options.what_if { "would be" } else { "is" },
            license.part_number,
            messages.join("; ")
        ));
        if !options.what_if {
            let changed = Changed::from(outcome);
            if let Some(error) = changed.error() {
                refused_row(host, error, types::LICENSE_CHANGE.object(&changed));
            }
        }
    }
    match answer.user {
        Some(user) if options.pass_thru => types::user(&user),
        _ => types::USER_RESTORE.object(&Restored {
            user: answer.outcome.unwrap_or_default().into(),
            licenses: answer.licenses,
        }),
    }
}

fn failed(host: Host<'_>, about: &str, mut error: ShellError, options: &ChangeOptions) -> Value {
    error.target.get_or_insert_with(|| about.to_owned());
    let row = types::USER_RESTORE.object(&Restored {
        user: Changed::refused(error.clone()),
        licenses: Vec::new(),
    });
    if !options.what_if {
        refused_row(host, error, row.clone());
    }
    row
}
