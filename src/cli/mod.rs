//! The command line: each command parses, reads, computes and prints.

pub mod chips;
mod output;

use clap::{Parser, Subcommand};

use crate::error::Result;

/// The `onpar` program.
#[derive(Debug, Parser)]
#[command(name = "onpar", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Chips(chips::ChipsArgs),
}

impl Cli {
    /// Runs the command and returns the exit status.
    ///
    /// # Errors
    /// Whatever stopped the command; its exit status is [`crate::error::Error::exit_code`].
    pub fn run(&self) -> Result<u8> {
        match &self.command {
            Command::Chips(args) => chips::run(args),
        }
    }
}
