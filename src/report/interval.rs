//! How an interval is written for a reader.

use crate::units::{Interval, Unit, prefixed, significant};

/// Writes an interval with three significant digits and one prefix: `148 Top/s`, `250-345 Top/s`, `>=1.57 TB/s`,
/// `<=1.4 TB/s`; `-` where nothing is known.
#[must_use]
pub fn interval(interval: Interval, unit: Unit) -> String {
    if interval.is_unknown() {
        return "-".to_owned();
    }
    let largest = if interval.high.is_finite() {
        interval.high
    } else {
        interval.low
    };
    let (scaled, prefix) = prefixed(largest, unit);
    let number = interval_in(interval, if scaled == 0.0 { 1.0 } else { largest / scaled });
    match format!("{prefix}{}", unit.symbol()).as_str() {
        "" => number,
        unit => format!("{number} {unit}"),
    }
}

/// Writes an interval as a bare number in multiples of `one`, for a column whose head has the unit.
#[must_use]
pub fn interval_in(interval: Interval, one: f64) -> String {
    let number = |value: f64| significant(value / one, 3);
    let (low, high) = (number(interval.low), number(interval.high));
    if interval.is_unknown() {
        "-".to_owned()
    } else if interval.high.is_infinite() {
        format!(">={low}")
    } else if interval.low <= 0.0 {
        format!("<={high}")
    } else if low == high {
        low
    } else {
        format!("{low}-{high}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_interval_has_its_form() {
        let rate = |low, high| interval(Interval::new(low, high), Unit::OpPerSecond);
        assert_eq!(rate(148e12, 148e12), "148 Top/s");
        assert_eq!(rate(250e12, 345e12), "250-345 Top/s");
        assert_eq!(rate(950e9, 1.2e12), "0.95-1.2 Top/s");
        assert_eq!(rate(1.5698e12, f64::INFINITY), ">=1.57 Top/s");
        assert_eq!(rate(0.0, 1.4e12), "<=1.4 Top/s");
        assert_eq!(rate(0.0, f64::INFINITY), "-");
        assert_eq!(interval(Interval::point(78.0), Unit::Count), "78");
    }

    #[test]
    fn ends_that_look_the_same_are_written_once() {
        assert_eq!(interval_in(Interval::new(122.80e12, 122.88e12), 1e12), "123");
    }
}
