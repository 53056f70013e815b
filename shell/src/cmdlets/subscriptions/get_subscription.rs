//! Get-Subscription: what was bought.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::subscription_service_client::SubscriptionServiceClient;
use usher::v1::{
    GetSubscriptionRequest, ListSubscriptionsRequest, Subscription, SubscriptionStatus,
};

use super::days;
use crate::cmdlet::{
    Arguments, Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::AS_OF;
use crate::error::Result;
use crate::types::{self, timestamp};

const STATUSES: &[&str] = &["Active", "Expired", "Disabled", "Deleted"];

/// Get-Subscription.
pub static GET_SUBSCRIPTION: Cmdlet = Cmdlet {
    name: "Get-Subscription",
    synopsis: "Gets subscriptions: one by id, those of a product, or all",
    description: "Subscriptions come in the order in which they were bought; deleted ones only with -Status Deleted. Next \
        says what comes by itself: it renews, expires (seats work for its days of grace), lapses (they no longer do), or \
        ends. Get-License adds them up by product.",
    params: &[
        Param::new("Product", Kind::Text, "Only subscriptions of this product")
            .at(0)
            .values(Values::Products),
        Param::new("Id", Kind::Text, "Id of one subscription"),
        Param::new("Status", Kind::Text, "Only those in one of these statuses")
            .many()
            .values(Values::OneOf(STATUSES)),
        Param::new(
            "ExpiringWithin",
            Kind::Int,
            "Only those that expire, lapse or end within so many days",
        ),
        Param::new(
            "ExpiringBefore",
            Kind::Date,
            "Only those that expire, lapse or end before then",
        ),
        Param::new(
            "SelfService",
            Kind::Switch,
            "Only those that users bought; :$false leaves them out",
        ),
        AS_OF,
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
            line: "Get-Subscription -ExpiringWithin 30 | Sort-Object NextTime",
            says: "What expires, lapses or ends within 30 days unless somebody acts.",
        },
        Example {
            line: "Get-Subscription -SelfService | Select-Object Purchaser, PartNumber, Quantity, CreateTime",
            says: "Who bought what by self-service.",
        },
        Example {
            line: "Get-Subscription | Measure-Object Quantity -Sum",
            says: "How many seats were bought of all products together.",
        },
    ],
    related: &[
        "New-Subscription",
        "Set-Subscription",
        "Stop-Subscription",
        "Move-Subscription",
        "Get-License",
    ],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let connection = &call.host.session.connection;
    if let Some(id) = call.args.text("Id") {
        let request = GetSubscriptionRequest {
            subscription: id.to_owned(),
            read_time: call.args.date("AsOf").map(timestamp),
        };
        let answer = connection.call(|service| async move {
            Ok(SubscriptionServiceClient::new(service)
                .get_subscription(Request::new(request))
                .await?
                .into_inner())
        })?;
        let found = answer.subscription.into_iter();
        return Ok(Box::new(found.map(shown)));
    }
    let asked = asked(&call.args)?;
    let pages = connection.pages(move |service, page_token| {
        let request = ListSubscriptionsRequest {
            page_token,
            ..asked.clone()
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
    Ok(Box::new(pages.map(|bought| shown(bought?))))
}

fn shown(bought: Subscription) -> Result<usher_object::Value> {
    Ok(types::SUBSCRIPTION.object(&bought))
}

fn asked(args: &Arguments) -> Result<ListSubscriptionsRequest> {
    let statuses = args.texts("Status");
    let status = |name: &String| match name.to_ascii_lowercase().as_str() {
        "active" => SubscriptionStatus::Active,
        "expired" => SubscriptionStatus::Expired,
        "disabled" => SubscriptionStatus::Disabled,
        _ => SubscriptionStatus::Deleted,
    };
    Ok(ListSubscriptionsRequest {
        page_size: MAX_PAGE_SIZE,
        page_token: String::new(),
        product: args.text("Product").unwrap_or_default().to_owned(),
        read_time: args.date("AsOf").map(timestamp),
        statuses: statuses.iter().map(|name| status(name).into()).collect(),
        self_service: args.has("SelfService").then(|| args.switch("SelfService")),
        expiring_before: args.date("ExpiringBefore").map(timestamp),
        expiring_within_days: days(args.int("ExpiringWithin"), "ExpiringWithin")?,
    })
}
