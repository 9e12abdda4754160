//! From what was observed to what it means: medians, rates, ratios to published and measured ceilings, and whether a
//! result is possible at all. Pure functions of a session and of the published figures: a corrected figure re-normalises
//! every stored session.

mod ceilings;
mod measured;
mod paper;
mod score;

pub use ceilings::{Ceilings, Physics, Resource, Roof};
pub use measured::{MeasuredRatio, measured_ratios};
pub use paper::{Paper, REFERENCES, Reference, published_precision};
pub use score::{Refused, RunMedian, Score, Scores, Spread, Timing};
