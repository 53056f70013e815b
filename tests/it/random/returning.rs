//! What the rules say of licences that go on in another way, written from the list of rules and not from the service:
//! those of somebody who is restored (R48), and what somebody bought for themselves and the organisation takes over
//! (R44).

use std::collections::{BTreeMap, BTreeSet};

use usher::v1::{ErrorReason, SwitchState};

use super::model::{Change, Expected, Licence, Moment, Part, Person, Seats, expected};

/// What must become of each former licence: back, or refused with one of these.
pub(super) type Told = BTreeMap<Part, BTreeSet<ErrorReason>>;

/// Whether licences may be told of, and tried, in this order: each once, and none before an older one.
pub(super) fn is_oldest_first(former: &BTreeMap<Part, Licence>, order: &[Part]) -> bool {
    let each_once: BTreeSet<Part> = order.iter().copied().collect();
    order.len() == former.len()
        && each_once.iter().eq(former.keys())
        && order.is_sorted_by_key(|product| former[product].since)
}

/// Brings back the former licences of somebody who is there again, in this order: each is a change of its own, and
/// those that are refused are tried again for as long as others come back, for one may need what another brings.
pub(super) fn brought_back(
    person: &mut Person,
    former: &BTreeMap<Part, Licence>,
    order: &[Part],
    moment: &mut Moment,
    seats: impl Fn(Part) -> Seats,
) -> Told {
    let mut told = Told::new();
    let mut open = order.to_vec();
    loop {
        let before = open.len();
        open.retain(|product| {
            *moment += 1;
            let change = as_before(product, &former[product]);
            match expected(person, &change, *moment, &seats) {
                Expected::Applied(direct) => {
                    person.direct = direct;
                    told.insert(product, BTreeSet::new());
                    false
                }
                Expected::Refused(codes) => {
                    told.insert(product, codes);
                    true
                }
                Expected::Unchanged => unreachable!("{product} is not there yet"),
            }
        });
        if open.len() == before {
            return told;
        }
    }
}

/// The change that asks for a licence as it was.
fn as_before(product: Part, licence: &Licence) -> Change {
    let switches = licence.switches.iter().map(|(plan, on)| {
        let state = if *on {
            SwitchState::On
        } else {
            SwitchState::Off
        };
        (product, *plan, state)
    });
    Change {
        add: vec![product],
        switches: switches.collect(),
        ..Change::default()
    }
}

/// Moves what somebody bought into the pool: the licence goes on without a gap, so it is as old as it was, with its
/// switches, of which a purchase has none. Beside a licence from the pool it takes no seat, and leaves on what it had
/// on. Nothing comes on by it, so no rule but that of seats can be against it.
pub(super) fn moved_to_pool(
    person: &mut Person,
    product: Part,
    seats: impl Fn(Part) -> Seats,
) -> Result<(), ErrorReason> {
    // Somebody who is deleted has nothing that could go on.
    let Some(since) = person.own.get(product).copied() else {
        return Ok(());
    };
    match person.direct.get_mut(product) {
        Some(licence) => licence.switches.values_mut().for_each(|on| *on = true),
        None => {
            if let Some(code) = seats(product).refusal() {
                return Err(code);
            }
            let licence = Licence {
                since,
                ..Licence::default()
            };
            person.direct.insert(product, licence);
        }
    }
    person.own.remove(product);
    Ok(())
}
