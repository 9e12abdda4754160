//! Rows with flags and failures, with what each means and what to do.

use super::samples;
use crate::measure::Status;
use crate::normalise::{Physics, Score, Scores};
use crate::record::Session;
use crate::report::html::page::{Block, Cell, Column, Row, Section, Table};
use crate::report::{flags, words};

/// Everything that a reader should know before using a row.
pub(super) fn section(part: &str, session: &Session, scores: &Scores) -> Section {
    let warnings = session.warnings.iter().map(ToString::to_string);
    let warnings: Vec<String> = warnings.chain(words::warnings(&session.header, &scores.rows)).collect();
    let troubles = troubles(part, scores);
    let mut blocks = Vec::new();
    if !warnings.is_empty() {
        blocks.push(Block::List(warnings));
    }
    if troubles.is_empty() {
        blocks.push(Block::Text("No row is flagged, and none failed.".to_owned()));
    } else {
        blocks.push(Block::Table(table(part, &troubles)));
    }
    if !scores.refused.is_empty() {
        blocks.push(Block::Folded(refused(part, scores)));
    }
    Section {
        id: "trouble",
        title: "Flags, failures, and what to do".to_owned(),
        blocks,
    }
}

/// Something that is odd about some rows.
struct Trouble {
    what: String,
    means: String,
    remedy: &'static str,
    /// What is said of each, and where its samples are.
    rows: Vec<(String, Option<String>)>,
}

/// What failed first, then what cannot be, then what is flagged; rows with the same trouble together.
fn troubles(part: &str, scores: &Scores) -> Vec<Trouble> {
    let mut found: Vec<Trouble> = Vec::new();
    let mut add = |what: &str, means: &str, remedy: &'static str, row: (String, Option<String>)| match found
        .iter_mut()
        .find(|trouble| trouble.what == what && trouble.means == means)
    {
        Some(trouble) => trouble.rows.push(row),
        None => found.push(Trouble {
            what: what.to_owned(),
            means: means.to_owned(),
            remedy,
            rows: vec![row],
        }),
    };
    let rows = || scores.rows.iter().enumerate();
    let told = |place: usize, score: &Score, value: &str| {
        let samples = score.timing.map(|_| format!("#{}", samples::id(part, place)));
        (format!("{} {value}", score.case).trim_end().to_owned(), samples)
    };
    for (place, score) in rows().filter(|(_, score)| score.status != Status::Ok) {
        let row = told(place, score, "");
        add(score.status.word(), &score.reason, remedy(score.status), row);
    }
    for (place, score) in rows().filter(|(_, score)| score.physics == Physics::Impossible) {
        add(
            "impossible",
            "faster than the ceilings allow: the time, the ceiling or the kernel is wrong",
            "do not use it; onpar doctor tests the clock, and a second session tells whether it happens again",
            told(place, score, ""),
        );
    }
    for (place, score) in rows() {
        for raised in flags::raised_in(score) {
            let row = told(place, score, &raised.value);
            add(raised.name, raised.meaning, raised.remedy, row);
        }
    }
    found
}

fn table(part: &str, troubles: &[Trouble]) -> Table {
    let row = |trouble: &Trouble| {
        let rows = trouble.rows.len();
        Row::of([
            Cell::from(trouble.what.as_str()),
            Cell::number(rows.to_string(), Some(rows as f64)),
            trouble.means.as_str().into(),
            trouble.remedy.into(),
            Cell::listing(trouble.rows.clone()),
        ])
    };
    Table {
        id: format!("{part}-trouble-table"),
        caption: "What failed, what cannot be, and what is odd about samples or machine.".to_owned(),
        columns: vec![
            Column::text("what"),
            Column::number("rows", "how many"),
            Column::text("means"),
            Column::text("what to do"),
            Column::text("which"),
        ],
        rows: troubles.iter().map(row).collect(),
        kinds: Vec::new(),
    }
}

/// What to do about a row without a number.
const fn remedy(status: Status) -> &'static str {
    match status {
        Status::Ok => "",
        Status::Unsupported => "nothing: the device does not have it; onpar doctor lists what it has",
        Status::Skipped => "see the reason; --scale makes cases smaller",
        Status::Wrong => {
            "do not use this driver for this work; report it with onpar list --describe CASE --source VARIANT"
        }
        Status::Lost => {
            "measure it alone with --case; if it is lost again, update the driver or choose a smaller shape"
        }
        Status::Timeout => "allow more with --timeout, or choose a smaller shape",
        Status::Error => "see the reason; onpar doctor says what can run here",
    }
}

fn refused(part: &str, scores: &Scores) -> Table {
    let row = |refused: &crate::normalise::Refused| {
        let case = refused.case.to_string();
        Row::of([case.as_str(), &refused.variant, refused.status.word(), &refused.reason])
    };
    Table {
        id: format!("{part}-refused"),
        caption: format!(
            "{} variants that were tried and left out: another was measured in their place, or the case failed",
            scores.refused.len()
        ),
        columns: ["case", "variant", "status", "reason"].map(Column::text).to_vec(),
        rows: scores.refused.iter().map(row).collect(),
        kinds: Vec::new(),
    }
}
