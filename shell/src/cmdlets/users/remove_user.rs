//! Remove-User: deletes people, or purges those who are deleted.

use tonic::Request;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{DeleteUserRequest, PurgeUserRequest};

use super::DELETED_PROPERTIES;
use super::each::{Answer, Telling, each};
use crate::client::Sent;
use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param, Single,
    Targets, Values,
};
use crate::cmdlets::{ETAG, etag, sent};
use crate::error::{Result, ShellError};
use crate::types;

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
    if purge {
        options.ask_always(call.host, "forgets people for good")?;
    }
    let targets = Targets::of(&mut call, "User")?;
    let (host, single) = (call.host, targets.single);
    let name_of = targets.name_of();
    let asked = options.clone();
    let rows = targets.items.enumerate().map(move |(row, item)| {
        let item = item?;
        let (name, etag) = (name_of(&call, &item), etag(&call, &item)?);
        let id = asked.row_request_id(row, single);
        sent(row, name, |user| match purge {
            true => purged(user, id, &asked),
            false => deleted((user, etag), id, &asked),
        })
    });
    each(host, options, single, rows, telling)
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
