//! One case from beginning to end. Whatever happens becomes a row.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::race::{Course, Runner};
use super::sample::{Bench, Effort, Sample};
use super::verify::{self, Ended, Reference};
use super::{Block, Candidate, Clock, Event, Proof, Row, Start, Status, Stop};
use crate::device::{Allocation, Device};
use crate::kernels::{self, Buffer, Case, Kernel, Variant};

/// How a run measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Number of the run, from 1.
    pub run: u32,
    /// Seed of the inputs; the same seed gives the same inputs.
    pub seed: u64,
    /// Race every variant, not only those that are raced by default.
    pub all_variants: bool,
    /// The clock, as the timer self-test found.
    pub clock: Clock,
    /// How long to warm up and to sample.
    pub effort: Effort,
}

/// A case and its place in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Place in the plan, from 0.
    pub place: u32,
    /// The case.
    pub case: Case,
}

/// Measures one case. The observer hears of its start, of every variant tried, of every block of samples, and of the row
/// that it ends with; the status of that row is returned.
pub fn measure(device: &mut dyn Device, item: &Item, settings: &Settings, observe: &mut dyn FnMut(Event)) -> Status {
    observe(Event::Start(Start {
        run: settings.run,
        place: item.place,
        case: item.case.clone(),
    }));
    let mut row = Row::of(item, settings.run, settings.clock);
    let ended = match find(&item.case) {
        Ok(kernel) => Attempt {
            kernel,
            item,
            settings,
            device,
            observe,
            row: &mut row,
        }
        .run(),
        Err(ended) => Err(ended),
    };
    if let Err(Ended { status, reason }) = ended {
        (row.status, row.reason) = (status, reason);
    }
    let status = row.status;
    observe(Event::Row(row));
    status
}

fn find(case: &Case) -> Result<&'static Kernel, Ended> {
    let unsupported = |reason| Ended {
        status: Status::Unsupported,
        reason,
    };
    let kernel =
        kernels::find(&case.kernel).ok_or_else(|| unsupported(format!("there is no kernel {}", case.kernel)))?;
    kernel.check(case).map_err(unsupported)?;
    Ok(kernel)
}

/// The measuring of one case.
struct Attempt<'a> {
    kernel: &'static Kernel,
    item: &'a Item,
    settings: &'a Settings,
    device: &'a mut dyn Device,
    observe: &'a mut dyn FnMut(Event),
    row: &'a mut Row,
}

impl Attempt<'_> {
    fn run(mut self) -> Result<(), Ended> {
        let buffers = (self.kernel.buffers)(&self.item.case);
        let allocation = self.device.allocate(&buffers)?;
        let outcome = self.race_and_sample(allocation, &buffers);
        self.device.free(allocation);
        outcome
    }

    fn race_and_sample(&mut self, allocation: Allocation, buffers: &[Buffer]) -> Result<(), Ended> {
        let seed = self.settings.seed.wrapping_add(u64::from(self.item.place) << 32);
        let reference = self.fill(allocation, buffers, seed)?;
        let course = Course {
            case: &self.item.case,
            buffers,
            allocation,
            reference: &reference,
            clock: self.settings.clock,
        };
        let mut runners = self.prove_all(&course)?;
        let racing = Instant::now();
        course.race(self.device, &mut runners)?;
        self.row.phases.race = racing.elapsed().as_secs_f64();
        for runner in &runners {
            let candidate = runner.candidate(self.settings.run, self.item.place, &self.item.case);
            (self.observe)(Event::Candidate(candidate));
        }
        let changed = self.fill(allocation, buffers, seed.wrapping_add(1 << 16))?;
        let outcome = self.sample(&runners[0], allocation, buffers, &changed);
        for runner in &runners {
            self.device.discard(runner.pipeline);
        }
        outcome
    }

    /// New inputs, poisoned outputs, and the right answer.
    fn fill(&mut self, allocation: Allocation, buffers: &[Buffer], seed: u64) -> Result<Reference, Ended> {
        let filling = Instant::now();
        let bytes = verify::fill(self.device, allocation, buffers, seed)?;
        self.row.phases.setup += filling.elapsed().as_secs_f64();
        let proving = Instant::now();
        let reference = verify::reference(self.kernel, &self.item.case, buffers, &bytes);
        self.row.phases.proof += proving.elapsed().as_secs_f64();
        Ok(reference)
    }

    /// The variants that gave the right answer. If none did, the case ends as its most telling variant.
    fn prove_all(&mut self, course: &Course) -> Result<Vec<Runner>, Ended> {
        let mut variants = (self.kernel.variants)(&self.item.case);
        variants.retain(|variant| self.settings.all_variants || variant.default);
        let mut runners = Vec::new();
        let mut failed: Option<Ended> = None;
        for variant in variants {
            let name = variant.name.clone();
            match course.prove(self.device, variant, &mut self.row.phases) {
                Ok(runner) => runners.push(runner),
                Err(ended) if ended.status == Status::Lost => return Err(ended),
                Err(ended) => {
                    self.refused(&name, &ended);
                    let worse = failed
                        .as_ref()
                        .is_none_or(|other| severity(ended.status) > severity(other.status));
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

    fn sample(
        &mut self,
        runner: &Runner,
        allocation: Allocation,
        buffers: &[Buffer],
        reference: &Reference,
    ) -> Result<(), Ended> {
        let Variant { name, engine, .. } = &runner.variant;
        self.row.variant.clone_from(name);
        self.row.engine = Some(*engine);
        let mut bench = Bench {
            device: &mut *self.device,
            pipeline: runner.pipeline,
            allocation,
            clock: self.settings.clock,
        };
        let warming = Instant::now();
        let repeats = bench.warm_up(self.settings.effort.warm_up)?;
        self.row.phases.warm_up = warming.elapsed().as_secs_f64();
        let sampling = Instant::now();
        let mut observe = |samples: &[Sample]| {
            (self.observe)(Event::Block(block(self.item, self.settings.run, repeats, samples)));
        };
        let stop = bench.take(repeats, self.settings.effort.limits, &mut observe)?;
        // One more batch, on outputs that were poisoned just before: what stands there afterwards is what was timed.
        verify::poison(bench.device, allocation, buffers)?;
        let last = bench.sample(repeats)?;
        observe(&[last]);
        self.row.phases.timed = sampling.elapsed().as_secs_f64();
        let proving = Instant::now();
        let timed = verify::compare(self.device, allocation, buffers, reference)?;
        self.row.phases.proof += proving.elapsed().as_secs_f64();
        self.finish(stop, reference, runner.errors, timed);
        Ok(())
    }

    fn finish(&mut self, stop: Stop, reference: &Reference, (checked, unchecked): (f64, f64), timed: f64) {
        self.row.stop = Some(stop);
        self.row.proof = Some(Proof {
            against: "f64".to_owned(),
            elements: reference.elements(),
            checked,
            unchecked,
            timed,
        });
    }
}

fn block(item: &Item, run: u32, repeats: u32, samples: &[Sample]) -> Block {
    Block {
        run,
        place: item.place,
        case: item.case.clone(),
        repeats,
        device: samples.iter().filter_map(|sample| sample.device).collect(),
        wall: samples.iter().map(|sample| sample.wall).collect(),
    }
}

/// Which failure of a variant tells most about a case that none could run.
fn severity(status: Status) -> u8 {
    match status {
        Status::Wrong => 3,
        Status::Error => 2,
        Status::Unsupported => 1,
        _ => 0,
    }
}
