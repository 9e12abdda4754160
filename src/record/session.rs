//! A session as a whole: what was observed, case by case.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::folder::JOURNAL;
use super::header::Header;
use super::parse;
use super::warning::Warning;
use crate::error::{Error, Result};
use crate::kernels::Case;
use crate::measure::{Block, Candidate, Clock, Event, Pulse, Row};

/// What a journal holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// What was to be measured, on what.
    pub header: Header,
    /// What was observed, in order; there is no [`Event::Start`] among them.
    pub events: Vec<Event>,
    /// Whether it is finished, and as it was when it was finished.
    pub seal: Seal,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
    /// How many events there were each time that another process took the session up.
    pub(super) resumed: Vec<usize>,
    /// (run, place) of the rows.
    pub(super) finished: BTreeSet<(u32, u32)>,
}

/// State of the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seal {
    /// The session is not finished.
    #[default]
    Absent,
    /// It is finished, and the file is as it was then.
    Valid,
    /// It was finished, and the file is not as it was then.
    Broken,
}

/// What was observed of one case in one run, from its first line to its row. A case that was interrupted and taken up
/// again has two: one without a row and one with.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt<'a> {
    /// Number of the run, from 1.
    pub run: u32,
    /// Place of the case in the plan, from 0.
    pub place: u32,
    /// The case.
    pub case: &'a Case,
    /// The variants that were tried, in order.
    pub candidates: Vec<&'a Candidate>,
    /// The samples that were taken, in order.
    pub blocks: Vec<&'a Block>,
    /// How it ended; none if it was interrupted.
    pub row: Option<&'a Row>,
    /// The last look at the machine before it began, and the first after it ended.
    pub pulses: (Option<&'a Pulse>, Option<&'a Pulse>),
}

/// A case that has its row, with its samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished<'a> {
    /// How it ended.
    pub row: &'a Row,
    /// Seconds of one dispatch by the row's clock, over all blocks.
    pub samples: Vec<f64>,
    /// The same by the host's clock.
    pub wall: Vec<f64>,
    /// Seconds of one dispatch of the shader with its run-time checks, where those were asked for.
    pub checked: Vec<f64>,
    /// Dispatches in each sample, which is settled before the first is taken; 0 where none was.
    pub repeats: u32,
    /// The variants that were tried.
    pub candidates: Vec<&'a Candidate>,
    /// The last look at the machine before it began, and the first after it ended.
    pub pulses: (Option<&'a Pulse>, Option<&'a Pulse>),
}

impl Session {
    /// A session of which nothing is observed yet.
    #[must_use]
    pub fn begun(header: Header) -> Self {
        Self {
            header,
            events: Vec::new(),
            seal: Seal::Absent,
            warnings: Vec::new(),
            resumed: Vec::new(),
            finished: BTreeSet::new(),
        }
    }

    /// Reads a session from its folder or its journal.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Data`] with line and column if a line other than an incomplete
    /// last one is malformed or contradicts the plan, or if the schema is not one that this program knows.
    pub fn read(path: &Path) -> Result<Self> {
        let file = journal_of(path);
        let reader = File::open(&file).map_err(|cause| Error::io(&file, "cannot open", cause))?;
        Self::parse(&file, BufReader::new(reader))
    }

    /// Reads a session from the text of its journal; `name` is what errors call it.
    ///
    /// # Errors
    /// As [`Session::read`].
    pub fn parse(name: &Path, text: impl BufRead) -> Result<Self> {
        parse::parse(name, text).map(|parsed| parsed.session)
    }

    /// Whether a case has its row: nothing is left to be measured of it.
    #[must_use]
    pub fn is_finished(&self, run: u32, place: u32) -> bool {
        self.finished.contains(&(run, place))
    }

    /// What was observed, case by case, in the order of their first lines.
    #[must_use]
    pub fn attempts(&self) -> Vec<Attempt<'_>> {
        let mut gathering = Gathering::default();
        let mut resumed = self.resumed.iter().peekable();
        for (number, event) in self.events.iter().enumerate() {
            while resumed.next_if(|at| **at <= number).is_some() {
                gathering.begin_anew();
            }
            gathering.add(event);
        }
        gathering.attempts
    }

    /// The looks at the machine, in order.
    pub fn pulses(&self) -> impl Iterator<Item = &Pulse> {
        self.events.iter().filter_map(|event| match event {
            Event::Pulse(pulse) => Some(pulse),
            _ => None,
        })
    }

    /// The cases that have their row, run by run in the order of the plan.
    pub fn rows(&self) -> impl Iterator<Item = Finished<'_>> {
        let mut rows: Vec<_> = self.attempts().into_iter().filter_map(Attempt::finished).collect();
        rows.sort_by_key(|finished| (finished.row.run, finished.row.place));
        rows.into_iter()
    }

    /// What was interrupted, whether or not it was begun anew later.
    pub fn unfinished(&self) -> impl Iterator<Item = Attempt<'_>> {
        self.attempts().into_iter().filter(|attempt| attempt.row.is_none())
    }
}

/// Attempts while the events go by.
#[derive(Default)]
struct Gathering<'a> {
    attempts: Vec<Attempt<'a>>,
    /// Index of the attempt that is at (run, place).
    open: HashMap<(u32, u32), usize>,
    /// The last look at the machine.
    pulse: Option<&'a Pulse>,
    /// How many of the attempts are not waiting for the look after them.
    settled: usize,
}

impl<'a> Gathering<'a> {
    /// Another process goes on: nothing is open, and its looks are at another time.
    fn begin_anew(&mut self) {
        self.open.clear();
        self.pulse = None;
        self.settled = self.attempts.len();
    }

    fn add(&mut self, event: &'a Event) {
        if let Event::Pulse(pulse) = event {
            return self.look(pulse);
        }
        let Some((run, place, case)) = subject(event) else {
            return;
        };
        let index = *self.open.entry((run, place)).or_insert_with(|| {
            let before = self.pulse.filter(|pulse| pulse.run == run);
            self.attempts.push(Attempt::new(run, place, case, before));
            self.attempts.len() - 1
        });
        self.attempts[index].add(event);
        if self.attempts[index].row.is_some() {
            self.open.remove(&(run, place));
        }
    }

    /// A look is taken when the cases before it have their rows.
    fn look(&mut self, pulse: &'a Pulse) {
        for attempt in &mut self.attempts[self.settled..] {
            attempt.pulses.1 = Some(pulse).filter(|pulse| pulse.run == attempt.run);
        }
        self.settled = self.attempts.len();
        self.pulse = Some(pulse);
    }
}

impl<'a> Attempt<'a> {
    fn new(run: u32, place: u32, case: &'a Case, before: Option<&'a Pulse>) -> Self {
        Self {
            run,
            place,
            case,
            candidates: Vec::new(),
            blocks: Vec::new(),
            row: None,
            pulses: (before, None),
        }
    }

    fn add(&mut self, event: &'a Event) {
        match event {
            Event::Start(_) | Event::Pulse(_) => {}
            Event::Candidate(candidate) => self.candidates.push(candidate),
            Event::Block(block) => self.blocks.push(block),
            Event::Row(row) => self.row = Some(row),
        }
    }

    /// The attempt with its samples together, if it has its row.
    #[must_use]
    pub fn finished(self) -> Option<Finished<'a>> {
        let row = self.row?;
        let all = |clock, checks| {
            let blocks = self.blocks.iter().filter(|block| block.checks == checks);
            blocks.flat_map(|block| seconds(block, clock)).copied().collect()
        };
        Some(Finished {
            row,
            samples: all(row.clock, false),
            wall: all(Clock::Wall, false),
            checked: all(row.clock, true),
            repeats: self.blocks.last().map_or(0, |block| block.repeats),
            candidates: self.candidates,
            pulses: self.pulses,
        })
    }
}

fn seconds(block: &Block, clock: Clock) -> &[f64] {
    match clock {
        Clock::Device => &block.device,
        Clock::Wall => &block.wall,
    }
}

/// The case that an event is about, with run and place; none for what is about the machine.
pub(super) fn subject(event: &Event) -> Option<(u32, u32, &Case)> {
    match event {
        Event::Start(start) => Some((start.run, start.place, &start.case)),
        Event::Candidate(candidate) => Some((candidate.run, candidate.place, &candidate.case)),
        Event::Block(block) => Some((block.run, block.place, &block.case)),
        Event::Row(row) => Some((row.run, row.place, &row.case)),
        Event::Pulse(_) => None,
    }
}

/// The journal of a folder, or the file itself.
pub(super) fn journal_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join(JOURNAL)
    } else {
        path.to_owned()
    }
}
