//! Others at work on the machine are noticed on a real adapter. Where there is none the trial is shown as ignored.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use libtest_mimic::{Arguments, Failed, Trial};
use onpar::device::list;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_onpar");

fn main() {
    let arguments = Arguments::from_args();
    let trials = vec![
        Trial::test("beside_others_a_session_is_flagged_and_decides_nothing", others_at_work)
            .with_ignored_flag(list().is_empty()),
    ];
    libtest_mimic::run(&arguments, trials).exit();
}

/// Compared with itself a session is on par, if anybody could believe it.
fn others_at_work() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let report = beside_others(|| measure("copy/f32/-/n=262144/hot", folder.path()))?;
    let row = &report["rows"][0];
    if row["status"] != "ok" {
        return Err(format!("the case was not measured: {row}").into());
    }
    if !row["flags"].as_str().is_some_and(|flags| flags.contains("contended")) {
        return Err(format!("nobody was noticed: {row}").into());
    }
    let session = session_below(folder.path())?;
    let (code, verdicts) = onpar(
        Command::new(PROGRAM)
            .args(["compare", "--json"])
            .args([&session, &session]),
    )?;
    let refused = &verdicts["refused"][0]["why"];
    if (code, &verdicts["overall"]["verdict"], refused) == (Some(3), &json!("inconclusive"), &json!("flagged")) {
        return Ok(());
    }
    Err(format!("a verdict, with exit status {code:?}: {verdicts}").into())
}

/// While every processor has something else to do.
fn beside_others<T>(measure: impl FnOnce() -> T) -> T {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let measured = measure();
        done.store(true, Ordering::Relaxed);
        measured
    })
}

/// Enough runs for a verdict.
fn measure(case: &str, out: &Path) -> Result<Value, Failed> {
    let mut command = Command::new(PROGRAM);
    command
        .args(["run", "--json", "--runs", "5", "--case", case, "--out"])
        .arg(out);
    if let Ok(device) = std::env::var("ONPAR_DEVICE") {
        command.args(["--device", &device]);
    }
    Ok(onpar(&mut command)?.1)
}

/// The exit status and the document of a command.
fn onpar(command: &mut Command) -> Result<(Option<i32>, Value), Failed> {
    let output = command.output()?;
    let document = serde_json::from_slice(&output.stdout).map_err(|error| {
        let complaints = String::from_utf8_lossy(&output.stderr);
        format!("{error}: {complaints}")
    })?;
    Ok((output.status.code(), document))
}

/// The only session, in the folder of its device.
fn session_below(out: &Path) -> Result<PathBuf, Failed> {
    let only = |folder: &Path| -> Result<PathBuf, Failed> {
        let entry = std::fs::read_dir(folder)?.next().ok_or("an empty folder")?;
        Ok(entry?.path())
    };
    only(&only(out)?)
}
