//! What a case came to in one run, and what the runs say together. A run is the unit of every comparison: samples of one
//! run are not independent of each other, medians of runs are.

use super::conditions::Conditions;
use crate::measure::{Clock, Stop};
use crate::record::{Finished, Header};
use crate::stats::{Flag, Flags, SampleMedian, median, sorted};

/// What a case came to in one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Number of the run, from 1.
    pub run: u32,
    /// Samples.
    pub samples: usize,
    /// Their median and its interval.
    pub median: SampleMedian,
    /// Energy of one dispatch in J, where the device has a meter.
    pub joules: Option<f64>,
    /// Why sampling ended.
    pub stop: Option<Stop>,
    /// What is odd about them.
    pub flags: Flags,
    /// What the machine did meanwhile.
    pub conditions: Conditions,
}

/// The coarsest clock that a host is read by, in seconds: that of Windows.
const HOST_CLOCK: f64 = 1e-7;

impl Run {
    fn of(finished: &Finished, header: &Header) -> Option<Self> {
        let median = SampleMedian::of(&finished.samples)?;
        let resolution = match finished.row.clock {
            Clock::Device => header.timer.as_ref().and_then(|timer| timer.resolution),
            Clock::Wall => Some(HOST_CLOCK),
        };
        let of_sample = |seconds: f64| seconds / (median.median * f64::from(finished.repeats));
        Some(Self {
            run: finished.row.run,
            samples: finished.samples.len(),
            median,
            joules: finished
                .row
                .energy
                .map(|energy| energy.joules / energy.dispatches as f64),
            stop: finished.row.stop,
            flags: Flags::of(&finished.samples, resolution.map(of_sample)),
            conditions: Conditions::of(finished, &header.facts.identity),
        })
    }
}

/// The runs of one case, in order. One that stands twice in the plan counts, in each run, by its faster place.
pub(super) fn runs(all: &[&Finished], header: &Header) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for run in all.iter().filter_map(|finished| Run::of(finished, header)) {
        match runs.iter_mut().find(|other| other.run == run.run) {
            Some(other) if run.median.median < other.median.median => *other = run,
            Some(_) => {}
            None => runs.push(run),
        }
    }
    runs.sort_by_key(|run| run.run);
    runs
}

/// What the samples of the runs have in common.
#[must_use]
pub fn common_flags(runs: &[Run]) -> Flags {
    let of = |flag: fn(&Flags) -> Flag| common(runs, |run| flag(&run.flags));
    let bimodal = of(|flags| flags.bimodal);
    let modes = runs.iter().find_map(|run| run.flags.modes);
    Flags {
        drift: of(|flags| flags.drift),
        step: of(|flags| flags.step),
        bimodal,
        quantised: of(|flags| flags.quantised),
        unstable: of(|flags| flags.unstable),
        modes: modes.filter(|_| bimodal.raised == Some(true)),
        outliers: runs.iter().map(|run| run.flags.outliers).sum(),
    }
}

/// What the machine did while most of the runs were measured.
#[must_use]
pub fn common_conditions(runs: &[Run]) -> Conditions {
    Conditions {
        contended: common(runs, |run| run.conditions.contended),
        reference: common(runs, |run| run.conditions.reference),
        throttled: common(runs, |run| run.conditions.throttled),
        clocks: common(runs, |run| run.conditions.clocks),
    }
}

/// A flag is raised where at least half of the runs that were judged raise it, and its value is the median of theirs. A
/// single odd run among several moves neither the median of the runs nor this.
fn common(runs: &[Run], of: impl Fn(&Run) -> Flag) -> Flag {
    let flags = || runs.iter().map(&of);
    let judged: Vec<bool> = flags().filter_map(|flag| flag.raised).collect();
    let raised = judged.iter().filter(|raised| **raised).count();
    Flag {
        value: median(&sorted(&flags().filter_map(|flag| flag.value).collect::<Vec<_>>())),
        raised: (!judged.is_empty()).then_some(2 * raised >= judged.len()),
    }
}

/// Why sampling ended: the target only if every run reached it.
pub(super) fn stop(runs: &[Run]) -> Option<Stop> {
    let reasons = || runs.iter().filter_map(|run| run.stop);
    reasons().find(|stop| *stop != Stop::Target).or(reasons().next())
}
