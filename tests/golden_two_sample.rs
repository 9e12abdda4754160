//! The two-sample statistics against SciPy: `scripts/golden/two_sample.py` makes the vectors.

use std::path::Path;

use onpar::stats::{Effects, RankSum, benjamini_hochberg, rank_sum_test, sorted};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    rank_sum: Vec<Test>,
    rank_sum_approximate: Vec<Test>,
    shift: Vec<Shift>,
    benjamini_hochberg: Vec<Family>,
}

#[derive(Deserialize)]
struct Test {
    first: Vec<f64>,
    second: Vec<f64>,
    less: f64,
    greater: f64,
    two_sided: f64,
}

#[derive(Deserialize)]
struct Shift {
    first: Vec<f64>,
    second: Vec<f64>,
    tail: f64,
    estimate: f64,
    interval: Option<(f64, f64)>,
}

#[derive(Deserialize)]
struct Family {
    probabilities: Vec<f64>,
    adjusted: Vec<f64>,
}

fn golden() -> Golden {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/two_sample.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the vectors")).expect("vectors")
}

#[track_caller]
fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} instead of {expected}");
}

#[track_caller]
fn assert_test(found: RankSum, vector: &Test, tolerance: f64) {
    assert_near(found.less, vector.less, tolerance);
    assert_near(found.greater, vector.greater, tolerance);
    assert_near(found.two_sided(), vector.two_sided, 2.0 * tolerance);
}

#[test]
fn rank_sums_are_tested_exactly_with_ties_and_without() {
    let vectors = golden().rank_sum;
    assert!(vectors.len() > 50);
    for vector in &vectors {
        assert_test(rank_sum_test(&vector.first, &vector.second), vector, 1e-9);
    }
}

/// As near as the documentation says, where the exact distribution ends.
#[test]
fn beyond_the_exact_distribution_the_error_is_bounded() {
    for vector in &golden().rank_sum_approximate {
        let found = rank_sum_test(&vector.first, &vector.second);
        let few = vector.first.len().min(vector.second.len()) < 20;
        assert_test(found, vector, if few { 6e-3 } else { 3e-5 });
        assert!((found.less - vector.less).abs() > 1e-12, "this one is exact");
    }
}

#[test]
fn shifts_have_the_interval_that_the_test_does_not_reject() {
    let vectors = golden().shift;
    assert!(vectors.iter().any(|vector| vector.interval.is_none()));
    for vector in &vectors {
        let (first, second) = (sorted(&vector.first), sorted(&vector.second));
        let effects = Effects {
            rows: second.len(),
            columns: first.len(),
            at: |row: usize, column: usize| first[column] - second[second.len() - 1 - row],
            order: f64::total_cmp,
        };
        let found = effects.shift(vector.tail).expect("samples");
        assert_near(f64::midpoint(found.middle.0, found.middle.1), vector.estimate, 1e-9);
        assert_eq!(found.interval.is_some(), vector.interval.is_some());
        if let (Some(found), Some(expected)) = (found.interval, vector.interval) {
            assert_near(found.0, expected.0, 1e-9);
            assert_near(found.1, expected.1, 1e-9);
        }
    }
}

#[test]
fn families_of_tests_are_adjusted() {
    for family in &golden().benjamini_hochberg {
        let found = benjamini_hochberg(&family.probabilities);
        found
            .iter()
            .zip(&family.adjusted)
            .for_each(|(found, expected)| assert_near(*found, *expected, 1e-9));
    }
}
