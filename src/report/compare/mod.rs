//! Comparisons for a reader: as text, as JSON, as a picture.

mod json;
mod picture;
mod text;
mod words;

pub use json::document;
pub use picture::picture;
pub use text::text;
pub(super) use words::{NAMES, SCOPE, difference, estimate, interval, percent, runs, side, verdict, warnings};
