//! What the statistics of one run keep: how often the interval at the stop holds the true median, how many samples that
//! takes, how often the flags are right and how often they cry wolf. All noise comes from fixed seeds.
//!
//! The tables in `docs/methodology.md` are of 2,000 repetitions. Make them again, in about a minute, with
//!
//! ```sh
//! ONPAR_ACCEPT=1 cargo test --release --test rates_run -- --ignored full
//! ```
//!
//! Without `--ignored` a tenth of the repetitions is held against the same bands.

#[path = "../common/mod.rs"]
mod common;
mod noise;
mod rules;
mod table;

use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use onpar::measure::{Limits, Stop, Stopping};
use onpar::stats::{Flags, JUDGED_FROM, SampleMedian};

use noise::{Level, Noise, Scatter, steady};

/// Fixed before the rules were made.
const SEED: u64 = 20_261_123;

/// Sampling as `onpar run` does it, but for the time.
const LIMITS: Limits = Limits {
    least: 16,
    most: 2000,
    seconds: f64::INFINITY,
    half_width: 0.01,
};

/// Does something for each number below `count` on all cores; the results are in order.
fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mine = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        mine.take_while(|number| *number < count)
            .map(|number| (number, work(number)))
            .collect::<Vec<_>>()
    };
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        let ended = workers.into_iter().map(|worker| worker.join().expect("no panic"));
        ended.flatten().collect()
    });
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, result)| result).collect()
}

/// A part of repetitions.
#[derive(Debug, Clone, Copy)]
struct Rate {
    count: usize,
    of: usize,
}

impl Rate {
    fn of<T>(all: &[T], is_so: impl Fn(&T) -> bool) -> Self {
        Self {
            count: all.iter().filter(|one| is_so(one)).count(),
            of: all.len(),
        }
    }

    fn value(self) -> f64 {
        self.count as f64 / self.of as f64
    }

    /// Whether it is at most this, or within two standard errors of chance above.
    fn is_at_most(self, target: f64) -> bool {
        let rate = self.value();
        let error = (rate * (1.0 - rate) / self.of as f64).sqrt();
        rate - 2.0 * error <= target
    }

    fn others(self) -> Self {
        Self {
            count: self.of - self.count,
            of: self.of,
        }
    }
}

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

fn raised(flags: &Flags) -> bool {
    flags.named().iter().any(|(_, flag)| flag.raised == Some(true))
}

/// What the rule makes of one kind of noise.
struct Stopped {
    name: &'static str,
    /// Of the runs that promise an interval, how many hold the true median; none where there is no such thing.
    covered: Option<Rate>,
    reached: Rate,
    median: usize,
    most: usize,
    flagged: Rate,
    unstable: Rate,
}

impl Stopped {
    fn of(name: &'static str, noise: Noise, repetitions: usize) -> Self {
        let runs = in_parallel(repetitions, |number| sample(noise, SEED + number as u64));
        let mut counts: Vec<usize> = runs.iter().map(|run| run.count).collect();
        counts.sort_unstable();
        let promised: Vec<&Run> = runs.iter().filter(|run| run.holds).collect();
        Self {
            name,
            covered: noise.median().map(|_| Rate::of(&promised, |run| run.covers)),
            reached: Rate::of(&runs, |run| run.stop == Stop::Target),
            median: counts[repetitions / 2],
            most: counts[repetitions * 9 / 10],
            flagged: Rate::of(&runs, |run| raised(&run.flags)),
            unstable: Rate::of(&runs, |run| run.flags.unstable.raised == Some(true)),
        }
    }
}

/// The noises, by name, with the least coverage that is promised and the most samples of a median run.
const STOPPING: [(&str, Noise, Option<(f64, usize)>); 11] = [
    ("normal, 2 %", steady(Scatter::Normal(0.02)), Some((0.97, 54))),
    ("normal, 5 %", steady(Scatter::Normal(0.05)), Some((0.97, 341))),
    ("log-normal, 5 %", steady(Scatter::LogNormal(0.05)), Some((0.97, 410))),
    ("AR(1) .3, 3 %", steady(Scatter::Ar(0.3, 0.03)), Some((0.95, 182))),
    ("AR(1) .6, 3 %", steady(Scatter::Ar(0.6, 0.03)), Some((0.95, 410))),
    ("AR(1) .8, 3 %", steady(Scatter::Ar(0.8, 0.03)), Some((0.95, 922))),
    ("AR(1) .9, 3 %", steady(Scatter::Ar(0.9, 0.03)), None),
    ("normal, 2 %, spikes", steady(Scatter::Spikes(0.02)), Some((0.97, 81))),
    (
        "normal, 2 %, two modes",
        Noise {
            scatter: Scatter::Normal(0.02),
            level: Level::Modes(0.1, 0.3),
        },
        Some((0.97, 250)),
    ),
    (
        "normal, 1 %, drifting",
        Noise {
            scatter: Scatter::Normal(0.01),
            level: Level::Drift(0.03),
        },
        None,
    ),
    ("wandering, 1 % + 1 %", steady(Scatter::Wander(0.01)), None),
];

fn stopping(repetitions: usize) -> Vec<Stopped> {
    let cells = STOPPING.iter();
    cells
        .map(|(name, noise, _)| Stopped::of(name, *noise, repetitions))
        .collect()
}

fn assert_stopping(cells: &[Stopped]) {
    for (cell, (name, _, promise)) in cells.iter().zip(&STOPPING) {
        let Some((coverage, samples)) = promise else { continue };
        let missed = cell.covered.expect("a true median").others();
        assert!(
            missed.is_at_most(1.0 - coverage),
            "{name}: {missed:?} missed, promised {coverage}"
        );
        assert!(
            cell.median <= *samples,
            "{name}: {} samples, at most {samples}",
            cell.median
        );
        assert!(
            cell.reached.others().is_at_most(0.01),
            "{name}: {:?} reached",
            cell.reached
        );
    }
}

/// What the flags make of one kind of noise at a fixed number of samples.
struct Flagged {
    name: &'static str,
    samples: usize,
    /// In the order of [`Flags::named`].
    each: [Rate; 5],
    any: Rate,
}

impl Flagged {
    fn of(name: &'static str, noise: Noise, samples: usize, repetitions: usize) -> Self {
        let all = in_parallel(repetitions, |number| {
            let taken: Vec<f64> = noise.samples(SEED + number as u64, samples).take(samples).collect();
            Flags::of(&taken, None)
        });
        let each = std::array::from_fn(|flag| Rate::of(&all, |flags| flags.named()[flag].1.raised == Some(true)));
        Self {
            name,
            samples,
            each,
            any: Rate::of(&all, raised),
        }
    }
}

/// What is promised of a noise: which flag finds it, or that none is raised.
#[derive(Debug, Clone, Copy)]
enum Promise {
    Clean,
    Found(&'static str),
    Nothing,
}

const FLAGGING: [(&str, Noise, Promise); 14] = [
    ("normal, 1 %", steady(Scatter::Normal(0.01)), Promise::Clean),
    ("normal, 5 %", steady(Scatter::Normal(0.05)), Promise::Clean),
    ("log-normal, 5 %", steady(Scatter::LogNormal(0.05)), Promise::Clean),
    ("AR(1) .3, 3 %", steady(Scatter::Ar(0.3, 0.03)), Promise::Clean),
    ("AR(1) .6, 3 %", steady(Scatter::Ar(0.6, 0.03)), Promise::Clean),
    ("normal, 2 %, spikes", steady(Scatter::Spikes(0.02)), Promise::Clean),
    ("AR(1) .8, 3 %", steady(Scatter::Ar(0.8, 0.03)), Promise::Nothing),
    ("AR(1) .9, 3 %", steady(Scatter::Ar(0.9, 0.03)), Promise::Nothing),
    ("wandering, 1 % + 1 %", steady(Scatter::Wander(0.01)), Promise::Nothing),
    ("drift of 3 %, 1 %", odd(Level::Drift(0.03)), Promise::Found("drift")),
    ("step of 10 %, 1 %", odd(Level::Step(0.1)), Promise::Found("step")),
    ("step of 5 %, 1 %", odd(Level::Step(0.05)), Promise::Found("step")),
    (
        "modes 10 % apart, 1 %",
        odd(Level::Modes(0.1, 0.3)),
        Promise::Found("bimodal"),
    ),
    ("modes 5 % apart, 1 %", odd(Level::Modes(0.05, 0.3)), Promise::Nothing),
];

const fn odd(level: Level) -> Noise {
    Noise {
        scatter: Scatter::Normal(0.01),
        level,
    }
}

fn flagging(samples: usize, repetitions: usize) -> Vec<Flagged> {
    let cells = FLAGGING.iter();
    cells
        .map(|(name, noise, _)| Flagged::of(name, *noise, samples, repetitions))
        .collect()
}

fn assert_flagging(cells: &[Flagged]) {
    let names = Flags::default().named().map(|(name, _)| name);
    for (cell, (name, _, promise)) in cells.iter().zip(&FLAGGING) {
        match promise {
            Promise::Clean => assert!(cell.any.is_at_most(0.03), "{name}: {:?} flagged", cell.any),
            Promise::Found(flag) => {
                let found = cell.each[names.iter().position(|name| name == flag).expect("a flag")];
                assert!(found.others().is_at_most(0.05), "{name}: {flag} in {found:?}");
            }
            Promise::Nothing => {}
        }
    }
}

#[test]
fn stopping_keeps_its_coverage_and_its_number_of_samples() {
    assert_stopping(&stopping(200));
}

#[test]
fn flags_find_what_they_are_for_and_leave_clean_noise_alone() {
    for samples in [JUDGED_FROM, 121] {
        assert_flagging(&flagging(samples, 200));
    }
}

/// Where nothing can be promised nothing is.
#[test]
fn samples_that_wander_are_flagged_or_not_promised() {
    let cell = Stopped::of("AR(1) .97", steady(Scatter::Ar(0.97, 0.03)), 200);
    assert!(cell.reached.is_at_most(0.05), "{:?} reached the target", cell.reached);
    assert!(cell.unstable.others().is_at_most(0.05), "{:?} unstable", cell.unstable);
}

#[test]
#[ignore = "makes the tables of docs/methodology.md, in about a minute: cargo test --release --test rates_run -- --ignored full"]
fn full() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/methodology.md");
    let repetitions = 2000;
    let stopped = stopping(repetitions);
    common::assert_spliced(&page, "rates of stopping", &table::stopping(&stopped));
    let flagged: Vec<Flagged> = [JUDGED_FROM, 400]
        .into_iter()
        .flat_map(|samples| flagging(samples, repetitions))
        .collect();
    common::assert_spliced(&page, "rates of flags", &table::flagging(&flagged));
    common::assert_spliced(&page, "rates of other rules", &table::rules(repetitions));
    assert_stopping(&stopped);
    for cells in flagged.chunks(FLAGGING.len()) {
        assert_flagging(cells);
    }
}
