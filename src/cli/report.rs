//! `onpar report`: stored sessions once more, against the published figures as they are now, and in other programs' formats.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::derived;
use super::output::{complain, look, print, print_json};
use super::splice;
use crate::error::Result;
use crate::normalise::Scores;
use crate::published::Published;
use crate::record::Session;
use crate::report::columns::Context;
use crate::report::html::{self, Reported};
use crate::report::pictures::{self, Picture};
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
    /// What is printed; html is one page that needs nothing beside it.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Also write rows.csv, report.md, report.html and the pictures again, beside the journal.
    #[arg(long)]
    write: bool,
    /// Print JSON: --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// No bars and no colours, as in a pipe; NO_COLOR in the environment leaves only the colours out.
    #[arg(long)]
    plain: bool,
}

/// What a report is printed as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The table for a terminal.
    #[default]
    Text,
    /// One document; of several sessions a list of them.
    Json,
    /// The lines of rows.csv.
    Csv,
    /// report.md.
    Markdown,
    /// A page for a browser.
    Html,
    /// Bencher Metric Format, for `bencher run --adapter json`.
    Bencher,
    /// For github-action-benchmark with `tool: customSmallerIsBetter`.
    GithubBenchmark,
    /// For Prometheus and for GitLab's report of metrics.
    Openmetrics,
    /// What `go test -bench` prints, for benchstat.
    Benchfmt,
}

/// A session that was read.
struct Read {
    path: PathBuf,
    session: Session,
    scores: Scores,
}

impl Read {
    fn context(&self) -> Context<'_> {
        Context {
            session: &self.session,
            scores: &self.scores,
        }
    }

    /// Where its derived files belong.
    fn folder(&self) -> &Path {
        let parent = self.path.parent().filter(|_| !self.path.is_dir());
        parent.unwrap_or(&self.path)
    }
}

pub(crate) fn run(args: &ReportArgs) -> Result<u8> {
    let own = args.published.as_deref().map(Published::from_dir).transpose()?;
    let published = own.as_ref().unwrap_or_else(|| Published::embedded());
    if !args.splice.is_empty() {
        return splice::run(&args.splice, args.check, published);
    }
    let sessions: Vec<Read> = args
        .sessions
        .iter()
        .map(|path| read(path, published))
        .collect::<Result<_>>()?;
    let format = if args.json { Format::Json } else { args.format };
    show(format, args.plain, &sessions, published)?;
    if args.write {
        for one in &sessions {
            complain(&derived::write(one.folder(), &one.session, &one.scores, published)?);
        }
    }
    Ok(0)
}

fn read(path: &Path, published: &Published) -> Result<Read> {
    let session = Session::read(path)?;
    for warning in &session.warnings {
        complain(&format!("onpar: {}: {warning}", path.display()));
    }
    Ok(Read {
        path: path.to_owned(),
        scores: Scores::of(&session, published),
        session,
    })
}

fn show(format: Format, plain: bool, sessions: &[Read], published: &Published) -> Result<()> {
    let together = |text: &dyn Fn(&Read) -> String| sessions.iter().map(text).collect::<Vec<_>>().join("\n");
    let contexts: Vec<Context> = sessions.iter().map(Read::context).collect();
    match format {
        Format::Text => {
            let look = look(plain);
            print(&together(&|one| terminal::table(&one.session, &one.scores, look)))
        }
        Format::Json => print_documents(&contexts),
        Format::Csv => print(&csv::rows(&contexts)),
        Format::Markdown => {
            let report = |one: &Read| {
                let pictures = pictures::all(&one.session, &one.scores, published);
                markdown::report(&one.session, &one.scores, &pictures)
            };
            print(&together(&report))
        }
        Format::Html => print(&page(sessions, published)?),
        Format::Bencher => print_exported(export::Format::Bencher, &contexts),
        Format::GithubBenchmark => print_exported(export::Format::GithubBenchmark, &contexts),
        Format::Openmetrics => print_exported(export::Format::Openmetrics, &contexts),
        Format::Benchfmt => print_exported(export::Format::Benchfmt, &contexts),
    }
}

fn print_exported(format: export::Format, contexts: &[Context]) -> Result<()> {
    let exported = format.render(contexts)?;
    for case in &exported.left_out {
        complain(&format!("onpar: left out: {case}"));
    }
    print(&exported.text)
}

fn print_documents(contexts: &[Context]) -> Result<()> {
    match contexts {
        [one] => print_json(&json::document(*one)),
        all => print_json(&all.iter().map(|one| json::document(*one)).collect::<Vec<Value>>()),
    }
}

fn page(sessions: &[Read], published: &Published) -> Result<String> {
    let drawn = sessions
        .iter()
        .map(|one| pictures::all(&one.session, &one.scores, published));
    let drawn: Vec<Vec<Picture>> = drawn.collect();
    let reported = sessions.iter().zip(&drawn).map(|(one, pictures)| Reported {
        session: &one.session,
        scores: &one.scores,
        pictures,
    });
    html::render(&html::sessions_page(&reported.collect::<Vec<_>>(), published)?)
}
