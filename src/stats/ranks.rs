//! Mid-ranks of two samples together.

/// The ranks of two samples among all their values, doubled so that mid-ranks are whole numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranks {
    /// Twice the mid-rank of every value of both samples, ascending.
    pub(super) all: Vec<u32>,
    /// Twice the sum of the first sample's mid-ranks.
    pub(super) sum: u64,
}

impl Ranks {
    /// Values that compare equal share the mean of their ranks.
    pub(super) fn of(first: &[f64], second: &[f64]) -> Self {
        let of_first = first.iter().map(|value| (*value, true));
        let of_second = second.iter().map(|value| (*value, false));
        let mut values: Vec<(f64, bool)> = of_first.chain(of_second).collect();
        values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut all = Vec::with_capacity(values.len());
        let mut sum = 0;
        for tied in values.chunk_by(|a, b| a.0 == b.0) {
            // Ranks p + 1 to p + t have the mean p + (t + 1) / 2.
            let doubled = (2 * all.len() + tied.len() + 1) as u32;
            all.extend(std::iter::repeat_n(doubled, tied.len()));
            sum += u64::from(doubled) * tied.iter().filter(|(_, is_first)| *is_first).count() as u64;
        }
        Self { all, sum }
    }

    /// The ranks of values of which no two are equal, with the first sample the smallest.
    pub(super) fn without_ties(first: usize, second: usize) -> Self {
        let all: Vec<u32> = (1..=(first + second) as u32).map(|rank| 2 * rank).collect();
        let sum = all[..first].iter().map(|rank| u64::from(*rank)).sum();
        Self { all, sum }
    }

    /// Whether any two values are equal.
    pub(super) fn has_ties(&self) -> bool {
        self.all.windows(2).any(|pair| pair[0] == pair[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_the_mean_of_their_ranks() {
        let ranks = Ranks::of(&[3.0, 1.0, 2.0], &[2.0, 2.0, 5.0]);
        // Ranks 1, 3, 3, 3, 5, 6.
        assert_eq!(ranks.all, [2, 6, 6, 6, 10, 12]);
        assert_eq!(ranks.sum, 2 + 6 + 10);
        assert!(ranks.has_ties());
        assert_eq!(Ranks::of(&[1.0, 2.0], &[4.0, 3.0]), Ranks::without_ties(2, 2));
    }
}
