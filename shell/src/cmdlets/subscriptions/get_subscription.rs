//! Get-Subscription: what was bought.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::subscription_service_client::SubscriptionServiceClient;
use usher::v1::{GetSubscriptionRequest, ListSubscriptionsRequest};

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::Result;
use crate::types;

/// Get-Subscription.
pub static GET_SUBSCRIPTION: Cmdlet = Cmdlet {
    name: "Get-Subscription",
    synopsis: "Gets subscriptions: one by id, those of a product, or all",
    description: "Subscriptions come in the order in which they were bought. Get-License adds them up by product.",
    params: &[
        Param::new("Product", Kind::Text, "Only subscriptions of this product")
            .at(0)
            .values(Values::Products),
        Param::new("Id", Kind::Text, "Id of one subscription"),
    ],
    effect: Effect::None,
    output: &["Subscription"],
    single: Single::When(|args| args.has("Id")),
    examples: &[
        Example {
            line: "Get-Subscription SPE_E3",
            says: "All purchases of SPE_E3.",
        },
        Example {
            line: "Get-Subscription | Measure-Object Quantity -Sum",
            says: "How many seats were bought of all products together.",
        },
    ],
    related: &["New-Subscription", "Get-License"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let connection = &call.host.session.connection;
    if let Some(id) = call.args.text("Id") {
        let request = GetSubscriptionRequest {
            subscription: id.to_owned(),
            read_time: None,
        };
        let answer = connection.call(|service| async move {
            Ok(SubscriptionServiceClient::new(service)
                .get_subscription(Request::new(request))
                .await?
                .into_inner())
        })?;
        return Ok(Box::new(
            answer
                .subscription
                .map(|bought| Ok(types::SUBSCRIPTION.object(&bought)))
                .into_iter(),
        ));
    }
    let product = call.args.text("Product").unwrap_or_default().to_owned();
    let pages = connection.pages(move |service, page_token| {
        let request = ListSubscriptionsRequest {
            page_size: MAX_PAGE_SIZE,
            page_token,
            product: product.clone(),
            read_time: None,
        };
        async move {
            let mut client = SubscriptionServiceClient::new(service)
                .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
            let page = client
                .list_subscriptions(Request::new(request))
                .await?
                .into_inner();
            Ok((page.subscriptions, page.next_page_token))
        }
    });
    Ok(Box::new(
        pages.map(|bought| Ok(types::SUBSCRIPTION.object(&bought?))),
    ))
}
