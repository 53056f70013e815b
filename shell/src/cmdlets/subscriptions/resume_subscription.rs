//! Resume-Subscription: brings back what expired, lapsed or was cancelled.

use super::change::{self, Change, NewTerm, SUBSCRIPTION};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::error::Result;

/// Resume-Subscription.
pub static RESUME_SUBSCRIPTION: Cmdlet = Cmdlet {
    name: "Resume-Subscription",
    synopsis: "Brings back subscriptions that expired, lapsed or were cancelled",
    description: "Its seats work again at once, in a term that begins now. This is possible until the subscription is deleted, which \
        Get-Subscription tells.",
    params: &[
        SUBSCRIPTION,
        Param::new(
            "Quantity",
            Kind::Int,
            "Seats from now on, as a total; as they were unless given",
        ),
        Param::new(
            "Months",
            Kind::Int,
            "Months of the term that begins now; as they were unless given",
        ),
    ],
    effect: Effect::Changes,
    output: &["SubscriptionChange", "Subscription"],
    single: Single::When(|args| args.values("Subscription").len() == 1),
    examples: &[
        Example {
            line: "Resume-Subscription SPE_E5",
            says: "Brings back the one subscription of SPE_E5 that can come back.",
        },
        Example {
            line: "Get-Subscription -Status Expired, Disabled | Resume-Subscription -WhatIf",
            says: "What bringing back everything that lapsed would change.",
        },
    ],
    related: &["Stop-Subscription", "Set-Subscription", "Get-Subscription"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let term = NewTerm::of(&call.args)?;
    change::change(call, Change::Reactivate(term), "brought back")
}
