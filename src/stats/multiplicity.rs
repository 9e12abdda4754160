//! Many tests at once.

/// The probabilities adjusted so that whatever is at most q may be called a discovery, and at most a part q of the
/// discoveries is false on average, for independent or positively dependent tests (Benjamini and Hochberg, "Controlling
/// the false discovery rate", J. R. Statist. Soc. B 57, 1995). Where nothing is to be discovered, that is the chance of
/// any discovery at all.
#[must_use]
pub fn benjamini_hochberg(probabilities: &[f64]) -> Vec<f64> {
    let count = probabilities.len();
    let mut descending: Vec<usize> = (0..count).collect();
    descending.sort_unstable_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]));
    let mut adjusted = vec![1.0; count];
    let mut least = 1.0_f64;
    for (place, index) in descending.into_iter().enumerate() {
        least = least.min(probabilities[index] * count as f64 / (count - place) as f64);
        adjusted[index] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the paper: 15 tests, of which the four smallest are discoveries at 5 %.
    #[test]
    fn the_example_of_the_paper_has_four_discoveries() {
        let probabilities = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let adjusted = benjamini_hochberg(&probabilities);
        assert_eq!(adjusted.iter().filter(|p| **p <= 0.05).count(), 4);
        assert!((adjusted[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-15);
        assert!(benjamini_hochberg(&[]).is_empty());
        assert_eq!(benjamini_hochberg(&[0.3]), [0.3]);
    }
}
