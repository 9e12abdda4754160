//! Ratios of two quantities that are known only within intervals, and where such a ratio lies.

use super::Fraction;
use crate::units::Interval;

/// One quantity over another, kept apart: exchanging the chips exchanges the two exactly, which no quotient does.
///
/// For work the speed of the subject over that of the reference is the reference's time over the subject's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// What stands above the line.
    pub numerator: Interval,
    /// What stands below it.
    pub denominator: Interval,
}

impl Ratio {
    /// What a chip is to itself, whatever is known of it.
    pub const ONE: Self = Self::new(Interval::point(1.0), Interval::point(1.0));

    /// The ratio of two quantities.
    #[must_use]
    pub const fn new(numerator: Interval, denominator: Interval) -> Self {
        Self { numerator, denominator }
    }

    /// The ratio seen from the other side.
    #[must_use]
    pub const fn swap(self) -> Self {
        Self::new(self.denominator, self.numerator)
    }

    /// The quotient, to be shown. Verdicts do not use it.
    #[must_use]
    pub fn quotient(self) -> Interval {
        let low = if self.denominator.high.is_infinite() {
            0.0
        } else {
            self.numerator.low / self.denominator.high
        };
        let high = if self.denominator.low <= 0.0 {
            f64::INFINITY
        } else {
            self.numerator.high / self.denominator.low
        };
        Interval::new(low, high)
    }
}

/// Which ratios count as what is asked about: [least / (1 + margin), most (1 + margin)].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    least: f64,
    most: f64,
    /// 1 + margin.
    slack: f64,
}

/// Where a ratio lies for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Placement {
    /// Below the region.
    Below,
    /// Inside it.
    Inside,
    /// Above it.
    Above,
}

impl Placement {
    /// The place of the swapped ratio in the same region around 1.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Below => Self::Above,
            Self::Inside => Self::Inside,
            Self::Above => Self::Below,
        }
    }
}

impl Region {
    /// Parity: from 1 / (1 + margin) to 1 + margin.
    #[must_use]
    pub const fn parity(margin: f64) -> Self {
        Self::multiple(1.0, 1.0, margin)
    }

    /// Exactly 1: what is above is ahead, what is below is behind.
    #[must_use]
    pub const fn one() -> Self {
        Self::parity(0.0)
    }

    /// A multiple from `least` to `most`, with the margin on both sides.
    #[must_use]
    pub const fn multiple(least: f64, most: f64, margin: f64) -> Self {
        Self {
            least,
            most,
            slack: 1.0 + margin,
        }
    }

    /// Both ends, to be shown.
    #[must_use]
    pub fn ends(self) -> Interval {
        Interval::new(self.least / self.slack, self.most * self.slack)
    }

    /// The place of a ratio, if all that it may be lies in one.
    #[must_use]
    pub fn place(self, ratio: Ratio) -> Option<Placement> {
        let Ratio { numerator, denominator } = ratio;
        self.place_between(
            Fraction::new(numerator.low, denominator.high),
            Fraction::new(numerator.high, denominator.low),
        )
    }

    /// The place of everything between two ratios, if that is one. Compares products: the sides of a swapped ratio are the
    /// same numbers, so that its place is the mirror image, to the last bit.
    #[must_use]
    pub fn place_between(self, low: Fraction, high: Fraction) -> Option<Placement> {
        let bottom = Fraction::new(self.least, self.slack);
        let top = Fraction::new(self.most * self.slack, 1.0);
        if high.order(&bottom).is_lt() {
            Some(Placement::Below)
        } else if low.order(&top).is_gt() {
            Some(Placement::Above)
        } else if low.order(&bottom).is_ge() && high.order(&top).is_le() {
            Some(Placement::Inside)
        } else {
            None
        }
    }

    /// What the numerator must be to lie inside for certain, over this denominator. Its ends may be the wrong way round:
    /// then nothing is certain.
    #[must_use]
    pub fn numerators(self, denominator: Interval) -> Interval {
        Interval::new(
            denominator.high * self.least / self.slack,
            denominator.low * self.most * self.slack,
        )
    }

    /// What the denominator must be to lie inside for certain, below this numerator.
    #[must_use]
    pub fn denominators(self, numerator: Interval) -> Interval {
        Interval::new(
            numerator.high / (self.most * self.slack),
            numerator.low * self.slack / self.least,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(numerator: f64, denominator: f64) -> Ratio {
        Ratio::new(Interval::point(numerator), Interval::point(denominator))
    }

    #[test]
    fn the_ends_of_the_region_are_inside() {
        let region = Region::parity(0.1);
        assert_eq!(region.place(ratio(110.0, 100.0)), Some(Placement::Inside));
        assert_eq!(region.place(ratio(100.0, 110.0)), Some(Placement::Inside));
        assert_eq!(region.place(ratio(111.0, 100.0)), Some(Placement::Above));
        assert_eq!(region.place(ratio(100.0, 111.0)), Some(Placement::Below));
    }

    #[test]
    fn what_may_lie_in_two_places_lies_in_none() {
        let region = Region::parity(0.1);
        let wide = Ratio::new(Interval::new(1.0, 2.0), Interval::point(1.0));
        assert_eq!(region.place(wide), None);
        let unknown = Ratio::new(Interval::UNKNOWN, Interval::UNKNOWN);
        assert_eq!(region.place(unknown), None);
        let floor = Ratio::new(Interval::at_least(2.0), Interval::point(1.0));
        assert_eq!(region.place(floor), Some(Placement::Above));
    }

    #[test]
    fn one_is_a_region_of_its_own() {
        assert_eq!(Region::one().place(Ratio::ONE), Some(Placement::Inside));
        assert_eq!(Region::one().place(ratio(1.001, 1.0)), Some(Placement::Above));
    }

    #[test]
    fn a_multiple_has_its_margin_on_both_sides() {
        let region = Region::multiple(2.3, 2.3, 0.1);
        assert_eq!(region.place(ratio(2.3, 1.0)), Some(Placement::Inside));
        assert_eq!(region.place(ratio(2.6, 1.0)), Some(Placement::Above));
        assert_eq!(region.place(ratio(2.0, 1.0)), Some(Placement::Below));
    }

    #[test]
    fn quotients_are_shown_with_what_bounds_them() {
        let floor = Ratio::new(Interval::at_least(1.57), Interval::point(4.0));
        assert_eq!(floor.quotient(), Interval::at_least(0.3925));
        assert!(Ratio::new(Interval::UNKNOWN, Interval::UNKNOWN).quotient().is_unknown());
    }
}
