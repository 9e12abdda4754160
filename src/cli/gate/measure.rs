//! What the gate has measured: a baseline's program and this one by turns, or suspects once more.

use std::path::Path;

use clap::Parser;

use super::super::output::complain;
use super::super::process::Program;
use super::super::run::{RunArgs, asked};
use super::super::supervise::Worker;
use super::super::turns::{Errand, Pins};
use super::GateArgs;
use super::before::{Before, read, same_machine};
use crate::device::Selection;
use crate::error::{Error, Result};
use crate::gate::{Judged, Measured, Outcome, Rule};
use crate::kernels::Case;
use crate::record::Options;

/// Runs a side where both are measured by turns, unless somebody wants another number.
const RUNS: u32 = 10;
/// Where sessions go that the gate measures. Not into the history: of suspects alone it would learn nothing.
const OUT: &str = "onpar-gate";

/// Options of `onpar run`.
#[derive(Debug, Parser)]
#[command(name = "onpar gate ... --")]
struct RunOptions {
    #[command(flatten)]
    args: RunArgs,
}

fn run_options(args: &GateArgs, runs: u32) -> Result<RunArgs> {
    let runs = runs.to_string();
    let usual = ["onpar gate ... --", "--out", OUT, "--runs", &runs];
    let words = usual.into_iter().chain(args.run.iter().map(String::as_str));
    let options = RunOptions::try_parse_from(words).map_err(|error| Error::Usage(error.to_string()))?;
    Ok(options.args)
}

fn program(args: &GateArgs) -> Option<Program> {
    let program = Program {
        path: args.baseline_program.clone(),
        environment: args.baseline_env.clone(),
    };
    (program.path.is_some() || !program.environment.is_empty()).then_some(program)
}

/// Measures the baseline's program and this one by turns.
pub(super) fn both(args: &GateArgs, rule: Rule) -> Result<(Measured, Before)> {
    if args.session.is_some() {
        return Err(Error::Usage(
            "SESSION: with --baseline-program both sides are measured now; name sessions with --history or --baseline"
                .to_owned(),
        ));
    }
    let run = run_options(args, RUNS)?;
    let ready = Worker::start(run.device.as_deref())?.ready;
    let (options, plan) = asked(&run, &ready)?;
    let errand = errand(&run, options, plan, Pins::new())?;
    by_turns(errand, &program(args).unwrap_or_default(), rule)
}

/// Measures the suspects once more and judges them.
pub(super) fn suspects(args: &GateArgs, outcome: &Outcome, before: &Before, rule: Rule) -> Result<Outcome> {
    let old = program(args);
    let of_session = &outcome.session.options;
    let run = run_options(args, if old.is_some() { RUNS } else { of_session.runs })?;
    let plan: Vec<Case> = outcome.suspects().map(case_of).collect::<Result<_>>()?;
    let options = Options {
        runs: run.runs,
        filter: Vec::new(),
        tune: None,
        turns: None,
        device: Options::device_word(&Selection::from(run.device.as_deref())),
        ..of_session.clone()
    };
    if let Some(old) = old {
        // Its first run chooses the variants.
        let (now, before) = by_turns(errand(&run, options, plan, Pins::new())?, &old, rule)?;
        same_machine(&outcome.session, &now.header)?;
        return Ok(before.judge(&now, rule));
    }
    let variants = plan
        .iter()
        .cloned()
        .zip(outcome.suspects().map(|case| case.variant_before.clone()));
    let pins = variants.filter(|(_, variant)| !variant.is_empty()).collect();
    let folder = errand(&run, options, plan, pins)?.alone()?;
    tell(&[&folder]);
    let now = read(&folder, rule)?;
    same_machine(&outcome.session, &now.header)?;
    Ok(before.judge(&now, rule))
}

fn case_of(case: &Judged) -> Result<Case> {
    case.case.parse().map_err(Error::Usage)
}

fn errand(run: &RunArgs, options: Options, plan: Vec<Case>, pins: Pins) -> Result<Errand> {
    if options.tune.is_some() || run.resume.is_some() {
        return Err(Error::Usage(
            "--tune and --resume: what the gate measures runs the variants of the baseline, from the beginning; leave them out"
                .to_owned(),
        ));
    }
    Ok(Errand {
        device: run.device.clone(),
        out: run.out.clone(),
        options,
        plan,
        pins,
        quiet: run.quiet,
    })
}

fn by_turns(errand: Errand, old: &Program, rule: Rule) -> Result<(Measured, Before)> {
    let folders = errand.by_turns(old)?;
    tell(&[&folders[0], &folders[1]]);
    let (before, now) = (read(&folders[0], rule)?, read(&folders[1], rule)?);
    Ok((now, Before::Session(Box::new(before), None)))
}

fn tell(folders: &[&Path]) {
    let names: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    complain(&format!("onpar: measured {}", names.join(" and ")));
}
