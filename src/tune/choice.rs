//! What was chosen for a case.

use serde::Serialize;

use super::{Entry, Found, Trial};
use crate::kernels::Case;
use crate::measure::Status;

/// A choice, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// The case.
    pub case: Case,
    /// Ok, or why nothing was chosen, as the status of a case.
    pub status: Status,
    /// Why nothing was chosen.
    pub reason: String,
    /// Whether the cache had it.
    pub cached: bool,
    /// What the cache has of it now; its case may be another of about the same size. None if nothing was chosen.
    pub entry: Option<Entry>,
    /// What was tried to no avail, if nothing was chosen.
    pub in_vain: Vec<Trial>,
}

impl Choice {
    /// An entry that was in the cache.
    #[must_use]
    pub fn cached(case: &Case, entry: Entry) -> Self {
        Self {
            cached: true,
            ..Self::searched(case, entry)
        }
    }

    /// An entry that was searched for.
    #[must_use]
    pub fn searched(case: &Case, entry: Entry) -> Self {
        Self {
            entry: Some(entry),
            ..Self::failed(case, Status::Ok, String::new())
        }
    }

    /// No variant was right: it ends as the most telling of them.
    #[must_use]
    pub fn none(case: &Case, found: Found) -> Self {
        let worst = found.trials.iter().max_by_key(|trial| trial.status.severity());
        let (status, reason) = worst.map_or((Status::Unsupported, "there are no variants".to_owned()), |trial| {
            (trial.status, format!("{}: {}", trial.variant, trial.reason))
        });
        Self {
            in_vain: found.trials,
            ..Self::failed(case, status, reason)
        }
    }

    /// The search came to nothing.
    #[must_use]
    pub fn failed(case: &Case, status: Status, reason: String) -> Self {
        Self {
            case: case.clone(),
            status,
            reason,
            cached: false,
            entry: None,
            in_vain: Vec::new(),
        }
    }

    /// The same for another case with the same key.
    #[must_use]
    pub fn for_case(&self, case: &Case) -> Self {
        Self {
            case: case.clone(),
            cached: self.cached || *case != self.case,
            ..self.clone()
        }
    }

    /// The chosen variant.
    #[must_use]
    pub fn variant(&self) -> Option<&str> {
        self.entry.as_ref()?.found.variant.as_deref()
    }

    /// What was tried.
    #[must_use]
    pub fn trials(&self) -> &[Trial] {
        self.entry.as_ref().map_or(&self.in_vain, |entry| &entry.found.trials)
    }
}
