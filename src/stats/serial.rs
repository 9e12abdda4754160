//! Serial correlation: how much a sample has in common with the one before it, and what that costs.

use std::f64::consts::FRAC_2_PI;

/// Correlation of the ranks of neighbouring values, 1 at most: r, the sum of the products of neighbours over the sum of
/// the squares, both of deviations from the mean rank, plus (1 + 3 r) / n, by which n values show too little of it
/// (Marriott and Pope, Bias in the estimation of autocorrelations, Biometrika 41, 1954). Ranks, because one outlier would
/// hide every other dependence. 0 where all values are equal.
#[must_use]
pub fn rank_autocorrelation(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let deviations: Vec<f64> = mid_ranks(values)
        .iter()
        .map(|rank| rank - (count + 1.0) / 2.0)
        .collect();
    let squares: f64 = deviations.iter().map(|d| d * d).sum();
    if squares == 0.0 {
        return 0.0;
    }
    let r = deviations.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / squares;
    (r + (1.0 + 3.0 * r) / count).min(1.0)
}

/// The rank of each value, from 1; those that are equal share the mean of their ranks (mid-ranks: Lehmann,
/// Nonparametrics, 1975, section 1.4).
pub(super) fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        for &index in tied {
            ranks[index] = below as f64 + (tied.len() + 1) as f64 / 2.0;
        }
        below += tied.len();
    }
    ranks
}

/// By how much serial correlation multiplies the variance of a median: 1 + 2 sum c(k), where c(k) is the correlation,
/// k places apart, of "is below the median". In a normal process whose values correlate by r to the power of k it is
/// (2/pi) asin(r^k) (Gastwirth and Rubin, The behavior of robust estimators on dependent data, Ann. Stat. 3, 1975).
/// Negative correlation counts as none. Infinite from 1 on.
#[must_use]
pub fn inflation_of_median(autocorrelation: f64) -> f64 {
    if autocorrelation >= 1.0 {
        return f64::INFINITY;
    }
    let r = autocorrelation.max(0.0);
    let powers = std::iter::successors(Some(r), |power| Some(power * r)).take_while(|power| *power > 1e-12);
    1.0 + 2.0 * FRAC_2_PI * powers.map(f64::asin).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_the_mean_of_their_ranks() {
        assert_eq!(mid_ranks(&[3.0, 1.0, 3.0, 2.0, 3.0]), [4.0, 1.0, 4.0, 2.0, 4.0]);
        assert_eq!(mid_ranks(&[5.0, 5.0]), [1.5, 1.5]);
        assert!(mid_ranks(&[]).is_empty());
    }

    /// Ranks 1 2 3 4: deviations -1.5 -.5 .5 1.5, products .75 - .25 + .75, squares 5, so r = .25; and (1 + .75) / 4.
    #[test]
    fn a_rising_line_and_a_saw() {
        assert_eq!(rank_autocorrelation(&[1.0, 2.0, 30.0, 400.0]), 0.25 + 1.75 / 4.0);
        assert_eq!(rank_autocorrelation(&[1.0, 2.0, 1.0, 2.0]), -0.75 - 1.25 / 4.0);
        assert_eq!(rank_autocorrelation(&(0..100).map(f64::from).collect::<Vec<_>>()), 1.0);
        assert_eq!(rank_autocorrelation(&[7.0; 5]), 0.0);
        assert_eq!(rank_autocorrelation(&[]), 0.0);
    }

    #[test]
    fn independent_values_cost_nothing_more() {
        assert_eq!(inflation_of_median(0.0), 1.0);
        assert_eq!(inflation_of_median(-0.5), 1.0);
        assert!(inflation_of_median(1.0).is_infinite());
        // asin(1/2) is pi/6, so the first term alone is 2/3.
        assert!((1.666..2.4).contains(&inflation_of_median(0.5)));
    }
}
