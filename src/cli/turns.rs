//! Measuring for the gate: a session by itself, or two by turns, run by run, so that whatever the machine does it does to
//! both.

use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::interrupt;
use super::output::complain;
use super::process::Program;
use super::run::{again, job, work, writable};
use super::supervise::Worker;
use crate::device::Identity;
use crate::error::{Error, Result};
use crate::kernels::{Case, find};
use crate::measure::{Event, Status};
use crate::record::{Birth, Hardness, Header, Journal, Options, changes};

/// What is to be measured.
pub(super) struct Errand {
    /// The device, as the user named it.
    pub(super) device: Option<String>,
    /// Folder for the sessions.
    pub(super) out: PathBuf,
    /// What the headers say.
    pub(super) options: Options,
    /// The cases.
    pub(super) plan: Vec<Case>,
    /// The variants that are known to be measured.
    pub(super) pins: Pins,
    /// No word on standard error.
    pub(super) quiet: bool,
}

/// The variant of each case that every run measures: with another one it would be another question.
pub(super) type Pins = HashMap<Case, String>;

/// A session that is being measured.
struct Side<'a> {
    program: &'a Program,
    header: Header,
    journal: Journal,
    first: Option<Worker>,
}

impl Errand {
    /// Measures one session; returns its folder.
    ///
    /// # Errors
    /// A device that does not open, a folder that cannot be written, or an interruption.
    pub(super) fn alone(mut self) -> Result<PathBuf> {
        let program = Program::default();
        self.start()?;
        let worker = Worker::start(self.device.as_deref())?;
        let mut side = self.begin(&program, worker)?;
        let mut pins = std::mem::take(&mut self.pins);
        for run in 1..=self.options.runs {
            self.measure(&mut side, run, &mut pins, false)?;
        }
        side.end()
    }

    /// Measures two sessions by turns, the first of another program; returns their folders. What the first run of the first
    /// finds to be the fastest variants, all runs measure.
    ///
    /// # Errors
    /// As [`Errand::alone`], and if the two come upon different machines.
    pub(super) fn by_turns(mut self, old: &Program) -> Result<[PathBuf; 2]> {
        let new = Program::default();
        self.start()?;
        self.options.turns = Some(Birth::now()?.name());
        let workers = [
            Worker::start_of(old, self.device.as_deref()).map_err(|error| of_baseline(old, error))?,
            Worker::start(self.device.as_deref())?,
        ];
        let [of_old, of_new] = workers;
        same_machine(&of_old.ready.facts.identity, &of_new.ready.facts.identity, || {
            "the baseline runs on another machine than this program".to_owned()
        })?;
        let mut sides = [self.begin(old, of_old)?, self.begin(&new, of_new)?];
        let mut pins = std::mem::take(&mut self.pins);
        for run in 1..=self.options.runs {
            // Whoever comes first may find the machine cooler.
            let order = if run % 2 == 1 { [0, 1] } else { [1, 0] };
            for place in order {
                self.measure(&mut sides[place], run, &mut pins, place == 0)?;
            }
        }
        let [old, new] = sides;
        Ok([old.end()?, new.end()?])
    }

    fn start(&self) -> Result<()> {
        writable(&self.out)?;
        interrupt::catch()
    }

    fn begin<'a>(&self, program: &'a Program, worker: Worker) -> Result<Side<'a>> {
        let (facts, timer) = (worker.ready.facts.clone(), worker.ready.timer.clone());
        let header = Header::new(
            Birth::now()?,
            self.options.clone(),
            facts,
            Some(timer),
            self.plan.clone(),
        )?;
        Ok(Side {
            program,
            journal: Journal::create(&self.out, &header)?,
            header,
            first: Some(worker),
        })
    }

    /// Measures one run of one side; `pinning` has it choose the variants of what is not pinned yet.
    fn measure(&self, side: &mut Side, run: u32, pins: &mut Pins, pinning: bool) -> Result<()> {
        self.tell(run, pinning);
        let mut job = job(run, &side.header, &[]);
        for item in &mut job.items {
            item.variant = pins.get(&item.case).cloned();
        }
        let mut see = |event: &Event| {
            if let (true, Event::Row(row)) = (pinning, event)
                && row.status == Status::Ok
                && has_variant(&row.case, &row.variant)
            {
                pins.entry(row.case.clone()).or_insert_with(|| row.variant.clone());
            }
        };
        let Side {
            program,
            header,
            journal,
            first,
        } = side;
        let mut next = || match first.take() {
            Some(worker) => Ok(worker),
            None => again(program, self.device.as_deref(), header),
        };
        let timeout = Duration::from_secs_f64(self.options.timeout_s);
        work(job, timeout, journal, &mut next, &mut see)
    }

    fn tell(&self, run: u32, is_baseline: bool) {
        if !self.quiet && std::io::stderr().is_terminal() {
            let whose = match (&self.options.turns, is_baseline) {
                (None, _) => "",
                (Some(_), true) => " of the baseline",
                (Some(_), false) => " of this program",
            };
            complain(&format!("onpar: run {run} of {}{whose}", self.options.runs));
        }
    }
}

impl Side<'_> {
    /// Seals the journal and returns its folder.
    fn end(self) -> Result<PathBuf> {
        let folder = self.journal.path().parent().map(Path::to_owned).unwrap_or_default();
        self.journal.seal()?;
        Ok(folder)
    }
}

/// Whether this program has the variant as well.
fn has_variant(case: &Case, name: &str) -> bool {
    let kernel = find(&case.kernel);
    kernel.is_some_and(|kernel| (kernel.variants)(case).iter().any(|variant| variant.name == name))
}

/// Refuses to hold one machine against another; `apart` says what is of which.
pub(super) fn same_machine(before: &Identity, now: &Identity, apart: impl FnOnce() -> String) -> Result<()> {
    let hard = changes(before, now, Hardness::Hard);
    if hard.is_empty() {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "{}: {}; onpar compare holds devices against each other",
        apart(),
        hard.join("; ")
    )))
}

fn of_baseline(program: &Program, error: Error) -> Error {
    match (&program.path, error) {
        (Some(path), Error::Device(message)) => Error::Device(format!(
            "--baseline-program {}: {message}; it must be another build of onpar",
            path.display()
        )),
        (_, error) => error,
    }
}
