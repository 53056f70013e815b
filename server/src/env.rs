//! Time and ids as parameters: the only place in the service that asks the machine for either.
//! Nothing here knows what they are used for.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use usher_domain::ids::Instant;
use uuid::{ContextV7, Timestamp, Uuid};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Instant;
}

/// Gives out identities that were never given out before.
pub trait Ids: Send + Sync {
    /// A new identity; later ones sort after earlier ones.
    fn next(&self) -> Uuid;
}

/// Gives out what nobody can guess.
pub trait Random: Send + Sync {
    /// 256 random bits; none when the machine has none to give.
    fn bits(&self) -> Option<[u8; 32]>;
}

/// The operating system's source of random bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn bits(&self) -> Option<[u8; 32]> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits).ok().map(|()| bits)
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> Instant {
        let micros = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| {
                i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
            });
        Instant(micros)
    }
}

/// A clock that stands still until it is set.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Starts at this moment.
    #[must_use]
    pub fn at(now: Instant) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Moves to this moment, also backwards.
    pub fn set(&self, now: Instant) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

/// UUIDs of version 7: random, and ordered by time so that indexes grow at their end.
#[derive(Default)]
pub struct TimeOrderedIds {
    order: std::sync::Mutex<ContextV7>,
}

impl Ids for TimeOrderedIds {
    fn next(&self) -> Uuid {
        let micros = SystemClock.now().0.unsigned_abs();
        let seconds = micros / 1_000_000;
        let nanos = u32::try_from(micros % 1_000_000 * 1_000).unwrap_or(0);
        let order = match self.order.lock() {
            Ok(order) => order,
            Err(poisoned) => poisoned.into_inner(),
        };
        Uuid::new_v7(Timestamp::from_unix(&*order, seconds, nanos))
    }
}

/// What a service takes from its surroundings.
#[derive(Clone)]
pub struct Env {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New identities.
    pub ids: Arc<dyn Ids>,
    /// Secrets.
    pub random: Arc<dyn Random>,
}

impl Env {
    /// The machine's clock and time-ordered ids.
    #[must_use]
    pub fn system() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            ids: Arc::new(TimeOrderedIds::default()),
            random: Arc::new(SystemRandom),
        }
    }
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Env")
            .field("now", &self.clock.now())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_new_and_in_order() {
        let ids = TimeOrderedIds::default();
        let given: Vec<Uuid> = (0..10_000).map(|_| ids.next()).collect();
        assert!(given.is_sorted());
        assert!(given.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn random_bits_are_never_the_same() {
        let (one, other) = (SystemRandom.bits().unwrap(), SystemRandom.bits().unwrap());
        assert_ne!(one, other);
        assert_ne!(one, [0; 32]);
    }

    #[test]
    fn a_manual_clock_stands_still() {
        let clock = ManualClock::at(Instant(5));
        assert_eq!(clock.now(), clock.now());
        clock.set(Instant(9));
        assert_eq!(clock.now(), Instant(9));
    }
}
