//! `onpar merge`: sessions of several folders in one.

use std::path::{Path, PathBuf};

use clap::Args;

use super::derived;
use super::output::{complain, print};
use crate::error::Result;
use crate::normalise::Scores;
use crate::published::Published;
use crate::record::{Session, journals, merge};

/// Bring the sessions of several folders together; doing it again changes nothing
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Folders to look for sessions in, or sessions
    #[arg(value_name = "DIR", required = true)]
    from: Vec<PathBuf>,
    /// Folder that holds all of them afterwards
    #[arg(long, default_value = "onpar-results", value_name = "DIR")]
    out: PathBuf,
}

/// Runs the command and returns the exit status: 2 if a journal could not be read or written, else 3 if two of one session
/// went different ways, else 0.
///
/// # Errors
/// A folder that cannot be read.
pub(crate) fn run(args: &MergeArgs) -> Result<u8> {
    let merged = merge(&journals(&args.from)?, &args.out);
    for folder in merged.added.iter().chain(&merged.grown) {
        derive(folder)?;
    }
    for error in &merged.failed {
        complain(&format!("onpar: {error}; left out"));
    }
    for (journal, kept) in &merged.conflicts {
        complain(&format!(
            "onpar: conflict: {} has the id of another session and goes on differently; both are kept, this one as {}",
            journal.display(),
            kept.display()
        ));
    }
    print(&format!(
        "{} added, {} grown, {} known, {} in conflict, {} left out\n",
        merged.added.len(),
        merged.grown.len(),
        merged.known,
        merged.conflicts.len(),
        merged.failed.len()
    ))?;
    Ok(if !merged.failed.is_empty() {
        2
    } else if !merged.conflicts.is_empty() {
        3
    } else {
        0
    })
}

/// Tables and pictures are never merged: they are made from the journal.
fn derive(folder: &Path) -> Result<()> {
    let session = Session::read(folder)?;
    let published = Published::embedded();
    derived::write(folder, &session, &Scores::of(&session, published), published)?;
    Ok(())
}
