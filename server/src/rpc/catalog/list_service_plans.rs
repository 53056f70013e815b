//! `ListServicePlans`

use usher::v1::{ListServicePlansRequest, ListServicePlansResponse};
use usher_domain::NameKey;

use super::super::status::Refusal;
use super::super::{Api, names, paging};
use super::found_in;
use crate::convert::fields::Fields;
use crate::convert::product;

pub(super) async fn list(
    api: &Api,
    request: ListServicePlansRequest,
) -> Result<ListServicePlansResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.name("search", &request.search);
    fields.name("product", &request.product);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let catalogue = read.catalogue().await?;
    let product = match request.product.trim() {
        "" => None,
        name => Some(names::product(&catalogue, "product", name)?),
    };
    let search = NameKey::new(&request.search);
    let wanted = catalogue.plans().filter(|plan| {
        product.is_none_or(|product| catalogue.has(product, plan.id))
            && found_in(
                &search,
                [&plan.name, &plan.friendly_name]
                    .into_iter()
                    .chain(&plan.aliases),
            )
    });
    let asked = ("service plans", &(&search, product));
    let found = paging::page_of(asked, read.place(), &page, wanted, |plan| {
        vec![plan.name.clone(), plan.id.to_string()]
    })?;
    Ok(ListServicePlansResponse {
        service_plans: found
            .items
            .into_iter()
            .map(|plan| product::service_plan(plan, &catalogue))
            .collect(),
        next_page_token: found.next,
    })
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::ListServicePlansRequest;

    use super::super::super::testing::{World, refused};

    #[tokio::test]
    async fn plans_of_one_product_or_of_a_search() {
        let world = World::new().await;
        for (product, search, expected) in [
            (
                "",
                "",
                vec![
                    "EXCHANGE_S_ENTERPRISE",
                    "FORMS_PLAN_E3",
                    "YAMMER_ENTERPRISE",
                ],
            ),
            ("SPE_E3", "", vec!["FORMS_PLAN_E3", "YAMMER_ENTERPRISE"]),
            ("", "microsoft forms", vec!["FORMS_PLAN_E3"]),
            ("SPE_E5", "forms", vec![]),
        ] {
            let request = ListServicePlansRequest {
                product: product.into(),
                search: search.into(),
                ..ListServicePlansRequest::default()
            };
            let plans = world
                .catalog()
                .list_service_plans(request)
                .await
                .unwrap()
                .into_inner();
            let names: Vec<_> = plans
                .service_plans
                .iter()
                .map(|plan| &plan.plan_name)
                .collect();
            assert_eq!(names, expected, "{product} {search}");
        }
        let request = ListServicePlansRequest {
            search: "yammer".into(),
            ..ListServicePlansRequest::default()
        };
        let plans = world
            .catalog()
            .list_service_plans(request)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(plans.service_plans[0].products, ["SPE_E3", "SPE_E5"]);
    }

    #[tokio::test]
    async fn an_unknown_product_is_refused() {
        let world = World::new().await;
        let request = ListServicePlansRequest {
            product: "NOPE".into(),
            ..ListServicePlansRequest::default()
        };
        let answer = world.catalog().list_service_plans(request).await;
        refused(answer, Code::NotFound, "PRODUCT_NOT_FOUND");
    }
}
