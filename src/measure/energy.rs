//! What a case costs in energy, by the device's own meter.
//!
//! Such meters step: their reading stays for some tens of milliseconds, then jumps, and what it jumps by is an average of
//! the time before. So a case is run alone, without a turn of another, and energy and dispatches are counted from one
//! step to another, the first of them after the case has been at work for a while.

use serde::{Deserialize, Serialize};

use super::sample::Bench;
use crate::device::Failure;

/// Seconds of work before a step counts: a meter's average reaches as far back.
const LEAD: f64 = 0.2;
/// Seconds that are counted at least.
const WINDOW: f64 = 0.5;
/// A meter that has not stepped for so many seconds is none.
const PATIENCE: f64 = 0.4;

/// Energy that a device used while it did nothing but one case.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Energy {
    /// Joules between two steps of the device's meter.
    pub joules: f64,
    /// Dispatches between them.
    pub dispatches: u64,
    /// Seconds between them, by the host's clock, while dispatches were under way.
    pub seconds: f64,
}

/// How a count stands after a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Count {
    More,
    Done(Energy),
    NoMeter,
}

/// The reading of a meter together with what had been done when it was taken.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark {
    joules: f64,
    dispatches: u64,
    seconds: f64,
}

/// A count under way.
struct Meter {
    /// The last step.
    step: Mark,
    /// The step from which on is counted.
    from: Option<Mark>,
    dispatches: u64,
    seconds: f64,
}

impl Meter {
    const fn new(joules: f64) -> Self {
        let (dispatches, seconds) = (0, 0.0);
        Self {
            step: Mark {
                joules,
                dispatches,
                seconds,
            },
            from: None,
            dispatches,
            seconds,
        }
    }

    /// After a batch: how many dispatches it had, how long it took, what the meter reads now.
    fn add(&mut self, dispatches: u32, seconds: f64, joules: f64) -> Count {
        self.dispatches += u64::from(dispatches);
        self.seconds += seconds;
        if joules == self.step.joules {
            return if self.seconds - self.step.seconds > PATIENCE {
                Count::NoMeter
            } else {
                Count::More
            };
        }
        if joules < self.step.joules {
            return Count::NoMeter;
        }
        self.step = Mark {
            joules,
            dispatches: self.dispatches,
            seconds: self.seconds,
        };
        match self.from {
            None if self.seconds >= LEAD => self.from = Some(self.step),
            Some(from) if self.seconds - from.seconds >= WINDOW => return Count::Done(between(from, self.step)),
            _ => {}
        }
        Count::More
    }
}

fn between(from: Mark, to: Mark) -> Energy {
    Energy {
        joules: to.joules - from.joules,
        dispatches: to.dispatches - from.dispatches,
        seconds: to.seconds - from.seconds,
    }
}

impl Bench<'_> {
    /// Runs batches of `repeats` dispatches until their energy is known; none where the device has no meter, and of what
    /// is not the device's work alone: cold cases empty caches between dispatches, others go to and fro with the host.
    pub(super) fn energy(&mut self, repeats: u32) -> Result<Option<Energy>, Failure> {
        if self.evictor.is_some() || self.by_host {
            return Ok(None);
        }
        let Some(mut meter) = self.device.energy().map(Meter::new) else {
            return Ok(None);
        };
        loop {
            let elapsed = self.device.launch(self.pipeline, self.allocation, repeats)?;
            let Some(joules) = self.device.energy() else {
                return Ok(None);
            };
            match meter.add(repeats, elapsed.wall, joules) {
                Count::More => {}
                Count::Done(energy) => return Ok(Some(energy)),
                Count::NoMeter => return Ok(None),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Batches of 10 dispatches of 1 ms at 300 W, by a meter that steps every `period` seconds.
    fn metered(period: f64) -> Count {
        let mut meter = Meter::new(0.0);
        for batch in 1_u32.. {
            let step = (f64::from(batch) * 0.01 / period + 1e-9).floor();
            match meter.add(10, 0.01, step * period * 300.0) {
                Count::More => {}
                end => return end,
            }
        }
        unreachable!("a count ends")
    }

    #[test]
    fn energy_is_counted_from_step_to_step() {
        let Count::Done(energy) = metered(0.1) else {
            panic!("a meter that steps every 0.1 s is one");
        };
        assert_eq!(energy.dispatches, 500);
        assert!((energy.joules / 500.0 - 0.3).abs() < 1e-9, "{energy:?}");
        assert!((energy.seconds - 0.5).abs() < 1e-9, "{energy:?}");
    }

    #[test]
    fn a_meter_that_stands_still_is_none() {
        assert_eq!(metered(1e9), Count::NoMeter);
        let mut meter = Meter::new(5.0);
        assert_eq!(
            meter.add(1, 0.01, 4.0),
            Count::NoMeter,
            "nor is one that runs backwards"
        );
    }
}
