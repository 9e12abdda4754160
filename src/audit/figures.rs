//! The figures of one chip that an audit rests on, and what they allow: once for verdicts, once for the eye.

use std::collections::{BTreeMap, BTreeSet};

use super::roofline::{Part, Peak, Roofline, Term};
use crate::published::{Cell, CellKey, Chip, Metric, Precision, Published, State};
use crate::units::Interval;

/// Which of its chip's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FigureKey {
    /// What it is about.
    pub metric: Metric,
    /// The number format, for peak compute.
    pub precision: Option<Precision>,
}

/// The resolved cells of one chip.
#[derive(Debug, Clone)]
pub struct Figures<'p> {
    /// The chip.
    pub chip: &'p Chip,
    cells: BTreeMap<FigureKey, Cell<'p>>,
    /// What a verdict may rest on: nothing that is derived.
    pub deciding: Roofline,
    /// What all figures together say.
    pub shown: Roofline,
}

/// Metrics besides the peaks that an audit compares.
const METRICS: [Metric; 4] = [
    Metric::MemoryBandwidth,
    Metric::MemoryCapacity,
    Metric::InterconnectBandwidth,
    Metric::Tdp,
];

impl FigureKey {
    /// A metric without a number format.
    #[must_use]
    pub const fn of(metric: Metric) -> Self {
        Self {
            metric,
            precision: None,
        }
    }

    /// The highest dense peak of a number format, whichever engine reaches it.
    #[must_use]
    pub const fn peak(precision: Precision) -> Self {
        Self {
            metric: Metric::PeakCompute,
            precision: Some(precision),
        }
    }

    /// The figure behind a rate; none is published for the peak of a format without a name.
    #[must_use]
    pub const fn of_term(term: Term) -> Option<Self> {
        match term {
            Term::Memory => Some(Self::of(Metric::MemoryBandwidth)),
            Term::Peak(Some(precision)) => Some(Self::peak(precision)),
            Term::Peak(None) => None,
        }
    }
}

impl std::fmt::Display for FigureKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match (self.metric, self.precision) {
            (Metric::PeakCompute, Some(precision)) => format!("{precision} peak"),
            (Metric::Tdp, _) => "power".to_owned(),
            (Metric::InterconnectBandwidth, _) => "interconnect".to_owned(),
            (metric, _) => metric.word().replace('_', " "),
        };
        f.pad(&name)
    }
}

impl<'p> Figures<'p> {
    /// Resolves the cells of a chip.
    #[must_use]
    pub fn of(published: &'p Published, chip: &'p Chip) -> Self {
        let peaks = Precision::ALL.iter().map(|&precision| {
            let cell = published.peak_compute(&chip.id, precision);
            (FigureKey::peak(precision), cell)
        });
        let others = METRICS.iter().map(|&metric| {
            let cell = published.cell(&chip.id, CellKey::of(metric));
            (FigureKey::of(metric), cell)
        });
        let cells: BTreeMap<_, _> = peaks.chain(others).collect();
        Self {
            chip,
            deciding: roofline(&chip.id, &cells, |cell| cell.deciding),
            shown: roofline(&chip.id, &cells, |cell| cell.shown),
            cells,
        }
    }

    /// A cell; `None` for figures that no audit rests on.
    #[must_use]
    pub fn cell(&self, key: FigureKey) -> Option<&Cell<'p>> {
        self.cells.get(&key)
    }

    /// The figures that the time of some work rests on.
    #[must_use]
    pub fn behind(&self, parts: &[Part]) -> BTreeSet<FigureKey> {
        let peaks = parts.iter().filter(|part| part.operations > 0.0);
        let terms = peaks.map(|part| Term::Peak(part.precision)).chain([Term::Memory]);
        terms.filter_map(FigureKey::of_term).collect()
    }
}

fn roofline(chip: &str, cells: &BTreeMap<FigureKey, Cell<'_>>, known: impl Fn(&Cell<'_>) -> Interval) -> Roofline {
    let peaks = cells.iter().filter_map(|(key, cell)| {
        let peak = if cell.state == State::Unsupported {
            Peak::NoPath
        } else {
            Peak::Rate(known(cell))
        };
        Some((key.precision?, peak))
    });
    let memory = cells.get(&FigureKey::of(Metric::MemoryBandwidth));
    Roofline {
        chip: chip.to_owned(),
        peaks: peaks.collect(),
        memory: memory.map_or(Interval::UNKNOWN, known),
    }
}
