//! `onpar report`: a stored session once more, against the published figures as they are now.

use std::path::PathBuf;

use clap::Args;

use super::derived;
use super::output::{complain, print, print_json};
use super::splice;
use crate::error::Result;
use crate::normalise::Scores;
use crate::published::Published;
use crate::record::Session;
use crate::report::columns::Context;
use crate::report::{json, terminal};

/// Arguments of `onpar report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// The session: its folder or its session.jsonl.
    #[arg(value_name = "SESSION", required_unless_present = "splice")]
    session: Option<PathBuf>,
    /// Make the parts of this Markdown file anew that are of stored sessions; may be given several times.
    /// docs/formats.md has the markers.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["session", "write", "json"])]
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
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &ReportArgs) -> Result<u8> {
    let own = args.published.as_deref().map(Published::from_dir).transpose()?;
    let published = own.as_ref().unwrap_or_else(|| Published::embedded());
    let Some(path) = &args.session else {
        return splice::run(&args.splice, args.check, published);
    };
    let session = Session::read(path)?;
    for warning in &session.warnings {
        complain(&format!("onpar: {}: {warning}", path.display()));
    }
    let scores = Scores::of(&session, published);
    if args.json {
        let context = Context {
            session: &session,
            scores: &scores,
        };
        print_json(&json::document(context))?;
    } else {
        print(&terminal::table(&session, &scores))?;
    }
    if args.write {
        let folder = if path.is_dir() {
            Some(path.as_path())
        } else {
            path.parent()
        };
        let written = derived::write(folder.unwrap_or(path), &session, &scores, published)?;
        complain(&written);
    }
    Ok(0)
}
