//! How much the runs of a session, and sessions of one device, differ from each other when nothing has changed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::kernels::Case;
use crate::measure::Status;
use crate::record::Session;
use crate::stats::{Deviation, median, sorted};

/// What repetitions of a case say about a machine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Noise {
    /// The case.
    pub case: Case,
    /// Repetitions: runs of a session, or sessions.
    pub repetitions: usize,
    /// Median of their values, in seconds.
    pub seconds: f64,
    /// Deviation of the logarithms of their values.
    pub deviation: Deviation,
}

impl Noise {
    /// From run to run, the cases in the order of the plan. Cases with fewer than two good runs are left out.
    #[must_use]
    pub fn between_runs(session: &Session) -> Vec<Self> {
        let values = runs(session);
        let mut cases: Vec<&Case> = Vec::new();
        for case in &session.header.plan {
            if !cases.contains(&case) {
                cases.push(case);
            }
        }
        let of = |case: &Case| Self::of(case, values.get(case)?);
        cases.into_iter().filter_map(of).collect()
    }

    /// From session to session: a session's value is the median of its runs. Cases that fewer than two sessions have are
    /// left out.
    #[must_use]
    pub fn between_sessions(sessions: &[Session]) -> Vec<Self> {
        let mut values: BTreeMap<Case, Vec<f64>> = BTreeMap::new();
        for session in sessions {
            for (case, seconds) in runs(session) {
                values.entry(case).or_default().extend(median(&sorted(&seconds)));
            }
        }
        values
            .iter()
            .filter_map(|(case, seconds)| Self::of(case, seconds))
            .collect()
    }

    fn of(case: &Case, seconds: &[f64]) -> Option<Self> {
        let logarithms: Vec<f64> = seconds.iter().map(|value| value.ln()).collect();
        Some(Self {
            case: case.clone(),
            repetitions: seconds.len(),
            seconds: median(&sorted(seconds))?,
            deviation: Deviation::of(&logarithms)?,
        })
    }
}

/// The median of each good run of each case. One that stands twice in the plan counts by its first place.
fn runs(session: &Session) -> BTreeMap<Case, Vec<f64>> {
    let mut seen = std::collections::BTreeSet::new();
    let mut values: BTreeMap<Case, Vec<f64>> = BTreeMap::new();
    for finished in session.rows().filter(|finished| finished.row.status == Status::Ok) {
        if seen.insert((finished.row.run, finished.row.case.clone())) {
            let value = median(&sorted(&finished.samples));
            values.entry(finished.row.case.clone()).or_default().extend(value);
        }
    }
    values
}
