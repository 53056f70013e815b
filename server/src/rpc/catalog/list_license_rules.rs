//! `ListLicenseRules`

use usher::v1::{ListLicenseRulesRequest, ListLicenseRulesResponse};

use super::super::status::Refusal;
use super::super::{Api, paging};
use crate::convert::fields::Fields;
use crate::convert::rule;

pub(super) async fn list(
    api: &Api,
    request: ListLicenseRulesRequest,
) -> Result<ListLicenseRulesResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let catalogue = read.catalogue().await?;
    let rules = catalogue.rules().iter();
    let found = paging::page_of(("rules", &()), read.place(), &page, rules, |rule| {
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

#[cfg(test)]
mod tests {
    use usher::v1::license_rule::Rule;
    use usher::v1::{DataKind, ListLicenseRulesRequest};

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
