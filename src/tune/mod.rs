//! The tuner: finds the fastest variant of a case among all there are, and remembers it.
//!
//! A race between the best guesses is part of every measurement. The tuner looks at every variant of a kernel, within a
//! time that is given to it, once for a device and driver; what it finds is kept in a cache.

mod cache;
mod choice;
mod ground;
mod key;
mod search;

pub use cache::{Cache, Entry, FORMAT, Lookup};
pub use choice::Choice;
pub use ground::search;
pub use key::Key;

use serde::{Deserialize, Serialize};

use crate::kernels::Case;
use crate::measure::{Clock, Status, standing};

/// How thorough a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    /// Seconds for a kernel.
    Quick,
    /// Minutes.
    Full,
}

impl Depth {
    /// Seconds for all cases of a kernel together, unless somebody says otherwise.
    #[must_use]
    pub const fn seconds(self) -> f64 {
        match self {
            Self::Quick => 20.0,
            Self::Full => 180.0,
        }
    }
}

/// One search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// For which case.
    pub case: Case,
    /// How long, in seconds.
    pub seconds: f64,
    /// Seed of the inputs.
    pub seed: u64,
    /// The clock, as the timer self-test found.
    pub clock: Clock,
    /// Variants that are not to be tried, because they ended a process that tried them.
    pub without: Vec<String>,
}

/// What happens in a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    /// This variant is about to be tried. Tells the parent process which one a crash belongs to.
    Trying(String),
    /// This became of it. Its times so far are those of its first turn.
    Tried(Trial),
    /// The search is over.
    Found(Found),
}

/// What a search came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The fastest variant; none if none gave the right answer.
    pub variant: Option<String>,
    /// Every variant, in the kernel's order.
    pub trials: Vec<Trial>,
    /// Seconds that the search took.
    pub seconds: f64,
}

impl Found {
    /// The best that is known of a search that did not come to its end.
    #[must_use]
    pub fn best(trials: Vec<Trial>, seconds: f64) -> Self {
        let right = trials.iter().filter(|trial| trial.status == Status::Ok);
        let fastest = right.min_by(|a, b| a.middle().total_cmp(&b.middle()));
        Self {
            variant: fastest.map(|trial| trial.variant.clone()),
            trials,
            seconds,
        }
    }
}

/// What became of one variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The variant.
    pub variant: String,
    /// Ok where it gave the right answer, skipped where there was no time for it, or what was wrong with it.
    pub status: Status,
    /// Why it is not ok.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Seconds of one dispatch, a value for each time that it was timed: once when it was proved, more the longer it
    /// stayed in the field.
    pub seconds: Vec<f64>,
}

impl Trial {
    /// What it counts as, in seconds, as in a race: the median of its times after the first; infinite without any.
    #[must_use]
    pub fn middle(&self) -> f64 {
        standing(&self.seconds)
    }
}
