//! Sampling one proved variant: sizing the batch to the clock, warming up to a plateau, taking samples.

use super::stopping::{Limits, Stopping};
use super::{Clock, Stop};
use crate::device::{Allocation, Device, Elapsed, Failure, Pipeline};
use crate::stats::{median, sorted};

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
/// Most dispatches in a batch.
const MOST_REPEATS: f64 = 8192.0;
/// Senseless readings of the device's clock in a row after which a case is given up.
const READINGS: usize = 3;
/// Differences by the host's clock in a row that are not positive after which a case is given up. On a busy host some are.
const DIFFERENCES: usize = 10;
/// Samples on either side of the comparison that finds the plateau.
const PLATEAU: usize = 8;

/// A variant, compiled, with its buffers, on a device.
pub(super) struct Bench<'a> {
    pub(super) device: &'a mut dyn Device,
    pub(super) pipeline: Pipeline,
    pub(super) allocation: Allocation,
    pub(super) clock: Clock,
}

/// One sample: seconds of one dispatch by both clocks, and what it cost to take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) device: Option<f64>,
    pub(super) wall: f64,
    cost: f64,
}

impl Sample {
    /// Seconds of one dispatch by the clock that counts.
    pub(super) fn seconds(&self) -> f64 {
        self.device.unwrap_or(self.wall)
    }
}

impl Bench<'_> {
    /// Takes one sample of `repeats` dispatches. By the host's clock it is the difference between a batch and one twice
    /// as long, so that what a submission costs drops out.
    pub(super) fn sample(&mut self, repeats: u32) -> Result<Sample, Failure> {
        let each = f64::from(repeats);
        if self.clock == Clock::Device {
            let (elapsed, seconds) = self.launch_timed(repeats)?;
            return Ok(Sample {
                device: Some(seconds / each),
                wall: elapsed.wall / each,
                cost: elapsed.wall,
            });
        }
        for _ in 0..DIFFERENCES {
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
            "by the host's clock {repeats} dispatches took no less time than twice as many, {DIFFERENCES} times in a row: the host is too busy to time this"
        )))
    }

    /// Dispatches to begin with, while it is not known how long one takes. By the host's clock there must be enough of them
    /// from the first for a difference to stand out.
    pub(super) fn first_repeats(&mut self) -> Result<u32, Failure> {
        let mut repeats = 1;
        if self.clock == Clock::Wall {
            while f64::from(repeats) < MOST_REPEATS
                && self.device.launch(self.pipeline, self.allocation, repeats)?.wall < WALL_BATCH
            {
                repeats *= 2;
            }
        }
        Ok(repeats)
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
        let wanted = match self.clock {
            Clock::Device => BATCH.max(TICKS * self.device.facts().tick.unwrap_or_default()),
            Clock::Wall => WALL_BATCH,
        };
        (wanted / seconds.max(1e-9)).ceil().clamp(1.0, MOST_REPEATS) as u32
    }

    /// Runs until the time of a dispatch no longer falls: the median of the last few samples within 1 % of the few
    /// before. Returns the number of dispatches of a batch.
    pub(super) fn warm_up(&mut self, (least, most): (f64, f64)) -> Result<u32, Failure> {
        let first = self.first_repeats()?;
        let mut samples = vec![self.sample(first)?];
        let mut repeats = self.repeats(samples[0].seconds());
        let mut spent = samples[0].cost;
        loop {
            let sample = self.sample(repeats)?;
            spent += sample.cost;
            samples.push(sample);
            // The first dispatches are slow, so the batch that they suggest is short.
            repeats = self.repeats(sample.seconds());
            if spent >= most || (spent >= least && is_level(&samples)) {
                return Ok(repeats);
            }
        }
    }

    /// Samples until the rule says stop. Blocks of samples go to `block` as they are finished.
    pub(super) fn take(
        &mut self,
        repeats: u32,
        limits: Limits,
        mut block: impl FnMut(&[Sample]),
    ) -> Result<Stop, Failure> {
        let mut stopping = Stopping::new(limits);
        let mut pending = Vec::with_capacity(limits.least);
        loop {
            let sample = self.sample(repeats)?;
            stopping.add(sample.seconds(), sample.cost);
            pending.push(sample);
            let stop = stopping.is_finished();
            if stop.is_some() || pending.len() >= limits.least {
                block(&pending);
                pending.clear();
            }
            if let Some(stop) = stop {
                return Ok(stop);
            }
        }
    }
}

fn is_level(samples: &[Sample]) -> bool {
    let Some(start) = samples.len().checked_sub(2 * PLATEAU) else {
        return false;
    };
    let middle = |part: &[Sample]| median(&sorted(&part.iter().map(Sample::seconds).collect::<Vec<_>>()));
    let (before, after) = samples[start..].split_at(PLATEAU);
    middle(before)
        .zip(middle(after))
        .is_some_and(|(before, after)| after >= before * 0.99)
}
