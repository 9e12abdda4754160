//! What the timer self-test found.

use serde::{Deserialize, Serialize};

use super::Clock;

/// The outcome of the timer self-test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimerReport {
    /// The clock that samples are taken with: the device's if every check passed, else the host's.
    pub clock: Clock,
    /// Seconds of one tick of the device's clock, as its driver states it; none if it has no clock.
    pub tick: Option<f64>,
    /// Seconds of the smallest step seen: the greatest common divisor of all readings. None without readings.
    pub resolution: Option<f64>,
    /// The checks, in order.
    pub checks: Vec<TimerCheck>,
}

/// One check of the timer self-test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimerCheck {
    /// Its name.
    pub name: String,
    /// Whether it passed.
    pub passed: bool,
    /// What was seen, and what was wanted.
    pub detail: String,
}
