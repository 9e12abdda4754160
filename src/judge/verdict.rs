//! The words that a comparison ends in.

use serde::Serialize;

/// What the runs of two devices say of one case, or of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The first is neither faster nor slower than the second by more than the margin.
    OnPar,
    /// The first is faster by more than the margin.
    Ahead,
    /// The first is slower by more than the margin.
    Behind,
    /// The runs do not say.
    Inconclusive,
}

impl Verdict {
    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OnPar => "on_par",
            Self::Ahead => "ahead",
            Self::Behind => "behind",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// The verdict with the devices exchanged.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Ahead => Self::Behind,
            Self::Behind => Self::Ahead,
            other => other,
        }
    }

    /// The verdict on all cases together. On par where every case is (intersection-union: each was tested at the full
    /// level, and no correction is needed, because one case that is not on par is enough to keep all from being); ahead
    /// where each is ahead or on par, behind where each is behind or on par; else inconclusive.
    #[must_use]
    pub fn overall(cases: impl IntoIterator<Item = Self>) -> Self {
        let together = |a, b| match (a, b) {
            (a, b) if a == b => a,
            (Self::OnPar, other @ (Self::Ahead | Self::Behind))
            | (other @ (Self::Ahead | Self::Behind), Self::OnPar) => other,
            _ => Self::Inconclusive,
        };
        cases.into_iter().reduce(together).unwrap_or(Self::Inconclusive)
    }
}

/// Which way the runs lean, whatever the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lean {
    /// The first is faster, if by less than the margin.
    Faster,
    /// The first is slower.
    Slower,
    /// They do not say.
    None,
}

impl Lean {
    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Faster => "faster",
            Self::Slower => "slower",
            Self::None => "none",
        }
    }

    /// The lean with the devices exchanged.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Faster => Self::Slower,
            Self::Slower => Self::Faster,
            Self::None => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{Ahead, Behind, Inconclusive, OnPar};
    use super::*;

    #[test]
    fn all_together_are_what_none_contradicts() {
        for (cases, together) in [
            (&[][..], Inconclusive),
            (&[OnPar, OnPar], OnPar),
            (&[OnPar, Ahead, OnPar], Ahead),
            (&[Behind, OnPar], Behind),
            (&[Ahead, Behind], Inconclusive),
            (&[Ahead, Behind, Behind], Inconclusive),
            (&[OnPar, Inconclusive], Inconclusive),
        ] {
            assert_eq!(Verdict::overall(cases.iter().copied()), together, "{cases:?}");
            let mirrored = cases.iter().map(|case| case.mirrored());
            assert_eq!(Verdict::overall(mirrored), together.mirrored(), "{cases:?}");
        }
    }
}
