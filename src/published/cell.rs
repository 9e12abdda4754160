//! Resolving: what the rows of one cell together allow.
//!
//! 1. A cell is (chip, metric, precision, vector or not, sparse or not, FP16 accumulate or not). An unstated engine
//!    counts as matrix, an unstated sparsity as dense.
//! 2. Rejected rows are dropped. Rows with both ends span [least low, largest high].
//! 3. "At least" and "at most" rows never widen that span; without it they are all that is known.
//! 4. One disputed row makes the cell disputed, and then the whole interval counts, never its middle.
//! 5. A derived row is shown but decides nothing: it may withhold a verdict by widening a published span, and never
//!    gives one.

use std::collections::BTreeSet;

use super::key::CellKey;
use super::rows::{Figure, Support, Unpublished};
use super::vocabulary::{Engine, Sparsity, Standing};
use crate::units::Interval;

/// How a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// The sources agree, or there is one and nothing contradicts it.
    Settled,
    /// The sources conflict, or the only value is weak.
    Disputed,
    /// Only a lower bound is known.
    AtLeast,
    /// Only an upper bound is known.
    AtMost,
    /// The chip has no such path. A finding, not a zero.
    Unsupported,
    /// No figure was found.
    Unpublished,
}

impl State {
    /// The word of the state in JSON and CSV.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Settled => "settled",
            Self::Disputed => "disputed",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::Unsupported => "unsupported",
            Self::Unpublished => "unpublished",
        }
    }
}

/// What a number of the cell rests on that a reader must be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caveat {
    /// No source says which engine reaches the rate.
    EngineUnstated,
    /// No source says whether the rate is dense.
    SparsityUnstated,
    /// Every figure is arithmetic on a source's numbers, so the cell decides nothing.
    Derived,
}

impl Caveat {
    /// The word of the caveat in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::EngineUnstated => "engine_unstated",
            Self::SparsityUnstated => "sparsity_unstated",
            Self::Derived => "derived",
        }
    }
}

/// What to tell the reader.
impl std::fmt::Display for Caveat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::EngineUnstated => "no source says which engine; read as matrix",
            Self::SparsityUnstated => "no source says dense or sparse; read as dense",
            Self::Derived => "derived by arithmetic, not published; decides no verdict",
        })
    }
}

/// A resolved cell of one chip, in the base unit of its metric.
#[derive(Debug, Clone)]
pub struct Cell<'p> {
    /// Which cell.
    pub key: CellKey,
    /// How it stands.
    pub state: State,
    /// What all its figures together allow; unknown where there is none.
    pub shown: Interval,
    /// The part of it that a verdict may rest on: unknown where every figure is derived.
    pub deciding: Interval,
    /// The figures it rests on, without the rejected ones.
    pub figures: Vec<&'p Figure>,
    /// The row that says whether the path is there at all.
    pub support: Option<&'p Support>,
    /// The row that tells of a search for a (vendor's) figure.
    pub sought: Option<&'p Unpublished>,
}

impl<'p> Cell<'p> {
    /// Resolves the rows of one cell, rejected ones included.
    pub(super) fn resolve(key: CellKey, figures: impl IntoIterator<Item = &'p Figure>) -> Self {
        let figures: Vec<_> = figures
            .into_iter()
            .filter(|figure| figure.standing != Standing::Rejected)
            .collect();
        let bounds = Bounds::of(&figures);
        Self {
            key,
            state: bounds.state(&figures),
            shown: bounds.interval(),
            deciding: deciding(&figures, &bounds),
            figures,
            support: None,
            sought: None,
        }
    }

    /// What is known of the quantity, as it is shown: [f, inf) for a floor, (0, inf) where nothing is published.
    /// A verdict rests on [`Cell::deciding`] instead.
    #[must_use]
    pub const fn interval(&self) -> Interval {
        self.shown
    }

    /// Whether any figure that is not rejected stands behind the cell.
    #[must_use]
    pub fn is_published(&self) -> bool {
        !self.figures.is_empty()
    }

    /// The engine whose rate it is; `None` for metrics that have none and where nothing is published.
    #[must_use]
    pub fn engine(&self) -> Option<Engine> {
        let mut engines = self.of_this_engine().filter_map(|figure| figure.engine);
        let first = engines.next()?;
        Some(if first == Engine::Unstated {
            engines.find(|e| *e != first).unwrap_or(first)
        } else {
            first
        })
    }

    /// The figures of its own engine: a peak may rest on one of the other engine too.
    fn of_this_engine(&self) -> impl Iterator<Item = &'p Figure> {
        let key = self.key;
        self.figures
            .iter()
            .copied()
            .filter(move |figure| CellKey::of_figure(figure) == key)
    }

    /// What must be said beside the number.
    #[must_use]
    pub fn caveats(&self) -> Vec<Caveat> {
        let all = |test: fn(&Figure) -> bool| self.is_published() && self.of_this_engine().all(test);
        [
            (all(|f| f.engine == Some(Engine::Unstated)), Caveat::EngineUnstated),
            (
                all(|f| f.sparsity == Some(Sparsity::Unstated)),
                Caveat::SparsityUnstated,
            ),
            (all(Figure::is_derived), Caveat::Derived),
        ]
        .into_iter()
        .filter_map(|(applies, caveat)| applies.then_some(caveat))
        .collect()
    }

    /// The ids of its sources, each once, in the order of the figures: of the figures, or else of the row that says whether
    /// there is such a path.
    #[must_use]
    pub fn sources(&self) -> Vec<&'p str> {
        let mut seen = BTreeSet::new();
        let ids = self.figures.iter().map(|figure| figure.source.as_str());
        let path = self.support.filter(|_| !self.is_published());
        ids.chain(path.map(|row| row.source.as_str()))
            .filter(|id| seen.insert(*id))
            .collect()
    }

    /// How much is documented of a path without figures: that it is there, that it is not, nothing.
    fn evidence(&self) -> u8 {
        self.support.map_or(0, |row| 1 + u8::from(row.supported))
    }

    /// The larger of two published cells of one precision: the one with the higher upper end (the first on a tie),
    /// raised to the other's lower end where that says more.
    pub(super) fn higher(self, other: Self) -> Self {
        match (self.is_published(), other.is_published()) {
            (true, false) => return self,
            (false, true) => return other,
            (false, false) => {
                return if other.evidence() > self.evidence() {
                    other
                } else {
                    self
                };
            }
            (true, true) => {}
        }
        let (mut winner, loser) = if other.shown.high > self.shown.high {
            (other, self)
        } else {
            (self, other)
        };
        let raised = (winner.shown.max(loser.shown), winner.deciding.max(loser.deciding));
        if raised != (winner.shown, winner.deciding) {
            (winner.shown, winner.deciding) = raised;
            winner.figures.extend(loser.figures);
        }
        winner
    }
}

/// The ends that a set of rows gives, before they are read together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    /// Least low and largest high of the rows with both ends.
    pub(super) span: Option<(f64, f64)>,
    /// The largest "at least".
    pub(super) floor: Option<f64>,
    /// The least "at most".
    pub(super) ceiling: Option<f64>,
}

impl Bounds {
    pub(super) fn of(figures: &[&Figure]) -> Self {
        Self {
            span: figures
                .iter()
                .filter_map(|figure| figure.span())
                .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))),
            floor: figures.iter().filter_map(|figure| figure.floor()).reduce(f64::max),
            ceiling: figures.iter().filter_map(|figure| figure.ceiling()).reduce(f64::min),
        }
    }

    fn interval(&self) -> Interval {
        let (low, high) = self
            .span
            .unwrap_or((self.floor.unwrap_or(0.0), self.ceiling.unwrap_or(f64::INFINITY)));
        Interval::new(low, high)
    }

    fn state(&self, figures: &[&Figure]) -> State {
        match self {
            Self { span: Some(_), .. } if figures.iter().any(|f| f.standing == Standing::Disputed) => State::Disputed,
            Self { span: Some(_), .. } => State::Settled,
            Self { floor: Some(_), .. } => State::AtLeast,
            Self { ceiling: Some(_), .. } => State::AtMost,
            _ => State::Unpublished,
        }
    }
}

/// Derived rows widen a published span, which withholds verdicts; alone, and as bounds, they say nothing.
fn deciding(figures: &[&Figure], all: &Bounds) -> Interval {
    let published: Vec<_> = figures.iter().copied().filter(|figure| !figure.is_derived()).collect();
    let bounds = Bounds::of(&published);
    match bounds.span {
        Some(_) => all.interval(),
        None => bounds.interval(),
    }
}
