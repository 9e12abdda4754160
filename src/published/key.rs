//! Which rows belong to one cell.

use std::collections::BTreeMap;

use super::rows::{Figure, Support, Unpublished};
use super::vocabulary::{Accumulator, Engine, Metric, Precision, Sparsity};

/// Which figures belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// What the figures are about.
    pub metric: Metric,
    /// The number format, for peak compute.
    pub precision: Option<Precision>,
    /// A rate of the vector (shader) units; otherwise of the matrix units.
    pub vector: bool,
    /// A rate that counts structured sparsity as work.
    pub sparse: bool,
    /// A rate that holds only where products are accumulated in FP16.
    pub acc16: bool,
}

impl CellKey {
    /// A metric without a number format.
    #[must_use]
    pub const fn of(metric: Metric) -> Self {
        Self {
            metric,
            precision: None,
            vector: false,
            sparse: false,
            acc16: false,
        }
    }

    /// The dense peak of the matrix units, with the default accumulator.
    #[must_use]
    pub const fn matrix(precision: Precision) -> Self {
        Self {
            precision: Some(precision),
            ..Self::of(Metric::PeakCompute)
        }
    }

    /// The peak of the vector units.
    #[must_use]
    pub const fn vector(precision: Precision) -> Self {
        Self {
            vector: true,
            ..Self::matrix(precision)
        }
    }

    /// The cell a figure belongs to.
    #[must_use]
    pub fn of_figure(figure: &Figure) -> Self {
        Self {
            metric: figure.metric,
            precision: figure.precision,
            vector: figure.engine == Some(Engine::Vector),
            sparse: figure.sparsity == Some(Sparsity::Sparse),
            acc16: figure.accumulator == Some(Accumulator::Fp16),
        }
    }
}

impl CellKey {
    /// The dense cell of a documented path; an unstated engine counts as matrix.
    pub(super) fn of_support(row: &Support) -> Self {
        Self {
            vector: row.engine == Engine::Vector,
            ..Self::matrix(row.precision)
        }
    }

    /// The cell that was searched for, if the search was for one.
    pub(super) fn of_search(row: &Unpublished) -> Option<Self> {
        let metric = row.sought.metric()?;
        let one_cell = metric != Metric::PeakCompute || row.precision.is_some();
        one_cell.then_some(Self {
            precision: row.precision,
            ..Self::of(metric)
        })
    }
}

impl std::fmt::Display for CellKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut words = vec![self.metric.word()];
        words.extend(self.precision.map(Precision::word));
        let marks = [(self.vector, "vector"), (self.sparse, "sparse"), (self.acc16, "acc16")];
        words.extend(marks.into_iter().filter_map(|(set, word)| set.then_some(word)));
        f.pad(&words.join(" "))
    }
}

/// Groups figures into the cells of their chips, rejected rows included.
pub(super) fn group<'p>(
    figures: impl IntoIterator<Item = &'p Figure>,
) -> BTreeMap<(&'p str, CellKey), Vec<&'p Figure>> {
    let mut cells: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for figure in figures {
        let key = (figure.chip.as_str(), CellKey::of_figure(figure));
        cells.entry(key).or_default().push(figure);
    }
    cells
}
