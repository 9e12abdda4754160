//! `onpar history`: where the level of values over time changes, and what else changed there.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::input::{part, probability};
use super::output::{complain, print, print_json};
use super::picture::Picture;
use crate::error::{Error, Result};
use crate::record::{Archive, SeriesTable};
use crate::report::history::{self as report, Context};
use crate::report::html;
use crate::stats::{Method, Settings};
use crate::track::{Analysis, Better, History, analyse};
use crate::units::counted;

/// Find where the times of sessions, or any series of values, change for the better or worse, and what else changed there
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// Folder with sessions, at any depth; together they are the history
    #[arg(value_name = "DIR", required_unless_present = "series", conflicts_with = "series")]
    folder: Option<PathBuf>,
    /// Table of values over time instead, with the columns time,value or series,time,value
    #[arg(long, value_name = "FILE.csv")]
    series: Option<PathBuf>,
    /// Which way the values of --series are better
    #[arg(long, value_name = "WAY", default_value = "lower", requires = "series")]
    better: BetterArg,
    /// Only series whose name contains this; may be given several times
    #[arg(long, value_name = "PART")]
    filter: Vec<String>,
    /// How a change is told from noise: by ranks, or as apache-otava 0.8.0 does it
    #[arg(long, value_name = "METHOD", default_value = "robust")]
    method: MethodArg,
    /// How improbable a change must be without one [default: 0.0005, otava 0.001]
    #[arg(long, value_name = "P", value_parser = probability)]
    p: Option<f64>,
    /// Smallest change, as a part of the level (0.05) or in percent (5%) [default: 2%, otava 0]
    #[arg(long, value_name = "CHANGE", value_parser = part)]
    min_change: Option<f64>,
    /// Points in a window; changes further apart than half of it do not hide each other [default: 50]
    #[arg(long, value_name = "POINTS", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    window: Option<u32>,
    /// Exit with 1 if anything changed for the worse
    #[arg(long)]
    check: bool,
    /// With --check: only changes among the last points of a series count
    #[arg(long, value_name = "POINTS", requires = "check")]
    last: Option<usize>,
    /// Draw the series, the worst first, with their changes and with what else changed; the ending says how
    #[arg(long, value_name = "FILE.svg|FILE.png", value_parser = Picture::parse)]
    plot: Option<Picture>,
    /// Only series of this machine, by its hard key or the beginning of it
    #[arg(long, value_name = "KEY", conflicts_with = "series")]
    machine: Option<String>,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Print JSON, as --format json does
    #[arg(long, conflicts_with_all = ["csv", "format"])]
    json: bool,
    /// Print the change points as CSV, as --format csv does
    #[arg(long, conflicts_with = "format")]
    csv: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// What changed, for a reader
    Text,
    /// One document
    Json,
    /// The change points, a line each
    Csv,
    /// The values, a column for each series, as apache-otava imports CSV
    Otava,
    /// A page for a browser that needs nothing beside it
    Html,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum BetterArg {
    Lower,
    Higher,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum MethodArg {
    Robust,
    Otava,
}

/// Runs the command and returns the exit status: 0, or with `--check` 1 if something changed for the worse.
///
/// # Errors
/// A folder without a session that can be read, a table that is malformed, or a filter that leaves nothing.
pub(crate) fn run(args: &HistoryArgs) -> Result<u8> {
    let (mut history, notes) = match (&args.folder, &args.series) {
        (Some(folder), _) => sessions(folder)?,
        (None, Some(file)) => table(file, args.better)?,
        (None, None) => {
            return Err(Error::Usage(
                "name a folder of sessions, or a table with --series".to_owned(),
            ));
        }
    };
    if let Some(key) = &args.machine {
        on_machine(&mut history, key)?;
    }
    if !args.filter.is_empty() {
        select(&mut history, &args.filter)?;
    }
    let settings = settings(args);
    let analyses = analyse(&history, settings);
    let context = Context {
        history: &history,
        analyses: &analyses,
        settings,
        notes: &notes,
    };
    if let Some(picture) = &args.plot {
        picture.write(&report::picture(context).draw())?;
    }
    show(args, context)?;
    Ok(u8::from(args.check && any_worse(&history, &analyses, args.last)))
}

fn show(args: &HistoryArgs, context: Context) -> Result<()> {
    let format = match args.format {
        _ if args.json => Format::Json,
        _ if args.csv => Format::Csv,
        format => format,
    };
    if format != Format::Text {
        for note in context.notes {
            complain(&format!("onpar: {note}"));
        }
    }
    match format {
        Format::Text => print(&report::text(context)),
        Format::Json => print_json(&report::document(context)),
        Format::Csv => print(&report::changes(context)),
        Format::Html => print(&html::render(&html::history_page(context)?)?),
        Format::Otava => {
            let table = report::otava(context)?;
            if table.left_out > 0 {
                complain(&format!(
                    "onpar: left out: {} moments at which a series has no value, because apache-otava reads no gaps; --filter \
                     names fewer series",
                    table.left_out
                ));
            }
            print(&table.text)
        }
    }
}

fn sessions(folder: &Path) -> Result<(History, Vec<String>)> {
    let archive = Archive::read(folder)?;
    let notes = archive.notes.iter().map(ToString::to_string).collect();
    if archive.sessions.is_empty() {
        for note in &archive.notes {
            complain(&format!("onpar: {note}"));
        }
        return Err(Error::Usage(format!(
            "{}: no session that can be read; `onpar run --out DIR` makes them",
            folder.display()
        )));
    }
    Ok((History::of_sessions(&archive.sessions), notes))
}

fn table(file: &Path, better: BetterArg) -> Result<(History, Vec<String>)> {
    let table = SeriesTable::read(file)?;
    let mut notes = Vec::new();
    if table.missing > 0 {
        notes.push(format!(
            "{} without a finite value: counted, but passed over",
            counted(table.missing, "point")
        ));
    }
    if table.disordered {
        notes.push("the lines are not in the order of time; they were sorted, equal times as they stand".to_owned());
    }
    let better = match better {
        BetterArg::Lower => Better::Lower,
        BetterArg::Higher => Better::Higher,
    };
    Ok((History::of_table(table, better), notes))
}

/// Keeps the series of one machine, and the machine.
fn on_machine(history: &mut History, key: &str) -> Result<()> {
    let keys: Vec<&str> = history.machines.iter().map(|machine| machine.key.as_str()).collect();
    let wanted: Vec<usize> = (0..keys.len()).filter(|place| keys[*place].starts_with(key)).collect();
    let [wanted] = wanted[..] else {
        return Err(Error::Usage(format!(
            "--machine {key}: {} machines have a key that begins so; the keys are {}",
            wanted.len(),
            keys.join(", ")
        )));
    };
    history.series.retain(|series| series.machine == Some(wanted));
    for series in &mut history.series {
        series.machine = Some(0);
    }
    history.machines = vec![history.machines.swap_remove(wanted)];
    Ok(())
}

fn select(history: &mut History, parts: &[String]) -> Result<()> {
    let some: Vec<_> = history
        .series
        .iter()
        .take(3)
        .map(|series| series.name.clone())
        .collect();
    history
        .series
        .retain(|series| parts.iter().any(|part| series.name.contains(part)));
    if history.series.is_empty() {
        return Err(Error::Usage(format!(
            "--filter '{}': no series contains it; they are like {}",
            parts.join("', '"),
            some.join(", ")
        )));
    }
    Ok(())
}

fn settings(args: &HistoryArgs) -> Settings {
    let usual = Settings::of(match args.method {
        MethodArg::Robust => Method::Robust,
        MethodArg::Otava => Method::Otava,
    });
    Settings {
        p: args.p.unwrap_or(usual.p),
        least: args.min_change.unwrap_or(usual.least),
        window: args.window.map_or(usual.window, |window| window as usize),
        ..usual
    }
}

fn any_worse(history: &History, analyses: &[Analysis], last: Option<usize>) -> bool {
    let mut all = history.series.iter().zip(analyses);
    all.any(|(series, analysis)| {
        let from = last.map_or(0, |last| series.values.len().saturating_sub(last));
        analysis.is_worse(history.better, from)
    })
}
