//! Units, intervals, and how a number is written for a reader.
//!
//! Everything is held in base units (op/s, byte/s, byte, s, W) and scaled only when it is shown.

use serde::{Deserialize, Serialize};

/// A closed range of what a positive quantity may be. Unknown is (0, inf); "at least f" is [f, inf); "at most c" is (0, c].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end; 0 where nothing bounds the quantity from below.
    pub low: f64,
    /// Upper end; infinite where nothing bounds it from above. JSON has no infinity: it is written as null.
    #[serde(with = "infinite_as_null")]
    pub high: f64,
}

impl Interval {
    /// Nothing is known but that the quantity is positive.
    pub const UNKNOWN: Self = Self {
        low: 0.0,
        high: f64::INFINITY,
    };
    /// Exactly nothing: the time of work that has no operations, say.
    pub const ZERO: Self = Self { low: 0.0, high: 0.0 };

    /// The range from `low` to `high`.
    #[must_use]
    pub const fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    /// One known value.
    #[must_use]
    pub const fn point(value: f64) -> Self {
        Self {
            low: value,
            high: value,
        }
    }

    /// A lower bound only.
    #[must_use]
    pub const fn at_least(low: f64) -> Self {
        Self {
            low,
            high: f64::INFINITY,
        }
    }

    /// An upper bound only.
    #[must_use]
    pub const fn at_most(high: f64) -> Self {
        Self { low: 0.0, high }
    }

    /// Whether neither end says anything.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        self.low <= 0.0 && self.high.is_infinite()
    }

    /// Whether both ends are the same finite value.
    #[must_use]
    pub fn is_point(self) -> bool {
        self.low == self.high && self.high.is_finite()
    }

    /// What the larger of two quantities may be.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self::new(self.low.max(other.low), self.high.max(other.high))
    }

    /// A known positive amount divided by this quantity, as work by a rate. No work takes no time, at any rate.
    #[must_use]
    pub fn divide(self, amount: f64) -> Self {
        if amount == 0.0 {
            return Self::ZERO;
        }
        let low = if self.high.is_infinite() {
            0.0
        } else {
            amount / self.high
        };
        let high = if self.low <= 0.0 {
            f64::INFINITY
        } else {
            amount / self.low
        };
        Self::new(low, high)
    }

    /// This quantity times a known positive factor.
    #[must_use]
    pub fn scale(self, factor: f64) -> Self {
        Self::new(self.low * factor, self.high * factor)
    }
}

mod infinite_as_null {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
        value.is_finite().then_some(*value).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        Ok(Option::<f64>::deserialize(from)?.unwrap_or(f64::INFINITY))
    }
}

/// A unit of the published figures and of the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Operations per second; a fused multiply-add counts as two.
    OpPerSecond,
    /// Bytes per second, powers of ten.
    BytePerSecond,
    /// Bytes.
    Byte,
    /// Watt.
    Watt,
    /// Joule.
    Joule,
    /// A number of things.
    Count,
    /// Hertz.
    Hertz,
    /// Seconds.
    Second,
    /// Tokens per second.
    TokenPerSecond,
}

impl Unit {
    /// The unit as the data files and reports write it, before any prefix.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::OpPerSecond => "op/s",
            Self::BytePerSecond => "B/s",
            Self::Byte => "B",
            Self::Watt => "W",
            Self::Joule => "J",
            Self::Count => "",
            Self::Hertz => "Hz",
            Self::Second => "s",
            Self::TokenPerSecond => "token/s",
        }
    }
}

/// Writes a quantity with an SI prefix and three significant digits: `44 Top/s`, `1.57 TB/s`, `12.5 us`.
#[must_use]
pub fn quantity(value: f64, unit: Unit) -> String {
    let (scaled, prefix) = prefixed(value, unit);
    let number = significant(scaled, 3);
    match (prefix, unit.symbol()) {
        ("", "") => number,
        (prefix, symbol) => format!("{number} {prefix}{symbol}"),
    }
}

/// Scales a value to its SI prefix; units that take none (watts, counts) stay as they are.
#[must_use]
pub fn prefixed(value: f64, unit: Unit) -> (f64, &'static str) {
    const LARGE: [(f64, &str); 5] = [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    const SMALL: [(f64, &str); 4] = [(1e-3, "m"), (1e-6, "u"), (1e-9, "n"), (1e-12, "p")];
    if matches!(unit, Unit::Watt | Unit::Count | Unit::TokenPerSecond) || !value.is_finite() || value == 0.0 {
        return (value, "");
    }
    if matches!(unit, Unit::Second | Unit::Joule) && value.abs() < 1.0 {
        let (factor, prefix) = SMALL.into_iter().find(|(f, _)| value.abs() >= *f).unwrap_or(SMALL[3]);
        return (value / factor, prefix);
    }
    if unit == Unit::Second {
        return (value, "");
    }
    let (factor, prefix) = LARGE.into_iter().find(|(f, _)| value.abs() >= *f).unwrap_or((1.0, ""));
    (value / factor, prefix)
}

/// `1 point`, `2 points`.
#[must_use]
pub fn counted(count: u64, one: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {one}{ending}")
}

/// Writes a size in powers of 1024, whole where it is whole, else with three significant digits: `64 KiB`, `1.5 MiB`,
/// `100 B`.
#[must_use]
pub fn binary_size(bytes: u64) -> String {
    const PREFIXES: [(u32, &str); 6] = [
        (60, "EiB"),
        (50, "PiB"),
        (40, "TiB"),
        (30, "GiB"),
        (20, "MiB"),
        (10, "KiB"),
    ];
    match PREFIXES.into_iter().find(|(power, _)| bytes >> power > 0) {
        None => format!("{bytes} B"),
        Some((power, unit)) => {
            let scaled = bytes as f64 / 2_f64.powi(power.cast_signed());
            if scaled >= 1000.0 {
                format!("{scaled:.0} {unit}")
            } else {
                format!("{} {unit}", significant(scaled, 3))
            }
        }
    }
}

/// Writes a number with `digits` significant digits, without an exponent and without trailing zeros after the point.
#[must_use]
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let exponent: i32 = scientific
        .split_once('e')
        .and_then(|(_, e)| e.parse().ok())
        .unwrap_or_default();
    let decimals = i32::try_from(digits).unwrap_or(3) - 1 - exponent;
    let rounded: f64 = scientific.parse().unwrap_or(value);
    let text = format!("{rounded:.*}", usize::try_from(decimals).unwrap_or_default());
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Writes a fraction as a percentage with two significant digits (three from 10 % on): `0.07%`, `2.4%`, `84.1%`.
#[must_use]
pub fn percent(fraction: f64) -> String {
    let value = fraction * 100.0;
    format!("{}%", significant(value, if value.abs() < 10.0 { 2 } else { 3 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_carry_a_prefix_and_three_digits() {
        assert_eq!(quantity(44e12, Unit::OpPerSecond), "44 Top/s");
        assert_eq!(quantity(1.5698e12, Unit::BytePerSecond), "1.57 TB/s");
        assert_eq!(quantity(1.25e-5, Unit::Second), "12.5 us");
        assert_eq!(quantity(999.6e9, Unit::OpPerSecond), "1000 Gop/s");
        assert_eq!(quantity(400.0, Unit::Watt), "400 W");
        assert_eq!(quantity(78.0, Unit::Count), "78");
    }

    #[test]
    fn sizes_count_in_powers_of_1024() {
        assert_eq!(binary_size(100), "100 B");
        assert_eq!(binary_size(65_536), "64 KiB");
        assert_eq!(binary_size(1_572_864), "1.5 MiB");
        assert_eq!(binary_size((1 << 30) - 1), "1024 MiB");
        assert_eq!(binary_size(u64::MAX), "16 EiB");
    }

    #[test]
    fn percentages_keep_small_fractions_visible() {
        assert_eq!(percent(0.000_68), "0.068%");
        assert_eq!(percent(0.8412), "84.1%");
        assert_eq!(percent(1.0), "100%");
        assert_eq!(percent(0.0), "0%");
    }

    #[test]
    fn unknown_rates_give_unknown_times_and_no_work_takes_none() {
        assert!(Interval::UNKNOWN.divide(5.0).is_unknown());
        assert_eq!(Interval::at_least(2.0).divide(8.0), Interval::at_most(4.0));
        assert_eq!(Interval::UNKNOWN.divide(0.0), Interval::ZERO);
    }

    #[test]
    fn an_interval_without_an_upper_end_survives_json() {
        let text = serde_json::to_string(&Interval::at_least(3.0)).expect("serialises");
        assert_eq!(text, r#"{"low":3.0,"high":null}"#);
        assert_eq!(
            serde_json::from_str::<Interval>(&text).expect("parses"),
            Interval::at_least(3.0)
        );
    }
}
