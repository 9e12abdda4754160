//! `onpar gate`: is a session slower than it has to be?

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, ValueEnum};

use super::input::{alpha, part};
use super::output::{complain, print};
use crate::compare::Allowed;
use crate::error::{Error, Result};
use crate::gate::{Inconclusive, MOST_POINTS, Measured, Outcome, Past, Rule, Segments, against_history};
use crate::normalise::Scores;
use crate::parallel;
use crate::published::Published;
use crate::record::{Archive, Keys, Session, Summary};
use crate::report::gate::Format;

/// Say of a session which cases became slower than the sessions before it allow, and end accordingly: 0 nothing regressed,
/// 1 a case regressed, 3 not to be told or rows that failed, 4 no baseline, 5 a wrong result
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("before").required(true)))]
pub(crate) struct GateArgs {
    /// The session that is judged: its folder, its session.jsonl, or with --history the beginning of its id [default with
    /// --history: the newest one there]
    #[arg(value_name = "SESSION")]
    session: Option<PathBuf>,
    /// Folder with sessions, at any depth: those of the same machine before the one that is judged say what to expect
    #[arg(long, value_name = "DIR", group = "before")]
    history: Option<PathBuf>,
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
}

/// What is printed and written.
#[derive(Debug, Args)]
struct Forms {
    /// What to print: text, json, csv or markdown
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
    let outcome = match &args.history {
        Some(folder) => of_history(folder, args.session.as_deref(), rule)?,
        None => return Err(Error::Usage("name the sessions before with --history".to_owned())),
    };
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

/// A session of a history, or the newest one, against those before it.
fn of_history(folder: &Path, wanted: Option<&Path>, rule: Rule) -> Result<Outcome> {
    let archive = Archive::read(folder)?;
    for note in &archive.notes {
        complain(&format!("onpar: {note}"));
    }
    let session = read(&candidate(folder, &archive, wanted)?)?;
    let now = measured(&session, rule);
    let past = past(&archive, &now, rule);
    Ok(against_history(&now, &past, rule))
}

/// The journal of the session that is judged.
fn candidate(folder: &Path, archive: &Archive, wanted: Option<&Path>) -> Result<PathBuf> {
    let Some(wanted) = wanted else {
        let newest = archive.paths.last().cloned();
        return newest.ok_or_else(|| {
            Error::Usage(format!(
                "{}: no session that can be read; `onpar run --out DIR` makes them",
                folder.display()
            ))
        });
    };
    if wanted.exists() {
        return Ok(wanted.to_owned());
    }
    let name = wanted.to_string_lossy();
    let mut named = archive.sessions.iter().zip(&archive.paths);
    let mut named = named
        .by_ref()
        .filter(|(session, _)| session.id.as_str().starts_with(&*name));
    match (named.next(), named.next()) {
        (Some((_, path)), None) => Ok(path.clone()),
        (Some(_), Some(_)) => Err(Error::Usage(format!(
            "{name}: several sessions of {} have an id that begins so; give more of it",
            folder.display()
        ))),
        (None, _) => Err(Error::Usage(format!(
            "{name}: neither a session nor the beginning of an id of one in {}; onpar history --json lists them",
            folder.display()
        ))),
    }
}

fn read(path: &Path) -> Result<Session> {
    let session = Session::read(path)?;
    for warning in &session.warnings {
        complain(&format!("onpar: {}: {warning}", path.display()));
    }
    Ok(session)
}

fn measured(session: &Session, rule: Rule) -> Measured {
    Measured::of(session, &Scores::of(session, Published::embedded()), rule.allowed)
}

/// The sessions of the same machine that began before; those of one second in the order of their ids, as in every history.
fn past(archive: &Archive, now: &Measured, rule: Rule) -> Past {
    let header = &now.header;
    let is_before = |session: &Summary| (session.started, &session.id) < (header.started, &header.id);
    let is_same = |session: &Summary| Keys::of(&session.identity).hard == Keys::of(&header.facts.identity).hard;
    let before = archive
        .sessions
        .iter()
        .zip(&archive.paths)
        .filter(|(session, _)| is_before(session));
    let (same, others): (Vec<_>, Vec<_>) = before.partition(|(session, _)| is_same(session));
    let places: Vec<usize> = (same.len().saturating_sub(MOST_POINTS)..same.len()).collect();
    let sessions = parallel::map(&places, |place| match Session::read(same[*place].1) {
        Ok(session) => Some((*place, measured(&session, rule))),
        Err(error) => {
            complain(&format!("onpar: passed over: {error}"));
            None
        }
    });
    let summaries: Vec<Summary> = same.iter().map(|(session, _)| (*session).clone()).collect();
    Past {
        sessions: sessions.into_iter().flatten().collect(),
        all: same.len(),
        others: others.len(),
        other: others.last().map(|(session, _)| session.identity.clone()),
        segments: Segments::of(&summaries, rule.across),
    }
}
