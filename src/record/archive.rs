//! The sessions of a folder, as their history needs them. A folder of sessions is all that a history is.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::collect::journals;
use super::header::SessionId;
use super::lines;
use super::merge::{Relation, merge_relation, whole_lines};
use super::summary::Summary;
use super::warning::Warning;
use crate::error::{Error, Result};
use crate::parallel;

/// The sessions of a folder.
#[derive(Debug, Default)]
pub struct Archive {
    /// In the order of time; of equal times in that of their ids.
    pub sessions: Vec<Summary>,
    /// The journal of each of them.
    pub paths: Vec<PathBuf>,
    /// What the reader should know.
    pub notes: Vec<Note>,
}

/// Something about an archive that does not keep it from being read.
#[derive(Debug)]
pub enum Note {
    /// Of a journal that counts.
    Journal {
        /// Its file.
        path: PathBuf,
        /// What it is.
        warning: Warning,
    },
    /// A journal that could not be read and does not count.
    Unread(Error),
    /// Two journals of one session went different ways, and the longer one counts.
    Conflict {
        /// The one that counts.
        counts: PathBuf,
        /// The other.
        other: PathBuf,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Journal { path, warning } => write!(f, "{}: {warning}", path.display()),
            Self::Unread(error) => write!(f, "{error}; this session does not count"),
            Self::Conflict { counts, other } => write!(
                f,
                "{} and {} are journals of one session that go on differently; the first, which is longer, counts: remove \
                 the one that is wrong",
                counts.display(),
                other.display()
            ),
        }
    }
}

impl Archive {
    /// Reads every journal under a folder. Nothing is written. A session that is found twice counts once: of two journals
    /// of which one is the beginning of the other the longer counts. One journal that cannot be read keeps no other from
    /// counting.
    ///
    /// # Errors
    /// [`Error::Io`] if a folder cannot be read.
    pub fn read(folder: &Path) -> Result<Self> {
        let paths = journals(&[folder.to_owned()])?;
        let summaries = parallel::map(&paths, |path| Summary::parse(path, lines::open(path)?));
        let mut archive = Self::default();
        let mut known: BTreeMap<SessionId, (PathBuf, Summary)> = BTreeMap::new();
        for (path, summary) in paths.into_iter().zip(summaries) {
            match summary {
                Err(error) => archive.notes.push(Note::Unread(error)),
                Ok(summary) => match known.remove(&summary.id) {
                    None => drop(known.insert(summary.id.clone(), (path, summary))),
                    Some(other) => {
                        let counts = archive.longer(other, (path, summary))?;
                        known.insert(counts.1.id.clone(), counts);
                    }
                },
            }
        }
        let mut all: Vec<(PathBuf, Summary)> = known.into_values().collect();
        for (path, summary) in &all {
            let notes = summary.warnings.iter().cloned();
            archive.notes.extend(notes.map(|warning| Note::Journal {
                path: path.clone(),
                warning,
            }));
        }
        // By id they are in order already.
        all.sort_by_key(|(_, session)| session.started);
        (archive.paths, archive.sessions) = all.into_iter().unzip();
        Ok(archive)
    }

    /// Of two journals of one session, the one that counts.
    fn longer(&mut self, first: (PathBuf, Summary), second: (PathBuf, Summary)) -> Result<(PathBuf, Summary)> {
        let read = |path: &Path| fs::read(path).map_err(|cause| Error::io(path, "cannot read", cause));
        let (a, b) = (read(&first.0)?, read(&second.0)?);
        let relation = merge_relation(&a, &b);
        let second_is_longer = whole_lines(&b).len() > whole_lines(&a).len();
        let (counts, other) = if second_is_longer {
            (second, first)
        } else {
            (first, second)
        };
        if relation == Relation::Conflict {
            self.notes.push(Note::Conflict {
                counts: counts.0.clone(),
                other: other.0,
            });
        }
        Ok(counts)
    }
}
