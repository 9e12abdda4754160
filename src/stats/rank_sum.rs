//! The rank-sum test of Wilcoxon, Mann and Whitney with its exact permutation distribution, ties included.
//!
//! Under the null hypothesis every choice of n of the n + m mid-ranks is as likely as any other to be the first sample's
//! (Lehmann, Nonparametrics: Statistical Methods Based on Ranks, sections 1.2 and 1.4). The distribution of their sum is
//! counted, not approximated, as long as the counts are exact in floating point; see [`rank_sum_test`] for what follows
//! beyond that.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use statrs::distribution::{Continuous as _, ContinuousCDF as _, Normal};

use super::ranks::Ranks;

/// Probabilities under the null hypothesis that both samples have one distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankSum {
    /// Of a rank sum of the first sample as small as the one observed, or smaller.
    pub less: f64,
    /// Of one as large, or larger.
    pub greater: f64,
}

impl RankSum {
    /// Twice the smaller of the two, at most 1.
    #[must_use]
    pub fn two_sided(self) -> f64 {
        (2.0 * self.less.min(self.greater)).min(1.0)
    }
}

/// Tests whether the values of the first sample are smaller, or larger, than those of the second. Exchanging the samples
/// exchanges both probabilities to the last bit.
///
/// Exact up to 28 values a side, and for fewer against more. Beyond that the normal distribution with corrections for
/// continuity, ties, and from 20 values a side for the fourth cumulant (Fix and Hodges, "Significance probabilities of the
/// Wilcoxon test", Ann. Math. Statist. 26, 1955), which is within 0.00003 of the exact probability without ties. For fewer
/// than 20 values against hundreds it is within 0.006, and never below an exact probability of less than 3 %.
///
/// An empty sample says nothing: both probabilities are 1.
#[must_use]
pub fn rank_sum_test(first: &[f64], second: &[f64]) -> RankSum {
    if first.is_empty() || second.is_empty() {
        return RankSum {
            less: 1.0,
            greater: 1.0,
        };
    }
    let ranks = Ranks::of(first, second);
    let (n, m) = (first.len(), second.len());
    if is_exact(n, m) {
        null_distribution(&ranks, n).test(ranks.sum)
    } else {
        approximate(&ranks, n, m)
    }
}

/// The largest c such that a statistic U of Mann and Whitney below c has at most this probability, for samples without
/// ties: from the c-th smallest to the c-th largest of all n m pairwise differences reaches an interval of the shift that
/// misses it with at most `tail` on either side. None if even the whole range is not enough.
#[must_use]
pub fn critical_pairs(n: usize, m: usize, tail: f64) -> Option<usize> {
    let ranks = Ranks::without_ties(n, m);
    let below: Box<dyn Fn(usize) -> f64> = if n > 0 && m > 0 && is_exact(n, m) {
        let null = null_distribution(&ranks, n);
        Box::new(move |count| null.at_most(ranks.sum + 2 * (count as u64 - 1)))
    } else {
        let null = Approximation::of(&ranks, n, m);
        Box::new(move |count| null.at_most(count as f64 - 1.0))
    };
    // P(U <= c - 1) rises with c, so that the last c within the tail is found by halving.
    let (mut within, mut beyond) = (0, (n * m).div_ceil(2) + 1);
    while beyond - within > 1 {
        let middle = within.midpoint(beyond);
        if below(middle) <= tail {
            within = middle;
        } else {
            beyond = middle;
        }
    }
    (within > 0).then_some(within)
}

/// Counts up to this are whole numbers in floating point, and their sums exact in any order.
const EXACT_COUNT: f64 = 9_007_199_254_740_992.0;
/// Additions that a distribution may cost, so that a sample of millions is not counted.
const EXACT_COST: f64 = 1e7;

fn is_exact(n: usize, m: usize) -> bool {
    let (few, many) = (n.min(m) as f64, n.max(m) as f64);
    let cost = (few + many) * few * (2.0 * few * many);
    cost <= EXACT_COST && choose(few, few + many) <= EXACT_COUNT
}

fn choose(few: f64, all: f64) -> f64 {
    (1..=few as u32).fold(1.0, |product, i| product * (all - few + f64::from(i)) / f64::from(i))
}

/// How many of the choices have which sum.
#[derive(Debug)]
struct Null {
    /// The least sum.
    least: u64,
    /// For each sum from the least on, how many choices have it or a smaller one.
    cumulated: Vec<f64>,
}

impl Null {
    /// Counts the choices of `n` ranks by their sum, one rank after the other: a choice of j ranks either has the next
    /// rank or it has not.
    fn of(ascending: &[u32], n: usize) -> Self {
        // Row j begins with the least sum of j ranks; its values are counts.
        let mut rows: Vec<Vec<f64>> = vec![Vec::new(); n + 1];
        rows[0].push(1.0);
        for (index, rank) in ascending.iter().enumerate() {
            for j in (1..=n.min(index + 1)).rev() {
                // From the row's own beginning: how much more than the j-th smallest rank this one is.
                let shift = (rank - ascending[j - 1]) as usize;
                let [fewer, row] = &mut rows[j - 1..=j] else { continue };
                row.resize(row.len().max(fewer.len() + shift), 0.0);
                for (count, more) in row[shift..].iter_mut().zip(fewer.iter()) {
                    *count += more;
                }
            }
        }
        let mut total = 0.0;
        let counts = rows.pop().unwrap_or_default();
        let cumulated = counts.into_iter().map(|count| {
            total += count;
            total
        });
        Self {
            least: ascending[..n].iter().map(|rank| u64::from(*rank)).sum(),
            cumulated: cumulated.collect(),
        }
    }

    fn counted(&self, sum: u64) -> f64 {
        let place = sum.checked_sub(self.least).map(|place| place as usize);
        place.map_or(0.0, |place| self.cumulated[place.min(self.cumulated.len() - 1)])
    }

    fn total(&self) -> f64 {
        self.cumulated.last().copied().unwrap_or(1.0)
    }

    fn at_most(&self, sum: u64) -> f64 {
        self.counted(sum) / self.total()
    }

    fn test(&self, sum: u64) -> RankSum {
        let below = sum.checked_sub(1).map_or(0.0, |below| self.counted(below));
        RankSum {
            less: self.at_most(sum),
            greater: (self.total() - below) / self.total(),
        }
    }
}

/// The distributions without ties by the sizes of the samples: those of real measurements, as good as always.
static WITHOUT_TIES: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

type Known = HashMap<(usize, usize), Arc<Null>>;

fn null_distribution(ranks: &Ranks, n: usize) -> Arc<Null> {
    if ranks.has_ties() {
        return Arc::new(Null::of(&ranks.all, n));
    }
    // Whoever panicked with the lock left a table that is whole: entries are only ever added.
    let mut known = WITHOUT_TIES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let distribution = known.entry((n, ranks.all.len()));
    Arc::clone(distribution.or_insert_with(|| Arc::new(Null::of(&ranks.all, n))))
}

fn approximate(ranks: &Ranks, n: usize, m: usize) -> RankSum {
    let null = Approximation::of(ranks, n, m);
    // U counts the pairs in which the first sample's value is the larger one, half where they are equal.
    let u = (ranks.sum as f64 - (n * (n + 1)) as f64) / 2.0;
    RankSum {
        less: null.at_most(u),
        // By symmetry, and not as a difference from 1, so that exchanged samples give the same bits.
        greater: null.at_most((n * m) as f64 - u),
    }
}

/// The distribution of U as the normal one, corrected.
struct Approximation {
    mean: f64,
    deviation: f64,
    /// Of Fix and Hodges: minus a twenty-fourth of the excess kurtosis. 0 for small samples, where the tails that it
    /// leaves are too light.
    kurtosis: f64,
    /// Probability of one choice.
    least: f64,
}

impl Approximation {
    fn of(ranks: &Ranks, n: usize, m: usize) -> Self {
        let (n, m) = (n.min(m) as f64, n.max(m) as f64);
        let all = n + m;
        let ties: f64 = ranks
            .all
            .chunk_by(|a, b| a == b)
            .map(|tied| (tied.len() as f64).powi(3) - tied.len() as f64)
            .sum();
        let variance = n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
        Self {
            least: 1.0 / choose(n, all),
            mean: n * m / 2.0,
            deviation: variance.sqrt(),
            kurtosis: if n < 20.0 {
                0.0
            } else {
                (n * n + m * m + n * m + all) / (20.0 * n * m * (all + 1.0))
            },
        }
    }

    fn at_most(&self, u: f64) -> f64 {
        let normal = Normal::standard();
        let z = (u + 0.5 - self.mean) / self.deviation;
        // Where all values are equal, U is its mean and nothing else.
        if z.is_nan() || z.is_infinite() {
            return if u >= self.mean { 1.0 } else { 0.0 };
        }
        let probability = normal.cdf(z) + self.kurtosis * (z.powi(3) - 3.0 * z) * normal.pdf(z);
        // No choice is less probable than the most extreme one.
        probability.clamp(self.least, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counted by hand: of the 20 choices of 3 out of 6 ranks one has the sum 6, one 7, two 8, three 9.
    #[test]
    fn small_distributions_are_those_counted_by_hand() {
        let separate = rank_sum_test(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]);
        assert_eq!((separate.less, separate.greater), (1.0 / 20.0, 1.0));
        let one_swap = rank_sum_test(&[1.0, 2.0, 5.0], &[4.0, 3.0, 6.0]);
        assert_eq!(one_swap.less, 4.0 / 20.0);
        assert_eq!(one_swap.two_sided(), 0.4);
        // Mid-ranks 1.5, 1.5, 3.5, 3.5: of the six choices one has the sum 3, four have 5, one has 7.
        let tied = rank_sum_test(&[1.0, 1.0], &[2.0, 2.0]);
        assert_eq!((tied.less, tied.greater), (1.0 / 6.0, 1.0));
        let equal = rank_sum_test(&[1.0; 5], &[1.0; 5]);
        assert_eq!((equal.less, equal.greater), (1.0, 1.0));
    }

    /// Tables of Mann and Whitney (1947) and Lehmann, table B: P(U <= 2) = 4/252 for 5 and 5, critical value 23 at 2.5 %
    /// for 10 and 10.
    #[test]
    fn critical_values_are_those_of_the_tables() {
        assert_eq!(critical_pairs(4, 4, 0.01), None);
        assert_eq!(critical_pairs(5, 5, 0.01), Some(2));
        assert_eq!(critical_pairs(5, 5, 4.0 / 252.0), Some(3));
        assert_eq!(critical_pairs(10, 10, 0.025), Some(24));
        assert_eq!(critical_pairs(0, 7, 0.5), None);
        assert_eq!(critical_pairs(1, 1, 0.5), Some(1));
    }

    #[test]
    fn exchanged_samples_exchange_the_probabilities() {
        for size in [3, 8, 40] {
            let a: Vec<f64> = (0..size).map(|i| f64::from(i * 7 % 11)).collect();
            let b: Vec<f64> = (0..size + 2).map(|i| f64::from(i * 5 % 13)).collect();
            let (ab, ba) = (rank_sum_test(&a, &b), rank_sum_test(&b, &a));
            assert_eq!((ab.less, ab.greater), (ba.greater, ba.less), "{size}");
        }
    }

    /// Where the exact distribution ends, both are known.
    #[test]
    fn the_approximation_is_as_near_as_it_says() {
        for (n, m, bound) in [
            (28, 28, 3e-5),
            (20, 40, 3e-5),
            (19, 40, 6e-3),
            (10, 100, 6e-3),
            (5, 300, 6e-3),
        ] {
            assert!(is_exact(n, m));
            let ranks = Ranks::without_ties(n, m);
            let (exact, near) = (null_distribution(&ranks, n), Approximation::of(&ranks, n, m));
            for u in 0..n * m {
                let (exact, near) = (exact.at_most(ranks.sum + 2 * u as u64), near.at_most(u as f64));
                assert!((exact - near).abs() < bound, "{n} {m}: {near} instead of {exact}");
                assert!(n >= 20 || exact > 0.03 || near > exact, "{n} {m}: {near} below {exact}");
            }
        }
    }

    #[test]
    fn nothing_is_known_of_an_empty_sample() {
        assert_eq!(rank_sum_test(&[], &[1.0]).two_sided(), 1.0);
    }
}
