//! New-Tenant: begins an organisation.

use tonic::Request;
use usher::v1::tenant_service_client::TenantServiceClient;
use usher::v1::{CreateTenantRequest, Tenant};

use crate::cmdlet::{Call, ChangeOptions, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::cmdlets::would;
use crate::error::Result;
use crate::types;

/// New-Tenant.
pub static NEW_TENANT: Cmdlet = Cmdlet {
    name: "New-Tenant",
    synopsis: "Begins an organisation, with you as its Global admin",
    description: "For partners. Nothing is shared between organisations. A token that is to reach it is made with \
        New-ApiToken -Partner; Connect-Service -Tenant goes there.",
    params: &[Param::new("Name", Kind::Text, "What people call it")
        .at(0)
        .mandatory()],
    effect: Effect::Changes,
    output: &["Tenant"],
    single: Single::Always,
    examples: &[
        Example {
            line: "New-Tenant Fabrikam",
            says: "Begins an organisation.",
        },
        Example {
            line: "New-Tenant Litware -WhatIf",
            says: "Asks whether it could be done.",
        },
    ],
    related: &[
        "Get-Tenant",
        "Set-Tenant",
        "Connect-Service",
        "New-ApiToken",
    ],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let name = call.args.text("Name").unwrap_or_default().to_owned();
    options.ask_once(call.host, &format!("begin the organisation {name}"))?;
    if options.what_if {
        let what = format!("the organisation {name} would begin");
        would(call.host, &options, &what);
    } else {
        call.host.session.count_writes(1)?;
    }
    let request = CreateTenantRequest {
        tenant: Some(Tenant {
            display_name: name,
            ..Tenant::default()
        }),
        reason: options.reason.clone(),
        request_id: options.request_id.clone(),
        validate_only: options.what_if,
    };
    let answer = call.host.session.connection.call(|service| async move {
        let mut client = TenantServiceClient::new(service);
        Ok(client
            .create_tenant(Request::new(request))
            .await?
            .into_inner())
    })?;
    let shown = types::TENANT.object(&answer.tenant.unwrap_or_default());
    Ok(Box::new(std::iter::once(Ok(shown))))
}
