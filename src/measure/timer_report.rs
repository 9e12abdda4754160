//! What the timer self-test found: which clock the samples of a session are of, and why it is trusted.

use serde::{Deserialize, Serialize};

use super::Clock;

/// The outcome of the self-test, done once before anything is measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimerReport {
    /// The clock that was chosen.
    pub clock: Clock,
    /// Seconds of one tick, as the driver states it; none where it states nothing.
    pub tick: Option<f64>,
    /// Smallest difference of time that was seen, in seconds; none where it was not tried.
    pub resolution: Option<f64>,
    /// What was checked, in order.
    pub checks: Vec<TimerCheck>,
}

/// One check of a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerCheck {
    /// What was checked, as `monotonic`.
    pub name: String,
    /// Whether the clock passed.
    pub passed: bool,
    /// What was seen.
    pub detail: String,
}
