//! Reading a journal: line by line, once, with what a writer needs to go on where it ended.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::hash;
use super::header::Header;
use super::line::{self, Line, Malformed};
use super::session::{Seal, Session, subject};
use super::warning::Warning;
use crate::error::Result;
use crate::measure::Event;

/// A journal, read.
pub(super) struct Parsed {
    pub(super) session: Session,
    /// Length of its whole lines in bytes.
    pub(super) whole: u64,
    /// SHA-256 of its whole lines, to be gone on with.
    pub(super) hasher: Sha256,
}

/// Reads a journal; `name` is what errors call it.
pub(super) fn parse(name: &Path, reader: impl BufRead) -> Result<Parsed> {
    let mut state = State::default();
    let (number, rest) = line::each(name, reader, |line| state.whole_line(line))?;
    state.number = number;
    state.last_line(&rest);
    state.finish(name)
}

/// What is known after some lines.
#[derive(Default)]
struct State {
    number: u64,
    whole: u64,
    hasher: Sha256,
    header: Option<Header>,
    events: Vec<Event>,
    resumed: Vec<usize>,
    finished: BTreeSet<(u32, u32)>,
    seal: Seal,
    carriage_returns: bool,
    warnings: Vec<Warning>,
    unknown: BTreeMap<String, (u64, u64)>,
}

impl State {
    fn whole_line(&mut self, bytes: &[u8]) -> std::result::Result<(), Malformed> {
        self.number += 1;
        let content = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        self.carriage_returns |= content.ends_with(b"\r");
        // A seal is the end: whatever follows was not there when it was set.
        if self.seal == Seal::Valid {
            self.seal = Seal::Broken;
        }
        match line::read(content)? {
            Line::Header { header, genuine } => self.header(header, genuine)?,
            _ if self.header.is_none() => {
                return Err(Malformed::before_header());
            }
            Line::Event(event) => self.event(event)?,
            Line::Resume => self.resumed.push(self.events.len()),
            Line::Seal(seal) => self.seal(&seal.sha256),
            Line::Unknown(kind) => self.unknown.entry(kind).or_insert((self.number, 0)).1 += 1,
        }
        self.whole += bytes.len() as u64;
        self.hasher.update(bytes);
        Ok(())
    }

    /// What stands after the last line feed: nothing, or a line that was cut short.
    fn last_line(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.warnings.push(Warning::TornLine {
            line: self.number,
            bytes: bytes.len() as u64,
        });
        if self.seal == Seal::Valid {
            self.seal = Seal::Broken;
        }
    }

    fn header(&mut self, header: Header, genuine: bool) -> std::result::Result<(), Malformed> {
        if self.header.is_some() {
            return Err(Malformed::second_header());
        }
        if !genuine {
            self.warnings.push(Warning::ChangedHeader);
        }
        self.header = Some(header);
        Ok(())
    }

    fn event(&mut self, event: Event) -> std::result::Result<(), Malformed> {
        let Some((run, place, case)) = subject(&event) else {
            self.events.push(event);
            return Ok(());
        };
        let plan = self.header.as_ref().map_or(&[][..], |header| &header.plan);
        let planned = plan.get(place as usize);
        if planned != Some(case) {
            return Err(Malformed::misplaced(case, place, planned));
        }
        if matches!(event, Event::Row(_)) && !self.finished.insert((run, place)) {
            return Err(Malformed::second_row(case, run, place));
        }
        self.events.push(event);
        Ok(())
    }

    fn seal(&mut self, sha256: &str) {
        let fits = self.seal == Seal::Absent && hash::hex(&self.hasher.clone().finalize()) == sha256;
        self.seal = if fits { Seal::Valid } else { Seal::Broken };
    }

    fn finish(mut self, name: &Path) -> Result<Parsed> {
        let header = self.header.take();
        let header = header.ok_or_else(|| Malformed::without_header().error(name, self.number))?;
        if self.seal == Seal::Broken {
            let carriage_returns = self.carriage_returns;
            self.warnings.push(Warning::BrokenSeal { carriage_returns });
        }
        let unknown = self.unknown.into_iter();
        self.warnings
            .extend(unknown.map(|(kind, (line, count))| Warning::UnknownKind { kind, line, count }));
        Ok(Parsed {
            session: Session {
                header,
                events: self.events,
                seal: self.seal,
                warnings: self.warnings,
                resumed: self.resumed,
                finished: self.finished,
            },
            whole: self.whole,
            hasher: self.hasher,
        })
    }
}
