//! Where a sequence falls apart: the energy distance between what lies before a place and what lies after it.
//!
//! Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data", JASA 109 (2014),
//! section 2.2 with exponent 1. For X of n values followed by Y of m values
//!
//! ```text
//! Q(X, Y) = mn/(m+n) (2/(mn) sum |X - Y| - 2/(n(n-1)) sum |X - X'| - 2/(m(m-1)) sum |Y - Y'|)
//! ```
//!
//! where a sum of pairs within one side counts each pair once, and is nothing where that side has one value.

use std::sync::LazyLock;

/// The best place to divide a sequence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Division {
    /// Index of the first value after it.
    pub(super) index: usize,
    /// The largest Q of all pairs of this place and an end of what lies after it.
    pub(super) q: f64,
}

/// Ends that are gone through at once. Sums run from place to place, so that a processor would wait for each; with several
/// ends side by side it has something to do.
const LANES: usize = 8;
type Lanes = [f64; LANES];

/// Room for [`Divider::best`], to be used again and again.
#[derive(Debug, Clone, Default)]
pub(super) struct Divider {
    /// Of each value, the sum of its distances to all earlier ones of the part.
    earlier: Vec<f64>,
    /// Of each value, the sum of its distances to those after it, up to the last end that was gone through.
    later: Vec<f64>,
    /// The same for the present ends.
    ends: Vec<Lanes>,
    /// Sums of `ends` from each value on.
    from: Vec<Lanes>,
}

impl Divider {
    /// The place at which `window[start..end]` falls apart most: the largest Q over all places and all ends, because what
    /// lies after a change may hold the next one. Of equals the earliest place, then the earliest end.
    ///
    /// Needs O(n^2) time and O(n) memory for n values of the part. Sums are added up in the order in which Otava adds them,
    /// distances to values of the window before the part are first added and then taken away again, and a Q that is not
    /// a number is the largest: equal values make equal sums, and then the last bit decides which place is the best.
    pub(super) fn best(&mut self, window: &[f64], start: usize, end: usize) -> Option<Division> {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "only what was detected is used")]
            // SAFETY: the processor has these instructions.
            return unsafe { self.best_by_fours(window, start, end) };
        }
        self.best_anywhere(window, start, end)
    }

    /// With the instructions that take four numbers at once; those that every such processor has take two. The numbers are
    /// the same to the last bit, because no product and sum are made one.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn best_by_fours(&mut self, window: &[f64], start: usize, end: usize) -> Option<Division> {
        self.best_anywhere(window, start, end)
    }

    // What follows is inlined, so that each of the two above has a copy in its own instructions.
    #[inline(always)]
    fn best_anywhere(&mut self, window: &[f64], start: usize, end: usize) -> Option<Division> {
        let places = (end - start).checked_sub(2)? + 1;
        self.sum_up_earlier(window, start, end);
        self.later.clear();
        self.later.resize(places, 0.0);
        self.ends.resize(places, [0.0; LANES]);
        self.from.resize(places + 1, [0.0; LANES]);
        let mut best = Best::default();
        for first in (0..places).step_by(LANES) {
            let rows = places.min(first + LANES);
            self.take_in(&window[start..end], first, rows);
            self.compare(first, rows, &mut best);
        }
        // Otava's matrix of Q has zeros where the end lies before the place.
        if places > 1 {
            best.see(0.0, 1, 0);
        }
        let Best { q, place, .. } = best;
        let index = start + place + 1;
        Some(Division { index, q })
    }

    /// Several values at a time, each with sums of its own.
    #[inline(always)]
    fn sum_up_earlier(&mut self, window: &[f64], start: usize, end: usize) {
        self.earlier.clear();
        let mut sum = 0.0;
        for first in (start + 1..end).step_by(LANES) {
            let count = LANES.min(end - first);
            let values: Lanes = std::array::from_fn(|lane| window[(first + lane).min(end - 1)]);
            let mut outside = [0.0; LANES];
            add_distances(&mut outside, &window[..start], &values);
            let mut sums = outside;
            add_distances(&mut sums, &window[start..first], &values);
            for lane in 0..count {
                let between = &window[first..first + lane];
                let all = between
                    .iter()
                    .fold(sums[lane], |sum, earlier| sum + (earlier - values[lane]).abs());
                sum += all - outside[lane];
                self.earlier.push(sum);
            }
        }
    }

    /// Goes on to the next ends: the part up to and with its value `first + 1`, and so on. `rows` values lie before the last
    /// of them.
    #[inline(always)]
    fn take_in(&mut self, part: &[f64], first: usize, rows: usize) {
        for row in 0..rows {
            let lanes = &mut self.ends[row];
            *lanes = [0.0; LANES];
            // A value has a distance to those after it only.
            let skipped = row.saturating_sub(first);
            let mut sum = self.later[row];
            for (lane, after) in lanes[skipped..].iter_mut().zip(&part[first + skipped + 1..]) {
                sum += (part[row] - after).abs();
                *lane = sum;
            }
            self.later[row] = sum;
        }
        let mut sums = [0.0; LANES];
        self.from[rows] = sums;
        for (from, lanes) in self.from[..rows].iter_mut().zip(&self.ends).rev() {
            add(&mut sums, lanes);
            *from = sums;
        }
    }

    /// Q of every place before each of the present ends.
    #[inline(always)]
    fn compare(&self, first: usize, rows: usize, best: &mut Best) {
        let across: Lanes = std::array::from_fn(|lane| 2.0 / (first + lane + 2) as f64);
        let known = KNOWN.get(known_before(first)..).unwrap_or_default();
        let mut up_to = [0.0; LANES];
        for place in 0..rows {
            add(&mut up_to, &self.ends[place]);
            let before = if place == 0 { 0.0 } else { self.earlier[place - 1] };
            let [first_pairs, second_pairs] = match known.get(place) {
                Some(known) => *known,
                None => coefficients(first, place),
            };
            let after = &self.from[place + 1];
            let q: Lanes = std::array::from_fn(|lane| {
                let across = across[lane] * (up_to[lane] - before);
                across - first_pairs[lane] * before - second_pairs[lane] * after[lane]
            });
            // Mostly none is the best, and eight are quickly seen not to be.
            if q.iter().fold(true, |all, q| all & (*q < best.q)) {
                continue;
            }
            let there = place.saturating_sub(first)..LANES.min(self.later.len() - first);
            for lane in there {
                best.see(q[lane], place, first + lane);
            }
        }
    }
}

/// What the sums of pairs on either side of a place are multiplied by: 2m / ((n + m)(n - 1)) for the pairs of the first n
/// values, and the same with n and m exchanged, for the ends `first` and those after it. Where a side has one value it has
/// no pairs: their sum is 0, whatever it is multiplied by.
fn coefficients(first: usize, place: usize) -> [Lanes; 2] {
    let n = (place + 1) as f64;
    let both = |lane: usize| {
        let all = (first + lane + 2) as f64;
        let of = |own: f64, other: f64| 2.0 * other / (all * (own - 1.0).max(1.0));
        [of(n, all - n), of(all - n, n)]
    };
    [0, 1].map(|side| std::array::from_fn(|lane| both(lane)[side]))
}

/// Ends whose coefficients are computed once and for all: dividing would take most of the time.
const KNOWN_ENDS: usize = 64;

static KNOWN: LazyLock<Vec<[Lanes; 2]>> = LazyLock::new(|| {
    let block = |first: usize| (0..first + LANES).map(move |place| coefficients(first, place));
    (0..KNOWN_ENDS).step_by(LANES).flat_map(block).collect()
});

/// How many of the known coefficients are of ends before `first`, a multiple of the lanes: 8, 16, 24 and so on.
const fn known_before(first: usize) -> usize {
    let blocks = first / LANES;
    LANES * blocks * (blocks + 1) / 2
}

/// Adds the distances of each value to all others, in their order.
#[inline(always)]
fn add_distances(sums: &mut Lanes, others: &[f64], values: &Lanes) {
    for other in others {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += (other - value).abs();
        }
    }
}

#[inline(always)]
fn add(sums: &mut Lanes, lanes: &Lanes) {
    for (sum, lane) in sums.iter_mut().zip(lanes) {
        *sum += lane;
    }
}

/// The largest Q so far, and where it is.
struct Best {
    q: f64,
    place: usize,
    last: usize,
}

impl Default for Best {
    fn default() -> Self {
        Self {
            q: f64::NEG_INFINITY,
            place: 0,
            last: 0,
        }
    }
}

impl Best {
    fn see(&mut self, q: f64, place: usize, last: usize) {
        if q < self.q {
            return;
        }
        let earlier = (place, last) < (self.place, self.last);
        let wins = if self.q.is_nan() {
            q.is_nan() && earlier
        } else {
            q.is_nan() || q > self.q || earlier
        };
        if wins {
            *self = Self { q, place, last };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, pair by pair.
    fn q(x: &[f64], y: &[f64]) -> f64 {
        let (n, m) = (x.len() as f64, y.len() as f64);
        let within = |side: &[f64]| -> f64 {
            let pairs = (0..side.len()).flat_map(|i| (i + 1..side.len()).map(move |j| (i, j)));
            pairs.map(|(i, j)| (side[i] - side[j]).abs()).sum()
        };
        let across: f64 = x.iter().flat_map(|a| y.iter().map(move |b| (a - b).abs())).sum();
        let mean = |side: &[f64], own: f64, other: f64| {
            if own > 1.0 {
                2.0 * other / (n + m) / (own - 1.0) * within(side)
            } else {
                0.0
            }
        };
        2.0 / (n + m) * across - mean(x, n, m) - mean(y, m, n)
    }

    fn brute(part: &[f64]) -> f64 {
        let ends = (2..=part.len()).flat_map(|end| (1..end).map(move |place| (place, end)));
        ends.map(|(place, end)| q(&part[..place], &part[place..end]))
            .fold(f64::NEG_INFINITY, f64::max)
    }

    #[test]
    fn the_best_division_is_the_largest_of_all() {
        let values: Vec<f64> = (0..150_u32)
            .map(|i| f64::from(i * i * 7919 % 101) + f64::from(i / 37 * 50))
            .collect();
        let mut divider = Divider::default();
        for (start, end) in [(0, 150), (0, 2), (5, 8), (13, 77), (100, 150), (0, 9), (149, 150)] {
            let best = divider.best(&values, start, end);
            let Some(Division { index, q: found }) = best else {
                assert_eq!(end - start, 1);
                continue;
            };
            assert!(start < index && index < end);
            // Otava's zeros count as well.
            let expected = brute(&values[start..end]).max(if end - start > 2 { 0.0 } else { f64::NEG_INFINITY });
            assert!(
                (found - expected).abs() <= 1e-9 * expected.abs(),
                "{start}..{end}: {found} instead of {expected}"
            );
        }
    }

    #[test]
    fn the_known_coefficients_are_those_of_their_places() {
        for first in (0..KNOWN_ENDS).step_by(LANES) {
            for place in 0..first + LANES {
                assert_eq!(
                    KNOWN[known_before(first)..][place],
                    coefficients(first, place),
                    "{first} {place}"
                );
            }
        }
    }
}
