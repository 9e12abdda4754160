//! Modes: the samples fall into two groups with a gap between them.

use serde::{Deserialize, Serialize};

use crate::stats::order::median;
use crate::stats::spread::robust_deviation;

/// A group of samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mode {
    /// Its median.
    pub median: f64,
    /// Its part of the samples.
    pub share: f64,
}

/// Each group has at least one in so many samples.
const SHARE: usize = 8;
/// The gap may hold one in so many. Were it to be empty, two modes with tails would be seen less the more samples there
/// are.
const STRAY: usize = 50;
/// Gaps that are smaller than this part of the median do not matter.
const LEAST: f64 = 0.02;
/// Least width of the gap, in standard deviations of the wider group.
const CLEAR: f64 = 3.0;

/// The widest gap among samples in ascending order, relative to their median, and the groups on either side if it is
/// clear enough. The gap is the stretch between two order statistics that has at most one sample in 50 inside, and at
/// least one in 8 on either side.
pub(super) fn modes(ascending: &[f64], middle: f64) -> (Option<f64>, Option<[Mode; 2]>) {
    let count = ascending.len();
    let (least, stray) = (count.div_ceil(SHARE), count / STRAY);
    let gap = |lower: usize| ascending[lower + stray] - ascending[lower - 1];
    let places = least.max(1)..=count.saturating_sub(least + stray);
    let Some(lower) = places.max_by(|a, b| gap(*a).total_cmp(&gap(*b))) else {
        return (None, None);
    };
    let groups = [&ascending[..lower], &ascending[lower + stray..]];
    let deviations = groups.iter().filter_map(|group| robust_deviation(group));
    let deviation = deviations.fold(0.0, f64::max);
    let width = gap(lower);
    let clear = width > CLEAR * deviation && width > LEAST * middle;
    let mode = |group: &[f64]| {
        median(group).map(|median| Mode {
            median,
            share: group.len() as f64 / count as f64,
        })
    };
    let modes = mode(groups[0]).zip(mode(groups[1])).filter(|_| clear);
    (Some(width / middle), modes.map(|(faster, slower)| [faster, slower]))
}
