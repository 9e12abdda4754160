//! Noise as samples of a kernel's time have it, around 1, the same for the same seed.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use rand_distr::StandardNormal;

/// How samples scatter around their level. Sizes are standard deviations but where it says otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scatter {
    /// Independent and normal.
    Normal(f64),
    /// Independent and skewed: a log-normal of shape 1, so that one sample in 53 is more than seven sizes above
    /// the median.
    LogNormal(f64),
    /// Normal, each sample like the one before it by the first number.
    Ar(f64, f64),
    /// Normal, but one sample in 20 is ten standard deviations above.
    Spikes(f64),
    /// Half the variance independent, half of it an AR(.99) that wanders over hundreds of samples.
    Wander(f64),
}

/// What happens to the level.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Level {
    /// Nothing.
    Steady,
    /// It rises by this part from the first to the last sample.
    Drift(f64),
    /// It rises by this part at one moment, somewhere in the middle half.
    Step(f64),
    /// It is higher by the first number in a random part of the samples, the second number.
    Modes(f64, f64),
}

/// A source of samples.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noise {
    pub(crate) scatter: Scatter,
    pub(crate) level: Level,
}

pub(crate) const fn steady(scatter: Scatter) -> Noise {
    Noise {
        scatter,
        level: Level::Steady,
    }
}

impl Noise {
    /// Endless samples; drift and step are spread over the first `length`.
    pub(crate) fn samples(self, seed: u64, length: usize) -> impl Iterator<Item = f64> {
        let mut random = StdRng::seed_from_u64(seed);
        let mut state: f64 = random.sample(StandardNormal);
        let start = random.random_range(0.25..0.75) * length as f64;
        (0..).map(move |place| {
            let deviation = self.scatter.next(&mut random, &mut state);
            let rise = match self.level {
                Level::Steady => 0.0,
                Level::Drift(rise) => rise * f64::from(place) / (length as f64 - 1.0),
                Level::Step(rise) => rise * f64::from(u8::from(f64::from(place) >= start)),
                Level::Modes(rise, share) => rise * f64::from(u8::from(random.random_bool(share))),
            };
            (1.0 + deviation) * (1.0 + rise)
        })
    }

    /// The true median; none where there is no one level, or none that a run of some hundred samples could know.
    pub(crate) fn median(self) -> Option<f64> {
        match (self.level, self.scatter) {
            (Level::Steady, Scatter::Spikes(size)) => Some(1.0 + size * SPIKED),
            (Level::Steady, _) => Some(1.0),
            // The same below the upper mode: half of the samples lie below this quantile of the lower.
            (Level::Modes(_, 0.3), Scatter::Normal(size)) => Some(1.0 + size * OF_MODES),
            _ => None,
        }
    }
}

/// Where .95 Phi(x) = .5.
const SPIKED: f64 = 0.066_012;
/// Where .7 Phi(x) = .5, the upper mode being out of reach.
const OF_MODES: f64 = 0.565_949;

impl Scatter {
    fn next(self, random: &mut StdRng, state: &mut f64) -> f64 {
        let normal: f64 = random.sample(StandardNormal);
        let mut wander = |r: f64| {
            let before = *state;
            *state = r * before + (1.0 - r * r).sqrt() * normal;
            before
        };
        match self {
            Self::Normal(size) => size * normal,
            Self::LogNormal(size) => size * (normal.exp() - 1.0),
            Self::Ar(r, size) => size * wander(r),
            Self::Spikes(size) => size * (normal + if random.random_bool(0.05) { 10.0 } else { 0.0 }),
            Self::Wander(size) => {
                let slow = wander(0.99);
                let fast: f64 = random.sample(StandardNormal);
                size * (slow + fast)
            }
        }
    }
}
