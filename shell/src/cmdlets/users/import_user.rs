//! Import-User: people from a file.

use tonic::Request;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{ImportReport, ImportUsersRequest};

use crate::client::import_stream;
use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, Host, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::import_file::{ImportFile, Report};
use crate::error::Result;
use crate::types::{self, UserImport};

/// Import-User.
pub static IMPORT_USER: Cmdlet = Cmdlet {
    name: "Import-User",
    synopsis: "Creates and updates people from a CSV file",
    description: "Takes the column forms of Entra's \"Download users\" and of the admin centre's list, recognised by \
        their header. A person is known by the object id, else by the user principal name. A bad row is refused and \
        stands in $Error with its line and column; the others go on. What the file does not mention stays. Changing \
        more existing people than the session allows asks first; creating does not.",
    params: &[
        Param::new("Path", Kind::Text, "The CSV file")
            .at(0)
            .mandatory()
            .values(Values::Files),
        Param::new(
            "Details",
            Kind::Switch,
            "Gives what happened to single rows instead of the report",
        ),
    ],
    effect: Effect::Changes,
    output: &["UserImport", "ImportItem"],
    single: Single::When(|args| !args.switch("Details")),
    examples: &[
        Example {
            line: "Import-User staff.csv",
            says: "Brings in a staff list; again, it changes nothing.",
        },
        Example {
            line: "Import-User staff.csv -WhatIf -Details | Where-Object Kind -eq refused",
            says: "Rows that would be refused, before anything is changed.",
        },
    ],
    related: &["Get-User", "New-User", "Import-Product"],
    run,
};

/// The column of the user principal name, in the two forms of a staff list.
const NAME_COLUMNS: &[&str] = &["User principal name", "Username"];

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let host = call.host;
    let file = ImportFile::read(host, call.args.text("Path").unwrap_or_default())?;
    file.warn_of_repeated(host, NAME_COLUMNS);
    let limit = host.session.people_limit.get();
    if !options.what_if && file.rows.len() > limit {
        let report = send(host, &file, &options.as_what_if())?;
        options.ask(
            host,
            usize::try_from(report.updated).unwrap_or(usize::MAX),
            limit,
        )?;
    } else {
        options.ask(host, file.rows.len(), limit)?;
    }
    file.count_writes(host, &options)?;
    let report = Report::new(host, &file, &options, send(host, &file, &options)?);
    report.finish(call.args.switch("Details"), |report| {
        types::USER_IMPORT.object(&UserImport {
            file: file.name.to_string(),
            report,
        })
    })
}

fn send(host: Host<'_>, file: &ImportFile, options: &ChangeOptions) -> Result<ImportReport> {
    let stream = import_stream(file.header(options), file.rows.clone(), |header, rows| {
        ImportUsersRequest { header, rows }
    });
    let answer = host.session.connection.call(|service| async move {
        let mut client =
            UserServiceClient::new(service).max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
        Ok(client
            .import_users(Request::new(stream))
            .await?
            .into_inner())
    })?;
    Ok(answer.report.unwrap_or_default())
}
