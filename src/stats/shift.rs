//! The estimate of Hodges and Lehmann of how far two samples are apart, with its exact interval.
//!
//! The estimate is the median of all n m pairwise effects. The interval is the test of [`super::rank_sum_test`] turned
//! round: it holds the shifts that the test does not reject (Hodges and Lehmann, "Estimates of location based on rank
//! tests", Ann. Math. Statist. 34, 1963; Lehmann, Nonparametrics, section 2.6). With its ends included it holds the shift
//! with at least the probability asked for, whether or not there are ties (Noether, "Wilcoxon confidence intervals for
//! location parameters in the discrete case", J. Amer. Statist. Assoc. 62, 1967).
//!
//! An effect may be a difference or a quotient, anything that has an order: for quotients of positive values this is the
//! shift of their logarithms, and no logarithm is taken.

use std::cmp::Ordering;

use super::rank_sum::critical_pairs;

/// Where the effects lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift<T> {
    /// The two effects in the middle, the same one where their number is odd: the estimate is their mean.
    pub middle: (T, T),
    /// The ends of the interval; none where the samples are too small for it.
    pub interval: Option<(T, T)>,
}

/// All pairwise effects of two samples, in an order that makes them easy to search: `at(row, column)` may not fall as
/// `row` or `column` rises.
pub struct Effects<T, A: Fn(usize, usize) -> T, C: Fn(&T, &T) -> Ordering> {
    /// Size of the first sample.
    pub rows: usize,
    /// Size of the second.
    pub columns: usize,
    /// The effect of a pair.
    pub at: A,
    /// The order of effects.
    pub order: C,
}

impl<T: Copy, A: Fn(usize, usize) -> T, C: Fn(&T, &T) -> Ordering> Effects<T, A, C> {
    /// The shift, with an interval that misses it with probability `tail` at most on either side. None if a sample is
    /// empty.
    #[must_use]
    pub fn shift(&self, tail: f64) -> Option<Shift<T>> {
        let pairs = self.rows * self.columns;
        let last = pairs.checked_sub(1)?;
        let interval = critical_pairs(self.rows, self.columns, tail).map(|count| {
            let low = count - 1;
            (self.nth(low), self.nth(last - low))
        });
        Some(Shift {
            middle: (self.nth(last / 2), self.nth(pairs / 2)),
            interval,
        })
    }

    /// The effect with `rank` others before it. Rows are cut at the weighted median of their middles until few effects are
    /// left (Johnson and Mizoguchi, "Selecting the Kth element in X + Y and X1 + ... + Xm", SIAM J. Comput. 7, 1978), so
    /// that samples of thousands do not become millions of pairs.
    fn nth(&self, rank: usize) -> T {
        const FEW: usize = 1024;
        let mut windows = vec![(0, self.columns); self.rows];
        let mut before = 0;
        loop {
            let left: usize = windows.iter().map(|(low, high)| high - low).sum();
            if left <= FEW.max(4 * self.rows) {
                return self.nth_of_windows(&windows, rank - before);
            }
            let pivot = self.pivot(&windows);
            let below = self.counts(|effect| (self.order)(effect, &pivot).is_lt());
            let up_to = self.counts(|effect| (self.order)(effect, &pivot).is_le());
            if rank < below.iter().sum() {
                windows
                    .iter_mut()
                    .zip(below)
                    .for_each(|(window, end)| window.1 = window.1.min(end));
            } else if rank < up_to.iter().sum() {
                return pivot;
            } else {
                windows
                    .iter_mut()
                    .zip(up_to)
                    .for_each(|(window, end)| window.0 = window.0.max(end));
                before = windows.iter().map(|(low, _)| low).sum();
            }
            windows.iter_mut().for_each(|window| window.1 = window.1.max(window.0));
        }
    }

    fn nth_of_windows(&self, windows: &[(usize, usize)], rank: usize) -> T {
        let row =
            |(row, (low, high)): (usize, &(usize, usize))| (*low..*high).map(move |column| (self.at)(row, column));
        let mut left: Vec<T> = windows.iter().enumerate().flat_map(row).collect();
        *left.select_nth_unstable_by(rank, &self.order).1
    }

    /// The weighted median of the middles of what is left of the rows.
    fn pivot(&self, windows: &[(usize, usize)]) -> T {
        let open = windows.iter().enumerate().filter(|(_, (low, high))| low < high);
        let mut middles: Vec<(T, usize)> = open
            .map(|(row, (low, high))| ((self.at)(row, low.midpoint(*high)), high - low))
            .collect();
        middles.sort_unstable_by(|a, b| (self.order)(&a.0, &b.0));
        let half = middles.iter().map(|(_, weight)| weight).sum::<usize>() / 2;
        let mut weight = 0;
        let at = middles.iter().position(|(_, own)| {
            weight += own;
            weight > half
        });
        middles[at.unwrap_or_default()].0
    }

    /// For each row, how many of its effects are on the near side of a border: a staircase, walked once.
    fn counts(&self, near: impl Fn(&T) -> bool) -> Vec<usize> {
        let mut column = self.columns;
        let row = |row| {
            while column > 0 && !near(&(self.at)(row, column - 1)) {
                column -= 1;
            }
            column
        };
        (0..self.rows).map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sorted;
    use super::*;

    fn shift(first: &[f64], second: &[f64], tail: f64) -> Shift<f64> {
        let (first, second) = (sorted(first), sorted(second));
        let effects = Effects {
            rows: second.len(),
            columns: first.len(),
            at: |row: usize, column: usize| first[column] - second[second.len() - 1 - row],
            order: f64::total_cmp,
        };
        effects.shift(tail).expect("samples")
    }

    /// Nine differences by hand: -4, -3, -3, -2, -2, -1, -1, 0, 1.
    #[test]
    fn the_middle_and_the_ends_are_pairwise_differences() {
        let found = shift(&[1.0, 2.0, 4.0], &[3.0, 4.0, 5.0], 0.05);
        assert_eq!(found.middle, (-2.0, -2.0));
        assert_eq!(found.interval, Some((-4.0, 1.0)));
        assert_eq!(shift(&[1.0, 3.0], &[0.0], 0.05).middle, (1.0, 3.0));
        assert_eq!(shift(&[1.0, 3.0], &[0.0], 0.05).interval, None);
    }

    /// Against all pairs, sorted: sizes beyond what is gathered at once, many effects equal.
    #[test]
    fn large_samples_give_what_sorting_all_pairs_gives() {
        for (n, m, modulus) in [(150, 70, 1_000_003), (150, 70, 17), (400, 400, 3), (1, 3000, 97)] {
            let values = |count: u64, step: u64| -> Vec<f64> {
                (0..count).map(|i| (i * step * step % modulus) as f64 / 8.0).collect()
            };
            let (first, second) = (values(n, 7919), values(m, 104_729));
            let pairs: Vec<f64> = first.iter().flat_map(|x| second.iter().map(move |y| x - y)).collect();
            let all = sorted(&pairs);
            let found = shift(&first, &second, 0.3);
            let last = all.len() - 1;
            assert_eq!(found.middle, (all[last / 2], all[all.len() / 2]));
            let end = critical_pairs(m as usize, n as usize, 0.3).expect("large enough") - 1;
            assert_eq!(found.interval, Some((all[end], all[last - end])));
        }
    }
}
