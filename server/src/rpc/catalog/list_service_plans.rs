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
            && found_in(&search, [&plan.name, &plan.friendly_name].into_iter().chain(&plan.aliases))
    });
    let asked = ("service plans", &(&search, product));
    let found = paging::page_of(asked, read.revision(), &page, wanted, |plan| {
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
