//! One score for each case of a session.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::ceilings::{Ceilings, Physics, Roof};
use super::measured::{MeasuredRatio, measured_ratios};
use super::paper::{Paper, REFERENCES, paper};
use crate::kernels::{Case, Engine, Role, Work, find};
use crate::measure::{Clock, Proof, Status};
use crate::published::Published;
use crate::record::{Finished, Session};
use crate::stats::{median, median_interval, sorted};

/// Everything that a session says, case by case, in the order of its plan.
#[derive(Debug, Clone)]
pub struct Scores {
    /// The scores.
    pub rows: Vec<Score>,
    /// Variants that were tried and did not come to be measured.
    pub refused: Vec<Refused>,
    /// The ceilings that the session measured.
    pub ceilings: Ceilings,
    /// Id of the published chip that the adapter's name identifies.
    pub own_chip: Option<String>,
}

/// A variant that a device refused or got wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The case.
    pub case: Case,
    /// The variant.
    pub variant: String,
    /// What became of it.
    pub status: Status,
    /// Why.
    pub reason: String,
}

/// What a case came to.
#[derive(Debug, Clone)]
pub struct Score {
    /// The case.
    pub case: Case,
    /// Ok, or the first failure in any run.
    pub status: Status,
    /// Why, where it is not ok.
    pub reason: String,
    /// What it has to do.
    pub work: Work,
    /// The variant that ran; of several runs, the first one's.
    pub variant: String,
    /// The engine it used.
    pub engine: Option<Engine>,
    /// How long it took; none where it is not ok.
    pub timing: Option<Timing>,
    /// What each run came to, in the order of the runs; nothing where it is not ok.
    pub runs: Vec<RunMedian>,
    /// How the answer was proved.
    pub proof: Option<Proof>,
    /// The ceiling of this session that binds it, and how near it came; none for ceilings themselves.
    pub roof: Option<Roof>,
    /// Whether it is possible.
    pub physics: Physics,
    /// Against published figures: the reference chips in order, or none for the floor and for failures.
    pub papers: Vec<Paper>,
    /// Against the published figures of the chip itself, where its name is known.
    pub own_paper: Option<Paper>,
    /// Against what others measured of work that is alike; none for the floor, ceilings and failures.
    pub measured: Vec<MeasuredRatio>,
}

/// The value of one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunMedian {
    /// Number of the run, from 1.
    pub run: u32,
    /// Median of its samples in seconds; of a case that stands twice in the plan, at its faster place.
    pub seconds: f64,
}

/// How long one dispatch took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// Median in seconds: of the samples of one run, or of the medians of several.
    pub seconds: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// What the interval speaks of.
    pub spread: Spread,
    /// Samples in all runs.
    pub samples: usize,
    /// Runs.
    pub runs: usize,
    /// The clock.
    pub clock: Clock,
}

/// What an interval speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// The samples of one run, at 95 %. It says nothing of what another run would give.
    WithinRun,
    /// The medians of the runs, at 95 %.
    BetweenRuns,
    /// The medians of the runs, smallest to largest: too few for an interval.
    RangeOfRuns,
}

impl Timing {
    /// Half the interval relative to the median.
    #[must_use]
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0 / self.seconds
    }
}

impl Score {
    /// Operations per second.
    #[must_use]
    pub fn operation_rate(&self) -> Option<f64> {
        let operations = self.work.operations;
        self.timing
            .filter(|_| operations > 0)
            .map(|timing| operations as f64 / timing.seconds)
    }

    /// Compulsory bytes per second.
    #[must_use]
    pub fn byte_rate(&self) -> Option<f64> {
        let bytes = self.work.bytes();
        self.timing
            .filter(|_| bytes > 0)
            .map(|timing| bytes as f64 / timing.seconds)
    }

    /// What the kernel's result says about a device.
    #[must_use]
    pub fn role(&self) -> Role {
        find(&self.case.kernel).map_or(Role::Workload, |kernel| kernel.role)
    }
}

impl Scores {
    /// Scores a session against published figures.
    #[must_use]
    pub fn of(session: &Session, published: &Published) -> Self {
        let finished: Vec<Finished> = session.rows().collect();
        let mut rows: Vec<Score> = Vec::new();
        for case in in_order(&session.header.plan) {
            let of_case: Vec<&Finished> = finished.iter().filter(|f| f.row.case == *case).collect();
            if !of_case.is_empty() {
                rows.push(observed(case, &of_case));
            }
        }
        let ceilings = Ceilings::of(&rows);
        let own = published.chip_for_adapter(&session.header.facts.identity.adapter);
        let own_chip = own.map(|chip| chip.id.clone());
        for score in &mut rows {
            normalise(score, &ceilings, own_chip.as_deref(), published);
        }
        Self {
            rows,
            refused: refused(session),
            ceilings,
            own_chip,
        }
    }
}

/// The cases of a plan, each at its first place.
fn in_order(plan: &[Case]) -> Vec<&Case> {
    let mut cases: Vec<&Case> = Vec::new();
    for case in plan {
        if !cases.contains(&case) {
            cases.push(case);
        }
    }
    cases
}

/// What was observed of one case over all runs and places.
fn observed(case: &Case, all: &[&Finished]) -> Score {
    let runs = if all.iter().all(|finished| finished.row.status == Status::Ok) {
        runs(all)
    } else {
        Vec::new()
    };
    let bad = all.iter().find(|finished| finished.row.status != Status::Ok);
    let first = bad.unwrap_or(&all[0]).row;
    Score {
        case: case.clone(),
        status: first.status,
        reason: first.reason.clone(),
        work: Work {
            operations: first.operations,
            read: first.read,
            written: first.written,
        },
        variant: first.variant.clone(),
        engine: first.engine,
        timing: timing(all, &runs),
        runs: runs.iter().map(|run| run.median).collect(),
        proof: first.proof.clone(),
        roof: None,
        physics: Physics::Unchecked,
        papers: Vec::new(),
        own_paper: None,
        measured: Vec::new(),
    }
}

/// The samples of a run.
struct RunSamples {
    median: RunMedian,
    ascending: Vec<f64>,
}

/// A case that stands twice in the plan counts, in each run, by its faster place. Nothing if a row is without samples.
fn runs(all: &[&Finished]) -> Vec<RunSamples> {
    let mut runs: BTreeMap<u32, RunSamples> = BTreeMap::new();
    for finished in all {
        let ascending = sorted(&finished.samples);
        let Some(seconds) = median(&ascending) else {
            return Vec::new();
        };
        let run = finished.row.run;
        let median = RunMedian { run, seconds };
        let found = RunSamples { median, ascending };
        match runs.entry(run) {
            Entry::Occupied(mut known) if seconds < known.get().median.seconds => drop(known.insert(found)),
            Entry::Occupied(_) => {}
            Entry::Vacant(entry) => drop(entry.insert(found)),
        }
    }
    runs.into_values().collect()
}

fn timing(all: &[&Finished], runs: &[RunSamples]) -> Option<Timing> {
    let medians = sorted(&runs.iter().map(|run| run.median.seconds).collect::<Vec<_>>());
    let seconds = median(&medians)?;
    let (spread, (low, high)) = match runs {
        [run] => (
            Spread::WithinRun,
            median_interval(&run.ascending, CONFIDENCE).unwrap_or((seconds, seconds)),
        ),
        _ => match median_interval(&medians, CONFIDENCE) {
            Some(interval) => (Spread::BetweenRuns, interval),
            None => (Spread::RangeOfRuns, (medians[0], medians[medians.len() - 1])),
        },
    };
    Some(Timing {
        seconds,
        low,
        high,
        spread,
        samples: all.iter().map(|finished| finished.samples.len()).sum(),
        runs: runs.len(),
        clock: all[0].row.clock,
    })
}

/// Of the intervals that are reported.
const CONFIDENCE: f64 = 0.95;

fn normalise(score: &mut Score, ceilings: &Ceilings, own_chip: Option<&str>, published: &Published) {
    let Some(timing) = score.timing else {
        return;
    };
    if score.role() == Role::Floor {
        return;
    }
    score.roof = ceilings.roof(score, timing.seconds);
    let against = |chip: &str| paper(score, timing.seconds, chip, published);
    let papers = REFERENCES.iter().map(|reference| against(reference.chip)).collect();
    let own_paper = own_chip.map(against);
    score.physics = Physics::judge(score.roof.as_ref(), own_paper.as_ref());
    score.papers = papers;
    score.own_paper = own_paper;
    if score.role() == Role::Workload {
        score.measured = measured_ratios(&score.case, timing.seconds, published);
    }
}

fn refused(session: &Session) -> Vec<Refused> {
    let mut all: Vec<Refused> = Vec::new();
    for candidate in session.attempts().iter().flat_map(|attempt| attempt.candidates.iter()) {
        let refused = Refused {
            case: candidate.case.clone(),
            variant: candidate.variant.clone(),
            status: candidate.status,
            reason: candidate.reason.clone(),
        };
        if candidate.status != Status::Ok && !all.contains(&refused) {
            all.push(refused);
        }
    }
    all
}
