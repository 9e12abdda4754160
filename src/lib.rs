//! `onpar` measures portable GPU kernels on the accelerator at hand, proves every answer right against an f64
//! reference, and says how far the result stands from what has been published about other accelerators.
//!
//! The modules form one line; each may use what stands to its left (`tests/layering.rs` holds it):
//! `units, error < published < kernels < ...`. `docs/architecture.md` has the whole line and the reasons.

pub mod cli;
pub mod error;
pub mod published;
pub mod report;
pub mod units;
