//! `ListProducts`

use usher::v1::{ListProductsRequest, ListProductsResponse};
use usher_domain::NameKey;

use super::super::status::Refusal;
use super::super::{Api, paging};
use super::found_in;
use crate::convert::fields::Fields;
use crate::convert::product;

pub(super) async fn list(
    api: &Api,
    request: ListProductsRequest,
) -> Result<ListProductsResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.name("search", &request.search);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let catalogue = read.catalogue().await?;
    let search = NameKey::new(&request.search);
    let wanted = catalogue.products().filter(|product| {
        found_in(
            &search,
            [&product.part_number, &product.name]
                .into_iter()
                .chain(&product.aliases),
        )
    });
    let asked = ("products", &search);
    let found = paging::page_of(asked, read.place(), &page, wanted, |product| {
        vec![product.part_number.clone(), product.id.to_string()]
    })?;
    Ok(ListProductsResponse {
        products: found
            .items
            .into_iter()
            .map(|found| product::product(found, &catalogue))
            .collect(),
        next_page_token: found.next,
    })
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::ListProductsRequest;

    use super::super::super::testing::{World, refused};

    #[tokio::test]
    async fn products_come_by_part_number_page_by_page() {
        let world = World::new().await;
        let mut request = ListProductsRequest {
            page_size: 2,
            ..ListProductsRequest::default()
        };
        let mut seen = Vec::new();
        loop {
            let page = world
                .catalog()
                .list_products(request.clone())
                .await
                .unwrap()
                .into_inner();
            assert!(page.products.len() <= 2);
            seen.extend(page.products.into_iter().map(|product| product.part_number));
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        assert_eq!(seen, ["EXCHANGE_PLUS", "SPE_E3", "SPE_E5"]);
    }

    #[tokio::test]
    async fn a_search_ignores_case_and_a_token_belongs_to_its_search() {
        let world = World::new().await;
        let request = ListProductsRequest {
            search: "microsoft 365".into(),
            page_size: 1,
            ..ListProductsRequest::default()
        };
        let page = world
            .catalog()
            .list_products(request.clone())
            .await
            .unwrap()
            .into_inner();
        assert_eq!(page.products[0].part_number, "SPE_E3");
        let other = ListProductsRequest {
            search: "exchange".into(),
            page_token: page.next_page_token,
            ..request
        };
        let answer = world.catalog().list_products(other).await;
        refused(answer, Code::InvalidArgument, "INVALID_ARGUMENT");
        let large = ListProductsRequest {
            page_size: 1_001,
            ..ListProductsRequest::default()
        };
        let answer = world.catalog().list_products(large).await;
        refused(answer, Code::InvalidArgument, "LIMIT_EXCEEDED");
    }
}
