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
    let found = catalogue.product(id).map(|found| product::product(found, &catalogue));
    Ok(GetProductResponse { product: found })
}
