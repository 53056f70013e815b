//! Set-ServicePlan: whether a plan is automatic, and which services' data it serves.

use prost_types::FieldMask;
use tonic::Request;
use usher::v1::catalog_service_client::CatalogServiceClient;
use usher::v1::{ServicePlan, UpdateServicePlanRequest};

use super::{PLAN_PROPERTIES, each_change};
use crate::cmdlet::{
    Call, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::ETAG;
use crate::error::{Result, ShellError};
use crate::types::{self, CatalogueChange};

/// Set-ServicePlan.
pub static SET_SERVICE_PLAN: Cmdlet = Cmdlet {
    name: "Set-ServicePlan",
    synopsis: "Says whether a plan is automatic, and which services' data it serves",
    description: "An automatic plan is on for every holder of a product that has it, and has no switch. Switches that \
        people have stay as they are, and count again when the plan is automatic no more. -WhatIf counts the people \
        concerned. Services are made with Set-LicenseRule service or Import-LicenseRule.",
    params: &[
        Param::new("Plan", Kind::Text, "GUID or name")
            .at(0)
            .many()
            .mandatory()
            .from(FromPipeline::Value(PLAN_PROPERTIES))
            .values(Values::Plans),
        Param::new(
            "Automatic",
            Kind::Switch,
            "On for every holder, without a switch; -Automatic:$false undoes it",
        ),
        Param::new(
            "Service",
            Kind::Text,
            "The services whose data it serves, and no others; '' for none",
        )
        .many(),
        ETAG,
    ],
    effect: Effect::Changes,
    output: &["CatalogueChange", "ServicePlan"],
    single: Single::When(|args| args.values("Plan").len() == 1),
    examples: &[
        Example {
            line: "Set-ServicePlan FORMS_PLAN_E3 -Automatic -WhatIf",
            says: "For how many people the plan would come on.",
        },
        Example {
            line: "Set-LicenseRule service forms -Plans FORMS_PLAN_E3, FORMS_PLAN_E5 -DataKind other -Days 30; \
                Set-ServicePlan YAMMER_ENTERPRISE -Service forms",
            says: "Yammer serves the same data as Forms.",
        },
    ],
    related: &["Get-ServicePlan", "Set-LicenseRule", "Set-Product"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let args = &call.args;
    let mut paths = Vec::new();
    for (param, path) in [("Automatic", "automatic"), ("Service", "services")] {
        if args.has(param) {
            paths.push(path.to_owned());
        }
    }
    if paths.is_empty() {
        return Err(ShellError::new(
            "PARAMETER_MISSING",
            "Set-ServicePlan was not told what to change",
        )
        .fix("Set-ServicePlan FORMS_PLAN_E3 -Automatic"));
    }
    let mut services = args.texts("Service");
    services.retain(|service| !service.trim().is_empty());
    let plan = ServicePlan {
        automatic: args.switch("Automatic"),
        services,
        ..ServicePlan::default()
    };
    each_change(call, "Plan", move |host, options, asked| {
        let request = UpdateServicePlanRequest {
            service_plan: Some(ServicePlan {
                etag: asked.etag,
                ..plan.clone()
            }),
            update_mask: Some(FieldMask {
                paths: paths.clone(),
            }),
            target: asked.target.clone(),
            reason: options.reason.clone(),
            request_id: asked.request_id,
            validate_only: options.what_if,
        };
        let answer = host.session.connection.call(|service| async move {
            Ok(CatalogServiceClient::new(service)
                .update_service_plan(Request::new(request))
                .await?
                .into_inner())
        })?;
        Ok(match answer.service_plan {
            Some(plan) if options.pass_thru => types::SERVICE_PLAN.object(&plan),
            plan => types::CATALOGUE_CHANGE.object(&CatalogueChange {
                subject: plan.map_or(asked.target, |plan| plan.plan_name),
                outcome: answer.outcome.unwrap_or_default(),
                people: answer.people_concerned,
            }),
        })
    })
}
