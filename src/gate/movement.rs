//! When most cases move together, it is seldom the work of a change to one of them.

use super::case::{Judged, Verdict};
use super::history::Past;
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

/// The movement of most cases, if there is one. `references` says of a direction what the reference kernels did.
pub(super) fn movement(
    cases: &[Judged],
    soft: &[String],
    references: impl FnOnce(Verdict) -> Vec<ReferenceMove>,
) -> Option<Movement> {
    let enough = |count: usize| cases.len() >= LEAST_CASES && count as f64 > MOST_CASES * cases.len() as f64;
    let (direction, changes) = [Verdict::Regressed, Verdict::Improved]
        .into_iter()
        .map(|direction| (direction, changes(cases, direction)))
        .find(|(_, changes)| enough(changes.len()))?;
    let middle = median(&sorted(&changes.iter().map(|(change, _)| *change).collect::<Vec<_>>()))?;
    let alike = changes
        .iter()
        .filter(|(change, smallest)| (change - middle).abs() <= *smallest);
    if !enough(alike.count()) {
        return None;
    }
    let references = references(direction);
    let cause = if !soft.is_empty() {
        Cause::Changed(soft.to_vec())
    } else if references.iter().any(|reference| reference.moved) {
        Cause::Machine
    } else {
        Cause::Unknown
    };
    Some(Movement {
        ratio: middle.exp(),
        moved: changes.len(),
        of: cases.len(),
        references,
        cause,
    })
}

/// Of the cases that changed in this direction by how much, and how much is the smallest change, as logarithms.
fn changes(cases: &[Judged], direction: Verdict) -> Vec<(f64, f64)> {
    let changed = cases.iter().filter(|case| case.verdict == direction);
    changed
        .filter_map(|case| Some((case.ratio?.ln(), case.smallest?.ln_1p())))
        .collect()
}

/// What the reference kernels did since the earlier sessions of the same soft key, as far as enough of them have any.
pub(super) fn reference_moves(
    now: &Measured,
    past: &Past,
    direction: Verdict,
    floor: f64,
    rule: Rule,
) -> Vec<ReferenceMove> {
    let sessions = past.sessions.iter().map(|(_, session)| session);
    let alike: Vec<&Measured> = sessions
        .filter(|session| session.header.keys.soft == now.header.keys.soft)
        .collect();
    let of_one = |reference: &ReferenceTime| {
        let times = alike.iter().flat_map(|session| &session.references);
        let before: Vec<f64> = times
            .filter(|other| other.case == reference.case)
            .map(|other| other.seconds.ln())
            .collect();
        reference_move(reference, &before, direction, floor, rule)
    };
    now.references.iter().filter_map(of_one).collect()
}

fn reference_move(
    reference: &ReferenceTime,
    before: &[f64],
    direction: Verdict,
    floor: f64,
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
