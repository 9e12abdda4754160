//! What published figures say of a claim that one chip is on par with another.

mod judge;
mod ratio;
mod roofline;
mod verdict;

pub use judge::{Bound, Judgement, Need, Side, binding, judge, judge_quantity, speed};
pub use ratio::{Placement, Ratio, Region};
pub use roofline::{Part, Peak, Roofline, Term, Terms, unbounded};
pub use verdict::{Better, ClaimVerdict, Verdict};
