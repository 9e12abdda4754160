//! Measuring: prove, race the variants, warm up, sample, prove again. What comes of it goes to an observer.

mod case;
mod outcome;
mod race;
mod room;
mod sample;
mod stopping;
mod timer;
mod timer_report;
mod verify;

pub use case::{Item, Prepared, Settings, measure};
pub use outcome::{Block, Candidate, Clock, Event, Phases, Proof, Row, Start, Status, Stop};
pub use sample::Effort;
pub use stopping::{Limits, Stopping};
pub use timer::self_test;
pub use timer_report::{TimerCheck, TimerReport};
