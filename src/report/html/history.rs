//! The page of a history: what changed for the worse, the pictures of its series, every change with what changed beside it.

use super::page::{Block, Cell, Column, Figure, Page, Part, Row, Section, Sentence, Table};
use crate::error::Result;
use crate::report::history::{
    Context, beside, machine, picture, probability, ranked, rule, signed, slowly, summary, value, warnings,
};
use crate::report::words;
use crate::track::{Change, Drift, Series, Turn};

/// Series over time, the worst first.
///
/// # Errors
/// If the drawing library refuses the picture.
pub fn history_page(context: Context) -> Result<Page> {
    let chart = picture(context);
    let figure = Figure::of_drawing("history-series-chart".to_owned(), &chart.draw(), &chart.numbers())?;
    let machines = context.history.machines.iter();
    let machines: Vec<String> = machines.map(|machine| words::machine(&machine.identity)).collect();
    let section = |id, title: &str, blocks| Section {
        id,
        title: title.to_owned(),
        blocks,
    };
    let mut sections = vec![
        section("series", "Series", vec![Block::Figure(figure)]),
        section("changes", "Every change", changes(context)),
        section(
            "method",
            "Method",
            vec![Block::Text(format!("Found by {}.", rule(context.settings)))],
        ),
    ];
    let warnings = warnings(context);
    if !warnings.is_empty() {
        sections.insert(0, section("notes", "What to know first", vec![Block::List(warnings)]));
    }
    let plain = |text| Sentence { chip: None, text };
    Ok(Page {
        title: "History · onpar".to_owned(),
        chips: Vec::new(),
        parts: vec![Part {
            id: "history".to_owned(),
            heading: chart.title,
            subtitle: machines.join("; "),
            banner: context
                .history
                .machines
                .iter()
                .find_map(|machine| words::software(&machine.identity)),
            lead: vec![plain(summary(context) + ".")],
            sections,
        }],
    })
}

fn changes(context: Context) -> Vec<Block> {
    let mut rows = Vec::new();
    for (series, analysis) in ranked(context) {
        rows.extend(analysis.changes.iter().map(|change| of_change(context, series, change)));
        rows.extend(analysis.drift.map(|drift| of_drift(context, series, drift)));
    }
    if rows.is_empty() {
        return vec![Block::Text("Nothing changed.".to_owned())];
    }
    vec![Block::Table(Table {
        id: "history-changes-table".to_owned(),
        caption: "Where a level gives way to the next, with what else changed there.".to_owned(),
        columns: vec![
            Column::text("series"),
            Column::text("turn"),
            Column::number("change", "of the level, relative to the one before"),
            Column::text("levels"),
            Column::text("from point"),
            Column::number("p", "how improbable it is without a change"),
            Column::text("beside it"),
        ],
        rows,
        kinds: vec![("worse", "for the worse"), ("better", "for the better")],
    })]
}

fn of_change(context: Context, series: &Series, change: &Change) -> Row {
    let point = change.point;
    let beside = change
        .beside
        .iter()
        .map(|place| beside(&series.boundaries[*place], change));
    let beside: Vec<String> = beside.collect();
    let levels = format!("{} → {}", value(series, point.before), value(series, point.after));
    row(
        context,
        series,
        change.turn,
        (point.index, point.change(), point.p),
        [levels, beside.join("; ")],
    )
}

fn of_drift(context: Context, series: &Series, drift: Drift) -> Row {
    let turn = Turn::of(drift.change, context.history.better);
    row(
        context,
        series,
        turn,
        (drift.index, drift.change, drift.p),
        [slowly(drift), String::new()],
    )
}

fn row(
    context: Context,
    series: &Series,
    turn: Turn,
    (index, change, p): (usize, f64, f64),
    [levels, beside]: [String; 2],
) -> Row {
    let history = context.history;
    let place = history.moment(series, index);
    Row {
        id: String::new(),
        kinds: turn.word().to_owned(),
        cells: vec![
            format!("{}{}", series.name, machine(history, series)).into(),
            turn.word().into(),
            Cell::number(signed(change), Some(change).filter(|change| change.is_finite())),
            levels.into(),
            Cell::noted(&index.to_string(), &place.time),
            Cell::number(probability(p), Some(p)),
            beside.into(),
        ],
    }
}
