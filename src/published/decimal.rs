//! Plain decimals, compared exactly.

use std::cmp::Ordering;

/// A non-negative decimal as the data files write it: digits, perhaps a point and more digits, never an exponent.
///
/// Keeps the digits beside the nearest `f64`, so that two numbers of any length compare as they are written.
#[derive(Debug, Clone)]
pub struct Decimal {
    whole: String,
    fraction: String,
    value: f64,
}

impl Decimal {
    /// Reads a plain decimal; `None` for anything else (a sign, an exponent, a bare point, white space).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) if is_digits(fraction) => (whole, fraction),
            Some(_) => return None,
            None => (text, ""),
        };
        if !is_digits(whole) {
            return None;
        }
        Some(Self {
            whole: whole.trim_start_matches('0').to_owned(),
            fraction: fraction.trim_end_matches('0').to_owned(),
            value: text.parse().ok()?,
        })
    }

    /// The nearest `f64`, in the base unit of the column.
    #[must_use]
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// Whether every digit is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

// Without leading zeros the longer whole part is the larger; fractions compare digit by digit.
impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.whole.len(), &self.whole, &self.fraction).cmp(&(other.whole.len(), &other.whole, &other.fraction))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect("a plain decimal")
    }

    #[test]
    fn only_plain_decimals_are_read() {
        for text in ["", ".5", "5.", "-1", "+1", "1e3", "1 000", "0x1", "1.2.3", "inf"] {
            assert!(Decimal::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn numbers_beyond_the_digits_of_an_f64_compare_as_written() {
        assert!(decimal("10000000000000000000001") > decimal("10000000000000000000000"));
        assert!(decimal("0.100000000000000000001") > decimal("0.1"));
        assert!(decimal("9.9") < decimal("10"));
    }

    #[test]
    fn zeros_at_the_ends_do_not_count() {
        assert_eq!(decimal("007.50"), decimal("7.5"));
        assert!(decimal("0.000").is_zero());
    }
}
