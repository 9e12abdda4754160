//! `onpar import`: runs of another program as a session.

use std::path::{Path, PathBuf};

use clap::Args;

use super::derived;
use super::input::table;
use super::output::{complain, look, print};
use crate::error::{Error, Result};
use crate::normalise::Scores;
use crate::published::Published;
use crate::record::{Birth, Journal, Session, external};
use crate::report::terminal;

/// Make a session out of a table of times that another program measured; its rows are unproved
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Table with the columns case, run, seconds
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// What it was measured on, if the table has no column `device`
    #[arg(long, value_name = "NAME")]
    device: Option<String>,
    /// Folder for results; the session gets a folder of its own in it
    #[arg(long, default_value = "onpar-results", value_name = "DIR")]
    out: PathBuf,
}

/// Runs the command and returns the exit status.
///
/// # Errors
/// A table that cannot be read, is malformed or names no device; a folder that cannot be written.
pub(crate) fn run(args: &ImportArgs) -> Result<u8> {
    let table = table(&args.file)?;
    let device = match (&args.device, &table.device) {
        (Some(given), Some(known)) if given != known => {
            return Err(Error::Usage(format!(
                "--device {given}: the table says that it is of {known}; leave the option out, or correct the table"
            )));
        }
        (Some(device), _) | (None, Some(device)) => device,
        (None, None) => {
            return Err(Error::Usage(format!(
                "{}: nothing is recorded for a device without a name; give it with --device NAME or a column `device`",
                args.file.display()
            )));
        }
    };
    let (header, events) = external(&table, &args.file, device, Birth::now()?)?;
    let mut journal = Journal::create(&args.out, &header)?;
    let folder = journal.path().parent().map(Path::to_owned).unwrap_or_default();
    for event in &events {
        journal.append(event)?;
    }
    journal.seal()?;
    let session = Session::read(&folder)?;
    let published = Published::embedded();
    let scores = Scores::of(&session, published);
    print(&terminal::table(&session, &scores, look(false)))?;
    complain(&derived::write(&folder, &session, &scores, published)?);
    Ok(0)
}
