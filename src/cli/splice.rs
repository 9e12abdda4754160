//! `onpar report --splice`: Markdown files whose tables and pictures are those of stored sessions.

use std::path::{Path, PathBuf};

use super::derived::replace;
use super::output::complain;
use crate::error::{Error, Result};
use crate::normalise::Scores;
use crate::published::Published;
use crate::record::{Session, journals};
use crate::report::pictures::{self, Picture};
use crate::report::splice::{self, Part};

/// Makes the parts of the files anew, or with `check` says which of them would change. The exit status: 1 if any would.
pub(super) fn run(files: &[PathBuf], check: bool, published: &Published) -> Result<u8> {
    let mut stale = Vec::new();
    for file in files {
        let mut splicer = Splicer {
            base: file.parent().unwrap_or(Path::new("")),
            published,
            known: Vec::new(),
            files: Vec::new(),
        };
        let text = std::fs::read_to_string(file).map_err(|cause| Error::io(file, "cannot read", cause))?;
        let spliced = splice::splice(&text, file, |part| splicer.make(part))?;
        splicer.files.push((file.clone(), spliced.into_bytes()));
        stale.extend(splicer.files.into_iter().filter(|(path, bytes)| is_stale(path, bytes)));
    }
    for (path, bytes) in &stale {
        if check {
            complain(&format!(
                "onpar: {}: stale; onpar report --splice makes it anew",
                path.display()
            ));
        } else {
            replace(path, bytes)?;
            complain(&format!("wrote {}", path.display()));
        }
    }
    Ok(u8::from(check && !stale.is_empty()))
}

fn is_stale(path: &Path, bytes: &[u8]) -> bool {
    std::fs::read(path).map_or(true, |there| there != bytes)
}

/// A session that was read, by its path.
struct Known {
    path: PathBuf,
    session: Session,
    scores: Scores,
    pictures: Vec<Picture>,
}

struct Splicer<'a> {
    /// What the paths of a file are relative to.
    base: &'a Path,
    published: &'a Published,
    /// Sessions that a marker named: a page shows one several times.
    known: Vec<Known>,
    /// Pictures on the way.
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Splicer<'_> {
    fn make(&mut self, part: &Part) -> Result<String> {
        match part {
            Part::Table(path) => {
                let Known { session, scores, .. } = self.known(path)?;
                Ok(splice::table(path, session, scores))
            }
            Part::Picture { session, name, file } => self.picture(session, name, file),
            Part::List(folder) => self.list(folder),
        }
    }

    fn read(&self, path: &Path) -> Result<(Session, Scores)> {
        let session = Session::read(path)?;
        let scores = Scores::of(&session, self.published);
        Ok((session, scores))
    }

    fn known(&mut self, path: &Path) -> Result<&Known> {
        let place = match self.known.iter().position(|known| known.path == path) {
            Some(place) => place,
            None => {
                let (session, scores) = self.read(&self.base.join(path))?;
                self.known.push(Known {
                    path: path.to_owned(),
                    pictures: pictures::all(&session, &scores, self.published),
                    session,
                    scores,
                });
                self.known.len() - 1
            }
        };
        Ok(&self.known[place])
    }

    fn picture(&mut self, path: &Path, name: &str, file: &Path) -> Result<String> {
        let all = &self.known(path)?.pictures;
        let picture = all.iter().find(|picture| picture.name == name).ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|picture| picture.name).collect();
            let session = path.display();
            Error::Usage(format!("no picture `{name}` of {session}; it has {}", names.join(", ")))
        })?;
        let (title, bytes) = (picture.title, picture.drawing.to_png()?);
        self.files.push((self.base.join(file), bytes));
        Ok(splice::picture(title, file))
    }

    fn list(&self, folder: &Path) -> Result<String> {
        let root = self.base.join(folder);
        let mut sessions = Vec::new();
        for journal in journals(std::slice::from_ref(&root))? {
            let (session, scores) = self.read(&journal)?;
            let home = journal.parent().and_then(|home| home.strip_prefix(&root).ok());
            let path = folder.join(home.unwrap_or(&journal));
            let path = path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
            sessions.push((path, session, scores));
        }
        Ok(splice::list(&sessions))
    }
}
