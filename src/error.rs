//! The one error type of the crate, and what it means for the exit status.
//!
//! A message names the object (file, line, column, field, device), says what was expected and ends with the remedy.
//! Failures of a *case* are not errors: they are rows (see `measure`).

use std::path::{Path, PathBuf};

/// What stopped a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file holds something that the format does not allow.
    #[error("{place}: {message}")]
    Data {
        /// Where it is.
        place: Place,
        /// What is wrong, what was expected, how to mend it.
        message: String,
    },
    /// A file or folder cannot be read or written.
    #[error("{}: {action}: {cause}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was attempted, as `cannot write`.
        action: &'static str,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The command line or a setting asks for something impossible.
    #[error("{0}")]
    Usage(String),
    /// No device can run anything here.
    #[error("{0}")]
    NoDevice(String),
    /// The device or the process that drives it failed outside any case.
    #[error("{0}")]
    Device(String),
    /// The user wanted an end.
    #[error("interrupted")]
    Interrupted,
}

/// The exit status of a command that was interrupted, as shells have it: 128 and the number of the signal.
pub const INTERRUPTED: u8 = 130;

impl Error {
    /// The exit status of a command that ends with this error (see `docs/formats.md`).
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Data { .. } | Self::Io { .. } | Self::Usage(_) => 2,
            Self::Device(_) => 3,
            Self::NoDevice(_) => 6,
            Self::Interrupted => INTERRUPTED,
        }
    }

    /// What is wrong at a line and column of a file.
    pub fn data(file: impl AsRef<Path>, line: u64, column: u64, message: String) -> Self {
        let place = Place {
            file: file.as_ref().display().to_string(),
            line: Some(line),
            column: Some(column),
        };
        Self::Data { place, message }
    }

    /// An I/O error with the path it happened at.
    pub fn io(path: impl AsRef<Path>, action: &'static str, cause: std::io::Error) -> Self {
        Self::Io {
            path: path.as_ref().to_owned(),
            action,
            cause,
        }
    }
}

/// `Result` with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// A place in a text file, as far as it is known. Lines and columns count from 1; columns count characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The file, as the user named it or as it is embedded.
    pub file: String,
    /// The line.
    pub line: Option<u64>,
    /// The column.
    pub column: Option<u64>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        Ok(())
    }
}

/// A message that quotes a file whatever is in it: without control characters, which would reach the reader's terminal,
/// and cut in the middle where a quoted field is long, because a message begins with what is wrong and ends with the
/// remedy.
#[must_use]
pub fn tame(message: &str) -> String {
    const KEPT: usize = 200;
    let tamed: String = message
        .chars()
        .map(|letter| if letter.is_control() { '\u{fffd}' } else { letter })
        .collect();
    let ends = tamed.char_indices().nth(KEPT).zip(tamed.char_indices().nth_back(KEPT));
    match ends {
        Some(((head, _), (tail, _))) if head < tail => format!("{} ... {}", &tamed[..head], &tamed[tail..]),
        _ => tamed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_cut_in_the_middle_and_has_no_control_characters() {
        assert_eq!(tame("low: `\u{1b}[2J` is wrong"), "low: `\u{fffd}[2J` is wrong");
        let long = format!("low: `{}` is wrong; mend it", "\u{e9}".repeat(5000));
        let tamed = tame(&long);
        assert!(
            tamed.starts_with("low: `\u{e9}") && tamed.ends_with("mend it"),
            "{tamed}"
        );
        assert!(tamed.chars().count() < 420);
    }
}
