//! Tracking: values over time, the places at which their level changes, and what else changed there.

mod analysis;
mod drift;
mod history;
mod sessions;

pub use analysis::{Analysis, Change, Turn, analyse};
pub use drift::Drift;
pub use history::{Better, Boundary, History, Machine, Moment, Series};
