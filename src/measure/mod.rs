//! Measuring: prove, race the variants, warm up, sample, prove again. What comes of it goes to an observer.

mod outcome;

pub use outcome::{Block, Candidate, Clock, Event, Phases, Proof, Row, Start, Status, Stop};
