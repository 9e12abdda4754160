//! Trend: whether values rise or fall in the order in which they stand, and how steeply.

use statrs::distribution::{ContinuousCDF as _, Normal};

use super::order::sorted;

/// How steeply values rise from one to the next: the median of the slopes of all pairs (Sen, Estimates of the regression
/// coefficient based on Kendall's tau, J. Am. Stat. Assoc. 63, 1968). None of fewer than two. Takes time and memory of
/// n^2 / 2.
#[must_use]
pub fn theil_sen(values: &[f64]) -> Option<f64> {
    let mut slopes: Vec<f64> = pairs(values).map(|(apart, rise)| rise / apart as f64).collect();
    let half = slopes.len().checked_sub(1)? / 2;
    let even = slopes.len().is_multiple_of(2);
    let (_, lower, above) = slopes.select_nth_unstable_by(half, f64::total_cmp);
    let upper = above.iter().copied().reduce(f64::min).filter(|_| even);
    Some(upper.map_or(*lower, |upper| f64::midpoint(*lower, upper)))
}

/// Distance and difference of each pair, the later minus the earlier.
fn pairs(values: &[f64]) -> impl Iterator<Item = (usize, f64)> {
    let later = |(place, first): (usize, f64)| {
        let rest = values[place + 1..].iter().enumerate();
        rest.map(move |(between, value)| (between + 1, value - first))
    };
    values.iter().copied().enumerate().flat_map(later)
}

/// The test of Mann and Kendall for a trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannKendall {
    /// Pairs of which the later is larger, less those of which it is smaller.
    pub s: f64,
    /// Variance of that number where there is no trend, with the correction for equal values.
    pub variance: f64,
}

/// Counts rising and falling pairs (Mann, Nonparametric tests against trend, Econometrica 13, 1945; Kendall, Rank
/// Correlation Methods, 4th ed. 1975, section 4.3 for equal values).
#[must_use]
pub fn mann_kendall(values: &[f64]) -> MannKendall {
    let sign = |rise: f64| if rise > 0.0 { 1.0 } else { -f64::from(rise < 0.0) };
    let weight = |count: usize| {
        let t = count as f64;
        t * (t - 1.0) * (2.0 * t + 5.0)
    };
    let ascending = sorted(values);
    let ties: f64 = ascending.chunk_by(|a, b| a == b).map(|tied| weight(tied.len())).sum();
    MannKendall {
        s: pairs(values).map(|(_, rise)| sign(rise)).sum(),
        variance: (weight(values.len()) - ties) / 18.0,
    }
}

impl MannKendall {
    /// Probability of so many or more in either direction where there is no trend, by the normal approximation without
    /// continuity correction, good from about 10 values on. `inflation` multiplies the variance where neighbours are
    /// alike; 1 where they are not.
    #[must_use]
    pub fn p(&self, inflation: f64) -> f64 {
        let spread = (self.variance * inflation).sqrt();
        if spread == 0.0 {
            return 1.0;
        }
        2.0 * Normal::standard().sf(self.s.abs() / spread)
    }
}

/// By how much serial correlation multiplies the variance of the test's number: the sum of Hamed and Rao (A modified
/// Mann-Kendall trend test for autocorrelated data, J. Hydrology 204, 1998, equation 9) for ranks that correlate by r to
/// the power of k at a distance of k. `autocorrelation` is that of what is left when the trend is taken away; where it is
/// negative it counts as none.
#[must_use]
pub fn inflation_of_trend(count: usize, autocorrelation: f64) -> f64 {
    let (n, r) = (count as f64, autocorrelation.clamp(0.0, 1.0));
    let mut power = 1.0;
    let mut sum = 0.0;
    for lag in 1..count.saturating_sub(2) {
        power *= r;
        let left = n - lag as f64;
        sum += left * (left - 1.0) * (left - 2.0) * power;
    }
    1.0 + 2.0 * sum / (n * (n - 1.0) * (n - 2.0)).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_slope_and_an_outlier_does_not_move_it() {
        assert_eq!(theil_sen(&[1.0, 3.0, 5.0, 7.0]), Some(2.0));
        assert_eq!(theil_sen(&[0.0, 1.0, 2.0, 300.0, 4.0, 5.0, 6.0]), Some(1.0));
        assert_eq!(theil_sen(&[1.0]), None);
        assert_eq!(theil_sen(&[]), None);
    }

    /// Slopes 1, -1, 0.5 / 2 and so on by hand: of 0 2 1 they are 2, 0.5, -1.
    #[test]
    fn the_slope_is_the_median_of_all_pairs() {
        assert_eq!(theil_sen(&[0.0, 2.0, 1.0]), Some(0.5));
        assert_eq!(theil_sen(&[0.0, 3.0]), Some(3.0));
        // 3, 0, -1 over 1, 2, 3 places; then -3, -2; then -1: sorted -3 -2 -1 -1/3 0 3.
        assert_eq!(theil_sen(&[0.0, 3.0, 0.0, -1.0]), Some((-1.0 - 1.0 / 3.0) / 2.0));
    }

    /// Of 1 2 2 3: five rising pairs, none falling; (4 3 13 - 2 1 9) / 18.
    #[test]
    fn equal_values_lessen_the_variance() {
        let test = mann_kendall(&[1.0, 2.0, 2.0, 3.0]);
        assert_eq!((test.s, test.variance), (5.0, (156.0 - 18.0) / 18.0));
        let constant = mann_kendall(&[2.0; 9]);
        assert_eq!((constant.s, constant.variance, constant.p(1.0)), (0.0, 0.0, 1.0));
        assert_eq!(mann_kendall(&[]).p(1.0), 1.0);
    }

    /// n = 4, lag 1 only: 1 + 2 (3 2 1 r) / (4 3 2).
    #[test]
    fn alike_neighbours_widen_the_test() {
        assert_eq!(inflation_of_trend(4, 0.5), 1.25);
        assert_eq!(inflation_of_trend(54, -0.5), 1.0);
        assert_eq!(inflation_of_trend(0, 0.5), 1.0);
        let test = mann_kendall(&[1.0, 2.0, 3.0, 4.0]);
        assert!(test.p(1.25) > test.p(1.0));
    }
}
