//! Change points: the same as apache-otava finds (`scripts/golden/change_points.py` made the file, `scripts/compare-otava`
//! compares with many more), the same whether a series comes at once or point by point, and defined for every finite value.

use std::path::Path;

use onpar::stats::{ChangePoint, Detector, Method, Settings};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    window: usize,
    p: f64,
    least: f64,
    values: Vec<f64>,
    found: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    index: usize,
    before: f64,
    after: f64,
    /// None where no value differs from any other.
    p: Option<f64>,
}

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/change_points.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file")).expect("cases")
}

fn find(settings: Settings, series: &[f64]) -> Vec<ChangePoint> {
    Detector::new(settings).find(series)
}

fn indices(found: &[ChangePoint]) -> Vec<usize> {
    found.iter().map(|point| point.index).collect()
}

const ROBUST: Settings = Settings::of(Method::Robust);

/// Levels to the last bit, because they are added up in the same order; probabilities to nine digits.
#[test]
fn otava_finds_the_same() {
    let cases = cases();
    assert!(cases.len() >= 200, "{}", cases.len());
    for case in cases {
        let settings = Settings {
            method: Method::Otava,
            p: case.p,
            least: case.least,
            window: case.window,
        };
        let found = find(settings, &case.values);
        let expected: Vec<usize> = case.found.iter().map(|point| point.index).collect();
        assert_eq!(indices(&found), expected, "{}", case.name);
        for (ours, theirs) in found.iter().zip(&case.found) {
            assert_eq!(
                (ours.before, ours.after),
                (theirs.before, theirs.after),
                "{}",
                case.name
            );
            let p = theirs.p.unwrap_or(f64::NAN);
            let close = (ours.p - p).abs() <= 1e-9 * p || (ours.p.is_nan() && p.is_nan());
            assert!(close, "{}: {} instead of {p}", case.name, ours.p);
        }
    }
}

/// Noise with steps, some of them near each other, and with equal values where `step` is not 0.
fn series(random: &mut StdRng, count: usize, step: f64) -> Vec<f64> {
    let mut level = 1.0;
    let mut point = |_| {
        if random.random::<f64>() < 0.03 {
            level = 1.0 + 0.2 * random.random::<f64>();
        }
        let noise: f64 = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
        let value = level * (1.0 + 0.01 * noise);
        if step == 0.0 {
            value
        } else {
            (value / step).round() * step
        }
    };
    (0..count).map(&mut point).collect()
}

#[test]
fn points_one_by_one_give_what_all_at_once_give() {
    let mut random = StdRng::seed_from_u64(1);
    for (method, window, rounds) in [(Method::Robust, 50, 2), (Method::Robust, 8, 4), (Method::Otava, 30, 2)] {
        for round in 0..rounds {
            let settings = Settings {
                window,
                ..Settings::of(method)
            };
            let values = series(&mut random, 300, if round % 2 == 0 { 0.0 } else { 0.01 });
            let mut growing = Detector::new(settings);
            let mut found = 0;
            for count in 1..=values.len() {
                let now = growing.find(&values[..count]);
                assert_eq!(
                    now,
                    find(settings, &values[..count]),
                    "{method:?} {window} {round}: {count} points"
                );
                found = found.max(now.len());
            }
            assert!(found >= 2, "{method:?} {window} {round}: {found} change points");
        }
    }
}

#[test]
fn a_step_is_found_where_it_is_and_with_its_size() {
    let mut random = StdRng::seed_from_u64(2);
    let mut values = series(&mut random, 0, 0.0);
    values.extend((0..120).map(|i| if i < 57 { 1.0 } else { 1.1 } * (1.0 + 0.001 * random.random::<f64>())));
    let found = find(ROBUST, &values);
    assert_eq!(indices(&found), [57]);
    assert!((found[0].change() - 0.1).abs() < 1e-3, "{found:?}");
    assert!(found[0].p < 1e-6 && found[0].p > 0.0, "{found:?}");
}

/// Ranks do not know units, and no level is special but 0.
#[test]
fn a_factor_changes_no_place() {
    let mut random = StdRng::seed_from_u64(3);
    let values = series(&mut random, 300, 0.0);
    let expected = indices(&find(ROBUST, &values));
    assert!(!expected.is_empty());
    for factor in [2.0_f64.powi(-40), 2.0_f64.powi(40), -1.0] {
        let scaled: Vec<f64> = values.iter().map(|value| value * factor).collect();
        assert_eq!(indices(&find(ROBUST, &scaled)), expected, "{factor}");
    }
}

#[test]
fn too_few_values_or_equal_ones_have_no_change_point() {
    for method in [Method::Robust, Method::Otava] {
        let settings = Settings::of(method);
        for values in [
            vec![],
            vec![1.0],
            vec![1.0, 2.0],
            vec![0.0; 200],
            vec![-3.5; 51],
            vec![1e300; 99],
        ] {
            assert_eq!(find(settings, &values), [], "{method:?}: {} values", values.len());
        }
    }
    // Seven on either side of the largest change there can be are not enough, eight are.
    for (count, expected) in [(7, vec![]), (8, vec![8])] {
        let values: Vec<f64> = (0..2 * count).map(|i| if i < count { 1.0 } else { 2.0 }).collect();
        assert_eq!(indices(&find(ROBUST, &values)), expected);
    }
}

#[test]
fn a_change_from_zero_or_through_it_is_as_large_as_can_be() {
    let step = |before: f64, after: f64| -> Vec<f64> { (0..60).map(|i| if i < 30 { before } else { after }).collect() };
    for (before, after) in [(0.0, 1.0), (1.0, 0.0), (-1.0, 1.0), (0.0, -1.0)] {
        let found = find(ROBUST, &step(before, after));
        assert_eq!(indices(&found), [30], "{before} to {after}");
        assert_eq!((found[0].before, found[0].after), (before, after));
        assert_eq!(found[0].change().is_finite(), before != 0.0);
    }
}

#[test]
fn the_largest_and_the_smallest_numbers_do_no_harm() {
    for scale in [1e308, 1e-308, f64::MIN_POSITIVE] {
        for method in [Method::Robust, Method::Otava] {
            let values: Vec<f64> = (0..150)
                .map(|i| if (i / 40) % 2 == 0 { scale } else { -scale })
                .collect();
            let found = find(Settings::of(method), &values);
            assert!(found.iter().all(|point| point.index < 150), "{found:?}");
        }
    }
}
