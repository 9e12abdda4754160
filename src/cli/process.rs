//! The process of a worker: starting it, hearing it, ending it, and making sense of how it ended.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::interrupt;
use super::worker::{Message, Request};
use crate::error::{Error, Result};

/// How much of what a worker wrote to standard error is kept to explain its end, in bytes.
const COMPLAINTS: usize = 2000;
/// How long one waits without looking whether the user wants an end.
const LOOK: Duration = Duration::from_millis(50);

/// A process that touches the driver. It is ended when this is dropped, and ends by itself when the pipe to its standard
/// input closes, which happens even if this process is killed.
pub(super) struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Message>,
    complaints: Option<JoinHandle<String>>,
}

/// What is started to measure. By default it is this program, as it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    /// Another onpar.
    pub(super) path: Option<PathBuf>,
    /// What else its environment holds. It is never recorded.
    pub(super) environment: Vec<(String, String)>,
}

/// Why there is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// It was silent for as long as was allowed.
    TooLong,
    /// It has ended, and everything it said was heard.
    Ended,
    /// The user wants an end.
    Interrupted,
}

impl Process {
    /// Starts `worker` of a program with these arguments.
    ///
    /// # Errors
    /// When the system starts no process.
    pub(super) fn start(program: &Program, arguments: &[&str]) -> Result<Self> {
        let named = program.path.as_deref();
        let name = named.unwrap_or(Path::new("onpar"));
        let cannot = |cause| Error::io(name, "cannot start the measuring process", cause);
        let path = named.map_or_else(std::env::current_exe, |path| Ok(path.to_owned()));
        let mut command = Command::new(path.map_err(cannot)?);
        command
            .arg("worker")
            .args(arguments)
            .envs(program.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Its last words are recorded, and a backtrace would leave no room for them.
            .env("RUST_BACKTRACE", "0");
        if std::env::var_os("NODEVICE_SELECT").is_none() {
            // Mesa's layer that reorders devices asks the desktop which it uses, and complains where there is no desktop.
            command.env("NODEVICE_SELECT", "1");
        }
        let mut child = command.spawn().map_err(cannot)?;
        let (sender, messages) = channel();
        if let Some(stdout) = child.stdout.take() {
            std::thread::spawn(move || hear(stdout, |message| sender.send(message).is_ok()));
        }
        let complaints = child.stderr.take();
        Ok(Self {
            stdin: child.stdin.take(),
            child,
            messages,
            complaints: complaints.map(|stderr| std::thread::spawn(move || tail(stderr))),
        })
    }

    /// Waits for the next message. Time in which this process itself stood still, as after Ctrl-Z, does not count.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn next(&self, patience: Duration) -> std::result::Result<Message, Silence> {
        let mut waited = Duration::ZERO;
        while waited < patience {
            let look = LOOK.min(patience - waited);
            match self.messages.recv_timeout(look) {
                Ok(message) => return Ok(message),
                // A worker that goes down with its parent's terminal or service has not failed.
                Err(_) if interrupt::came() => return Err(Silence::Interrupted),
                Err(RecvTimeoutError::Disconnected) => return Err(Silence::Ended),
                Err(RecvTimeoutError::Timeout) => waited += look,
            }
        }
        Err(Silence::TooLong)
    }

    /// A message that was already under way when the process was stopped; none once all were heard, or after so long.
    pub(super) fn rest(&self, patience: Duration) -> Option<Message> {
        self.messages.recv_timeout(patience).ok()
    }

    /// Asks for something. A worker that is already dead is noticed when its messages end.
    pub(super) fn send(&mut self, request: &Request) {
        if let (Some(stdin), Ok(mut line)) = (&mut self.stdin, serde_json::to_string(request)) {
            line.push('\n');
            let _ = stdin.write_all(line.as_bytes());
        }
    }

    /// Ends it.
    pub(super) fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// How it ended, with the last it had to say. Waits for that; a process that may be alive must be stopped first.
    pub(super) fn fate(&mut self) -> String {
        let status = self.child.wait().map_or_else(|error| error.to_string(), describe);
        let said = self.complaints.take().and_then(|thread| thread.join().ok());
        match tidy(&said.unwrap_or_default()) {
            said if said.is_empty() => status,
            said => format!("{status}: {said}"),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Drivers print to standard output too; only what parses is a message.
fn hear(stdout: ChildStdout, tell: impl Fn(Message) -> bool) {
    let lines = BufReader::new(stdout).lines().map_while(std::io::Result::ok);
    let mut messages = lines.filter_map(|line| serde_json::from_str(&line).ok());
    while messages.next().is_some_and(&tell) {}
}

/// The last that a process says.
fn tail(mut stderr: ChildStderr) -> String {
    let mut tail = Vec::new();
    let mut chunk = [0; 1024];
    while let Ok(count @ 1..) = stderr.read(&mut chunk) {
        tail.extend_from_slice(&chunk[..count]);
        let excess = tail.len().saturating_sub(COMPLAINTS);
        tail.drain(..excess);
    }
    String::from_utf8_lossy(&tail).into_owned()
}

/// What a driver said, in one line without folders.
fn tidy(said: &str) -> String {
    let lines = said.trim().lines().filter(|line| !line.contains("XDG_RUNTIME_DIR"));
    let line = |line: &str| {
        line.split_whitespace()
            .map(without_folders)
            .collect::<Vec<_>>()
            .join(" ")
    };
    lines.map(line).collect::<Vec<_>>().join(" | ")
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
    let Some(signal) = status.signal() else {
        return status.to_string();
    };
    let name = signal_hook::low_level::signal_name(signal).unwrap_or("unknown");
    let hint = if signal == signal_hook::consts::SIGKILL {
        ", as the system does when memory runs out"
    } else {
        ""
    };
    format!("signal {signal} ({name}{hint})")
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
