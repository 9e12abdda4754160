//! How a session is judged.

use crate::compare::Allowed;
use crate::stats::LEAST_CHANGE;

/// Fewest earlier points that tell what the next one should be.
pub const LEAST_POINTS: usize = 8;
/// Earlier points that count, the latest.
pub const MOST_POINTS: usize = 50;

/// How a session is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// The chance that any case of a session in which nothing has changed is called regressed or improved.
    pub alpha: f64,
    /// No smaller change is reported, as a part of the level, however little the sessions differ.
    pub least: f64,
    /// A case is inconclusive if a change of this size would not be seen.
    pub must_see: f64,
    /// What inconclusive cases make of the whole.
    pub inconclusive: Inconclusive,
    /// Whether named boundaries (another driver, say) leave a series whole. Change points divide it always.
    pub across: bool,
    /// Rows that count all the same.
    pub allowed: Allowed,
}

/// What inconclusive cases make of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Inconclusive {
    /// Nothing.
    Pass,
    /// A whole that is inconclusive, if there are more than one in ten.
    #[default]
    Tenth,
    /// A whole that is inconclusive, if there is any.
    Fail,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            alpha: 0.05,
            least: LEAST_CHANGE,
            must_see: 0.1,
            inconclusive: Inconclusive::default(),
            across: false,
            allowed: Allowed::default(),
        }
    }
}

impl Inconclusive {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Tenth => "tenth",
            Self::Fail => "fail",
        }
    }

    /// Whether so many inconclusive cases of so many keep the whole open.
    #[must_use]
    pub const fn keeps_open(self, inconclusive: usize, all: usize) -> bool {
        match self {
            Self::Pass => false,
            Self::Tenth => 10 * inconclusive > all,
            Self::Fail => inconclusive > 0,
        }
    }
}
