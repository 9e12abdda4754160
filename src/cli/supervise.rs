//! Workers at work: whatever becomes of one, every case gets its row.

use std::time::Duration;

use super::process::{Process, Program, Silence};
use super::worker::{Job, Message, Ready, Request};
use crate::device::Listed;
use crate::error::{Error, Result};
use crate::measure::{Event, Item, Row, Status};

/// A worker whose device is open.
pub(crate) struct Worker {
    process: Process,
    pub(crate) ready: Ready,
}

/// How long a worker may take to open its device and test its clock.
const OPENING: Duration = Duration::from_secs(60);
/// How long a worker that was ended may go on saying what it had still to say.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The devices of this machine, asked of a process of its own: enumerating drivers runs their code.
///
/// # Errors
/// When the worker ends without an answer.
pub(crate) fn devices() -> Result<Vec<Listed>> {
    let mut process = Process::start(&Program::default(), &["--list"])?;
    match process.next(OPENING) {
        Ok(Message::Devices(devices)) => Ok(devices),
        silence => Err(useless(&mut process, "listing the devices failed", silence.err())),
    }
}

impl Worker {
    /// Starts a worker and waits until its device is open.
    ///
    /// # Errors
    /// What the worker says of the device, or how it ended.
    pub(crate) fn start(device: Option<&str>) -> Result<Self> {
        Self::start_of(&Program::default(), device)
    }

    /// The same of a program, which may be another one than this.
    ///
    /// # Errors
    /// As [`Worker::start`].
    pub(super) fn start_of(program: &Program, device: Option<&str>) -> Result<Self> {
        let named = device.map(|device| ["--device", device]);
        let mut process = Process::start(program, named.as_ref().map_or(&[], |arguments| &arguments[..]))?;
        match process.next(OPENING) {
            Ok(Message::Ready(ready)) => Ok(Self { process, ready: *ready }),
            Ok(Message::Failed(failed)) => Err(match failed.exit_code {
                2 => Error::Usage(failed.message),
                6 => Error::NoDevice(failed.message),
                _ => Error::Device(failed.message),
            }),
            silence => Err(useless(&mut process, "opening the device failed", silence.err())),
        }
    }

    /// Has a job done, as far as this worker gets. Every event goes to `observe`; if the worker dies or falls silent for
    /// `timeout`, the case it was at gets its row from here. Returns the items that are left.
    ///
    /// # Errors
    /// [`Error::Interrupted`], and what `observe` reports.
    pub(crate) fn work(
        mut self,
        job: &Job,
        timeout: Duration,
        observe: &mut dyn FnMut(Event) -> Result<()>,
    ) -> Result<Vec<Item>> {
        let mut left = job.items.clone();
        self.process.send(&Request::Measure(job.clone()));
        let mut at_work = None;
        loop {
            match self.process.next(timeout) {
                Ok(Message::Event(event)) => {
                    match &*event {
                        Event::Start(start) => at_work = Some(start.place),
                        Event::Row(row) => {
                            left.retain(|item| item.place != row.place);
                            at_work = None;
                        }
                        Event::Candidate(_) | Event::Block(_) | Event::Pulse(_) => {}
                    }
                    observe(*event)?;
                }
                Ok(_) => {}
                Err(Silence::Interrupted) => return self.finish(observe),
                Err(silence) => {
                    let (status, reason) = self.failure(silence, timeout);
                    // A worker that stops between two cases ended in order (it does after a lost device) and the next
                    // one takes up what is left; one that never began anything would do so for ever.
                    let fruitless = left.len() == job.items.len();
                    let owes_a_row = at_work.is_some() || fruitless || status == Status::Timeout;
                    // Before any case began, the first is to blame: it is what the worker was at.
                    let culprit = left.iter().position(|item| Some(item.place) == at_work).unwrap_or(0);
                    if owes_a_row && !left.is_empty() {
                        let item = left.remove(culprit);
                        observe(Event::Row(Row::failed(&item, job.run, job.clock, status, reason)))?;
                    }
                    return Ok(left);
                }
            }
        }
    }

    /// Asks for something else than a job.
    pub(crate) fn ask(&mut self, request: &Request) {
        self.process.send(request);
    }

    /// The next message. Where there is none, because the worker ended or fell silent for too long, how that came about;
    /// then it is of no more use.
    ///
    /// # Errors
    /// [`Error::Interrupted`].
    pub(crate) fn next(&mut self, timeout: Duration) -> Result<std::result::Result<Message, (Status, String)>> {
        match self.process.next(timeout) {
            Ok(message) => Ok(Ok(message)),
            Err(Silence::Interrupted) => {
                self.process.stop();
                Err(Error::Interrupted)
            }
            Err(silence) => Ok(Err(self.failure(silence, timeout))),
        }
    }

    /// Ends the worker. What it had said before is not lost.
    fn finish(mut self, observe: &mut dyn FnMut(Event) -> Result<()>) -> Result<Vec<Item>> {
        self.process.stop();
        while let Some(message) = self.process.rest(LAST_WORDS) {
            if let Message::Event(event) = message {
                observe(*event)?;
            }
        }
        Err(Error::Interrupted)
    }

    fn failure(&mut self, silence: Silence, timeout: Duration) -> (Status, String) {
        if silence == Silence::TooLong {
            self.process.stop();
            let seconds = timeout.as_secs_f64();
            return (
                Status::Timeout,
                format!("nothing came back for {seconds} s; the process was ended"),
            );
        }
        let fate = self.process.fate();
        (Status::Error, format!("the measuring process came to an end: {fate}"))
    }
}

/// A process that did not do what it was started for.
fn useless(process: &mut Process, failed: &str, silence: Option<Silence>) -> Error {
    match silence {
        Some(Silence::Interrupted) => Error::Interrupted,
        Some(Silence::TooLong) => {
            let seconds = OPENING.as_secs();
            Error::Device(format!("{failed}: the driver gave no answer for {seconds} s"))
        }
        _ => {
            process.stop();
            Error::Device(format!("{failed}: {}", process.fate()))
        }
    }
}
