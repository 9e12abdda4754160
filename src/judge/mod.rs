//! Two samples of runs, and what may be said of the devices that they are of.
//!
//! The unit is the run, one process, whose value for a case is the median of its samples: a thousand samples of one run
//! are one value. Parity is equivalence: the interval of the ratio lies inside the margin. Being ahead or behind means
//! that it lies beyond. `docs/methodology.md` has the rule with its rates of error.

mod fraction;
mod looks;
mod region;
mod rule;
mod verdict;

pub use fraction::Fraction;
pub use looks::{LOOKS, next_look, spend};
pub use region::{Placement, Ratio, Region};
pub use rule::{Finding, Rule, Runs};
pub use verdict::{Lean, Verdict};
