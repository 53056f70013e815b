//! How many requests a second each token is used for: a bucket a token, filled as time goes by.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use usher_domain::ids::{Instant, TokenId};

const MICROS: u64 = 1_000_000;
/// Buckets beyond which the full ones are forgotten: they say no more than none.
const MANY: usize = 10_000;

/// The limit of each token, in this process.
#[derive(Debug)]
pub(crate) struct Limiter {
    per_second: u32,
    buckets: Mutex<HashMap<TokenId, Bucket>>,
}

/// What is left, in millionths of a request.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: u64,
    at: Instant,
}

impl Limiter {
    /// 0 sets no limit.
    pub(crate) fn new(per_second: u32) -> Self {
        Self {
            per_second,
            buckets: Mutex::default(),
        }
    }

    pub(crate) fn per_second(&self) -> u32 {
        self.per_second
    }

    /// Takes one request; false when the token has none left for now. A second's worth may come at
    /// once.
    pub(crate) fn take(&self, token: TokenId, now: Instant) -> bool {
        if self.per_second == 0 {
            return true;
        }
        let full = u64::from(self.per_second) * MICROS;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > MANY {
            buckets.retain(|_, bucket| self.filled(*bucket, now).left < full);
        }
        let bucket = buckets.get(&token).map_or(
            Bucket {
                left: full,
                at: now,
            },
            |bucket| self.filled(*bucket, now),
        );
        let taken = bucket.left.checked_sub(MICROS);
        let left = taken.unwrap_or(bucket.left);
        buckets.insert(token, Bucket { left, ..bucket });
        taken.is_some()
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> Bucket {
        let full = u64::from(self.per_second) * MICROS;
        let passed = u64::try_from(now.0.saturating_sub(bucket.at.0)).unwrap_or(0);
        let gained = passed.saturating_mul(u64::from(self.per_second));
        Bucket {
            left: bucket.left.saturating_add(gained).min(full),
            at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn taken(limiter: &Limiter, token: u128, at: i64, tries: usize) -> usize {
        let token = TokenId(Uuid::from_u128(token));
        let tried = (0..tries).filter(|_| limiter.take(token, Instant(at)));
        tried.count()
    }

    #[test]
    fn a_token_has_its_requests_each_second_and_others_have_their_own() {
        let limiter = Limiter::new(10);
        assert_eq!(taken(&limiter, 1, 0, 50), 10);
        assert_eq!(taken(&limiter, 2, 0, 5), 5);
        assert_eq!(taken(&limiter, 1, 250_000, 50), 2);
        assert_eq!(taken(&limiter, 1, 300_000, 50), 1);
        assert_eq!(taken(&limiter, 1, 60_000_000, 50), 10);
        assert_eq!(taken(&limiter, 1, 1_000_000, 50), 0);
        assert_eq!(taken(&Limiter::new(0), 1, 0, 5_000), 5_000);
    }

    #[test]
    fn tokens_that_rest_are_forgotten() {
        let limiter = Limiter::new(1);
        for token in 0..=MANY as u128 {
            taken(&limiter, token, 0, 1);
        }
        taken(&limiter, u128::MAX, 2_000_000, 1);
        assert_eq!(limiter.buckets.lock().unwrap().len(), 1);
    }
}
