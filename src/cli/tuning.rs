//! Having variants chosen before anything is measured: from the cache, or by searches in a worker.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use etcetera::BaseStrategy as _;

use super::output::complain;
use super::supervise::Worker;
use super::worker::{Message, Request};
use crate::error::Result;
use crate::kernels::{self, Case};
use crate::measure::{Clock, Status};
use crate::record::Keys;
use crate::tune::{Cache, Choice, Depth, Entry, FORMAT, Found, Key, Lookup, Progress, Task, Trial};

/// What a search may take beyond its time before its worker is ended: it ends by itself unless the driver keeps it.
const PATIENCE: f64 = 1.25;

/// How variants are chosen.
pub(super) struct Tuning<'a> {
    /// The device, as the user named it.
    pub(super) device: Option<&'a str>,
    /// How thorough searches are, and those of the cache must have been.
    pub(super) depth: Depth,
    /// Seconds for all cases of a kernel together.
    pub(super) budget: f64,
    pub(super) seed: u64,
    /// How long a worker may be silent.
    pub(super) timeout: Duration,
    /// None where the platform has no folder for it.
    pub(super) cache: Option<Cache>,
}

/// The folder of the cache: `ONPAR_CACHE`, or a folder in the platform's for caches.
pub(super) fn cache() -> Option<Cache> {
    let named = std::env::var_os("ONPAR_CACHE").filter(|folder| !folder.is_empty());
    let platform = || {
        etcetera::base_strategy::choose_native_strategy()
            .ok()
            .map(|base| base.cache_dir().join("onpar"))
    };
    let folder = named.map(PathBuf::from).or_else(platform);
    if folder.is_none() {
        complain("onpar: no home folder, so no cache: what is found is forgotten; ONPAR_CACHE names a folder for it");
    }
    folder.map(|folder| Cache::at(folder.join("tuned")))
}

impl Tuning<'_> {
    /// Chooses for every case that has a choice, each once, kernel by kernel; `tell` hears of each as soon as it is known.
    ///
    /// # Errors
    /// When the device cannot be opened again after a variant ended a worker, and what `tell` reports.
    pub(super) fn choose(
        &self,
        worker: Worker,
        cases: &[Case],
        tell: &mut dyn FnMut(&Choice) -> Result<()>,
    ) -> Result<Vec<Choice>> {
        let keys = Keys::of(&worker.ready.facts.identity);
        let mut searcher = Searcher {
            tuning: self,
            clock: worker.ready.timer.clock,
            worker: Some(worker),
        };
        let wanted = wanted(cases, &keys);
        let mut known: HashMap<&Key, Choice> = HashMap::new();
        let mut choices = Vec::new();
        for kernel in kernels_of(&wanted) {
            let of_kernel = || wanted.iter().filter(|(case, _)| case.kernel == kernel);
            for (case, key) in of_kernel() {
                if let Some(entry) = self.cached(key) {
                    known.insert(key, Choice::cached(case, entry));
                }
            }
            let begun = Instant::now();
            let mut missing: usize = of_kernel().filter(|(_, key)| !known.contains_key(key)).count();
            for (case, key) in of_kernel() {
                if !known.contains_key(key) {
                    let left = self.budget - begun.elapsed().as_secs_f64();
                    known.insert(key, self.search(&mut searcher, case, key, left / missing as f64)?);
                    missing -= 1;
                }
                let choice = known[key].for_case(case);
                tell(&choice)?;
                choices.push(choice);
            }
        }
        Ok(choices)
    }

    /// The entry of the cache, if it was found as thoroughly.
    fn cached(&self, key: &Key) -> Option<Entry> {
        match self.cache.as_ref()?.look_up(key) {
            Lookup::Hit(entry) => Some(*entry).filter(|entry| entry.depth >= self.depth),
            Lookup::Miss => None,
            Lookup::Unusable(why) => {
                complain(&format!("onpar: {why}; it is passed over and written anew"));
                None
            }
        }
    }

    fn search(&self, searcher: &mut Searcher, case: &Case, key: &Key, seconds: f64) -> Result<Choice> {
        let found = match searcher.search(case, seconds)? {
            Ok(found) if found.variant.is_some() => found,
            Ok(found) => return Ok(Choice::none(case, found)),
            Err((status, reason)) => return Ok(Choice::failed(case, status, reason)),
        };
        let entry = Entry {
            format: FORMAT,
            key: key.clone(),
            case: case.clone(),
            depth: self.depth,
            found,
        };
        // Without a cache the choice is as good; it is only not remembered.
        if let Some(Err(error)) = self.cache.as_ref().map(|cache| cache.keep(&entry)) {
            complain(&format!("onpar: {error}; what was found is forgotten"));
        }
        Ok(Choice::searched(case, entry))
    }
}

/// The cases that have a choice, with their keys.
fn wanted(cases: &[Case], keys: &Keys) -> Vec<(Case, Key)> {
    let mut wanted: Vec<(Case, Key)> = Vec::new();
    for case in cases {
        let kernel = kernels::find(&case.kernel).filter(|kernel| kernel.check(case).is_ok());
        let Some(kernel) = kernel.filter(|kernel| (kernel.variants)(case).len() > 1) else {
            continue;
        };
        if wanted.iter().all(|(other, _)| other != case) {
            wanted.push((case.clone(), Key::of(kernel, case, &keys.hard, &keys.soft)));
        }
    }
    wanted
}

/// Names of the kernels, each once, in the order of their first cases.
fn kernels_of(wanted: &[(Case, Key)]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (case, _) in wanted {
        if !names.contains(&case.kernel.as_str()) {
            names.push(&case.kernel);
        }
    }
    names
}

/// Searches in a worker, and takes another where a variant ended it.
struct Searcher<'a> {
    tuning: &'a Tuning<'a>,
    clock: Clock,
    worker: Option<Worker>,
}

impl Searcher<'_> {
    fn search(&mut self, case: &Case, seconds: f64) -> Result<std::result::Result<Found, (Status, String)>> {
        let begun = Instant::now();
        let mut fatal: Vec<Trial> = Vec::new();
        loop {
            let left = (seconds - begun.elapsed().as_secs_f64()).max(0.0);
            let task = Task {
                case: case.clone(),
                seconds: left,
                seed: self.tuning.seed,
                clock: self.clock,
                without: fatal.iter().map(|trial| trial.variant.clone()).collect(),
            };
            let mut worker = match self.worker.take() {
                Some(worker) => worker,
                None => Worker::start(self.tuning.device)?,
            };
            worker.ask(&Request::Tune(task));
            let mut watch = Watch::new(self.tuning.timeout, PATIENCE * left + 1.0);
            match watch.over(&mut worker)? {
                Outcome::Found(mut found) => {
                    self.worker = Some(worker);
                    found.trials.append(&mut fatal);
                    return Ok(Ok(found));
                }
                Outcome::NotFound(status, reason) => {
                    self.worker = Some(worker).filter(|_| status != Status::Lost);
                    return Ok(Err((status, reason)));
                }
                Outcome::Ended(status, reason) => {
                    let Some(variant) = watch.trying else {
                        return Ok(Err((status, reason)));
                    };
                    fatal.push(Trial {
                        variant,
                        status,
                        reason,
                        seconds: Vec::new(),
                    });
                    // Time enough to begin anew, or the best of what was seen.
                    if begun.elapsed().as_secs_f64() > seconds / 2.0 {
                        watch.tried.append(&mut fatal);
                        return Ok(Ok(Found::best(watch.tried, begun.elapsed().as_secs_f64())));
                    }
                }
            }
        }
    }
}

/// What is seen of a search from outside.
struct Watch {
    timeout: Duration,
    deadline: Instant,
    trying: Option<String>,
    tried: Vec<Trial>,
}

/// How a search ended.
enum Outcome {
    Found(Found),
    NotFound(Status, String),
    /// The worker ended or fell silent.
    Ended(Status, String),
}

impl Watch {
    fn new(timeout: Duration, seconds: f64) -> Self {
        Self {
            timeout,
            deadline: Instant::now() + Duration::from_secs_f64(seconds),
            trying: None,
            tried: Vec::new(),
        }
    }

    fn over(&mut self, worker: &mut Worker) -> Result<Outcome> {
        loop {
            let left = self.deadline.saturating_duration_since(Instant::now());
            match worker.next(self.timeout.min(left))? {
                Ok(Message::Progress(progress)) => match *progress {
                    Progress::Trying(variant) => self.trying = Some(variant),
                    Progress::Tried(trial) => {
                        self.trying = None;
                        self.tried.push(trial);
                    }
                    Progress::Found(found) => return Ok(Outcome::Found(found)),
                },
                Ok(Message::NotFound(status, reason)) => return Ok(Outcome::NotFound(status, reason)),
                Ok(_) => {}
                Err((status, reason)) => return Ok(Outcome::Ended(status, reason)),
            }
        }
    }
}
