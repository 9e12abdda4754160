//! Where the next of some repetitions lies, if nothing has changed.
//!
//! The interval of Student's t for one more value of a normal sample (Hahn, "Factors for calculating two-sided prediction
//! intervals for samples from a normal distribution", J. Amer. Statist. Assoc. 64, 1969).

use std::f64::consts::SQRT_2;

use statrs::distribution::{ContinuousCDF as _, Normal, StudentsT};

use super::noise::{Deviation, beyond_chance};

/// What is expected of the next value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The mean of those before.
    pub centre: f64,
    /// Standard deviation of the next value from that mean.
    pub deviation: f64,
    /// The same with the upper bound of what the values scatter by in place of the estimate.
    upper: f64,
    /// Degrees of freedom; none where the scatter is known.
    freedom: Option<f64>,
}

impl Prediction {
    /// From at least two values. They scatter by `least` at the least, however much alike they happen to be: a handful of
    /// values may lie closer together than the next will. `excess` is how much more the variance of the next one is.
    #[must_use]
    pub fn of(values: &[f64], least: f64, excess: f64) -> Option<Self> {
        let count = values.len() as f64;
        let freedom = count - 1.0;
        let scatter = Deviation::with_freedom(Deviation::of(values)?.estimate.max(least), freedom)?;
        let of_next = |deviation: f64| (deviation.powi(2) * (1.0 + 1.0 / count) + excess).sqrt();
        Some(Self {
            centre: values.iter().sum::<f64>() / count,
            deviation: of_next(scatter.estimate),
            upper: of_next(scatter.upper),
            freedom: Some(freedom),
        })
    }

    /// From one value, where it is known what values scatter by.
    #[must_use]
    pub fn known(value: f64, deviation: f64) -> Self {
        let of_difference = deviation * SQRT_2;
        Self {
            centre: value,
            deviation: of_difference,
            upper: of_difference,
            freedom: None,
        }
    }

    /// How probable a value that far from the mean, or farther, is: on either side.
    #[must_use]
    pub fn p(&self, value: f64) -> f64 {
        let distance = (value - self.centre).abs();
        if distance == 0.0 || self.deviation == 0.0 {
            return f64::from(u8::from(distance == 0.0));
        }
        let distance = distance / self.deviation;
        2.0 * match self.freedom {
            Some(_) => self.student().map_or(0.5, |student| student.sf(distance)),
            None => Normal::standard().sf(distance),
        }
    }

    /// Half of the interval that misses the next value with this probability on either side.
    #[must_use]
    pub fn half_width(&self, tail: f64) -> f64 {
        let quantile = match self.freedom {
            Some(_) => self.student().map(|student| student.inverse_cdf(1.0 - tail)),
            None => Some(Normal::standard().inverse_cdf(1.0 - tail)),
        };
        quantile.map_or(f64::INFINITY, |quantile| quantile * self.deviation)
    }

    /// The smallest change, as a ratio minus 1, that the next value can show, where the values are logarithms: four
    /// deviations of its difference from the mean.
    #[must_use]
    pub fn smallest_change(&self) -> f64 {
        beyond_chance(self.upper)
    }

    fn student(&self) -> Option<StudentsT> {
        StudentsT::new(0.0, 1.0, self.freedom?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 to 8: mean 4.5, variance 6. The .95 quantile of Student's t with 7 degrees of freedom is 1.894579.
    #[test]
    fn the_interval_is_that_of_student_for_one_more_value() {
        let values: Vec<f64> = (1..=8).map(f64::from).collect();
        let next = Prediction::of(&values, 0.0, 0.0).expect("eight values");
        let deviation = (6.0_f64 * 1.125).sqrt();
        assert!((next.centre - 4.5).abs() < 1e-12 && (next.deviation - deviation).abs() < 1e-12);
        assert!((next.half_width(0.05) - 1.894_579 * deviation).abs() < 1e-5);
        assert!((next.p(4.5 + 1.894_579 * deviation) - 0.1).abs() < 1e-6);
        assert_eq!(next.p(4.5), 1.0);
        // sqrt(7 / 3.822322), the quantile of chi-square at .2.
        assert!((next.upper / next.deviation - 1.353_278).abs() < 1e-4, "{next:?}");
    }

    #[test]
    fn with_a_known_scatter_it_is_the_normal_interval() {
        let next = Prediction::known(1.0, 0.5);
        assert!(
            (next.half_width(0.05) - 1.644_854 * 0.5_f64.sqrt()).abs() < 1e-5,
            "{next:?}"
        );
        assert!((next.p(1.0 + 1.644_854 * 0.5_f64.sqrt()) - 0.1).abs() < 1e-6);
        assert!((next.smallest_change().ln_1p() - 4.0 * 0.5_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn what_scatters_too_little_scatters_by_the_least() {
        let alike = Prediction::of(&[1.0; 8], 0.02, 0.0).expect("eight values");
        assert!((alike.deviation - 0.02 * 1.125_f64.sqrt()).abs() < 1e-12);
        let more = Prediction::of(&[1.0; 8], 0.0, 0.09).expect("eight values");
        assert!((more.deviation - 0.3).abs() < 1e-12);
        let exact = Prediction::of(&[1.0; 8], 0.0, 0.0).expect("eight values");
        assert_eq!((exact.p(1.0), exact.p(1.1), exact.half_width(0.05)), (1.0, 0.0, 0.0));
        assert_eq!(Prediction::of(&[1.0], 0.0, 0.0), None);
    }
}
