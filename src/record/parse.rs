//! Reading a journal: line by line, once, with what a writer needs to go on where it ended.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::hash;
use super::header::Header;
use super::line::{self, Line, Malformed};
use super::session::{Seal, Session, subject};
use super::warning::Warning;
use crate::error::{Error, Place, Result};
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
pub(super) fn parse(name: &Path, mut reader: impl BufRead) -> Result<Parsed> {
    let mut state = State::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        reader
            .by_ref()
            .take(line::LONGEST as u64)
            .read_until(b'\n', &mut line)
            .map_err(|cause| Error::io(name, "cannot read", cause))?;
        if line.last() != Some(&b'\n') {
            break;
        }
        state.number += 1;
        state
            .whole_line(&line)
            .map_err(|malformed| state.error(name, malformed))?;
    }
    state.number += 1;
    state
        .last_line(&line)
        .map_err(|malformed| state.error(name, malformed))?;
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
        let content = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        self.carriage_returns |= content.ends_with(b"\r");
        // A seal is the end: whatever follows was not there when it was set.
        if self.seal == Seal::Valid {
            self.seal = Seal::Broken;
        }
        match line::read(content)? {
            Line::Header { header, genuine } => self.header(header, genuine)?,
            _ if self.header.is_none() => {
                return Err(at_start("expected a header first; is this file a journal of onpar?"));
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

    /// What stands after the last line feed: nothing, a line that was cut short, or something that was never a line.
    fn last_line(&mut self, bytes: &[u8]) -> std::result::Result<(), Malformed> {
        if bytes.len() >= line::LONGEST {
            let message = format!(
                "has more than {} bytes; is this file a journal of onpar?",
                line::LONGEST
            );
            return Err(at_start(&message));
        }
        if self.header.is_none() {
            return Err(at_start(
                "no whole header: the session ended as it began (its folder may be deleted), or this is no journal of onpar",
            ));
        }
        if !bytes.is_empty() {
            self.warnings.push(Warning::TornLine {
                line: self.number,
                bytes: bytes.len() as u64,
            });
            if self.seal == Seal::Valid {
                self.seal = Seal::Broken;
            }
        }
        Ok(())
    }

    fn header(&mut self, header: Header, genuine: bool) -> std::result::Result<(), Malformed> {
        if self.header.is_some() {
            return Err(at_start("a second header; one file is one session, so separate them"));
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
            let planned = planned.map_or("nothing".to_owned(), ToString::to_string);
            return Err(at_start(&format!(
                "{case} at place {place}, where the plan has {planned}"
            )));
        }
        if matches!(event, Event::Row(_)) && !self.finished.insert((run, place)) {
            return Err(at_start(&format!("a second row for {case} (run {run}, place {place})")));
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
        let header = header.ok_or_else(|| self.error(name, at_start("no header")))?;
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

    fn error(&self, name: &Path, malformed: Malformed) -> Error {
        Error::Data {
            place: Place {
                file: name.display().to_string(),
                line: Some(self.number),
                column: Some(malformed.column),
            },
            message: malformed.message,
        }
    }
}

fn at_start(message: &str) -> Malformed {
    Malformed {
        column: 1,
        message: message.to_owned(),
    }
}
