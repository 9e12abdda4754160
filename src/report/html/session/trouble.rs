//! Rows with flags and failures, with what each means and what to do.

use crate::measure::Status;
use crate::normalise::{Physics, Score, Scores};
use crate::record::Session;
use crate::report::html::page::{Block, Column, Row, Section, Table};
use crate::report::{flags, words};

/// Everything that a reader should know before using a row.
pub(super) fn section(part: &str, session: &Session, scores: &Scores) -> Section {
    let warnings = session.warnings.iter().map(ToString::to_string);
    let warnings: Vec<String> = warnings.chain(words::warnings(&session.header, &scores.rows)).collect();
    let rows: Vec<Row> = scores.rows.iter().flat_map(rows).collect();
    let mut blocks = Vec::new();
    if !warnings.is_empty() {
        blocks.push(Block::List(warnings));
    }
    if rows.is_empty() {
        blocks.push(Block::Text("No row is flagged, and none failed.".to_owned()));
    } else {
        blocks.push(Block::Table(Table {
            id: format!("{part}-trouble-table"),
            caption: "A row stands here once for everything that is odd about it.".to_owned(),
            columns: ["case", "what", "means", "what to do"].map(Column::text).to_vec(),
            rows,
            kinds: Vec::new(),
        }));
    }
    if !scores.refused.is_empty() {
        blocks.push(Block::Table(refused(part, scores)));
    }
    Section {
        id: "trouble",
        title: "Flags, failures, and what to do".to_owned(),
        blocks,
    }
}

fn rows(score: &Score) -> Vec<Row> {
    let case = score.case.to_string();
    let line = |what: &str, means: &str, remedy: &str| Row::of([case.as_str(), what, means, remedy]);
    let mut rows = Vec::new();
    if score.status != Status::Ok {
        rows.push(line(score.status.word(), &score.reason, remedy(score.status)));
    }
    if score.physics == Physics::Impossible {
        rows.push(line(
            "impossible",
            "faster than the ceilings allow: the time, the ceiling or the kernel is wrong",
            "do not use it; onpar doctor tests the clock, and a second session tells whether it happens again",
        ));
    }
    for raised in flags::raised_in(score) {
        rows.push(line(&raised.what, raised.meaning, raised.remedy));
    }
    rows
}

/// What to do about a row without a number.
const fn remedy(status: Status) -> &'static str {
    match status {
        Status::Ok => "",
        Status::Unsupported => "nothing: the device does not have it; onpar doctor lists what it has",
        Status::Skipped => "see the reason; --scale makes cases smaller",
        Status::Wrong => "do not use this driver for this work; report it with onpar list --describe CASE --source VARIANT",
        Status::Lost => "measure it alone with --case; if it is lost again, update the driver or choose a smaller shape",
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
        caption: "Variants that were tried and left out; another was measured in their place, or the case failed.".to_owned(),
        columns: ["case", "variant", "status", "reason"].map(Column::text).to_vec(),
        rows: scores.refused.iter().map(row).collect(),
        kinds: Vec::new(),
    }
}
