//! A ratio of two measured values, kept as the two.

use std::cmp::Ordering;

/// One positive value over another. Its inverse has the same two values, so that exchanging two devices loses no bit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fraction {
    /// What stands above the line.
    pub over: f64,
    /// What stands below it.
    pub under: f64,
}

impl Fraction {
    /// `over` / `under`.
    #[must_use]
    pub const fn new(over: f64, under: f64) -> Self {
        Self { over, under }
    }

    /// The quotient, to be shown. Verdicts do not use it.
    #[must_use]
    pub fn value(self) -> f64 {
        self.over / self.under
    }

    /// The order of the two true ratios: by products, exactly, as if floating point had no end. The products of two
    /// fractions may not overflow or vanish, which values between 1e-100 and 1e100 do not let happen.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        let (ours, theirs) = (self.over * other.under, other.over * self.under);
        // Rounding keeps the order of products but for making them equal; then what it took away decides.
        ours.total_cmp(&theirs).then_with(|| {
            let lost = |a: f64, b: f64, rounded: f64| a.mul_add(b, -rounded);
            let ours = lost(self.over, other.under, ours);
            let theirs = lost(other.over, self.under, theirs);
            ours.partial_cmp(&theirs).unwrap_or(Ordering::Equal)
        })
    }

    /// The geometric mean of two ratios.
    #[must_use]
    pub fn mean(self, other: Self) -> Self {
        Self::new((self.over * other.over).sqrt(), (self.under * other.under).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_that_differ_in_less_than_a_float_can_show_have_an_order() {
        let third = Fraction::new(1.0, 3.0);
        assert_eq!(third.order(&Fraction::new(2.0, 6.0)), Ordering::Equal);
        // (1 + e) (1 - e) is 1 - e^2, which rounds to 1.
        let (above, below) = (1.0 + f64::EPSILON, 1.0 - f64::EPSILON);
        assert_eq!(above * below, 1.0);
        let (first, second) = (Fraction::new(above, 1.0), Fraction::new(1.0, below));
        assert_eq!(first.order(&second), Ordering::Less);
        assert_eq!(second.order(&first), Ordering::Greater);
    }

    #[test]
    fn a_mean_lies_in_the_middle_and_of_one_ratio_is_that_ratio() {
        let ratio = Fraction::new(0.3, 0.7);
        assert_eq!(ratio.mean(ratio), ratio);
        let mean = Fraction::new(1.0, 1.0).mean(Fraction::new(4.0, 1.0));
        assert_eq!(mean.value(), 2.0);
    }
}
