//! Parts of a Markdown file that are made from stored sessions: what stands between a marker and its end.
//!
//! ```text
//! <!-- onpar report SESSION -->                          the table of a session
//! <!-- onpar report SESSION --picture NAME FILE.png -->  one of its pictures
//! <!-- onpar report FOLDER --list -->                    a table of the sessions below a folder
//! <!-- end -->
//! ```

use std::path::{Path, PathBuf};

use super::text::markdown;
use super::words;
use super::{Look, terminal};
use crate::device::DeviceType;
use crate::error::{Error, Result};
use crate::kernels::{Precision, Role};
use crate::measure::Status;
use crate::normalise::{Score, Scores};
use crate::record::Session;

/// What a marker asks for. Paths are as they stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The table of a session.
    Table(PathBuf),
    /// A picture of a session, by the stem of its files, and the file that is to hold it.
    Picture {
        /// The session.
        session: PathBuf,
        /// The picture.
        name: String,
        /// Where it goes.
        file: PathBuf,
    },
    /// The sessions below a folder.
    List(PathBuf),
}

const BEGIN: &str = "<!-- onpar report ";
const END: &str = "<!-- end -->";

impl Part {
    /// Reads a line; none if it is no marker.
    fn parse(line: &str) -> Option<std::result::Result<Self, String>> {
        let words = line.trim().strip_prefix(BEGIN)?.strip_suffix("-->")?;
        let part = match *words.split_whitespace().collect::<Vec<_>>() {
            [session] => Self::Table(session.into()),
            [folder, "--list"] => Self::List(folder.into()),
            [session, "--picture", name, file] => Self::Picture {
                session: session.into(),
                name: name.to_owned(),
                file: file.into(),
            },
            _ => {
                return Some(Err(format!(
                    "`{}` is no part that can be made; expected SESSION, SESSION --picture NAME FILE, or FOLDER --list",
                    words.trim()
                )));
            }
        };
        Some(Ok(part))
    }
}

/// Makes every part of a text anew, and leaves everything else as it is. `file` is named in errors.
///
/// # Errors
/// [`Error::Data`] where a marker asks for something else or has no end, and whatever `make` fails with.
pub fn splice(text: &str, file: &Path, mut make: impl FnMut(&Part) -> Result<String>) -> Result<String> {
    let mut spliced = String::with_capacity(text.len());
    let mut lines = (1..).zip(text.split_inclusive('\n'));
    while let Some((number, line)) = lines.next() {
        spliced += line;
        let Some(part) = Part::parse(line) else {
            continue;
        };
        let wrong = |message| Error::data(file, number, 1, message);
        spliced += &make(&part.map_err(wrong)?)?;
        let end = lines.find(|(_, line)| line.trim() == END);
        let (_, end) = end.ok_or_else(|| wrong(format!("this marker has no end; expected a line `{END}` below it")))?;
        spliced += end;
    }
    Ok(spliced)
}

/// The table of a session, as the command prints it that stands above it.
#[must_use]
pub fn table(path: &Path, session: &Session, scores: &Scores) -> String {
    let table = terminal::table(session, scores, Look::PLAIN);
    format!("```text\n$ onpar report {}\n{}\n```\n", slashed(path), table.trim_end())
}

/// The link to a picture.
#[must_use]
pub fn picture(title: &str, file: &Path) -> String {
    format!("![{title}]({})\n", slashed(file))
}

/// A table of sessions, each with the path that its link has.
#[must_use]
pub fn list(sessions: &[(PathBuf, Session, Scores)]) -> String {
    let mut text = "| device | session | suite | runs | ok | fma f32, Gop/s | memory, GB/s | best roof |\n\
                    |---|---|---|--:|--:|--:|--:|--:|\n"
        .to_owned();
    for (path, session, scores) in sessions {
        let header = &session.header;
        let identity = &header.facts.identity;
        let software = match identity.device_type {
            DeviceType::Cpu => " (software adapter)",
            _ => "",
        };
        let day: String = header.started.to_string().chars().take(10).collect();
        let cells = [
            format!("{}{software}", markdown(&identity.adapter)),
            format!("[{day}]({})", slashed(path)),
            header.options.suite.clone(),
            header.options.runs.to_string(),
            of_all(&scores.rows),
            highest(&scores.rows, is_fma_f32, |score| Some(score.operation_rate()? / 1e9)),
            highest(&scores.rows, is_memory, |score| Some(score.byte_rate()? / 1e9)),
            best_roof(&scores.rows),
        ];
        text += &format!("| {} |\n", cells.join(" | "));
    }
    text
}

fn of_all(rows: &[Score]) -> String {
    let ok = rows.iter().filter(|score| score.status == Status::Ok).count();
    format!("{ok} of {}", rows.len())
}

fn is_fma_f32(score: &Score) -> bool {
    matches!(score.role(), Role::ComputeCeiling(_)) && score.case.precision == Some(Precision::F32)
}

fn is_memory(score: &Score) -> bool {
    matches!(score.role(), Role::MemoryCeiling { .. })
}

fn highest(rows: &[Score], of: fn(&Score) -> bool, rate: fn(&Score) -> Option<f64>) -> String {
    let rates = rows.iter().filter(|score| of(score)).filter_map(rate);
    words::number(rates.reduce(f64::max))
}

/// The workload that came nearest to the ceiling that binds it.
fn best_roof(rows: &[Score]) -> String {
    let roofs = rows.iter().filter_map(|score| Some((score, score.roof?.fraction)));
    let best = roofs.max_by(|a, b| a.1.total_cmp(&b.1));
    best.map_or_else(String::new, |(score, _)| {
        format!("{}, {}", words::roof(score), words::group(&score.case))
    })
}

/// With the separators of a link.
fn slashed(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spliced(text: &str) -> Result<String> {
        splice(text, Path::new("A.md"), |part| Ok(format!("{part:?}\n")))
    }

    #[test]
    fn what_stands_between_markers_is_made_anew_and_nothing_else() {
        let text =
            "a\r\n<!-- onpar report s/t -->\nold\n<!-- end -->\n<!-- onpar audit x -->\nkept\n<!-- end -->\nlast";
        let made = spliced(text).expect("a text");
        assert_eq!(made, text.replace("old", "Table(\"s/t\")"));
        assert_eq!(spliced(&made).expect("a text"), made);
    }

    #[test]
    fn a_marker_without_an_end_or_a_meaning_is_told_by_its_line() {
        let told = |text: &str| spliced(text).expect_err("wrong").to_string();
        assert!(told("a\n<!-- onpar report s -->\nrest").starts_with("A.md:2:1: this marker has no end"));
        assert!(
            told("<!-- onpar report s --nosuch -->\n<!-- end -->").starts_with("A.md:1:1: `s --nosuch` is no part")
        );
    }
}
