//! `onpar` measures portable GPU kernels on the accelerator at hand, proves every answer right against an f64
//! reference, and says how far the result stands from what has been published about other accelerators.
//!
//! The modules form one line; each may use what stands to its left (`tests/layering.rs` holds it):
//!
//! ```text
//! units, error, fields, parallel < stats < published < kernels < suites < device < measure < tune < record < normalise <
//! judge < audit, compare, track < gate < report < cli
//! ```
//!
//! `docs/architecture.md` has the reasons.

pub mod audit;
pub mod cli;
pub mod compare;
pub mod device;
pub mod error;
pub mod fields;
pub mod gate;
pub mod judge;
pub mod kernels;
pub mod measure;
pub mod normalise;
mod parallel;
pub mod published;
pub mod record;
pub mod report;
pub mod stats;
pub mod suites;
pub mod track;
pub mod tune;
pub mod units;
