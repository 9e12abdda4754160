//! A session as the gate needs it.

use std::collections::BTreeMap;

use crate::compare::{Allowed, Refusal, Side, SideCase};
use crate::measure::Pulse;
use crate::normalise::Scores;
use crate::record::{Header, Session};
use crate::stats::{median, sorted};

/// What the gate keeps of a session.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The first line of its journal.
    pub header: Header,
    /// Its cases that have a row in every run: of each the medians of its runs, or why they may not be used.
    pub cases: Vec<SideCase>,
    /// Cases that were planned and are not finished in every run.
    pub unfinished: Vec<String>,
    /// The reference kernels.
    pub references: Vec<ReferenceTime>,
}

/// A reference kernel over a whole session.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceTime {
    /// The kernel, as a case.
    pub case: String,
    /// Median of all its samples, in seconds.
    pub seconds: f64,
}

impl Measured {
    /// What is needed of a session.
    #[must_use]
    pub fn of(session: &Session, scores: &Scores, allowed: Allowed) -> Self {
        let mut cases = Side::of_session(session, scores, allowed).cases;
        let mut unfinished = unfinished(session);
        // What has failed in one run has failed, whatever the others would have come to.
        unfinished.retain(|name| !cases.iter().any(|case| case.name == *name && has_failed(case)));
        cases.retain(|case| !unfinished.contains(&case.name));
        Self {
            header: session.header.clone(),
            cases,
            unfinished,
            references: references(session.pulses()),
        }
    }

    /// Whether its runs and those of the other session were measured by turns.
    #[must_use]
    pub fn is_by_turns_with(&self, other: &Self) -> bool {
        let turns = &self.header.options.turns;
        turns.is_some() && *turns == other.header.options.turns && self.header.id != other.header.id
    }

    /// A case that has a row.
    #[must_use]
    pub fn case(&self, name: &str) -> Option<&SideCase> {
        self.cases.iter().find(|case| case.name == name)
    }
}

fn has_failed(case: &SideCase) -> bool {
    matches!(&case.values, Err(Refusal::Failed { status, .. }) if status.is_failure())
}

/// The cases, each once, that lack a row in any run.
fn unfinished(session: &Session) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (place, case) in (0..).zip(&session.header.plan) {
        let is_finished = (1..=session.header.options.runs).all(|run| session.is_finished(run, place));
        let name = case.to_string();
        if !is_finished && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn references<'p>(pulses: impl Iterator<Item = &'p Pulse>) -> Vec<ReferenceTime> {
    let mut all: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for beat in pulses.flat_map(|pulse| &pulse.beats) {
        all.entry(beat.case.to_string()).or_default().extend(&beat.seconds);
    }
    let time = |(case, seconds): (String, Vec<f64>)| {
        let seconds = median(&sorted(&seconds)).filter(|seconds| *seconds > 0.0)?;
        Some(ReferenceTime { case, seconds })
    };
    all.into_iter().filter_map(time).collect()
}
