//! Emptying the caches before a dispatch that is to be measured cold.

use super::verify::Ended;
use super::{Clock, Status};
use crate::device::{Allocation, Checks, Device, Failure, Pipeline};
use crate::kernels::{self, Case};

/// Reads more than any last-level cache holds. Reading leaves no lines behind that would have to be written back while
/// the dispatch that follows is timed.
pub(super) struct Evictor {
    pipeline: Pipeline,
    allocations: Vec<Allocation>,
}

/// The case is read this often, each time from other buffers, because the size of one buffer is limited.
const BUFFERS: usize = 4;

impl Evictor {
    /// Makes the buffers. Nothing of it is ever timed, so there is nothing to prove.
    ///
    /// # Errors
    /// What the device reports, or that its clock cannot time a single dispatch.
    pub(super) fn new(device: &mut dyn Device, case: &Case, clock: Clock) -> Result<Self, Ended> {
        let lacking = |reason: &str| Ended {
            status: Status::Unsupported,
            reason: reason.to_owned(),
        };
        if clock == Clock::Wall {
            return Err(lacking(
                "cold dispatches are timed one by one, which takes a clock of the device; measure this case hot",
            ));
        }
        let kernel = kernels::find(&case.kernel).ok_or_else(|| lacking("there is no kernel that empties caches"))?;
        let variants = (kernel.variants)(case);
        let variant = variants
            .first()
            .ok_or_else(|| lacking("no kernel empties caches here"))?;
        let pipeline = device.compile(case, variant, Checks::Off)?;
        let mut evictor = Self {
            pipeline,
            allocations: Vec::with_capacity(BUFFERS),
        };
        for _ in 0..BUFFERS {
            match device.allocate(&(kernel.buffers)(case)) {
                Ok(allocation) => evictor.allocations.push(allocation),
                Err(failure) => {
                    evictor.release(device);
                    return Err(failure.into());
                }
            }
        }
        Ok(evictor)
    }

    /// Empties the caches.
    pub(super) fn evict(&self, device: &mut dyn Device) -> Result<(), Failure> {
        for allocation in &self.allocations {
            device.launch(self.pipeline, *allocation, 1)?;
        }
        Ok(())
    }

    pub(super) fn release(self, device: &mut dyn Device) {
        device.discard(self.pipeline);
        for allocation in self.allocations {
            device.free(allocation);
        }
    }
}
