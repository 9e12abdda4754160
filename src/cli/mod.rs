//! The command line: one file for each subcommand, each parses, reads, computes, prints. Only here is anything printed,
//! and only here does a path come from the user.

mod doctor;
mod list;
mod run;
mod supervise;
mod worker;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde::Serialize;

use crate::error::{Error, Result};

/// Measures portable GPU kernels, proves every answer, and says how far the result stands from what is published about
/// NVIDIA H20, Zhenwu 810E, Kunlun P800 and their peers.
#[derive(Debug, Parser)]
#[command(name = "onpar", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What can run here: adapters, drivers, features, limits, and whether the clock can be believed.
    Doctor(doctor::DoctorArgs),
    /// Kernels and suites; --describe explains one case.
    List(list::ListArgs),
    /// Measure, prove, normalise, plot.
    Run(run::RunArgs),
    /// The process that touches the driver; not for use by hand.
    #[command(hide = true)]
    Worker(worker::WorkerArgs),
}

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing to complain of.
    Fine,
    /// Rows were lost, timed out or failed.
    Incomplete,
    /// A result was wrong.
    Wrong,
}

impl Outcome {
    fn exit_code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Incomplete => 3,
            Self::Wrong => 5,
        }
    }
}

/// Runs the program. `docs/formats.md` lists the exit codes.
#[must_use]
pub fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Doctor(args) => doctor::run(&args),
        Command::List(args) => list::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Worker(args) => worker::run(&args).map(|()| Outcome::Fine),
    };
    match outcome {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(error) => {
            complain(&format!("onpar: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

/// Prints to standard output. A reader that has gone away (`| head`) is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::io("standard output", "cannot write", cause))
        }
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
