//! Get-Tenant: the organisation, or all in which one acts.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::tenant_service_client::TenantServiceClient;
use usher::v1::{GetTenantRequest, ListTenantsRequest};

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::cmdlets::AS_OF;
use crate::error::Result;
use crate::types::{self, timestamp};

/// Get-Tenant.
pub static GET_TENANT: Cmdlet = Cmdlet {
    name: "Get-Tenant",
    synopsis: "Gets the organisation with its settings, or all that you act in",
    description: "",
    params: &[
        Param::new("All", Kind::Switch, "Every organisation that you act in"),
        AS_OF,
    ],
    effect: Effect::None,
    output: &["Tenant"],
    single: Single::When(|args| !args.switch("All")),
    examples: &[
        Example {
            line: "Get-Tenant",
            says: "The organisation that commands are about.",
        },
        Example {
            line: "Get-Tenant -All | Sort-Object Name",
            says: "Every organisation that you act in.",
        },
    ],
    related: &["Set-Tenant", "New-Tenant", "Connect-Service"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let connection = &call.host.session.connection;
    if call.args.switch("All") {
        let pages = connection.pages(|service, page_token| {
            let request = ListTenantsRequest {
                page_size: MAX_PAGE_SIZE,
                page_token,
            };
            async move {
                let mut client = TenantServiceClient::new(service);
                let page = client.list_tenants(Request::new(request)).await?;
                let page = page.into_inner();
                Ok((page.tenants, page.next_page_token))
            }
        });
        return Ok(Box::new(
            pages.map(|tenant| Ok(types::TENANT.object(&tenant?))),
        ));
    }
    let read_time = call.args.date("AsOf").map(timestamp);
    let answer = connection.call(|service| async move {
        let mut client = TenantServiceClient::new(service);
        let request = GetTenantRequest { read_time };
        Ok(client.get_tenant(Request::new(request)).await?.into_inner())
    })?;
    let tenant = answer.tenant.map(|tenant| types::TENANT.object(&tenant));
    Ok(Box::new(tenant.map(Ok).into_iter()))
}
