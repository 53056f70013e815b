//! `ListLicenseRules`

use usher::v1::{LicenseRuleKind, ListLicenseRulesRequest, ListLicenseRulesResponse};
use usher_domain::catalogue::{CountrySubject, Product, Rule, RuleKey};

use super::super::status::Refusal;
use super::super::{Api, names, paging};
use super::rule_name;
use crate::convert::fields::Fields;
use crate::convert::rule;

pub(super) async fn list(
    api: &Api,
    request: ListLicenseRulesRequest,
) -> Result<ListLicenseRulesResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    let time = fields.instant("read_time", request.read_time);
    let kind = LicenseRuleKind::try_from(request.kind);
    if kind.is_err() {
        fields.fault(
            "kind",
            format!("There is no kind {} of rules.", request.kind),
        );
    }
    fields.name("plan", &request.plan);
    fields.name("product", &request.product);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let catalogue = read.catalogue().await?;
    let kind = kind.unwrap_or_default();
    let plan = match request.plan.trim() {
        "" => None,
        name => Some(rule_name::plan(&catalogue, "plan", name)?),
    };
    let product = match request.product.trim() {
        "" => None,
        name => Some(names::product(&catalogue, "product", name)?),
    };
    let product = product.and_then(|id| catalogue.product(id));
    let wanted = catalogue.rules().iter().filter(|rule| {
        is_of(rule, kind)
            && plan.is_none_or(|plan| rule.plans().contains(&plan))
            && product.is_none_or(|product| speaks_of(rule, product))
    });
    let asked = (kind, plan, product.map(|product| product.id));
    let found = paging::page_of(("rules", &asked), read.place(), &page, wanted, |rule| {
        vec![rule.key().text()]
    })?;
    Ok(ListLicenseRulesResponse {
        license_rules: found
            .items
            .into_iter()
            .map(|rule| rule::to_wire(rule, &catalogue))
            .collect(),
        next_page_token: found.next,
    })
}

fn is_of(rule: &Rule, kind: LicenseRuleKind) -> bool {
    match kind {
        LicenseRuleKind::Unspecified => true,
        LicenseRuleKind::Exclusion => matches!(rule, Rule::Exclusion(_)),
        LicenseRuleKind::Prerequisite => matches!(rule, Rule::Prerequisite(_)),
        LicenseRuleKind::Country => matches!(rule, Rule::Country(_)),
        LicenseRuleKind::Service => matches!(rule, Rule::Service(_)),
    }
}

/// Of the product itself, or of one of its plans.
fn speaks_of(rule: &Rule, product: &Product) -> bool {
    let itself = RuleKey::Country(CountrySubject::Product(product.id));
    let plans = rule.plans();
    rule.key() == itself || plans.iter().any(|plan| product.plans.contains_key(plan))
}

#[cfg(test)]
mod tests {
    use usher::v1::license_rule::Rule;
    use usher::v1::{DataKind, LicenseRuleKind, ListLicenseRulesRequest};

    use super::super::super::testing::{E3, EXCHANGE_E3, FORMS, World, YAMMER};

    #[tokio::test]
    async fn rules_of_every_kind_come_with_names() {
        let world = World::new().await;
        let sets = ["set_id", "service", "service_plan_id"];
        world
            .import_rules(sets, &[["s1", "Mail", FORMS], ["s1", "Mail", EXCHANGE_E3]])
            .await
            .unwrap();
        let needs = ["dependent_plan_id", "needs_any_of_ids", "evidence"];
        world
            .import_rules(needs, &[[YAMMER, FORMS, "docs"]])
            .await
            .unwrap();
        world
            .import_rules(["id", "mode", "countries"], &[[E3, "deny", "CN RU"]])
            .await
            .unwrap();
        let services = ["service", "plans", "kind", "days"];
        world
            .import_rules(services, &[["mail", EXCHANGE_E3, "mail", "30"]])
            .await
            .unwrap();

        for (kind, plan, product, expected) in [
            (LicenseRuleKind::Exclusion, "", "", &["s1"][..]),
            (LicenseRuleKind::Unspecified, FORMS, "", &["s1", YAMMER]),
            (LicenseRuleKind::Unspecified, "", "SPE_E5", &[YAMMER]),
            (LicenseRuleKind::Country, "", "SPE_E3", &[E3]),
            (LicenseRuleKind::Service, "FORMS_PLAN_E3", "", &[]),
        ] {
            let request = ListLicenseRulesRequest {
                kind: kind.into(),
                plan: plan.into(),
                product: product.into(),
                ..ListLicenseRulesRequest::default()
            };
            let answer = world.catalog().list_license_rules(request).await.unwrap();
            let rules = answer.into_inner().license_rules.into_iter();
            let ids: Vec<String> = rules.map(|rule| rule.id).collect();
            assert_eq!(ids, expected, "{kind:?} {plan} {product}");
        }

        let request = ListLicenseRulesRequest::default();
        let rules = world
            .catalog()
            .list_license_rules(request)
            .await
            .unwrap()
            .into_inner();
        let rules: Vec<_> = rules
            .license_rules
            .into_iter()
            .map(|rule| (rule.id, rule.rule))
            .collect();
        assert_eq!(rules.len(), 4);
        for (id, rule) in rules {
            match rule.unwrap() {
                Rule::Service(rule) => {
                    assert_eq!((id.as_str(), rule.days), ("mail", Some(30)));
                    assert_eq!(rule.kind(), DataKind::Mail);
                    assert_eq!(rule.plans[0].plan_name, "EXCHANGE_S_ENTERPRISE");
                }
                Rule::Country(rule) => {
                    assert_eq!((id.as_str(), rule.allow), (E3, false));
                    assert_eq!(rule.countries, ["CN", "RU"]);
                }
                Rule::Exclusion(rule) => {
                    assert_eq!(
                        (id.as_str(), rule.service.as_str(), rule.plans.len()),
                        ("s1", "Mail", 2)
                    );
                }
                Rule::Prerequisite(rule) => {
                    assert_eq!((id.as_str(), rule.any_of.len()), (YAMMER, 1));
                    assert_eq!(rule.plan.unwrap().plan_name, "YAMMER_ENTERPRISE");
                    assert_eq!(rule.any_of[0].plan_name, "FORMS_PLAN_E3");
                }
            }
        }
    }
}
