//! `rows.csv`: one self-contained line for each case.

use serde_json::Value;

use super::columns::{COLUMNS, Context};
use super::text::no_formula;

/// The whole file, of one session or several: header row first, LF line ends. Every row says whose it is.
#[must_use]
pub fn rows(sessions: &[Context]) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has one field for each column.
    let mut written = writer.write_record(COLUMNS.iter().map(|column| column.name));
    for context in sessions {
        for score in &context.scores.rows {
            let cells = COLUMNS.iter().map(|column| cell((column.value)(*context, score)));
            written = written.and_then(|()| writer.write_record(cells));
        }
    }
    debug_assert!(written.is_ok());
    writer
        .into_inner()
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => no_formula(&text),
        other => other.to_string(),
    }
}
