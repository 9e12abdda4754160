//! Writing a session: one line at a time, each whole or not at all.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::folder::{JOURNAL, folder};
use super::hash;
use super::header::{Header, to_the_second};
use super::line::{self, Resume, SealLine, Written};
use super::parse::{Parsed, parse};
use super::session::{Seal, Session, journal_of};
use crate::device::Facts;
use crate::error::{Error, Place, Result};
use crate::measure::Event;

/// The journal of a session that is being measured. While it lives, it holds an advisory lock on its file, so that no two
/// processes write one session; on a file system without locks it does without.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// Length of what was written in whole.
    length: u64,
    /// Hash of the same.
    hasher: Sha256,
}

impl Journal {
    /// Makes the folder of a new session and writes the header. Call it before anything is measured, so that a mistake
    /// in the output folder costs nothing.
    ///
    /// # Errors
    /// [`Error::Io`] if the folder or file cannot be made, or is there already: no session is ever overwritten.
    pub fn create(out: &Path, header: &Header) -> Result<Self> {
        let folder = folder(out, header);
        fs::create_dir_all(&folder).map_err(|cause| Error::io(&folder, "cannot make folder", cause))?;
        let path = folder.join(JOURNAL);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(|cause| Error::io(&path, "cannot create", cause))?;
        lock(&file, &path)?;
        let mut journal = Self {
            path,
            file,
            length: 0,
            hasher: Sha256::new(),
        };
        if let Err(error) = journal.write(&Written::Header(header)).and_then(|()| journal.sync()) {
            // Nothing was measured, so nothing need stay; a journal without a header cannot be read.
            let _ = fs::remove_file(&journal.path);
            let _ = fs::remove_dir(&folder);
            return Err(error);
        }
        Ok(journal)
    }

    /// Takes up a session that was cut short, given as its folder or its journal: cuts off an incomplete last line, and
    /// says what is there already. What has its row ([`Session::is_finished`]) need not be measured again. Nothing is
    /// changed unless all is well.
    ///
    /// # Errors
    /// [`Error::Usage`] if the session is complete, is being written by another process, or is of another device or
    /// driver than these facts; else as [`Session::read`].
    pub fn resume(path: &Path, facts: &Facts) -> Result<(Self, Session)> {
        let path = journal_of(path);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|cause| Error::io(&path, "cannot open for writing", cause))?;
        lock(&file, &path)?;
        let Parsed {
            mut session,
            whole,
            hasher,
        } = parse(&path, BufReader::new(&file))?;
        if session.seal != Seal::Absent {
            return Err(Error::Usage(format!(
                "{}: this session is complete, nothing is left to resume; onpar report shows it",
                path.display()
            )));
        }
        if session.header.options.turns.is_some() {
            return Err(Error::Usage(format!(
                "{}: this session was measured by turns with another, and by itself it cannot go on; begin anew with onpar gate",
                path.display()
            )));
        }
        session.header.admits(facts)?;
        let mut journal = Self {
            path,
            file,
            length: whole,
            hasher,
        };
        journal.cut_to_length()?;
        journal.begin_anew()?;
        session.resumed.push(session.events.len());
        Ok((journal, session))
    }

    /// Its file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds what happened, as one line that the operating system has when this returns; after a row the disk has it.
    /// [`Event::Start`] is not stored.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written, as on a full disk, and [`Error::Data`] if it holds what could not be read
    /// again, as a number that is not finite. Either way the journal stays as it was before.
    pub fn append(&mut self, event: &Event) -> Result<()> {
        if matches!(event, Event::Start(_)) {
            return Ok(());
        }
        self.write(&Written::Event(event))?;
        if matches!(event, Event::Row(_)) {
            self.sync()?;
        }
        Ok(())
    }

    /// Marks that another process measures from here on: cases without a row are begun anew by it, and what was observed
    /// of them before belongs to attempts of their own.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written.
    pub fn begin_anew(&mut self) -> Result<()> {
        let at = to_the_second(Timestamp::now());
        self.write(&Written::Resume(&Resume { at }))
    }

    /// Marks the session as finished. A sealed session is never written again.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written.
    pub fn seal(mut self) -> Result<()> {
        let sha256 = hash::hex(&self.hasher.clone().finalize());
        self.write(&Written::Seal(&SealLine { sha256 }))?;
        self.sync()
    }

    fn write(&mut self, line: &Written<'_>) -> Result<()> {
        let bytes = line::write(line).map_err(|message| Error::Data {
            place: Place {
                file: self.path.display().to_string(),
                ..Place::default()
            },
            message,
        })?;
        if let Err(cause) = self.file.write_all(&bytes) {
            // Part of the line may be there. Readers would pass over it, but only as long as nothing follows it.
            let _ = self.cut_to_length();
            return Err(Error::io(&self.path, "cannot write", cause));
        }
        self.length += bytes.len() as u64;
        self.hasher.update(&bytes);
        Ok(())
    }

    fn cut_to_length(&mut self) -> Result<()> {
        self.file
            .set_len(self.length)
            .and_then(|()| self.file.seek(SeekFrom::Start(self.length)))
            .map(|_| ())
            .map_err(|cause| Error::io(&self.path, "cannot cut off an incomplete line", cause))
    }

    fn sync(&self) -> Result<()> {
        self.file
            .sync_data()
            .map_err(|cause| Error::io(&self.path, "cannot write to disk", cause))
    }
}

fn lock(file: &File, path: &Path) -> Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Error::Usage(format!(
            "{}: another process is writing this session; wait for it or end it",
            path.display()
        ))),
        // Some file systems have no locks. The lock guards against an accident; that is no reason to measure nothing.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// `/dev/full` takes nothing, as a full disk.
    #[test]
    fn a_full_disk_is_an_error_that_names_the_file() {
        let path = PathBuf::from("/dev/full");
        let mut journal = Journal {
            file: OpenOptions::new().write(true).open(&path).expect("opens"),
            path,
            length: 0,
            hasher: Sha256::new(),
        };
        let at = Timestamp::UNIX_EPOCH;
        let error = journal.write(&Written::Resume(&Resume { at })).expect_err("full");
        assert!(error.to_string().starts_with("/dev/full: cannot write: "), "{error}");
        assert_eq!(journal.length, 0);
    }
}
