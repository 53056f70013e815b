//! What became of a change of the catalogue, as an object.

use usher::v1::Outcome;
use usher_object::Value;

use super::outcome::{result, revision};
use super::{Shape, text, texts};

/// A change of a product, a plan or a rule.
pub struct CatalogueChange {
    /// What was changed, as people call it.
    pub subject: String,
    /// What the service says.
    pub outcome: Outcome,
    /// People who have other plans on than before.
    pub people: i64,
}

/// What became of a change of a product, a plan or a rule.
pub static CATALOGUE_CHANGE: Shape<CatalogueChange> = Shape {
    name: "CatalogueChange",
    properties: &[
        ("Subject", |change| text(&change.subject)),
        ("Outcome", |change| result(change.outcome.result())),
        ("PeopleConcerned", |change| Value::Int(change.people)),
        ("Notes", |change| texts(&change.outcome.notes)),
        ("Revision", |change| revision(change.outcome.revision)),
    ],
    columns: &["Subject", "Outcome", "PeopleConcerned", "Notes"],
    details: &[],
};
