//! The child process that touches the driver. A driver that crashes, hangs or leaks takes this process with it and
//! nothing else; the parent turns what happened into a row.
//!
//! It speaks JSON lines: what it finds and measures on standard output, one [`Request`] after the other on standard
//! input.
//!
//! Standard input stays open as long as the parent lives. When it closes the worker ends at once, whatever the driver is
//! doing: there is nobody to tell.

use std::io::{BufRead as _, Write as _};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::interrupt;
use crate::device::{self, Device, Facts, Failure, Listed, Selection};
use crate::error::{Error, Result};
use crate::measure::{
    self, Clock, Effort, Event, Item, Limits, Order, Settings, Status, TimerCheck, TimerReport, Watch,
};
use crate::suites;
use crate::tune::{self, Progress, Task};

/// Arguments of the hidden subcommand.
#[derive(Debug, Args)]
pub(crate) struct WorkerArgs {
    /// List the devices and end.
    #[arg(long)]
    list: bool,
    /// The device, as the user named it.
    #[arg(long)]
    device: Option<String>,
}

/// What the worker tells its parent, a line each.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Message {
    /// Every device there is.
    Devices(Vec<Listed>),
    /// The device is open and its clock is tested.
    Ready(Box<Ready>),
    /// The device cannot be used.
    Failed(Failed),
    /// Something was measured.
    Event(Box<Event>),
    /// Something happened in a search.
    Progress(Box<Progress>),
    /// A search came to nothing.
    NotFound(Status, String),
    /// Nothing was measured yet, but what is going on makes headway.
    Alive,
}

/// What the parent wants done.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Request {
    /// Measure, and end.
    Measure(Job),
    /// Search for the fastest variant of a case, and wait for more to do.
    Tune(Task),
}

/// An open device.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ready {
    pub(crate) facts: Facts,
    pub(crate) timer: TimerReport,
}

/// Why there is no device.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Failed {
    pub(crate) message: String,
    pub(crate) exit_code: u8,
}

/// What the parent wants measured.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) run: u32,
    pub(crate) seed: u64,
    pub(crate) all_variants: bool,
    pub(crate) checks: bool,
    pub(crate) clock: Clock,
    pub(crate) quick: bool,
    pub(crate) order: Order,
    pub(crate) items: Vec<Item>,
}

impl Job {
    fn settings(&self) -> Settings {
        let effort = if self.quick { QUICK } else { STEADY };
        Settings {
            run: self.run,
            seed: self.seed,
            all_variants: self.all_variants,
            checks: self.checks,
            clock: self.clock,
            effort,
        }
    }
}

/// How often the parent is told that there is life.
const LIFE: Duration = Duration::from_millis(200);

const QUICK: Effort = Effort {
    limits: Limits {
        least: 16,
        most: 200,
        seconds: 0.15,
        half_width: 0.01,
    },
    warm_up: (0.03, 0.15),
};

const STEADY: Effort = Effort {
    limits: Limits {
        least: 16,
        most: 2000,
        seconds: 0.8,
        half_width: 0.01,
    },
    warm_up: (0.2, 1.0),
};

/// Runs the worker. It ends early when the device is lost: the parent starts another for what is left.
///
/// # Errors
/// When standard input or output fails; what the device does is told in messages.
pub(crate) fn run(args: &WorkerArgs) -> Result<u8> {
    interrupt::leave_to_parent()?;
    let orders = listen();
    if args.list {
        return tell(&Message::Devices(device::list())).map(|()| 0);
    }
    let began = Instant::now();
    let mut device = match device::open(&Selection::from(args.device.as_deref())) {
        Ok(device) => device,
        Err(error) => {
            let (message, exit_code) = (error.to_string(), error.exit_code());
            return tell(&Message::Failed(Failed { message, exit_code })).map(|()| 0);
        }
    };
    let timer = test_clock(&mut *device);
    tell(&Message::Ready(Box::new(Ready {
        facts: device.facts().clone(),
        timer,
    })))?;
    std::thread::spawn(tell_of_life);
    // When there are no more the thread that listens ends the process.
    for line in orders {
        let request = serde_json::from_str(&line);
        match request.map_err(|error| Error::Usage(format!("worker: not a request: {error}")))? {
            Request::Measure(job) => return measure_all(&mut *device, &job, began).map(|()| 0),
            Request::Tune(task) => search(&mut *device, &task)?,
        }
    }
    Ok(0)
}

fn search(device: &mut dyn Device, task: &Task) -> Result<()> {
    let mut told = Ok(());
    let found = tune::search(device, task, &mut |progress| {
        if told.is_ok() {
            told = tell(&Message::Progress(Box::new(progress)));
        }
    });
    told?;
    match found {
        Ok(found) => tell(&Message::Progress(Box::new(Progress::Found(found)))),
        Err((status, reason)) => tell(&Message::NotFound(status, reason)),
    }
}

/// Hears what the parent says, line by line, and ends the process when there is no parent any more. It does so without
/// asking anybody: a driver that hangs holds up every orderly way out.
fn listen() -> Receiver<String> {
    let (sender, orders) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(std::io::Result::ok) {
            let _ = sender.send(line);
        }
        signal_hook::low_level::exit(0);
    });
    orders
}

fn test_clock(device: &mut dyn Device) -> TimerReport {
    measure::self_test(device).unwrap_or_else(|failure| TimerReport {
        clock: Clock::Wall,
        tick: device.facts().tick,
        resolution: None,
        checks: vec![TimerCheck {
            name: "runs".to_owned(),
            passed: false,
            detail: format!("the test kernel did not run: {failure}"),
        }],
    })
}

/// Measures group after group, with a look at the machine before, between and after them. Ends when the device is lost.
fn measure_all(device: &mut dyn Device, job: &Job, began: Instant) -> Result<()> {
    let settings = job.settings();
    let watch = Watch::new(device, &suites::references(), job.run, job.clock, began);
    if !look(device, &watch)? {
        return Ok(());
    }
    for group in measure::groups(&job.items, job.order) {
        let mut told = Ok(());
        let alive = measure::measure_group(device, group, &settings, &mut |event| {
            if told.is_ok() {
                told = tell(&Message::Event(Box::new(event)));
            }
        });
        told?;
        if !(alive && look(device, &watch)?) {
            return Ok(());
        }
    }
    Ok(())
}

/// Tells of a look at the machine, and whether the device is there. What else goes wrong with it says nothing about any
/// case.
fn look(device: &mut dyn Device, watch: &Watch) -> Result<bool> {
    match watch.pulse(device) {
        Ok(pulse) => tell(&Message::Event(Box::new(Event::Pulse(pulse)))).map(|()| true),
        Err(failure) => Ok(!matches!(failure, Failure::Lost(_))),
    }
}

/// Tells the parent now and then that the device, or the reference, makes headway, so that it takes nothing that is merely
/// slow for stuck.
fn tell_of_life() {
    let mut told = device::beats();
    loop {
        std::thread::sleep(LIFE);
        let beats = device::beats();
        if beats != told && tell(&Message::Alive).is_err() {
            return;
        }
        told = beats;
    }
}

/// Writes a message on a line of its own, also where a driver left the line before without an end.
fn tell(message: &Message) -> Result<()> {
    let failed = |cause| Error::io("standard output", "cannot write", cause);
    let json = serde_json::to_string(message).map_err(|error| Error::Device(format!("worker: {error}")))?;
    let line = format!("\n{json}\n");
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes())
        .and_then(|()| out.flush())
        .map_err(failed)
}
