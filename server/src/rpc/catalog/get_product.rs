//! `GetProduct`

use usher::v1::{GetProductRequest, GetProductResponse};

use super::super::status::Refusal;
use super::super::{Api, names};
use crate::convert::fields::Fields;
use crate::convert::product;

pub(super) async fn get(
    api: &Api,
    request: GetProductRequest,
) -> Result<GetProductResponse, Refusal> {
    let mut fields = Fields::default();
    fields.required_name("product", &request.product);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read(time).await?;
    let catalogue = read.catalogue().await?;
    let id = names::product(&catalogue, "product", &request.product)?;
    let found = catalogue
        .product(id)
        .map(|found| product::product(found, &catalogue));
    Ok(GetProductResponse { product: found })
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::{GetProductRequest, Product};

    use super::super::super::testing::{E3, World, refused};

    async fn get(world: &World, product: &str) -> Result<Product, tonic::Status> {
        let request = GetProductRequest {
            product: product.into(),
            read_time: None,
        };
        Ok(world
            .catalog()
            .get_product(request)
            .await?
            .into_inner()
            .product
            .unwrap())
    }

    #[tokio::test]
    async fn a_product_is_found_by_guid_part_number_and_name() {
        let world = World::new().await;
        for name in [
            E3,
            &format!("products/{E3}"),
            "spe_e3",
            " Microsoft  365 E3 ",
        ] {
            let found = get(&world, name).await.unwrap();
            assert_eq!(
                (found.id.as_str(), found.part_number.as_str()),
                (E3, "SPE_E3"),
                "{name}"
            );
            let plans: Vec<_> = found
                .plans
                .iter()
                .map(|plan| plan.plan_name.as_str())
                .collect();
            assert_eq!(plans, ["FORMS_PLAN_E3", "YAMMER_ENTERPRISE"]);
        }
    }

    #[tokio::test]
    async fn an_unknown_product_is_refused_with_the_nearest() {
        let world = World::new().await;
        let status = refused(
            get(&world, "SPE_E4").await,
            Code::NotFound,
            "PRODUCT_NOT_FOUND",
        );
        assert!(status.message().contains("SPE_E3"), "{}", status.message());
        refused(
            get(&world, " ").await,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        );
    }
}
