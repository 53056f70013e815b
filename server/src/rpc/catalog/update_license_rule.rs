//! `UpdateLicenseRule`: one rule, in whole or the fields that the mask names

use usher::v1::{LicenseRule, UpdateLicenseRuleRequest, UpdateLicenseRuleResponse};
use usher_domain::catalogue::RuleKey;
use usher_domain::command::Command;
use usher_domain::plan::Outcome;

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::rule_patch::{field, patch};
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::rule;

pub(super) async fn update(
    api: &Api,
    caller: &Caller,
    request: UpdateLicenseRuleRequest,
) -> Result<UpdateLicenseRuleResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let wanted = fields
        .required("license_rule", request.license_rule)
        .unwrap_or_default();
    let paths = request.update_mask.unwrap_or_default().paths;
    let catalogue = api.read(None).await?.catalogue().await?;
    let patch = patch(&wanted, &paths, &catalogue, &mut fields)?;
    let Some(patch) = patch else {
        fields.check()?;
        return Err(Refusal::internal(
            "a rule without a fault and without a patch",
        ));
    };
    fields.check()?;

    let key = patch.key();
    let command = Command::UpdateRule {
        patch,
        allow_missing: request.allow_missing,
        expect: (!wanted.etag.is_empty()).then(|| wanted.etag.clone()),
    };
    let asked = Asked::In(field(&wanted));
    let outcome = api
        .change_or_refuse(caller, &intent, (asked, command))
        .await?;
    Ok(UpdateLicenseRuleResponse {
        license_rule: shown(updated(api, &outcome, &key).await).flatten(),
        people_concerned: outcome.people,
        outcome: Some(api.told(&outcome, asked)),
    })
}

async fn updated(
    api: &Api,
    outcome: &Outcome,
    key: &RuleKey,
) -> Result<Option<LicenseRule>, Refusal> {
    let catalogue = api.read_after(outcome).await?.catalogue().await?;
    let found = catalogue.rules().get(key);
    Ok(found.map(|found| rule::to_wire(found, &catalogue)))
}

#[cfg(test)]
mod tests {
    use prost_types::FieldMask;
    use tonic::Code;
    use usher::v1::license_rule::Rule;
    use usher::v1::{
        CountryRule, DataKind, ExclusionRule, OutcomeResult, PlanRef, PrerequisiteRule, ServiceRule,
    };

    use super::super::super::testing::{World, refused};
    use super::*;

    fn named(plan: &str) -> PlanRef {
        PlanRef {
            plan_name: plan.into(),
            ..PlanRef::default()
        }
    }

    fn request(id: &str, rule: Rule, paths: &[&str]) -> UpdateLicenseRuleRequest {
        UpdateLicenseRuleRequest {
            license_rule: Some(LicenseRule {
                id: id.into(),
                rule: Some(rule),
                ..LicenseRule::default()
            }),
            update_mask: Some(FieldMask {
                paths: paths.iter().map(ToString::to_string).collect(),
            }),
            allow_missing: true,
            ..UpdateLicenseRuleRequest::default()
        }
    }

    fn four() -> [UpdateLicenseRuleRequest; 4] {
        let set = ExclusionRule {
            service: "Mail".into(),
            plans: vec![named("EXCHANGE_S_ENTERPRISE"), named("FORMS_PLAN_E3")],
        };
        let needs = PrerequisiteRule {
            plan: Some(named("YAMMER_ENTERPRISE")),
            any_of: vec![named("FORMS_PLAN_E3")],
            evidence: String::new(),
        };
        let country = CountryRule {
            subject_id: "SPE_E3".into(),
            allow: true,
            countries: vec!["de".into(), "FR".into()],
        };
        let service = ServiceRule {
            kind: DataKind::Mail.into(),
            days: Some(30),
            plans: vec![named("EXCHANGE_S_ENTERPRISE")],
        };
        [
            request("mail", Rule::Exclusion(set), &[]),
            request("", Rule::Prerequisite(needs), &[]),
            request("", Rule::Country(country), &[]),
            request("mail", Rule::Service(service), &[]),
        ]
    }

    #[tokio::test]
    async fn every_kind_is_made_once_and_then_unchanged() {
        let world = World::new().await;
        for expected in [OutcomeResult::Applied, OutcomeResult::Unchanged] {
            for asked in four() {
                let answer = world.catalog().update_license_rule(asked).await.unwrap();
                let answer = answer.into_inner();
                assert_eq!(answer.outcome.unwrap().result(), expected);
                assert!(answer.license_rule.unwrap().rule.is_some());
            }
        }
        for asked in four() {
            let strict = UpdateLicenseRuleRequest {
                allow_missing: false,
                ..asked
            };
            world.catalog().update_license_rule(strict).await.unwrap();
        }
    }

    #[tokio::test]
    async fn the_mask_leaves_the_rest_as_it_is() {
        let world = World::new().await;
        for asked in four() {
            world.catalog().update_license_rule(asked).await.unwrap();
        }
        let days = ServiceRule {
            days: None,
            ..ServiceRule::default()
        };
        let asked = request("mail", Rule::Service(days), &["service.days"]);
        let answer = world.catalog().update_license_rule(asked).await.unwrap();
        let Some(Rule::Service(service)) = answer.into_inner().license_rule.unwrap().rule else {
            panic!("another kind");
        };
        assert_eq!((service.kind(), service.days), (DataKind::Mail, None));
        assert_eq!(service.plans.len(), 1);
        let more = CountryRule {
            subject_id: "SPE_E3".into(),
            countries: vec!["AT".into()],
            ..CountryRule::default()
        };
        let asked = request("", Rule::Country(more), &["country.countries"]);
        let answer = world.catalog().update_license_rule(asked).await.unwrap();
        let Some(Rule::Country(country)) = answer.into_inner().license_rule.unwrap().rule else {
            panic!("another kind");
        };
        assert_eq!(
            (country.allow, country.countries),
            (true, vec!["AT".into()])
        );
    }

    #[tokio::test]
    async fn bad_requests_name_their_field() {
        let world = World::new().await;
        let [set, needs, country, service] = four();
        let strict = UpdateLicenseRuleRequest {
            allow_missing: false,
            ..set.clone()
        };
        let edited = |mut asked: UpdateLicenseRuleRequest, edit: &dyn Fn(&mut Rule)| {
            if let Some(rule) = asked
                .license_rule
                .as_mut()
                .and_then(|rule| rule.rule.as_mut())
            {
                edit(rule);
            }
            asked
        };
        let nowhere = edited(country, &|rule| {
            if let Rule::Country(rule) = rule {
                rule.countries = vec!["ZZ".into()];
            }
        });
        let planless = edited(needs, &|rule| {
            if let Rule::Prerequisite(rule) = rule {
                rule.any_of = vec![named("YAMMER_ENTERPRISE")];
            }
        });
        let files = edited(service.clone(), &|rule| {
            if let Rule::Service(rule) = rule {
                rule.kind = DataKind::Files.into();
            }
        });
        let masked = UpdateLicenseRuleRequest {
            update_mask: Some(FieldMask {
                paths: vec!["exclusion.plans".into()],
            }),
            ..service
        };
        let bad = Code::InvalidArgument;
        for (asked, code, reason, field) in [
            (
                UpdateLicenseRuleRequest::default(),
                bad,
                "INVALID_ARGUMENT",
                "license_rule",
            ),
            (strict, Code::NotFound, "RULE_NOT_FOUND", ""),
            (
                nowhere,
                bad,
                "INVALID_ARGUMENT",
                "license_rule.country.countries[0]",
            ),
            (
                planless,
                bad,
                "BAD_RULE",
                "license_rule.prerequisite.any_of",
            ),
            (files, bad, "BAD_RULE", "license_rule.service.days"),
            (masked, bad, "INVALID_ARGUMENT", "update_mask"),
        ] {
            let status = world.catalog().update_license_rule(asked).await;
            let status = refused(status, code, reason);
            let outcome = super::super::super::status::outcome_in(&status);
            assert_eq!(outcome.causes[0].field, field);
        }
    }
}
