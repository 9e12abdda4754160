//! What the gate came to as a whole, and how the program ends with it.

use serde::Serialize;

use super::case::{Judged, Verdict};
use super::measured::Measured;
use super::movement::{Cause, Movement};
use super::reason::Reason;
use super::rule::{Inconclusive, Rule};
use crate::compare::Refusal;
use crate::measure::Status;
use crate::record::Header;

/// What the gate came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The session that was judged: its first line.
    pub session: Box<Header>,
    /// What it was held against.
    pub against: Against,
    /// How.
    pub rule: Rule,
    /// The cases, in the order of the plan.
    pub cases: Vec<Judged>,
    /// What the device lacks and never had, and what costs and does no work.
    pub left_out: Vec<LeftOut>,
    /// Cases that were measured before and are not planned now.
    pub gone: Vec<String>,
    /// What else changed since: driver, wgpu, onpar and the like, each as `driver_version 'a' -> 'b'`.
    pub soft: Vec<String>,
    /// That most cases moved together, if they did.
    pub movement: Option<Movement>,
}

/// What a session was held against.
#[derive(Debug, Clone)]
pub enum Against {
    /// Earlier sessions: the session is the unit.
    History {
        /// Earlier sessions of the same machine.
        all: usize,
        /// The latest of them, which were read.
        used: usize,
        /// Sessions of other machines, which say nothing.
        others: usize,
        /// In what the latest of those differs, where there is no session of the same machine.
        differs: Vec<String>,
    },
    /// One session.
    Session {
        /// Its first line.
        header: Box<Header>,
        /// Whether both were measured by turns: then the run is the unit.
        by_turns: bool,
        /// Standard deviation of the sessions of this machine, if it was given.
        session_deviation: Option<f64>,
    },
}

/// A case that is not judged, and keeps nothing open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name.
    pub case: String,
    /// Why.
    pub refusal: Refusal,
}

/// What all cases come to together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// An answer was wrong.
    Wrong,
    /// No case has enough earlier points.
    NoBaseline,
    /// A case regressed.
    Regressed,
    /// The machine is another than it was.
    MachineShift,
    /// Rows were lost, timed out, are in error or were never measured.
    Failed,
    /// Too many cases are inconclusive, or there is none.
    Inconclusive,
    /// A case improved, and none regressed.
    Improved,
    /// Nothing changed.
    Unchanged,
}

impl Overall {
    /// The word in every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::NoBaseline => "no_baseline",
            Self::Regressed => "regressed",
            Self::MachineShift => "machine_shift",
            Self::Failed => "failed",
            Self::Inconclusive => "inconclusive",
            Self::Improved => "improved",
            Self::Unchanged => "unchanged",
        }
    }

    /// The exit status.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Wrong => 5,
            Self::NoBaseline => 4,
            Self::Regressed => 1,
            Self::MachineShift | Self::Failed | Self::Inconclusive => 3,
            Self::Improved | Self::Unchanged => 0,
        }
    }
}

impl Outcome {
    /// An outcome without a case.
    pub(super) fn begun(now: &Measured, against: Against, rule: Rule) -> Self {
        Self {
            session: Box::new(now.header.clone()),
            against,
            rule,
            cases: Vec::new(),
            left_out: Vec::new(),
            gone: Vec::new(),
            soft: Vec::new(),
            movement: None,
        }
    }

    /// What all cases come to together: the first of [`Overall`] that holds.
    #[must_use]
    pub fn overall(&self) -> Overall {
        let inconclusive = self.count(Verdict::Inconclusive);
        let is_open = self.rule.inconclusive.keeps_open(inconclusive, self.cases.len()) || self.is_blind();
        if self.cases.iter().any(is_wrong) {
            Overall::Wrong
        } else if self.has_no_baseline() {
            Overall::NoBaseline
        } else if self.count(Verdict::Regressed) > 0 {
            Overall::Regressed
        } else if self.movement.as_ref().is_some_and(Movement::is_of_machine) {
            Overall::MachineShift
        } else if self.count(Verdict::Failed) > 0 {
            Overall::Failed
        } else if is_open || self.cases.is_empty() {
            Overall::Inconclusive
        } else if self.count(Verdict::Improved) > 0 {
            Overall::Improved
        } else {
            Overall::Unchanged
        }
    }

    /// How the program ends.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.overall().exit_code()
    }

    /// How many cases have a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.cases.iter().filter(|case| case.verdict == verdict).count()
    }

    /// Cases that may be measured once more.
    pub fn suspects(&self) -> impl Iterator<Item = &Judged> {
        self.cases.iter().filter(|case| case.is_suspect())
    }

    /// What is to blame where most cases became slower together and not the machine; empty where nothing is known.
    #[must_use]
    pub fn suspected(&self) -> &[String] {
        match self.movement.as_ref().map(|movement| &movement.cause) {
            Some(Cause::Changed(changed)) => changed,
            _ => &[],
        }
    }

    /// Name of the suite that was measured.
    #[must_use]
    pub fn suite(&self) -> &str {
        &self.session.options.suite
    }

    /// Geometric mean of the ratios, with how many cases are in it. It summarises, and decides nothing.
    #[must_use]
    pub fn mean_ratio(&self) -> Option<(f64, usize)> {
        let logarithms: Vec<f64> = self.cases.iter().filter_map(|case| case.ratio).map(f64::ln).collect();
        let count = logarithms.len();
        (count > 0).then(|| ((logarithms.iter().sum::<f64>() / count as f64).exp(), count))
    }

    /// So few runs that one case that regressed among the others could not be found: then none found says nothing.
    fn is_blind(&self) -> bool {
        let too_few = |case: &Judged| matches!(case.reason, Some(Reason::TooFewRuns { .. }));
        self.rule.inconclusive != Inconclusive::Pass && self.cases.iter().any(too_few)
    }

    /// Every case that could have a baseline lacks one.
    fn has_no_baseline(&self) -> bool {
        let lacks = |case: &Judged| case.reason.as_ref().is_some_and(Reason::is_without_baseline);
        self.cases.iter().any(lacks) && self.cases.iter().all(|case| case.ratio.is_none())
    }
}

fn is_wrong(case: &Judged) -> bool {
    let wrong = |refusal: &Refusal| {
        matches!(
            refusal,
            Refusal::Failed {
                status: Status::Wrong,
                ..
            }
        )
    };
    matches!(&case.reason, Some(Reason::Refused(refusal)) if wrong(refusal))
}
