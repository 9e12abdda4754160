//! The samples of a row, every one a dot, in the order in which they were taken: a picture without words, so that it can
//! be as wide as the page and as many can stand on one as a session has rows. The words are around it.

use std::fmt::Write as _;

use crate::normalise::Score;
use crate::record::Finished;
use crate::stats::{median, sorted};
use crate::units::{Unit, quantity};

/// Units of the picture from top to bottom.
const HEIGHT: f64 = 400.0;
/// Samples further from the median than this are shown on a log scale, or they would press all others together.
const FAR: f64 = 3.0;

/// The samples of one row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Strip {
    /// Unique within the page.
    pub id: String,
    /// The case.
    pub name: String,
    /// Median, interval and number of samples, in words.
    pub summary: String,
    /// Units from left to right.
    pub width: usize,
    /// The dots, as a path.
    pub dots: String,
    /// Upper edge and height of the interval of the median.
    pub band: (i64, i64),
    /// Where lines stand: the median first, then those of the two groups, if there are two.
    pub lines: Vec<i64>,
    /// Where one series ends and the next begins.
    pub ends: Vec<usize>,
    /// Names of the ends of the y axis, and how values stand between them.
    pub scale: [String; 3],
    /// How samples stand from left to right, and what was drawn of what there is.
    pub note: String,
    /// A line for each series, where there are several: name, samples, median, least, greatest.
    pub series: Vec<[String; 5]>,
}

impl Strip {
    /// The samples of all places and runs of a case; none where it has no result. At most so many are drawn, evenly
    /// chosen.
    pub(super) fn of(id: String, score: &Score, all: &[&Finished<'_>], most: usize) -> Option<Self> {
        let timing = score.timing?;
        let series: Vec<&[f64]> = all.iter().map(|finished| finished.samples.as_slice()).collect();
        let samples: Vec<f64> = series.concat();
        let axis = Axis::over(&samples, timing.seconds)?;
        let step = samples.len().div_ceil(most.max(1));
        let drawn: Vec<f64> = samples.iter().copied().step_by(step).collect();
        let (high, low) = (axis.at(timing.high), axis.at(timing.low));
        let modes = score.flags().modes.into_iter().flatten();
        Some(Self {
            id,
            name: score.case.to_string(),
            summary: summary(score),
            width: drawn.len() + 1,
            dots: dots(&drawn, axis),
            band: (high, (low - high).max(1)),
            lines: std::iter::once(timing.seconds)
                .chain(modes.map(|mode| mode.median))
                .map(|seconds| axis.at(seconds))
                .collect(),
            ends: ends(&series, step),
            scale: axis.words(),
            note: note(samples.len(), drawn.len()),
            series: match all {
                [_] => Vec::new(),
                several => several.iter().map(|finished| line(finished)).collect(),
            },
        })
    }
}

fn summary(score: &Score) -> String {
    let Some(timing) = score.timing else {
        return String::new();
    };
    let [median, low, high] = [timing.seconds, timing.low, timing.high].map(|seconds| quantity(seconds, Unit::Second));
    let modes = score.flags().modes.map_or_else(String::new, |[fast, slow]| {
        let [fast, slow] = [fast, slow].map(|mode| quantity(mode.median, Unit::Second));
        format!("; two groups, around {fast} and {slow}")
    });
    format!(
        "median {median}, interval {low} to {high}, {} samples{modes}",
        timing.samples
    )
}

fn note(all: usize, drawn: usize) -> String {
    let order = format!("Sample 1 to {all}, in order.");
    if drawn < all {
        format!("{order} {drawn} of them are drawn, evenly chosen.")
    } else {
        order
    }
}

/// Where each series but the first begins.
fn ends(series: &[&[f64]], step: usize) -> Vec<usize> {
    let lengths = series.iter().map(|samples| samples.len());
    let ends = lengths.scan(0, |end, length| {
        *end += length;
        Some(*end / step)
    });
    let mut ends: Vec<usize> = ends.collect();
    ends.pop();
    ends
}

fn line(finished: &Finished<'_>) -> [String; 5] {
    let samples = sorted(&finished.samples);
    let known = |seconds: Option<&f64>| seconds.map_or_else(String::new, |seconds| quantity(*seconds, Unit::Second));
    [
        format!("run {}, place {}", finished.row.run, finished.row.place + 1),
        samples.len().to_string(),
        known(median(&samples).as_ref()),
        known(samples.first()),
        known(samples.last()),
    ]
}

/// Dots from left to right: a line without length, whose round ends are all of it.
fn dots(samples: &[f64], axis: Axis) -> String {
    let mut path = String::with_capacity(8 * samples.len());
    let mut last = 0;
    for (place, seconds) in samples.iter().enumerate() {
        let y = axis.at(*seconds);
        let _ = match place {
            0 => write!(path, "M1 {y}h0"),
            _ => write!(path, "m1 {}h0", y - last),
        };
        last = y;
    }
    path
}

/// From the least sample to the greatest.
#[derive(Debug, Clone, Copy)]
struct Axis {
    low: f64,
    high: f64,
    is_log: bool,
}

impl Axis {
    /// None where there is no sample that can be shown.
    fn over(samples: &[f64], median: f64) -> Option<Self> {
        let usable = || samples.iter().copied().filter(|s| s.is_finite() && *s > 0.0);
        let (low, high) = (usable().reduce(f64::min)?, usable().reduce(f64::max)?);
        let is_log = high > FAR * median;
        // All samples alike would make an axis without length.
        let room = if high > low { 1.0 } else { 1.001 };
        Some(Self {
            low: low / room,
            high: high * room,
            is_log,
        })
    }

    fn at(self, seconds: f64) -> i64 {
        let part = if self.is_log {
            (seconds / self.low).ln() / (self.high / self.low).ln()
        } else {
            (seconds - self.low) / (self.high - self.low)
        };
        // A little room, so that no dot is cut.
        let inside = 0.96 * part.clamp(0.0, 1.0) + 0.02;
        ((1.0 - inside) * HEIGHT).round() as i64
    }

    fn words(self) -> [String; 3] {
        let scale = if self.is_log { "Log scale." } else { "" };
        let [low, high] = [self.low, self.high].map(|seconds| quantity(seconds, Unit::Second));
        [high, low, scale.to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_a_dot_between_the_ends() {
        let axis = Axis::over(&[1.0, 2.0, 1.5], 1.5).expect("an axis");
        assert_eq!(dots(&[1.0, 2.0, 1.5], axis), "M1 392h0m1 -384h0m1 192h0");
        assert!(!axis.is_log);
        assert!(Axis::over(&[1.0, 1.0, 9.0], 1.0).expect("an axis").is_log);
        assert!(Axis::over(&[f64::NAN, -1.0], 1.0).is_none());
    }

    #[test]
    fn samples_that_are_all_alike_stand_in_the_middle() {
        let axis = Axis::over(&[5.0, 5.0], 5.0).expect("an axis");
        assert!((190..=210).contains(&axis.at(5.0)));
    }

    #[test]
    fn series_part_where_they_end() {
        assert_eq!(ends(&[&[1.0; 4], &[1.0; 6], &[1.0; 2]], 1), [4, 10]);
        assert_eq!(ends(&[&[1.0; 4], &[1.0; 6], &[1.0; 2]], 2), [2, 5]);
    }
}
