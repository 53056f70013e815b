//! Move-Subscription: takes over what users bought by self-service.

use usher::v1::TakeOverMode;

use super::change::{self, Change, SUBSCRIPTION};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::error::Result;

/// Move-Subscription.
pub static MOVE_SUBSCRIPTION: Cmdlet = Cmdlet {
    name: "Move-Subscription",
    synopsis: "Takes over what users bought by self-service",
    description: "The purchaser goes on with a seat of the organisation, with the same plans off and without a gap, and \
        the purchase ends. That takes a free seat, unless the person has one already; for a guest \
        only a Global admin may do it. With -Cancel the licence ends too.",
    params: &[
        SUBSCRIPTION,
        Param::new(
            "Cancel",
            Kind::Switch,
            "Ends the licence instead of moving it",
        ),
    ],
    effect: Effect::Changes,
    output: &["SubscriptionChange", "Subscription"],
    single: Single::When(|args| args.values("Subscription").len() == 1),
    examples: &[
        Example {
            line: "Get-Subscription -SelfService | Move-Subscription -WhatIf",
            says: "What taking over everything that users bought would change.",
        },
        Example {
            line: "Get-Subscription STANDARDPACK -SelfService | Move-Subscription -Cancel",
            says: "Ends what users bought of one product.",
        },
    ],
    related: &["Get-Subscription", "Get-License", "Get-UserLicense"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let (mode, done) = if call.args.switch("Cancel") {
        (TakeOverMode::Cancel, "cancelled")
    } else {
        (TakeOverMode::Move, "taken over")
    };
    change::change(call, Change::TakeOver(mode), done)
}
