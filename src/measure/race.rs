//! Racing the variants of a case: each is proved, then they take turns, and the fastest goes on.

use std::time::Instant;

use super::evict::Evictor;
use super::sample::Bench;
use super::verify::{self, Ended, Reference};
use super::{Candidate, Clock, Phases, Status};
use crate::device::{Allocation, Checks, Device, Failure, Pipeline};
use crate::kernels::{Buffer, Case, Variant};
use crate::stats::{median, sorted};

/// Rounds after the first.
const ROUNDS: usize = 3;
/// A variant that is so many times slower than the fastest after the first round drops out.
const HOPELESS: f64 = 2.0;

/// A variant that gave the right answer.
pub(super) struct Runner {
    pub(super) variant: Variant,
    pub(super) pipeline: Pipeline,
    /// Largest errors with and without run-time checks, as fractions of the tolerance.
    pub(super) errors: (f64, f64),
    seconds: Vec<f64>,
}

/// What a race needs to know.
pub(super) struct Course<'a> {
    pub(super) case: &'a Case,
    pub(super) buffers: &'a [Buffer],
    pub(super) allocation: Allocation,
    pub(super) reference: &'a Reference,
    pub(super) clock: Clock,
    pub(super) evictor: Option<&'a Evictor>,
}

impl Course<'_> {
    /// Compiles a variant with and without run-time checks and proves both.
    pub(super) fn prove(
        &self,
        device: &mut dyn Device,
        variant: Variant,
        phases: &mut Phases,
    ) -> Result<Runner, Ended> {
        let compiling = Instant::now();
        let checked = device.compile(self.case, &variant, Checks::On)?;
        let compiled = device.compile(self.case, &variant, Checks::Off);
        phases.compile += compiling.elapsed().as_secs_f64();
        let proving = Instant::now();
        let with = self.answer(device, checked);
        device.discard(checked);
        let pipeline = compiled?;
        let errors = with.and_then(|with| Ok((with, self.answer(device, pipeline)?)));
        phases.proof += proving.elapsed().as_secs_f64();
        match errors {
            Ok(errors) => Ok(Runner {
                variant,
                pipeline,
                errors,
                seconds: Vec::new(),
            }),
            Err(ended) => {
                device.discard(pipeline);
                Err(ended)
            }
        }
    }

    fn answer(&self, device: &mut dyn Device, pipeline: Pipeline) -> Result<f64, Ended> {
        verify::poison(device, self.allocation, self.buffers)?;
        device.launch(pipeline, self.allocation, 1)?;
        verify::compare(device, self.allocation, self.buffers, self.reference)
    }

    /// Lets the runners take turns; the fastest comes first in the list afterwards.
    pub(super) fn race(&self, device: &mut dyn Device, runners: &mut [Runner]) -> Result<(), Failure> {
        if runners.len() < 2 {
            return Ok(());
        }
        for runner in runners.iter_mut() {
            self.turn(device, runner)?;
        }
        let fastest = runners.iter().map(Runner::best).fold(f64::INFINITY, f64::min);
        for _ in 0..ROUNDS {
            for runner in runners.iter_mut().filter(|r| r.seconds[0] <= HOPELESS * fastest) {
                self.turn(device, runner)?;
            }
        }
        runners.sort_by(|a, b| a.best().total_cmp(&b.best()));
        Ok(())
    }

    fn turn(&self, device: &mut dyn Device, runner: &mut Runner) -> Result<(), Failure> {
        let mut bench = self.bench(device, runner);
        let repeats = match self.clock {
            _ if runner.seconds.is_empty() => bench.first()?,
            Clock::Device => (2e-3 / runner.best()).clamp(1.0, 64.0) as u32,
            Clock::Wall => bench.repeats(runner.best()),
        };
        let sample = bench.sample(repeats)?;
        runner.seconds.push(sample.seconds());
        Ok(())
    }

    pub(super) fn bench<'d>(&'d self, device: &'d mut dyn Device, runner: &Runner) -> Bench<'d> {
        runner.bench(device, self.allocation, self.clock, self.evictor)
    }
}

/// What a variant counts as with these times of a dispatch: the median of those after the first, which may have been cold;
/// the first if there are no more. Infinite without any.
pub(crate) fn standing(seconds: &[f64]) -> f64 {
    let counted = seconds.get(1..).filter(|rest| !rest.is_empty());
    median(&sorted(counted.unwrap_or(seconds))).unwrap_or(f64::INFINITY)
}

impl Runner {
    /// It with its buffers, to be timed by a clock.
    pub(super) fn bench<'d>(
        &self,
        device: &'d mut dyn Device,
        allocation: Allocation,
        clock: Clock,
        evictor: Option<&'d Evictor>,
    ) -> Bench<'d> {
        Bench {
            device,
            pipeline: self.pipeline,
            allocation,
            clock,
            by_host: !self.variant.program.is_all_shaders(),
            evictor,
        }
    }

    fn best(&self) -> f64 {
        standing(&self.seconds)
    }

    /// The record of its part in the race.
    pub(super) fn candidate(&self, run: u32, place: u32, case: &Case) -> Candidate {
        Candidate {
            run,
            place,
            case: case.clone(),
            variant: self.variant.name.clone(),
            status: Status::Ok,
            reason: String::new(),
            seconds: self.seconds.clone(),
        }
    }
}
