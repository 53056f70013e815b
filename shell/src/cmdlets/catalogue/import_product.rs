//! Import-Product: products and service plans from the vendor's published list.

use tonic::Request;
use usher::v1::ImportProductsRequest;
use usher::v1::catalog_service_client::CatalogServiceClient;

use crate::client::import_stream;
use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::import_file::{ImportFile, Report};
use crate::error::Result;
use crate::types::{self, ProductImport};

/// Import-Product.
pub static IMPORT_PRODUCT: Cmdlet = Cmdlet {
    name: "Import-Product",
    synopsis: "Brings in products and service plans from the published list",
    description: "Takes the vendor's CSV with the columns Product_Display_Name, String_Id, GUID, Service_Plan_Name, \
        Service_Plan_Id and Service_Plans_Included_Friendly_Names. Names are cleaned; the most frequent one is shown, \
        the others are kept as aliases. The same file again changes nothing.",
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
    output: &["ProductImport", "ImportItem"],
    single: Single::When(|args| !args.switch("Details")),
    examples: &[
        Example {
            line: "Import-Product products.csv | Format-List",
            says: "Brings in the list and shows the report.",
        },
        Example {
            line: "Import-Product products.csv -WhatIf -Details | Group-Object Kind",
            says: "How many rows would be cleaned, dropped, or kept as aliases.",
        },
    ],
    related: &["Get-Product", "Get-ServicePlan", "Import-LicenseRule"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let host = call.host;
    let file = ImportFile::read(host, call.args.text("Path").unwrap_or_default())?;
    options.ask_once(
        host,
        &format!("import {} rows of products", file.rows.len()),
    )?;
    file.count_writes(host, &options)?;
    let stream = import_stream(file.header(&options), file.rows.clone(), |header, rows| {
        ImportProductsRequest { header, rows }
    });
    let answer = host.session.connection.call(|service| async move {
        let mut client =
            CatalogServiceClient::new(service).max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
        Ok(client
            .import_products(Request::new(stream))
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
        types::PRODUCT_IMPORT.object(&ProductImport {
            file: file.name.to_string(),
            answer,
            report,
        })
    })
}
