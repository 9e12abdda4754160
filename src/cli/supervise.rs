//! Starting workers and making sense of how they end.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::worker::{Job, Message, Ready};
use crate::device::Listed;
use crate::error::{Error, Result};
use crate::measure::{Event, Item, Row, Status};

/// A worker whose device is open.
pub(crate) struct Worker {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Message>,
    complaints: Option<JoinHandle<String>>,
    pub(crate) ready: Ready,
}

/// How long a worker may take to open its device and test its clock.
const OPENING: Duration = Duration::from_secs(60);
/// How much of what a worker wrote to standard error is kept to explain its end, in bytes.
const COMPLAINTS: usize = 2000;

/// The devices of this machine, asked of a process of its own: enumerating drivers runs their code.
///
/// # Errors
/// When the worker ends without an answer.
pub(crate) fn devices() -> Result<Vec<Listed>> {
    let mut spawned = spawn(&["--list".to_owned()])?;
    match spawned.messages.recv_timeout(OPENING) {
        Ok(Message::Devices(devices)) => Ok(devices),
        _ => Err(Error::Device(format!("listing the devices failed: {}", spawned.end()))),
    }
}

impl Worker {
    /// Starts a worker and waits until its device is open.
    ///
    /// # Errors
    /// What the worker says of the device, or how it ended.
    pub(crate) fn start(device: Option<&str>) -> Result<Self> {
        let mut arguments = Vec::new();
        if let Some(device) = device {
            arguments = vec!["--device".to_owned(), device.to_owned()];
        }
        let mut spawned = spawn(&arguments)?;
        match spawned.messages.recv_timeout(OPENING) {
            Ok(Message::Ready(ready)) => Ok(Self {
                child: spawned.child,
                stdin: spawned.stdin,
                messages: spawned.messages,
                complaints: spawned.complaints,
                ready: *ready,
            }),
            Ok(Message::Failed(failed)) => Err(match failed.exit_code {
                2 => Error::Usage(failed.message),
                6 => Error::NoDevice(failed.message),
                _ => Error::Device(failed.message),
            }),
            _ => Err(Error::Device(format!("opening the device failed: {}", spawned.end()))),
        }
    }

    /// Has a job done, as far as this worker gets. Every event goes to `observe`; if the worker dies or falls silent for
    /// `timeout`, the case it was at gets its row from here. Returns the items that are left.
    ///
    /// # Errors
    /// What `observe` reports.
    pub(crate) fn work(
        mut self,
        job: &Job,
        timeout: Duration,
        observe: &mut dyn FnMut(Event) -> Result<()>,
    ) -> Result<Vec<Item>> {
        let mut left = job.items.clone();
        self.send(job);
        let mut at_work = None;
        loop {
            match self.messages.recv_timeout(timeout) {
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
                Err(fault) => {
                    let (status, reason) = self.fate(fault, timeout);
                    // A worker that stops between two cases ended in order (it does after a lost device) and the next
                    // one takes up what is left; one that never began anything would do so for ever.
                    let fruitless = left.len() == job.items.len();
                    let owes_a_row = at_work.is_some() || fruitless || status == Status::Timeout;
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

    fn send(&mut self, job: &Job) {
        // A worker that is already dead is noticed when its messages end.
        if let (Some(mut stdin), Ok(mut line)) = (self.stdin.take(), serde_json::to_string(job)) {
            line.push('\n');
            let _ = stdin.write_all(line.as_bytes());
        }
    }

    fn fate(&mut self, fault: RecvTimeoutError, timeout: Duration) -> (Status, String) {
        if fault == RecvTimeoutError::Timeout {
            let _ = self.child.kill();
            let _ = self.child.wait();
            return (
                Status::Timeout,
                format!(
                    "nothing came back for {} s; the process was ended",
                    timeout.as_secs_f64()
                ),
            );
        }
        let ended = end(&mut self.child, self.complaints.take());
        (
            Status::Error,
            format!("the driver ended the measuring process: {ended}"),
        )
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Spawned {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Message>,
    complaints: Option<JoinHandle<String>>,
}

impl Spawned {
    fn end(&mut self) -> String {
        let _ = self.child.kill();
        end(&mut self.child, self.complaints.take())
    }
}

fn spawn(arguments: &[String]) -> Result<Spawned> {
    let cannot = |cause| Error::io("onpar", "cannot start the measuring process", cause);
    let program = std::env::current_exe().map_err(cannot)?;
    let mut command = Command::new(program);
    command
        .arg("worker")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if std::env::var_os("NODEVICE_SELECT").is_none() {
        // Mesa's layer that reorders devices asks the desktop which it uses, and complains where there is no desktop.
        command.env("NODEVICE_SELECT", "1");
    }
    let mut child = command.spawn().map_err(cannot)?;
    let (sender, messages) = channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(std::io::Result::ok) {
                // Drivers print to standard output too; only what parses is a message.
                let Ok(message) = serde_json::from_str(&line) else {
                    continue;
                };
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
    }
    let complaints = child.stderr.take().map(|mut stderr| {
        std::thread::spawn(move || {
            let mut tail = Vec::new();
            let mut chunk = [0; 1024];
            while let Ok(count @ 1..) = stderr.read(&mut chunk) {
                tail.extend_from_slice(&chunk[..count]);
                let excess = tail.len().saturating_sub(COMPLAINTS);
                tail.drain(..excess);
            }
            String::from_utf8_lossy(&tail).trim().to_owned()
        })
    });
    Ok(Spawned {
        stdin: child.stdin.take(),
        child,
        messages,
        complaints,
    })
}

/// How a process ended, with the last it had to say.
fn end(child: &mut Child, complaints: Option<JoinHandle<String>>) -> String {
    let status = child.wait().map_or_else(|error| error.to_string(), describe);
    let said = complaints.and_then(|thread| thread.join().ok()).unwrap_or_default();
    let said = said
        .lines()
        .filter(|line| !line.contains("XDG_RUNTIME_DIR"))
        .map(|line| {
            line.split_whitespace()
                .map(without_folders)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect::<Vec<_>>()
        .join(" | ");
    if said.is_empty() {
        status
    } else {
        format!("{status}: {said}")
    }
}

/// A word of a driver, of a path only the last part: its words are recorded, and no path of a machine is.
fn without_folders(word: &str) -> &str {
    let opening = |c: char| c.is_ascii_punctuation() && !matches!(c, '/' | '\\');
    let path = word.trim_start_matches(opening);
    if path.starts_with('/') || path.contains('\\') || path.matches('/').count() > 1 {
        path.rsplit(['/', '\\']).next().unwrap_or(path)
    } else {
        word
    }
}

#[cfg(unix)]
fn describe(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    status
        .signal()
        .map_or_else(|| status.to_string(), |signal| format!("signal {signal}"))
}

#[cfg(not(unix))]
fn describe(status: ExitStatus) -> String {
    status.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_path_only_the_name_is_kept() {
        for (word, kept) in [
            ("/usr/src/driver/shader.c:42:", "shader.c:42:"),
            ("'/home/somebody/.cache/index'", "index'"),
            ("file=/home/somebody/index", "index"),
            ("~/index", "index"),
            (r"C:\Users\somebody\index", "index"),
            ("src/lib.rs:7", "src/lib.rs:7"),
            ("and/or", "and/or"),
            ("(16", "(16"),
        ] {
            assert_eq!(without_folders(word), kept);
        }
    }
}
