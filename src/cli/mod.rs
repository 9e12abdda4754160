//! The command line: one file for each subcommand, each parses, reads, computes, prints. Only here is anything printed,
//! and only here does a path come from the user.

mod audit;
mod chips;
mod compare;
mod derived;
mod doctor;
mod forecast;
mod gate;
mod history;
mod import;
mod input;
mod interrupt;
mod list;
mod merge;
mod noise;
mod output;
mod picture;
mod process;
mod progress;
mod report;
mod run;
mod shell;
mod splice;
mod supervise;
mod tune;
mod tuning;
mod turns;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use output::complain;

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
    /// What published figures say about a claim of parity, and what would have to be true.
    Audit(audit::AuditArgs),
    /// Published figures of chips: intervals, conflicts, sources.
    Chips(chips::ChipsArgs),
    /// Are two measured devices on par? Sessions or plain tables, case by case.
    Compare(compare::CompareArgs),
    /// What can run here: adapters, drivers, features, limits, and whether the clock can be believed.
    Doctor(doctor::DoctorArgs),
    /// Is a session slower than those before it allow? With exit codes for CI.
    Gate(gate::GateArgs),
    /// Where the times of stored sessions, or any series, change, and what else changed there.
    History(history::HistoryArgs),
    /// Times that another program measured, as a session.
    Import(import::ImportArgs),
    /// Kernels and suites; --describe explains one case.
    List(list::ListArgs),
    /// The sessions of several folders in one.
    Merge(merge::MergeArgs),
    /// A stored session once more, against the published figures as they are now.
    Report(report::ReportArgs),
    /// Measure, prove, normalise, plot.
    Run(run::RunArgs),
    /// Search for the fastest variants, and keep what is found for `onpar run --tune quick`.
    Tune(tune::TuneArgs),
    /// Completions for shells, to be sourced or installed.
    Completions(shell::CompletionsArgs),
    /// The manual page, in roff.
    Man(shell::ManArgs),
    /// The process that touches the driver; not for use by hand.
    #[command(hide = true)]
    Worker(worker::WorkerArgs),
}

/// Runs the program. `docs/formats.md` lists the exit codes.
#[must_use]
pub fn main() -> ExitCode {
    let code = match Cli::parse().command {
        Command::Audit(args) => audit::run(&args),
        Command::Chips(args) => chips::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Gate(args) => gate::run(&args),
        Command::History(args) => history::run(&args),
        Command::Import(args) => import::run(&args),
        Command::List(args) => list::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Tune(args) => tune::run(&args),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
        Command::Worker(args) => worker::run(&args),
    };
    match code {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            complain(&format!("onpar: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}
