//! When to look, and how much of the chance of an error each look may use up.

/// Numbers of runs a side at which a comparison may be decided.
pub const LOOKS: [usize; 3] = [5, 10, 20];

/// The part of alpha that each look may spend. Their sum is one, so that looking three times errs no more often than
/// alpha allows, whatever the looks have to do with each other (Bonferroni).
const SHARES: [f64; 3] = [0.2, 0.3, 0.5];

/// The part of `alpha` for a number of runs: that of the last look passed, none before the first. Whoever stops at a
/// number in between has looked no more often for it.
#[must_use]
pub fn spend(alpha: f64, runs: usize) -> Option<f64> {
    let passed = LOOKS.iter().zip(SHARES).rev().find(|(look, _)| runs >= **look);
    passed.map(|(_, share)| alpha * share)
}

/// The next number of runs at which it is worth looking; none after the last.
#[must_use]
pub fn next_look(runs: usize) -> Option<usize> {
    LOOKS.into_iter().find(|look| *look > runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_runs_counts_as_the_look_before_it() {
        let spent: Vec<_> = [4, 5, 9, 10, 19, 20, 1000].map(|runs| spend(1.0, runs)).to_vec();
        let (first, second, third) = (Some(0.2), Some(0.3), Some(0.5));
        assert_eq!(spent, [None, first, first, second, second, third, third]);
        assert!((SHARES.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert_eq!(
            [0, 5, 7, 19, 20].map(next_look),
            [Some(5), Some(10), Some(10), Some(20), None]
        );
    }
}
