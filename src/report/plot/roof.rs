//! A roof: the most operations per second at so many operations per byte.

use crate::units::Interval;

/// min(P, x W); Williams, Waterman and Patterson, "Roofline" (2009).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Roof {
    /// P, operations per second.
    pub(super) peak: f64,
    /// W, bytes per second.
    pub(super) bandwidth: f64,
}

impl Roof {
    /// Operations per second at an intensity.
    pub(super) fn at(self, intensity: f64) -> f64 {
        self.peak.min(intensity * self.bandwidth)
    }

    /// The intensity from which on arithmetic binds.
    pub(super) fn ridge(self) -> f64 {
        self.peak / self.bandwidth
    }
}

/// The lower and the upper roof of a chip of which all four ends are known.
pub(super) fn both(peak: Option<Interval>, bandwidth: Interval) -> Option<(Roof, Roof)> {
    let peak = peak?;
    let known = |interval: Interval| interval.low > 0.0 && interval.high.is_finite();
    let roof = |peak, bandwidth| Roof { peak, bandwidth };
    (known(peak) && known(bandwidth)).then(|| (roof(peak.low, bandwidth.low), roof(peak.high, bandwidth.high)))
}

/// The ends that are known.
pub(super) fn ends(interval: Interval) -> impl Iterator<Item = f64> + Clone {
    let known = |end: &f64| end.is_finite() && *end > 0.0;
    [interval.low, interval.high].into_iter().filter(known)
}
