//! Comparisons for a reader: as text, as JSON, as a picture.

mod json;
mod text;
mod words;

pub use json::document;
pub use text::text;
