//! New-Subscription: buys seats.

use tonic::Request;
use usher::v1::subscription_service_client::SubscriptionServiceClient;
use usher::v1::{CreateSubscriptionRequest, Subscription};

use super::change::{Answer, answer, tell};
use super::days;
use crate::cmdlet::{
    Arguments, Call, ChangeOptions, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::would;
use crate::error::Result;
use crate::types::{self, date, next_word, timestamp};

/// New-Subscription.
pub static NEW_SUBSCRIPTION: Cmdlet = Cmdlet {
    name: "New-Subscription",
    synopsis: "Buys seats of a product",
    description: "Seats of all subscriptions of a product add up to its pool. Without dates the term begins now and \
        lasts a year. What a user bought by self-service (-Purchaser) is recorded beside the pool and is held by that user \
        at once.",
    params: &[
        Param::new("Product", Kind::Text, "GUID, part number or display name")
            .at(0)
            .mandatory()
            .values(Values::Products),
        Param::new("Quantity", Kind::Int, "Seats").at(1).mandatory(),
        Param::new(
            "Name",
            Kind::Text,
            "Name as people read it; the product's unless given",
        ),
        Param::new(
            "Months",
            Kind::Int,
            "Months of a term, by which it is renewed; 12 unless given",
        ),
        Param::new("Trial", Kind::Switch, "A trial: it is not renewed"),
        Param::new(
            "StartTime",
            Kind::Date,
            "When the term begins; now unless given",
        ),
        Param::new(
            "EndTime",
            Kind::Date,
            "When the term ends; its months after the start unless given",
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
        Param::new(
            "CancelDays",
            Kind::Int,
            "Days after purchase or renewal in which it can be cancelled; 7 unless given",
        ),
        Param::new(
            "Purchaser",
            Kind::Text,
            "The user who bought it by self-service",
        )
        .values(Values::Users),
        Param::new(
            "Partner",
            Kind::Text,
            "The partner that it is bought from, who alone changes it then",
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
            line: "New-Subscription SPE_E5 10 -Months 1 -RecurringBilling:$false -Reason CHG-1042",
            says: "Buys 10 seats that end after a month, with the ticket in the record.",
        },
        Example {
            line: "New-Subscription SPE_E5 25 -Trial -Months 1 -WhatIf",
            says: "The dates of a trial, and the seats before and after, without buying.",
        },
        Example {
            line: "New-Subscription STANDARDPACK 1 -Purchaser adele@contoso.com",
            says: "Records what a user bought by self-service.",
        },
    ],
    related: &[
        "Get-Subscription",
        "Set-Subscription",
        "Stop-Subscription",
        "Get-License",
    ],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let asked = asked(&call.args)?;
    let what = format!("{} of {}", seats(asked.quantity), asked.product);
    options.ask_once(call.host, &format!("buy {what}"))?;
    if !options.what_if {
        call.host.session.count_writes(1)?;
    }
    let request = CreateSubscriptionRequest {
        subscription: Some(asked.clone()),
        reason: options.reason.clone(),
        request_id: options.request_id.clone(),
        validate_only: options.what_if,
    };
    let answer: Answer = call.host.session.connection.call(|service| async move {
        let mut client = SubscriptionServiceClient::new(service);
        Ok(answer!(
            client.create_subscription(Request::new(request)).await?
        ))
    })?;
    tell(call.host, &answer);
    let bought = answer.subscription.unwrap_or(asked);
    would(call.host, &options, &planned(&bought));
    Ok(Box::new(std::iter::once(Ok(
        types::SUBSCRIPTION.object(&bought)
    ))))
}

fn asked(args: &Arguments) -> Result<Subscription> {
    let text = |name: &str| args.text(name).unwrap_or_default().to_owned();
    Ok(Subscription {
        product: text("Product"),
        quantity: args.int("Quantity").unwrap_or_default(),
        display_name: text("Name"),
        term_months: days(args.int("Months"), "Months")?.unwrap_or_default(),
        trial: args.switch("Trial"),
        start_time: args.date("StartTime").map(timestamp),
        end_time: args.date("EndTime").map(timestamp),
        recurring_billing: args
            .has("RecurringBilling")
            .then(|| args.switch("RecurringBilling")),
        grace_days: days(args.int("GraceDays"), "GraceDays")?,
        disabled_days: days(args.int("DisabledDays"), "DisabledDays")?,
        cancel_days: days(args.int("CancelDays"), "CancelDays")?,
        purchaser: text("Purchaser"),
        partner: text("Partner"),
        ..Subscription::default()
    })
}

fn seats(quantity: i64) -> String {
    match quantity {
        1 => "1 seat".to_owned(),
        seats => format!("{seats} seats"),
    }
}

/// The purchase and its dates in a line.
fn planned(bought: &Subscription) -> String {
    let mut line = format!(
        "{} of {} would be bought",
        seats(bought.quantity),
        bought.part_number
    );
    let day = |time: &Option<prost_types::Timestamp>| time.as_ref().and_then(date);
    match (day(&bought.start_time), day(&bought.end_time)) {
        (Some(start), Some(end)) => line.push_str(&format!(", from {start} to {end}")),
        (Some(start), None) => line.push_str(&format!(", from {start} on")),
        (None, _) => {}
    }
    if let Some(word) = next_word(bought.next_status()) {
        line.push_str(&format!("; then it {word}"));
    }
    if let (Some(grace), Some(gone)) = (day(&bought.grace_end_time), day(&bought.delete_time)) {
        line.push_str(&format!(
            "; if not renewed, seats work until {grace} and can be brought back until {gone}"
        ));
    }
    if let Some(until) = day(&bought.cancel_until_time) {
        line.push_str(&format!("; it can be cancelled until {until}"));
    }
    line
}
