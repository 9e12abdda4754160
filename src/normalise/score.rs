//! One score for each case of a session.

use super::ceilings::{Ceilings, Physics, Roof};
use super::conditions::Conditions;
use super::measured::{MeasuredRatio, measured_ratios};
use super::paper::{Paper, REFERENCES, paper};
use super::run::{Run, common_conditions, common_flags, runs, stop};
use super::time_spent::TimeSpent;
use crate::kernels::{Case, Engine, Precision, Role, Work, find};
use crate::measure::{Clock, Proof, Status, Stop};
use crate::published::Published;
use crate::record::{Finished, Header, Session};
use crate::stats::{Flag, Flags, median, median_interval, sorted};

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
    /// Where the time went; none in sessions that did not look at the machine.
    pub time: Option<TimeSpent>,
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
    /// The same run by run, with what is odd about the samples; none where it is not ok.
    pub runs: Vec<Run>,
    /// Its time with the shader's run-time checks over that without, where it was asked for.
    pub checks: Option<f64>,
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
    /// The samples of one run, at 99 %. It says nothing of what another run would give.
    WithinRun,
    /// The samples of one run, smallest to largest: too few for an interval, or they wander.
    RangeOfSamples,
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

    /// Energy of one dispatch in J by the device's own meter, the median of the runs; none where there is no meter. What
    /// the device draws while idle is in it.
    #[must_use]
    pub fn joules(&self) -> Option<f64> {
        median(&sorted(
            &self.runs.iter().filter_map(|run| run.joules).collect::<Vec<_>>(),
        ))
    }

    /// Energy of one operation in J.
    #[must_use]
    pub fn joules_per_operation(&self) -> Option<f64> {
        let operations = self.work.operations;
        self.joules()
            .filter(|_| operations > 0)
            .map(|joules| joules / operations as f64)
    }

    /// Energy of one compulsory byte in J.
    #[must_use]
    pub fn joules_per_byte(&self) -> Option<f64> {
        let bytes = self.work.bytes();
        self.joules().filter(|_| bytes > 0).map(|joules| joules / bytes as f64)
    }

    /// What is odd about the samples of most runs.
    #[must_use]
    pub fn flags(&self) -> Flags {
        common_flags(&self.runs)
    }

    /// What the machine did while most runs were measured.
    #[must_use]
    pub fn conditions(&self) -> Conditions {
        common_conditions(&self.runs)
    }

    /// Every flag by name, in the order in which they are shown: those of the samples, then those of the machine.
    #[must_use]
    pub fn named_flags(&self) -> Vec<(&'static str, Flag)> {
        [&self.flags().named()[..], &self.conditions().named()[..]].concat()
    }

    /// Why sampling ended: the target only if every run reached it.
    #[must_use]
    pub fn stop(&self) -> Option<Stop> {
        stop(&self.runs)
    }

    /// The precision of the arithmetic: of a ceiling the one it is named by, of a workload what its engine makes of the
    /// stored operands; none where nothing is computed.
    #[must_use]
    pub fn arithmetic(&self) -> Option<Precision> {
        let (precision, engine) = (self.case.precision?, self.engine?);
        match self.role() {
            Role::ComputeCeiling(_) => Some(precision),
            Role::Workload if self.work.operations > 0 => Some(engine.arithmetic(precision)),
            _ => None,
        }
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
                rows.push(observed(case, &of_case, &session.header));
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
            time: TimeSpent::of(session),
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
fn observed(case: &Case, all: &[&Finished], header: &Header) -> Score {
    let bad = all.iter().find(|finished| finished.row.status != Status::Ok);
    let first = bad.unwrap_or(&all[0]).row;
    let runs = if bad.is_none() { runs(all, header) } else { Vec::new() };
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
        timing: timing(&runs, first.clock),
        runs,
        checks: if bad.is_none() { checks(all) } else { None },
        proof: first.proof.clone(),
        roof: None,
        physics: Physics::Unchecked,
        papers: Vec::new(),
        own_paper: None,
        measured: Vec::new(),
    }
}

/// What run-time checks cost, from all samples of all runs: those with and without were taken by turns.
fn checks(all: &[&Finished]) -> Option<f64> {
    let with: Vec<f64> = all.iter().flat_map(|finished| &finished.checked).copied().collect();
    let without: Vec<f64> = all.iter().flat_map(|finished| &finished.samples).copied().collect();
    Some(median(&sorted(&with))? / median(&sorted(&without))?)
}

/// The median of the runs' medians; of one run, the median of its samples.
fn timing(runs: &[Run], clock: Clock) -> Option<Timing> {
    let medians = sorted(&runs.iter().map(|run| run.median.median).collect::<Vec<_>>());
    let (spread, (low, high)) = match runs {
        [] => return None,
        [run] if run.median.holds => (Spread::WithinRun, (run.median.low, run.median.high)),
        [run] => (Spread::RangeOfSamples, (run.median.low, run.median.high)),
        _ => match median_interval(&medians, CONFIDENCE) {
            Some(interval) => (Spread::BetweenRuns, interval),
            None => (Spread::RangeOfRuns, (medians[0], medians[medians.len() - 1])),
        },
    };
    Some(Timing {
        seconds: median(&medians)?,
        low,
        high,
        spread,
        samples: runs.iter().map(|run| run.samples).sum(),
        runs: runs.len(),
        clock,
    })
}

/// Of the intervals between runs.
const CONFIDENCE: f64 = 0.95;

fn normalise(score: &mut Score, ceilings: &Ceilings, own_chip: Option<&str>, published: &Published) {
    let Some(timing) = score.timing else {
        return;
    };
    // Nothing is published that these could be held against.
    if matches!(score.role(), Role::Floor | Role::Path | Role::Latency) {
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
