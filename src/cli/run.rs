//! `onpar run`: measure, prove, normalise, plot.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::derived;
use super::input::{self, scale_of, seconds};
use super::interrupt;
use super::list;
use super::output::{complain, look, print, print_json, shell_word};
use super::process::Program;
use super::progress::Progress;
use super::supervise::Worker;
use super::tuning::{self, Tuning};
use super::worker::{Job, Ready};
use crate::device::{DeviceType, Selection};
use crate::error::{Error, INTERRUPTED, Result};
use crate::kernels::Case;
use crate::measure::{Candidate, Clock, Event, Item, Order, Status};
use crate::normalise::Scores;
use crate::published::Published;
use crate::record::{Birth, Candidates, Header, Journal, Options, Session};
use crate::report::columns::Context;
use crate::report::{json, terminal, tuned};
use crate::suites::{self, Pace, Scale, suite};
use crate::tune::{Choice, Depth, Trial};

/// How long it is waited before a device that did not open is tried again.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(4),
];

/// Arguments of `onpar run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The suite; `onpar list` has them all.
    #[arg(long, default_value = "standard", value_name = "NAME")]
    suite: String,
    /// Only cases whose name contains this; may be given several times.
    #[arg(long, value_name = "PART")]
    filter: Vec<String>,
    /// Measure these cases instead of a suite; may be given several times.
    #[arg(long, value_name = "CASE", conflicts_with_all = ["suite", "filter", "scale", "cache", "resume"])]
    case: Vec<String>,
    /// Measure nothing, explain this case: formula, work, buffers, reference, tolerance, literature, variants.
    #[arg(long, value_name = "CASE", conflicts_with_all = ["suite", "filter", "case", "scale", "resume"])]
    describe: Option<String>,
    /// The device, by its number or a part of its name; `onpar doctor` lists them.
    #[arg(long, value_name = "INDEX|NAME-PART")]
    pub(super) device: Option<String>,
    /// Runs: child processes that measure the whole plan, each with a device of its own.
    #[arg(long, default_value_t = 1, value_name = "K", overrides_with = "runs", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(super) runs: u32,
    /// Race every variant of a kernel, not only the best guesses, and show how they came in.
    #[arg(long)]
    all_variants: bool,
    /// Have the tuner choose the variants before the first run: from its cache, and by searches for what is not there.
    /// With `off` the best guesses race in every run.
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "off|quick|full",
        hide_possible_values = true,
        conflicts_with = "all_variants"
    )]
    tune: TuneWord,
    /// Divide batch, context and width of the suite's cases; by default 1 on a GPU, 1/8 on a software adapter.
    #[arg(long, value_name = "1|1/2|1/4|1/8", value_parser = scale_of)]
    scale: Option<Scale>,
    /// In which order cases are sampled: in groups, by turns, or one after the other.
    #[arg(long, value_enum, default_value_t, value_name = "ORDER")]
    order: OrderWord,
    /// Time the fastest variant of each case also with the run-time checks that keep a shader inside its buffers, and
    /// show what they cost.
    #[arg(long)]
    checks: bool,
    /// Whether a dispatch finds its data in the caches, as the one before left them, or the caches are emptied before.
    #[arg(long, value_enum, default_value_t, value_name = "CACHE")]
    cache: CacheWord,
    /// Seed of the inputs.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Seconds after which a case that gives no sign of life is given up.
    #[arg(long, default_value_t = 120.0, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    timeout: f64,
    /// Folder for results; each session gets a folder of its own in it.
    #[arg(long, default_value = "onpar-results", value_name = "DIR", overrides_with = "out")]
    pub(super) out: PathBuf,
    /// Go on with an unfinished session.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["suite", "filter", "runs", "scale", "seed", "timeout", "out", "all_variants", "tune", "order", "cache", "checks"])]
    pub(super) resume: Option<PathBuf>,
    /// Print the results as JSON.
    #[arg(long)]
    json: bool,
    /// No bars and no colours, as in a pipe; NO_COLOR in the environment leaves only the colours out.
    #[arg(long)]
    plain: bool,
    /// No progress on standard error.
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// [`Cache`] on the command line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum CacheWord {
    #[default]
    Hot,
    Cold,
}

/// A [`Depth`], or none, on the command line.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum TuneWord {
    #[default]
    Off,
    Quick,
    Full,
}

impl TuneWord {
    fn depth(self) -> Option<Depth> {
        match self {
            Self::Off => None,
            Self::Quick => Some(Depth::Quick),
            Self::Full => Some(Depth::Full),
        }
    }
}

/// [`Order`] on the command line.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum OrderWord {
    #[default]
    Interleaved,
    Sequential,
}

impl From<OrderWord> for Order {
    fn from(word: OrderWord) -> Self {
        match word {
            OrderWord::Interleaved => Self::Interleaved,
            OrderWord::Sequential => Self::Sequential,
        }
    }
}

pub(crate) fn run(args: &RunArgs) -> Result<u8> {
    if let Some(case) = &args.describe {
        list::describe(case, args.json)?;
        return Ok(0);
    }
    let requested = requested(args)?;
    if args.resume.is_none() {
        writable(&args.out)?;
    }
    interrupt::catch()?;
    let worker = Worker::start(args.device.as_deref())?;
    let (mut journal, session) = open(args, &worker.ready, requested)?;
    let folder = journal.path().parent().map(Path::to_owned).unwrap_or_default();
    announce(args, &session);
    let chosen = choose(args, worker, &session, &mut journal);
    let stopped = chosen.and_then(|(worker, choices)| measure(args, worker, journal, &session, &choices));
    let stopped = stopped.err();
    let interrupted = matches!(stopped, Some(Error::Interrupted));
    if let Some(error) = stopped {
        let how = if interrupted { "interrupted" } else { "stopped" };
        let go_on = go_on(args, &folder);
        complain(&format!(
            "onpar: {how}; what was measured is kept, {go_on} goes on with it"
        ));
        if !interrupted {
            return Err(error);
        }
    }
    let session = Session::read(&folder)?;
    let published = Published::embedded();
    let scores = Scores::of(&session, published);
    if !interrupted {
        show(args, &session, &scores)?;
    }
    let written = derived::write(&folder, &session, &scores, published).inspect_err(|_| {
        let folder = shell_word(&folder.display().to_string());
        complain(&format!(
            "onpar: what was measured is kept, onpar report --write {folder} makes the other files"
        ));
    })?;
    if interrupted {
        return Ok(INTERRUPTED);
    }
    if !args.json {
        print(&format!("\n{written}\n"))?;
    }
    Ok(exit_code(&scores))
}

/// A folder that cannot be written is found out before anything is measured.
pub(super) fn writable(out: &Path) -> Result<()> {
    let cannot = |action: &str, cause: std::io::Error| {
        let out = out.display();
        Error::Usage(format!(
            "{out}: cannot {action}: {cause}; choose another folder with --out"
        ))
    };
    std::fs::create_dir_all(out).map_err(|cause| cannot("make folder", cause))?;
    let probe = out.join(format!(".onpar-{}", std::process::id()));
    std::fs::write(&probe, b"").map_err(|cause| cannot("write into folder", cause))?;
    std::fs::remove_file(&probe).map_err(|cause| Error::io(&probe, "cannot remove", cause))
}

/// The cases named on the command line, checked before a device is opened; none for a suite.
fn requested(args: &RunArgs) -> Result<Vec<Case>> {
    input::suite(&args.suite)?;
    args.case.iter().map(|name| Ok(input::case(name)?.1)).collect()
}

/// A new session, or the one to go on with.
fn open(args: &RunArgs, ready: &Ready, requested: Vec<Case>) -> Result<(Journal, Session)> {
    if let Some(folder) = &args.resume {
        return Journal::resume(folder, &ready.facts);
    }
    let plan = plan(args, ready, requested)?;
    let header = Header::new(
        Birth::now()?,
        options(args),
        ready.facts.clone(),
        Some(ready.timer.clone()),
        plan,
    )?;
    let journal = Journal::create(&args.out, &header)?;
    Ok((journal, Session::begun(header)))
}

/// What a header says of the arguments.
fn options(args: &RunArgs) -> Options {
    Options {
        suite: if args.case.is_empty() {
            args.suite.clone()
        } else {
            "cases".to_owned()
        },
        filter: args.filter.clone(),
        candidates: if args.all_variants {
            Candidates::All
        } else {
            Candidates::Default
        },
        tune: args.tune.depth(),
        runs: args.runs,
        seed: args.seed,
        timeout_s: args.timeout,
        order: args.order.into(),
        checks: args.checks,
        turns: None,
        device: Options::device_word(&Selection::from(args.device.as_deref())),
    }
}

/// What the arguments ask a device for.
pub(super) fn asked(args: &RunArgs, ready: &Ready) -> Result<(Options, Vec<Case>)> {
    Ok((options(args), plan(args, ready, requested(args)?)?))
}

fn plan(args: &RunArgs, ready: &Ready, requested: Vec<Case>) -> Result<Vec<Case>> {
    if !requested.is_empty() {
        return Ok(requested);
    }
    let scale = args.scale.unwrap_or_else(|| default_scale(ready));
    let mut plan = suite(&args.suite).map(|suite| suite.plan(scale)).unwrap_or_default();
    if args.cache == CacheWord::Cold {
        plan.iter_mut().for_each(suites::make_cold);
    }
    let all = plan.clone();
    if !args.filter.is_empty() {
        plan.retain(|case| args.filter.iter().any(|part| case.to_string().contains(part)));
    }
    if plan.is_empty() {
        let some: Vec<_> = all.iter().take(3).map(ToString::to_string).collect();
        let filters = args.filter.join("', '");
        return Err(Error::Usage(format!(
            "--filter '{filters}': no case of suite {} contains it; its cases are like {}",
            args.suite,
            some.join(", ")
        )));
    }
    Ok(plan)
}

/// The command that goes on with a session, to be copied into a shell.
fn go_on(args: &RunArgs, folder: &Path) -> String {
    let folder = shell_word(&folder.display().to_string());
    let device = args
        .device
        .as_deref()
        .map(|device| format!(" --device {}", shell_word(device)));
    format!("onpar run --resume {folder}{}", device.unwrap_or_default())
}

pub(super) fn default_scale(ready: &Ready) -> Scale {
    match ready.facts.identity.device_type {
        DeviceType::Cpu => Scale::Eighth,
        _ => Scale::Full,
    }
}

fn announce(args: &RunArgs, session: &Session) {
    for warning in &session.warnings {
        complain(&format!("onpar: {warning}"));
    }
    let header = &session.header;
    let identity = &header.facts.identity;
    if args.device.is_none() && identity.device_type == DeviceType::Cpu {
        complain(&format!(
            "onpar: no GPU here: measuring {}, a software adapter on this machine's processor",
            identity.adapter
        ));
    }
    if header.timer.as_ref().is_some_and(|timer| timer.clock == Clock::Wall) {
        complain("onpar: the device's clock failed its self-test (see onpar doctor): timing by the host's clock");
    }
}

/// Has the tuner choose the variants, if it is to. What it tried is part of the first run.
fn choose(
    args: &RunArgs,
    worker: Worker,
    session: &Session,
    journal: &mut Journal,
) -> Result<(Option<Worker>, Vec<Choice>)> {
    let header = &session.header;
    let Some(depth) = header.options.tune else {
        return Ok((Some(worker), Vec::new()));
    };
    let tuning = Tuning {
        device: args.device.as_deref(),
        depth,
        budget: depth.seconds(),
        seed: header.options.seed,
        timeout: Duration::from_secs_f64(header.options.timeout_s),
        cache: tuning::cache(),
    };
    let shown = !args.quiet && std::io::stderr().is_terminal();
    let choices = tuning.choose(worker, &header.plan, &mut |choice| {
        if shown {
            complain(&tuned::line(choice));
        }
        let planned = (0..).zip(&header.plan).find(|(_, case)| **case == choice.case);
        let untold = planned.filter(|(place, _)| !choice.cached && !session.is_finished(1, *place));
        untold.map_or(Ok(()), |(place, _)| {
            let mut trials = choice.trials().iter();
            trials.try_for_each(|trial| journal.append(&candidate(place, choice, trial)))
        })
    })?;
    Ok((None, choices))
}

fn candidate(place: u32, choice: &Choice, trial: &Trial) -> Event {
    Event::Candidate(Candidate {
        run: 1,
        place,
        case: choice.case.clone(),
        variant: trial.variant.clone(),
        status: trial.status,
        reason: trial.reason.clone(),
        seconds: trial.seconds.clone(),
    })
}

/// Has every run measure what is left of the plan, and seals the journal.
fn measure(
    args: &RunArgs,
    mut first: Option<Worker>,
    mut journal: Journal,
    session: &Session,
    choices: &[Choice],
) -> Result<()> {
    let header = &session.header;
    let mut progress = Progress::new(session, args.quiet);
    let timeout = Duration::from_secs_f64(header.options.timeout_s);
    for run in 1..=header.options.runs {
        let mut job = job(run, header, choices);
        job.items.retain(|item| !session.is_finished(run, item.place));
        let mut next = || match first.take() {
            Some(worker) => Ok(worker),
            None => again(&Program::default(), args.device.as_deref(), header),
        };
        work(job, timeout, &mut journal, &mut next, &mut |event| progress.see(event))?;
    }
    journal.seal()
}

/// Has workers measure a job, one after the other as far as each gets.
pub(super) fn work(
    mut job: Job,
    timeout: Duration,
    journal: &mut Journal,
    next: &mut dyn FnMut() -> Result<Worker>,
    see: &mut dyn FnMut(&Event),
) -> Result<()> {
    let mut begun = false;
    while !job.items.is_empty() {
        let worker = next()?;
        if begun {
            journal.begin_anew()?;
        }
        begun = true;
        job.items = worker.work(&job, timeout, &mut |event| {
            see(&event);
            journal.append(&event)
        })?;
    }
    Ok(())
}

/// Another worker, which must have come upon the same device. A device that was just lost may need a moment to come back.
pub(super) fn again(program: &Program, device: Option<&str>, header: &Header) -> Result<Worker> {
    let mut pauses = PAUSES.into_iter();
    let worker = loop {
        match (Worker::start_of(program, device), pauses.next()) {
            (Err(Error::Device(_) | Error::NoDevice(_)), Some(pause)) => std::thread::sleep(pause),
            (started, _) => break started?,
        }
    };
    header.admits(&worker.ready.facts)?;
    Ok(worker)
}

/// What a worker is to do in a run.
pub(super) fn job(run: u32, header: &Header, choices: &[Choice]) -> Job {
    let options = &header.options;
    let items = (0..).zip(&header.plan).map(|(place, case)| Item {
        place,
        case: case.clone(),
        variant: choices
            .iter()
            .find(|choice| choice.case == *case)
            .and_then(|choice| choice.variant().map(str::to_owned)),
    });
    Job {
        run,
        seed: options.seed.wrapping_add(u64::from(run) << 48),
        all_variants: options.candidates == Candidates::All,
        clock: header.timer.as_ref().map_or(Clock::Wall, |timer| timer.clock),
        quick: suite(&options.suite).is_some_and(|suite| suite.pace == Pace::Quick),
        order: options.order,
        checks: options.checks,
        items: items.collect(),
    }
}

fn show(args: &RunArgs, session: &Session, scores: &Scores) -> Result<()> {
    let context = Context { session, scores };
    if args.json {
        return print_json(&json::document(context));
    }
    print(&terminal::table(session, scores, look(args.plain)))?;
    print(&terminal::checks(scores))?;
    print(&terminal::energy(scores))?;
    if args.all_variants {
        print(&terminal::variants(session))?;
    }
    Ok(())
}

/// The exit status: 5 for a wrong result, else 3 if rows are missing, else 0.
fn exit_code(scores: &Scores) -> u8 {
    let any = |counts: fn(Status) -> bool| scores.rows.iter().any(|score| counts(score.status));
    if any(|status| status == Status::Wrong) {
        5
    } else if any(Status::is_failure) {
        3
    } else {
        0
    }
}
