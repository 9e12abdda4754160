//! Others at work on the machine are noticed on a real adapter. Where there is none the trial is shown as ignored.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use libtest_mimic::{Arguments, Failed, Trial};
use onpar::device::list;
use serde_json::Value;

fn main() {
    let arguments = Arguments::from_args();
    let trials = vec![
        Trial::test("others_at_work_are_noticed_on_a_real_adapter", others_at_work)
            .with_ignored_flag(list().is_empty()),
    ];
    libtest_mimic::run(&arguments, trials).exit();
}

fn others_at_work() -> Result<(), Failed> {
    let report = beside_others(|| measure("copy/f32/-/n=262144/hot"))?;
    let row = &report["rows"][0];
    if row["status"] != "ok" {
        return Err(format!("the case was not measured: {row}").into());
    }
    if row["flags"].as_str().is_some_and(|flags| flags.contains("contended")) {
        return Ok(());
    }
    Err(format!("nobody was noticed: {row}").into())
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

fn measure(case: &str) -> Result<Value, Failed> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_onpar"));
    command
        .args(["run", "--json", "--case", case, "--out"])
        .arg(folder.path());
    if let Ok(device) = std::env::var("ONPAR_DEVICE") {
        command.args(["--device", &device]);
    }
    let output = command.output()?;
    serde_json::from_slice(&output.stdout).map_err(|error| {
        let complaints = String::from_utf8_lossy(&output.stderr);
        format!("{error}: {complaints}").into()
    })
}
