//! `onpar report`: stored sessions once more, against the published figures as they are now, and in other programs' formats.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::derived;
use super::output::{complain, print, print_json};
use super::splice;
use crate::error::Result;
use crate::normalise::Scores;
use crate::published::Published;
use crate::record::Session;
use crate::report::columns::Context;
use crate::report::{csv, export, json, markdown, terminal};

/// Arguments of `onpar report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// The sessions: their folders or their session.jsonl.
    #[arg(value_name = "SESSION", required_unless_present = "splice")]
    sessions: Vec<PathBuf>,
    /// Make the parts of this Markdown file anew that are of stored sessions; may be given several times.
    /// docs/formats.md has the markers.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sessions", "write", "json", "format"])]
    splice: Vec<PathBuf>,
    /// With --splice: change nothing, and exit with 1 if anything would change.
    #[arg(long, requires = "splice")]
    check: bool,
    /// Figures of your own, in the format of published/, laid over the built-in ones.
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// Also write rows.csv, report.md and the pictures again, beside the journal.
    #[arg(long)]
    write: bool,
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Print JSON, as --format json does.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for a reader
    Text,
    /// One document; of several sessions a list of them
    Json,
    /// The lines of rows.csv
    Csv,
    /// The page report.md, without its pictures
    Markdown,
    /// Bencher Metric Format, for `bencher run --adapter json`
    Bencher,
    /// For github-action-benchmark with `tool: customSmallerIsBetter`
    GithubBenchmark,
    /// For Prometheus and for GitLab's report of metrics
    Openmetrics,
    /// What `go test -bench` prints, for benchstat
    Benchfmt,
}

pub(crate) fn run(args: &ReportArgs) -> Result<u8> {
    let own = args.published.as_deref().map(Published::from_dir).transpose()?;
    let published = own.as_ref().unwrap_or_else(|| Published::embedded());
    if args.sessions.is_empty() {
        return splice::run(&args.splice, args.check, published);
    }
    let read: Vec<(Session, Scores)> = args
        .sessions
        .iter()
        .map(|path| {
            let session = read(path)?;
            let scores = Scores::of(&session, published);
            Ok((session, scores))
        })
        .collect::<Result<_>>()?;
    let contexts: Vec<Context> = read
        .iter()
        .map(|(session, scores)| Context { session, scores })
        .collect();
    show(args, &contexts)?;
    if args.write {
        for (path, (session, scores)) in args.sessions.iter().zip(&read) {
            complain(&derived::write(folder(path), session, scores, published)?);
        }
    }
    Ok(0)
}

fn read(path: &Path) -> Result<Session> {
    let session = Session::read(path)?;
    for warning in &session.warnings {
        complain(&format!("onpar: {}: {warning}", path.display()));
    }
    Ok(session)
}

fn folder(path: &Path) -> &Path {
    let of_journal = if path.is_dir() { None } else { path.parent() };
    of_journal.unwrap_or(path)
}

fn show(args: &ReportArgs, contexts: &[Context]) -> Result<()> {
    let each = |of: &dyn Fn(&Context) -> String| contexts.iter().map(of).collect::<Vec<_>>().join("\n");
    let exported = |format: export::Format| -> Result<String> {
        let exported = format.render(contexts)?;
        for case in &exported.left_out {
            complain(&format!("onpar: left out: {case}"));
        }
        Ok(exported.text)
    };
    let text = match if args.json { Format::Json } else { args.format } {
        Format::Json => return print_json(&documents(contexts)),
        Format::Text => each(&|context| terminal::table(context.session, context.scores)),
        Format::Markdown => each(&|context| markdown::report(context.session, context.scores, &[])),
        Format::Csv => csv::rows(contexts),
        Format::Bencher => exported(export::Format::Bencher)?,
        Format::GithubBenchmark => exported(export::Format::GithubBenchmark)?,
        Format::Openmetrics => exported(export::Format::Openmetrics)?,
        Format::Benchfmt => exported(export::Format::Benchfmt)?,
    };
    print(&text)
}

/// The document of one session, or those of several.
fn documents(contexts: &[Context]) -> Value {
    match contexts {
        [one] => json::document(*one),
        several => several.iter().map(|context| json::document(*context)).collect(),
    }
}
