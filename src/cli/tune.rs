//! `onpar tune`: search for the fastest variants, and keep what is found.

use std::io::IsTerminal as _;
use std::time::Duration;

use clap::Args;

use super::input::{self, scale_of, seconds};
use super::output::{complain, print, print_json};
use super::run::default_scale;
use super::supervise::Worker;
use super::tuning::{self, Tuning};
use crate::error::{Error, Result};
use crate::kernels::Case;
use crate::measure::Status;
use crate::report::tuned;
use crate::suites::Scale;
use crate::tune::{Choice, Depth};

/// Arguments of `onpar tune`.
#[derive(Debug, Args)]
pub(crate) struct TuneArgs {
    /// The suite whose cases are tuned.
    #[arg(long, default_value = "standard", value_name = "NAME")]
    suite: String,
    /// Only cases of this kernel; may be given several times.
    #[arg(long, value_name = "NAME")]
    kernel: Vec<String>,
    /// Tune these cases instead of a suite's; may be given several times.
    #[arg(long, value_name = "CASE", conflicts_with_all = ["suite", "kernel", "scale"])]
    case: Vec<String>,
    /// The device, by its number or a part of its name; `onpar doctor` lists them.
    #[arg(long, value_name = "INDEX|NAME-PART")]
    device: Option<String>,
    /// Divide batch, context and width of the suite's cases; by default 1 on a GPU, 1/8 on a software adapter.
    #[arg(long, value_name = "1|1/2|1/4|1/8", value_parser = scale_of)]
    scale: Option<Scale>,
    /// Seconds for each kernel, divided among its cases [default: 20, with --full 180].
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    budget: Option<f64>,
    /// Search thoroughly, and search again for what was found in a hurry.
    #[arg(long)]
    full: bool,
    /// Show every variant that was tried.
    #[arg(long)]
    all: bool,
    /// Forget everything that was found, on every device, and end.
    #[arg(long, conflicts_with_all = ["suite", "kernel", "case", "device", "scale", "budget", "full", "all", "seed", "timeout"])]
    clear: bool,
    /// Seed of the inputs.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Seconds after which a worker that gives no sign of life is ended.
    #[arg(long, default_value_t = 120.0, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    timeout: f64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// No progress on standard error.
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(args: &TuneArgs) -> Result<u8> {
    if args.clear {
        return clear(args.json);
    }
    let named = named(args)?;
    let worker = Worker::start(args.device.as_deref())?;
    let cases = match named {
        Some(cases) => cases,
        None => of_suite(args, args.scale.unwrap_or_else(|| default_scale(&worker.ready)))?,
    };
    let depth = if args.full { Depth::Full } else { Depth::Quick };
    let tuning = Tuning {
        device: args.device.as_deref(),
        depth,
        budget: args.budget.unwrap_or_else(|| depth.seconds()),
        seed: args.seed,
        timeout: Duration::from_secs_f64(args.timeout),
        cache: tuning::cache(),
    };
    let identity = worker.ready.facts.identity.clone();
    let shown = !args.quiet && std::io::stderr().is_terminal();
    let choices = tuning.choose(worker, &cases, &mut |choice| {
        if shown {
            complain(&tuned::line(choice));
        }
        Ok(())
    })?;
    if args.json {
        print_json(&choices)?;
    } else {
        print(&tuned::text(&identity, &choices, args.all))?;
    }
    Ok(exit_code(&choices))
}

/// The cases named one by one; none for a suite's, whose name is checked before a device is opened.
fn named(args: &TuneArgs) -> Result<Option<Vec<Case>>> {
    input::suite(&args.suite)?;
    if args.case.is_empty() {
        return Ok(None);
    }
    let cases = args.case.iter().map(|name| Ok(input::case(name)?.1));
    cases.collect::<Result<_>>().map(Some)
}

fn of_suite(args: &TuneArgs, scale: Scale) -> Result<Vec<Case>> {
    let all = input::suite(&args.suite)?.plan(scale);
    let wanted = |case: &&Case| args.kernel.is_empty() || args.kernel.contains(&case.kernel);
    let cases: Vec<Case> = all.iter().filter(wanted).cloned().collect();
    if cases.is_empty() {
        let mut kernels: Vec<&str> = all.iter().map(|case| case.kernel.as_str()).collect();
        kernels.dedup();
        kernels.sort_unstable();
        kernels.dedup();
        return Err(Error::Usage(format!(
            "--kernel {}: the kernels of suite {} are {}",
            args.kernel.join(", "),
            args.suite,
            kernels.join(", ")
        )));
    }
    Ok(cases)
}

fn clear(json: bool) -> Result<u8> {
    let removed = tuning::cache().map_or(Ok(0), |cache| cache.clear())?;
    if json {
        print_json(&serde_json::json!({ "removed": removed }))?;
    } else {
        print(&format!("entries removed from the tuner's cache: {removed}\n"))?;
    }
    Ok(0)
}

/// The exit status: 5 where no variant of a case was right and one was wrong, 3 where none ran, else 0.
fn exit_code(choices: &[Choice]) -> u8 {
    let any = |statuses: &[Status]| choices.iter().any(|choice| statuses.contains(&choice.status));
    if any(&[Status::Wrong]) {
        5
    } else if any(&[Status::Lost, Status::Timeout, Status::Error]) {
        3
    } else {
        0
    }
}
