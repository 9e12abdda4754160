//! From which earlier session on a case is what it is now: the last change of its level, or the last named boundary.

use std::collections::HashMap;

use crate::record::Summary;
use crate::stats::{Method, Settings};
use crate::track::{Analysis, History, Series, analyse};
use crate::units::percent;

/// Where the last segment of each case begins.
#[derive(Debug, Default)]
pub struct Segments {
    cases: HashMap<String, Segment>,
}

/// The beginning of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The place of its first session among those that were given.
    pub first: usize,
    /// What began it; none where the history begins with it.
    pub since: Option<String>,
}

impl Segments {
    /// Of sessions of one machine in the order of time. Named boundaries divide unless `across`.
    #[must_use]
    pub fn of(sessions: &[Summary], across: bool) -> Self {
        let history = History::of_sessions(sessions);
        let analyses = analyse(&history, Settings::of(Method::Robust));
        let all = history.series.iter().zip(&analyses);
        let one = |(series, analysis): (&Series, &Analysis)| {
            (series.name.clone(), Segment::last(&history, series, analysis, across))
        };
        Self {
            cases: all.map(one).collect(),
        }
    }

    /// The last segment of a case; one that nothing divides if it was never measured.
    #[must_use]
    pub fn of_case(&self, name: &str) -> Segment {
        let known = self.cases.get(name).cloned();
        known.unwrap_or(Segment { first: 0, since: None })
    }
}

impl Segment {
    fn last(history: &History, series: &Series, analysis: &Analysis, across: bool) -> Self {
        let change = analysis.changes.last().map(|change| {
            let what = format!("its time changed by {}", percent(change.point.change()));
            (change.point.index, what)
        });
        let boundary = series.boundaries.last().filter(|_| !across);
        let boundary = boundary.map(|boundary| (boundary.index, boundary.changed.join("; ")));
        let last = change.into_iter().chain(boundary).max_by_key(|(index, _)| *index);
        last.map_or(Self { first: 0, since: None }, |(index, what)| Self {
            first: series.moments[index] as usize,
            since: Some(format!("{} ({what})", history.moment(series, index).time)),
        })
    }
}
