//! `ImportProducts`: the vendor's published list, read as a whole, since names are chosen by frequency

use tonic::Streaming;
use usher::v1::{ImportProductsRequest, ImportProductsResponse, ImportReport};
use usher_domain::command::Command;
use usher_domain::import::Row;
use usher_domain::import::products::{COLUMNS, clean};
use usher_domain::import::tidy;

use super::super::Api;
use super::super::chunks::Chunks;
use super::super::import_stream::{Rows, count};
use super::super::status::Refusal;
use crate::authn::Caller;
use crate::convert::fields::Fields;
use crate::convert::import;

pub(super) async fn import(
    api: &Api,
    caller: &Caller,
    messages: Streaming<ImportProductsRequest>,
) -> Result<ImportProductsResponse, Refusal> {
    let (header, intent, rows) = Rows::open(messages).await?;
    let places = places(&header)?;
    let rows = rows
        .all()
        .await?
        .into_iter()
        .map(|row| arranged(row, &places, header.len()));
    let file = clean(rows);

    let mut subjects = Vec::with_capacity(file.plans.len() + file.products.len());
    let mut commands = Vec::with_capacity(subjects.capacity());
    for plan in file.plans {
        subjects.push(plan.id.to_string());
        commands.push(Command::ImportPlan(Box::new(plan)));
    }
    for product in file.products {
        subjects.push(product.id.to_string());
        commands.push(Command::ImportProduct(Box::new(product)));
    }
    let requests = (0..)
        .zip(commands)
        .map(|(number, command)| intent.request(api, caller, (number, None), command))
        .collect();
    let mut chunks = Chunks::open(api, intent.validate_only).await?;
    let outcomes = chunks.run_all(requests).await?;

    let mut report = ImportReport {
        rows: import::count(file.report.rows),
        refused: import::count(file.report.rows_refused),
        dropped: import::count(file.report.identical_dropped),
        cleaned: import::count(file.report.rows_cleaned),
        ..ImportReport::default()
    };
    for item in file.report.items {
        import::add_item(&mut report, import::item(item));
    }
    for (subject, outcome) in subjects.iter().zip(&outcomes) {
        count(&mut report, outcome, 0, subject);
    }
    Ok(ImportProductsResponse {
        report: Some(report),
        products: import::count(file.report.products),
        service_plans: import::count(file.report.plans),
        pairs: import::count(file.report.pairs),
        alias_rows: import::count(file.report.alias_pairs),
    })
}

/// Where each of the needed columns stands; the others are passed over.
fn places(header: &[String]) -> Result<Vec<usize>, Refusal> {
    let mut fields = Fields::default();
    let mut places = Vec::with_capacity(COLUMNS.len());
    for wanted in COLUMNS {
        // The published file is often saved with its byte order mark turned into question marks.
        let is_it = |name: &String| {
            tidy(name)
                .trim_start_matches(['?', '\u{fffd}'])
                .eq_ignore_ascii_case(wanted)
        };
        match header.iter().position(is_it) {
            Some(place) => places.push(place),
            None => fields.fault(
                "header.columns",
                format!(
                    "The file has no column {wanted} (its columns: {}).",
                    header.join(", ")
                ),
            ),
        }
    }
    fields.check()?;
    Ok(places)
}

/// The cells in the order of the needed columns. A row of another length than the header is left
/// as it is, to be refused with its line.
fn arranged(mut row: Row, places: &[usize], columns: usize) -> Row {
    if row.cells.len() == columns {
        let cells = places
            .iter()
            .filter_map(|place| row.cells.get(*place).cloned())
            .collect();
        row.cells = cells;
    } else if row.cells.len() == COLUMNS.len() {
        row.cells.push(String::new());
    }
    row
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::ImportItemKind;

    use super::super::super::testing::{E3, World, YAMMER, header, refused, stream};
    use super::*;

    #[tokio::test]
    async fn a_file_is_imported_and_a_second_time_changes_nothing() {
        let world = World::empty().await;
        let row = [
            "Microsoft 365 E3",
            "SPE_E3",
            E3,
            "YAMMER_ENTERPRISE",
            YAMMER,
            "Yammer",
        ];
        let bad = ["X", "X", "not-a-guid", "X", YAMMER, "X"];
        let dirty = [
            "Microsoft\u{a0}365  E3",
            "SPE_E3",
            E3,
            "YAMMER_ENTERPRISE",
            YAMMER,
            "Viva",
        ];
        let answer = world
            .import_products(&[row, row, dirty, bad])
            .await
            .unwrap();
        assert_eq!(
            (
                answer.products,
                answer.service_plans,
                answer.pairs,
                answer.alias_rows
            ),
            (1, 1, 1, 1)
        );
        let report = answer.report.unwrap();
        assert_eq!((report.rows, report.created, report.refused), (4, 2, 1));
        assert_eq!((report.dropped, report.cleaned), (1, 1));
        let refused = report
            .items
            .iter()
            .find(|item| item.kind() == ImportItemKind::Refused);
        assert_eq!(
            refused.map(|item| (item.line, item.column.as_str())),
            Some((5, "GUID"))
        );

        let report = world
            .import_products(&[row, row, dirty, bad])
            .await
            .unwrap()
            .report
            .unwrap();
        assert_eq!(
            (report.created, report.updated, report.unchanged),
            (0, 0, 2)
        );
        let renamed = [
            "Microsoft 365 E3 new",
            "SPE_E3",
            E3,
            "YAMMER_ENTERPRISE",
            YAMMER,
            "Yammer",
        ];
        let report = world
            .import_products(&[renamed])
            .await
            .unwrap()
            .report
            .unwrap();
        assert_eq!((report.created, report.updated), (0, 1));
    }

    #[tokio::test]
    async fn a_file_without_its_columns_is_refused() {
        let world = World::empty().await;
        let message = ImportProductsRequest {
            header: Some(header(&["GUID"])),
            rows: Vec::new(),
        };
        let answer = world.catalog().import_products(stream([message])).await;
        let status = refused(answer, Code::InvalidArgument, "INVALID_ARGUMENT");
        assert!(
            status.message().contains("Product_Display_Name"),
            "{}",
            status.message()
        );
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let mut header: Vec<String> = COLUMNS.iter().rev().map(ToString::to_string).collect();
        header.insert(0, "extra".into());
        header[6] = "\u{feff}product_display_name".into();
        assert_eq!(places(&header).unwrap(), [6, 5, 4, 3, 2, 1]);
        let row = Row {
            line: 2,
            cells: (0..7).map(|n| n.to_string()).collect(),
        };
        let cells = arranged(row, &[6, 5, 4, 3, 2, 1], 7).cells;
        assert_eq!(cells, ["6", "5", "4", "3", "2", "1"]);
    }

    #[test]
    fn every_missing_column_is_named() {
        let header = ["GUID".to_owned(), "String_Id".to_owned()];
        let causes = places(&header).unwrap_err().into_outcome().causes;
        assert_eq!(causes.len(), 4);
        assert!(
            causes[0].message.contains("Product_Display_Name"),
            "{}",
            causes[0].message
        );
    }
}
