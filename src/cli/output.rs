//! What the program prints.

use std::io::{ErrorKind, Write as _};

use console::Term;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::report::Look;

/// Prints to standard output. A reader that has gone away (`| head`) is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => Err(Error::io("standard output", "cannot write", cause)),
        _ => Ok(()),
    }
}

/// What standard output can show; with `plain` no more than a pipe.
pub(crate) fn look(plain: bool) -> Look {
    let terminal = Term::stdout();
    if plain || !terminal.is_term() {
        return Look::PLAIN;
    }
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|kind| kind == "dumb");
    Look {
        width: usize::from(terminal.size().1),
        bars: true,
        // https://no-color.org
        colors: !is_set("NO_COLOR") && !is_dumb,
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

/// A word of a command that is printed to be copied into a shell, in quotes where it needs them.
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./\\:,=+@".contains(c);
    if !word.is_empty() && word.chars().all(|c| plain(c) && (c != '\\' || cfg!(windows))) {
        word.to_owned()
    } else if cfg!(windows) {
        format!("\"{word}\"")
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(not(windows))]
    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        for (word, quoted) in [
            (
                "out/llvmpipe-amd-epyc/2026-01-02-0f",
                "out/llvmpipe-amd-epyc/2026-01-02-0f",
            ),
            ("my results", "'my results'"),
            ("it's", r"'it'\''s'"),
            (r"a\b", r"'a\b'"),
            ("$HOME", "'$HOME'"),
            ("", "''"),
        ] {
            assert_eq!(shell_word(word), quoted);
        }
    }
}
