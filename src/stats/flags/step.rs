//! Step: the samples end on another level than they began.

use crate::stats::sample_median::SampleMedian;
use crate::stats::serial::rank_autocorrelation;

/// Changes of level that are smaller than this do not matter.
const LEAST: f64 = 0.02;

/// The median of the last quarter over that of the first, minus 1, and whether it is a step: more than 2 %, and the
/// intervals of the two medians do not meet.
///
/// How alike neighbours are is the mean over the four quarters, since a step would make all samples together look alike.
pub(super) fn step(samples: &[f64]) -> (Option<f64>, bool) {
    let quarter = samples.len() / 4;
    if quarter == 0 {
        return (None, false);
    }
    let quarters = || samples.chunks_exact(quarter).take(4);
    let alike = quarters().map(rank_autocorrelation).sum::<f64>() / 4.0;
    let first = SampleMedian::given(&samples[..quarter], alike);
    let last = SampleMedian::given(&samples[samples.len() - quarter..], alike);
    let Some((first, last)) = first.zip(last) else {
        return (None, false);
    };
    let change = last.median / first.median - 1.0;
    let apart = last.low > first.high || last.high < first.low;
    (Some(change), change.abs() > LEAST && apart)
}
