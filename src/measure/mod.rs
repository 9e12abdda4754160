//! Measuring: prove, race the variants, warm up, sample, prove again. What comes of it goes to an observer.

mod outcome;
mod timer_report;

pub use outcome::{Block, Candidate, Clock, Event, Phases, Proof, Row, Start, Status, Stop};
pub use timer_report::{TimerCheck, TimerReport};
