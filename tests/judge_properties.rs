//! What no comparison may ever do, over many random runs: prefer a side, depend on a unit or on the order of the runs, or
//! contradict itself. Runs come from a seeded generator, so that every run of the tests tries the same ones.

use onpar::judge::{Finding, Fraction, Lean, Rule, Runs, Verdict, next_look};
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};

const FAMILIES: u64 = 300;

/// Runs of some cases: continuous, or in steps so coarse that many are equal; near parity, at the margin, far away.
fn family(random: &mut StdRng) -> Vec<Runs> {
    let case = |random: &mut StdRng| {
        let step = [0.0, 1e-3, 0.05][random.random_range(0..3)];
        let spread = [0.001, 0.02, 0.3][random.random_range(0..3)];
        let ratio = [1.0, 1.1, 1.0 / 1.1, 1.12, 0.5, 1.02][random.random_range(0..6)];
        let mut side = |centre: f64| {
            let count = [1, 4, 5, 6, 10, 20, 21, 30][random.random_range(0..8)];
            let run = |_| {
                let value: f64 = centre * (1.0 + spread * (random.random::<f64>() - 0.5));
                if step > 0.0 {
                    (value / step).round() * step
                } else {
                    value
                }
            };
            (0..count).map(run).collect::<Vec<_>>()
        };
        Runs {
            over: side(ratio),
            under: side(1.0),
        }
    };
    let cases = random.random_range(1..12);
    (0..cases).map(|_| case(random)).collect()
}

fn each(check: impl Fn(Rule, Vec<Runs>, &mut StdRng)) {
    for seed in 0..FAMILIES {
        let mut random = StdRng::seed_from_u64(seed);
        let margin = [0.0, 0.02, 0.1, 1.0][seed as usize % 4];
        let family = family(&mut random);
        check(Rule { margin, alpha: 0.05 }, family, &mut random);
    }
}

fn swapped(runs: &Runs) -> Runs {
    Runs {
        over: runs.under.clone(),
        under: runs.over.clone(),
    }
}

/// Whether one ratio is the inverse of another to two units in the last place.
fn are_inverse(one: Fraction, other: Fraction) -> bool {
    let (inverse, other) = (1.0 / one.value(), other.value());
    let steps = inverse.to_bits().abs_diff(other.to_bits());
    steps <= 2
}

#[track_caller]
fn assert_mirrored(found: &Finding, mirror: &Finding) {
    assert_eq!(found.verdict, mirror.verdict.mirrored());
    assert_eq!(found.leans, mirror.leans.mirrored());
    assert_eq!(found.next_look, mirror.next_look);
    let (ratio, other) = (found.ratio.expect("runs"), mirror.ratio.expect("runs"));
    assert!(are_inverse(ratio, other), "{ratio:?} {other:?}");
    assert_eq!(found.interval.is_some(), mirror.interval.is_some());
    if let (Some((low, high)), Some((other_low, other_high))) = (found.interval, mirror.interval) {
        assert!(are_inverse(low, other_high), "{low:?} {other_high:?}");
        assert!(are_inverse(high, other_low), "{high:?} {other_low:?}");
    }
}

#[test]
fn exchanging_the_devices_mirrors_everything() {
    each(|rule, family, _| {
        let findings = rule.judge(&family);
        let mirrors = rule.judge(&family.iter().map(swapped).collect::<Vec<_>>());
        findings
            .iter()
            .zip(&mirrors)
            .for_each(|(found, mirror)| assert_mirrored(found, mirror));
    });
}

#[test]
fn neither_the_order_of_runs_nor_that_of_cases_matters() {
    each(|rule, family, random| {
        let findings = rule.judge(&family);
        let mut shuffled: Vec<(usize, Runs)> = family.into_iter().enumerate().collect();
        shuffled.shuffle(random);
        for (_, runs) in &mut shuffled {
            runs.over.shuffle(random);
            runs.under.shuffle(random);
        }
        let (places, family): (Vec<_>, Vec<_>) = shuffled.into_iter().unzip();
        for (place, found) in places.into_iter().zip(rule.judge(&family)) {
            assert_eq!(found, findings[place]);
        }
    });
}

/// A factor that is a power of two rounds nothing.
#[test]
fn a_unit_does_not_matter() {
    each(|rule, family, _| {
        let scale = |values: &[f64]| values.iter().map(|value| value * 1024.0).collect();
        let scaled: Vec<Runs> = family
            .iter()
            .map(|runs| Runs {
                over: scale(&runs.over),
                under: scale(&runs.under),
            })
            .collect();
        for (found, other) in rule.judge(&family).iter().zip(rule.judge(&scaled)) {
            let value = |found: &Finding| found.ratio.expect("runs").value();
            assert_eq!((found.verdict, found.leans), (other.verdict, other.leans));
            assert_eq!(value(found), value(&other));
        }
    });
}

#[test]
fn a_verdict_agrees_with_what_is_shown() {
    each(|rule, family, _| {
        let (bottom, top) = (1.0 / (1.0 + rule.margin), 1.0 + rule.margin);
        for (runs, found) in family.iter().zip(rule.judge(&family)) {
            let count = runs.over.len().min(runs.under.len());
            assert_eq!(found.interval.is_some(), count >= 5);
            assert_eq!(found.next_look, next_look(count));
            let ratio = found.ratio.expect("runs").value();
            let Some((low, high)) = found.interval else {
                assert_eq!(found.verdict, Verdict::Inconclusive);
                continue;
            };
            let (low, high) = (low.value(), high.value());
            let within = |value: f64, end: f64| (value / end - 1.0).abs() < 1e-12;
            assert!(low <= ratio * (1.0 + 1e-12) && ratio <= high * (1.0 + 1e-12));
            match found.verdict {
                Verdict::OnPar => {
                    assert!(low >= bottom || within(low, bottom), "{low}");
                    assert!(high <= top || within(high, top), "{high}");
                }
                Verdict::Ahead => assert!(low >= top && found.leans == Lean::Faster, "{low} {top}"),
                Verdict::Behind => assert!(high <= bottom && found.leans == Lean::Slower, "{high} {bottom}"),
                Verdict::Inconclusive => {
                    assert!(low < bottom || high > top || within(low, bottom) || within(high, top));
                }
            }
        }
    });
}
