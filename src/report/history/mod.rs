//! Histories for a reader: as text, as JSON, as CSV, as a picture, and for apache-otava.

mod csv;
mod json;
mod otava;
mod picture;
mod rank;
mod text;

pub use csv::changes;
pub use json::document;
pub use otava::{Table, otava};
pub use picture::picture;
pub(super) use rank::{machine, ranked};
pub use text::text;
pub(super) use text::{beside, probability, rule, signed, slowly, summary, value, warnings};

use crate::stats::Settings;
use crate::track::{Analysis, History};

/// What a history is written from.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The history.
    pub history: &'a History,
    /// What each of its series shows, in their order.
    pub analyses: &'a [Analysis],
    /// How that was found.
    pub settings: Settings,
    /// What was passed over in reading it.
    pub notes: &'a [String],
}
