//! `ImportUsers`: rows of a staff list, each message one chunk; the next is read while one is written

use tonic::Streaming;
use usher::v1::{ImportReport, ImportUsersRequest, ImportUsersResponse};
use usher_domain::command::{Command, Request, UserRow};
use usher_domain::import::Row;
use usher_domain::import::users::UserColumns;

use super::super::Api;
use super::super::chunks::{AGAIN, Chunks};
use super::super::import_stream::{Rows, count};
use super::super::status::Refusal;
use crate::authn::Caller;
use crate::convert::import;

pub(super) async fn import(
    api: &Api,
    caller: &Caller,
    messages: Streaming<ImportUsersRequest>,
) -> Result<ImportUsersResponse, Refusal> {
    let (header, intent, rows) = Rows::open(messages).await?;
    let columns = UserColumns::recognise(&header)?;
    let mut chunks = Chunks::open(api, intent.validate_only).await?;
    let command = |number: i64, person: UserRow| {
        let command = Command::ImportUser(Box::new(person));
        intent.request(api, caller, (number, None), command)
    };
    match work_through(rows, &columns, command, &mut chunks).await {
        Ok(report) => Ok(ImportUsersResponse {
            report: Some(report),
        }),
        Err(refusal) => Err(chunks.ended_early(refusal, "people", AGAIN)),
    }
}

async fn work_through(
    mut rows: Rows<ImportUsersRequest>,
    columns: &UserColumns,
    command: impl Fn(i64, UserRow) -> Request,
    chunks: &mut Chunks,
) -> Result<ImportReport, Refusal> {
    let mut report = ImportReport::default();
    let mut numbers = 0..;
    let mut next = rows.next().await?;
    while let Some(read) = next {
        let known = people(columns, read, &mut report);
        let chunk = known
            .iter()
            .zip(&mut numbers)
            .map(|((_, row), number)| command(number, row.clone()))
            .collect();
        let (outcomes, following) = tokio::join!(chunks.run(chunk), rows.next());
        for ((line, row), mut outcome) in known.iter().zip(outcomes?) {
            for field in outcome
                .causes
                .iter_mut()
                .filter_map(|cause| cause.field.as_mut())
            {
                *field = columns.header_of(field).to_owned();
            }
            let upn = row.fields.upn.as_deref().unwrap_or_default();
            count(&mut report, &outcome, *line, upn);
        }
        next = following?;
    }
    Ok(report)
}

/// The people of the rows, with their lines; a row that cannot be read is reported.
fn people(columns: &UserColumns, rows: Vec<Row>, report: &mut ImportReport) -> Vec<(i64, UserRow)> {
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

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::{ImportItemKind, ImportReport, ImportUsersRequest, ListUsersRequest};

    use super::super::super::testing::{World, fields_in, header, lines, refused, stream};

    const COLUMNS: [&str; 4] = ["id", "userPrincipalName", "displayName", "accountEnabled"];

    async fn import<const N: usize>(
        world: &World,
        messages: [ImportUsersRequest; N],
    ) -> Result<ImportReport, tonic::Status> {
        let answer = world.users().import_users(stream(messages)).await?;
        Ok(answer.into_inner().report.unwrap())
    }

    fn first(rows: &[[&str; 4]]) -> ImportUsersRequest {
        ImportUsersRequest {
            header: Some(header(&COLUMNS)),
            rows: lines(rows),
        }
    }

    #[tokio::test]
    async fn good_rows_go_on_where_bad_ones_are_refused_and_a_second_import_changes_nothing() {
        let world = World::new().await;
        let id = "6e7b768e-07e2-4810-8459-485f84f8f204";
        let rows = [
            [id, "adele@contoso.com", "Adele", "True"],
            ["7", "bert@contoso.com", "Bert", "True"],
            ["", "cora@contoso.com", "Cora", "maybe"],
        ];
        let more = ImportUsersRequest {
            header: None,
            rows: lines(&[["", "dora@contoso.com", "", ""]]),
        };
        let report = import(&world, [first(&rows), more.clone()]).await.unwrap();
        assert_eq!((report.rows, report.created, report.refused), (4, 2, 2));
        let refusals: Vec<_> = report
            .items
            .iter()
            .map(|item| (item.line, item.column.as_str()))
            .collect();
        assert_eq!(refusals, [(3, "id"), (4, "accountEnabled")]);
        assert!(
            report
                .items
                .iter()
                .all(|item| item.kind() == ImportItemKind::Refused)
        );

        let report = import(&world, [first(&rows[..1]), more]).await.unwrap();
        assert_eq!(
            (report.created, report.updated, report.unchanged),
            (0, 0, 2)
        );
        let renamed = [id, "adele@contoso.com", "Adele Vance", ""];
        let report = import(&world, [first(&[renamed])]).await.unwrap();
        assert_eq!(
            (report.created, report.updated, report.unchanged),
            (0, 1, 0)
        );
    }

    #[tokio::test]
    async fn a_refusal_of_the_planner_names_the_column_of_the_file() {
        let world = World::new().await;
        let columns = [
            "Benutzer",
            "User principal name",
            "Usage location",
            "Office phone",
        ];
        let message = ImportUsersRequest {
            header: Some(header(&columns)),
            rows: lines(&[["-", "a@contoso.com", "UK", "1\u{7}"]]),
        };
        let report = import(&world, [message]).await.unwrap();
        let named: Vec<_> = report
            .items
            .iter()
            .map(|item| item.column.as_str())
            .collect();
        assert_eq!(named, ["Office phone", "Usage location"]);
        assert!(report.items[1].message.contains("GB (United Kingdom)"));
    }

    #[tokio::test]
    async fn validate_only_reports_and_imports_nobody() {
        let world = World::new().await;
        let mut message = first(&[["", "adele@contoso.com", "Adele", ""]]);
        if let Some(header) = &mut message.header {
            header.validate_only = true;
        }
        let report = import(&world, [message]).await.unwrap();
        assert_eq!(report.created, 1);
        let users = world
            .users()
            .list_users(ListUsersRequest::default())
            .await
            .unwrap();
        assert!(users.into_inner().users.is_empty());
    }

    #[tokio::test]
    async fn an_import_that_ends_early_says_what_was_done() {
        let world = World::new().await;
        let good = first(&[
            ["", "adele@contoso.com", "Adele", ""],
            ["7", "bert@contoso.com", "Bert", ""],
            ["", "cora@contoso.com", "Cora", ""],
        ]);
        let header_again = first(&[]);
        let status = refused(
            import(&world, [good.clone(), header_again.clone()]).await,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        );
        let said = status.message();
        assert!(
            said.contains("Before that, 2 people were done. Send the file again"),
            "{said}"
        );
        assert_eq!(import(&world, [good]).await.unwrap().unchanged, 2);

        let status = import(&world, [first(&[]), header_again])
            .await
            .unwrap_err();
        let said = status.message();
        assert!(said.contains("Nothing was changed."), "{said}");
    }

    #[tokio::test]
    async fn a_stream_that_is_no_import_is_refused() {
        let world = World::new().await;
        let headless = ImportUsersRequest {
            header: None,
            rows: Vec::new(),
        };
        let status = refused(
            import(&world, [headless]).await,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        );
        assert_eq!(fields_in(&status), ["header", "header.columns"]);
        let twice = import(&world, [first(&[]), first(&[])]).await;
        refused(twice, Code::InvalidArgument, "INVALID_ARGUMENT");
        let foreign = ImportUsersRequest {
            header: Some(header(&["a", "b"])),
            rows: Vec::new(),
        };
        let status = refused(
            import(&world, [foreign]).await,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        );
        assert!(
            status.message().contains("userPrincipalName"),
            "{}",
            status.message()
        );
        let rows = vec![["", "a@contoso.com", "A", ""]; 1_001];
        refused(
            import(&world, [first(&rows)]).await,
            Code::InvalidArgument,
            "LIMIT_EXCEEDED",
        );
    }
}
