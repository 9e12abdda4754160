//! When to stop sampling: a small object that is given samples and knows no clock.

use super::Stop;
use crate::stats::{median, median_interval, sorted};

/// The limits of sampling one case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Fewest samples; the other limits do not apply before.
    pub least: usize,
    /// Most samples.
    pub most: usize,
    /// Seconds of sampling after which it ends.
    pub seconds: f64,
    /// Half-width of the interval of the median, relative to it, at which sampling ends.
    pub half_width: f64,
}

/// Confidence of the interval that decides. It is looked at again and again, so it is stricter than the interval that is
/// reported.
const CONFIDENCE: f64 = 0.99;

/// Takes samples until their median is known well enough.
///
/// The target is looked at only when the number of samples has grown by half since the last look: looking at every
/// sample would stop at the lucky moments.
#[derive(Debug)]
pub struct Stopping {
    limits: Limits,
    samples: Vec<f64>,
    spent: f64,
    next_look: usize,
}

impl Stopping {
    /// No samples yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            samples: Vec::new(),
            spent: 0.0,
            next_look: limits.least,
        }
    }

    /// Takes a sample, and the seconds that it cost to take.
    pub fn add(&mut self, sample: f64, cost: f64) {
        self.samples.push(sample);
        self.spent += cost;
    }

    /// Whether to stop now, and why.
    pub fn is_finished(&mut self) -> Option<Stop> {
        let count = self.samples.len();
        if count < self.limits.least {
            return None;
        }
        if count >= self.next_look {
            self.next_look = count + count / 2;
            if self.half_width() <= self.limits.half_width {
                return Some(Stop::Target);
            }
        }
        if count >= self.limits.most {
            return Some(Stop::Samples);
        }
        (self.spent >= self.limits.seconds).then_some(Stop::Time)
    }

    /// Relative half-width of the interval of the median; infinite if there is none yet.
    fn half_width(&self) -> f64 {
        let ascending = sorted(&self.samples);
        let interval = median_interval(&ascending, CONFIDENCE).zip(median(&ascending));
        interval.map_or(f64::INFINITY, |((low, high), middle)| (high - low) / 2.0 / middle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        least: 16,
        most: 100,
        seconds: 1.0,
        half_width: 0.01,
    };

    fn run(sample: impl Fn(usize) -> f64, cost: f64) -> (usize, Stop) {
        let mut stopping = Stopping::new(LIMITS);
        for count in 1.. {
            stopping.add(sample(count), cost);
            if let Some(stop) = stopping.is_finished() {
                return (count, stop);
            }
        }
        unreachable!("the number of samples is limited")
    }

    #[test]
    fn steady_samples_stop_at_the_floor() {
        assert_eq!(run(|_| 1.0, 1e-3), (16, Stop::Target));
    }

    #[test]
    fn the_floor_goes_before_the_time() {
        assert_eq!(run(|i| 1.0 + (i % 7) as f64, 10.0), (16, Stop::Time));
    }

    #[test]
    fn noise_runs_into_a_cap() {
        assert_eq!(run(|i| 1.0 + (i % 7) as f64, 1e-3), (100, Stop::Samples));
        assert_eq!(run(|i| 1.0 + (i % 7) as f64, 0.021), (48, Stop::Time));
    }
}
