//! What no audit may ever do, over many random chips and workloads: prefer a side, gain certainty by knowing less, or
//! depend on a unit. Cases come from a seeded generator, so that every run tries the same ones.

use std::collections::BTreeMap;

use onpar::audit::{
    Better, Bound, Judgement, Need, Part, Peak, Roofline, Verdict, binding, judge, judge_quantity, speed,
};
use onpar::judge::{Ratio, Region};
use onpar::published::Precision;
use onpar::units::Interval;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

const CASES: u64 = 10_000;
const FORMATS: [Precision; 4] = [Precision::Bf16, Precision::Fp16, Precision::Fp8, Precision::Int8];
const MARGINS: [f64; 4] = [0.0, 0.01, 0.1, 1.0];

/// Calls `check` with a generator for each case.
fn each(check: impl Fn(&mut StdRng)) {
    for case in 0..CASES {
        check(&mut StdRng::seed_from_u64(case));
    }
}

/// A magnitude that both chips have about the same of, or one from far away.
fn value(rng: &mut StdRng, about: f64) -> f64 {
    match rng.random_range(0..4) {
        0 => about,
        1 => about * rng.random_range(0.01..100.0),
        _ => about * rng.random_range(0.5..2.0),
    }
}

/// A figure of every kind: a point, a range, a floor, a ceiling, nothing.
fn figure(rng: &mut StdRng, about: f64) -> Interval {
    let value = value(rng, about);
    match rng.random_range(0..6) {
        0 => Interval::UNKNOWN,
        1 => Interval::at_least(value),
        2 => Interval::at_most(value),
        3 => Interval::new(value, value * rng.random_range(1.0..3.0)),
        _ => Interval::point(value),
    }
}

fn peak(rng: &mut StdRng) -> Peak {
    if rng.random_ratio(1, 8) {
        Peak::NoPath
    } else {
        Peak::Rate(figure(rng, 148e12))
    }
}

fn chip(rng: &mut StdRng, name: &str) -> Roofline {
    Roofline {
        chip: name.to_owned(),
        // The last format is in no list: its peak is unknown.
        peaks: FORMATS[..3].iter().map(|format| (*format, peak(rng))).collect(),
        memory: figure(rng, 4e12),
    }
}

fn part(rng: &mut StdRng) -> Part {
    let amount = |rng: &mut StdRng| {
        if rng.random_ratio(1, 10) {
            0.0
        } else {
            rng.random_range(1e6..1e12)
        }
    };
    Part {
        precision: FORMATS.get(rng.random_range(0..5)).copied(),
        operations: 40.0 * amount(rng),
        bytes: amount(rng),
        count: f64::from(rng.random_range(1_u8..5)),
    }
}

fn parts(rng: &mut StdRng) -> Vec<Part> {
    (0..rng.random_range(1..5)).map(|_| part(rng)).collect()
}

fn margin(rng: &mut StdRng) -> f64 {
    MARGINS[rng.random_range(0..MARGINS.len())]
}

fn is_verdict(judgement: &Judgement) -> bool {
    matches!(judgement.verdict, Verdict::OnPar | Verdict::Ahead | Verdict::Behind)
}

/// An interval around this one.
fn wider(rng: &mut StdRng, interval: Interval) -> Interval {
    let mut end = |end: f64, extreme: f64, factor: f64| match rng.random_range(0..3) {
        0 => end,
        1 => end * factor,
        _ => extreme,
    };
    Interval::new(end(interval.low, 0.0, 0.7), end(interval.high, f64::INFINITY, 1.4))
}

fn widened(rng: &mut StdRng, chip: &Roofline) -> Roofline {
    let mut peak = |peak: &Peak| match peak {
        Peak::Rate(rate) => Peak::Rate(wider(rng, *rate)),
        Peak::NoPath => Peak::NoPath,
    };
    let peaks: BTreeMap<_, _> = chip
        .peaks
        .iter()
        .map(|(format, known)| (*format, peak(known)))
        .collect();
    let memory = wider(rng, chip.memory);
    Roofline {
        peaks,
        memory,
        ..chip.clone()
    }
}

fn scaled(chip: &Roofline, factor: f64) -> Roofline {
    let peak = |peak: &Peak| match peak {
        Peak::Rate(rate) => Peak::Rate(rate.scale(factor)),
        Peak::NoPath => Peak::NoPath,
    };
    Roofline {
        peaks: chip
            .peaks
            .iter()
            .map(|(format, known)| (*format, peak(known)))
            .collect(),
        memory: chip.memory.scale(factor),
        ..chip.clone()
    }
}

#[test]
fn a_chip_is_exactly_itself_whatever_is_known_of_it() {
    each(|rng| {
        let (one, parts) = (chip(rng, "a"), parts(rng));
        let region = Region::parity(margin(rng));
        let judgement = judge(&one, &one, &parts, region).expect("always comparable with itself");
        assert_eq!(judgement.ratio, Some(Ratio::ONE));
        assert_eq!((judgement.verdict, judgement.needs.len()), (Verdict::OnPar, 0));
    });
}

#[test]
fn exchanging_the_chips_exchanges_the_sides_and_mirrors_the_verdict() {
    each(|rng| {
        let (a, b, parts) = (chip(rng, "a"), chip(rng, "b"), parts(rng));
        let region = Region::parity(margin(rng));
        assert_eq!(speed(&a, &b, &parts).map(Ratio::swap), speed(&b, &a, &parts));
        let there = judge(&a, &b, &parts, region).map(|judgement| judgement.verdict.mirrored());
        let back = judge(&b, &a, &parts, region).map(|judgement| judgement.verdict);
        assert_eq!(there, back);
        let mut bound = binding(&a, &b, &parts);
        bound.reverse();
        assert_eq!(bound, binding(&b, &a, &parts));
    });
}

#[test]
fn knowing_less_never_decides() {
    each(|rng| {
        let (a, b, parts) = (chip(rng, "a"), chip(rng, "b"), parts(rng));
        let region = Region::parity(margin(rng));
        let Some(before) = judge(&a, &b, &parts, region) else {
            return;
        };
        let (a, b) = (widened(rng, &a), widened(rng, &b));
        let after = judge(&a, &b, &parts, region).expect("the paths are the same");
        assert!(
            !is_verdict(&after) || after.verdict == before.verdict,
            "{before:?} became {after:?}"
        );
    });
}

#[test]
fn a_factor_on_both_chips_changes_nothing() {
    each(|rng| {
        let (a, b, parts) = (chip(rng, "a"), chip(rng, "b"), parts(rng));
        let region = Region::parity(margin(rng));
        // Powers of two scale a float without rounding it, so that the ratio is the same to the last bit.
        let factor = 2_f64.powi(rng.random_range(-40..40));
        let verdict = |a: &Roofline, b: &Roofline| judge(a, b, &parts, region).map(|judgement| judgement.verdict);
        let (more_a, more_b) = (scaled(&a, factor), scaled(&b, factor));
        assert_eq!(verdict(&a, &b), verdict(&more_a, &more_b));
        let quotient = |a: &Roofline, b: &Roofline| speed(a, b, &parts).map(Ratio::quotient);
        assert_eq!(quotient(&a, &b), quotient(&more_a, &more_b));
    });
}

#[test]
fn single_quantities_keep_the_same_promises() {
    each(|rng| {
        let (a, b) = (figure(rng, 96e9), figure(rng, 96e9));
        let region = Region::parity(margin(rng));
        for better in [Better::More, Better::Less] {
            let verdict = |a, b| judge_quantity(a, b, region, better).verdict;
            assert_eq!(verdict(a, b).mirrored(), verdict(b, a));
            let before = judge_quantity(a, b, region, better);
            let after = judge_quantity(wider(rng, a), wider(rng, b), region, better);
            assert!(!is_verdict(&after) || after.verdict == before.verdict);
            let factor = 2_f64.powi(rng.random_range(-40..40));
            assert_eq!(verdict(a, b), verdict(a.scale(factor), b.scale(factor)));
        }
    });
}

/// What an audit says would have to be true is enough: with the figure it names, the subject is not behind.
#[test]
fn the_figure_that_is_asked_for_is_enough_and_no_less_is() {
    each(|rng| {
        let point = |rng: &mut StdRng, about: f64| Interval::point(about * rng.random_range(0.1..10.0));
        let all = |name: &str, peak, memory| Roofline {
            chip: name.to_owned(),
            peaks: BTreeMap::from([(Precision::Bf16, Peak::Rate(peak))]),
            memory,
        };
        let reference = all("b", point(rng, 148e12), point(rng, 4e12));
        let peak = point(rng, 148e12);
        let subject = |memory| all("a", peak, memory);
        let part = [Part {
            precision: Some(Precision::Bf16),
            ..part(rng)
        }];
        let region = Region::parity(0.1);
        let judgement = judge(&subject(Interval::UNKNOWN), &reference, &part, region).expect("a path");
        let [
            Need {
                bound: Bound::AtLeast(least),
                ..
            },
        ] = judgement.needs[..]
        else {
            return;
        };
        let with = |bandwidth: f64| judge(&subject(Interval::point(bandwidth)), &reference, &part, region);
        let verdict = |bandwidth| with(bandwidth).expect("a path").verdict;
        assert_ne!(verdict(least * (1.0 + 1e-12)), Verdict::Behind);
        assert_eq!(verdict(least * (1.0 - 1e-12)), Verdict::Behind);
    });
}
