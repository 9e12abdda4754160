//! Searching on a device, by the host's clock.

use std::time::Instant;

use super::search::{self, Ground};
use super::{Found, Progress, Task, Trial};
use crate::device::Device;
use crate::kernels::{self, Variant};
use crate::measure::{Contest, Entrant, Status};

/// A turn lasts about so long, in seconds, or one dispatch; longer where the clock is coarse.
const TURN: f64 = 5e-3;

/// Looks for the fastest variant of a case. Variants that end the process are the business of whoever runs it, who hears
/// of each before it is tried.
///
/// # Errors
/// What kept the case from being set up, or that the device was lost, as the status of a case and a reason.
pub fn search(
    device: &mut dyn Device,
    task: &Task,
    observe: &mut dyn FnMut(Progress),
) -> Result<Found, (Status, String)> {
    let begun = Instant::now();
    let contest = Contest::new(device, &task.case, task.seed, task.clock)?;
    let mut variants = kernels::find(&task.case.kernel).map_or_else(Vec::new, |kernel| (kernel.variants)(&task.case));
    variants.retain(|variant| !task.without.contains(&variant.name));
    let mut at = OnDevice {
        device,
        contest: &contest,
        entrants: Vec::new(),
        observe,
        begun,
        allowed: task.seconds,
    };
    let outcome = search::search(&mut at, variants);
    for (entrant, _) in at.entrants {
        contest.dismiss(at.device, entrant);
    }
    contest.end(device);
    let (variant, trials) = outcome?;
    Ok(Found {
        variant,
        trials,
        seconds: begun.elapsed().as_secs_f64(),
    })
}

struct OnDevice<'a> {
    device: &'a mut dyn Device,
    contest: &'a Contest,
    /// Those that came through, each with the seconds of a dispatch when it was last timed.
    entrants: Vec<(Entrant, f64)>,
    observe: &'a mut dyn FnMut(Progress),
    begun: Instant,
    allowed: f64,
}

impl Ground for OnDevice<'_> {
    fn enter(&mut self, variant: Variant) -> Result<f64, (Status, String)> {
        (self.observe)(Progress::Trying(variant.name.clone()));
        let entrant = self.contest.prove(self.device, variant)?;
        match self.contest.time(self.device, &entrant, TURN, None) {
            Ok(seconds) => {
                self.entrants.push((entrant, seconds));
                Ok(seconds)
            }
            Err(failed) => {
                self.contest.dismiss(self.device, entrant);
                Err(failed)
            }
        }
    }

    fn turn(&mut self, entrant: usize) -> Result<f64, (Status, String)> {
        let (entrant, last) = &mut self.entrants[entrant];
        *last = self.contest.time(self.device, entrant, TURN, Some(*last))?;
        Ok(*last)
    }

    fn tell(&mut self, trial: &Trial) {
        (self.observe)(Progress::Tried(trial.clone()));
    }

    fn used(&self) -> f64 {
        self.begun.elapsed().as_secs_f64() / self.allowed
    }
}
