//! `onpar report`: a stored session once more, against the published figures as they are now.

use std::path::PathBuf;

use clap::Args;

use super::derived;
use super::output::{complain, print, print_json};
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
    #[arg(value_name = "SESSION")]
    session: PathBuf,
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
    let session = Session::read(&args.session)?;
    for warning in &session.warnings {
        complain(&format!("onpar: {}: {warning}", args.session.display()));
    }
    let own = args.published.as_deref().map(Published::from_dir).transpose()?;
    let published = own.as_ref().unwrap_or_else(|| Published::embedded());
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
        let folder = if args.session.is_dir() {
            Some(args.session.as_path())
        } else {
            args.session.parent()
        };
        let written = derived::write(folder.unwrap_or(args.session.as_path()), &session, &scores, published)?;
        complain(&written);
    }
    Ok(0)
}
