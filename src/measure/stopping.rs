//! When to stop sampling: a small object that is given samples and knows no clock.

use super::Stop;
use crate::stats::{JUDGED_FROM, SampleMedian};

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

/// Seconds of sampling after which a case is given up that has not even the fewest samples.
pub(super) const PATIENCE: f64 = 30.0;

/// Takes samples until their median is known well enough.
///
/// The target is looked at from [`JUDGED_FROM`] samples on, so that there are enough to be judged for drift and the like,
/// and then only when their number has grown by a quarter since the last look: looking at every sample would stop at the
/// lucky moments. It is also looked at when a limit is reached. The floor goes before the limits.
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
            next_look: limits.least.max(JUDGED_FROM),
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
        let limit = self.limit();
        if count < self.next_look && limit.is_none() {
            return None;
        }
        self.next_look = count + (count / 4).max(1);
        let known = SampleMedian::of(&self.samples).is_some_and(|m| m.half_width() <= self.limits.half_width);
        if known { Some(Stop::Target) } else { limit }
    }

    /// Whether there are so few samples after so long that the case is to be given up.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.samples.len() < self.limits.least && self.spent >= PATIENCE
    }

    /// The limit that is reached.
    fn limit(&self) -> Option<Stop> {
        let count = self.samples.len();
        if count < self.limits.least {
            None
        } else if count >= self.limits.most {
            Some(Stop::Samples)
        } else {
            (self.spent >= self.limits.seconds).then_some(Stop::Time)
        }
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
    fn steady_samples_stop_when_they_can_be_judged() {
        assert_eq!(run(|_| 1.0, 1e-3), (54, Stop::Target));
    }

    #[test]
    fn steady_samples_that_are_slow_stop_in_time() {
        assert_eq!(run(|_| 1.0, 0.03), (34, Stop::Target));
    }

    #[test]
    fn the_floor_goes_before_the_time() {
        assert_eq!(run(|i| 1.0 + (i * 3 % 7) as f64, 10.0), (16, Stop::Time));
    }

    #[test]
    fn noise_runs_into_a_limit() {
        assert_eq!(run(|i| 1.0 + (i * 3 % 7) as f64, 1e-3), (100, Stop::Samples));
        assert_eq!(run(|i| 1.0 + (i * 3 % 7) as f64, 0.021), (48, Stop::Time));
    }

    #[test]
    fn what_takes_too_long_for_the_floor_is_late() {
        let mut stopping = Stopping::new(LIMITS);
        for _ in 0..2 {
            assert!(!stopping.is_late());
            stopping.add(1.0, 15.0);
        }
        assert!(stopping.is_late() && stopping.is_finished().is_none());
    }

    /// They differ by less than the target, but nobody can say where they are going.
    #[test]
    fn samples_that_wander_never_reach_the_target() {
        assert_eq!(run(|i| 1.0 + i as f64 * 1e-5, 1e-3), (100, Stop::Samples));
    }
}
