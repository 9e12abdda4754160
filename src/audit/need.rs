//! What would have to be true, in figures that somebody could publish.

use std::collections::BTreeMap;

use super::figures::FigureKey;
use super::judge::{Bound, Need, Side};

/// Digits of a figure that is asked for.
const DIGITS: i32 = 3;

/// A condition on a figure of one of the chips, rounded to the safe side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// Whose figure.
    pub side: Side,
    /// Which figure.
    pub key: FigureKey,
    /// The condition.
    pub bound: Bound,
}

/// The conditions of several comparisons together: the strictest of each figure. `whole` is the figure that a comparison
/// without a rate is about.
#[must_use]
pub fn wanted<'a>(needs: impl IntoIterator<Item = &'a Need>, whole: Option<FigureKey>) -> Vec<Wanted> {
    let mut strictest: BTreeMap<(Side, FigureKey), Bound> = BTreeMap::new();
    for need in needs {
        let Some(key) = need.term.map_or(whole, FigureKey::of_term) else {
            continue;
        };
        strictest
            .entry((need.side, key))
            .and_modify(|bound| *bound = stricter(*bound, need.bound))
            .or_insert(need.bound);
    }
    strictest
        .into_iter()
        .map(|((side, key), bound)| Wanted {
            side,
            key,
            bound: rounded(bound),
        })
        .collect()
}

/// What a whole set of comparisons needs is the strictest of it. A lower bound goes before an upper one: what is not even
/// fast enough cannot be too fast.
fn stricter(a: Bound, b: Bound) -> Bound {
    match (a, b) {
        (Bound::AtLeast(a), Bound::AtLeast(b)) => Bound::AtLeast(a.max(b)),
        (Bound::AtMost(a), Bound::AtMost(b)) => Bound::AtMost(a.min(b)),
        (Bound::AtLeast(_), _) | (_, Bound::Unknown) => a,
        (_, Bound::AtLeast(_)) | (Bound::Unknown, _) => b,
    }
}

fn rounded(bound: Bound) -> Bound {
    match bound {
        Bound::AtLeast(value) => Bound::AtLeast(rounded_up(value)),
        Bound::AtMost(value) => Bound::AtMost(-rounded_up(-value)),
        Bound::Unknown => Bound::Unknown,
    }
}

/// The least number of three digits that is not below `value`. A hair above such a number is that number: it comes from
/// the rounding of the divisions that led here.
fn rounded_up(value: f64) -> f64 {
    const HAIR: f64 = 1e-12;
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let exponent = value.abs().log10().floor() as i32 - (DIGITS - 1);
    let steps = (value / 10_f64.powi(exponent) - HAIR * 10_f64.powi(DIGITS)).ceil();
    // Multiplying by a power of ten is exact, dividing by one rounds once; 10^-n itself is not exact.
    if exponent < 0 {
        steps / 10_f64.powi(-exponent)
    } else {
        steps * 10_f64.powi(exponent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_to_the_safe_side() {
        assert_eq!(rounded_up(4e12 / 1.1), 3.64e12);
        assert_eq!(rounded_up(148e12 / 1.1), 135e12);
        assert_eq!(rounded_up(110e12 / 1.1), 100e12, "a hair above");
        assert_eq!(rounded_up(0.001_234_5), 0.001_24);
        assert_eq!(rounded(Bound::AtMost(4.408e12)), Bound::AtMost(4.4e12));
        assert_eq!(rounded_up(999.5e9), 1e12);
    }

    #[test]
    fn the_strictest_condition_of_each_figure_counts() {
        assert_eq!(stricter(Bound::AtLeast(1.0), Bound::AtLeast(2.0)), Bound::AtLeast(2.0));
        assert_eq!(stricter(Bound::Unknown, Bound::AtMost(2.0)), Bound::AtMost(2.0));
        assert_eq!(stricter(Bound::AtMost(2.0), Bound::AtLeast(1.0)), Bound::AtLeast(1.0));
    }
}
