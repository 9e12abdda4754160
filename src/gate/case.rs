//! What the gate says of one case.

use serde::Serialize;

use super::reason::{Enough, Reason};

/// A case that was judged, or could not be.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Its name.
    pub case: String,
    /// The variant that ran; empty if none did.
    pub variant: String,
    /// The variant that ran in the latest earlier session; empty if that is not known.
    pub variant_before: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is inconclusive or failed; none of every other verdict.
    pub reason: Option<Reason>,
    /// Its time in this session, in seconds.
    pub seconds: Option<f64>,
    /// Its time before: the level of the earlier sessions, or of the baseline.
    pub before: Option<f64>,
    /// Time now over time before: above 1 is slower.
    pub ratio: Option<f64>,
    /// The interval of that ratio; each of its ends errs in 5 of 100 cases.
    pub interval: Option<(f64, f64)>,
    /// How probable such a difference is where nothing has changed, adjusted for the number of cases.
    pub p: Option<f64>,
    /// The smallest change, as a ratio minus 1, that the gate reports of this case.
    pub smallest: Option<f64>,
    /// Earlier points that it was held against.
    pub points: usize,
    /// Runs of this session that it has a time of.
    pub runs: usize,
    /// Runs of a session from which it could be told, where it cannot.
    pub enough: Option<Enough>,
    /// What measuring it once more came to.
    pub confirmed: Option<bool>,
}

/// What the gate says of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It has no right result: wrong, lost, timed out, in error, or not measured at all.
    Failed,
    /// It is slower, by more than the smallest change and by more than chance explains.
    Regressed,
    /// It cannot be told; the reason says why.
    Inconclusive,
    /// It moved as the whole machine did.
    Shifted,
    /// It is faster.
    Improved,
    /// It differs by less than the smallest change: the interval lies inside.
    Unchanged,
}

impl Verdict {
    /// Every verdict, the worst first.
    pub const ALL: [Self; 6] = [
        Self::Failed,
        Self::Regressed,
        Self::Inconclusive,
        Self::Shifted,
        Self::Improved,
        Self::Unchanged,
    ];

    /// The word in every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Regressed => "regressed",
            Self::Inconclusive => "inconclusive",
            Self::Shifted => "shifted",
            Self::Improved => "improved",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Judged {
    /// A case of which nothing is known yet.
    pub(super) fn unknown(case: &str, variant: &str, verdict: Verdict, reason: Reason) -> Self {
        Self {
            case: case.to_owned(),
            variant: variant.to_owned(),
            variant_before: String::new(),
            verdict,
            reason: Some(reason),
            seconds: None,
            before: None,
            ratio: None,
            interval: None,
            p: None,
            smallest: None,
            points: 0,
            runs: 0,
            enough: None,
            confirmed: None,
        }
    }

    /// How much its time changed, as a part of what it was.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        self.ratio.map(|ratio| ratio - 1.0)
    }

    /// The change of the variant, as `variant 'a' -> 'b'`, if there was one.
    #[must_use]
    pub fn variant_change(&self) -> Option<String> {
        let (before, now) = (&self.variant_before, &self.variant);
        let is_known = !before.is_empty() && !now.is_empty();
        (is_known && before != now).then(|| format!("variant '{before}' -> '{now}'"))
    }

    /// Whether measuring it once more may tell.
    #[must_use]
    pub fn is_suspect(&self) -> bool {
        match self.verdict {
            Verdict::Regressed => true,
            Verdict::Inconclusive => self.reason.as_ref().is_some_and(Reason::may_pass),
            _ => false,
        }
    }
}
