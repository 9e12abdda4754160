//! The roofs that a session measured, as a roofline shows them.

use std::collections::BTreeMap;

use super::is_memory_ceiling;
use crate::kernels::{Engine, Precision, Role};
use crate::normalise::{Physics, Score, Scores};
use crate::units::Interval;

/// Memory roofs nearer to each other than this are one.
const DISTINCT: f64 = 1.05;

/// The ceilings that can be.
pub(super) struct Ceilings<'s> {
    /// Bytes per second: the fastest, and the fastest of what each kernel did at its largest size, if that is another.
    pub(super) memory: Vec<(&'s Score, f64)>,
    /// Operations per second, the best of each precision and engine.
    pub(super) compute: BTreeMap<(Precision, Engine), f64>,
}

impl<'s> Ceilings<'s> {
    pub(super) fn of(scores: &'s Scores) -> Self {
        let plausible = || scores.rows.iter().filter(|score| score.physics != Physics::Impossible);
        let mut compute = BTreeMap::new();
        for score in plausible() {
            if let (Role::ComputeCeiling(engine), Some(precision), Some(rate)) =
                (score.role(), score.case.precision, score.operation_rate())
            {
                let best: &mut f64 = compute.entry((precision, engine)).or_default();
                *best = best.max(rate);
            }
        }
        let rates: Vec<(&Score, f64)> = plausible()
            .filter(|score| is_memory_ceiling(&score.case))
            .filter_map(|score| Some((score, score.byte_rate()?)))
            .collect();
        Self {
            memory: memory(&rates),
            compute,
        }
    }

    /// From the largest sizes to the fastest; unknown where none was measured.
    pub(super) fn bandwidth(&self) -> Interval {
        let rates = self.memory.iter().map(|(_, rate)| *rate);
        let high = rates.clone().reduce(f64::max);
        let low = rates.reduce(f64::min);
        low.zip(high)
            .map_or(Interval::UNKNOWN, |(low, high)| Interval::new(low, high))
    }

    /// The best engine for operands stored at a precision, at the precision that it computes them in.
    pub(super) fn peak(&self, precision: Precision) -> Interval {
        let computes = |(of, engine): &(Precision, Engine)| *of == engine.arithmetic(precision);
        let fits = self.compute.iter().filter(|(key, _)| computes(key));
        let best = fits.map(|(_, rate)| *rate).reduce(f64::max);
        best.map_or(Interval::UNKNOWN, Interval::point)
    }
}

fn memory<'s>(rates: &[(&'s Score, f64)]) -> Vec<(&'s Score, f64)> {
    let faster = |a: (&'s Score, f64), b: (&'s Score, f64)| if b.1 > a.1 { b } else { a };
    let largest_of = |score: &Score| {
        let same = rates.iter().filter(|(other, _)| other.case.kernel == score.case.kernel);
        same.map(|(other, _)| other.work.bytes()).max()
    };
    let is_largest = |(score, _): &(&Score, f64)| largest_of(score) == Some(score.work.bytes());
    let fastest = rates.iter().copied().reduce(faster);
    let largest = rates.iter().copied().filter(is_largest).reduce(faster);
    match (fastest, largest) {
        (Some(fastest), Some(largest)) if fastest.1 > DISTINCT * largest.1 => vec![fastest, largest],
        (_, largest) => largest.into_iter().collect(),
    }
}
