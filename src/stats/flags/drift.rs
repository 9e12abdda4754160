//! Drift: a steady rise or fall.

use std::borrow::Cow;

use crate::stats::order::{median, sorted};
use crate::stats::serial::rank_autocorrelation;
use crate::stats::trend::{inflation_of_trend, mann_kendall, theil_sen};

/// Changes over a run that are smaller than this part of the median do not matter.
const LEAST: f64 = 0.01;
/// How improbable the trend must be without drift.
const P: f64 = 1e-3;

/// Most samples of which all pairs are looked at.
const MOST: usize = 2048;

/// The change from the first sample to the last along the line of Theil and Sen, relative to the median, and whether it
/// is a drift: more than 1 % and, by the test of Mann and Kendall widened as Hamed and Rao do for neighbours that are
/// alike, too much for chance.
///
/// The likeness is that of the residuals. The samples' own would count the drift as likeness, and hide it.
pub(super) fn drift(samples: &[f64], middle: f64) -> (Option<f64>, bool) {
    let samples = thinned(samples);
    let Some(slope) = theil_sen(&samples) else {
        return (None, false);
    };
    let change = slope * (samples.len() - 1) as f64 / middle;
    if change.abs() <= LEAST {
        return (Some(change), false);
    }
    let residuals: Vec<f64> = samples
        .iter()
        .enumerate()
        .map(|(place, sample)| sample - slope * place as f64)
        .collect();
    let inflation = inflation_of_trend(samples.len(), rank_autocorrelation(&residuals));
    (Some(change), mann_kendall(&samples).p(inflation) < P)
}

/// Medians of consecutive blocks stand for samples that are too many, as those of an imported file may be.
fn thinned(samples: &[f64]) -> Cow<'_, [f64]> {
    if samples.len() <= MOST {
        return Cow::Borrowed(samples);
    }
    let blocks = samples.chunks_exact(samples.len().div_ceil(MOST));
    blocks.filter_map(|block| median(&sorted(block))).collect()
}
