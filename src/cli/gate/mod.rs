//! `onpar gate`: is a session slower than it has to be?

mod before;
mod measure;

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

use super::input::{alpha, part};
use super::output::print;
use crate::compare::Allowed;
use crate::error::{Error, Result};
use crate::gate::{Inconclusive, Outcome, Rule};
use crate::report::gate::Format;

/// Say of a session which cases became slower than the sessions before it allow, and end accordingly: 0 nothing regressed,
/// 1 a case regressed, 3 not to be told or rows that failed, 4 no baseline, 5 a wrong result
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("before").required(true).multiple(true)))]
pub(crate) struct GateArgs {
    /// The session that is judged: its folder, its session.jsonl, or with --history the beginning of its id [default with
    /// --history: the newest one there]
    #[arg(value_name = "SESSION")]
    session: Option<PathBuf>,
    /// Folder with sessions, at any depth: those of the same machine before the one that is judged say what to expect
    #[arg(long, value_name = "DIR", group = "before", conflicts_with = "baseline")]
    history: Option<PathBuf>,
    /// The session that it is held against. Both should have been measured by turns, as --baseline-program does it
    #[arg(long, value_name = "SESSION", group = "before")]
    baseline: Option<PathBuf>,
    /// With --baseline, where the two were not measured by turns: what sessions of this machine differ by (their standard
    /// deviation, as `onpar doctor --noise --history DIR` says it)
    #[arg(long, value_name = "PERCENT", requires = "baseline", value_parser = part)]
    session_sd: Option<f64>,
    /// Another build of onpar, as a baseline: measures with it and with this program by turns. What follows after -- are
    /// options of onpar run. With --confirm it measures only the suspects
    #[arg(long, value_name = "PROGRAM", group = "before")]
    baseline_program: Option<PathBuf>,
    /// Environment of the baseline (another driver, say), as VK_DRIVER_FILES=/old/driver.json; may be given several times
    #[arg(long, value_name = "NAME=VALUE", group = "before", value_parser = setting)]
    baseline_env: Vec<(String, String)>,
    /// Measure once more what seems to have regressed or is undecided: by turns with the baseline's program if there is one,
    /// else by itself. What follows after -- are options of onpar run
    #[arg(long)]
    confirm: bool,
    /// Chance that any case of an unchanged session is called regressed or improved
    #[arg(long, value_name = "PROBABILITY", default_value = "0.05", value_parser = alpha)]
    alpha: f64,
    /// Smallest change that is reported of any case, as a part (0.02) or in percent (2%)
    #[arg(long, value_name = "CHANGE", default_value = "2%", value_parser = part)]
    min_change: f64,
    /// A case that scatters so much that a change of this size would not be seen is inconclusive
    #[arg(long, value_name = "CHANGE", default_value = "10%", value_parser = part)]
    must_see: f64,
    /// What inconclusive cases make of the whole; without it more than one in ten make it inconclusive
    #[arg(long, value_name = "WHAT")]
    inconclusive: Option<InconclusiveWord>,
    /// Also count sessions before the last change of driver, kernel, wgpu, onpar or variant
    #[arg(long, requires = "history")]
    across_boundaries: bool,
    /// Also judge rows whose answers nobody compared with a reference
    #[arg(long)]
    allow_unproved: bool,
    /// Also judge rows about which something is odd
    #[arg(long)]
    allow_flagged: bool,
    #[command(flatten)]
    forms: Forms,
    /// Options of onpar run for what is measured now, as -- --suite smoke --runs 10
    #[arg(last = true, value_name = "RUN OPTIONS")]
    run: Vec<String>,
}

/// What is printed and written.
#[derive(Debug, Args)]
struct Forms {
    /// What to print: text, json, csv, markdown, junit, github-summary, github-annotations or openmetrics
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = format)]
    format: Format,
    /// Print JSON, as --format json does
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Write a format into a file as well; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = written)]
    write: Vec<(Format, PathBuf)>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum InconclusiveWord {
    /// They never fail the gate
    Pass,
    /// Any fails it
    Fail,
}

fn format(text: &str) -> std::result::Result<Format, String> {
    let known = Format::ALL.into_iter().find(|format| format.word() == text);
    known.ok_or_else(|| {
        let words: Vec<_> = Format::ALL.into_iter().map(Format::word).collect();
        format!("expected one of {}", words.join(", "))
    })
}

fn setting(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected a name and a value, as NAME=VALUE".to_owned()),
    }
}

fn written(text: &str) -> std::result::Result<(Format, PathBuf), String> {
    match text.split_once('=') {
        Some((word, path)) if !path.is_empty() => Ok((format(word)?, path.into())),
        _ => Err("expected a format and a file, as json=gate.json".to_owned()),
    }
}

/// Runs the command and returns the exit status, which is the outcome's.
///
/// # Errors
/// A file or folder that cannot be read or written, or nothing to judge.
pub(crate) fn run(args: &GateArgs) -> Result<u8> {
    let rule = rule(args);
    let wanted = args.session.as_deref();
    let (now, before) = match (&args.history, &args.baseline) {
        (Some(folder), _) => before::of_history(folder, wanted, rule)?,
        (None, Some(baseline)) => before::of_baseline(baseline, wanted, args.session_sd, rule)?,
        (None, None) => measure::both(args, rule)?,
    };
    let mut outcome = before.judge(&now, rule);
    if args.confirm && outcome.suspects().next().is_some() {
        outcome.confirm(&measure::suspects(args, &outcome, &before, rule)?);
    }
    show(&args.forms, &outcome)?;
    Ok(outcome.exit_code())
}

fn rule(args: &GateArgs) -> Rule {
    Rule {
        alpha: args.alpha,
        least: args.min_change,
        must_see: args.must_see,
        inconclusive: match args.inconclusive {
            Some(InconclusiveWord::Pass) => Inconclusive::Pass,
            Some(InconclusiveWord::Fail) => Inconclusive::Fail,
            None => Inconclusive::Tenth,
        },
        across: args.across_boundaries,
        allowed: Allowed {
            unproved: args.allow_unproved,
            flagged: args.allow_flagged,
        },
    }
}

fn show(forms: &Forms, outcome: &Outcome) -> Result<()> {
    for (format, path) in &forms.write {
        let written = std::fs::write(path, format.render(outcome));
        written.map_err(|cause| Error::io(path, "cannot write", cause))?;
    }
    let format = if forms.json { Format::Json } else { forms.format };
    print(&format.render(outcome))
}
