//! A set of service plans as bits, by the compact numbers that one catalogue gives them.
//! Numbers mean nothing outside the catalogue that gave them, so a set is never stored.

/// The number of a plan in one catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PlanIx(pub(crate) u32);

impl PlanIx {
    fn place(self) -> (usize, u64) {
        (self.0 as usize / 64, 1 << (self.0 % 64))
    }
}

/// A set of plans; sets of different lengths compare and combine as if padded with nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlanSet {
    words: Vec<u64>,
}

impl PlanSet {
    #[must_use]
    pub(crate) fn contains(&self, plan: PlanIx) -> bool {
        let (word, bit) = plan.place();
        self.words.get(word).is_some_and(|w| w & bit != 0)
    }

    pub(crate) fn insert(&mut self, plan: PlanIx) {
        let (word, bit) = plan.place();
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= bit;
    }

    pub(crate) fn remove(&mut self, plan: PlanIx) {
        let (word, bit) = plan.place();
        if let Some(w) = self.words.get_mut(word) {
            *w &= !bit;
        }
    }

    pub(crate) fn set(&mut self, plan: PlanIx, on: bool) {
        if on {
            self.insert(plan);
        } else {
            self.remove(plan);
        }
    }

    pub(crate) fn union(&mut self, other: &Self) {
        if other.words.len() > self.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
    }

    #[must_use]
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.words
            .iter()
            .zip(&other.words)
            .any(|(mine, theirs)| mine & theirs != 0)
    }

    /// The plans that are in both sets, in the order of their numbers.
    pub(crate) fn both<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = PlanIx> + 'a {
        bits(
            self.words
                .iter()
                .zip(&other.words)
                .map(|(mine, theirs)| mine & theirs),
        )
    }

    /// The plans that the other set lacks, in the order of their numbers.
    pub(crate) fn without<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = PlanIx> + 'a {
        let theirs = other.words.iter().copied().chain(std::iter::repeat(0));
        bits(
            self.words
                .iter()
                .zip(theirs)
                .map(|(mine, theirs)| mine & !theirs),
        )
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = PlanIx> + '_ {
        bits(self.words.iter().copied())
    }
}

fn bits(words: impl Iterator<Item = u64>) -> impl Iterator<Item = PlanIx> {
    words.zip(0u32..).flat_map(|(mut word, n)| {
        std::iter::from_fn(move || {
            (word != 0).then(|| {
                let bit = word.trailing_zeros();
                word &= word - 1;
                PlanIx(n * 64 + bit)
            })
        })
    })
}

impl PartialEq for PlanSet {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for PlanSet {}

impl FromIterator<PlanIx> for PlanSet {
    fn from_iter<I: IntoIterator<Item = PlanIx>>(plans: I) -> Self {
        let mut set = Self::default();
        for plan in plans {
            set.insert(plan);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(a in prop::collection::btree_set(0u32..300, 0..40), b in prop::collection::btree_set(0u32..900, 0..40)) {
            let set = |of: &BTreeSet<u32>| of.iter().copied().map(PlanIx).collect::<PlanSet>();
            let (x, y) = (set(&a), set(&b));
            prop_assert_eq!(x.iter().map(|p| p.0).collect::<BTreeSet<_>>(), a.clone());
            prop_assert_eq!(x.meets(&y), !a.is_disjoint(&b));
            prop_assert_eq!(x.both(&y).map(|p| p.0).collect::<BTreeSet<_>>(), &a & &b);
            prop_assert_eq!(x.without(&y).map(|p| p.0).collect::<BTreeSet<_>>(), &a - &b);
            prop_assert_eq!(y.without(&x).map(|p| p.0).collect::<BTreeSet<_>>(), &b - &a);
            let mut all = x.clone();
            all.union(&y);
            prop_assert_eq!(all.iter().map(|p| p.0).collect::<BTreeSet<_>>(), &a | &b);
            for p in b {
                all.remove(PlanIx(p));
            }
            prop_assert_eq!(all == x, !x.meets(&y));
        }
    }
}
