//! A linear axis, zoomed onto values that differ by some percent: on a log axis from one round number to the next, a step
//! of 3 % could not be seen.

use crate::units::{Unit, prefixed};

/// Values beyond these are drawn at the edge: no quantity comes near them, and differences stay finite.
const LARGEST: f64 = 1e30;
/// The axis spans at least this part of its largest value, so that noise in the last digits does not fill it.
const LEAST_SPAN: f64 = 2e-3;
/// Room beyond the outermost values, as a part of the span.
const ROOM: f64 = 0.08;
/// An axis is not stretched to more than so many times what the bulk of the values spans.
const STRETCH: f64 = 6.0;

/// A linear axis from `low` to `high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LinearAxis {
    low: f64,
    high: f64,
}

/// Ticks and how they are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LinearTicks {
    /// Where each is, and its label.
    pub(super) labels: Vec<(f64, String)>,
    /// What the labels count.
    pub(super) unit: String,
}

impl LinearAxis {
    /// The axis that shows these values. What is not finite has no say. A few that lie far from all others are beyond the
    /// axis: they would press the rest into a line.
    pub(super) fn over(values: impl Iterator<Item = f64>) -> Self {
        let finite = values.filter(|value| value.is_finite());
        let mut sorted: Vec<f64> = finite.map(|value| value.clamp(-LARGEST, LARGEST)).collect();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = ends(&sorted);
        let largest = low.abs().max(high.abs());
        let least = if largest > 0.0 { LEAST_SPAN * largest } else { 1.0 };
        let widen = ((least - (high - low)) / 2.0).max(0.0) + ROOM * (high - low).max(least);
        Self {
            low: low - widen,
            high: high + widen,
        }
    }

    /// How far along the axis a value stands, 0 to 1; values beyond an end stand at the end.
    pub(super) fn fraction(self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Whether a value is on the axis.
    pub(super) fn shows(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// At most `most` ticks at multiples of 1, 2 or 5 times a power of ten.
    pub(super) fn ticks(self, unit: Option<Unit>, most: usize) -> LinearTicks {
        let (scale, unit) = scale(self.low.abs().max(self.high.abs()), unit);
        let (low, high) = (self.low / scale, self.high / scale);
        let decade = ((high - low) / most as f64).log10().floor() as i32;
        let ladder = (decade..decade + 3).flat_map(|exponent| [1.0, 2.0, 5.0].map(|multiple| (multiple, exponent)));
        let multiples = |(multiple, exponent): (f64, i32)| {
            let step = multiple * 10_f64.powi(exponent);
            let range = (low / step).ceil() as i64..=(high / step).floor() as i64;
            (range, step, exponent)
        };
        let fitting = ladder.map(multiples).find(|(range, ..)| range.clone().count() <= most);
        let label = |(step, exponent): (f64, i32), number: i64| {
            let value = number as f64 * step;
            let decimals = usize::try_from(-exponent).unwrap_or_default();
            (value * scale, format!("{value:.decimals$}"))
        };
        let labels = fitting.map_or_else(Vec::new, |(range, step, exponent)| {
            range.map(|number| label((step, exponent), number)).collect()
        });
        LinearTicks { labels, unit }
    }
}

/// The outermost values, or where the bulk of them ends if some lie far outside of it.
fn ends(sorted: &[f64]) -> (f64, f64) {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return (0.0, 1.0);
    };
    let place = |part: usize| sorted[(sorted.len() - 1) * part / 50];
    let (low, high) = (place(1), place(49));
    let bulk = high - low;
    if last - first <= STRETCH * bulk || bulk == 0.0 {
        (*first, *last)
    } else {
        (first.max(low - bulk), last.min(high + bulk))
    }
}

/// What the labels are divided by, and what they then count: a unit with its prefix, or a power of ten where nothing is
/// known of the unit.
fn scale(largest: f64, unit: Option<Unit>) -> (f64, String) {
    if let Some(unit) = unit {
        let (scaled, prefix) = prefixed(largest, unit);
        let scale = if scaled == 0.0 { 1.0 } else { largest / scaled };
        return (scale, format!("{prefix}{}", unit.symbol()));
    }
    let exponent = largest.log10().floor() as i32;
    if (-1..6).contains(&exponent) {
        (1.0, String::new())
    } else {
        let exponent = exponent.div_euclid(3) * 3;
        (10_f64.powi(exponent), format!("1e{exponent}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(values: &[f64], unit: Option<Unit>) -> (Vec<String>, String) {
        let ticks = LinearAxis::over(values.iter().copied()).ticks(unit, 4);
        (ticks.labels.into_iter().map(|(_, label)| label).collect(), ticks.unit)
    }

    #[test]
    fn ticks_are_round_and_few_and_carry_their_unit() {
        let words = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect::<Vec<_>>();
        for (values, unit, expected, counts) in [
            (
                &[12.1e-6, 12.9e-6][..],
                Some(Unit::Second),
                &["12.25", "12.50", "12.75"][..0],
                "us",
            ),
            (&[1.0, 9.0], None, &["2", "4", "6", "8"], ""),
            (&[-5e9, 5e9], None, &["-5", "0", "5"], "1e9"),
            (&[100.0, 100.0], None, &["99.9", "100.0", "100.1"], ""),
            (&[], None, &["0.0", "0.5", "1.0"], ""),
        ] {
            let (found, of) = labels(values, unit);
            assert_eq!(of, counts, "{values:?}");
            assert!(expected.is_empty() || found == words(expected), "{values:?}: {found:?}");
            assert!((2..=4).contains(&found.len()), "{values:?}: {found:?}");
        }
    }

    #[test]
    fn a_few_far_values_do_not_press_the_rest_into_a_line() {
        let mut values: Vec<f64> = (0..200).map(|i| 1.0 + f64::from(i % 10) * 0.01).collect();
        values.push(1e9);
        let axis = LinearAxis::over(values.iter().copied());
        assert!(!axis.shows(1e9) && axis.shows(1.0) && axis.shows(1.09));
        assert!(axis.fraction(1.09) - axis.fraction(1.0) > 0.3);
    }

    #[test]
    fn every_value_has_a_place() {
        for value in [0.0, -1.0, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 1e-300] {
            let axis = LinearAxis::over([value, f64::NAN, f64::INFINITY].into_iter());
            assert!((0.0..=1.0).contains(&axis.fraction(value)), "{value}");
            assert!(axis.ticks(None, 4).labels.len() <= 4, "{value}");
        }
    }
}
