//! When most cases move together, it is seldom the work of a change to one of them.

use super::case::Verdict;
use super::history::{Expected, moved};
use super::measured::{Measured, ReferenceTime};
use super::rule::{LEAST_POINTS, Rule};
use crate::stats::{Prediction, median, sorted};

/// Fewer cases do not make a machine.
const LEAST_CASES: usize = 8;
/// The part of the cases that has to move, and alike.
const MOST_CASES: f64 = 0.6;

/// Most cases became faster, or slower, by about the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Movement {
    /// Time now over time before, of half of them.
    pub ratio: f64,
    /// How many moved.
    pub moved: usize,
    /// Of how many.
    pub of: usize,
    /// What the reference kernels did, as far as enough earlier sessions have them.
    pub references: Vec<ReferenceMove>,
    /// What is behind it.
    pub cause: Cause,
}

/// A reference kernel, which is the same in every session.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceMove {
    /// The kernel, as a case.
    pub case: String,
    /// Its time now over that before.
    pub ratio: f64,
    /// Whether it moved the same way, beyond chance.
    pub moved: bool,
}

/// What is behind a movement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The machine: a reference kernel moved too, and driver, wgpu and onpar are the same.
    Machine,
    /// Something of the soft identity changed, each as `driver_version 'a' -> 'b'`.
    Changed(Vec<String>),
    /// Neither.
    Unknown,
}

impl Movement {
    /// Whether no change to the code is to blame.
    #[must_use]
    pub fn is_of_machine(&self) -> bool {
        self.cause == Cause::Machine
    }
}

/// The movement of most cases, if there is one.
pub(super) fn movement(
    cases: &[Expected],
    now: &Measured,
    past: &super::Past,
    soft: &[String],
    rule: Rule,
) -> Option<Movement> {
    let beyond = moved(cases, 0.0, rule);
    let enough = |count: usize| count as f64 > MOST_CASES * cases.len() as f64;
    let (direction, members) = [Verdict::Regressed, Verdict::Improved]
        .into_iter()
        .find_map(|direction| {
            let members: Vec<&Expected> = cases
                .iter()
                .zip(&beyond)
                .filter(|(_, (_, verdict))| *verdict == Some(direction))
                .map(|(case, _)| case)
                .collect();
            (cases.len() >= LEAST_CASES && enough(members.len())).then_some((direction, members))
        })?;
    let middle = median(&sorted(&members.iter().map(|case| case.change).collect::<Vec<_>>()))?;
    let is_alike = |case: &&&Expected| (case.change - middle).abs() <= case.smallest(rule).ln_1p();
    if !enough(members.iter().filter(is_alike).count()) {
        return None;
    }
    let floor = members.first().map_or(0.0, |case| case.floor);
    let references: Vec<ReferenceMove> = now
        .references
        .iter()
        .filter_map(|reference| reference_move(reference, &steady(reference, now, past), floor, direction, rule))
        .collect();
    let cause = if !soft.is_empty() {
        Cause::Changed(soft.to_vec())
    } else if references.iter().any(|reference| reference.moved) {
        Cause::Machine
    } else {
        Cause::Unknown
    };
    Some(Movement {
        ratio: middle.exp(),
        moved: members.len(),
        of: cases.len(),
        references,
        cause,
    })
}

/// Logarithms of the times of a reference kernel in the earlier sessions with the same soft key.
fn steady(reference: &ReferenceTime, now: &Measured, past: &super::Past) -> Vec<f64> {
    let alike = past
        .sessions
        .iter()
        .filter(|(_, past)| past.header.keys.soft == now.header.keys.soft);
    let times = alike.flat_map(|(_, past)| past.references.iter().filter(|other| other.case == reference.case));
    times.map(|time| time.seconds.ln()).collect()
}

fn reference_move(
    reference: &ReferenceTime,
    before: &[f64],
    floor: f64,
    direction: Verdict,
    rule: Rule,
) -> Option<ReferenceMove> {
    let prediction = Prediction::of(before, floor, 0.0).filter(|_| before.len() >= LEAST_POINTS)?;
    let now = reference.seconds.ln();
    let change = now - prediction.centre;
    let smallest = prediction.smallest_change().max(rule.least).ln_1p();
    let is_same_way = (change > 0.0) == (direction == Verdict::Regressed);
    Some(ReferenceMove {
        case: reference.case.clone(),
        ratio: change.exp(),
        moved: is_same_way && change.abs() >= smallest && prediction.p(now) <= rule.alpha,
    })
}
