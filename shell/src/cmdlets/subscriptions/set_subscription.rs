//! Set-Subscription: changes what was bought, or renews it.

use usher::v1::Subscription;

use super::change::{self, Change, NewTerm, SUBSCRIPTION};
use super::days;
use crate::cmdlet::{Arguments, Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::cmdlets::ETAG;
use crate::error::{Result, ShellError};

/// Set-Subscription.
pub static SET_SUBSCRIPTION: Cmdlet = Cmdlet {
    name: "Set-Subscription",
    synopsis: "Changes the seats, renewal, name or days of subscriptions",
    description: "The quantity is a total, not an addition. Fewer seats than are in use are refused; from the renewal on \
        they can be fewer, and people keep their licences for 90 days. Without recurring billing a subscription ends with \
        its term, then its days of grace.",
    params: &[
        SUBSCRIPTION,
        Param::new("Quantity", Kind::Int, "Seats, as a total"),
        Param::new(
            "RenewalQuantity",
            Kind::Int,
            "Seats from the next renewal on, as a total",
        ),
        Param::new(
            "RecurringBilling",
            Kind::Switch,
            "Renewed at its end; -RecurringBilling:$false lets it end with its term",
        ),
        Param::new("Name", Kind::Text, "Name as people read it"),
        Param::new(
            "GraceDays",
            Kind::Int,
            "Days after the term in which seats still work",
        ),
        Param::new(
            "DisabledDays",
            Kind::Int,
            "Days after that in which it can be brought back",
        ),
        Param::new(
            "Renew",
            Kind::Switch,
            "Begins the next term, with -Quantity seats and of -Months if given",
        ),
        Param::new(
            "Months",
            Kind::Int,
            "With -Renew: months of the new term and of those after it",
        ),
        ETAG,
    ],
    effect: Effect::Changes,
    output: &["SubscriptionChange", "Subscription"],
    single: Single::When(|args| args.values("Subscription").len() == 1),
    examples: &[
        Example {
            line: "Set-Subscription SPE_E3 -Quantity 60",
            says: "Has 60 seats in all from now on.",
        },
        Example {
            line: "Set-Subscription SPE_E3 -RenewalQuantity 40 -Reason CHG-1042",
            says: "Renews with 40 seats, with the ticket in the record.",
        },
        Example {
            line: "Get-Subscription -ExpiringWithin 30 | Set-Subscription -Renew -WhatIf",
            says: "What renewing all that expires within 30 days would change.",
        },
    ],
    related: &[
        "Get-Subscription",
        "Stop-Subscription",
        "Resume-Subscription",
        "Get-License",
    ],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let (fields, paths) = changes(&call.args)?;
    if !call.args.switch("Renew") {
        if call.args.has("Months") {
            return Err(ShellError::new(
                "ARGUMENT_INVALID",
                "-Months goes with -Renew: a running term keeps its length",
            )
            .fix("Set-Subscription SPE_E3 -Renew -Months 12"));
        }
        if paths.is_empty() {
            return Err(ShellError::new(
                "PARAMETER_MISSING",
                "Set-Subscription was not told what to change",
            )
            .fix("Set-Subscription SPE_E3 -Quantity 60"));
        }
        let fields = Box::new(fields);
        return change::change(call, Change::Update { fields, paths }, "changed");
    }
    if call.args.has(ETAG.name) || paths.iter().any(|path| path != "quantity") {
        return Err(ShellError::new(
            "ARGUMENT_INVALID",
            "-Renew goes with -Quantity and -Months only; the rest is a change of its own",
        )
        .fix("Set-Subscription SPE_E3 -Renew -Quantity 60"));
    }
    let term = NewTerm::of(&call.args)?;
    change::change(call, Change::Renew(term), "renewed")
}

fn changes(args: &Arguments) -> Result<(Subscription, Vec<String>)> {
    let fields = Subscription {
        quantity: args.int("Quantity").unwrap_or_default(),
        renewal_quantity: args.int("RenewalQuantity"),
        recurring_billing: args
            .has("RecurringBilling")
            .then(|| args.switch("RecurringBilling")),
        display_name: args.text("Name").unwrap_or_default().to_owned(),
        grace_days: days(args.int("GraceDays"), "GraceDays")?,
        disabled_days: days(args.int("DisabledDays"), "DisabledDays")?,
        ..Subscription::default()
    };
    let paths = [
        ("Quantity", "quantity"),
        ("RenewalQuantity", "renewal_quantity"),
        ("RecurringBilling", "recurring_billing"),
        ("Name", "display_name"),
        ("GraceDays", "grace_days"),
        ("DisabledDays", "disabled_days"),
    ];
    let paths = paths.into_iter().filter(|(param, _)| args.has(param));
    Ok((fields, paths.map(|(_, path)| path.to_owned()).collect()))
}
