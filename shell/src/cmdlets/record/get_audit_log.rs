//! Get-AuditLog: who changed what, when and why.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::ListChangesRequest;
use usher::v1::audit_service_client::AuditServiceClient;

use crate::cmdlet::{
    Call, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::users::USER_PROPERTIES;
use crate::cmdlets::{AS_OF, read_time};
use crate::error::{Result, ShellError};
use crate::types::{self, timestamp};

/// Get-AuditLog.
pub static GET_AUDIT_LOG: Cmdlet = Cmdlet {
    name: "Get-AuditLog",
    synopsis: "Gets changes: who changed what, when and why",
    description: "The newest come first. Refused requests make no entry. Summary says what \
        is other; Before and After are the thing as it was and as it is, as objects with the ids of the store.",
    params: &[
        Param::new("User", Kind::Text, "Only changes of this person")
            .at(0)
            .from(FromPipeline::Value(USER_PROPERTIES))
            .values(Values::Users),
        Param::new(
            "Action",
            Kind::Text,
            "Only changes of this kind, such as licenses.modify",
        ),
        Param::new("Actor", Kind::Text, "Only changes by this identity"),
        Param::new("From", Kind::Date, "Only changes at or after this instant"),
        Param::new("To", Kind::Date, "Only changes before this instant"),
        Param::new(
            "Reason",
            Kind::Text,
            "Only changes whose reason contains this; case counts",
        ),
        Param::new("RequestId", Kind::Text, "Only changes by this request"),
        AS_OF,
        Param::new("OldestFirst", Kind::Switch, "The oldest come first"),
        Param::new("Top", Kind::Int, "No more than this many"),
    ],
    effect: Effect::None,
    output: &["AuditRecord"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-AuditLog adele@contoso.com",
            says: "What happened to one person.",
        },
        Example {
            line: "Get-AuditLog -From 2026-11-01 | Group-Object Action",
            says: "How many changes of each kind there were since a day.",
        },
    ],
    related: &["Test-AuditLog", "Compare-License", "Get-UserLicense"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let Some(input) = call.input.take() else {
        let user = call.args.text("User").unwrap_or_default().to_owned();
        return list(&call, user);
    };
    Ok(Box::new(input.flat_map(move |item| {
        let listed = item
            .and_then(|item| call.text_for("User", &item))
            .and_then(|user| list(&call, user));
        listed.unwrap_or_else(|error| Box::new(std::iter::once(Err(error))))
    })))
}

fn list<'a>(call: &Call<'a>, user: String) -> Result<Objects<'a>> {
    let args = &call.args;
    let top = match args.int("Top") {
        Some(top) => usize::try_from(top).map_err(|_| {
            ShellError::new(
                "ARGUMENT_INVALID",
                format!("-Top takes 0 or more; it was given `{top}`"),
            )
        })?,
        None => usize::MAX,
    };
    let wanted = ListChangesRequest {
        page_size: i32::try_from(top)
            .unwrap_or(MAX_PAGE_SIZE)
            .clamp(1, MAX_PAGE_SIZE),
        page_token: String::new(),
        user,
        action: args.text("Action").unwrap_or_default().to_owned(),
        actor: args.text("Actor").unwrap_or_default().to_owned(),
        start_time: args.date("From").map(timestamp),
        end_time: args.date("To").map(timestamp),
        oldest_first: args.switch("OldestFirst"),
        request_id: args.text("RequestId").unwrap_or_default().to_owned(),
        reason: args.text("Reason").unwrap_or_default().to_owned(),
        read_time: read_time(args),
    };
    let pages = call
        .host
        .session
        .connection
        .pages(move |service, page_token| {
            let request = ListChangesRequest {
                page_token,
                ..wanted.clone()
            };
            async move {
                let mut client = AuditServiceClient::new(service)
                    .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
                let page = client
                    .list_changes(Request::new(request))
                    .await?
                    .into_inner();
                Ok((page.changes, page.next_page_token))
            }
        });
    Ok(Box::new(
        pages
            .take(top)
            .map(|change| Ok(types::AUDIT_RECORD.object(&change?))),
    ))
}
