//! An organisation on the wire and in the domain.

use prost_types::FieldMask;
use usher::name::Collection;
use usher::v1 as wire;
use usher_domain::access::Organisation;
use usher_domain::command::TenantFields;
use usher_domain::ids::TenantId;
use usher_domain::plan::tenant_etag;
use usher_domain::snapshot::{GuestPolicy, TenantSettings};

use super::fields::Fields;
use super::time;

pub(crate) fn to_wire(
    id: TenantId,
    organisation: &Organisation,
    settings: TenantSettings,
) -> wire::Tenant {
    let policy = match settings.guest_policy {
        GuestPolicy::GlobalAdmin => wire::GuestPolicy::GlobalAdmin,
        GuestPolicy::LicenseAdmin => wire::GuestPolicy::LicenseAdmin,
    };
    wire::Tenant {
        name: Collection::Tenants.name(id),
        id: id.to_string(),
        display_name: organisation.name.clone(),
        default_usage_location: settings
            .default_usage_location
            .map(|country| country.to_string())
            .unwrap_or_default(),
        guest_policy: policy.into(),
        create_time: Some(time::to_wire(organisation.created_at)),
        etag: tenant_etag(organisation.from_rev),
    }
}

/// The fields that the mask names: an empty text clears.
pub(crate) fn masked(tenant: &wire::Tenant, mask: &FieldMask, fields: &mut Fields) -> TenantFields {
    let mut said = TenantFields::default();
    if mask.paths.is_empty() {
        fields.fault(
            "update_mask",
            "The mask names no field. Name the fields to change.",
        );
    }
    for path in &mask.paths {
        match path.as_str() {
            "display_name" => said.name = Some(tenant.display_name.clone()),
            "default_usage_location" => {
                said.default_usage_location = Some(tenant.default_usage_location.clone());
            }
            "guest_policy" => said.guest_policy = policy(tenant, fields),
            other => fields.fault(
                "update_mask",
                format!(
                    "The mask names \"{other}\", which is no field of a tenant that can be changed: display_name, default_usage_location, guest_policy."
                ),
            ),
        }
    }
    said
}

fn policy(tenant: &wire::Tenant, fields: &mut Fields) -> Option<GuestPolicy> {
    match wire::GuestPolicy::try_from(tenant.guest_policy) {
        Ok(wire::GuestPolicy::GlobalAdmin) => Some(GuestPolicy::GlobalAdmin),
        Ok(wire::GuestPolicy::LicenseAdmin) => Some(GuestPolicy::LicenseAdmin),
        _ => {
            fields.fault(
                "tenant.guest_policy",
                "The field tenant.guest_policy names no policy: Global admins only, or License admins too.",
            );
            None
        }
    }
}
