//! `DeleteLicenseRule`

use usher::v1::{DeleteLicenseRuleRequest, DeleteLicenseRuleResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::Intent;
use super::super::status::Refusal;
use super::rule_name;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn delete(
    api: &Api,
    caller: &Caller,
    request: DeleteLicenseRuleRequest,
) -> Result<DeleteLicenseRuleResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    fields.required_name("license_rule", &request.license_rule);
    fields.check()?;

    let catalogue = api.read(None).await?.catalogue().await?;
    let command = Command::DeleteRule {
        key: rule_name::key(&catalogue, "license_rule", &request.license_rule)?,
        expect: (!request.etag.is_empty()).then_some(request.etag),
    };
    let outcome = api
        .change_or_refuse(caller, &intent, (Asked::Whole, command))
        .await?;
    Ok(DeleteLicenseRuleResponse {
        people_concerned: outcome.people,
        outcome: Some(api.told(&outcome, Asked::Whole)),
    })
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::ListLicenseRulesRequest;

    use super::super::super::testing::{E3, EXCHANGE_E3, FORMS, World, YAMMER, refused};
    use super::*;

    fn request(rule: &str) -> DeleteLicenseRuleRequest {
        DeleteLicenseRuleRequest {
            license_rule: rule.into(),
            ..DeleteLicenseRuleRequest::default()
        }
    }

    async fn with_rules() -> World {
        let world = World::new().await;
        let needs = ["dependent_plan_id", "needs_any_of_ids"];
        world
            .import_rules(needs, &[[YAMMER, EXCHANGE_E3]])
            .await
            .unwrap();
        let sets = ["set_id", "service_plan_id"];
        world.import_rules(sets, &[["mail", FORMS]]).await.unwrap();
        let countries = ["id", "mode", "countries"];
        world
            .import_rules(countries, &[[E3, "deny", "CN"]])
            .await
            .unwrap();
        world
    }

    #[tokio::test]
    async fn a_removed_rule_brings_plans_back_and_a_retry_is_answered_as_before() {
        let world = with_rules().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        let held = world.assign("a@contoso.com", "SPE_E3").await;
        refused(held, Code::FailedPrecondition, "MISSING_PREREQUISITE_PLAN");
        let once = DeleteLicenseRuleRequest {
            request_id: "r1".into(),
            ..request("prerequisite/yammer_enterprise")
        };
        for replayed in [false, true] {
            let answer = world.catalog().delete_license_rule(once.clone()).await;
            let outcome = answer.unwrap().into_inner().outcome.unwrap();
            assert_eq!(outcome.replayed, replayed);
        }
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        let again = world
            .catalog()
            .delete_license_rule(request(&once.license_rule))
            .await;
        refused(again, Code::NotFound, "RULE_NOT_FOUND");
    }

    #[tokio::test]
    async fn every_kind_is_removed_by_its_resource_name() {
        let world = with_rules().await;
        let listed = || async {
            let request = ListLicenseRulesRequest::default();
            let answer = world.catalog().list_license_rules(request).await.unwrap();
            answer.into_inner().license_rules
        };
        for rule in listed().await {
            let tagged = |etag: &str| DeleteLicenseRuleRequest {
                etag: etag.into(),
                ..request(&rule.name)
            };
            let stale = world.catalog().delete_license_rule(tagged("\"old\"")).await;
            refused(stale, Code::Aborted, "CONCURRENT_CHANGE");
            let gone = world
                .catalog()
                .delete_license_rule(tagged(&rule.etag))
                .await;
            gone.unwrap();
        }
        assert!(listed().await.is_empty());
    }

    #[tokio::test]
    async fn a_name_that_is_none_is_refused() {
        let world = with_rules().await;
        for (name, code, reason) in [
            ("", Code::InvalidArgument, "INVALID_ARGUMENT"),
            ("mail", Code::InvalidArgument, "INVALID_ARGUMENT"),
            ("exclusion/", Code::InvalidArgument, "INVALID_ARGUMENT"),
            ("exclusion/mial", Code::NotFound, "RULE_NOT_FOUND"),
            ("prerequisite/nope", Code::NotFound, "PLAN_NOT_FOUND"),
            ("country/nope", Code::NotFound, "PRODUCT_NOT_FOUND"),
        ] {
            let status = world.catalog().delete_license_rule(request(name)).await;
            let status = refused(status, code, reason);
            let outcome = super::super::super::status::outcome_in(&status);
            assert_eq!(outcome.causes[0].reason().code(), reason);
        }
    }
}
