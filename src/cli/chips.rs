//! `onpar chips`: published figures, intervals, conflicts, sources.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::output::print;
use crate::error::Result;
use crate::published::{Loaded, Published, Table, embedded_files, folder_files, load};
use crate::report::chips as report;

/// Show what has been published about chips: intervals, conflicts, sources
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ChipsArgs {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    format: TableFormat,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print every figure of one chip with its source, the rejected ones with the reason
    Show(ShowArgs),
    /// Compare two chips cell by cell
    Diff(DiffArgs),
    /// Check data files: the embedded ones, or those of a folder
    Check(CheckArgs),
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// Id of the chip, as `onpar chips` lists it
    id: String,
    #[command(flatten)]
    data: DataArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct DiffArgs {
    /// Id of the first chip
    a: String,
    /// Id of the second chip
    b: String,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    format: TableFormat,
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// Folder with all seven data files, or with some of them to lay over the embedded ones
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct DataArgs {
    /// Folder with data files of your own, laid over the embedded ones (all seven files together stand alone)
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct TableFormat {
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV
    #[arg(long)]
    csv: bool,
}

/// Runs the command and returns the exit status: 0, or 2 where `check` finds a problem.
///
/// # Errors
/// An unknown chip, or a data folder that cannot be read or is not clean.
pub(crate) fn run(args: &ChipsArgs) -> Result<u8> {
    match &args.command {
        None => list(args),
        Some(Command::Show(args)) => show(args),
        Some(Command::Diff(args)) => diff(args),
        Some(Command::Check(args)) => check(args),
    }
}

impl DataArgs {
    fn with<T>(&self, use_data: impl FnOnce(&Published) -> Result<T>) -> Result<T> {
        match &self.published {
            Some(folder) => use_data(&Published::from_dir(folder)?),
            None => use_data(Published::embedded()),
        }
    }
}

fn list(args: &ChipsArgs) -> Result<u8> {
    args.data.with(|published| {
        print(&match args.format {
            TableFormat { json: true, .. } => report::list_json(published),
            TableFormat { csv: true, .. } => report::list_csv(published),
            _ => report::list(published),
        })?;
        Ok(0)
    })
}

fn show(args: &ShowArgs) -> Result<u8> {
    args.data.with(|published| {
        let chip = published.require_chip(&args.id)?;
        let text = if args.json {
            report::show_json(published, chip)
        } else {
            report::show(published, chip)
        };
        print(&text)?;
        Ok(0)
    })
}

fn diff(args: &DiffArgs) -> Result<u8> {
    args.data.with(|published| {
        let (a, b) = (published.require_chip(&args.a)?, published.require_chip(&args.b)?);
        print(&match args.format {
            TableFormat { json: true, .. } => report::diff_json(published, a, b),
            TableFormat { csv: true, .. } => report::diff_csv(published, a, b),
            _ => report::diff(published, a, b),
        })?;
        Ok(0)
    })
}

fn check(args: &CheckArgs) -> Result<u8> {
    let files = match &args.folder {
        Some(folder) => folder_files(folder)?,
        None => embedded_files(),
    };
    let loaded = load(&files);
    print(&if args.json {
        report::check_json(&loaded)
    } else {
        check_text(&loaded)
    })?;
    Ok(if loaded.problems.is_empty() { 0 } else { 2 })
}

fn check_text(loaded: &Loaded) -> String {
    let mut out: String = loaded.problems.iter().map(|problem| format!("{problem}\n")).collect();
    let counts = Table::ALL.map(|table| format!("{table} {}", loaded.published.count(table)));
    out.push_str(&format!("{}\n", counts.join(", ")));
    out.push_str(&match loaded.problems.len() {
        0 => "clean\n".to_owned(),
        1 => "1 problem\n".to_owned(),
        n => format!("{n} problems\n"),
    });
    out
}
