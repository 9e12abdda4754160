//! How much repetitions differ when nothing has changed, and the smallest change that can be told from that.

use serde::Serialize;
use statrs::distribution::{ChiSquared, ContinuousCDF as _};

/// Standard deviation of repetitions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Deviation {
    /// The estimate.
    pub estimate: f64,
    /// What it is no larger than, with a confidence of 80 %, if the repetitions are normal.
    pub upper: f64,
}

/// Confidence of the upper bound.
const CONFIDENCE: f64 = 0.8;
/// The least change that is ever reported: below 2 % the code of the harness itself makes a difference.
pub const LEAST_CHANGE: f64 = 0.02;

impl Deviation {
    /// Of at least two values: the sample's own, and (n - 1) s^2 over the lower quantile of chi-square with n - 1 degrees
    /// of freedom.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let freedom = values.len().checked_sub(1).filter(|freedom| *freedom > 0)? as f64;
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self::with_freedom((squares / freedom).sqrt(), freedom)
    }

    /// Of an estimate with so many degrees of freedom; none if there are none.
    #[must_use]
    pub fn with_freedom(estimate: f64, freedom: f64) -> Option<Self> {
        let quantile = ChiSquared::new(freedom).ok()?.inverse_cdf(1.0 - CONFIDENCE);
        let upper = estimate * (freedom / quantile).sqrt();
        Some(Self { estimate, upper })
    }

    /// The smallest change, as a ratio minus 1, that two sides of `count` repetitions each can show: four deviations of
    /// their difference, and at least 2 %. The values are logarithms of times.
    #[must_use]
    pub fn smallest_change(&self, count: usize) -> f64 {
        beyond_chance(self.upper * (2.0 / count as f64).sqrt()).max(LEAST_CHANGE)
    }
}

/// The change, as a ratio minus 1, that is four deviations of the difference of two logarithms.
pub(super) fn beyond_chance(deviation: f64) -> f64 {
    (4.0 * deviation).exp_m1()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: the squares of 1..5 around 3 add up to 10; the quantile of chi-square with 4 degrees of freedom at .2 is
    /// 1.64878.
    #[test]
    fn a_deviation_has_an_upper_bound() {
        let deviation = Deviation::of(&[1.0, 2.0, 3.0, 4.0, 5.0]).expect("five values");
        assert!((deviation.estimate - 2.5_f64.sqrt()).abs() < 1e-12);
        assert!(
            (deviation.upper - (10.0_f64 / 1.648_777).sqrt()).abs() < 1e-5,
            "{deviation:?}"
        );
        assert_eq!(Deviation::of(&[1.0]), None);
        assert_eq!(Deviation::of(&[]), None);
    }

    #[test]
    fn more_repetitions_show_less_but_never_below_the_least() {
        let noisy = Deviation {
            estimate: 0.01,
            upper: 0.02,
        };
        assert!((noisy.smallest_change(8) - 0.04_f64.exp_m1()).abs() < 1e-12);
        assert!(noisy.smallest_change(5) > noisy.smallest_change(20));
        assert!((noisy.smallest_change(1000) - LEAST_CHANGE).abs() < 1e-12);
    }
}
