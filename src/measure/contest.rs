//! A case set up on a device for whoever looks for its fastest variant: each is proved, as before every measurement, and
//! then timed as often as one likes.

use super::case::{clock_of, find};
use super::evict::Evictor;
use super::race::{Course, Runner};
use super::verify::{self, Ended, Reference};
use super::{Clock, Phases, Status, room};
use crate::device::{Allocation, Device, Failure, alive};
use crate::kernels::{Buffer, Cache, Case, Variant};
use crate::suites;

/// Inputs and right answer of a case. Give it back with [`Contest::end`].
pub struct Contest {
    case: Case,
    buffers: Vec<Buffer>,
    allocation: Allocation,
    reference: Reference,
    clock: Clock,
    evictor: Option<Evictor>,
}

/// A variant that gave the right answer.
pub struct Entrant(Runner);

/// What kept something from being done, as the status of a case and a reason.
type Refusal = (Status, String);

impl Contest {
    /// Sets a case up.
    ///
    /// # Errors
    /// What kept it from being set up, as the status of a case and a reason.
    pub fn new(device: &mut dyn Device, case: &Case, seed: u64, clock: Clock) -> Result<Self, Refusal> {
        let cold = (case.cache == Cache::Cold).then(|| Evictor::new(device, &suites::evictor(), clock));
        let evictor = cold.transpose().map_err(refusal)?;
        let kernel = find(case).map_err(refusal)?;
        let buffers = (kernel.buffers)(case);
        room::check(device, &buffers).map_err(refusal)?;
        let allocation = device.allocate(&buffers).map_err(failed)?;
        match verify::fill(device, allocation, &buffers, seed) {
            Ok(bytes) => Ok(Self {
                case: case.clone(),
                reference: alive(|| verify::reference(kernel, case, &buffers, &bytes)),
                buffers,
                allocation,
                clock: clock_of(case, clock),
                evictor,
            }),
            Err(failure) => {
                device.free(allocation);
                Err(failed(failure))
            }
        }
    }

    fn course(&self) -> Course<'_> {
        Course {
            case: &self.case,
            buffers: &self.buffers,
            allocation: self.allocation,
            reference: &self.reference,
            clock: self.clock,
            evictor: self.evictor.as_ref(),
        }
    }

    /// Compiles a variant with and without run-time checks and proves both.
    ///
    /// # Errors
    /// What is wrong with it, as the status of a case and a reason.
    pub fn prove(&self, device: &mut dyn Device, variant: Variant) -> Result<Entrant, Refusal> {
        let proved = self.course().prove(device, variant, &mut Phases::default());
        proved.map(Entrant).map_err(refusal)
    }

    /// Times a batch: for the first time as short as the clock allows, else of about `length` seconds, where a dispatch is
    /// known to take `last`. Seconds of one dispatch.
    ///
    /// # Errors
    /// What the device reports.
    pub fn time(
        &self,
        device: &mut dyn Device,
        Entrant(runner): &Entrant,
        length: f64,
        last: Option<f64>,
    ) -> Result<f64, Refusal> {
        let course = self.course();
        let mut bench = course.bench(device, runner);
        let repeats = match (last, self.clock) {
            (None, _) => bench.first().map_err(failed)?,
            (Some(last), Clock::Device) => bench.repeats(last).min((length / last).max(1.0) as u32),
            (Some(last), Clock::Wall) => bench.repeats(last),
        };
        bench.sample(repeats).map(|sample| sample.seconds()).map_err(failed)
    }

    /// Gives a variant back to the device.
    pub fn dismiss(&self, device: &mut dyn Device, Entrant(runner): Entrant) {
        device.discard(runner.pipeline);
    }

    /// Gives the buffers back to the device.
    pub fn end(self, device: &mut dyn Device) {
        device.free(self.allocation);
        if let Some(evictor) = self.evictor {
            evictor.release(device);
        }
    }
}

fn refusal(ended: Ended) -> Refusal {
    (ended.status, ended.reason)
}

fn failed(failure: Failure) -> Refusal {
    refusal(failure.into())
}
