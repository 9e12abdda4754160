//! One line of a journal: what it may be, how it is written, and how it is read with an exact place for what is wrong.

use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, Read as _};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::header::{Header, SCHEMA, SessionId, rfc3339};
use crate::error::Error;
use crate::measure::Event;

/// Longest line in bytes, so that a file that is no journal cannot fill the memory. The longest honest line is a header
/// with a plan of some hundred kilobytes.
pub(super) const LONGEST: usize = 16 << 20;

/// A line as it is written.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Written<'a> {
    Header(&'a Header),
    Resume(&'a Resume),
    Seal(&'a SealLine),
    /// Has its own `kind`.
    #[serde(untagged)]
    Event(&'a Event),
}

/// A line as it is read.
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub(super) enum Line {
    Header {
        header: Header,
        /// Whether the id is that of the header.
        genuine: bool,
    },
    Event(Event),
    Resume,
    Seal(SealLine),
    Unknown(String),
}

/// Another process took the session up; what it found unfinished was begun anew.
#[derive(Serialize, Deserialize)]
pub(super) struct Resume {
    #[serde(with = "rfc3339")]
    pub(super) at: Timestamp,
}

/// The end of a finished session.
#[derive(Serialize, Deserialize)]
pub(super) struct SealLine {
    /// SHA-256 of all bytes before this line.
    pub(super) sha256: String,
}

/// What is wrong with a line, and at which of its characters, from 1.
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) column: u64,
    pub(super) message: String,
}

impl Malformed {
    /// What is wrong with a line as a whole.
    pub(super) fn at_start(message: &str) -> Self {
        Self {
            column: 1,
            message: message.to_owned(),
        }
    }

    /// Something comes before the header.
    pub(super) fn before_header() -> Self {
        Self::at_start("expected a header first; is this file a journal of onpar?")
    }

    /// A header, and there is one already.
    pub(super) fn second_header() -> Self {
        Self::at_start("a second header; one file is one session, so separate them")
    }

    /// The file ends without a header.
    pub(super) fn without_header() -> Self {
        Self::at_start(
            "no whole header: the session ended as it began (its folder may be deleted), or this is no journal of onpar",
        )
    }

    /// A case stands where the plan has another one, or none.
    pub(super) fn misplaced(case: impl fmt::Display, place: u32, planned: Option<impl fmt::Display>) -> Self {
        let planned = planned.map_or("nothing".to_owned(), |planned| planned.to_string());
        Self::at_start(&format!("{case} at place {place}, where the plan has {planned}"))
    }

    /// A case has its row already.
    pub(super) fn second_row(case: impl fmt::Display, run: u32, place: u32) -> Self {
        Self::at_start(&format!("a second row for {case} (run {run}, place {place})"))
    }

    /// As an error of the file of this name, in this line of it.
    pub(super) fn error(self, name: &Path, line: u64) -> Error {
        Error::data(name, line, self.column, self.message)
    }
}

/// A line's bytes with the line feed, checked to be readable again: JSON has no word for infinite or undefined numbers,
/// and writing one would spoil the file for ever.
pub(super) fn write(line: &Written<'_>) -> Result<Vec<u8>, String> {
    let mut bytes = serde_json::to_vec(line).map_err(|cause| cause.to_string())?;
    if bytes.len() >= LONGEST {
        return Err(format!(
            "the line has {} bytes; at most {LONGEST} are read again",
            bytes.len()
        ));
    }
    read(&bytes).map_err(|malformed| {
        format!(
            "the line could not be read again ({}); are all its numbers finite?",
            malformed.message
        )
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Hands on every whole line with its line feed, and returns the number of the line after them and what there is of it.
pub(super) fn each(
    name: &Path,
    mut reader: impl BufRead,
    mut whole: impl FnMut(&[u8]) -> Result<(), Malformed>,
) -> crate::error::Result<(u64, Vec<u8>)> {
    let mut number = 1;
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut limited = reader.by_ref().take(LONGEST as u64);
        let read = limited.read_until(b'\n', &mut line);
        read.map_err(|cause| Error::io(name, "cannot read", cause))?;
        if line.last() != Some(&b'\n') {
            break;
        }
        whole(&line).map_err(|malformed| malformed.error(name, number))?;
        number += 1;
    }
    if line.len() >= LONGEST {
        let message = format!("has more than {LONGEST} bytes; is this file a journal of onpar?");
        return Err(Malformed::at_start(&message).error(name, number));
    }
    Ok((number, line))
}

/// Reads a line without its line feed.
pub(super) fn read(bytes: &[u8]) -> Result<Line, Malformed> {
    let text = text(bytes)?;
    // The kind first, then the line again as what it is: going through a tagged enum would lose the column of an error.
    let kind = kind(text)?;
    Ok(match kind.as_ref() {
        "header" => read_header(text)?,
        "candidate" => Line::Event(Event::Candidate(parse(text)?)),
        "block" => Line::Event(Event::Block(parse(text)?)),
        "row" => Line::Event(Event::Row(parse(text)?)),
        "pulse" => Line::Event(Event::Pulse(parse(text)?)),
        "resume" => parse::<Resume>(text).map(|_| Line::Resume)?,
        "seal" => Line::Seal(parse(text)?),
        _ => Line::Unknown(shortened(&kind)),
    })
}

pub(super) fn text(bytes: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes).map_err(|cause| not_text(bytes, cause.valid_up_to()))
}

/// What a line is.
pub(super) fn kind(text: &str) -> Result<Cow<'_, str>, Malformed> {
    #[derive(Deserialize)]
    struct Kind<'a> {
        #[serde(borrow)]
        kind: Cow<'a, str>,
    }
    parse::<Kind<'_>>(text).map(|line| line.kind)
}

fn read_header(text: &str) -> Result<Line, Malformed> {
    #[derive(Deserialize)]
    struct Schema {
        schema: u64,
    }
    let Schema { schema } = parse(text)?;
    if schema != u64::from(SCHEMA) {
        return Err(Malformed {
            column: 1,
            message: format!(
                "schema {schema} is not known; this program reads schema {SCHEMA}; use the onpar that wrote it"
            ),
        });
    }
    let header: Header = parse(text)?;
    let genuine = SessionId::of(parse::<Value>(text)?) == header.id;
    Ok(Line::Header { header, genuine })
}

pub(super) fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Malformed> {
    serde_json::from_str(text).map_err(|cause| {
        let suffix = format!(" at line {} column {}", cause.line(), cause.column());
        let message = cause.to_string();
        Malformed {
            // An empty line ends before its first character.
            column: characters(text.as_bytes(), cause.column()).max(1),
            message: shortened(message.strip_suffix(&suffix).unwrap_or(&message)),
        }
    })
}

fn not_text(bytes: &[u8], valid: usize) -> Malformed {
    Malformed {
        column: characters(bytes, valid) + 1,
        message: "is not UTF-8 text; is this file a journal of onpar?".to_owned(),
    }
}

/// How many characters the first `length` bytes of a line are.
fn characters(bytes: &[u8], length: usize) -> u64 {
    let start = &bytes[..length.min(bytes.len())];
    String::from_utf8_lossy(start).chars().count() as u64
}

/// A message without most of what a broken file may put into it.
fn shortened(message: &str) -> String {
    const LONGEST_MESSAGE: usize = 300;
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message.to_owned(),
    }
}
