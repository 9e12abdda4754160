//! Every row of the session, work before ceilings.

use super::samples;
use crate::kernels::Role;
use crate::normalise::{Paper, Physics, REFERENCES, Score, Scores};
use crate::report::flags;
use crate::report::html::page::{Block, Cell, Column, Row, Section, Table};
use crate::report::words::{self, Rate};
use crate::units::{Unit, quantity, significant};

/// The table with everything that a row says.
pub(super) fn section(id: &str, scores: &Scores) -> Section {
    let metered = scores.rows.iter().any(|score| score.joules().is_some());
    let rows = in_order(scores)
        .into_iter()
        .map(|(place, score)| row(id, place, score, metered));
    let table = Table {
        id: format!("{id}-rows-table"),
        caption: format!("±: {}. A row leads to its samples.", words::spread(&scores.rows)),
        columns: columns(metered),
        rows: rows.collect(),
        kinds: vec![
            ("work", "work"),
            ("ceiling", "ceilings and floors"),
            ("flagged", "with flags"),
            ("unusable", "not usable"),
        ],
    };
    Section {
        id: "rows",
        title: "Every row".to_owned(),
        blocks: vec![Block::Table(table)],
    }
}

/// Work before ceilings, each with its place among the scores.
pub(super) fn in_order(scores: &Scores) -> Vec<(usize, &Score)> {
    let mut rows: Vec<(usize, &Score)> = scores.rows.iter().enumerate().collect();
    rows.sort_by_key(|(place, score)| (score.role() != Role::Workload, *place));
    rows
}

fn columns(metered: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::text("case"),
        Column::number("rate", "work over the median time of a dispatch"),
        Column::number("time", "median time of one dispatch"),
        Column::number("±", "half the interval of the median, relative to it"),
        Column::number(
            "roof",
            "part of the ceiling measured in this session that binds the case: compute or memory",
        ),
    ];
    for (place, reference) in REFERENCES.iter().enumerate() {
        let meaning = format!(
            "the least time that the published figures of {} allow for this work, over the time measured here",
            reference.name
        );
        columns.push(Column {
            chip: Some(place),
            ..Column::number(reference.short, &meaning)
        });
    }
    if metered {
        let meaning = "of one dispatch by the device's own meter, with what it draws while idle; below it, of its work";
        columns.push(Column::number("energy", meaning));
    }
    columns.push(Column::text("flags"));
    columns.push(Column::text("variant"));
    columns
}

fn row(id: &str, place: usize, score: &Score, metered: bool) -> Row {
    let name = Cell {
        text: words::group(&score.case),
        note: shape(score),
        link: score.timing.map(|_| format!("#{}", samples::id(id, place))),
        ..Cell::default()
    };
    let papers = (0..REFERENCES.len()).map(|index| paper(score.papers.get(index)));
    let mut cells = vec![name];
    cells.extend(numbers(score));
    cells.extend(papers);
    cells.extend(metered.then(|| energy(score)));
    cells.push(standing(score));
    cells.push(Cell::noted("", &score.variant));
    Row {
        id: String::new(),
        kinds: kinds(score),
        cells,
    }
}

/// Its extents, where a narrow page may break them.
fn shape(score: &Score) -> String {
    match score.case.shape.to_string() {
        none if none == "-" => String::new(),
        extents => extents.replace(',', ", "),
    }
}

fn kinds(score: &Score) -> String {
    let role = if score.role() == Role::Workload {
        "work"
    } else {
        "ceiling"
    };
    let flagged = !matches!(flags::words(score).as_str(), "" | "none");
    let unusable = score.timing.is_none() || score.physics == Physics::Impossible;
    let kinds = [(true, role), (flagged, "flagged"), (unusable, "unusable")];
    let kinds: Vec<&str> = kinds.into_iter().filter(|(is, _)| *is).map(|(_, kind)| kind).collect();
    kinds.join(" ")
}

/// Rate, time, half-width, roof.
fn numbers(score: &Score) -> [Cell; 4] {
    let Some(timing) = score.timing else {
        return [
            Cell::from(score.status.word()),
            Cell::default(),
            Cell::default(),
            Cell::default(),
        ];
    };
    let (rate, sort) = rate(score);
    let roof = Cell {
        bar: score.roof.map(|roof| roof.fraction),
        sort: score.roof.map(|roof| roof.fraction),
        ..Cell::from(words::roof(score))
    };
    [
        Cell::number(rate, sort),
        Cell::number(quantity(timing.seconds, Unit::Second), Some(timing.seconds)),
        Cell::number(words::half_width(&timing), Some(timing.half_width())),
        roof,
    ]
}

/// The rate that a case is read by, with its unit.
fn rate(score: &Score) -> (String, Option<f64>) {
    let written = |rate: Option<f64>, unit| (rate.map_or_else(String::new, |rate| quantity(rate, unit)), rate);
    match Rate::of(score) {
        Rate::Operations => written(score.operation_rate(), Unit::OpPerSecond),
        Rate::Bytes => written(score.byte_rate(), Unit::BytePerSecond),
        Rate::Time => (String::new(), None),
        Rate::Step => {
            let step = score.operation_rate().map(|rate| 1.0 / rate);
            let written = step.map(|step| format!("{} ns a step", significant(step * 1e9, 3)));
            (written.unwrap_or_default(), None)
        }
    }
}

fn paper(paper: Option<&Paper>) -> Cell {
    let Some(paper) = paper else {
        return Cell::default();
    };
    let known = !paper.ratio.is_unknown() && !paper.unsupported;
    let end = if paper.ratio.high.is_finite() {
        paper.ratio.high
    } else {
        paper.ratio.low
    };
    Cell::number(words::paper(paper), known.then_some(end))
}

fn energy(score: &Score) -> Cell {
    let [text, note] = words::energy(score).unwrap_or_default();
    Cell {
        note,
        sort: score.joules(),
        ..Cell::from(text)
    }
}

/// Flags, or why there is no number.
fn standing(score: &Score) -> Cell {
    let flags = flags::words(score);
    if score.timing.is_none() {
        Cell::from(score.reason.as_str())
    } else if score.physics == Physics::Impossible {
        Cell::noted("impossible", &flags)
    } else {
        Cell::from(if flags == "none" { String::new() } else { flags })
    }
}
