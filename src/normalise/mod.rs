//! From what was observed to what it means: medians, rates, ratios to published and measured ceilings, and whether a
//! result is possible at all. Pure functions of a session and of the published figures: a corrected figure re-normalises
//! every stored session.

mod ceilings;
mod conditions;
mod measured;
mod noise;
mod paper;
mod run;
mod score;
mod time_spent;

pub use ceilings::{Ceilings, Physics, Resource, Roof};
pub use conditions::Conditions;
pub use measured::{MeasuredRatio, measured_ratios};
pub use noise::Noise;
pub use paper::{Paper, REFERENCES, Reference, published_precision};
pub use run::{Run, common_conditions, common_flags};
pub use score::{Refused, Score, Scores, Spread, Timing};
pub use time_spent::TimeSpent;
