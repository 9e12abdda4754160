//! The rules of the data set. Each function holds the rules of one table, or of one thing across tables.
//!
//! The form of a file is checked where it is read (`record`), vocabularies, numbers and units where a row is read
//! (`parse`); here is what needs a whole row, or several.

mod adapters;
mod cells;
mod chips;
mod claims;
mod figures;
mod ids;
mod measured;
mod sources;
mod text;

pub use adapters::ADAPTERS;
pub(super) use ids::order_and_keys;

use super::Published;
use super::load::Records;
use super::problem::Problem;

/// Checks every rule that looks across fields or rows.
pub(super) fn run(published: &Published, records: &Records, problems: &mut Vec<Problem>) {
    ids::check(records, problems);
    text::check(records, problems);
    chips::check(&published.chips, problems);
    sources::check(&published.sources, problems);
    figures::check(&published.figures, problems);
    cells::check(&published.figures, problems);
    claims::check(&published.claims, problems);
    measured::check(&published.measured, problems);
}
