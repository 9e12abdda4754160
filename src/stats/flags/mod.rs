//! What is odd about the samples of one run: pure functions of them, in the order in which they were taken.
//!
//! Each flag is a value, and whether it is large enough to be raised. From few samples that is not judged: a drift of 3 %
//! under noise of 1 % is found in 20 % of runs of 16 samples and in 99 % of runs of 54. `docs/methodology.md` has the
//! rates of hits and false alarms.

mod drift;
mod modes;
mod step;

use serde::{Deserialize, Serialize};

use super::order::{median, sorted};
use super::sample_median::UNSTABLE;
use super::serial::rank_autocorrelation;
use super::spread::{distinct, median_absolute_deviation, outliers};

pub use modes::Mode;

/// Fewest samples from which flags are judged.
pub const JUDGED_FROM: usize = 54;

/// Samples of so few different values come from a clock that is too coarse for them.
const FEWEST_VALUES: usize = 5;
/// Unless one step of the clock is known to be no larger than this part of a sample: then they are merely steady.
const FINE: f64 = 1e-3;

/// A value, and whether it is large enough to be raised.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Flag {
    /// The value; none where the samples have none.
    pub value: Option<f64>,
    /// Whether it is raised; none where that was not judged.
    pub raised: Option<bool>,
}

/// Everything that is looked for in the samples of a run.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Flags {
    /// They rise or fall steadily. Value: the change from the first to the last, relative to the median.
    pub drift: Flag,
    /// They end on another level than they began, as when a device throttles. Value: the median of the last quarter over
    /// that of the first, minus 1.
    pub step: Flag,
    /// They fall into two groups. Value: the gap between them, relative to the median.
    pub bimodal: Flag,
    /// The clock is too coarse for them. Value: how many different ones there are.
    pub quantised: Flag,
    /// They wander, so that the interval of their median promises nothing. Value: the autocorrelation of their ranks.
    pub unstable: Flag,
    /// The two groups, the faster first, where they were found.
    pub modes: Option<[Mode; 2]>,
    /// How many lie far out above the rest. None is ever left out.
    pub outliers: usize,
}

impl Flags {
    /// Judges samples in the order in which they were taken. `step` is that of the clock as a part of a sample, if it is
    /// known.
    #[must_use]
    pub fn of(samples: &[f64], step: Option<f64>) -> Self {
        let ascending = sorted(samples);
        let Some(middle) = median(&ascending) else {
            return Self::default();
        };
        let judged = samples.len() >= JUDGED_FROM;
        let flag = |value: Option<f64>, raised: bool| Flag {
            value: value.filter(|value| value.is_finite()),
            raised: judged.then_some(raised),
        };
        let (drift, drifts) = drift::drift(samples, middle);
        let (change, steps) = step::step(samples);
        let (gap, modes) = modes::modes(&ascending, middle);
        let modes = modes.filter(|_| judged);
        let values = distinct(&ascending);
        let coarse = values <= FEWEST_VALUES || median_absolute_deviation(&ascending) == Some(0.0);
        let r = rank_autocorrelation(samples);
        Self {
            drift: flag(drift, drifts),
            step: flag(change, steps),
            bimodal: flag(gap, modes.is_some()),
            quantised: flag(Some(values as f64), coarse && step.is_none_or(|step| step > FINE)),
            unstable: flag(Some(r), r > UNSTABLE),
            modes,
            outliers: outliers(&ascending),
        }
    }

    /// The flags by name, in the order in which they are shown.
    #[must_use]
    pub fn named(&self) -> [(&'static str, Flag); 5] {
        [
            ("drift", self.drift),
            ("step", self.step),
            ("bimodal", self.bimodal),
            ("quantised", self.quantised),
            ("unstable", self.unstable),
        ]
    }
}
