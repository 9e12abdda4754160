//! A case before it is timed: what is asked for, the proof of its variants, and the race between them.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::evict::Evictor;
use super::race::{Course, Runner};
use super::room;
use super::sample::{Bench, Effort};
use super::verify::{self, Ended, Reference};
use super::{Candidate, Clock, Event, Row, Status};
use crate::device::{Allocation, Device, Failure, alive};
use crate::kernels::{self, Buffer, Case, Kernel, Variant};
use crate::stats::{median, sorted};

/// How a run measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Number of the run, from 1.
    pub run: u32,
    /// Seed of the inputs; the same seed gives the same inputs.
    pub seed: u64,
    /// Race every variant, not only those that are raced by default.
    pub all_variants: bool,
    /// Time the fastest variant with its run-time checks as well.
    pub checks: bool,
    /// The clock, as the timer self-test found.
    pub clock: Clock,
    /// How long to warm up and to sample.
    pub effort: Effort,
}

impl Settings {
    /// The same with the clock of one case.
    pub(super) fn of_case(&self, case: &Case) -> Self {
        Self {
            clock: clock_of(case, self.clock),
            ..self.clone()
        }
    }
}

/// The clock of a case where others are timed by `clock`: what is not all shaders is timed by the host's.
pub(super) fn clock_of(case: &Case, clock: Clock) -> Clock {
    let all_shaders = |kernel: &Kernel| {
        let variants = (kernel.variants)(case);
        variants.iter().all(|variant| variant.program.is_all_shaders())
    };
    match find(case) {
        Ok(kernel) if !all_shaders(kernel) => Clock::Wall,
        _ => clock,
    }
}

/// A case and its place in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Place in the plan, from 0.
    pub place: u32,
    /// The case.
    pub case: Case,
    /// The variant to measure, where the tuner has chosen one; else the variants race.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

impl Item {
    /// A case whose variants race.
    #[must_use]
    pub const fn new(place: u32, case: Case) -> Self {
        Self {
            place,
            case,
            variant: None,
        }
    }
}

/// A case that is proved, raced and warm, ready to be timed when somebody asks, as criterion does. Give it back with
/// [`Prepared::release`].
pub struct Prepared {
    ready: Ready,
    clock: Clock,
    /// Dispatches of a sample.
    repeats: u32,
}

impl Prepared {
    /// Proves a case, races its variants and warms up the fastest.
    ///
    /// # Errors
    /// What kept it from being proved, as its status and a reason.
    pub fn new(device: &mut dyn Device, item: &Item, settings: &Settings) -> Result<Self, (Status, String)> {
        let settings = &settings.of_case(&item.case);
        let mut row = Row::of(item, settings.run, settings.clock);
        let clock = settings.clock;
        let ready = prepare(device, item, settings, None, &mut row, &mut |_| {})
            .map_err(|ended| (ended.status, ended.reason))?;
        match ready.bench(device, clock, None).warm_up(settings.effort.warm_up) {
            Ok(repeats) => Ok(Self { ready, clock, repeats }),
            Err(failure) => {
                ready.release(device);
                let ended = Ended::from(failure);
                Err((ended.status, ended.reason))
            }
        }
    }

    /// Takes one sample: seconds of a dispatch of the fastest variant, by the clock of the settings.
    ///
    /// # Errors
    /// When the device fails or is lost.
    pub fn sample(&self, device: &mut dyn Device) -> Result<f64, Failure> {
        let mut bench = self.ready.bench(device, self.clock, None);
        bench.sample(self.repeats).map(|sample| sample.seconds())
    }

    /// The time of a number of dispatches at the median of as many samples as hold them: what `onpar run` calls the time
    /// of a dispatch, times their number, and not the sum, which one interruption of the host makes another.
    ///
    /// # Errors
    /// When the device fails or is lost.
    pub fn time(&self, device: &mut dyn Device, dispatches: u64) -> Result<Duration, Failure> {
        let count = dispatches.div_ceil(u64::from(self.repeats));
        let samples = (0..count).map(|_| self.sample(device));
        let seconds = samples.collect::<Result<Vec<_>, _>>()?;
        let dispatch = median(&sorted(&seconds)).unwrap_or_default();
        Ok(Duration::from_secs_f64(dispatch * dispatches as f64))
    }

    /// Gives buffers and shaders back to the device.
    pub fn release(self, device: &mut dyn Device) {
        self.ready.release(device);
    }
}

/// Proves the variants of a case and races them. What it takes is added to the row's phases.
pub(super) fn prepare(
    device: &mut dyn Device,
    item: &Item,
    settings: &Settings,
    evictor: Option<&Evictor>,
    row: &mut Row,
    observe: &mut dyn FnMut(Event),
) -> Result<Ready, Ended> {
    let kernel = find(&item.case)?;
    Preparation {
        kernel,
        item,
        settings,
        evictor,
        device,
        observe,
        row,
    }
    .ready()
}

/// Buffers with inputs that no variant has seen, their reference, and the variants, the fastest first.
pub(super) struct Ready {
    pub(super) allocation: Allocation,
    pub(super) buffers: Vec<Buffer>,
    pub(super) reference: Reference,
    runners: Vec<Runner>,
}

impl Ready {
    /// The fastest variant.
    pub(super) fn winner(&self) -> &Runner {
        &self.runners[0]
    }

    pub(super) fn bench<'a>(
        &self,
        device: &'a mut dyn Device,
        clock: Clock,
        evictor: Option<&'a Evictor>,
    ) -> Bench<'a> {
        self.winner().bench(device, self.allocation, clock, evictor)
    }

    pub(super) fn release(self, device: &mut dyn Device) {
        for runner in &self.runners {
            device.discard(runner.pipeline);
        }
        device.free(self.allocation);
    }
}

pub(super) fn find(case: &Case) -> Result<&'static Kernel, Ended> {
    let unsupported = |reason| Ended {
        status: Status::Unsupported,
        reason,
    };
    let kernel =
        kernels::find(&case.kernel).ok_or_else(|| unsupported(format!("there is no kernel {}", case.kernel)))?;
    kernel.check(case).map_err(unsupported)?;
    Ok(kernel)
}

/// What is at hand while a case is made ready.
struct Preparation<'a> {
    kernel: &'static Kernel,
    item: &'a Item,
    settings: &'a Settings,
    evictor: Option<&'a Evictor>,
    device: &'a mut dyn Device,
    observe: &'a mut dyn FnMut(Event),
    row: &'a mut Row,
}

impl Preparation<'_> {
    fn ready(&mut self) -> Result<Ready, Ended> {
        self.runnable()?;
        let buffers = (self.kernel.buffers)(&self.item.case);
        room::check(self.device, &buffers)?;
        let allocation = self.device.allocate(&buffers)?;
        let prepared = self.prove_and_race(allocation, &buffers);
        if prepared.is_err() {
            self.device.free(allocation);
        }
        let (reference, runners) = prepared?;
        Ok(Ready {
            allocation,
            buffers,
            reference,
            runners,
        })
    }

    /// Ends a case of which the device can run no variant, before the host works out an answer that nobody will ask for.
    fn runnable(&self) -> Result<(), Ended> {
        let variants = self.variants();
        let facts = self.device.facts();
        let missing = variants
            .iter()
            .map(|variant| facts.can_run(&variant.program.needs).err());
        let missing: Option<Vec<String>> = missing.collect();
        match missing.and_then(|reasons| reasons.into_iter().next()) {
            Some(reason) => Err(Failure::Unsupported(reason).into()),
            None => Ok(()),
        }
    }

    fn variants(&self) -> Vec<Variant> {
        let mut variants = (self.kernel.variants)(&self.item.case);
        variants.retain(|variant| match &self.item.variant {
            Some(chosen) => variant.name == *chosen,
            None => self.settings.all_variants || variant.default,
        });
        variants
    }

    /// The variants that gave the right answer, the fastest first, and the reference of the inputs that wait for them.
    fn prove_and_race(
        &mut self,
        allocation: Allocation,
        buffers: &[Buffer],
    ) -> Result<(Reference, Vec<Runner>), Ended> {
        let seed = self.settings.seed.wrapping_add(u64::from(self.item.place) << 32);
        let reference = self.fill(allocation, buffers, seed)?;
        let course = Course {
            case: &self.item.case,
            buffers,
            allocation,
            reference: &reference,
            clock: self.settings.clock,
            evictor: self.evictor,
        };
        let mut runners = self.prove_all(&course)?;
        let racing = Instant::now();
        course.race(self.device, &mut runners)?;
        self.row.phases.race = racing.elapsed().as_secs_f64();
        // Of a variant that ran alone because the tuner has chosen it, the tuner has told.
        for runner in runners.iter().filter(|_| self.item.variant.is_none()) {
            let candidate = runner.candidate(self.settings.run, self.item.place, &self.item.case);
            (self.observe)(Event::Candidate(candidate));
        }
        let changed = self.fill(allocation, buffers, seed.wrapping_add(1 << 16))?;
        Ok((changed, runners))
    }

    /// New inputs, poisoned outputs, and the right answer.
    fn fill(&mut self, allocation: Allocation, buffers: &[Buffer], seed: u64) -> Result<Reference, Ended> {
        let filling = Instant::now();
        let bytes = verify::fill(self.device, allocation, buffers, seed)?;
        self.row.phases.setup += filling.elapsed().as_secs_f64();
        let proving = Instant::now();
        let reference = alive(|| verify::reference(self.kernel, &self.item.case, buffers, &bytes));
        self.row.phases.proof += proving.elapsed().as_secs_f64();
        Ok(reference)
    }

    /// The variants that gave the right answer. If none did, the case ends as its most telling variant.
    fn prove_all(&mut self, course: &Course) -> Result<Vec<Runner>, Ended> {
        let mut runners = Vec::new();
        let mut failed: Option<Ended> = None;
        for variant in self.variants() {
            let name = variant.name.clone();
            match course.prove(self.device, variant, &mut self.row.phases) {
                Ok(runner) => runners.push(runner),
                Err(ended) if ended.status == Status::Lost => return Err(ended),
                Err(ended) => {
                    self.refused(&name, &ended);
                    let worse = failed
                        .as_ref()
                        .is_none_or(|other| ended.status.severity() > other.status.severity());
                    if worse {
                        self.row.variant = name;
                        failed = Some(ended);
                    }
                }
            }
        }
        if runners.is_empty() {
            return Err(failed.unwrap_or_else(|| Ended {
                status: Status::Unsupported,
                reason: "every variant would need longer loops than all drivers can be trusted with".to_owned(),
            }));
        }
        Ok(runners)
    }

    fn refused(&mut self, variant: &str, ended: &Ended) {
        (self.observe)(Event::Candidate(Candidate {
            run: self.settings.run,
            place: self.item.place,
            case: self.item.case.clone(),
            variant: variant.to_owned(),
            status: ended.status,
            reason: ended.reason.clone(),
            seconds: Vec::new(),
        }));
    }
}
