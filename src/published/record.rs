//! From bytes to records: the form of a data file, before any meaning. A record is one line.

use std::sync::Arc;

use super::problem::Problem;
use super::table::Table;
use crate::error::Place;
use crate::fields::{Field, split};

/// Whose row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Built into the program.
    Embedded,
    /// Read from a folder that the user named.
    User,
}

/// One data file: which table it holds, what to call it in messages, and its bytes.
#[derive(Debug, Clone)]
pub struct DataFile {
    /// The table it holds.
    pub table: Table,
    /// Its name in messages, as the user wrote it or as it stands in the repository.
    pub name: String,
    /// Whose rows it holds.
    pub origin: Origin,
    /// The content.
    pub bytes: Vec<u8>,
}

/// Where a row stands, and at which column each of its fields begins.
#[derive(Debug, Clone)]
pub struct Location {
    table: Table,
    file: Arc<str>,
    origin: Origin,
    line: u64,
    columns: Vec<u64>,
}

impl Location {
    /// Whose row it is.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// The place of one field of the row; of the row's start if the table has no such column.
    #[must_use]
    pub fn place(&self, column: &str) -> Place {
        let index = position(self.table, column);
        Place {
            file: self.file.to_string(),
            line: Some(self.line),
            column: Some(self.columns.get(index).copied().unwrap_or(1)),
        }
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// A problem that no row has but the file as a whole: it stands at the column's name in the header.
    pub(super) fn header_problem(&self, column: &str, message: impl Into<String>) -> Problem {
        let before = &self.table.columns()[..position(self.table, column)];
        let width: usize = before.iter().map(|name| name.len() + 1).sum();
        let place = Place {
            file: self.file.to_string(),
            line: Some(1),
            column: Some(width as u64 + 1),
        };
        Problem {
            place,
            message: message.into(),
        }
    }

    pub(super) fn problem(&self, column: &str, message: impl Into<String>) -> Problem {
        Problem {
            place: self.place(column),
            message: message.into(),
        }
    }
}

fn position(table: Table, column: &str) -> usize {
    table.columns().iter().position(|c| *c == column).unwrap_or_default()
}

/// One line of a data file with as many fields as its table has columns.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) location: Location,
    fields: Vec<String>,
}

impl Record {
    /// The text of one field; empty means unknown.
    pub(super) fn get(&self, column: &str) -> &str {
        &self.fields[position(self.location.table, column)]
    }

    /// The columns of its table.
    pub(super) fn columns(&self) -> &'static [&'static str] {
        self.location.table.columns()
    }

    /// The first column, which begins its key.
    pub(super) fn first_column(&self) -> &'static str {
        self.columns()[0]
    }

    /// The fields that identify the row.
    pub(super) fn key(&self) -> &[String] {
        &self.fields[..self.location.table.key().len()]
    }
}

/// Reads the records of a file. `None` if nothing in it can be trusted (not UTF-8, another header).
pub(super) fn read(file: &DataFile, problems: &mut Vec<Problem>) -> Option<Vec<Record>> {
    let mut report = |line, column, message: String| {
        problems.push(Problem {
            place: Place {
                file: file.name.clone(),
                line: Some(line),
                column: Some(column),
            },
            message,
        });
    };
    let text = decode(&file.bytes, &mut report)?;
    let mut lines = (1..).zip(text.lines());
    let header = lines.next().map(|(_, line)| line).unwrap_or_default();
    if let Some((column, message)) = header_problem(file.table, header) {
        report(1, column, message);
        return None;
    }
    let name: Arc<str> = file.name.as_str().into();
    let mut records = Vec::new();
    for (line, text) in lines {
        match fields(file.table, text) {
            Ok(fields) => {
                let (columns, fields): (Vec<_>, Vec<_>) =
                    fields.into_iter().map(|f| (f.column, f.text.into_owned())).unzip();
                let location = Location {
                    table: file.table,
                    file: Arc::clone(&name),
                    origin: file.origin,
                    line,
                    columns,
                };
                records.push(Record { location, fields });
            }
            Err((column, message)) => report(line, column, message),
        }
    }
    for record in &records {
        stray_white_space(record, problems);
    }
    Some(records)
}

/// Checks the bytes as a whole and hands on the text with LF line ends only.
fn decode(bytes: &[u8], report: &mut impl FnMut(u64, u64, String)) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let (line, column) = end_of(&valid);
            report(line, column, "not UTF-8; save the file as UTF-8".to_owned());
            return None;
        }
    };
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    if body.len() < text.len() {
        report(1, 1, "byte order mark; save the file as UTF-8 without one".to_owned());
    }
    if let Some(at) = body.find('\r') {
        let (line, column) = end_of(&body[..at]);
        report(
            line,
            column,
            "carriage return; end every line with a line feed only".to_owned(),
        );
    }
    if !body.ends_with('\n') {
        let (line, column) = end_of(body);
        report(line, column, "no newline at the end of the file; add one".to_owned());
    }
    Some(body.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Line and column of the character that would follow `text`.
fn end_of(text: &str) -> (u64, u64) {
    let last = text.rsplit('\n').next().unwrap_or_default();
    (text.matches('\n').count() as u64 + 1, last.chars().count() as u64 + 1)
}

fn header_problem(table: Table, header: &str) -> Option<(u64, String)> {
    let want = table.columns();
    if header == want.join(",") {
        return None;
    }
    let message = format!("the header differs here; expected `{}`", want.join(","));
    let Ok(found) = split(header) else {
        return Some((1, message));
    };
    let differing = found.iter().zip(want).find(|(have, want)| have.text != **want);
    let column = match differing {
        Some((have, _)) => have.column,
        None => found.get(want.len()).map_or(end_of(header).1, |extra| extra.column),
    };
    Some((column, message))
}

fn fields(table: Table, line: &str) -> Result<Vec<Field<'_>>, (u64, String)> {
    let fields = split(line).map_err(|(column, message)| (column, message.to_owned()))?;
    let want = table.columns().len();
    if fields.len() == want {
        return Ok(fields);
    }
    let column = fields.get(want).map_or(end_of(line).1, |extra| extra.column);
    Err((
        column,
        format!(
            "{} columns instead of {want}; quote fields that hold a comma",
            fields.len()
        ),
    ))
}

fn stray_white_space(record: &Record, problems: &mut Vec<Problem>) {
    for (name, text) in record.location.table.columns().iter().zip(&record.fields) {
        // Control characters would reach the reader's terminal.
        if text.trim() != text || text.contains(char::is_control) {
            let message = format!("stray white space or control character in {name}; remove it");
            problems.push(record.location.problem(name, message));
        }
    }
}
