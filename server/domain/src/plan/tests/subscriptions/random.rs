//! Whatever is asked and however the clock moves: the pools are what a recount gives, no request
//! makes a pool short, and a pool is marked exactly while it is.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::ids::ProductId;
use crate::snapshot::Pool;

#[derive(Clone, Debug)]
enum Act {
    Buy {
        quantity: i64,
        months: i64,
        billing: bool,
        own: bool,
    },
    Update {
        at: usize,
        quantity: Option<i64>,
        renewal: Option<i64>,
        billing: Option<bool>,
    },
    Renew {
        at: usize,
        quantity: Option<i64>,
    },
    Cancel(usize),
    Reactivate(usize),
    Move(usize),
    Assign(u128),
    Unassign(u128),
    Days(i64),
}

fn act() -> impl Strategy<Value = Act> {
    let seats = || prop::option::of(1i64..6);
    prop_oneof![
        (1i64..6, 1i64..4, any::<bool>(), prop::bool::weighted(0.2)).prop_map(
            |(quantity, months, billing, own)| Act::Buy {
                quantity,
                months,
                billing,
                own
            }
        ),
        (0usize..9, seats(), seats(), any::<Option<bool>>()).prop_map(
            |(at, quantity, renewal, billing)| Act::Update {
                at,
                quantity,
                renewal,
                billing
            }
        ),
        (0usize..9, seats()).prop_map(|(at, quantity)| Act::Renew { at, quantity }),
        (0usize..9).prop_map(Act::Cancel),
        (0usize..9).prop_map(Act::Reactivate),
        (0usize..9).prop_map(Act::Move),
        (0u128..8).prop_map(Act::Assign),
        (0u128..8).prop_map(Act::Unassign),
        (0i64..70).prop_map(Act::Days),
    ]
}

fn recount(world: &World) -> BTreeMap<ProductId, Pool> {
    let mut pools: BTreeMap<ProductId, Pool> = BTreeMap::new();
    for one in world.snapshot.subscriptions() {
        *pools.entry(one.product).or_default() += one.seats();
    }
    for (product, pool) in &mut pools {
        let holders = world
            .snapshot
            .users()
            .filter(|user| user.has_seat(*product));
        pool.consumed = i64::try_from(holders.count()).unwrap();
    }
    pools
}

fn command(act: &Act, bought: &[SubscriptionId]) -> Option<Command> {
    let pick = |at: &usize| bought.get(*at % bought.len().max(1)).copied();
    Some(match act {
        Act::Buy {
            quantity,
            months,
            billing,
            own,
        } => Command::CreateSubscription(Box::new(NewSubscription {
            months: Some(*months),
            recurring_billing: *billing,
            purchaser: own.then(|| "user0@contoso.com".to_owned()),
            ..new("FULL", *quantity)
        })),
        Act::Update {
            at,
            quantity,
            renewal,
            billing,
        } => Command::UpdateSubscription(Box::new(SubscriptionChange {
            quantity: *quantity,
            renewal_quantity: *renewal,
            recurring_billing: *billing,
            ..change(pick(at)?)
        })),
        Act::Renew { at, quantity } => renew(pick(at)?, *quantity),
        Act::Cancel(at) => cancel(pick(at)?),
        Act::Reactivate(at) => reactivate(pick(at)?),
        Act::Move(at) => Command::TakeOverSubscription {
            subscription: pick(at)?.to_string(),
            how: crate::command::TakeOver::Move,
        },
        Act::Assign(n) => Command::ModifyLicenses(Box::new(of_user(*n).adding("FULL"))),
        Act::Unassign(n) => Command::ModifyLicenses(Box::new(of_user(*n).removing("FULL"))),
        Act::Days(_) => return None,
    })
}

fn check(world: &World) {
    for (product, pool) in recount(world) {
        assert_eq!(world.snapshot.pool(product), pool);
        assert_eq!(
            world.snapshot.over_since(product).is_some(),
            pool.is_over_allocated()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn the_pools_are_what_was_bought_and_is_held(acts in prop::collection::vec(act(), 1..40)) {
        let mut world = world(8);
        let mut now = START;
        let mut bought = Vec::new();
        for act in acts {
            let Some(command) = command(&act, &bought) else {
                if let Act::Days(days) = act {
                    now = now.plus_days(days);
                }
                advance(&mut world, now);
                check(&world);
                continue;
            };
            world.at(now);
            let before = world.pool("FULL").available();
            let plan = world.run(command);
            if let (Act::Buy { .. }, Some(Subject::Subscription(id))) = (&act, plan.outcome.subject.clone()) {
                bought.push(id);
            }
            check(&world);
            let after = world.pool("FULL").available();
            let shrinks = matches!(act, Act::Renew { .. } | Act::Cancel(_));
            prop_assert!(shrinks || after >= 0 || after >= before, "{:?}: {} to {}", act, before, after);
        }
    }
}
