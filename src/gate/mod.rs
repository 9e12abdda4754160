//! Is a session slower than it has to be? A gate that states how often it cries wolf, and keeps to it.
//!
//! Against stored sessions the unit is the session: k runs of today are one value, because tomorrow's may all lie elsewhere.
//! A session is held against the interval in which one more like the earlier ones lies. Against one other session exact
//! tests on runs are honest only if both were measured by turns. `docs/methodology.md` has the rule with its rates.

mod aside;
mod by_turns;
mod case;
mod confirm;
mod expected;
mod history;
mod measured;
mod movement;
mod outcome;
mod reason;
mod rule;
mod scatter;
mod segment;
mod session;

pub use case::{Judged, Verdict};
pub use history::{Past, against_history};
pub use measured::{Measured, ReferenceTime};
pub use movement::{Cause, Movement, ReferenceMove};
pub use outcome::{Against, LeftOut, Outcome, Overall};
pub use reason::{Enough, Reason};
pub use rule::{Inconclusive, LEAST_POINTS, MOST_POINTS, Rule};
pub use segment::{Segment, Segments};
pub use session::against_session;
