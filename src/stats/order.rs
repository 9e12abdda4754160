//! Order statistics: the median and its distribution-free interval.

use statrs::distribution::{Binomial, DiscreteCDF as _};

/// The values in ascending order.
#[must_use]
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The median of values in ascending order; of an even number, the mean of the two in the middle. None of none.
#[must_use]
pub fn median(ascending: &[f64]) -> Option<f64> {
    let half = ascending.len() / 2;
    let upper = *ascending.get(half)?;
    if ascending.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(ascending[half - 1], upper))
}

/// The narrowest symmetric interval between two order statistics that holds the median with at least the probability
/// `confidence`, whatever the distribution, if the values are independent (David and Nagaraja, Order Statistics, 3rd ed.,
/// section 7.1). None if even the whole range is not enough: below 6 values at 95 %, below 8 at 99 %.
#[must_use]
pub fn median_interval(ascending: &[f64], confidence: f64) -> Option<(f64, f64)> {
    let rank = median_rank(ascending.len(), confidence)?;
    Some((ascending[rank - 1], ascending[ascending.len() - rank]))
}

/// The largest rank r for which the interval from the r-th smallest to the r-th largest of n values is such an interval.
pub(super) fn median_rank(n: usize, confidence: f64) -> Option<usize> {
    let below = Binomial::new(0.5, n as u64).ok()?;
    // The interval misses the median when fewer than r values lie on one side of it: with probability 2 P(X < r).
    (1..=n / 2)
        .rev()
        .find(|&rank| 2.0 * below.cdf(rank as u64 - 1) <= 1.0 - confidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_of_an_even_number_is_in_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[1.0, 2.0, 4.0, 9.0]), Some(3.0));
    }

    /// Ranks from the binomial distribution by hand: 2 P(X <= 2) = .0042 for 16 values, 2 P(X <= 3) = .0213.
    #[test]
    fn the_interval_has_the_ranks_of_the_binomial_distribution() {
        let ranks = |n: u32| (1..=n).map(f64::from).collect::<Vec<_>>();
        assert_eq!(median_interval(&ranks(16), 0.99), Some((3.0, 14.0)));
        assert_eq!(median_interval(&ranks(16), 0.95), Some((4.0, 13.0)));
        assert_eq!(median_interval(&ranks(8), 0.99), Some((1.0, 8.0)));
        assert_eq!(median_interval(&ranks(7), 0.99), None);
        assert_eq!(median_interval(&ranks(6), 0.95), Some((1.0, 6.0)));
        assert_eq!(median_interval(&ranks(5), 0.95), None);
    }
}
