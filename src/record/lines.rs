//! A text file that another program wrote, line by line: what every reader of tables has to check.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use crate::error::{Error, Result, tame};

/// Longest line in bytes; no honest one comes near.
const LONGEST_LINE: u64 = 1 << 20;

/// What is wrong with a line, and at which of its characters, from 1.
pub(super) type Malformed = (u64, String);

/// A file to be read line by line.
pub(super) fn open(path: &Path) -> Result<BufReader<File>> {
    let file = File::open(path).map_err(|cause| Error::io(path, "cannot open", cause))?;
    Ok(BufReader::with_capacity(1 << 16, file))
}

/// The text, line by line.
pub(super) struct Lines<'a> {
    name: &'a Path,
    /// Of the line that was read last.
    number: u64,
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

    /// Reads a table: makes a reader of its header, `wanted` in words, and hands it every further line with its number.
    pub(super) fn table<R>(
        &mut self,
        mut text: impl BufRead,
        wanted: &str,
        of_header: impl FnOnce(&str) -> std::result::Result<R, Malformed>,
        mut line: impl FnMut(&mut R, &str, u64) -> std::result::Result<(), Malformed>,
    ) -> Result<R> {
        if !self.advance(&mut text)? {
            return Err(self.error(1, &format!("the file is empty; {wanted}")));
        }
        let reader = of_header(self.line());
        let mut reader = reader.map_err(|(column, message)| self.error(column, &message))?;
        while self.advance(&mut text)? {
            let added = line(&mut reader, self.line(), self.number);
            added.map_err(|(column, message)| self.error(column, &message))?;
        }
        Ok(reader)
    }

    /// Goes on to the next line; false after the last.
    fn advance(&mut self, text: &mut impl BufRead) -> Result<bool> {
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

    fn line(&self) -> &str {
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
        Error::data(self.name, self.number, column, tame(message))
    }
}
