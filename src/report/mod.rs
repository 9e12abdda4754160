//! Pure renderers: results in, text out. Writing is elsewhere.

pub mod chips;
mod interval;
mod text;

pub use interval::{interval, interval_in};
pub use text::{columns, wrap};
