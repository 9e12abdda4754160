//! A session as its history needs it: of every case the medians of its runs. Reads of a journal only what that takes, so
//! that thousands of sessions are read in seconds.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::BufRead;
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::header::{Header, SessionId};
use super::line::{self, Line, Malformed};
use super::warning::Warning;
use crate::device::Identity;
use crate::error::Result;
use crate::measure::{Clock, Status};
use crate::stats::{median, sorted};

/// What a history keeps of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Its name.
    pub id: SessionId,
    /// When it began.
    pub started: Timestamp,
    /// What it was measured on, with what.
    pub identity: Identity,
    /// Its cases that have a row, in the order of the plan, each once.
    pub cases: Vec<CaseSummary>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
}

/// What a history keeps of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseSummary {
    /// Its name.
    pub name: String,
    /// The variant that ran; of several runs, the first one's. Empty if none did.
    pub variant: String,
    /// Its rows: run, and the median of its samples in seconds, or none where there is none. A case that stands twice in
    /// the plan has two rows a run.
    pub rows: Vec<(u32, Option<f64>)>,
}

impl Summary {
    /// Reads what is needed of a journal; `name` is what errors call it. A torn last line is passed over with a warning.
    /// Seals are not checked, and candidates and unknown kinds of lines not read: [`super::Session::read`] does that.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be read, [`Error::Data`] with line and column if a line that is needed is malformed or
    /// contradicts the plan.
    ///
    /// [`Error::Io`]: crate::error::Error::Io
    /// [`Error::Data`]: crate::error::Error::Data
    pub fn parse(name: &Path, text: impl BufRead) -> Result<Self> {
        let mut reader = Reader::default();
        let (number, rest) = line::each(name, text, |line| reader.line(line))?;
        if !rest.is_empty() {
            reader.warnings.push(Warning::TornLine {
                line: number,
                bytes: rest.len() as u64,
            });
        }
        let summary = reader.finish();
        summary.ok_or_else(|| Malformed::without_header().error(name, number))
    }
}

/// What is known after some lines.
#[derive(Default)]
struct Reader {
    header: Option<Header>,
    /// Of each place of the plan, its case's name and its place among the cases.
    places: Vec<(String, usize)>,
    cases: Vec<CaseSummary>,
    /// Samples whose row has not come yet, by run and place.
    open: HashMap<(u32, u32), Vec<Samples>>,
    /// (run, place) of the rows.
    finished: HashSet<(u32, u32)>,
    warnings: Vec<Warning>,
}

/// The samples of a block by either clock, as JSON: which of the two is needed, the row will say.
struct Samples {
    device: String,
    wall: String,
}

/// What is read of a block.
#[derive(Deserialize)]
struct Block<'a> {
    run: u32,
    place: u32,
    #[serde(borrow)]
    device: &'a RawValue,
    #[serde(borrow)]
    wall: &'a RawValue,
    /// Samples of the shader with its run-time checks are of another program.
    #[serde(default)]
    checks: bool,
}

/// What is read of a row.
#[derive(Deserialize)]
struct Row<'a> {
    run: u32,
    place: u32,
    #[serde(borrow)]
    case: Cow<'a, str>,
    status: Status,
    #[serde(borrow)]
    variant: Cow<'a, str>,
    clock: Clock,
}

impl Reader {
    fn line(&mut self, line: &[u8]) -> std::result::Result<(), Malformed> {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let text = line::text(content)?;
        match kind(text)?.as_ref() {
            "header" => self.header(content)?,
            _ if self.header.is_none() => return Err(Malformed::before_header()),
            "block" => self.block(&line::parse(text)?),
            "row" => self.row(&line::parse(text)?)?,
            // What was not finished then was begun anew.
            "resume" => self.open.clear(),
            _ => {}
        }
        Ok(())
    }

    fn block(&mut self, block: &Block<'_>) {
        if block.checks {
            return;
        }
        let blocks = self.open.entry((block.run, block.place)).or_default();
        blocks.push(Samples {
            device: block.device.get().to_owned(),
            wall: block.wall.get().to_owned(),
        });
    }

    fn header(&mut self, content: &[u8]) -> std::result::Result<(), Malformed> {
        if self.header.is_some() {
            return Err(Malformed::second_header());
        }
        let Line::Header { header, genuine } = line::read(content)? else {
            return Ok(());
        };
        if !genuine {
            self.warnings.push(Warning::ChangedHeader);
        }
        let mut known = HashMap::new();
        for case in &header.plan {
            let name = case.to_string();
            let place = *known.entry(name.clone()).or_insert_with(|| {
                self.cases.push(CaseSummary {
                    name: name.clone(),
                    variant: String::new(),
                    rows: Vec::new(),
                });
                self.cases.len() - 1
            });
            self.places.push((name, place));
        }
        self.header = Some(header);
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>) -> std::result::Result<(), Malformed> {
        let planned = self.places.get(row.place as usize);
        let Some((_, place)) = planned.filter(|(name, _)| *name == row.case) else {
            return Err(Malformed::misplaced(
                &row.case,
                row.place,
                planned.map(|(name, _)| name),
            ));
        };
        if !self.finished.insert((row.run, row.place)) {
            return Err(Malformed::second_row(&row.case, row.run, row.place));
        }
        let blocks = self.open.remove(&(row.run, row.place)).unwrap_or_default();
        let seconds = if row.status == Status::Ok {
            middle(&blocks, row.clock)?
        } else {
            None
        };
        let case = &mut self.cases[*place];
        if case.variant.is_empty() {
            case.variant.push_str(&row.variant);
        }
        case.rows.push((row.run, seconds));
        Ok(())
    }

    fn finish(mut self) -> Option<Summary> {
        let header = self.header.take()?;
        self.cases.retain(|case| !case.rows.is_empty());
        Some(Summary {
            id: header.id,
            started: header.started,
            identity: header.facts.identity,
            cases: self.cases,
            warnings: self.warnings,
        })
    }
}

/// What a line is. Lines that this program wrote say so first, and need not be read for it.
fn kind(text: &str) -> std::result::Result<Cow<'_, str>, Malformed> {
    let written = text.strip_prefix("{\"kind\":\"").and_then(|rest| rest.split_once('"'));
    match written {
        Some((kind, _)) if !kind.contains('\\') => Ok(Cow::Borrowed(kind)),
        _ => line::kind(text),
    }
}

/// The median of the samples by a clock.
fn middle(blocks: &[Samples], clock: Clock) -> std::result::Result<Option<f64>, Malformed> {
    let mut all = Vec::new();
    for block in blocks {
        let text = match clock {
            Clock::Device => &block.device,
            Clock::Wall => &block.wall,
        };
        let list = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let list = list
            .ok_or_else(|| Malformed::at_start("the samples of a block are no list"))?
            .trim();
        for number in list.split(',').filter(|_| !list.is_empty()) {
            let sample = number.trim().parse::<f64>();
            all.push(sample.map_err(|_| Malformed::at_start("a sample of a block is no number"))?);
        }
    }
    Ok(median(&sorted(&all)))
}
