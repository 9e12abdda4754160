//! Sampling one proved variant: sizing the batch to the clock, warming up to a plateau, taking samples.

use std::time::Instant;

use super::Clock;
use super::evict::Evictor;
use super::stopping::Limits;
use crate::device::{Allocation, Device, Elapsed, Failure, Pipeline};
use crate::stats::{median, robust_deviation, sorted};

/// Everything that decides how a case is sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// When to stop.
    pub limits: Limits,
    /// Warming up lasts at least and at most so many seconds.
    pub warm_up: (f64, f64),
}

/// A sample lasts at least this long by the device's clock, in seconds; short ones are batches of dispatches.
const BATCH: f64 = 3e-3;
/// The same by the host's clock, which sees the submission too.
const WALL_BATCH: f64 = 2e-2;
/// And at least so many ticks of the device's clock.
const TICKS: f64 = 1000.0;
/// A cold sample is a single dispatch, and lasts at least so many.
const COLD_TICKS: f64 = 50.0;
/// Most dispatches in a batch.
const MOST_REPEATS: f64 = 8192.0;
/// Senseless readings of a clock in a row after which a case is given up.
const READINGS: usize = 10;
/// The host's clock tells batches of this length from those that are twice as long, also while others use the host.
const WALL_LEAST: f64 = 2e-3;
/// Samples on either side of the comparison that finds the plateau.
const PLATEAU: usize = 8;
/// The plateau is level to this part of a dispatch, or to what its noise lets one tell.
const LEVEL: f64 = 0.01;

/// A variant, compiled, with its buffers, on a device.
pub(super) struct Bench<'a> {
    pub(super) device: &'a mut dyn Device,
    pub(super) pipeline: Pipeline,
    pub(super) allocation: Allocation,
    pub(super) clock: Clock,
    /// Whether the host goes about it step by step: then what a submission costs is what is timed, or nothing beside it.
    pub(super) by_host: bool,
    /// What empties the caches before every dispatch of a cold case.
    pub(super) evictor: Option<&'a Evictor>,
}

/// One sample: seconds of one dispatch by both clocks, and what it cost to take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) device: Option<f64>,
    pub(super) wall: f64,
    /// Seconds that it took to take, by the host's clock.
    pub(super) cost: f64,
}

impl Sample {
    /// Seconds of one dispatch by the clock that counts.
    pub(super) fn seconds(&self) -> f64 {
        self.device.unwrap_or(self.wall)
    }
}

impl Bench<'_> {
    /// One dispatch that nobody times.
    pub(super) fn launch_untimed(&mut self) -> Result<(), Failure> {
        self.device.launch(self.pipeline, self.allocation, 1).map(|_| ())
    }

    /// Takes one sample of `repeats` dispatches, or of a single one if it is to be cold. By the host's clock it is the difference between a batch and one twice
    /// as long, so that what a submission costs drops out.
    pub(super) fn sample(&mut self, repeats: u32) -> Result<Sample, Failure> {
        if let Some(evictor) = self.evictor {
            return self.cold_sample(evictor);
        }
        let each = f64::from(repeats);
        if self.clock == Clock::Device {
            let (elapsed, seconds) = self.launch_timed(repeats)?;
            return Ok(Sample {
                device: Some(seconds / each),
                wall: elapsed.wall / each,
                cost: elapsed.wall,
            });
        }
        if self.by_host {
            let wall = self.device.launch(self.pipeline, self.allocation, repeats)?.wall;
            return Ok(Sample {
                device: None,
                wall: wall / each,
                cost: wall,
            });
        }
        for _ in 0..READINGS {
            let first = self.device.launch(self.pipeline, self.allocation, repeats)?;
            let second = self.device.launch(self.pipeline, self.allocation, 2 * repeats)?;
            let slope = (second.wall - first.wall) / each;
            if slope > 0.0 {
                return Ok(Sample {
                    device: None,
                    wall: slope,
                    cost: first.wall + second.wall,
                });
            }
        }
        Err(Failure::Error(format!(
            "by the host's clock {} dispatches took no longer than {repeats}, {READINGS} times in a row: the host is too busy \
             to time this",
            2 * repeats
        )))
    }

    /// The number of dispatches that a first sample needs: by the host's clock, as many as it can tell from twice as many.
    pub(super) fn first(&mut self) -> Result<u32, Failure> {
        let mut repeats = 1;
        while self.clock == Clock::Wall
            && f64::from(repeats) < MOST_REPEATS
            && self.device.launch(self.pipeline, self.allocation, repeats)?.wall < WALL_LEAST
        {
            repeats *= 2;
        }
        Ok(repeats)
    }

    fn cold_sample(&mut self, evictor: &Evictor) -> Result<Sample, Failure> {
        let sampling = Instant::now();
        evictor.evict(self.device)?;
        let (elapsed, seconds) = self.launch_timed(1)?;
        let tick = self.device.facts().tick.unwrap_or_default();
        if seconds < COLD_TICKS * tick {
            return Err(Failure::Unsupported(format!(
                "one dispatch takes {:.2} us, fewer than {COLD_TICKS} ticks of the device's clock; measure this case hot",
                seconds * 1e6
            )));
        }
        Ok(Sample {
            device: Some(seconds),
            wall: elapsed.wall,
            cost: sampling.elapsed().as_secs_f64(),
        })
    }

    /// A launch and its time by the device's clock. Some counters have 36 bits and wrap every minute, which makes one
    /// reading senseless: then the batch is run again.
    fn launch_timed(&mut self, repeats: u32) -> Result<(Elapsed, f64), Failure> {
        for _ in 0..READINGS {
            let elapsed = self.device.launch(self.pipeline, self.allocation, repeats)?;
            if let Some((ticks, tick)) = elapsed.ticks.zip(self.device.facts().tick) {
                return Ok((elapsed, ticks as f64 * tick));
            }
        }
        Err(Failure::Error(format!(
            "the device's clock gave no sensible reading {READINGS} times in a row"
        )))
    }

    /// The number of dispatches that make a batch long enough, from the time of one.
    pub(super) fn repeats(&self, seconds: f64) -> u32 {
        if self.evictor.is_some() {
            return 1;
        }
        let wanted = match self.clock {
            Clock::Device => BATCH.max(TICKS * self.device.facts().tick.unwrap_or_default()),
            Clock::Wall => WALL_BATCH,
        };
        (wanted / seconds.max(1e-9)).ceil().clamp(1.0, MOST_REPEATS) as u32
    }

    /// Runs until the time of a dispatch is level: the median of the last few samples within 1 % of the few before, or
    /// within two standard errors of their difference. Returns the number of dispatches of a batch.
    pub(super) fn warm_up(&mut self, (least, most): (f64, f64)) -> Result<u32, Failure> {
        let first = self.first()?;
        let mut samples = vec![self.sample(first)?];
        let mut repeats = self.repeats(samples[0].seconds());
        let mut spent = samples[0].cost;
        loop {
            let sample = self.sample(repeats)?;
            spent += sample.cost;
            samples.push(sample);
            // The first dispatches are slow, so the batch that they suggest is short.
            repeats = self.repeats(middle(&samples[samples.len().saturating_sub(PLATEAU)..]));
            if spent >= most || (spent >= least && is_level(&samples)) {
                return Ok(repeats);
            }
        }
    }
}

/// The median time of a dispatch.
fn middle(samples: &[Sample]) -> f64 {
    let seconds: Vec<f64> = samples.iter().map(Sample::seconds).collect();
    median(&sorted(&seconds)).unwrap_or_default()
}

/// Whether the last few samples are where the few before were.
fn is_level(samples: &[Sample]) -> bool {
    let Some(start) = samples.len().checked_sub(2 * PLATEAU) else {
        return false;
    };
    let seconds: Vec<f64> = samples[start..].iter().map(Sample::seconds).collect();
    let (before, after) = seconds.split_at(PLATEAU);
    let (before, after) = (sorted(before), sorted(after));
    let middles = median(&before).zip(median(&after));
    let deviations = robust_deviation(&before).zip(robust_deviation(&after));
    middles.zip(deviations).is_some_and(|((before, after), (one, other))| {
        // The median of n normal values has the variance pi/2 s^2 / n.
        let error = f64::midpoint(one, other) * (std::f64::consts::PI / PLATEAU as f64).sqrt();
        (after - before).abs() <= (LEVEL * before).max(2.0 * error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(seconds: impl Fn(usize) -> f64) -> bool {
        let sample = |place| Sample {
            device: Some(seconds(place)),
            wall: 1.0,
            cost: 1.0,
        };
        is_level(&(0..2 * PLATEAU).map(sample).collect::<Vec<_>>())
    }

    #[test]
    fn times_that_still_change_are_not_level() {
        assert!(level(|_| 1.0));
        assert!(level(|place| if place < PLATEAU { 1.009 } else { 1.0 }));
        assert!(!level(|place| if place < PLATEAU { 1.011 } else { 1.0 }));
        assert!(!level(|place| if place < PLATEAU { 1.0 } else { 1.011 }));
    }

    /// The difference of the medians is 2 %, its standard error 2.3 %.
    #[test]
    fn noise_does_not_keep_times_from_being_level() {
        assert!(level(|place| {
            let noise = [-0.05, 0.05, -0.02, 0.02, -0.03, 0.03, -0.01, 0.01][place % PLATEAU];
            noise + if place < PLATEAU { 1.0 } else { 1.02 }
        }));
        assert!(!is_level(&[]));
    }
}
