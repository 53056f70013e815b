//! Files sent to the import calls as the shell sends them: cells as they stand in the file, with their lines.

use std::path::Path;

use tokio_stream::iter;
use tonic::Status;
use usher::v1::{
    ImportHeader, ImportLicenseRulesRequest, ImportLicenseRulesResponse, ImportProductsRequest,
    ImportProductsResponse, ImportReport, ImportRow, ImportUsersRequest,
};

use crate::client::Client;

/// A table to import.
pub struct Table {
    header: ImportHeader,
    rows: Vec<ImportRow>,
}

impl Table {
    /// A table made in a test; its header stands on line 1.
    #[must_use]
    pub fn new<Cell: AsRef<str>>(
        source: &str,
        columns: &[&str],
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) -> Self {
        let rows = (2..).zip(rows).map(|(line, cells)| ImportRow {
            line,
            cells: cells.iter().map(|cell| cell.as_ref().to_owned()).collect(),
        });
        Self {
            header: header(source, columns.iter().map(ToString::to_string).collect()),
            rows: rows.collect(),
        }
    }

    /// A CSV file, nothing of it cleaned but the mark of its encoding.
    ///
    /// # Panics
    /// If the file cannot be read.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_path(path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let columns = reader
            .headers()
            .expect("the file has a header")
            .iter()
            .map(str::to_owned)
            .collect();
        let rows = reader.records().map(|record| {
            let record = record.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let line = record.position().map_or(0, csv::Position::line);
            ImportRow {
                line: i64::try_from(line).expect("a line number is small"),
                cells: record.iter().map(str::to_owned).collect(),
            }
        });
        let source = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        Self {
            header: header(source, columns),
            rows: rows.collect(),
        }
    }

    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Imports it as products.
    ///
    /// # Errors
    /// What the service answers.
    pub async fn into_products(self, client: &Client) -> Result<ImportProductsResponse, Status> {
        let requests = self.requests(|header, rows| ImportProductsRequest { header, rows });
        Ok(client
            .catalog
            .clone()
            .import_products(iter(requests))
            .await?
            .into_inner())
    }

    /// Imports it as rules.
    ///
    /// # Errors
    /// What the service answers.
    pub async fn into_rules(self, client: &Client) -> Result<ImportLicenseRulesResponse, Status> {
        let requests = self.requests(|header, rows| ImportLicenseRulesRequest { header, rows });
        Ok(client
            .catalog
            .clone()
            .import_license_rules(iter(requests))
            .await?
            .into_inner())
    }

    /// Imports it as users.
    ///
    /// # Errors
    /// What the service answers.
    ///
    /// # Panics
    /// If the answer has no report.
    pub async fn into_users(self, client: &Client) -> Result<ImportReport, Status> {
        let requests = self.requests(|header, rows| ImportUsersRequest { header, rows });
        let response = client
            .users
            .clone()
            .import_users(iter(requests))
            .await?
            .into_inner();
        Ok(response
            .report
            .expect("an import is answered with a report"))
    }

    fn requests<Request>(
        self,
        request: impl Fn(Option<ImportHeader>, Vec<ImportRow>) -> Request,
    ) -> Vec<Request> {
        let mut requests = vec![request(Some(self.header), Vec::new())];
        let chunks = self.rows.chunks(usher::MAX_ROWS_PER_MESSAGE);
        requests.extend(chunks.map(|rows| request(None, rows.to_vec())));
        requests
    }
}

fn header(source: &str, columns: Vec<String>) -> ImportHeader {
    ImportHeader {
        columns,
        source: source.to_owned(),
        ..ImportHeader::default()
    }
}
