//! Statistics, each with where it comes from and what it assumes. Nothing here knows what is measured.

mod order;

pub use order::{median, median_interval, sorted};
