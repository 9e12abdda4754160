//! From files to a checked data set.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Published;
use super::check;
use super::parse::rows;
use super::problem::Problem;
use super::record::{self, DataFile, Origin, Record};
use super::table::Table;
use crate::error::{Error, Place, Result, tame};

/// What a set of files holds, and every rule that they break.
#[derive(Debug)]
pub struct Loaded {
    /// The rows that could be read.
    pub published: Published,
    /// Every broken rule, in the order of the files and their lines. Empty means clean.
    pub problems: Vec<Problem>,
}

/// The records of every table, later files over earlier ones.
pub(super) type Records = BTreeMap<Table, Vec<Record>>;

/// Rows and records before the rules that look across rows.
pub(super) struct Read {
    pub(super) published: Published,
    pub(super) records: Records,
    pub(super) problems: Vec<Problem>,
    /// Whether every file had its header, without which its rows mean nothing.
    pub(super) readable: bool,
}

/// The files that are built into the program.
#[must_use]
pub fn embedded_files() -> Vec<DataFile> {
    Table::ALL
        .into_iter()
        .map(|table| DataFile {
            table,
            name: format!("published/{}", table.file_name()),
            origin: Origin::Embedded,
            bytes: table.embedded().as_bytes().to_vec(),
        })
        .collect()
}

/// The data files of a folder: all seven alone, or those that are there over the embedded ones.
///
/// # Errors
/// [`Error::Io`] if the folder or a file cannot be read, [`Error::Data`] if the folder holds none of the seven files or
/// a `.csv` file of another name, which would be passed over in silence.
pub fn folder_files(folder: &Path) -> Result<Vec<DataFile>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).map_err(|e| Error::io(folder, "cannot read the folder", e))? {
        let entry = entry.map_err(|e| Error::io(folder, "cannot read the folder", e))?;
        names.insert(entry.file_name().to_string_lossy().into_owned());
    }
    let tables: Vec<_> = Table::ALL
        .into_iter()
        .filter(|t| names.contains(&t.file_name()))
        .collect();
    let known = Table::ALL.map(Table::file_name);
    let stranger = names
        .iter()
        .find(|name| name.ends_with(".csv") && !known.contains(name));
    if tables.is_empty() || stranger.is_some() {
        let place = Place {
            file: folder.join(stranger.map_or("", String::as_str)).display().to_string(),
            ..Place::default()
        };
        let message = format!("not a data file; a data folder holds any of {}", known.join(", "));
        return Err(Error::Data { place, message });
    }
    let mut files = if tables.len() == Table::ALL.len() {
        Vec::new()
    } else {
        embedded_files()
    };
    for table in tables {
        files.push(user_file(folder, table)?);
    }
    Ok(files)
}

fn user_file(folder: &Path, table: Table) -> Result<DataFile> {
    let path = folder.join(table.file_name());
    let bytes = std::fs::read(&path).map_err(|e| Error::io(&path, "cannot read", e))?;
    Ok(DataFile {
        table,
        name: path.display().to_string(),
        origin: Origin::User,
        bytes,
    })
}

/// Reads the files, later ones over earlier ones, and checks every rule of the data set. Where the user brings files
/// of their own, only what is wrong in those is a problem.
#[must_use]
pub fn load(files: &[DataFile]) -> Loaded {
    let mut read = read(files);
    if read.readable {
        check::run(&read.published, &read.records, &mut read.problems);
    }
    let of_the_user: Vec<_> = files.iter().filter(|file| file.origin == Origin::User).collect();
    if !of_the_user.is_empty() {
        let theirs = |problem: &Problem| of_the_user.iter().any(|file| file.name == problem.place.file);
        read.problems.retain(theirs);
    }
    for problem in &mut read.problems {
        problem.message = tame(&problem.message);
    }
    let order = |problem: &Problem| {
        let file = files.iter().position(|file| file.name == problem.place.file);
        (file, problem.place.line, problem.place.column)
    };
    read.problems.sort_by_key(order);
    Loaded {
        published: read.published,
        problems: read.problems,
    }
}

/// Reads the files without the rules that look across rows.
pub(super) fn read(files: &[DataFile]) -> Read {
    let mut problems = Vec::new();
    let mut records = Records::new();
    let mut readable = true;
    for file in files {
        match record::read(file, &mut problems) {
            Some(rows) => {
                check::order_and_keys(&rows, &mut problems);
                lay_over(records.entry(file.table).or_default(), rows);
            }
            None => readable = false,
        }
    }
    let published = typed(&records, &mut problems);
    Read {
        published,
        records,
        problems,
        readable,
    }
}

/// Adds rows; those whose key is already there from an earlier file take its place.
fn lay_over(below: &mut Vec<Record>, rows: Vec<Record>) {
    let keys: BTreeSet<_> = rows.iter().map(|row| row.key().to_vec()).collect();
    below.retain(|row| !keys.contains(row.key()));
    below.extend(rows);
}

fn typed(records: &Records, problems: &mut Vec<Problem>) -> Published {
    let of = |table| records.get(&table).map_or(&[][..], Vec::as_slice);
    Published {
        chips: rows(of(Table::Chips), problems),
        sources: rows(of(Table::Sources), problems),
        figures: rows(of(Table::Figures), problems),
        support: rows(of(Table::Support), problems),
        unpublished: rows(of(Table::Unpublished), problems),
        claims: rows(of(Table::Claims), problems),
        measured: rows(of(Table::Measured), problems),
    }
}
