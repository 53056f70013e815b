//! Which versions of rows a query sees: those that are live, or those that were at a revision.

use sea_orm::sea_query::{Expr, SimpleExpr};
use usher_domain::ids::Revision;

/// The moment at which the rows of a versioned table are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// As they are for this transaction: the smallest indexes serve it.
    Live,
    /// As they were when this revision was the last.
    At(Revision),
}

impl Moment {
    /// The condition on a table, or on the name that stands for it, as text. A revision is a
    /// number, so nothing in it needs quoting.
    pub(crate) fn condition(self, table: &str) -> String {
        match self {
            Self::Live => format!("{table}.to_rev IS NULL"),
            Self::At(Revision(r)) => format!(
                "{table}.from_rev <= {r} AND ({table}.to_rev IS NULL OR {table}.to_rev > {r})"
            ),
        }
    }

    pub(crate) fn of(self, table: &str) -> SimpleExpr {
        Expr::cust(self.condition(table))
    }

    /// The condition as parts of which no two hold for one row: live rows and past rows have
    /// indexes of their own, and not every query finds both at once.
    pub(crate) fn parts(self, table: &str) -> Vec<SimpleExpr> {
        match self {
            Self::Live => vec![self.of(table)],
            Self::At(Revision(r)) => [
                format!("{table}.from_rev <= {r} AND {table}.to_rev IS NULL"),
                format!("{table}.from_rev <= {r} AND {table}.to_rev > {r}"),
            ]
            .map(Expr::cust)
            .to_vec(),
        }
    }
}
