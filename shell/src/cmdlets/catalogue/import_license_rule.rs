//! Import-LicenseRule: exclusions, prerequisites, countries or services from a file.

use tonic::Request;
use usher::v1::ImportLicenseRulesRequest;
use usher::v1::catalog_service_client::CatalogServiceClient;

use crate::client::import_stream;
use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::import_file::{ImportFile, Report};
use crate::error::Result;
use crate::types::{self, RuleImport};

/// Import-LicenseRule.
pub static IMPORT_LICENSE_RULE: Cmdlet = Cmdlet {
    name: "Import-LicenseRule",
    synopsis: "Brings in rules about what may be assigned together, and where",
    description: "The header says which rules they are: set_id, service, service_plan_name, service_plan_id are \
        exclusion sets; dependent_plan, dependent_plan_id, needs_any_of, needs_any_of_ids, evidence are prerequisites; \
        id, allow|deny, countries say where a product or plan is offered; service, plans, kind, days say which plans \
        serve mail, files or other data, and for how many days it is kept when the last of them ends. \
        Nobody's licence fails for a new rule: plans that may no longer be on are held off, and the report counts the \
        people concerned.",
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
    output: &["RuleImport", "ImportItem"],
    single: Single::When(|args| !args.switch("Details")),
    examples: &[
        Example {
            line: "Import-LicenseRule exclusions.csv",
            says: "Plans that exclude each other.",
        },
        Example {
            line: "Import-LicenseRule prerequisites.csv -WhatIf | Format-List",
            says: "What the prerequisites would change, and for how many people.",
        },
    ],
    related: &["Get-LicenseRule", "Import-Product"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let host = call.host;
    let file = ImportFile::read(host, call.args.text("Path").unwrap_or_default())?;
    options.ask_once(host, &format!("import {} rows of rules", file.rows.len()))?;
    file.count_writes(host, &options)?;
    let stream = import_stream(file.header(&options), file.rows.clone(), |header, rows| {
        ImportLicenseRulesRequest { header, rows }
    });
    let answer = host.session.connection.call(|service| async move {
        let mut client =
            CatalogServiceClient::new(service).max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
        Ok(client
            .import_license_rules(Request::new(stream))
            .await?
            .into_inner())
    })?;
    let report = Report::new(
        host,
        &file,
        &options,
        answer.report.clone().unwrap_or_default(),
    );
    report.finish(call.args.switch("Details"), |report| {
        types::RULE_IMPORT.object(&RuleImport {
            file: file.name.to_string(),
            answer,
            report,
        })
    })
}
