//! The median of the samples of one run and its interval: the one rule by which sampling stops and by which a stored run
//! is read.

use super::order::{median, median_rank, sorted};
use super::serial::{inflation_of_median, rank_autocorrelation};

/// Nominal confidence of the interval. It is looked at again and again while sampling, so it is stricter than what it is
/// meant to keep; `docs/methodology.md` has the rates that it does keep.
pub const CONFIDENCE: f64 = 0.99;

/// Autocorrelation of ranks beyond which nothing is promised: the samples wander, and how far they would go in a longer
/// run cannot be seen in this one.
pub const UNSTABLE: f64 = 0.85;

/// The median of samples, with an interval that allows for neighbours being alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleMedian {
    /// The median.
    pub median: f64,
    /// Lower end of its interval, or the smallest sample.
    pub low: f64,
    /// Upper end, or the largest sample.
    pub high: f64,
    /// Correlation of the ranks of neighbouring samples.
    pub autocorrelation: f64,
    /// Whether the ends are an interval of the median. If not, the samples are too few or too much alike their
    /// neighbours, and the ends are those of the samples.
    pub holds: bool,
}

impl SampleMedian {
    /// Of samples in the order in which they were taken. None of none.
    #[must_use]
    pub fn of(samples: &[f64]) -> Option<Self> {
        Self::given(samples, rank_autocorrelation(samples))
    }

    /// The same where the autocorrelation is known from more than these samples.
    pub(super) fn given(samples: &[f64], autocorrelation: f64) -> Option<Self> {
        let ascending = sorted(samples);
        let median = median(&ascending)?;
        let interval = interval(&ascending, autocorrelation);
        let (low, high) = interval.unwrap_or((ascending[0], ascending[ascending.len() - 1]));
        Some(Self {
            median,
            low,
            high,
            autocorrelation,
            holds: interval.is_some(),
        })
    }

    /// Half the interval, relative to the median; infinite where it is not one.
    #[must_use]
    pub fn half_width(&self) -> f64 {
        if self.holds {
            (self.high - self.low) / 2.0 / self.median
        } else {
            f64::INFINITY
        }
    }
}

/// n samples whose median varies as that of n / D independent ones would: the interval lies between the order statistics
/// at the same fractions of n at which it would lie among those. No sample is left out, as medians of blocks would.
fn interval(ascending: &[f64], autocorrelation: f64) -> Option<(f64, f64)> {
    if autocorrelation > UNSTABLE {
        return None;
    }
    let count = ascending.len();
    let independent = (count as f64 / inflation_of_median(autocorrelation)).floor() as usize;
    let rank = median_rank(independent, CONFIDENCE)? * count / independent;
    Some((ascending[rank - 1], ascending[count - rank]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::median_interval;

    /// 1 to n in an order in which neighbours are far apart.
    fn shuffled(n: u32) -> Vec<f64> {
        (0..n).map(|i| f64::from(1 + i * 7 % n)).collect()
    }

    #[test]
    fn of_independent_samples_it_is_the_interval_of_the_order_statistics() {
        let samples = shuffled(16);
        let found = SampleMedian::of(&samples).expect("samples");
        assert!(found.holds && found.autocorrelation < 0.0, "{found:?}");
        assert_eq!(
            Some((found.low, found.high)),
            median_interval(&sorted(&samples), CONFIDENCE)
        );
        assert_eq!((found.median, found.half_width()), (8.5, 5.5 / 8.5));
    }

    /// At r = 1/2, D = 1 + (4/pi) (asin 1/2 + asin 1/4 + ...) = 2.307; 60 samples count as 26, whose ranks are 7 and 20.
    #[test]
    fn where_neighbours_are_alike_the_interval_is_that_of_fewer() {
        let samples = shuffled(60);
        let found = SampleMedian::given(&samples, 0.5).expect("samples");
        assert_eq!((found.low, found.high), (16.0, 45.0));
    }

    #[test]
    fn nothing_is_promised_of_few_or_wandering_samples() {
        let few = SampleMedian::of(&[3.0, 1.0, 2.0]).expect("samples");
        let rising: Vec<f64> = (1..=100).map(f64::from).collect();
        let wandering = SampleMedian::of(&rising).expect("samples");
        for (found, ends) in [(few, (1.0, 3.0)), (wandering, (1.0, 100.0))] {
            assert!(!found.holds && found.half_width().is_infinite());
            assert_eq!((found.low, found.high), ends);
        }
        assert_eq!(SampleMedian::of(&[]), None);
    }
}
