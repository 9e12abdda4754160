//! What the program prints.

use std::io::{ErrorKind, Write as _};

use serde::Serialize;

use crate::error::{Error, Result};

/// Prints to standard output. A reader that has gone away (`| head`) is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => Err(Error::io("standard output", "cannot write", cause)),
        _ => Ok(()),
    }
}

/// Prints one JSON document, indented.
pub(crate) fn print_json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Error::Device(format!("JSON: {error}")))?;
    print(&(text + "\n"))
}

/// Prints a line to standard error, whoever reads it.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
