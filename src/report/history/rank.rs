//! The order in which series are shown, and what they are called.

use std::cmp::{Ordering, Reverse};

use super::Context;
use crate::track::{Analysis, History, Series, Turn};

/// Whether a series shows anything.
pub(super) fn has_changed(analysis: &Analysis) -> bool {
    !analysis.changes.is_empty() || analysis.drift.is_some()
}

/// The series that changed, the worst first, then all others in their order.
pub(in crate::report) fn ranked<'a>(context: Context<'a>) -> Vec<(&'a Series, &'a Analysis)> {
    let Context { history, analyses, .. } = context;
    let mut ranked: Vec<_> = history.series.iter().zip(analyses).collect();
    ranked.sort_by(|(_, a), (_, b)| {
        let changed = |analysis| Reverse(has_changed(analysis));
        changed(a).cmp(&changed(b)).then_with(|| worst_first(history, a, b))
    });
    ranked
}

/// By the largest change for the worse, then by the largest at all.
fn worst_first(history: &History, a: &Analysis, b: &Analysis) -> Ordering {
    let largest = |analysis: &Analysis, wanted: Option<Turn>| {
        let drift = analysis
            .drift
            .map(|drift| (Turn::of(drift.change, history.better), drift.change.abs()));
        let changes = analysis
            .changes
            .iter()
            .map(|change| (change.turn, change.point.change().abs()));
        let all = changes
            .chain(drift)
            .filter(|(turn, _)| wanted.is_none_or(|wanted| *turn == wanted));
        all.map(|(_, size)| size).fold(0.0, f64::max)
    };
    let by = |wanted| largest(b, wanted).total_cmp(&largest(a, wanted));
    by(Some(Turn::Worse)).then_with(|| by(None))
}

/// What tells the machine of a series from the others of its history: nothing where there is one, else its number from 1.
pub(in crate::report) fn machine(history: &History, series: &Series) -> String {
    match series.machine {
        Some(machine) if history.machines.len() > 1 => format!(" [{}]", machine + 1),
        _ => String::new(),
    }
}
