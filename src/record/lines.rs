//! A text file that another program wrote, line by line: what every reader of tables has to check.

use std::io::{BufRead, Read as _};
use std::path::Path;

use crate::error::{Error, Place, Result, tame};

/// Longest line in bytes; no honest one comes near.
const LONGEST_LINE: u64 = 1 << 20;

/// What is wrong with a line, and at which of its characters, from 1.
pub(super) type Malformed = (u64, String);

/// The text, line by line.
pub(super) struct Lines<'a> {
    name: &'a Path,
    /// Of the line that was read last.
    pub(super) number: u64,
    bytes: Vec<u8>,
}

impl<'a> Lines<'a> {
    pub(super) const fn new(name: &'a Path) -> Self {
        Self {
            name,
            number: 0,
            bytes: Vec::new(),
        }
    }

    /// Goes on to the next line; false after the last.
    pub(super) fn advance(&mut self, text: &mut impl BufRead) -> Result<bool> {
        self.bytes.clear();
        self.number += 1;
        let mut limited = text.by_ref().take(LONGEST_LINE);
        let count = limited.read_until(b'\n', &mut self.bytes);
        let count = count.map_err(|cause| Error::io(self.name, "cannot read", cause))?;
        let checked = self.checked(self.content(), count as u64);
        checked.map_err(|(column, message)| self.error(column, &message))?;
        Ok(count > 0)
    }

    /// The line without its end, and without the mark that a file of UTF-8 may begin with.
    fn content(&self) -> &[u8] {
        let line = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mark: &[u8] = if self.number == 1 { b"\xef\xbb\xbf" } else { b"" };
        line.strip_prefix(mark).unwrap_or(line)
    }

    pub(super) fn line(&self) -> &str {
        // It is UTF-8, or there would have been an error.
        std::str::from_utf8(self.content()).unwrap_or_default()
    }

    fn checked(&self, line: &[u8], count: u64) -> std::result::Result<(), Malformed> {
        let before = |end: usize| String::from_utf8_lossy(&line[..end]).chars().count() as u64;
        if self.number == 1 && (line.starts_with(b"\xff\xfe") || line.starts_with(b"\xfe\xff")) {
            return Err((1, "the file is UTF-16; save it as UTF-8".to_owned()));
        }
        if let Some(at) = line.iter().position(|byte| matches!(byte, 0 | b'\r')) {
            let message = match line[at] {
                0 => "a NUL byte: the file is UTF-16 or no text; save it as CSV in UTF-8",
                _ => "a carriage return inside a line; end lines with a line feed",
            };
            return Err((before(at) + 1, message.to_owned()));
        }
        if count == LONGEST_LINE {
            let last = line.iter().rposition(|byte| *byte == b',').map_or(0, |comma| comma + 1);
            let message = format!("a field that goes on for more than {LONGEST_LINE} bytes; is this a table?");
            return Err((before(last) + 1, message));
        }
        if let Err(cause) = std::str::from_utf8(line) {
            let message = "not UTF-8; save the file as UTF-8";
            return Err((before(cause.valid_up_to()) + 1, message.to_owned()));
        }
        Ok(())
    }

    pub(super) fn error(&self, column: u64, message: &str) -> Error {
        Error::Data {
            place: Place {
                file: self.name.display().to_string(),
                line: Some(self.number),
                column: Some(column),
            },
            message: tame(message),
        }
    }
}
