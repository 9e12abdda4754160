//! Ctrl-C and the request to end: the journal is finished, the worker is gone, and one line says how to go on. And no
//! worker outlives the program, however that ends. The whole program on a scripted device.
#![cfg(unix)]

#[path = "common/program.rs"]
mod program;

use std::time::{Duration, Instant};

use onpar::measure::Status;
use onpar::record::{Seal, Session};
use serde_json::json;

use program::{AFTER, BEFORE, Ended, FAILING, Running, Stage, rows_in, signal, wait_until};

/// A run that is stuck in the second of three cases, after samples were taken of it.
fn stuck() -> (Stage, Running) {
    let stage = Stage::new(&json!([{ "match": "n=65/", "fault": "hang", "after": 200, "jitter": [1.0, 100.0] }]));
    let cases = ["--case", BEFORE, "--case", FAILING, "--case", AFTER];
    let running = stage.start(&[&cases[..], &["--order", "sequential"]].concat());
    let sampled = format!("\"case\":\"{FAILING}\",\"repeats\"");
    wait_until("it is stuck", || stage.journal().contains(&sampled));
    (stage, running)
}

/// What is left by a run that was interrupted while it was stuck.
#[track_caller]
fn assert_left_in_order(stage: &Stage, ended: &Ended) {
    assert_eq!((ended.code, ended.out.as_str()), (Some(130), ""), "{ended:?}");
    let folder = stage.folder();
    let relative = folder.strip_prefix(stage.path("")).expect("below the stage");
    let go_on = format!(
        "onpar: interrupted; what was measured is kept, onpar run --resume {} --device scripted:{} goes on with it\n",
        relative.display(),
        stage.path("script.json").display()
    );
    assert_eq!(ended.err, go_on);

    let session = stage.session();
    assert_eq!((session.seal, session.warnings.as_slice()), (Seal::Absent, &[][..]));
    assert_eq!(stage.statuses(), [(BEFORE.to_owned(), Status::Ok)]);
    assert!(session.unfinished().any(|attempt| !attempt.blocks.is_empty()));
    assert_eq!(stage.row(BEFORE)["status"], "ok");
    assert!(stage.file("report.md").contains("n=64"));

    stage.play(&json!([]));
    let resumed = stage.run(&["--resume", &folder.display().to_string()]);
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    let whole = Session::read(&folder).expect("readable");
    assert_eq!((whole.seal, whole.rows().count()), (Seal::Valid, 3));
}

#[test]
fn an_interrupted_run_says_how_to_go_on_and_leaves_no_worker() {
    for name in ["INT", "TERM"] {
        let (stage, running) = stuck();
        signal(name, running.id());
        let ended = running.end();
        #[cfg(target_os = "linux")]
        assert_eq!(stage.workers(), Vec::<u32>::new());
        assert_left_in_order(&stage, &ended);
    }
}

/// As a terminal does, and `timeout`, which does it twice.
#[test]
fn a_worker_that_is_signalled_too_costs_no_row() {
    for (name, times) in [("INT", 1), ("TERM", 2)] {
        let (stage, running) = stuck();
        for _ in 0..times {
            running.signal_group(name);
        }
        assert_left_in_order(&stage, &running.end());
    }
}

#[test]
fn a_second_ctrl_c_ends_at_once_and_corrupts_nothing() {
    let (stage, running) = stuck();
    let began = Instant::now();
    signal("INT", running.id());
    signal("INT", running.id());
    let ended = running.end();
    assert_eq!(ended.code, Some(130), "{ended:?}");
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "it did not wait for the driver"
    );
    assert_eq!(stage.statuses(), [(BEFORE.to_owned(), Status::Ok)]);
    #[cfg(target_os = "linux")]
    wait_until("the worker is gone", || stage.workers().is_empty());
}

/// Nothing is measured yet, so there is nothing to go on with.
#[test]
fn an_interrupt_before_the_first_case_leaves_no_session() {
    let stage = Stage::new(&json!([]));
    let pipe = stage.path("script.json");
    std::fs::remove_file(&pipe).expect("removes");
    // Whoever opens a pipe that nobody writes to waits: the worker never gets its device open.
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .expect("mkfifo")
            .success()
    );
    let running = stage.start(&["--case", BEFORE]);
    wait_until("the worker waits", || stage.path("out").is_dir());
    std::thread::sleep(Duration::from_millis(200));
    signal("INT", running.id());
    let ended = running.end();
    assert_eq!(
        (ended.code, ended.out.as_str(), ended.err.as_str()),
        (Some(130), "", "onpar: interrupted\n")
    );
    assert!(stage.sessions().is_empty());
}

/// In the middle of a dispatch that never ends, where no message could fail.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_does_not_outlive_the_program_even_if_the_driver_hangs() {
    let (stage, running) = stuck();
    assert_eq!(stage.workers().len(), 1);
    signal("KILL", running.id());
    wait_until("the worker is gone", || stage.workers().is_empty());
    assert_eq!(rows_in(&stage.journal()), 1);
}

/// A segmentation fault, and the end that a system makes when memory runs out, come from outside like this.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_that_is_killed_costs_the_case_it_was_at() {
    for (name, fate) in [
        ("SEGV", "signal 11 (SIGSEGV)"),
        ("KILL", "signal 9 (SIGKILL, as the system does when memory runs out)"),
    ] {
        let (stage, running) = stuck();
        let worker = stage.workers()[0];
        stage.play(&json!([]));
        // The runtime of Rust takes the first SEGV that no instruction caused for itself.
        wait_until("it is dead", || {
            signal(name, worker);
            !stage.workers().contains(&worker)
        });
        let ended = running.end();
        assert_eq!(ended.code, Some(3), "{ended:?}");
        let expected = [(BEFORE, Status::Ok), (FAILING, Status::Error), (AFTER, Status::Ok)];
        assert_eq!(
            stage.statuses(),
            expected.map(|(case, status)| (case.to_owned(), status))
        );
        let reason = format!("the measuring process came to an end: {fate}");
        assert_eq!(stage.row(FAILING)["reason"], reason);
    }
}
