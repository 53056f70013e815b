//! `ListSubscriptions`

use usher::v1::{ListSubscriptionsRequest, ListSubscriptionsResponse};

use super::super::status::Refusal;
use super::super::{Api, names, paging};
use crate::convert::fields::Fields;
use crate::convert::subscription;

pub(super) async fn list(
    api: &Api,
    request: ListSubscriptionsRequest,
) -> Result<ListSubscriptionsResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.name("product", &request.product);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let catalogue = read.catalogue().await?;
    let product = match request.product.trim() {
        "" => None,
        name => Some(names::product(&catalogue, "product", name)?),
    };
    let all = read.subscriptions().await?;
    let wanted = all
        .iter()
        .filter(|one| product.is_none_or(|product| one.product == product));
    let asked = ("subscriptions", &product);
    let found = paging::page_of(asked, read.place(), &page, wanted, |one| {
        vec![one.id.to_string()]
    })?;
    Ok(ListSubscriptionsResponse {
        subscriptions: found
            .items
            .into_iter()
            .map(|one| subscription::to_wire(one, &catalogue))
            .collect(),
        next_page_token: found.next,
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::World;
    use super::*;

    #[tokio::test]
    async fn subscriptions_come_in_the_order_of_purchase() {
        let world = World::new().await;
        for (product, quantity) in [("SPE_E5", 1), ("SPE_E3", 2), ("SPE_E5", 3)] {
            world.tick();
            world.buy(product, quantity).await;
        }
        for (product, expected) in [("", vec![1, 2, 3]), ("SPE_E5", vec![1, 3])] {
            let request = ListSubscriptionsRequest {
                product: product.into(),
                ..ListSubscriptionsRequest::default()
            };
            let page = world
                .subscriptions()
                .list_subscriptions(request)
                .await
                .unwrap()
                .into_inner();
            let quantities: Vec<_> = page.subscriptions.iter().map(|one| one.quantity).collect();
            assert_eq!(quantities, expected);
        }
    }
}
