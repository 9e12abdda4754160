//! Student's test of two means, as Otava makes it.

use statrs::distribution::{ContinuousCDF as _, StudentsT};

/// Mean and standard deviation of some values, the deviation with n in the denominator, not n - 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moments {
    count: f64,
    pub(super) mean: f64,
    deviation: f64,
}

impl Moments {
    pub(super) fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = pairwise(values, |value| value) / count;
        let square = |value| (value - mean) * (value - mean);
        let deviation = (pairwise(values, square) / count).sqrt();
        Self { count, mean, deviation }
    }

    /// Tests whether two samples of normal noise of equal variance have means that differ. The deviations are taken as if
    /// they had n - 1 in the denominator, so that small samples look more alike within than they are.
    pub(super) fn differ(self, other: Self) -> Difference {
        let freedom = self.count + other.count - 2.0;
        if freedom <= 0.0 {
            return Difference {
                t: 0.0,
                freedom,
                p: 1.0,
            };
        }
        let squares = |side: Self| (side.count - 1.0) * (side.deviation * side.deviation);
        let variance = (squares(self) + squares(other)) / freedom;
        let t = (self.mean - other.mean) / (variance * (1.0 / self.count + 1.0 / other.count)).sqrt();
        let p = match StudentsT::new(0.0, 1.0, freedom) {
            Ok(student) if !t.is_nan() => 2.0 * student.sf(t.abs()),
            _ => f64::NAN,
        };
        Difference { t: t.abs(), freedom, p }
    }
}

/// How far two means are apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Difference {
    /// Their distance in standard errors.
    t: f64,
    freedom: f64,
    /// The probability of such a distance or a larger one where there is no difference. Not a number where no value
    /// differs from any other.
    pub(super) p: f64,
}

impl Difference {
    /// Whether it is the more probable of two. With equal degrees of freedom t says so to the last bit, which no computed
    /// probability does.
    pub(super) fn is_likelier(self, other: Self) -> bool {
        /// Below it, p is 1 in floating point.
        const NONE: f64 = 1e-16;
        if self.freedom == other.freedom && !self.p.is_nan() && !other.p.is_nan() {
            return self.t.max(NONE) < other.t.max(NONE);
        }
        self.p > other.p
    }
}

/// The sum of a term of each value in the order in which numpy adds up: eight partial sums, in blocks of at most 128.
fn pairwise(values: &[f64], term: impl Fn(f64) -> f64 + Copy) -> f64 {
    const LANES: usize = 8;
    const BLOCK: usize = 128;
    if values.len() > BLOCK {
        let (first, second) = values.split_at(values.len() / 2 / LANES * LANES);
        return pairwise(first, term) + pairwise(second, term);
    }
    let (eights, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for eight in eights {
        for (lane, value) in lanes.iter_mut().zip(eight) {
            *lane += term(*value);
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    let sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
    rest.iter().fold(sum, |sum, value| sum + term(*value))
}
