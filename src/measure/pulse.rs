//! What the machine does beside the cases: reference kernels, always the same, whose times tell about the clock of the
//! device and about nothing else, and what the machine says of itself.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::case::{Item, Prepared, Settings};
use super::{Clock, Effort, Limits};
use crate::device::{Device, Failure, Readings};
use crate::kernels::Case;

/// Samples of each reference kernel.
const SAMPLES: usize = 5;

/// A look at the machine: before the first group of cases, between groups, and after the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pulse {
    /// Number of the run.
    pub run: u32,
    /// Seconds since the process that measures was started.
    pub at: f64,
    /// Seconds that this look took.
    pub took: f64,
    /// The reference kernels.
    pub beats: Vec<Beat>,
    /// What the machine says of itself.
    #[serde(default)]
    pub readings: Readings,
}

/// A reference kernel at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beat {
    /// The kernel, as a case.
    pub case: Case,
    /// Seconds of one dispatch, by the clock of the run.
    pub seconds: Vec<f64>,
}

/// The reference kernels, proved and ready.
pub struct Watch {
    began: Instant,
    run: u32,
    references: Vec<(Case, Prepared)>,
}

/// Long enough to find out how many dispatches make a sample.
const EFFORT: Effort = Effort {
    limits: Limits {
        least: 1,
        most: 1,
        seconds: 0.0,
        half_width: 1.0,
    },
    warm_up: (0.02, 0.1),
};

impl Watch {
    /// Proves the reference kernels. One that cannot run here is left out: a session without it is no worse than one on
    /// a device that has no clock to speak of. `began` is when the process started.
    pub fn new(device: &mut dyn Device, references: &[Case], run: u32, clock: Clock, began: Instant) -> Self {
        let settings = Settings {
            run,
            seed: 0,
            all_variants: false,
            checks: false,
            clock,
            effort: EFFORT,
        };
        let mut ready = Vec::new();
        for case in references {
            let item = Item::new(0, case.clone());
            if let Ok(prepared) = Prepared::new(device, &item, &settings) {
                ready.push((case.clone(), prepared));
            }
        }
        Self {
            began,
            run,
            references: ready,
        }
    }

    /// Looks at the machine.
    ///
    /// # Errors
    /// When the device fails or is lost.
    pub fn pulse(&self, device: &mut dyn Device) -> Result<Pulse, Failure> {
        let looking = Instant::now();
        let mut beats = Vec::with_capacity(self.references.len());
        for (case, prepared) in &self.references {
            // The first comes upon caches and clocks that others left.
            prepared.sample(device)?;
            let samples = (0..SAMPLES).map(|_| prepared.sample(device));
            beats.push(Beat {
                case: case.clone(),
                seconds: samples.collect::<Result<_, Failure>>()?,
            });
        }
        // Last, while the device is still at the clock that it has when it works.
        let readings = device.readings();
        Ok(Pulse {
            run: self.run,
            at: self.began.elapsed().as_secs_f64(),
            took: looking.elapsed().as_secs_f64(),
            beats,
            readings,
        })
    }
}
