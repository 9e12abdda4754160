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

    /// Whether any is raised.
    #[must_use]
    pub fn is_any_raised(&self) -> bool {
        self.named().iter().any(|(_, flag)| flag.raised == Some(true))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise of up to 1 % around 1 that is the same every time: 38 is a primitive root of 101.
    fn noise(count: usize) -> Vec<f64> {
        let next = |residue: &u32| Some(residue * 38 % 101);
        let residues = std::iter::successors(Some(1), next);
        residues
            .take(count)
            .map(|residue| 0.99 + f64::from(residue) * 2e-4)
            .collect()
    }

    fn raised(samples: &[f64]) -> Vec<&'static str> {
        let flags = Flags::of(samples, None).named();
        let raised = flags.into_iter().filter(|(_, flag)| flag.raised == Some(true));
        raised.map(|(name, _)| name).collect()
    }

    fn changed(count: usize, change: impl Fn(usize) -> f64) -> Vec<f64> {
        let samples = noise(count);
        samples
            .iter()
            .enumerate()
            .map(|(place, sample)| sample * (1.0 + change(place)))
            .collect()
    }

    #[test]
    fn noise_raises_no_flag() {
        assert_eq!(raised(&noise(54)), [""; 0]);
        assert_eq!(raised(&noise(100)), [""; 0]);
    }

    #[test]
    fn each_oddity_raises_its_flag() {
        for direction in [1.0, -1.0] {
            let drifting = changed(54, |place| direction * 0.03 * place as f64 / 53.0);
            assert!(raised(&drifting).contains(&"drift"));
        }
        let stepping = changed(54, |place| if place >= 40 { 0.1 } else { 0.0 });
        assert!(raised(&stepping).contains(&"step"));
        let wandering = changed(100, |place| (place as f64 / 12.0).sin());
        assert!(raised(&wandering).contains(&"unstable"));
        for often in [3, 6] {
            let switching = changed(54, |place| if place % often == 0 { 0.1 } else { 0.0 });
            assert_eq!(raised(&switching), ["bimodal"]);
        }
    }

    #[test]
    fn the_same_oddities_in_few_samples_are_not_judged() {
        let flags = Flags::of(&changed(53, |place| if place >= 26 { 0.1 } else { 0.0 }), None);
        assert!(flags.named().iter().all(|(_, flag)| flag.raised.is_none()), "{flags:?}");
        assert!(flags.step.value.is_some_and(|step| (step - 0.1).abs() < 0.02));
        assert_eq!(flags.modes, None);
        assert_eq!(Flags::of(&[], None), Flags::default());
        assert_eq!(Flags::of(&[1.0], None).unstable.value, Some(0.0));
    }

    #[test]
    fn both_modes_are_reported_with_their_shares() {
        let samples = changed(60, |place| if place % 3 == 0 { 0.2 } else { 0.0 });
        let [faster, slower] = Flags::of(&samples, None).modes.expect("two modes");
        assert_eq!((faster.share, slower.share), (39.0 / 60.0, 20.0 / 60.0));
        assert!((1.19..1.21).contains(&(slower.median / faster.median)));
    }

    #[test]
    fn a_coarse_clock_is_told_from_a_steady_device() {
        let steady = vec![2e-3; 54];
        let quantised = |step| Flags::of(&steady, step).quantised;
        assert_eq!((quantised(None).raised, quantised(None).value), (Some(true), Some(1.0)));
        assert_eq!(quantised(Some(1e-2)).raised, Some(true));
        assert_eq!(quantised(Some(1e-5)).raised, Some(false));
    }

    #[test]
    fn outliers_are_counted_and_nothing_else() {
        let samples = changed(54, |place| if place == 7 || place == 30 { 3.0 } else { 0.0 });
        assert_eq!(Flags::of(&samples, None).outliers, 2);
        assert_eq!(raised(&samples), [""; 0]);
    }

    #[test]
    fn a_million_samples_are_judged_as_well() {
        let flags = Flags::of(&changed(1_000_000, |place| 3e-8 * place as f64), None);
        assert_eq!(flags.drift.raised, Some(true));
        assert!(
            (0.028..0.031).contains(&flags.drift.value.unwrap_or_default()),
            "{flags:?}"
        );
    }
}
