//! The `onpar` program.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use onpar::cli::Cli;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // Nothing is left to tell where standard error is closed.
            let _ = writeln!(std::io::stderr(), "onpar: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
