//! `rows.csv`: one self-contained line for each case. And how every other CSV is written.

use serde_json::Value;

use super::columns::{COLUMNS, Context};
use super::text::no_formula;

/// The whole file, of one session or several: header row first, LF line ends. Every row says whose it is.
#[must_use]
pub fn rows(sessions: &[Context]) -> String {
    let scores = sessions
        .iter()
        .flat_map(|context| context.scores.rows.iter().map(move |score| (*context, score)));
    let row = |(context, score)| COLUMNS.iter().map(move |column| cell((column.value)(context, score)));
    written(COLUMNS.iter().map(|column| column.name), scores.map(row))
}

/// A header and rows with as many fields: LF line ends, quotes where a field needs them.
pub(super) fn written(
    header: impl IntoIterator<Item = impl AsRef<[u8]>>,
    rows: impl IntoIterator<Item = impl IntoIterator<Item = impl AsRef<[u8]>>>,
) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has one field for each column.
    let mut written = writer.write_record(header);
    for row in rows {
        written = written.and_then(|()| writer.write_record(row));
    }
    debug_assert!(written.is_ok());
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => no_formula(&text),
        other => other.to_string(),
    }
}
