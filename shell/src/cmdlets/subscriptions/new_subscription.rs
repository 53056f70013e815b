//! New-Subscription: buys seats.

use tonic::Request;
use usher::v1::subscription_service_client::SubscriptionServiceClient;
use usher::v1::{CreateSubscriptionRequest, Subscription, SubscriptionStatus};

use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::catalogue::get_product;
use crate::cmdlets::would;
use crate::error::{Result, ShellError};
use crate::types::{self, timestamp};

/// New-Subscription.
pub static NEW_SUBSCRIPTION: Cmdlet = Cmdlet {
    name: "New-Subscription",
    synopsis: "Buys seats of a product",
    description: "Seats of all subscriptions of a product add up to its pool. Without dates the term begins now and \
        lasts a year.",
    params: &[
        Param::new("Product", Kind::Text, "GUID, part number or display name")
            .at(0)
            .mandatory()
            .values(Values::Products),
        Param::new("Quantity", Kind::Int, "Seats").at(1).mandatory(),
        Param::new(
            "StartTime",
            Kind::Date,
            "When the term begins; now unless given",
        ),
        Param::new(
            "EndTime",
            Kind::Date,
            "When the term ends; a year after its start unless given",
        ),
        Param::new(
            "RecurringBilling",
            Kind::Switch,
            "Renewed at its end, unless :$false",
        ),
        Param::new(
            "GraceDays",
            Kind::Int,
            "Days after the term in which seats still work; 30 unless given",
        ),
        Param::new(
            "DisabledDays",
            Kind::Int,
            "Days after that in which it can be brought back; 90 unless given",
        ),
    ],
    effect: Effect::Changes,
    output: &["Subscription"],
    single: Single::Always,
    examples: &[
        Example {
            line: "New-Subscription SPE_E3 -Quantity 69",
            says: "Buys 69 seats for a year.",
        },
        Example {
            line: "New-Subscription SPE_E5 10 -RecurringBilling:$false -Reason CHG-1042",
            says: "Buys 10 seats that end after a year, with the ticket in the record.",
        },
    ],
    related: &["Get-Subscription", "Get-License"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call)?;
    let args = &call.args;
    let product = args.text("Product").unwrap_or_default().to_owned();
    let quantity = args.int("Quantity").unwrap_or_default();
    options.ask_once(call.host, &format!("buy {quantity} seats of {product}"))?;
    if !options.what_if {
        call.host.session.count_writes(1)?;
    }
    let mut subscription = Subscription {
        product,
        quantity,
        start_time: args.date("StartTime").map(timestamp),
        end_time: args.date("EndTime").map(timestamp),
        recurring_billing: args
            .has("RecurringBilling")
            .then(|| args.switch("RecurringBilling")),
        grace_days: days(args.int("GraceDays"), "GraceDays")?,
        disabled_days: days(args.int("DisabledDays"), "DisabledDays")?,
        ..Subscription::default()
    };
    let request = CreateSubscriptionRequest {
        subscription: Some(subscription.clone()),
        reason: options.reason.clone(),
        request_id: options.request_id.clone(),
        validate_only: options.what_if,
    };
    let answer = call.host.session.connection.call(|service| async move {
        Ok(SubscriptionServiceClient::new(service)
            .create_subscription(Request::new(request))
            .await?
            .into_inner())
    })?;
    if options.what_if {
        let product = get_product(call.host, &subscription.product)?;
        let what = format!(
            "{quantity} seats of {} would be bought",
            product.part_number
        );
        would(call.host, &options, &what);
        subscription.product = product.id;
        subscription.part_number = product.part_number;
        if subscription.start_time.is_none() {
            subscription.set_status(SubscriptionStatus::Active);
        }
    }
    let bought = answer
        .subscription
        .filter(|bought| !bought.part_number.is_empty());
    Ok(Box::new(
        bought
            .or(Some(subscription))
            .map(|bought| Ok(types::SUBSCRIPTION.object(&bought)))
            .into_iter(),
    ))
}

fn days(days: Option<i64>, name: &str) -> Result<Option<i32>> {
    days.map(|days| {
        i32::try_from(days).map_err(|_| {
            ShellError::new("ARGUMENT_INVALID", format!("-{name} is too large: {days}"))
        })
    })
    .transpose()
}
