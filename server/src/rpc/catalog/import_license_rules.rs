//! `ImportLicenseRules`: exclusion sets, prerequisites or countries, recognised by the header

use tonic::Streaming;
use usher::v1::{ImportLicenseRulesRequest, ImportLicenseRulesResponse, ImportReport};
use usher_domain::command::Command;
use usher_domain::import::rules::clean;

use super::super::Api;
use super::super::chunks::Chunks;
use super::super::import_stream::{Rows, count};
use super::super::status::Refusal;
use crate::authn::Caller;
use crate::convert::import;

pub(super) async fn import(
    api: &Api,
    caller: &Caller,
    messages: Streaming<ImportLicenseRulesRequest>,
) -> Result<ImportLicenseRulesResponse, Refusal> {
    let (header, intent, rows) = Rows::open(messages).await?;
    let rows = rows.all().await?;
    let catalogue = api.read(None).await?.catalogue().await?;
    let file = clean(&header, rows, &catalogue)?;

    let subjects: Vec<String> = file.rules.iter().map(|rule| rule.key().text()).collect();
    let requests = (0..)
        .zip(file.rules)
        .map(|(number, rule)| {
            let command = Command::ImportRule(Box::new(rule));
            intent.request(api, caller, (number, None), command)
        })
        .collect();
    let mut chunks = Chunks::open(api, intent.validate_only).await?;
    let outcomes = chunks.run_all(requests).await?;

    let mut report = ImportReport {
        rows: import::count(file.rows),
        refused: import::count(file.rows_refused),
        ..ImportReport::default()
    };
    for item in file.items {
        import::add_item(&mut report, import::item(item));
    }
    for (subject, outcome) in subjects.iter().zip(&outcomes) {
        count(&mut report, outcome, 0, subject);
    }
    Ok(ImportLicenseRulesResponse {
        report: Some(report),
        people_rejudged: outcomes.iter().map(|outcome| outcome.people).sum(),
    })
}
