//! The ceilings that a session measured, and what is possible below them.

use serde::Serialize;

use super::paper::Paper;
use super::score::Score;
use crate::kernels::{Cache, Engine, Precision, Role};
use crate::measure::Status;

/// What bounds a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Resource {
    /// Arithmetic.
    Compute,
    /// Memory traffic, from whichever level holds the working set.
    Memory,
}

/// The lowest roof over a case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Roof {
    /// What it is the roof of.
    pub resource: Resource,
    /// How much of it was reached.
    pub fraction: f64,
}

/// Whether a result is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Physics {
    /// No faster than the ceilings allow.
    Plausible,
    /// Faster than they allow: the time, the ceiling or the kernel is wrong. Kept, never ranked, never a baseline.
    Impossible,
    /// There is nothing to hold it against.
    Unchecked,
}

/// How far a result may exceed a ceiling of the same session before it is called impossible.
const SLACK_MEASURED: f64 = 1.15;
/// How far it may exceed the chip's own published peak.
const SLACK_PUBLISHED: f64 = 1.05;

impl Physics {
    /// Judges by the session's own ceilings and by the chip's own published peak.
    #[must_use]
    pub fn judge(roof: Option<&Roof>, own_paper: Option<&Paper>) -> Self {
        // Where the published figure is an interval, only what exceeds all of it is impossible.
        let published = own_paper.filter(|paper| !paper.ratio.is_unknown());
        let beyond_roof = roof.is_some_and(|roof| roof.fraction > SLACK_MEASURED);
        let beyond_paper = published.is_some_and(|paper| paper.ratio.low > SLACK_PUBLISHED);
        match (roof, published) {
            _ if beyond_roof || beyond_paper => Self::Impossible,
            (None, None) => Self::Unchecked,
            _ => Self::Plausible,
        }
    }
}

/// The fastest arithmetic and traffic of a session.
#[derive(Debug, Clone, Default)]
pub struct Ceilings {
    /// Operations per second by precision and engine, the best chain of each.
    compute: Vec<(Precision, Engine, f64)>,
    memory: Vec<MemoryCeiling>,
}

/// Bandwidth at one share of reads and one working set.
#[derive(Debug, Clone, Copy)]
struct MemoryCeiling {
    cache: Cache,
    read_share: f64,
    working_set: u64,
    bytes_per_second: f64,
}

impl Ceilings {
    /// Collects the ceilings among the scores.
    pub(super) fn of(scores: &[Score]) -> Self {
        let mut ceilings = Self::default();
        for score in scores.iter().filter(|score| score.status == Status::Ok) {
            match score.role() {
                Role::ComputeCeiling(engine) => {
                    let rate = score.case.precision.zip(score.operation_rate());
                    ceilings
                        .compute
                        .extend(rate.map(|(precision, rate)| (precision, engine, rate)));
                }
                Role::MemoryCeiling { read_share } => {
                    ceilings
                        .memory
                        .extend(score.byte_rate().map(|bytes_per_second| MemoryCeiling {
                            cache: score.case.cache,
                            read_share,
                            working_set: score.work.bytes(),
                            bytes_per_second,
                        }));
                }
                Role::Floor | Role::Path | Role::Latency | Role::Workload => {}
            }
        }
        ceilings
    }

    /// Operations per second of an engine whose arithmetic is in a precision.
    #[must_use]
    pub fn compute(&self, precision: Precision, engine: Engine) -> Option<f64> {
        let fits = self.compute.iter().filter(|(p, e, _)| (*p, *e) == (precision, engine));
        fits.map(|(_, _, rate)| *rate).reduce(f64::max)
    }

    /// Bytes per second for a working set, in the caches or out of them, by the kernel whose share of reads is nearest: the larger of the two sizes that
    /// the working set lies between, so that a case that fits the faster level is not held against the slower. Sizes that
    /// are nearly the same are one size, and the fastest counts whatever the precision it moved.
    #[must_use]
    pub fn memory(&self, cache: Cache, read_share: f64, working_set: u64) -> Option<f64> {
        let distance = |ceiling: &MemoryCeiling| (ceiling.read_share - read_share).abs();
        let ceilings = || self.memory.iter().filter(|ceiling| ceiling.cache == cache);
        let nearest = ceilings().map(distance).reduce(f64::min)?;
        let alike = || ceilings().filter(|ceiling| distance(ceiling) <= nearest + 1e-9);
        let sizes = || alike().map(|ceiling| ceiling.working_set);
        let below = sizes().filter(|size| *size <= working_set).max();
        let above = sizes().filter(|size| *size >= working_set).min();
        let same = |size: u64, other: u64| size.abs_diff(other) <= other / 10;
        let neighbours = [below, above];
        let beside = alike().filter(|c| neighbours.iter().flatten().any(|size| same(c.working_set, *size)));
        beside.map(|ceiling| ceiling.bytes_per_second).reduce(f64::max)
    }

    /// The roof over a workload that took `seconds`; none over a ceiling, nor where a ceiling that it needs is missing.
    pub(super) fn roof(&self, score: &Score, seconds: f64) -> Option<Roof> {
        if score.role() != Role::Workload {
            return None;
        }
        let work = score.work;
        let compute = match work.operations {
            0 => 0.0,
            operations => operations as f64 / self.compute(score.arithmetic()?, score.engine?)?,
        };
        let memory = match work.bytes() {
            0 => 0.0,
            bytes => bytes as f64 / self.memory(score.case.cache, work.read_share(), bytes)?,
        };
        Some(Roof {
            resource: if compute >= memory {
                Resource::Compute
            } else {
                Resource::Memory
            },
            fraction: compute.max(memory) / seconds,
        })
    }
}
