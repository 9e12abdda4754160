//! The words that an audit ends in.

use serde::Serialize;

use crate::judge::Placement;
use crate::published::Relation;

/// What the figures say of one thing: a workload, a layer, a figure, or a scope as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Whatever the true values are, the ratio lies in the region that is asked about.
    OnPar,
    /// Whatever the true values are, the subject is better than that.
    Ahead,
    /// Whatever the true values are, the subject is worse than that, or it has no path at all.
    Behind,
    /// Only figures in dispute, or given as a range, keep it from being decided.
    Open,
    /// A figure that is unpublished, bounded on one side only or derived keeps it from being decided.
    NotDecidable,
    /// Of a scope: its parts differ.
    Mixed,
}

impl Verdict {
    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OnPar => "on_par",
            Self::Ahead => "ahead",
            Self::Behind => "behind",
            Self::Open => "open",
            Self::NotDecidable => "not_decidable",
            Self::Mixed => "mixed",
        }
    }

    /// The verdict of a whole from those of its parts; `None` of nothing.
    #[must_use]
    pub fn of_all(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        parts.into_iter().reduce(|a, b| match (a, b) {
            (a, b) if a == b => a,
            (Self::Open, Self::NotDecidable) | (Self::NotDecidable, Self::Open) => Self::NotDecidable,
            _ => Self::Mixed,
        })
    }

    /// The verdict with subject and reference exchanged.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Ahead => Self::Behind,
            Self::Behind => Self::Ahead,
            other => other,
        }
    }

    /// Whether a claim of this relation holds, where that is decided.
    #[must_use]
    pub fn bears_out(self, relation: Relation) -> Option<bool> {
        let wanted = match relation {
            Relation::OnPar | Relation::Multiple => Self::OnPar,
            Relation::Ahead => Self::Ahead,
            Relation::Behind => Self::Behind,
            Relation::NonClaim => return None,
        };
        matches!(self, Self::OnPar | Self::Ahead | Self::Behind).then_some(self == wanted)
    }
}

/// Whether more of a quantity is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Speed, bandwidth, capacity.
    More,
    /// Power.
    Less,
}

impl Better {
    /// What a place in the region means for the subject.
    #[must_use]
    pub const fn verdict(self, placement: Placement) -> Verdict {
        match (self, placement) {
            (_, Placement::Inside) => Verdict::OnPar,
            (Self::More, Placement::Above) | (Self::Less, Placement::Below) => Verdict::Ahead,
            (Self::More, Placement::Below) | (Self::Less, Placement::Above) => Verdict::Behind,
        }
    }
}

/// What becomes of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimVerdict {
    /// The published figures bear it out, in everything it is about.
    Supported,
    /// The published figures refute it, in everything it is about.
    Contradicted,
    /// Neither: figures are missing or in dispute, or the parts of the scope differ.
    Open,
    /// Metric, workload or conditions are missing, so nothing could test it.
    NotTestableAsWorded,
}

impl ClaimVerdict {
    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Contradicted => "contradicted",
            Self::Open => "open",
            Self::NotTestableAsWorded => "not_testable_as_worded",
        }
    }

    /// The verdict of a testable claim from those of everything that it is about. It must hold everywhere to be supported
    /// and fail everywhere to be contradicted: a claim that leaves something open is not refuted by the worst reading.
    #[must_use]
    pub fn of(relation: Relation, parts: impl IntoIterator<Item = Verdict>) -> Self {
        let outcomes: Vec<_> = parts.into_iter().map(|part| part.bears_out(relation)).collect();
        let all = |wanted| !outcomes.is_empty() && outcomes.iter().all(|outcome| *outcome == Some(wanted));
        if all(true) {
            Self::Supported
        } else if all(false) {
            Self::Contradicted
        } else {
            Self::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_is_what_all_its_parts_are() {
        let of_all = |parts: &[Verdict]| Verdict::of_all(parts.iter().copied());
        assert_eq!(of_all(&[]), None);
        assert_eq!(of_all(&[Verdict::Behind, Verdict::Behind]), Some(Verdict::Behind));
        assert_eq!(of_all(&[Verdict::Ahead, Verdict::Behind]), Some(Verdict::Mixed));
        assert_eq!(
            of_all(&[Verdict::Open, Verdict::NotDecidable]),
            Some(Verdict::NotDecidable)
        );
        assert_eq!(of_all(&[Verdict::Behind, Verdict::NotDecidable]), Some(Verdict::Mixed));
    }

    #[test]
    fn a_claim_must_hold_or_fail_everywhere() {
        let of = |relation, parts: &[Verdict]| ClaimVerdict::of(relation, parts.iter().copied());
        let (ahead, behind, open) = (Verdict::Ahead, Verdict::Behind, Verdict::Open);
        assert_eq!(of(Relation::Ahead, &[ahead, ahead]), ClaimVerdict::Supported);
        assert_eq!(of(Relation::OnPar, &[ahead, behind]), ClaimVerdict::Contradicted);
        assert_eq!(of(Relation::Ahead, &[ahead, behind]), ClaimVerdict::Open);
        assert_eq!(of(Relation::Behind, &[behind, open]), ClaimVerdict::Open);
        assert_eq!(of(Relation::OnPar, &[]), ClaimVerdict::Open);
    }
}
