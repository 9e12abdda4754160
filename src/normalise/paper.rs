//! Paper time: the least time that a chip's published figures allow for the work of a case; and how near to it this
//! device came.

use super::ceilings::Resource;
use super::score::Score;
use crate::kernels::{self, Role};
use crate::published::{self, Cell, CellKey, Published, State};
use crate::units::Interval;

/// A chip that every table and plot stands results beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Its id among the published figures.
    pub chip: &'static str,
    /// The name over its column.
    pub short: &'static str,
    /// The name in full sentences.
    pub name: &'static str,
}

/// The three chips of the parity claims that this program is about.
pub static REFERENCES: [Reference; 3] = [
    Reference {
        chip: "nvidia-h20-96gb",
        short: "H20",
        name: "NVIDIA H20",
    },
    Reference {
        chip: "thead-zhenwu-810e",
        short: "810E",
        name: "Zhenwu 810E",
    },
    Reference {
        chip: "kunlunxin-p800",
        short: "P800",
        name: "Kunlun P800",
    },
];

/// A case against the published figures of one chip.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    /// The chip's id.
    pub chip: String,
    /// Paper time over measured time: how fast this device did the work, in units of the fastest that the chip's figures
    /// allow. Never clamped; unknown where a figure that it needs is unpublished.
    pub ratio: Interval,
    /// The paper time in seconds.
    pub seconds: Interval,
    /// What binds the chip, where the figures say.
    pub binding: Option<Resource>,
    /// Whether a source disputes a figure that it rests on.
    pub disputed: bool,
    /// The chip has no path for this precision: a finding, not a gap.
    pub unsupported: bool,
    /// Ids of the figures that it rests on.
    pub figures: Vec<String>,
}

/// Paper time T = max(F / P, B / W): P the highest published dense peak for the precision of the inputs (for a kernel
/// that measures an engine, that engine's), W the memory bandwidth. The larger term binds.
pub(super) fn paper(score: &Score, seconds: f64, chip: &str, published: &Published) -> Paper {
    let work = score.work;
    let precision = score.case.precision.and_then(published_precision);
    let peak = precision
        .filter(|_| work.operations > 0)
        .map(|precision| match score.role() {
            Role::ComputeCeiling(kernels::Engine::Vector) => published.cell(chip, CellKey::vector(precision)),
            Role::ComputeCeiling(kernels::Engine::Matrix) => published.cell(chip, CellKey::matrix(precision)),
            _ => published.peak_compute(chip, precision),
        });
    let bandwidth = published.memory_bandwidth(chip);
    let rate = peak.as_ref().map_or(Interval::UNKNOWN, Cell::interval);
    let compute = rate.divide(work.operations as f64);
    // A ceiling of arithmetic is held against arithmetic alone.
    let bytes = match score.role() {
        Role::ComputeCeiling(_) => 0,
        _ => work.bytes(),
    };
    let memory = bandwidth.interval().divide(bytes as f64);
    let least = compute.max(memory);
    let used = peak.iter().chain(std::iter::once(&bandwidth));
    Paper {
        chip: chip.to_owned(),
        ratio: least.scale(1.0 / seconds),
        seconds: least,
        binding: binding(compute, memory),
        disputed: used.clone().any(|cell| cell.state == State::Disputed),
        unsupported: peak.as_ref().is_some_and(|cell| cell.state == State::Unsupported),
        figures: used
            .flat_map(|cell| &cell.figures)
            .map(|figure| figure.id.clone())
            .collect(),
    }
}

/// The term that is larger whatever the true values are.
fn binding(compute: Interval, memory: Interval) -> Option<Resource> {
    if compute.low >= memory.high {
        Some(Resource::Compute)
    } else if memory.low >= compute.high {
        Some(Resource::Memory)
    } else {
        None
    }
}

/// The word of the data set for a storage precision. Integers of 32 bits are in no published figure.
#[must_use]
pub fn published_precision(precision: kernels::Precision) -> Option<published::Precision> {
    match precision {
        kernels::Precision::F64 => Some(published::Precision::Fp64),
        kernels::Precision::F32 => Some(published::Precision::Fp32),
        kernels::Precision::F16 => Some(published::Precision::Fp16),
        kernels::Precision::Bf16 => Some(published::Precision::Bf16),
        kernels::Precision::F8 => Some(published::Precision::Fp8),
        kernels::Precision::I8 => Some(published::Precision::Int8),
        kernels::Precision::I32 => None,
    }
}
