//! The second pass by ranks.

use super::{ChangePoint, around};
use crate::stats::{Effects, median, rank_sum_test, sorted};

/// Values that a level must have. Three of one mode in a row are nothing unusual.
const FEWEST: usize = 4;

/// How far a place may lie from where the level changes. Ranks know no distances: the last values of the old level, if they
/// are its largest, look like the beginning of a larger one.
const NEAR: usize = 8;

/// When a place separates two levels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// The rank-sum test of what lies on either side must give at most this.
    pub(super) p: f64,
    /// The levels must be at least this far apart, as a part of the lower one.
    pub(super) least: f64,
    /// Of what lies on a side, at most so many values are looked at, the nearest. Places further apart than that do not
    /// bear on each other.
    pub(super) reach: usize,
}

impl Rule {
    /// Takes places away until each that is left separates two levels. Of those that do not, the one goes first that costs
    /// least: of a true place and a false one near it, each leaves the other too few values, and the false one goes.
    pub(super) fn merge(self, series: &[f64], places: &[usize]) -> Vec<ChangePoint> {
        let mut places = places.to_vec();
        let side = |places: &[usize], index: usize| {
            let (start, end) = around(index, series.len(), |index| places.get(index).copied());
            self.levels(series, start, places[index], end)
        };
        let mut levels: Vec<_> = (0..places.len()).map(|index| side(&places, index)).collect();
        let cost = |levels: &[Levels], index: &usize| levels[*index].cost;
        while let Some(weakest) = (0..levels.len())
            .filter(|index| !levels[*index].differ)
            .min_by(|a, b| cost(&levels, a).total_cmp(&cost(&levels, b)))
        {
            places.remove(weakest);
            levels.remove(weakest);
            // Those beside it have other neighbours now.
            let others = weakest.saturating_sub(1)..places.len().min(weakest + 1);
            others.for_each(|index| levels[index] = side(&places, index));
        }
        self.locate(series, places, levels)
    }

    /// Moves each place to where its level begins, if two levels are left.
    fn locate(self, series: &[f64], mut places: Vec<usize>, mut levels: Vec<Levels>) -> Vec<ChangePoint> {
        for index in 0..places.len() {
            let (start, end) = around(index, series.len(), |index| places.get(index).copied());
            let place = first_of_level(series, start, &levels[index].change_point, end);
            let moved = self.levels(series, start, place, end);
            if moved.differ {
                places[index] = place;
                levels[index] = moved;
            }
        }
        levels.into_iter().map(|levels| levels.change_point).collect()
    }

    /// What lies on both sides of a place, between the places before and after it.
    fn levels(self, series: &[f64], start: usize, place: usize, end: usize) -> Levels {
        let before = sorted(&series[start.max(place.saturating_sub(self.reach))..place]);
        let after = sorted(&series[place..end.min(place + self.reach)]);
        let middle = |side: &[f64]| median(side).unwrap_or(f64::NAN);
        let mut change_point = ChangePoint {
            index: place,
            before: middle(&before),
            after: middle(&after),
            p: rank_sum_test(&before, &after).two_sided(),
        };
        let (n, m) = (before.len() as f64, after.len() as f64);
        let cost = n * m / (n + m) * size(&change_point).powi(2);
        let mut differ = before.len().min(after.len()) >= FEWEST && change_point.p <= self.p;
        if differ {
            change_point.after = change_point.before + shift(&before, &after);
            differ = size(&change_point) >= self.least.ln_1p();
        }
        Levels {
            change_point,
            cost,
            differ,
        }
    }
}

struct Levels {
    change_point: ChangePoint,
    /// What the place explains: the squares that two levels save against one in common (Ward, "Hierarchical grouping to
    /// optimize an objective function", JASA 58, 1963), of logarithms.
    cost: f64,
    /// Whether they are two levels.
    differ: bool,
}

/// The place near a change point that leaves the least distance between values and their level, the one before the place
/// and the one after it: that of least absolute deviations, which outliers do not move.
fn first_of_level(series: &[f64], start: usize, change_point: &ChangePoint, end: usize) -> usize {
    let ChangePoint {
        index, before, after, ..
    } = *change_point;
    let places = index.saturating_sub(NEAR).max(start + FEWEST)..=(index + NEAR).min(end - FEWEST);
    let mut saved = 0.0;
    let mut best = (0.0, *places.start());
    for place in places.clone().skip(1) {
        let value = series[place - 1];
        saved += (value - after).abs() - (value - before).abs();
        if saved > best.0 {
            best = (saved, place);
        }
    }
    best.1
}

/// How much larger what lies after a place is: the median of all differences (Hodges and Lehmann), which of few values is
/// steadier than the difference of the medians.
fn shift(before: &[f64], after: &[f64]) -> f64 {
    let effects = Effects {
        rows: before.len(),
        columns: after.len(),
        at: |row: usize, column: usize| after[column] - before[before.len() - 1 - row],
        order: f64::total_cmp,
    };
    // No interval is wanted.
    let shift = effects.shift(0.0);
    shift.map_or(f64::NAN, |shift| f64::midpoint(shift.middle.0, shift.middle.1))
}

/// The distance of two levels as a logarithm, the same from either side; infinite where one is 0 or they differ in sign.
fn size(change_point: &ChangePoint) -> f64 {
    let ratio = change_point.after / change_point.before;
    if change_point.after == change_point.before {
        0.0
    } else if ratio > 0.0 {
        ratio.ln().abs()
    } else {
        f64::INFINITY
    }
}
