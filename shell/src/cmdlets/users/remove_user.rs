//! Remove-User: deletes people, or purges those who are deleted.

use tonic::Request;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{DeleteUserRequest, PurgeUserRequest};

use super::DELETED_PROPERTIES;
use super::deleted::deleted_with_id;
use super::each::{Answer, Telling, each};
use crate::client::Sent;
use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, FromPipeline, Host, Kind, Objects, Param, Single,
    Targets, Values,
};
use crate::cmdlets::{ETAG, etag, sent};
use crate::error::{Result, ShellError};
use crate::types;

/// People whom the question before a purge names; of more it tells the number.
const NAMED: usize = 3;

/// Remove-User.
pub static REMOVE_USER: Cmdlet = Cmdlet {
    name: "Remove-User",
    synopsis: "Deletes people; they can be restored for 30 days",
    description: "The seats are free at once and go to those who wait for them. Get-User -Deleted shows who is \
        deleted, Restore-User brings people back with their direct licences. After 30 days they are purged: what is \
        known of them is forgotten. -Purge does that at once to people who are deleted already; it cannot be undone, so \
        it asks first.",
    params: &[
        Param::new(
            "User",
            Kind::Text,
            "Id, user principal name or display name; with -Purge id or former user principal name",
        )
        .at(0)
        .many()
        .mandatory()
        .from(FromPipeline::Value(DELETED_PROPERTIES))
        .values(Values::Users),
        Param::new(
            "Purge",
            Kind::Switch,
            "Forgets people who are deleted, at once and for good",
        ),
        ETAG,
    ],
    effect: Effect::Changes,
    output: &["UserRemoval", "User", "DeletedUser"],
    single: Single::When(|args| args.values("User").len() == 1),
    examples: &[
        Example {
            line: "Get-User -Department Interns | Remove-User -WhatIf",
            says: "Who would be deleted, what each would lose, and how many seats would be free.",
        },
        Example {
            line: "Remove-User adele@contoso.com -Reason HR-204",
            says: "Deletes one person.",
        },
        Example {
            line: "Get-User -Deleted | Where-Object { $_.DeleteTime -lt '2020-01-01' } | Remove-User -Purge -Force",
            says: "Forgets people who were deleted long ago.",
        },
    ],
    related: &["Restore-User", "Get-User", "Set-User"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let purge = call.args.switch("Purge");
    let telling = Telling {
        shape: &types::USER_REMOVAL,
        done: if purge { "purged" } else { "deleted" },
    };
    if purge && options.pass_thru {
        return Err(ShellError::new(
            "ARGUMENT_INVALID",
            "-Purge leaves nobody for -PassThru to give",
        )
        .fix("Leave -PassThru out"));
    }
    if purge && call.args.has(ETAG.name) {
        return Err(ShellError::new(
            "ARGUMENT_INVALID",
            "-Purge is about who is deleted already, and takes no -Etag",
        )
        .fix("Leave -Etag out"));
    }
    let targets = Targets::of(&mut call, "User")?;
    let (host, single) = (call.host, targets.single);
    let name_of = targets.name_of();
    let named = targets.items.enumerate().map(move |(row, item)| {
        let item = item?;
        let (name, etag) = (name_of(&call, &item), etag(&call, &item)?);
        Ok(Named { row, name, etag })
    });
    if purge && options.asks_always() {
        let named = named.collect::<Result<Vec<_>>>()?;
        let options = asked(host, options, &named, single)?;
        let named = named.into_iter().map(Ok);
        return each(
            host,
            options.clone(),
            single,
            rows(named, purge, options, single),
            telling,
        );
    }
    each(
        host,
        options.clone(),
        single,
        rows(named, purge, options, single),
        telling,
    )
}

/// Whom an object or an argument names.
struct Named {
    row: usize,
    name: Result<String>,
    etag: String,
}

fn rows<'a>(
    named: impl Iterator<Item = Result<Named>> + 'a,
    purge: bool,
    options: ChangeOptions,
    single: bool,
) -> impl Iterator<Item = Result<Sent<Answer>>> + 'a {
    named.map(move |named| {
        let Named { row, name, etag } = named?;
        let id = options.row_request_id(row, single);
        sent(row, name, |user| match purge {
            true => purged(user, id, &options),
            false => deleted((user, etag), id, &options),
        })
    })
}

/// Asks before people are forgotten, by name or by number. Who is not to be purged is not asked about.
fn asked(
    host: Host<'_>,
    options: ChangeOptions,
    named: &[Named],
    single: bool,
) -> Result<ChangeOptions> {
    let preview = options.as_what_if();
    let names = named.iter().filter_map(|named| named.name.as_ref().ok());
    let calls = names.map(|name| Ok(purged(name.clone(), String::new(), &preview)));
    let mut people = Vec::new();
    for answered in host.session.connection.ordered(calls) {
        let answered = answered?;
        match answered.answer {
            Ok(answer) => people.push((answered.about, answer.outcome.unwrap_or_default())),
            Err(error) if single => return Err(error),
            Err(_) => {}
        }
    }
    if people.is_empty() {
        return Ok(options);
    }
    let shown = people.iter().take(NAMED);
    let shown = shown.map(|(name, outcome)| whom(host, name, &outcome.subject_id));
    let shown = shown.collect::<Result<Vec<_>>>()?;
    let more = people.len().saturating_sub(NAMED);
    let mut would = format!("forget {}", shown.join(", "));
    if more > 0 {
        would.push_str(&format!(
            " and {more} more, {} people in all,",
            people.len()
        ));
    }
    would.push_str(" for good");
    options.ask_always(host, &would)
}

/// A deleted person as a person knows them; what they were named by, where that is all there is.
fn whom(host: Host<'_>, name: &str, id: &str) -> Result<String> {
    let found = deleted_with_id(host, id)?;
    Ok(found.map_or_else(
        || name.to_owned(),
        |user| format!("{} ({})", user.display_name, user.user_principal_name),
    ))
}

fn deleted(
    (user, etag): (String, String),
    request_id: String,
    options: &ChangeOptions,
) -> Sent<Answer> {
    let request = DeleteUserRequest {
        user: user.clone(),
        etag,
        reason: options.reason.clone(),
        request_id,
        validate_only: options.what_if,
    };
    Sent::new(user, move |service| async move {
        let mut client = UserServiceClient::new(service);
        let answer = client
            .delete_user(Request::new(request))
            .await?
            .into_inner();
        Ok(Answer {
            user: answer.user,
            outcome: answer.outcome,
        })
    })
}

fn purged(user: String, request_id: String, options: &ChangeOptions) -> Sent<Answer> {
    let request = PurgeUserRequest {
        user: user.clone(),
        reason: options.reason.clone(),
        request_id,
        validate_only: options.what_if,
    };
    Sent::new(user, move |service| async move {
        let mut client = UserServiceClient::new(service);
        let answer = client.purge_user(Request::new(request)).await?.into_inner();
        Ok(Answer {
            user: None,
            outcome: answer.outcome,
        })
    })
}
