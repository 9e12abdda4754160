//! `rows.csv`: one self-contained line for each case.

use serde_json::Value;

use super::columns::{COLUMNS, Context};

/// The whole file, of one session or several: header row first, LF line ends.
#[must_use]
pub fn rows(sessions: &[Context]) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let header = COLUMNS.iter().map(|column| column.name);
    let scores = sessions
        .iter()
        .flat_map(|context| context.scores.rows.iter().map(move |score| (*context, score)));
    let rows = scores.map(|(context, score)| COLUMNS.iter().map(move |column| cell((column.value)(context, score))));
    // Writing to memory cannot fail, and every record has one field for each column.
    let mut written = writer.write_record(header);
    for row in rows {
        written = written.and_then(|()| writer.write_record(row));
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
        Value::String(text) => text,
        other => other.to_string(),
    }
}
