//! Set-Tenant: changes the settings of the organisation.

use prost_types::FieldMask;
use tonic::Request;
use usher::v1::tenant_service_client::TenantServiceClient;
use usher::v1::{GuestPolicy, Tenant, UpdateTenantRequest};
use usher_object::Value;

use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::{ETAG, etag, would};
use crate::error::{Result, ShellError};
use crate::types;

/// Set-Tenant.
pub static SET_TENANT: Cmdlet = Cmdlet {
    name: "Set-Tenant",
    synopsis: "Changes the settings of the organisation",
    description: "What is not named stays.",
    params: &[
        Param::new("Name", Kind::Text, "What people call it"),
        Param::new(
            "DefaultUsageLocation",
            Kind::Text,
            "Where a group member without a usage location is taken to be; \"\" for nowhere",
        ),
        Param::new(
            "GuestPolicy",
            Kind::Text,
            "Who may change licences of guests: Global admins, or License admins too",
        )
        .values(Values::OneOf(&["GlobalAdmin", "LicenseAdmin"])),
        ETAG,
    ],
    effect: Effect::Changes,
    output: &["Tenant"],
    single: Single::Always,
    examples: &[
        Example {
            line: "Set-Tenant -Name Contoso -DefaultUsageLocation DE",
            says: "Names the organisation, and where its people are unless said otherwise.",
        },
        Example {
            line: "Set-Tenant -GuestPolicy LicenseAdmin -Reason CHG-1042",
            says: "License admins may change licences of guests, with the ticket in the record.",
        },
    ],
    related: &["Get-Tenant", "New-Tenant"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let (mut tenant, paths) = asked(&call)?;
    tenant.etag = etag(&call, &Value::Null)?;
    options.ask_once(call.host, "change the organisation")?;
    if options.what_if {
        let what = format!("the organisation would change: {}", paths.join(", "));
        would(call.host, &options, &what);
    } else {
        call.host.session.count_writes(1)?;
    }
    let request = UpdateTenantRequest {
        tenant: Some(tenant),
        update_mask: Some(FieldMask { paths }),
        reason: options.reason.clone(),
        request_id: options.request_id.clone(),
        validate_only: options.what_if,
    };
    let answer = call.host.session.connection.call(|service| async move {
        let mut client = TenantServiceClient::new(service);
        Ok(client
            .update_tenant(Request::new(request))
            .await?
            .into_inner())
    })?;
    let shown = types::TENANT.object(&answer.tenant.unwrap_or_default());
    Ok(Box::new(std::iter::once(Ok(shown))))
}

fn asked(call: &Call<'_>) -> Result<(Tenant, Vec<String>)> {
    let mut tenant = Tenant::default();
    let mut paths = Vec::new();
    if let Some(name) = call.args.text("Name") {
        name.clone_into(&mut tenant.display_name);
        paths.push("display_name".to_owned());
    }
    if let Some(location) = call.args.text("DefaultUsageLocation") {
        location.clone_into(&mut tenant.default_usage_location);
        paths.push("default_usage_location".to_owned());
    }
    if let Some(policy) = call.args.text("GuestPolicy") {
        tenant.set_guest_policy(if policy.eq_ignore_ascii_case("LicenseAdmin") {
            GuestPolicy::LicenseAdmin
        } else {
            GuestPolicy::GlobalAdmin
        });
        paths.push("guest_policy".to_owned());
    }
    if paths.is_empty() {
        return Err(
            ShellError::new("ARGUMENT_MISSING", "Set-Tenant names nothing to change")
                .fix("Give -Name, -DefaultUsageLocation or -GuestPolicy"),
        );
    }
    Ok((tenant, paths))
}
