//! `UpdateServicePlan`: the fields that the mask names

use prost_types::FieldMask;
use usher::name::Collection;
use usher::v1::{ServicePlan, UpdateServicePlanRequest, UpdateServicePlanResponse};
use usher_domain::command::{Command, PlanPatch};
use usher_domain::ids::PlanId;
use usher_domain::plan::Outcome;

use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::super::{Api, names};
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::product;

const FIELDS: &str = "automatic and services";

pub(super) async fn update(
    api: &Api,
    caller: &Caller,
    request: UpdateServicePlanRequest,
) -> Result<UpdateServicePlanResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let plan = fields
        .required("service_plan", request.service_plan)
        .unwrap_or_default();
    let (said_in, target) = target(&request.target, &plan);
    fields.required_name(said_in, target);
    let mask = fields
        .required("update_mask", request.update_mask)
        .unwrap_or_default();
    let patch = masked(&plan, &mask, &mut fields);
    fields.check()?;

    let catalogue = api.read(None).await?.catalogue().await?;
    let id = names::plan(&catalogue, &[], said_in, target)?;
    let command = Command::UpdatePlan {
        plan: id,
        patch,
        expect: (!plan.etag.is_empty()).then(|| plan.etag.clone()),
    };
    let asked = Asked::In("service_plan");
    let outcome = api
        .change_or_refuse(caller, &intent, (asked, command))
        .await?;
    Ok(UpdateServicePlanResponse {
        service_plan: shown(updated(api, &outcome, id).await).flatten(),
        people_concerned: outcome.people,
        outcome: Some(api.told(&outcome, asked)),
    })
}

async fn updated(api: &Api, outcome: &Outcome, id: PlanId) -> Result<Option<ServicePlan>, Refusal> {
    let catalogue = api.read_after(outcome).await?.catalogue().await?;
    let found = catalogue.plan(id);
    Ok(found.map(|found| product::service_plan(found, &catalogue)))
}

fn masked(plan: &ServicePlan, mask: &FieldMask, fields: &mut Fields) -> PlanPatch {
    let mut patch = PlanPatch::default();
    if mask.paths.is_empty() {
        fields.fault("update_mask", format!("The mask names no field: {FIELDS}."));
    }
    for path in &mask.paths {
        match path.as_str() {
            "automatic" => patch.automatic = Some(plan.automatic),
            "services" => patch.services = Some(plan.services.clone()),
            other => fields.fault(
                "update_mask",
                format!(
                    "A service plan has no field \"{other}\" that can be changed: {FIELDS} can."
                ),
            ),
        }
    }
    patch
}

/// Which plan the request is about, and in which field it says so.
fn target<'a>(target: &'a str, plan: &'a ServicePlan) -> (&'static str, &'a str) {
    let said = [
        ("target", target),
        ("service_plan.name", &plan.name),
        ("service_plan.id", &plan.id),
        ("service_plan.plan_name", &plan.plan_name),
    ];
    let (field, text) = said
        .into_iter()
        .find(|(_, text)| !text.trim().is_empty())
        .unwrap_or(("target", ""));
    (field, Collection::ServicePlans.strip(text.trim()))
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::{LicenseChange, OutcomeResult, PlanSwitch, SwitchState};

    use super::super::super::testing::{EXCHANGE_E3, World, refused};
    use super::*;

    fn request(plan: ServicePlan, paths: &[&str]) -> UpdateServicePlanRequest {
        UpdateServicePlanRequest {
            service_plan: Some(plan),
            update_mask: Some(FieldMask {
                paths: paths.iter().map(ToString::to_string).collect(),
            }),
            ..UpdateServicePlanRequest::default()
        }
    }

    #[tokio::test]
    async fn an_automatic_plan_has_no_switch() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        let switch = || LicenseChange {
            user: "a@contoso.com".into(),
            switches: vec![PlanSwitch {
                plan: "FORMS_PLAN_E3".into(),
                state: SwitchState::Off.into(),
                ..PlanSwitch::default()
            }],
            ..LicenseChange::default()
        };
        world.modify(switch()).await.unwrap();
        let plan = ServicePlan {
            plan_name: "FORMS_PLAN_E3".into(),
            automatic: true,
            ..ServicePlan::default()
        };
        let asked = request(plan, &["automatic"]);
        let answer = world.catalog().update_service_plan(asked).await.unwrap();
        let answer = answer.into_inner();
        assert_eq!(answer.people_concerned, 1);
        let notes = answer.outcome.unwrap().notes;
        assert_eq!(notes, ["FORMS_PLAN_E3 comes on for 1 person"]);
        assert!(answer.service_plan.unwrap().automatic);
        let status = world.modify(switch()).await;
        refused(status, Code::FailedPrecondition, "AUTOMATIC_SERVICE");
    }

    #[tokio::test]
    async fn a_plan_serves_the_services_that_are_named() {
        let world = World::new().await;
        let columns = ["service", "plans", "kind", "days"];
        let rows = [
            ["mail", EXCHANGE_E3, "mail", "30"],
            ["mail", "FORMS_PLAN_E3", "mail", "30"],
        ];
        world.import_rules(columns, &rows).await.unwrap();
        let none = ServicePlan {
            id: EXCHANGE_E3.into(),
            ..ServicePlan::default()
        };
        let asked = request(none, &["services"]);
        let answer = world.catalog().update_service_plan(asked).await.unwrap();
        let answer = answer.into_inner();
        assert_eq!(answer.outcome.unwrap().result(), OutcomeResult::Applied);
        let read = answer.service_plan.unwrap();
        assert!(read.services.is_empty());
        let unknown = ServicePlan {
            services: vec!["paper".into()],
            ..read
        };
        let status = world
            .catalog()
            .update_service_plan(request(unknown, &["services"]))
            .await;
        let status = refused(status, Code::NotFound, "RULE_NOT_FOUND");
        let outcome = super::super::super::status::outcome_in(&status);
        assert_eq!(outcome.causes[0].field, "service_plan.services[0]");
    }

    #[tokio::test]
    async fn bad_requests_are_refused() {
        let world = World::new().await;
        let nobody = ServicePlan {
            plan_name: "NOPE".into(),
            ..ServicePlan::default()
        };
        for (asked, code, reason) in [
            (
                UpdateServicePlanRequest::default(),
                Code::InvalidArgument,
                "INVALID_ARGUMENT",
            ),
            (
                request(nobody.clone(), &["plan_name"]),
                Code::InvalidArgument,
                "INVALID_ARGUMENT",
            ),
            (
                request(nobody, &["automatic"]),
                Code::NotFound,
                "PLAN_NOT_FOUND",
            ),
        ] {
            refused(
                world.catalog().update_service_plan(asked).await,
                code,
                reason,
            );
        }
    }
}
