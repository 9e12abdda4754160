//! A case on its way from proof to row: it is sampled in turns, so that others can be sampled between them.

use std::time::Instant;

use super::case::{self, Item, Ready, Settings};
use super::evict::Evictor;
use super::sample::Sample;
use super::stopping::PATIENCE;
use super::verify::{self, Ended};
use super::{Block, Clock, Event, Limits, Proof, Row, Status, Stop, Stopping};
use crate::device::{Checks, Device, Pipeline};
use crate::kernels::Variant;

/// A turn lasts at least so many seconds ...
const TURN: f64 = 0.05;
/// ... and gives at least so many samples, so that the one dispatch before them, which is not timed, costs little.
const LEAST: usize = 4;

/// A case that is proved and warm.
pub(super) struct Contender<'a> {
    item: &'a Item,
    evictor: Option<&'a Evictor>,
    run: u32,
    clock: Clock,
    row: Row,
    ready: Ready,
    /// The same variant with run-time checks, where their cost is asked for.
    checked: Option<Pipeline>,
    repeats: u32,
    stopping: Stopping,
    limits: Limits,
}

impl<'a> Contender<'a> {
    /// Proves a case, races its variants and warms up the fastest.
    ///
    /// # Errors
    /// The row of a case that came to nothing.
    pub(super) fn new(
        device: &mut dyn Device,
        item: &'a Item,
        settings: &Settings,
        evictor: Option<&'a Evictor>,
        observe: &mut dyn FnMut(Event),
    ) -> Result<Self, Box<Row>> {
        let settings = &settings.of_case(&item.case);
        let mut row = Row::of(item, settings.run, settings.clock);
        let ready = match case::prepare(device, item, settings, evictor, &mut row, observe) {
            Ok(ready) => ready,
            Err(ended) => return Err(Box::new(failed(row, ended))),
        };
        let Variant { name, engine, .. } = &ready.winner().variant;
        row.variant.clone_from(name);
        row.engine = Some(*engine);
        let warming = Instant::now();
        let mut bench = ready.bench(device, settings.clock, evictor);
        let repeats = bench.warm_up(settings.effort.warm_up);
        row.phases.warm_up = warming.elapsed().as_secs_f64();
        let compiling = Instant::now();
        let variant = settings.checks.then_some(&ready.winner().variant);
        let checked = variant.map(|variant| device.compile(&item.case, variant, Checks::On));
        row.phases.compile += compiling.elapsed().as_secs_f64();
        match repeats.and_then(|repeats| Ok((repeats, checked.transpose()?))) {
            Ok((repeats, checked)) => Ok(Self {
                checked,
                item,
                evictor,
                run: settings.run,
                clock: settings.clock,
                row,
                ready,
                repeats,
                stopping: Stopping::new(settings.effort.limits),
                limits: settings.effort.limits,
            }),
            Err(failure) => {
                ready.release(device);
                Err(Box::new(failed(row, failure.into())))
            }
        }
    }

    /// Whose turn it is.
    pub(super) fn item(&self) -> &'a Item {
        self.item
    }

    /// One turn: a dispatch that is not timed, because the caches and clocks are still those of the case before, then
    /// samples. Says whether, and why, there are enough of them now.
    ///
    /// # Errors
    /// What the device reports.
    pub(super) fn turn(
        &mut self,
        device: &mut dyn Device,
        observe: &mut dyn FnMut(Event),
    ) -> Result<Option<Stop>, Ended> {
        let sampling = Instant::now();
        let mut bench = self.ready.bench(device, self.clock, self.evictor);
        bench.launch_untimed()?;
        let (mut samples, mut spent) = (Vec::new(), 0.0);
        let stop = loop {
            let sample = bench.sample(self.repeats)?;
            self.stopping.add(sample.seconds(), sample.cost);
            spent += sample.cost;
            samples.push(sample);
            let stop = self.stopping.is_finished();
            let long = spent >= TURN && samples.len() >= LEAST;
            if stop.is_some() || long || self.stopping.is_late() {
                break stop;
            }
        };
        observe(self.block(&samples, false));
        if let Some(checked) = self.checked {
            let samples = self.turn_of(checked, device, samples.len())?;
            observe(self.block(&samples, true));
        }
        self.row.phases.timed += sampling.elapsed().as_secs_f64();
        if self.stopping.is_late() {
            return Err(self.too_slow());
        }
        Ok(stop)
    }

    /// As many samples of another pipeline, for the same reasons after a dispatch that is not timed.
    fn turn_of(&self, pipeline: Pipeline, device: &mut dyn Device, count: usize) -> Result<Vec<Sample>, Ended> {
        let mut bench = self.ready.bench(device, self.clock, self.evictor);
        bench.pipeline = pipeline;
        bench.launch_untimed()?;
        let samples = (0..count).map(|_| bench.sample(self.repeats));
        Ok(samples.collect::<Result<_, _>>()?)
    }

    fn too_slow(&self) -> Ended {
        let reason = format!(
            "fewer than {} samples in {PATIENCE} s; measure a smaller case",
            self.limits.least
        );
        Ended {
            status: Status::Timeout,
            reason,
        }
    }

    /// One more batch, on outputs that were poisoned just before: what stands there afterwards is what was timed.
    ///
    /// # Errors
    /// A wrong answer, or what the device reports.
    pub(super) fn finish(
        &mut self,
        device: &mut dyn Device,
        stop: Stop,
        observe: &mut dyn FnMut(Event),
    ) -> Result<(), Ended> {
        let sampling = Instant::now();
        let mut bench = self.ready.bench(device, self.clock, self.evictor);
        self.row.energy = bench.energy(self.repeats)?;
        verify::poison(device, self.ready.allocation, &self.ready.buffers)?;
        let last = self
            .ready
            .bench(device, self.clock, self.evictor)
            .sample(self.repeats)?;
        observe(self.block(&[last], false));
        self.row.phases.timed += sampling.elapsed().as_secs_f64();
        let proving = Instant::now();
        let Ready {
            allocation,
            buffers,
            reference,
            ..
        } = &self.ready;
        let timed = verify::compare(device, *allocation, buffers, reference)?;
        self.row.phases.proof += proving.elapsed().as_secs_f64();
        let (checked, unchecked) = self.ready.winner().errors;
        self.row.stop = Some(stop);
        self.row.proof = Some(Proof {
            against: "f64".to_owned(),
            elements: reference.elements(),
            checked,
            unchecked,
            timed,
        });
        Ok(())
    }

    /// Gives everything back to the device and says how the case ended.
    pub(super) fn end(self, device: &mut dyn Device, outcome: Result<(), Ended>) -> Row {
        let row = self.abandon(device);
        match outcome {
            Ok(()) => row,
            Err(ended) => failed(row, ended),
        }
    }

    /// Gives everything back to the device.
    pub(super) fn abandon(self, device: &mut dyn Device) -> Row {
        if let Some(checked) = self.checked {
            device.discard(checked);
        }
        self.ready.release(device);
        self.row
    }

    fn block(&self, samples: &[Sample], checks: bool) -> Event {
        Event::Block(Block {
            run: self.run,
            place: self.item.place,
            case: self.item.case.clone(),
            repeats: self.repeats,
            checks,
            device: samples.iter().filter_map(|sample| sample.device).collect(),
            wall: samples.iter().map(|sample| sample.wall).collect(),
        })
    }
}

/// The row of a case that came to nothing.
fn failed(row: Row, Ended { status, reason }: Ended) -> Row {
    debug_assert_ne!(status, Status::Ok, "it failed");
    Row { status, reason, ..row }
}
