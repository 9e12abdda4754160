//! The sessions that one is held against: a history, or one other.

use std::path::{Path, PathBuf};

use super::super::output::complain;
use super::super::turns;
use crate::error::{Error, Result};
use crate::gate::{MOST_POINTS, Measured, Outcome, Past, Rule, Segments, against_history, against_session};
use crate::normalise::Scores;
use crate::parallel;
use crate::published::Published;
use crate::record::{Archive, Header, Keys, Note, Session, Summary, journals};

/// What a session is held against.
pub(super) enum Before {
    /// Earlier sessions of the same machine.
    History(Box<Past>),
    /// One session, with what sessions of this machine are known to differ by.
    Session(Box<Measured>, Option<f64>),
}

impl Before {
    pub(super) fn judge(&self, now: &Measured, rule: Rule) -> Outcome {
        match self {
            Self::History(past) => against_history(now, past, rule),
            Self::Session(before, deviation) => against_session(now, before, *deviation, rule),
        }
    }
}

/// A session of a history, or the newest one, and those before it.
pub(super) fn of_history(folder: &Path, wanted: Option<&Path>, rule: Rule) -> Result<(Measured, Before)> {
    if !folder.is_dir() {
        return Err(Error::Usage(format!(
            "--history {}: there is no such folder",
            folder.display()
        )));
    }
    let archive = Archive::read(folder)?;
    for note in &archive.notes {
        complain(&format!("onpar: {note}"));
    }
    let now = read(&candidate(folder, &archive, wanted)?, rule)?;
    let past = past(&archive, &now, rule);
    Ok((now, Before::History(Box::new(past))))
}

/// A session and a baseline. Without a name it is the one that was measured by turns with the baseline and lies beside it.
pub(super) fn of_baseline(
    baseline: &Path,
    wanted: Option<&Path>,
    deviation: Option<f64>,
    rule: Rule,
) -> Result<(Measured, Before)> {
    let before = read(baseline, rule)?;
    let now = match wanted {
        Some(path) => read(path, rule)?,
        None => read(&partner(baseline, &before.header)?, rule)?,
    };
    same_machine(&before.header, &now.header)?;
    Ok((now, Before::Session(Box::new(before), deviation)))
}

/// Refuses to hold a session against one of another machine.
pub(super) fn same_machine(before: &Header, now: &Header) -> Result<()> {
    turns::same_machine(&before.facts.identity, &now.facts.identity, || {
        format!("session {} is of another machine than session {}", before.id, now.id)
    })
}

/// The journal of the session that was measured by turns with a baseline: it has a folder of its own beside the baseline's.
fn partner(baseline: &Path, before: &Header) -> Result<PathBuf> {
    let none = || {
        Error::Usage(format!(
            "{}: no session beside it was measured by turns with it; name the session that is to be judged",
            baseline.display()
        ))
    };
    let Some(turns) = &before.options.turns else {
        return Err(none());
    };
    let folder = if baseline.is_dir() {
        Some(baseline)
    } else {
        baseline.parent()
    };
    // Relative names have no parent of their own.
    let folder = folder.and_then(|folder| folder.canonicalize().ok());
    let beside = folder.as_deref().and_then(Path::parent).ok_or_else(none)?;
    let is_partner = |path: &PathBuf| {
        Session::read(path)
            .is_ok_and(|other| other.header.options.turns.as_ref() == Some(turns) && other.header.id != before.id)
    };
    journals(&[beside.to_owned()])?
        .into_iter()
        .find(is_partner)
        .ok_or_else(none)
}

/// The journal of the session that is judged.
fn candidate(folder: &Path, archive: &Archive, wanted: Option<&Path>) -> Result<PathBuf> {
    let Some(wanted) = wanted else {
        if let Some(Note::Unread(error)) = archive.notes.iter().find(|note| matches!(note, Note::Unread(_))) {
            return Err(Error::Usage(format!(
                "{error}; so which session is the newest cannot be told: name the one that is to be judged, or remove this one"
            )));
        }
        let newest = archive.paths.last().cloned();
        return newest.ok_or_else(|| {
            Error::Usage(format!(
                "{}: no session that can be read; `onpar run --out DIR` makes them",
                folder.display()
            ))
        });
    };
    if wanted.exists() {
        return Ok(wanted.to_owned());
    }
    let name = wanted.to_string_lossy();
    let mut named = archive.sessions.iter().zip(&archive.paths);
    let mut named = named
        .by_ref()
        .filter(|(session, _)| session.id.as_str().starts_with(&*name));
    match (named.next(), named.next()) {
        (Some((_, path)), None) => Ok(path.clone()),
        (Some(_), Some(_)) => Err(Error::Usage(format!(
            "{name}: several sessions of {} have an id that begins so; give more of it",
            folder.display()
        ))),
        (None, _) => Err(Error::Usage(format!(
            "{name}: neither a session nor the beginning of an id of one in {}; onpar history --json lists them",
            folder.display()
        ))),
    }
}

/// What the gate needs of a stored session.
pub(super) fn read(path: &Path, rule: Rule) -> Result<Measured> {
    let session = Session::read(path)?;
    for warning in &session.warnings {
        complain(&format!("onpar: {}: {warning}", path.display()));
    }
    Ok(measured(&session, rule))
}

fn measured(session: &Session, rule: Rule) -> Measured {
    Measured::of(session, &Scores::of(session, Published::embedded()), rule.allowed)
}

/// The sessions of the same machine that began before; those of one second in the order of their ids, as in every history.
fn past(archive: &Archive, now: &Measured, rule: Rule) -> Past {
    let header = &now.header;
    let is_before = |session: &Summary| (session.started, &session.id) < (header.started, &header.id);
    let machine = Keys::of(&header.facts.identity).hard;
    let is_same = |session: &Summary| Keys::of(&session.identity).hard == machine;
    let before = archive
        .sessions
        .iter()
        .zip(&archive.paths)
        .filter(|(session, _)| is_before(session));
    let (same, others): (Vec<_>, Vec<_>) = before.partition(|(session, _)| is_same(session));
    let places: Vec<usize> = (same.len().saturating_sub(MOST_POINTS)..same.len()).collect();
    let sessions = parallel::map(&places, |place| match Session::read(same[*place].1) {
        Ok(session) => Some((*place, measured(&session, rule))),
        Err(error) => {
            complain(&format!("onpar: passed over: {error}"));
            None
        }
    });
    let summaries: Vec<Summary> = same.iter().map(|(session, _)| (*session).clone()).collect();
    Past {
        sessions: sessions.into_iter().flatten().collect(),
        all: same.len(),
        others: others.len(),
        other: others.last().map(|(session, _)| session.identity.clone()),
        segments: Segments::of(&summaries, rule.across),
    }
}
