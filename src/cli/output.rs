//! Writing to standard output.

use std::io::{ErrorKind, Write};

use crate::error::{Error, Result};

/// Writes a text to standard output. A reader that has closed the pipe, as `head` does, has what it wanted.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::io("<stdout>", "cannot write", error)),
        _ => Ok(()),
    }
}
