//! What measuring hands to its observer, and what a session keeps: observations only. Medians, rates and verdicts are
//! derived from these by `normalise`.

use serde::{Deserialize, Serialize};

use super::{Energy, Item, Pulse};
use crate::kernels::{self, Case, Engine};

/// Something that happened while measuring, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Event {
    /// A case is at work from now on, for the first time or again. Tells the parent process which case a crash belongs to.
    Start(Start),
    /// A variant was tried.
    Candidate(Candidate),
    /// Samples were taken.
    Block(Block),
    /// A case is finished, well or badly.
    Row(Row),
    /// A look at the machine, between groups of cases.
    Pulse(Pulse),
}

/// The beginning of a case, or of its turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Number of the run, from 1.
    pub run: u32,
    /// Place of the case in the plan, from 0. The same case may stand there twice (ceilings do).
    pub place: u32,
    /// The case.
    pub case: Case,
}

/// A variant that was tried for a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Number of the run.
    pub run: u32,
    /// Place of the case in the plan.
    pub place: u32,
    /// The case.
    pub case: Case,
    /// The variant.
    pub variant: String,
    /// Whether it gave the right answer, or why it could not be tried.
    pub status: Status,
    /// Why not, where the status is not ok.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Seconds of one dispatch, one value for each round of the race that it took part in.
    pub seconds: Vec<f64>,
}

/// Samples of a case, taken one after the other in one turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Number of the run.
    pub run: u32,
    /// Place of the case in the plan.
    pub place: u32,
    /// The case.
    pub case: Case,
    /// Dispatches in each sample.
    pub repeats: u32,
    /// Whether they are of the shader with its run-time checks, beside which those without are to be seen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub checks: bool,
    /// Seconds of one dispatch by the device's clock; empty where that clock is not to be trusted.
    pub device: Vec<f64>,
    /// Seconds of one dispatch by the host's clock.
    pub wall: Vec<f64>,
}

impl Block {
    /// Seconds of one dispatch by the clock that counts: the device's, where it is to be trusted.
    #[must_use]
    pub fn seconds(&self) -> &[f64] {
        if self.device.is_empty() {
            &self.wall
        } else {
            &self.device
        }
    }
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Number of the run.
    pub run: u32,
    /// Place of the case in the plan.
    pub place: u32,
    /// The case.
    pub case: Case,
    /// Ok, or what prevented it.
    pub status: Status,
    /// Why, where the status is not ok.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The variant that ran; empty if none did.
    pub variant: String,
    /// The engine it used.
    pub engine: Option<Engine>,
    /// Operations of one dispatch.
    pub operations: u64,
    /// Compulsory bytes read by one dispatch.
    pub read: u64,
    /// Compulsory bytes written by one dispatch.
    pub written: u64,
    /// How the answer was proved; none if it was not.
    pub proof: Option<Proof>,
    /// The clock that the samples are of.
    pub clock: Clock,
    /// Why sampling ended; none if it never began.
    pub stop: Option<Stop>,
    /// What it took from the device's own meter of energy; none where there is no meter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy: Option<Energy>,
    /// Where the time of this case went.
    pub phases: Phases,
}

impl Row {
    /// The row of a case before anything is known of it but its work.
    #[must_use]
    pub fn of(item: &Item, run: u32, clock: Clock) -> Self {
        let known = kernels::find(&item.case.kernel).filter(|kernel| kernel.check(&item.case).is_ok());
        let work = known.map(|kernel| (kernel.work)(&item.case)).unwrap_or_default();
        Self {
            run,
            place: item.place,
            case: item.case.clone(),
            status: Status::Ok,
            reason: String::new(),
            variant: String::new(),
            engine: None,
            operations: work.operations,
            read: work.read,
            written: work.written,
            proof: None,
            clock,
            stop: None,
            energy: None,
            phases: Phases::default(),
        }
    }

    /// The row of a case that came to nothing.
    #[must_use]
    pub fn failed(item: &Item, run: u32, clock: Clock, status: Status, reason: String) -> Self {
        Self {
            status,
            reason,
            ..Self::of(item, run, clock)
        }
    }
}

/// What became of a case or a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Right and measured.
    Ok,
    /// The device lacks something.
    Unsupported,
    /// Not tried: it would not fit in memory, or the user asked for less.
    Skipped,
    /// The answer was wrong.
    Wrong,
    /// The device was lost.
    Lost,
    /// It gave no sign of life for the time allowed.
    Timeout,
    /// The driver refused or failed.
    Error,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::Ok,
        Self::Unsupported,
        Self::Skipped,
        Self::Wrong,
        Self::Lost,
        Self::Timeout,
        Self::Error,
    ];

    /// The word used in records and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unsupported => "unsupported",
            Self::Skipped => "skipped",
            Self::Wrong => "wrong",
            Self::Lost => "lost",
            Self::Timeout => "timeout",
            Self::Error => "error",
        }
    }

    /// How much it tells about a case if no variant could run and this became of one of them.
    #[must_use]
    pub const fn severity(self) -> u8 {
        match self {
            Self::Wrong => 3,
            Self::Error => 2,
            Self::Unsupported => 1,
            _ => 0,
        }
    }

    /// Whether something went wrong. What a device lacks and what was not tried are no failures.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Wrong | Self::Lost | Self::Timeout | Self::Error)
    }
}

/// How an answer was proved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// What it was compared with: `f64`.
    pub against: String,
    /// Output elements compared: all there are.
    pub elements: u64,
    /// Largest error with the shader's run-time checks, as a fraction of the tolerance.
    pub checked: f64,
    /// Largest error without them.
    pub unchecked: f64,
    /// Largest error of the output of a timed batch, on inputs that the first two had not seen.
    pub timed: f64,
}

/// A clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// The device's timestamps.
    Device,
    /// The host's clock, as the difference between a batch and one twice as long.
    Wall,
}

impl Clock {
    /// The word used in records and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Wall => "wall",
        }
    }
}

/// Why sampling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stop {
    /// The interval of the median is narrow enough.
    Target,
    /// The time for one case is used up.
    Time,
    /// The number of samples is at its limit.
    Samples,
}

impl Stop {
    /// The word used in records and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Time => "time",
            Self::Samples => "samples",
        }
    }
}

/// Where the time of a case went, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Phases {
    /// Making inputs and buffers.
    pub setup: f64,
    /// Compiling shaders.
    pub compile: f64,
    /// Computing references and comparing.
    pub proof: f64,
    /// Racing the variants.
    pub race: f64,
    /// Warming up.
    pub warm_up: f64,
    /// Sampling.
    pub timed: f64,
}

impl Phases {
    /// All of them together.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.setup + self.compile + self.proof + self.race + self.warm_up + self.timed
    }
}
