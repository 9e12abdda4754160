//! A history as small multiples: the worst first.

use std::collections::BTreeMap;

use super::Context;
use super::rank::{machine, ranked};
use super::text::signed;
use crate::report::pictures::short;
use crate::report::plot::{HistoryChart, HistoryPanel, Level, MOST_PANELS, Mark, Step};
use crate::report::words;
use crate::stats::{median, sorted};
use crate::track::{Analysis, History, Series};
use crate::units::Unit;

/// Boundaries that get a number; a picture has no room for the words of more.
const MOST_BOUNDARIES: usize = 30;

/// A panel for each series.
#[must_use]
pub fn picture(context: Context) -> HistoryChart {
    let Context { history, .. } = context;
    let ranked = ranked(context);
    let shown = &ranked[..ranked.len().min(MOST_PANELS)];
    let names: Vec<&str> = shown.iter().map(|(series, _)| series.name.as_str()).collect();
    let (titles, common) = short::labels(&names);
    let numbers = numbers(shown.iter().map(|(series, _)| *series));
    let mut panels: Vec<HistoryPanel> = shown
        .iter()
        .zip(titles)
        .map(|((series, analysis), title)| panel(history, series, analysis, title, &numbers))
        .collect();
    // What is left out is counted by the drawing, which needs to know how much there is.
    panels.extend(ranked[shown.len()..].iter().map(|(series, _)| empty(series)));
    HistoryChart {
        title: title(context),
        subtitle: subtitle(history),
        panels,
        boundaries: in_order(&numbers),
        footer: footer(context, short::in_common(common)),
    }
}

fn title(context: Context) -> String {
    let better = context.history.better;
    let worse = context
        .analyses
        .iter()
        .filter(|analysis| analysis.is_worse(better, 0))
        .count();
    let series = context.analyses.len();
    match worse {
        0 => format!("Values over time: {series} series, none changed for the worse"),
        worse => format!("Values over time: {series} series, {worse} changed for the worse"),
    }
}

fn subtitle(history: &History) -> String {
    let machines = history.machines.iter().map(|machine| words::machine(&machine.identity));
    if history.machines.len() > 1 {
        let numbered = machines
            .zip(1..)
            .map(|(machine, number)| format!("[{number}] {machine}"));
        numbered.collect::<Vec<_>>().join(". ")
    } else {
        machines.collect()
    }
}

/// What changed anywhere, each with its number in the order in which the panels have them, from 1.
fn numbers<'a>(shown: impl Iterator<Item = &'a Series>) -> BTreeMap<&'a str, usize> {
    let mut numbers = BTreeMap::new();
    let boundaries = shown.flat_map(|series| &series.boundaries);
    for changed in boundaries.flat_map(|boundary| &boundary.changed) {
        let next = numbers.len() + 1;
        if next <= MOST_BOUNDARIES {
            numbers.entry(changed.as_str()).or_insert(next);
        }
    }
    numbers
}

fn in_order(numbers: &BTreeMap<&str, usize>) -> Vec<String> {
    let mut all: Vec<(usize, &str)> = numbers.iter().map(|(changed, number)| (*number, *changed)).collect();
    all.sort_unstable();
    all.into_iter().map(|(_, changed)| changed.to_owned()).collect()
}

fn empty(series: &Series) -> HistoryPanel {
    HistoryPanel {
        title: series.name.clone(),
        unit: None,
        times: [String::new(), String::new()],
        values: Vec::new(),
        ranges: Vec::new(),
        levels: Vec::new(),
        steps: Vec::new(),
        boundaries: Vec::new(),
    }
}

fn panel(
    history: &History,
    series: &Series,
    analysis: &Analysis,
    title: String,
    numbers: &BTreeMap<&str, usize>,
) -> HistoryPanel {
    let time = |index: usize| history.moment(series, index).time.clone();
    let steps = analysis.changes.iter().map(|change| Step {
        index: change.point.index,
        turn: change.turn,
        words: signed(change.point.change()),
    });
    let boundaries = series.boundaries.iter().map(|boundary| {
        let known = boundary
            .changed
            .iter()
            .filter_map(|changed| numbers.get(changed.as_str()));
        let words: Vec<String> = known.map(ToString::to_string).collect();
        Mark {
            index: boundary.index,
            words: words.join(","),
        }
    });
    HistoryPanel {
        title: title + &machine(history, series),
        // A value of a session is a time; of a table nobody knows what it is.
        unit: series.machine.map(|_| Unit::Second),
        times: [time(0), time(series.values.len() - 1)],
        values: series.values.clone(),
        ranges: series.ranges.clone(),
        levels: levels(series, analysis),
        steps: steps.collect(),
        boundaries: boundaries.collect(),
    }
}

/// The levels between the change points; that of a drift follows it.
fn levels(series: &Series, analysis: &Analysis) -> Vec<Level> {
    let count = series.values.len();
    let known = |from: usize, to: usize| -> Vec<f64> {
        let values = series.values[from..to].iter().copied();
        values.filter(|value| value.is_finite()).collect()
    };
    let starts = std::iter::once(0).chain(analysis.changes.iter().map(|change| change.point.index));
    let ends = analysis.changes.iter().map(|change| change.point.index).chain([count]);
    let mut levels: Vec<Level> = Vec::new();
    let mut add = |from: usize, to: usize, change: f64| {
        if let Some(middle) = median(&sorted(&known(from, to))) {
            let half = change / 2.0 * middle.abs();
            levels.push(Level {
                points: (from, to),
                values: (middle - half, middle + half),
            });
        }
    };
    for (from, to) in starts.zip(ends) {
        match analysis.drift {
            Some(drift) if to == count => {
                add(from, drift.index.max(from), 0.0);
                add(drift.index.max(from), to, drift.change);
            }
            _ => add(from, to, 0.0),
        }
    }
    levels
}

fn footer(context: Context, common: Option<String>) -> Vec<String> {
    let is_timed = !context.history.machines.is_empty();
    let value = if is_timed {
        "A value is the time of one dispatch, the median of a session's runs; its band is the 95 % interval of that median, or \
         what the runs span where they are fewer than six. "
    } else {
        ""
    };
    let levels = format!(
        "{value}A level is the median between two changes; a slanted one drifts. {} is better. Each panel has its own scale, which \
         does not begin at 0.",
        match context.history.better {
            crate::track::Better::Lower => "Lower",
            crate::track::Better::Higher => "Higher",
        }
    );
    let rule = super::text::rule(context.settings);
    common
        .into_iter()
        .chain([levels, format!("Found by {rule}.")])
        .collect()
}
