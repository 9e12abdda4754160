//! What searches found, kept from one session to the next: a folder with a file for each key.
//!
//! A file appears at once and whole, because it is written under another name first. Two processes that find something
//! for one key at the same time leave one of two good answers; different keys are different files. So nothing needs a
//! lock, and nothing can be lost but time.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::{Depth, Found, Key};
use crate::error::{Error, Result};
use crate::kernels::Case;

/// Version of the format. Files of another version are passed over and written anew.
pub const FORMAT: u32 = 1;
/// Longest file that is read, in bytes, so that one of another kind cannot fill the memory.
const LONGEST: u64 = 4 << 20;

/// The folder.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

/// What is kept of a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Version of the format: [`FORMAT`].
    pub format: u32,
    /// What it holds for.
    pub key: Key,
    /// The case that it was found with.
    pub case: Case,
    /// How thorough the search was.
    pub depth: Depth,
    /// What it found.
    pub found: Found,
}

/// What the cache has for a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup {
    /// An answer.
    Hit(Box<Entry>),
    /// Nothing.
    Miss,
    /// A file that cannot be used: its name and why. It will be written anew.
    Unusable(String),
}

impl Cache {
    /// The cache in a folder, which need not be there yet.
    #[must_use]
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Looks a key up.
    #[must_use]
    pub fn look_up(&self, key: &Key) -> Lookup {
        let path = self.folder.join(key.file_name());
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Lookup::Miss,
            Err(cause) => return unusable(&path, &cause),
        };
        let mut text = String::new();
        if let Err(cause) = file.take(LONGEST).read_to_string(&mut text) {
            return unusable(&path, &cause);
        }
        match serde_json::from_str::<Entry>(&text) {
            Ok(entry) if entry.format != FORMAT => unusable(&path, &format!("format {} is not known", entry.format)),
            Ok(entry) if entry.key != *key => unusable(&path, &"it is of another key"),
            Ok(entry) => Lookup::Hit(Box::new(entry)),
            Err(cause) => unusable(&path, &cause),
        }
    }

    /// Keeps an entry, in place of what was there for its key.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, entry: &Entry) -> Result<()> {
        let path = self.folder.join(entry.key.file_name());
        let text = serde_json::to_string_pretty(entry).map_err(|cause| Error::Device(format!("JSON: {cause}")))?;
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(&self.folder)?;
            let mut file = NamedTempFile::new_in(&self.folder)?;
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(|cause| Error::io(&path, "cannot write", cause))
    }

    /// Forgets everything; says how many entries there were.
    ///
    /// # Errors
    /// When the folder cannot be read or a file not be removed.
    pub fn clear(&self) -> Result<usize> {
        let failed = |cause| Error::io(&self.folder, "cannot clear", cause);
        let files = match fs::read_dir(&self.folder) {
            Ok(files) => files,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(0),
            Err(cause) => return Err(failed(cause)),
        };
        let mut removed = 0;
        for file in files {
            let path = file.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                fs::remove_file(&path).map_err(|cause| Error::io(&path, "cannot remove", cause))?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

fn unusable(path: &Path, why: &dyn std::fmt::Display) -> Lookup {
    Lookup::Unusable(format!("{}: not an entry of the tuner's cache: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::{Precision, find};
    use crate::measure::Status;
    use crate::tune::Trial;

    fn key(hard: &str) -> Key {
        let case = case();
        Key::of(find("matmul").expect("a kernel"), &case, hard, "soft")
    }

    fn case() -> Case {
        Case::hot("matmul", Precision::F32, "nn", &[("m", 64), ("n", 64), ("k", 64)])
    }

    fn entry(hard: &str, variant: &str) -> Entry {
        let trial = Trial {
            variant: variant.to_owned(),
            status: Status::Ok,
            reason: String::new(),
            seconds: vec![0.1, 1.0 / 3.0],
        };
        Entry {
            format: FORMAT,
            key: key(hard),
            case: case(),
            depth: Depth::Quick,
            found: Found {
                variant: Some(variant.to_owned()),
                trials: vec![trial],
                seconds: 1.5,
            },
        }
    }

    #[test]
    fn what_is_kept_is_found_under_its_key_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::at(folder.path().join("not/there/yet"));
        assert_eq!(cache.look_up(&key("a")), Lookup::Miss);
        assert_eq!(cache.clear().expect("cleared"), 0);
        for (hard, variant) in [("a", "x"), ("b", "y"), ("a", "z")] {
            cache.keep(&entry(hard, variant)).expect("kept");
        }
        assert_eq!(cache.look_up(&key("a")), Lookup::Hit(Box::new(entry("a", "z"))));
        assert_eq!(cache.look_up(&key("b")), Lookup::Hit(Box::new(entry("b", "y"))));
        assert_eq!(cache.look_up(&key("c")), Lookup::Miss);
        assert_eq!(cache.clear().expect("cleared"), 2);
        assert_eq!(cache.look_up(&key("a")), Lookup::Miss);
    }

    #[test]
    fn what_cannot_be_used_is_named_and_written_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::at(folder.path().to_owned());
        cache.keep(&entry("a", "x")).expect("kept");
        let path = folder.path().join(key("a").file_name());
        let whole = fs::read_to_string(&path).expect("readable");
        let other = serde_json::to_string(&entry("b", "y")).expect("JSON");
        for text in [
            "",
            "{",
            "null",
            &whole[..whole.len() / 2],
            &whole.replace("\"format\": 1", "\"format\": 2"),
            &other,
        ] {
            fs::write(&path, text).expect("written");
            let Lookup::Unusable(why) = cache.look_up(&key("a")) else {
                panic!("{text}");
            };
            assert!(why.contains("not an entry of the tuner's cache"), "{why}");
            cache.keep(&entry("a", "x")).expect("kept");
            assert_eq!(cache.look_up(&key("a")), Lookup::Hit(Box::new(entry("a", "x"))));
        }
    }

    #[test]
    fn writers_at_once_leave_one_whole_answer() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::at(folder.path().to_owned());
        std::thread::scope(|scope| {
            for writer in ["x", "y", "z"] {
                let cache = &cache;
                scope.spawn(move || {
                    for _ in 0..50 {
                        cache.keep(&entry("a", writer)).expect("kept");
                        assert!(matches!(cache.look_up(&key("a")), Lookup::Hit(_)));
                    }
                });
            }
        });
        assert_eq!(cache.clear().expect("cleared"), 1, "no file under another name is left");
    }
}
