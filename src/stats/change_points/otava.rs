//! The second pass as Otava makes it.

use super::pooled::{Difference, Moments};
use super::{ChangePoint, around};

/// Takes places away until each that is left separates two levels: the one with the largest probability as long as that
/// is not below `p`, then the one with the smallest change as long as that is not above `least`.
///
/// When a place goes, the two that follow are looked at anew, and the one before it keeps the numbers that it had. Otava
/// 0.8.0 does the same (`merge` in `otava/analysis.py`), and to agree with it is what this is for.
pub(super) fn merge(series: &[f64], places: &[usize], p: f64, least: f64) -> Vec<ChangePoint> {
    let mut left: Vec<Level> = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let (start, end) = around(index, series.len(), |index| places.get(index).copied());
        left.push(Level::between(series, start, *place, end));
    }
    while let Some(weakest) = weakest(&left, p, least) {
        left.remove(weakest);
        for index in weakest..left.len().min(weakest + 2) {
            let (start, end) = around(index, series.len(), |index| Some(left.get(index)?.place));
            left[index] = Level::between(series, start, left[index].place, end);
        }
    }
    left.iter().map(Level::change_point).collect()
}

/// What lies on both sides of a place.
struct Level {
    place: usize,
    before: f64,
    after: f64,
    difference: Difference,
}

impl Level {
    fn between(series: &[f64], start: usize, place: usize, end: usize) -> Self {
        let (before, after) = (Moments::of(&series[start..place]), Moments::of(&series[place..end]));
        Self {
            place,
            before: before.mean,
            after: after.mean,
            difference: before.differ(after),
        }
    }

    /// The larger of the changes seen from either side; one from 0 or to 0 is none.
    fn size(&self) -> f64 {
        let change = |from: f64, to: f64| if from == 0.0 { 0.0 } else { (to / from - 1.0).abs() };
        change(self.before, self.after).max(change(self.after, self.before))
    }

    fn change_point(&self) -> ChangePoint {
        ChangePoint {
            index: self.place,
            before: self.before,
            after: self.after,
            p: self.difference.p,
        }
    }
}

/// The place that has to go next; of equals the first.
fn weakest(left: &[Level], p: f64, least: f64) -> Option<usize> {
    let first_by = |wins: fn(&Level, &Level) -> bool| {
        (0..left.len()).reduce(|best, index| if wins(&left[index], &left[best]) { index } else { best })
    };
    let likeliest = first_by(|a, b| a.difference.is_likelier(b.difference))?;
    let likely = left[likeliest].difference.p;
    if likely >= p || likely.is_nan() {
        return Some(likeliest);
    }
    let smallest = first_by(|a, b| a.size() < b.size())?;
    let size = left[smallest].size();
    (size <= least || size.is_nan()).then_some(smallest)
}
