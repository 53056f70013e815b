//! Adds up what became of the rows of a stream. Pure.

use std::collections::BTreeMap;

use usher::v1::{SeatSummary, StreamLicenseChangesSummary};
use usher_domain::catalogue::Catalogue;
use usher_domain::ids::{BatchId, ProductId};
use usher_domain::plan::{Outcome, OutcomeKind};
use usher_domain::refusal::{Code, Fix};
use usher_domain::snapshot::Pool;

/// Seats of one product over all rows.
#[derive(Clone, Copy, Debug, Default)]
struct Seats {
    /// Taken, less those freed.
    net: i64,
    /// Needed by rows that were refused for want of them.
    missing: i64,
}

/// What became of the rows so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    applied: i64,
    unchanged: i64,
    waiting: i64,
    failed: i64,
    seats: BTreeMap<ProductId, Seats>,
    changed: bool,
}

impl Tally {
    /// A row that could not be read.
    pub(super) fn refused(&mut self) {
        self.failed += 1;
    }

    pub(super) fn add(&mut self, outcome: &Outcome) {
        match outcome.result {
            OutcomeKind::Applied => self.applied += 1,
            OutcomeKind::Unchanged => self.unchanged += 1,
            OutcomeKind::Waiting => self.waiting += 1,
            OutcomeKind::Failed => self.failed += 1,
        }
        self.add_missing(outcome);
        // What an earlier call did is in the pool's figures already.
        if !outcome.replayed {
            self.changed |= outcome.revision.is_some();
            for (product, seats) in &outcome.seats {
                self.seats.entry(*product).or_default().net += seats;
            }
        }
    }

    /// All rows of a change that is made as a whole: what its pools lack is lacking once, though
    /// every row that takes from them is told.
    pub(super) fn add_together(&mut self, whole: &Outcome) {
        for part in &whole.parts {
            self.add(&Outcome {
                causes: Vec::new(),
                replayed: whole.replayed,
                ..part.clone()
            });
        }
        self.add_missing(whole);
    }

    fn add_missing(&mut self, outcome: &Outcome) {
        let missing = outcome
            .causes
            .iter()
            .filter(|cause| cause.code == Code::NoAvailableSeats);
        for fix in missing.flat_map(|cause| &cause.fixes) {
            if let Fix::BuySeats { product, more } = fix {
                self.seats.entry(*product).or_default().missing += more;
            }
        }
    }

    /// The summary without the seats.
    pub(super) fn summary(&self, batch: BatchId) -> StreamLicenseChangesSummary {
        StreamLicenseChangesSummary {
            applied: self.applied,
            unchanged: self.unchanged,
            waiting: self.waiting,
            failed: self.failed,
            seats: Vec::new(),
            batch_id: if self.changed {
                batch.to_string()
            } else {
                String::new()
            },
        }
    }

    /// The seats of the products that the rows were about, with the pools as they are after the
    /// rows, or before them where nothing was written.
    pub(super) fn seats(
        &self,
        pools: &BTreeMap<ProductId, Pool>,
        written: bool,
        catalogue: &Catalogue,
    ) -> Vec<SeatSummary> {
        let mut seats: Vec<SeatSummary> = self
            .seats
            .iter()
            .map(|(product, seats)| {
                let pool = pools.get(product).copied().unwrap_or_default();
                let (before, after) = if written {
                    (pool.consumed - seats.net, pool.consumed)
                } else {
                    (pool.consumed, pool.consumed + seats.net)
                };
                SeatSummary {
                    product_id: product.to_string(),
                    part_number: catalogue.product_name(*product),
                    total: pool.total(),
                    consumed_before: before,
                    consumed_after: after,
                    missing: seats.missing,
                }
            })
            .collect();
        seats.sort_unstable_by(|a, b| a.part_number.cmp(&b.part_number));
        seats
    }
}

#[cfg(test)]
mod tests {
    use usher_domain::ids::Revision;
    use usher_domain::refusal::Cause;
    use uuid::Uuid;

    use super::*;

    const E3: ProductId = ProductId(Uuid::from_u128(3));
    const BATCH: BatchId = BatchId(Uuid::from_u128(8));

    fn applied(seats: i64) -> Outcome {
        let mut outcome = Outcome::new(None, OutcomeKind::Applied);
        outcome.seats = vec![(E3, seats)];
        outcome.revision = Some(Revision(1));
        outcome
    }

    #[test]
    fn seats_add_up_and_a_repeated_answer_counts_no_seat_again() {
        let mut tally = Tally::default();
        tally.add(&applied(1));
        tally.add(&Outcome {
            replayed: true,
            ..applied(1)
        });
        let mut refused = Outcome::new(None, OutcomeKind::Failed);
        refused.causes = vec![Cause::new(Code::NoAvailableSeats, "").fix(Fix::BuySeats {
            product: E3,
            more: 1,
        })];
        tally.add(&refused);
        tally.add(&refused);
        let pool = Pool {
            enabled: 5,
            consumed: 5,
            ..Pool::default()
        };
        let pools = BTreeMap::from([(E3, pool)]);
        let catalogue = Catalogue::default();

        let summary = tally.summary(BATCH);
        assert_eq!((summary.applied, summary.failed), (2, 2));
        assert_eq!(summary.batch_id, BATCH.to_string());
        let seats = &tally.seats(&pools, true, &catalogue)[0];
        assert_eq!(
            (seats.total, seats.consumed_before, seats.consumed_after),
            (5, 4, 5)
        );
        assert_eq!(seats.missing, 2);

        let seats = &tally.seats(&pools, false, &catalogue)[0];
        assert_eq!((seats.consumed_before, seats.consumed_after), (5, 6));
    }

    #[test]
    fn a_stream_that_changed_nothing_has_no_batch() {
        let mut tally = Tally::default();
        tally.add(&Outcome::new(None, OutcomeKind::Unchanged));
        let summary = tally.summary(BATCH);
        assert_eq!((summary.unchanged, summary.batch_id.as_str()), (1, ""));
    }
}
