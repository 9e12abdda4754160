//! Why a row may not be compared.

use std::fmt;

use crate::kernels::Role;
use crate::measure::Status;
use crate::normalise::{Physics, Score};
use crate::stats::Flag;

/// What keeps a row from being compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It has no time.
    Failed {
        /// What became of it.
        status: Status,
        /// Why.
        reason: String,
    },
    /// It is faster than the ceilings of its session or the chip's own figures allow.
    Impossible,
    /// Nobody compared its answers with a reference.
    Unproved,
    /// There is something odd about its samples, or about the machine while they were taken; the flags that are raised.
    Flagged(Vec<&'static str>),
    /// It is what starting a kernel costs, and no work.
    Floor,
}

/// A flag that is raised and speaks of the case. That the reference kernels moved speaks of the machine, and whether the
/// case moved too its own flags say; that the host's clock counts the submissions as well is no fault of the device's.
fn counts((name, flag): &(&str, Flag)) -> bool {
    flag.raised == Some(true) && !matches!(*name, "reference" | "clocks")
}

/// What the user asks to be compared all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allowed {
    /// Rows without proof.
    pub unproved: bool,
    /// Rows with flags.
    pub flagged: bool,
}

impl Refusal {
    /// Why a score may not be compared; none where it may.
    #[must_use]
    pub fn of(score: &Score, allowed: Allowed) -> Option<Self> {
        if score.status != Status::Ok || score.runs.is_empty() {
            return Some(Self::Failed {
                status: score.status,
                reason: score.reason.clone(),
            });
        }
        let flags = || score.named_flags().into_iter().filter(counts);
        match score.role() {
            Role::Floor => Some(Self::Floor),
            _ if score.physics == Physics::Impossible => Some(Self::Impossible),
            _ if score.proof.is_none() && !allowed.unproved => Some(Self::Unproved),
            _ if flags().next().is_some() && !allowed.flagged => {
                Some(Self::Flagged(flags().map(|(name, _)| name).collect()))
            }
            _ => None,
        }
    }

    /// Whether the verdict on all cases stays open with it: something was to be measured and is not known. What a device
    /// lacks, or was not asked for, is no such thing.
    #[must_use]
    pub const fn leaves_open(&self) -> bool {
        !matches!(
            self,
            Self::Floor
                | Self::Failed {
                    status: Status::Unsupported | Status::Skipped,
                    ..
                }
        )
    }

    /// The word in JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Failed { status, .. } => status.word(),
            Self::Impossible => "impossible",
            Self::Unproved => "unproved",
            Self::Flagged(_) => "flagged",
            Self::Floor => "floor",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { status, reason } if reason.is_empty() => f.write_str(status.word()),
            Self::Failed { status, reason } => write!(f, "{}: {reason}", status.word()),
            Self::Impossible => f.write_str("impossible: faster than the ceilings allow, so its time is wrong"),
            Self::Unproved => f.write_str("unproved: nobody compared its answers; --allow-unproved compares it"),
            Self::Flagged(flags) => write!(f, "flagged: {}; --allow-flagged compares it", flags.join(", ")),
            Self::Floor => f.write_str("a floor: what starting a kernel costs, and no work"),
        }
    }
}
