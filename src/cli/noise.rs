//! `onpar doctor --noise`: how much does this machine differ from itself?

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::output::{complain, print, print_json};
use super::run::job;
use super::supervise::Worker;
use crate::device::Selection;
use crate::error::Result;
use crate::measure::{Event, Order};
use crate::normalise::Noise;
use crate::record::{Birth, Candidates, Header, JOURNAL, Options, Session};
use crate::report;
use crate::suites;

/// Arguments of `onpar doctor --noise`.
#[derive(Debug, Args)]
pub(crate) struct NoiseArgs {
    /// The device, by its number or a part of its name.
    #[arg(long, value_name = "INDEX|NAME-PART", requires = "noise")]
    device: Option<String>,
    /// Runs: child processes that measure the same, each with a device of its own.
    #[arg(long, default_value_t = 10, value_name = "K", requires = "noise", value_parser = clap::value_parser!(u32).range(2..=1000))]
    runs: u32,
    /// A folder of earlier sessions, which tell how much this device differs from session to session.
    #[arg(long, value_name = "DIR", requires = "noise")]
    history: Option<PathBuf>,
}

/// Seconds without a sign of life after which a run is given up.
const TIMEOUT: f64 = 120.0;

pub(super) fn run(args: &NoiseArgs, json: bool) -> Result<u8> {
    let session = measure(args)?;
    let runs = Noise::between_runs(&session);
    let earlier = args
        .history
        .as_deref()
        .map_or_else(Vec::new, |folder| alike(folder, &session));
    let sessions = Noise::between_sessions(&earlier);
    if json {
        print_json(&json!({ "session": session.header, "runs": runs, "sessions": sessions }))?;
    } else {
        print(&report::noise::text(&session.header, &runs, &sessions))?;
    }
    Ok(if runs.is_empty() { 3 } else { 0 })
}

/// A session that is kept in memory only: it says nothing about the device that a real one does not say better.
fn measure(args: &NoiseArgs) -> Result<Session> {
    let device = args.device.as_deref();
    let worker = Worker::start(device)?;
    let options = Options {
        suite: "smoke".to_owned(),
        filter: Vec::new(),
        candidates: Candidates::Default,
        tune: None,
        runs: args.runs,
        seed: 1,
        timeout_s: TIMEOUT,
        order: Order::Interleaved,
        checks: false,
        turns: None,
        device: Options::device_word(&Selection::from(device)),
    };
    let (facts, timer) = (worker.ready.facts.clone(), worker.ready.timer.clone());
    let header = Header::new(Birth::now()?, options, facts, Some(timer), suites::noise())?;
    let mut session = Session::begun(header);
    let mut first = Some(worker);
    for run in 1..=args.runs {
        let worker = match first.take() {
            Some(worker) => worker,
            None => Worker::start(device)?,
        };
        session.header.admits(&worker.ready.facts)?;
        worker.work(
            &job(run, &session.header, &[]),
            Duration::from_secs_f64(TIMEOUT),
            &mut |event| {
                if !matches!(event, Event::Start(_)) {
                    session.events.push(event);
                }
                Ok(())
            },
        )?;
    }
    Ok(session)
}

/// The sessions under a folder that are of the device at hand; what cannot be read is named and passed over.
fn alike(folder: &Path, session: &Session) -> Vec<Session> {
    let mut journals = Vec::new();
    find(folder, &mut journals);
    journals.sort();
    let read = |journal: &PathBuf| {
        Session::read(journal)
            .inspect_err(|error| complain(&format!("onpar: passed over: {error}")))
            .ok()
    };
    let hard = &session.header.keys.hard;
    journals
        .iter()
        .filter_map(read)
        .filter(|other| other.header.keys.hard == *hard)
        .collect()
}

fn find(folder: &Path, journals: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            find(&path, journals);
        } else if path.file_name().is_some_and(|name| name == JOURNAL) {
            journals.push(path);
        }
    }
}
