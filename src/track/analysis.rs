//! What a history shows: change points with what else changed there, and drift.

use super::drift::{Drift, drift};
use super::history::{Better, History, Series};
use crate::parallel;
use crate::stats::{ChangePoint, Detector, Method, Settings};

/// What one series shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Analysis {
    /// Its change points, ascending.
    pub changes: Vec<Change>,
    /// Its drift since the last of them.
    pub drift: Option<Drift>,
    /// Points without a value.
    pub missing: usize,
}

/// A change point of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where, from what to what; the index counts all points of the series.
    pub point: ChangePoint,
    /// For better or worse.
    pub turn: Turn,
    /// Places of the boundaries beside it among those of the series.
    pub beside: Vec<usize>,
}

/// Which way something went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// For the worse.
    Worse,
    /// For the better.
    Better,
}

/// Change points are found to within a point or two, so a boundary that far away may be the reason.
const NEAR: usize = 2;

/// What each series shows, in their order.
#[must_use]
pub fn analyse(history: &History, settings: Settings) -> Vec<Analysis> {
    parallel::map(&history.series, |series| Analysis::of(series, history.better, settings))
}

impl Analysis {
    fn of(series: &Series, better: Better, settings: Settings) -> Self {
        let known: Vec<usize> = (0..series.values.len())
            .filter(|i| series.values[*i].is_finite())
            .collect();
        let values: Vec<f64> = known.iter().map(|index| series.values[*index]).collect();
        let found = Detector::new(settings).find(&values);
        let last = found.last().map_or(0, |point| point.index);
        let drift = if settings.method == Method::Robust {
            drift(&values, last)
        } else {
            None
        };
        let at = |index: usize| known[index];
        let change = |point: ChangePoint| Change {
            point: ChangePoint {
                index: at(point.index),
                ..point
            },
            turn: Turn::of(point.after - point.before, better),
            beside: beside(series, at(point.index)),
        };
        Self {
            changes: found.into_iter().map(change).collect(),
            drift: drift.map(|drift| Drift {
                index: at(drift.index),
                ..drift
            }),
            missing: series.values.len() - values.len(),
        }
    }

    /// Whether it changes for the worse at or after a point: at once, or slowly up to the end.
    #[must_use]
    pub fn is_worse(&self, better: Better, from: usize) -> bool {
        let drift = self.drift.map(|drift| Turn::of(drift.change, better));
        let changes = self.changes.iter().filter(|change| change.point.index >= from);
        changes
            .map(|change| change.turn)
            .chain(drift)
            .any(|turn| turn == Turn::Worse)
    }
}

impl Turn {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Better => "better",
        }
    }

    /// The way of a difference.
    #[must_use]
    pub fn of(difference: f64, better: Better) -> Self {
        match better {
            Better::Lower if difference > 0.0 => Self::Worse,
            Better::Higher if difference < 0.0 => Self::Worse,
            _ => Self::Better,
        }
    }
}

fn beside(series: &Series, index: usize) -> Vec<usize> {
    let near = |place: &usize| series.boundaries[*place].index.abs_diff(index) <= NEAR;
    (0..series.boundaries.len()).filter(near).collect()
}
