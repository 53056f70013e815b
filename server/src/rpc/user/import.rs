//! `ImportUsers`: rows of a staff list, each message one chunk; the next is read while one is written

use tonic::Streaming;
use usher::v1::{ImportReport, ImportUsersRequest, ImportUsersResponse};
use usher_domain::command::{Command, Request, UserRow};
use usher_domain::import::Row;
use usher_domain::import::users::UserColumns;

use super::super::Api;
use super::super::change::Intent;
use super::super::chunks::Chunks;
use super::super::import_stream::{Rows, count};
use super::super::status::Refusal;
use crate::authn::Caller;
use crate::convert::import;

pub(super) async fn import(
    api: &Api,
    caller: &Caller,
    messages: Streaming<ImportUsersRequest>,
) -> Result<ImportUsersResponse, Refusal> {
    let (header, intent, mut rows) = Rows::open(messages).await?;
    let columns = UserColumns::recognise(&header)?;
    let mut chunks = Chunks::open(api, intent.validate_only).await?;
    let mut report = ImportReport::default();
    let mut number = 0;
    let mut next = rows.next().await?;
    while let Some(read) = next {
        let known = people(&columns, read, &mut report);
        let chunk = commands(api, caller, &intent, &known, &mut number);
        let (outcomes, following) = tokio::join!(chunks.run(chunk), rows.next());
        for ((line, row), outcome) in known.iter().zip(&outcomes?) {
            let upn = row.fields.upn.as_deref().unwrap_or_default();
            count(&mut report, outcome, *line, upn);
        }
        next = following?;
    }
    Ok(ImportUsersResponse { report: Some(report) })
}

/// The people of the rows, with their lines; a row that cannot be read is reported.
fn people(
    columns: &UserColumns,
    rows: Vec<Row>,
    report: &mut ImportReport,
) -> Vec<(i64, UserRow)> {
    let mut people = Vec::with_capacity(rows.len());
    for row in rows {
        report.rows += 1;
        match columns.row(&row) {
            Ok(person) => people.push((import::line(row.line), person)),
            Err(item) => {
                report.refused += 1;
                import::add_item(report, import::item(item));
            }
        }
    }
    people
}

fn commands(
    api: &Api,
    caller: &Caller,
    intent: &Intent,
    people: &[(i64, UserRow)],
    number: &mut i64,
) -> Vec<Request> {
    let command = |(_, row): &(i64, UserRow)| {
        let command = Command::ImportUser(Box::new(row.clone()));
        let request = intent.request(api, caller, (*number, None), command);
        *number += 1;
        request
    };
    people.iter().map(command).collect()
}
