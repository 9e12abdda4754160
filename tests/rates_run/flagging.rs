//! How often flags find what they are for, and how often they cry wolf, in a fixed number of samples.

use onpar::stats::Flags;

use super::SEED;
use super::noise::{Level, Noise, Scatter, steady};
use super::rate::{Rate, in_parallel};

/// One kind of noise, and what is promised of it.
pub(crate) struct Cell {
    pub(crate) name: &'static str,
    noise: Noise,
    promise: Promise,
}

enum Promise {
    /// Hardly any flag is raised.
    Clean,
    /// Nearly always this flag is.
    Found(&'static str),
    /// Neither is promised.
    Open,
}

const fn clean(name: &'static str, scatter: Scatter) -> Cell {
    Cell {
        name,
        noise: steady(scatter),
        promise: Promise::Clean,
    }
}

const fn open(name: &'static str, noise: Noise) -> Cell {
    Cell {
        name,
        noise,
        promise: Promise::Open,
    }
}

const fn found(name: &'static str, level: Level, flag: &'static str) -> Cell {
    Cell {
        name,
        noise: odd(level),
        promise: Promise::Found(flag),
    }
}

const fn odd(level: Level) -> Noise {
    Noise {
        scatter: Scatter::Normal(0.01),
        level,
    }
}

pub(crate) const CELLS: [Cell; 14] = [
    clean("normal, 1 %", Scatter::Normal(0.01)),
    clean("normal, 5 %", Scatter::Normal(0.05)),
    clean("log-normal, 5 %", Scatter::LogNormal(0.05)),
    clean("AR(1) .3, 3 %", Scatter::Ar(0.3, 0.03)),
    clean("AR(1) .6, 3 %", Scatter::Ar(0.6, 0.03)),
    clean("normal, 2 %, spikes", Scatter::Spikes(0.02)),
    open("AR(1) .8, 3 %", steady(Scatter::Ar(0.8, 0.03))),
    open("AR(1) .9, 3 %", steady(Scatter::Ar(0.9, 0.03))),
    open("wandering, 1 % + 1 %", steady(Scatter::Wander(0.01))),
    found("drift of 3 %, 1 %", Level::Drift(0.03), "drift"),
    found("step of 10 %, 1 %", Level::Step(0.1), "step"),
    found("step of 5 %, 1 %", Level::Step(0.05), "step"),
    found("modes 10 % apart, 1 %", Level::Modes(0.1, 0.3), "bimodal"),
    open("modes 5 % apart, 1 %", odd(Level::Modes(0.05, 0.3))),
];

/// What the flags make of one kind of noise.
pub(crate) struct Flagged {
    pub(crate) cell: &'static Cell,
    pub(crate) samples: usize,
    /// In the order of [`Flags::named`].
    pub(crate) each: [Rate; 5],
    pub(crate) any: Rate,
}

pub(crate) fn run(cell: &'static Cell, samples: usize, repetitions: usize) -> Flagged {
    let all = in_parallel(repetitions, |number| {
        let source = cell.noise.samples(SEED + number as u64, samples);
        Flags::of(&source.take(samples).collect::<Vec<_>>(), None)
    });
    let is_raised = |flag: usize| move |flags: &Flags| flags.named()[flag].1.raised == Some(true);
    Flagged {
        cell,
        samples,
        each: std::array::from_fn(|flag| Rate::of(&all, is_raised(flag))),
        any: Rate::of(&all, Flags::is_any_raised),
    }
}

impl Flagged {
    pub(crate) fn assert_promise(&self) {
        let what = format!("{} samples of {}", self.samples, self.cell.name);
        match self.cell.promise {
            Promise::Clean => assert!(self.any.is_at_most(0.03), "{what}: {:?} flagged", self.any),
            Promise::Found(flag) => {
                let named = Flags::default().named();
                let place = named.iter().position(|(name, _)| *name == flag).expect("a flag");
                let found = self.each[place];
                assert!(found.others().is_at_most(0.05), "{what}: {flag} in {found:?}");
            }
            Promise::Open => {}
        }
    }
}
