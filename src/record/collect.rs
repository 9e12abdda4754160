//! Collections of sessions: found under folders, and brought together as a union by id.

use std::fs;
use std::path::{Path, PathBuf};

use super::folder::{JOURNAL, folder};
use super::merge::{Relation, merge_relation, whole_lines};
use super::session::Session;
use crate::error::{Error, Result};

/// What bringing sessions together did.
#[derive(Debug, Default)]
pub struct Merged {
    /// Folders of sessions that were not there before.
    pub added: Vec<PathBuf>,
    /// Folders of sessions whose journal gave way to one that goes on where it ended.
    pub grown: Vec<PathBuf>,
    /// How many journals said nothing new.
    pub known: usize,
    /// Journals that went another way than the one of the same id: (where it came from, where it is kept now).
    pub conflicts: Vec<(PathBuf, PathBuf)>,
    /// Journals that could not be read or written.
    pub failed: Vec<Error>,
}

/// The journals under some folders, a journal or the folder of one included, in order. Links to folders are not followed.
///
/// # Errors
/// [`Error::Io`] if a folder cannot be read.
pub fn journals(under: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in under {
        if path.is_dir() {
            walk(path, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let failed = |cause| Error::io(folder, "cannot read the folder", cause);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        entries.push((entry.path(), entry.file_type().map_err(failed)?));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, kind) in entries {
        if kind.is_dir() {
            walk(&path, found)?;
        } else if path.file_name().is_some_and(|name| name == JOURNAL) {
            found.push(path);
        }
    }
    Ok(())
}

/// Brings journals together under `out`. Doing it again changes nothing. One journal that cannot be read keeps no other
/// from being merged. Two that merge into one folder wait for each other, so that neither puts its journal in the place of
/// the other's.
#[must_use]
pub fn merge(journals: &[PathBuf], out: &Path) -> Merged {
    let mut merged = Merged::default();
    let _lock = lock(out);
    for journal in journals {
        if let Err(error) = take(journal, out, &mut merged) {
            merged.failed.push(error);
        }
    }
    merged
}

/// Holds a folder until it is dropped; none where the system has no locks of folders. What cannot be made cannot be written
/// either, which will be told of the first journal.
fn lock(folder: &Path) -> Option<fs::File> {
    fs::create_dir_all(folder).ok()?;
    let file = fs::File::open(folder).ok()?;
    file.lock().ok()?;
    Some(file)
}

fn take(journal: &Path, out: &Path, merged: &mut Merged) -> Result<()> {
    let bytes = fs::read(journal).map_err(|cause| Error::io(journal, "cannot read", cause))?;
    let session = Session::parse(journal, bytes.as_slice())?;
    let bytes = whole_lines(&bytes);
    let home = folder(out, &session.header);
    // The session itself, and what went other ways before.
    for number in 1.. {
        let place = numbered(&home, number);
        let there = place.join(JOURNAL);
        let known = match fs::read(&there) {
            Ok(known) => known,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                write(&place, bytes)?;
                if number == 1 {
                    merged.added.push(place);
                } else {
                    merged.conflicts.push((journal.to_owned(), place));
                }
                return Ok(());
            }
            Err(cause) => return Err(Error::io(&there, "cannot read", cause)),
        };
        match merge_relation(&known, bytes) {
            Relation::Same | Relation::SecondIsPrefix if number == 1 => merged.known += 1,
            Relation::Same | Relation::SecondIsPrefix => merged.conflicts.push((journal.to_owned(), place)),
            Relation::FirstIsPrefix => {
                write(&place, bytes)?;
                merged.grown.push(place);
            }
            Relation::Conflict => continue,
        }
        return Ok(());
    }
    Ok(())
}

/// The folder, `<folder>-2`, `<folder>-3`, ...
fn numbered(folder: &Path, number: u32) -> PathBuf {
    if number == 1 {
        return folder.to_owned();
    }
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    folder.with_file_name(name)
}

/// Writes a journal as a whole or not at all.
fn write(folder: &Path, bytes: &[u8]) -> Result<()> {
    fs::create_dir_all(folder).map_err(|cause| Error::io(folder, "cannot make folder", cause))?;
    let half = folder.join(format!(".{JOURNAL}.{}", std::process::id()));
    let path = folder.join(JOURNAL);
    let written = fs::write(&half, bytes).and_then(|()| fs::rename(&half, &path));
    written.map_err(|cause| {
        let _ = fs::remove_file(&half);
        Error::io(&path, "cannot write", cause)
    })
}
