//! Stretches of time, closed at the beginning and open at the end.

use crate::ids::Instant;

/// A stretch of time; without an end while it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Instant,
    pub to: Option<Instant>,
}

impl Span {
    fn is_empty(self) -> bool {
        self.to.is_some_and(|to| to <= self.from)
    }

    /// The time that both have.
    pub(super) fn meet(self, other: Self) -> Option<Self> {
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (to, None) | (None, to) => to,
        };
        let both = Self {
            from: self.from.max(other.from),
            to,
        };
        (!both.is_empty()).then_some(both)
    }
}

/// The span that is on at a moment.
pub(super) fn at(spans: &[Span], moment: Instant) -> Option<Span> {
    let covers = |span: &&Span| span.from <= moment && span.to.is_none_or(|to| to > moment);
    spans.iter().find(covers).copied()
}

/// The same time in as few spans as can be, in order: what one ends where another begins is one.
pub(super) fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.is_empty());
    spans.sort_by_key(|span| span.from);
    let mut all: Vec<Span> = Vec::new();
    for span in spans {
        match all.last_mut() {
            Some(last) if last.to.is_none_or(|to| to >= span.from) => {
                last.to = match (last.to, span.to) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    _ => None,
                };
            }
            _ => all.push(span),
        }
    }
    all
}

/// The time of `spans` that is in none of `others`.
pub(super) fn without(spans: Vec<Span>, others: &[Span]) -> Vec<Span> {
    others.iter().fold(spans, |spans, other| {
        let ends = |span: &Span| Span {
            from: span.from,
            to: Some(span.to.map_or(other.from, |to| to.min(other.from))),
        };
        let rest = |span: &Span| {
            let to = other.to?;
            Some(Span {
                from: span.from.max(to),
                to: span.to,
            })
        };
        let parts = spans
            .iter()
            .flat_map(|span| [Some(ends(span)), rest(span)])
            .flatten();
        parts.filter(|span| !span.is_empty()).collect()
    })
}
