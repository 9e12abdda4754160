//! How often the interval at the stop holds the true median, and how many samples that takes.

use onpar::measure::{Limits, Stop, Stopping};
use onpar::stats::{Flags, JUDGED_FROM, SampleMedian};

use super::SEED;
use super::noise::{Level, Noise, Scatter, steady};
use super::rate::{Rate, in_parallel};

/// Sampling as `onpar run` does it, but for the time.
pub(crate) const LIMITS: Limits = Limits {
    least: 16,
    most: 2000,
    seconds: f64::INFINITY,
    half_width: 0.01,
};

/// One kind of noise, and what is promised of it.
pub(crate) struct Cell {
    pub(crate) name: &'static str,
    pub(crate) noise: Noise,
    pub(crate) promise: Option<Promise>,
}

/// Nearly every run reaches the target with so many samples.
pub(crate) struct Promise {
    /// Least part of the runs whose interval holds the true median.
    coverage: f64,
    /// Most samples in half of the runs.
    samples: usize,
}

const fn promised(name: &'static str, scatter: Scatter, coverage: f64, samples: usize) -> Cell {
    Cell {
        name,
        noise: steady(scatter),
        promise: Some(Promise { coverage, samples }),
    }
}

const fn open(name: &'static str, scatter: Scatter, level: Level) -> Cell {
    Cell {
        name,
        noise: Noise { scatter, level },
        promise: None,
    }
}

pub(crate) const CELLS: [Cell; 11] = [
    promised("normal, 2 %", Scatter::Normal(0.02), 0.97, 54),
    promised("normal, 5 %", Scatter::Normal(0.05), 0.97, 341),
    promised("log-normal, 5 %", Scatter::LogNormal(0.05), 0.97, 410),
    promised("AR(1) .3, 3 %", Scatter::Ar(0.3, 0.03), 0.95, 182),
    promised("AR(1) .6, 3 %", Scatter::Ar(0.6, 0.03), 0.95, 410),
    promised("AR(1) .8, 3 %", Scatter::Ar(0.8, 0.03), 0.95, 922),
    promised("normal, 2 %, spikes", Scatter::Spikes(0.02), 0.97, 81),
    open("normal, 2 %, two modes", Scatter::Normal(0.02), Level::Modes(0.1, 0.3)),
    open("AR(1) .9, 3 %", Scatter::Ar(0.9, 0.03), Level::Steady),
    open("normal, 1 %, drifting", Scatter::Normal(0.01), Level::Drift(0.03)),
    open("wandering, 1 % + 1 %", Scatter::Wander(0.01), Level::Steady),
];

/// One run: sampled until the rule says stop.
struct Run {
    count: usize,
    stop: Stop,
    holds: bool,
    covers: bool,
    flags: Flags,
}

fn sample(noise: Noise, seed: u64) -> Run {
    let mut stopping = Stopping::new(LIMITS);
    let mut samples = Vec::new();
    let mut source = noise.samples(seed, JUDGED_FROM);
    let stop = loop {
        let sample = source.next().expect("endless");
        samples.push(sample);
        stopping.add(sample, 0.0);
        if let Some(stop) = stopping.is_finished() {
            break stop;
        }
    };
    let found = SampleMedian::of(&samples).expect("samples");
    let truth = noise.median().unwrap_or(f64::NAN);
    Run {
        count: samples.len(),
        stop,
        holds: found.holds,
        covers: (found.low..=found.high).contains(&truth),
        flags: Flags::of(&samples, None),
    }
}

/// What the rule makes of one kind of noise.
pub(crate) struct Stopped {
    pub(crate) cell: &'static Cell,
    /// Of the runs that promise an interval, how many hold the true median; none where there is no such thing.
    pub(crate) covered: Option<Rate>,
    /// Runs that reached the target.
    pub(crate) reached: Rate,
    /// Samples of each run at the stop, ascending.
    counts: Vec<usize>,
    pub(crate) flagged: Rate,
    pub(crate) unstable: Rate,
}

pub(crate) fn run(cell: &'static Cell, repetitions: usize) -> Stopped {
    let runs = in_parallel(repetitions, |number| sample(cell.noise, SEED + number as u64));
    let mut counts: Vec<usize> = runs.iter().map(|run| run.count).collect();
    counts.sort_unstable();
    let promising: Vec<&Run> = runs.iter().filter(|run| run.holds).collect();
    Stopped {
        cell,
        covered: cell.noise.median().map(|_| Rate::of(&promising, |run| run.covers)),
        reached: Rate::of(&runs, |run| run.stop == Stop::Target),
        counts,
        flagged: Rate::of(&runs, |run| run.flags.is_any_raised()),
        unstable: Rate::of(&runs, |run| run.flags.unstable.raised == Some(true)),
    }
}

impl Stopped {
    /// Samples at the stop in this part of the runs, at most.
    pub(crate) fn samples(&self, part: f64) -> usize {
        self.counts[(self.counts.len() as f64 * part) as usize]
    }

    pub(crate) fn assert_promise(&self) {
        let name = self.cell.name;
        let Some(Promise { coverage, samples }) = self.cell.promise else {
            return;
        };
        let missed = self.covered.expect("a true median").others();
        assert!(
            missed.is_at_most(1.0 - coverage),
            "{name}: {missed:?} missed, {coverage} promised"
        );
        let more = Rate::of(&self.counts, |count| *count > samples);
        assert!(more.is_at_most(0.5), "{name}: more than {samples} samples in {more:?}");
        assert!(
            self.reached.others().is_at_most(0.01),
            "{name}: {:?} reached the target",
            self.reached
        );
    }
}
