//! The change points of a history as CSV, a line each.

use super::Context;
use crate::report::csv;
use crate::report::text::no_formula;
use crate::track::{Change, History, Series};

/// The columns. `docs/formats.md` says what they hold.
const COLUMNS: [&str; 11] = [
    "series", "hard_key", "index", "time", "session", "before", "after", "change", "p", "turn", "beside",
];

/// The whole file, header row first, LF line ends.
#[must_use]
pub fn changes(context: Context) -> String {
    let Context { history, analyses, .. } = context;
    let all = history.series.iter().zip(analyses);
    let lines =
        all.flat_map(|(series, analysis)| analysis.changes.iter().map(move |change| line(history, series, change)));
    csv::written(COLUMNS, lines)
}

fn line(history: &History, series: &Series, change: &Change) -> [String; COLUMNS.len()] {
    let point = change.point;
    let moment = history.moment(series, point.index);
    let beside = change
        .beside
        .iter()
        .flat_map(|place| &series.boundaries[*place].changed);
    // Empty is unknown.
    let number = |value: f64| {
        if value.is_finite() {
            value.to_string()
        } else {
            String::new()
        }
    };
    [
        no_formula(&series.name),
        history
            .machine(series)
            .map(|machine| machine.key.clone())
            .unwrap_or_default(),
        point.index.to_string(),
        no_formula(&moment.time),
        moment.session.clone().unwrap_or_default(),
        number(point.before),
        number(point.after),
        number(point.change()),
        number(point.p),
        change.turn.word().to_owned(),
        no_formula(&beside.cloned().collect::<Vec<_>>().join("; ")),
    ]
}
