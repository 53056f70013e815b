//! Stop-Subscription: cancels what was bought.

use super::change::{self, Change, SUBSCRIPTION};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::error::Result;

/// Stop-Subscription.
pub static STOP_SUBSCRIPTION: Cmdlet = Cmdlet {
    name: "Stop-Subscription",
    synopsis: "Cancels subscriptions at once",
    description: "This is possible for a few days after the purchase or renewal. The seats stop working at once; people \
        keep their licences, and Resume-Subscription brings the seats back until it is deleted. After those days, \
        Set-Subscription -RecurringBilling:$false ends it with its term.",
    params: &[SUBSCRIPTION],
    effect: Effect::Changes,
    output: &["SubscriptionChange", "Subscription"],
    single: Single::When(|args| args.values("Subscription").len() == 1),
    examples: &[
        Example {
            line: "Stop-Subscription SPE_E5 -WhatIf",
            says: "The seats before and after, without cancelling.",
        },
        Example {
            line: "Stop-Subscription SPE_E5 -Reason 'Bought twice'",
            says: "Cancels the one subscription of SPE_E5.",
        },
    ],
    related: &[
        "Resume-Subscription",
        "Set-Subscription",
        "Get-Subscription",
    ],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    change::change(call, Change::Cancel, "cancelled")
}
