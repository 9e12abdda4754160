//! Why a case could not be judged.

use std::fmt;

use crate::compare::Refusal;
use crate::units::percent;

/// What keeps a case from a verdict.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// Its row may not be used.
    Refused(Refusal),
    /// It was planned and has no row, or not in every run: the session was cut short.
    NotMeasured,
    /// It has too few earlier points.
    TooFewPoints {
        /// How many there are.
        there: usize,
        /// How many it takes.
        needed: usize,
        /// What began the segment that they are of; none where the history begins with it.
        since: Option<String>,
    },
    /// The baseline has no row of it.
    NotInBaseline,
    /// The baseline's row may not be used.
    BaselineRefused(Refusal),
    /// The earlier sessions differ so much that a change that should be seen would not be.
    TooNoisy {
        /// The smallest change that would be.
        smallest: f64,
        /// How many runs a session should have.
        enough: Enough,
    },
    /// It lies too near the smallest change for either verdict.
    Undecided,
    /// It was slower, and when measured once more it was not.
    NotConfirmed,
    /// Each side is one session, and by how much sessions differ is not known.
    OneSessionEach,
    /// Too few runs a side for any test to find one case among so many.
    TooFewRuns {
        /// How many there are.
        runs: usize,
        /// How many are enough.
        enough: usize,
    },
}

/// Runs from which something could be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enough {
    /// So many a session, in all sessions.
    Runs(u32),
    /// No number of runs: sessions differ by themselves.
    Never,
    /// It is not known what part of the scatter is between the runs, because no session has several.
    Unknown,
}

impl Reason {
    /// The word in JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.word(),
            Self::NotMeasured => "not_measured",
            Self::TooFewPoints { .. } => "too_few_points",
            Self::NotInBaseline => "not_in_baseline",
            Self::BaselineRefused(_) => "baseline_refused",
            Self::TooNoisy { .. } => "too_noisy",
            Self::Undecided => "undecided",
            Self::NotConfirmed => "not_confirmed",
            Self::OneSessionEach => "one_session_each",
            Self::TooFewRuns { .. } => "too_few_runs",
        }
    }

    /// Whether there is nothing to hold the case against.
    pub(super) const fn is_without_baseline(&self) -> bool {
        matches!(
            self,
            Self::TooFewPoints { .. } | Self::NotInBaseline | Self::BaselineRefused(_)
        )
    }

    /// Whether it may be gone when the case is measured once more.
    pub(super) const fn may_pass(&self) -> bool {
        matches!(self, Self::Refused(Refusal::Flagged(_)) | Self::Undecided)
    }
}

impl Enough {
    /// The number, if there is one.
    #[must_use]
    pub const fn runs(self) -> Option<u32> {
        match self {
            Self::Runs(runs) => Some(runs),
            Self::Never | Self::Unknown => None,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::NotMeasured => {
                f.write_str("not measured in every run: the session was cut short; onpar run --resume goes on with one that was measured by itself")
            }
            Self::TooFewPoints { there, needed, since } => {
                write!(f, "too few earlier points: {there} there, {needed} needed")?;
                match since {
                    Some(since) => write!(f, ", since {since}"),
                    None => Ok(()),
                }
            }
            Self::NotInBaseline => f.write_str("the baseline has no row of it"),
            Self::BaselineRefused(refusal) => write!(f, "the baseline's row: {refusal}"),
            Self::TooNoisy { smallest, enough } => {
                write!(
                    f,
                    "too noisy: no change below {} would be seen; {enough}",
                    percent(*smallest)
                )
            }
            Self::Undecided => {
                f.write_str("undecided: too near the smallest change for either verdict; measure once more")
            }
            Self::NotConfirmed => f.write_str("not confirmed: slower, and when measured once more not"),
            Self::OneSessionEach => f.write_str(
                "one session each, not measured by turns: by how much sessions of this machine differ is not known",
            ),
            Self::TooFewRuns { runs, enough } => {
                write!(
                    f,
                    "too few runs: {runs} a side, and it takes {enough} to find one case among these"
                )
            }
        }
    }
}

impl fmt::Display for Enough {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Runs(runs) => write!(f, "--runs {runs} in every session from now on is enough"),
            Self::Never => f.write_str("no number of runs is enough, because sessions differ by themselves"),
            Self::Unknown => f.write_str("measure with --runs 5 to learn how many runs are enough"),
        }
    }
}
