//! Measuring: prove, race the variants, warm up, sample in turns with other cases, prove again. What comes of it goes to
//! an observer.

mod case;
mod contender;
mod contest;
mod energy;
mod evict;
mod group;
mod outcome;
mod pulse;
mod race;
mod room;
mod sample;
mod stopping;
mod timer;
mod timer_report;
mod verify;

pub use case::{Item, Prepared, Settings};
pub use contest::{Contest, Entrant};
pub use energy::Energy;
pub use group::{Order, groups, measure, measure_group};
pub use outcome::{Block, Candidate, Clock, Event, Phases, Proof, Row, Start, Status, Stop};
pub use pulse::{Beat, Pulse, Watch};
pub(crate) use race::standing;
pub use sample::Effort;
pub use stopping::{Limits, Stopping};
pub use timer::self_test;
pub use timer_report::{TimerCheck, TimerReport};
