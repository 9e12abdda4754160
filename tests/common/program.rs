//! Runs the program on a scripted device (`src/device/scripted.rs`) in a folder of its own, and reads what it leaves.
#![allow(dead_code, reason = "every test file compiles this module for itself")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::Child;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use onpar::measure::Status;
use onpar::record::{JOURNAL, Session};
use serde_json::{Value, json};

/// Small cases, so that references cost nothing; `copy` of 65 is the one that scripts let fail.
pub(crate) const BEFORE: &str = "copy/f32/-/n=64/hot";
pub(crate) const FAILING: &str = "copy/f32/-/n=65/hot";
pub(crate) const AFTER: &str = "copy/f32/-/n=66/hot";
pub(crate) const FMA: &str = "fma/f32/affine/n=64,steps=16/hot";
pub(crate) const MATMUL: &str = "matmul/f32/nn/k=8,m=8,n=8/hot";

/// How the program ended, and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

impl Ended {
    /// Standard output, which must be one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The program with these arguments.
pub(crate) fn onpar(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onpar"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Waits for a command and takes what it says.
#[track_caller]
pub(crate) fn finish(command: &mut Command) -> Ended {
    Ended::from(command.output().expect("the program starts"))
}

/// A subcommand, by its name.
pub(crate) struct Verb(pub(crate) &'static str);

impl Verb {
    /// Runs it with these arguments.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        finish(onpar(&[self.0]).args(arguments))
    }

    /// What it prints where all is well, which is nothing on standard error.
    #[track_caller]
    pub(crate) fn prints(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{arguments:?}");
        ended.out
    }

    /// The same, which must be one JSON document.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.prints(arguments)).expect("JSON and nothing else")
    }
}

/// A folder with a script for a device, in which the program runs.
pub(crate) struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    /// A device on which everything goes well but for these entries of the script's `cases`.
    pub(crate) fn new(cases: &Value) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let stage = Self { folder };
        stage.play(cases);
        stage
    }

    /// The same device with other entries.
    pub(crate) fn play(&self, cases: &Value) {
        self.vary("cases", cases);
    }

    /// The device on which everything goes well, but for one thing.
    pub(crate) fn vary(&self, name: &str, value: &Value) {
        let mut script = json!({
            "adapter": "Scripted", "device_type": "discrete", "clock": true,
            "operations_per_second": 1e12, "bytes_per_second": 1e11,
        });
        script[name] = value.clone();
        self.script(&script);
    }

    /// Another device.
    pub(crate) fn script(&self, script: &Value) {
        std::fs::write(self.path("script.json"), script.to_string()).expect("writes");
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `onpar run` on the device of the script, with more arguments; results go to `out`.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let device = format!("scripted:{}", self.path("script.json").display());
        let mut command = onpar(&["run", "--device", &device]);
        command.args(arguments).current_dir(self.folder.path());
        // Nobody's own cache of the tuner is touched.
        command.env("ONPAR_CACHE", self.path("cache"));
        if !arguments.contains(&"--resume") && !arguments.contains(&"--out") {
            command.args(["--out", "out"]);
        }
        command
    }

    /// Runs it to its end.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        finish(&mut self.command(arguments))
    }

    /// Runs these cases to their end, with more arguments.
    #[track_caller]
    pub(crate) fn measure(&self, cases: &[&str], arguments: &[&str]) -> Ended {
        let named = cases.iter().flat_map(|case| ["--case", case]);
        self.run(&named.chain(arguments.iter().copied()).collect::<Vec<_>>())
    }

    /// The folders of the sessions under `out`.
    pub(crate) fn sessions(&self) -> Vec<PathBuf> {
        sessions_in(&self.path("out"))
    }

    /// The folder of the only session.
    #[track_caller]
    pub(crate) fn folder(&self) -> PathBuf {
        match &self.sessions()[..] {
            [folder] => folder.clone(),
            other => panic!("expected one session: {other:?}"),
        }
    }

    /// The only session.
    #[track_caller]
    pub(crate) fn session(&self) -> Session {
        Session::read(&self.folder()).expect("a session")
    }

    /// The text of its journal, empty as long as there is none.
    pub(crate) fn journal(&self) -> String {
        let folders = self.sessions();
        let read = |folder: &PathBuf| std::fs::read_to_string(folder.join(JOURNAL)).ok();
        folders.first().and_then(read).unwrap_or_default()
    }

    /// A file of the only session.
    #[track_caller]
    pub(crate) fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder().join(name)).expect("a file")
    }

    /// The lines of its `rows.csv` by column.
    #[track_caller]
    pub(crate) fn rows(&self) -> Vec<BTreeMap<String, String>> {
        let text = self.file("rows.csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }

    /// The line of `rows.csv` of a case.
    #[track_caller]
    pub(crate) fn row(&self, case: &str) -> BTreeMap<String, String> {
        let row = self.rows().into_iter().find(|row| row["case"] == case);
        row.unwrap_or_else(|| panic!("no row of {case}"))
    }

    /// Case and status of every row of the journal.
    #[track_caller]
    pub(crate) fn statuses(&self) -> Vec<(String, Status)> {
        let session = self.session();
        let rows = session.rows();
        rows.map(|finished| (finished.row.case.to_string(), finished.row.status))
            .collect()
    }

    /// Starts it.
    #[cfg(unix)]
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        Running::start(self.command(arguments))
    }

    /// Processes that measure for this stage, by what they were started with, whether the program is still there or not.
    #[cfg(target_os = "linux")]
    pub(crate) fn workers(&self) -> Vec<u32> {
        let script = self.path("script.json").display().to_string();
        workers(|id| file_of(id, "cmdline").contains(&script))
    }
}

/// The folders of the sessions in an output folder.
pub(crate) fn sessions_in(out: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let all = std::fs::read_dir(folder).into_iter().flatten().flatten();
        all.map(|entry| entry.path()).collect()
    };
    entries(out).iter().flat_map(|device| entries(device)).collect()
}

/// Workers that something holds for; one that has ended has no words any more.
#[cfg(target_os = "linux")]
fn workers(holds: impl Fn(u32) -> bool) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("processes").flatten();
    let ids = processes.filter_map(|process| process.file_name().to_str()?.parse().ok());
    let is_worker = |id: &u32| file_of(*id, "cmdline").contains("\0worker\0") && holds(*id);
    ids.filter(is_worker).collect()
}

/// What the system tells of a process, empty where there is none.
#[cfg(target_os = "linux")]
fn file_of(process: u32, name: &str) -> String {
    std::fs::read_to_string(format!("/proc/{process}/{name}")).unwrap_or_default()
}

/// The program at work. Dropping it ends it and every process that it started, at once and without a word.
#[cfg(unix)]
pub(crate) struct Running(Option<Child>);

#[cfg(unix)]
impl Running {
    /// Starts a command, leading a group of processes of its own so that its workers can be ended with it.
    pub(crate) fn start(mut command: Command) -> Self {
        use std::os::unix::process::CommandExt as _;
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        Self(Some(command.spawn().expect("the program starts")))
    }

    /// The number of its process, which is that of its group.
    pub(crate) fn id(&self) -> u32 {
        self.0.as_ref().expect("it runs").id()
    }

    /// The processes that it has measure.
    #[cfg(target_os = "linux")]
    pub(crate) fn workers(&self) -> Vec<u32> {
        let parent = format!("\nPPid:\t{}\n", self.id());
        workers(|id| file_of(id, "status").contains(&parent))
    }

    /// Sends a signal to it and to its workers.
    pub(crate) fn signal_group(&self, name: &str) {
        kill(name, &format!("-{}", self.id()));
    }

    /// Waits until it ends.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ended {
        let child = self.0.take().expect("it runs");
        Ended::from(child.wait_with_output().expect("it ends"))
    }
}

#[cfg(unix)]
impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            kill("KILL", &format!("-{}", child.id()));
            let _ = child.wait();
        }
    }
}

/// Sends a signal to a process.
#[cfg(unix)]
pub(crate) fn signal(name: &str, process: u32) {
    kill(name, &process.to_string());
}

/// Where all have ended there is nobody to signal.
#[cfg(unix)]
fn kill(name: &str, target: &str) {
    let mut kill = Command::new("sh");
    kill.args(["-c", "kill -s \"$0\" -- \"$1\"", name, target]);
    let _ = kill.stderr(Stdio::null()).status();
}

/// Waits until something is so.
#[track_caller]
pub(crate) fn wait_until(what: &str, is_so: impl FnMut() -> bool) {
    wait(Duration::from_millis(20), what, is_so);
}

/// The same, looking again at once: for what lasts only a moment.
#[track_caller]
pub(crate) fn wait_closely(what: &str, is_so: impl FnMut() -> bool) {
    wait(Duration::from_micros(200), what, is_so);
}

#[track_caller]
fn wait(pause: Duration, what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(pause);
    }
}

/// Finished cases in the text of a journal.
pub(crate) fn rows_in(journal: &str) -> usize {
    journal.lines().filter(|line| line.contains("\"kind\":\"row\"")).count()
}

/// Compares the keys of an object with the table of the section of `docs/formats.md` whose heading has these words.
#[track_caller]
pub(crate) fn assert_documented(document: &Value, heading: &str) {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md"))
        .expect("the page can be read");
    let sections = page.split("\n### ");
    let named = |section: &&str| section.lines().next().is_some_and(|line| line.contains(heading));
    let section = sections.into_iter().find(named).expect("a section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let key = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
    let documented: std::collections::BTreeSet<String> = section.lines().filter_map(key).collect();
    let object = document.as_object().expect("an object");
    assert_eq!(
        object.keys().cloned().collect::<std::collections::BTreeSet<_>>(),
        documented,
        "{heading}"
    );
}
