//! Slow drift: changes that are too small from one point to the next to be a step anywhere.

use crate::stats::{inflation_of_trend, mann_kendall, median, rank_autocorrelation, sorted, theil_sen};

/// A level that rises or falls all the time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Index of the first point that was looked at.
    pub index: usize,
    /// How many were.
    pub points: usize,
    /// The change from the first to the last along the line of Theil and Sen, as a part of their median.
    pub change: f64,
    /// How probable such a trend is without drift, by the test of Mann and Kendall.
    pub p: f64,
}

/// Points that are looked at, the latest: those after the last change point.
const MOST: usize = 50;
/// Fewer say nothing.
const FEWEST: usize = 20;
/// A smaller change does not matter.
const LEAST: f64 = 0.03;
/// How improbable the trend must be without drift.
const P: f64 = 1e-3;

/// The drift of a series since its last change point, if there is one: more than 3 % and, with a variance that allows for
/// neighbours being alike, too much for chance. The likeness is that of what is left when the trend is taken away.
pub(super) fn drift(series: &[f64], last_change: usize) -> Option<Drift> {
    let index = last_change.max(series.len().saturating_sub(MOST));
    let values = &series[index..];
    if values.len() < FEWEST {
        return None;
    }
    let slope = theil_sen(values)?;
    let change = slope * (values.len() - 1) as f64 / median(&sorted(values))?.abs();
    if change.abs() <= LEAST || change.is_nan() {
        return None;
    }
    let left: Vec<f64> = values
        .iter()
        .zip(0..)
        .map(|(value, place)| value - slope * f64::from(place))
        .collect();
    let p = mann_kendall(values).p(inflation_of_trend(values.len(), rank_autocorrelation(&left)));
    (p < P).then_some(Drift {
        index,
        points: values.len(),
        change,
        p,
    })
}
