//! A history for a reader of plain text, in 80 columns: the worst first.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::Context;
use super::rank::{has_changed, machine, ranked};
use crate::error::tame;
use crate::report::{paragraph, words, wrap};
use crate::stats::{Method, Settings};
use crate::track::{Analysis, Boundary, Change, Drift, History, Series, Turn};
use crate::units::{Unit, counted, percent, quantity, significant};

const WIDTH: usize = 80;
/// Of the lines below an event.
const INDENT: usize = 19;
/// Series that are shown; the rest is counted, and in JSON and CSV.
const SHOWN: usize = 50;

/// The history with everything that changed.
#[must_use]
pub fn text(context: Context) -> String {
    let history = context.history;
    let mut out = head(context);
    let mut changed = ranked(context);
    changed.retain(|(_, found)| has_changed(found));
    for (series, analysis) in changed.iter().take(SHOWN) {
        out += &one(history, series, analysis);
    }
    if changed.len() > SHOWN {
        let _ = writeln!(
            out,
            "\nand {} more series: --json and --csv have all",
            changed.len() - SHOWN
        );
    }
    out + "\n" + &tail(context)
}

fn head(context: Context) -> String {
    let history = context.history;
    let mut out = String::new();
    for (number, machine) in (1..).zip(&history.machines) {
        let number = if history.machines.len() > 1 {
            format!("[{number}] ")
        } else {
            String::new()
        };
        out += &paragraph(&(number + &words::machine(&machine.identity)));
    }
    out + &paragraph(&summary(context))
}

/// How many series there are, and of how many of them the level changed.
pub(in crate::report) fn summary(context: Context) -> String {
    let Context { history, analyses, .. } = context;
    let points = history.series.iter().map(|series| series.values.len());
    let longest = points.max().unwrap_or_default();
    let worse = analyses
        .iter()
        .filter(|analysis| analysis.is_worse(history.better, 0))
        .count();
    let changed = analyses.iter().filter(|analysis| has_changed(analysis)).count();
    format!(
        "{} series of up to {longest} points, {} is better: {worse} changed for the worse, {} only for the better, {} not at all",
        history.series.len(),
        history.better.word(),
        changed - worse,
        analyses.len() - changed
    )
}

fn one(history: &History, series: &Series, analysis: &Analysis) -> String {
    let mut out = format!("\n{}{}\n", tame(&series.name), machine(history, series));
    for change in &analysis.changes {
        out += &change_point(history, series, change);
        for place in &change.beside {
            out += &wrap(&tame(&beside(&series.boundaries[*place], change)), WIDTH, INDENT);
        }
    }
    if let Some(drift) = analysis.drift {
        out += &drifting(history, series, drift);
    }
    out
}

fn change_point(history: &History, series: &Series, change: &Change) -> String {
    let point = change.point;
    let levels = format!("{} -> {}", value(series, point.before), value(series, point.after));
    let place = format!(
        "at point {}, time {}, p {}",
        point.index,
        history.moment(series, point.index).time,
        probability(point.p)
    );
    event(change.turn, point.change(), &levels) + &wrap(&place, WIDTH, INDENT)
}

fn drifting(history: &History, series: &Series, drift: Drift) -> String {
    let place = format!(
        "from point {}, time {}, p {}",
        drift.index,
        history.moment(series, drift.index).time,
        probability(drift.p)
    );
    let turn = Turn::of(drift.change, history.better);
    event(turn, drift.change, &slowly(drift)) + &wrap(&place, WIDTH, INDENT)
}

/// Over which points a level crept.
pub(in crate::report) fn slowly(drift: Drift) -> String {
    format!("slowly, over the last {} points", drift.points)
}

/// The first line of something that happened; what belongs to it stands below its last column.
fn event(which: Turn, change: f64, what: &str) -> String {
    format!("  {:<6} {:>8}  {what}\n", which.word(), signed(change))
}

pub(in crate::report) fn beside(boundary: &Boundary, change: &Change) -> String {
    let changed = boundary.changed.join("; ");
    let points = |count: usize| counted(count as u64, "point");
    match boundary.index.cmp(&change.point.index) {
        Ordering::Equal => changed,
        Ordering::Less => format!("{changed} ({} before)", points(change.point.index - boundary.index)),
        Ordering::Greater => format!("{changed} ({} later)", points(boundary.index - change.point.index)),
    }
}

/// A change with its sign; from 0 on there is no percentage.
pub(in crate::report) fn signed(change: f64) -> String {
    if !change.is_finite() {
        return "from 0".to_owned();
    }
    let sign = if change > 0.0 { "+" } else { "" };
    format!("{sign}{}", percent(change))
}

/// Below a thousandth as a power of ten.
pub(in crate::report) fn probability(p: f64) -> String {
    if p < 1e-3 {
        format!("{p:.0e}")
    } else {
        significant(p, 2)
    }
}

/// A value of a session is a time; of a table nobody knows what it is.
pub(in crate::report) fn value(series: &Series, value: f64) -> String {
    if series.machine.is_some() {
        quantity(value, Unit::Second)
    } else {
        significant(value, 4)
    }
}

fn tail(context: Context) -> String {
    let warnings = warnings(context);
    let warnings = warnings.iter().map(|warning| paragraph(&format!("! {warning}")));
    warnings.collect::<String>() + &paragraph(&rule(context.settings))
}

/// What a reader must know before believing it.
pub(in crate::report) fn warnings(context: Context) -> Vec<String> {
    let mut warnings = Vec::new();
    let short = context.history.series.iter().zip(context.analyses);
    let short = short
        .filter(|(series, analysis)| series.values.len() - analysis.missing < LEAST_POINTS)
        .count();
    if short > 0 && context.settings.method == Method::Robust {
        warnings.push(format!(
            "series of fewer than {LEAST_POINTS} points with a value, too few for any change to be told from chance: {short}"
        ));
    }
    warnings.extend(context.notes.iter().cloned());
    warnings
}

/// How changes were told from noise.
pub(in crate::report) fn rule(settings: Settings) -> String {
    format!(
        "method {}: p at most {}, at least {}, windows of {}",
        settings.method.word(),
        significant(settings.p, 2),
        percent(settings.least),
        settings.window
    )
}

/// Eight against seven is the fewest that the rank-sum test at its usual p can tell apart.
const LEAST_POINTS: usize = 15;
