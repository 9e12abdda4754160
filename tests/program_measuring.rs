//! How a session is measured, driven as a user drives it, on a device that follows a script.

#[path = "common/program.rs"]
mod program;

use onpar::measure::{Event, Status};
use onpar::normalise::Conditions;
use onpar::published::Published;
use program::{AFTER, BEFORE, FAILING, MATMUL, Stage, finish, onpar};
use serde_json::json;

/// Samples that differ by a few percent, so that a turn does not suffice.
fn noisy() -> serde_json::Value {
    json!([{ "match": "copy/f32/-/n=6", "speedup": 1e-4, "jitter": [1.0, 1.04, 0.97, 1.08, 0.95, 1.02, 1.06] }])
}

/// The cases of the blocks in the order of the journal, each as often as it had a turn.
fn turns(stage: &Stage) -> Vec<String> {
    let session = stage.session();
    let blocks = session.events.iter().filter_map(|event| match event {
        Event::Block(block) => Some(block.case.to_string()),
        _ => None,
    });
    let mut turns: Vec<String> = blocks.collect();
    turns.dedup();
    turns
}

#[test]
fn cases_take_turns_unless_they_are_to_follow_each_other() {
    let stage = Stage::new(&noisy());
    assert_eq!(stage.measure(&[BEFORE, FAILING, AFTER], &[]).code, Some(0));
    let taken = turns(&stage);
    assert_eq!(taken[..4], [BEFORE, FAILING, AFTER, BEFORE], "{taken:?}");
    let stage = Stage::new(&noisy());
    let ended = stage.measure(&[BEFORE, FAILING, AFTER], &["--order", "sequential"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(turns(&stage), [BEFORE, FAILING, AFTER]);
}

#[test]
fn the_machine_is_looked_at_before_between_and_after_the_groups() {
    let stage = Stage::new(&json!([]));
    let cases: Vec<String> = (64..73).map(|n| format!("copy/f32/-/n={n}/hot")).collect();
    let named: Vec<&str> = cases.iter().map(String::as_str).collect();
    assert_eq!(stage.measure(&named, &["--runs", "2"]).code, Some(0));
    let session = stage.session();
    let looks: Vec<u32> = session.pulses().map(|pulse| pulse.run).collect();
    assert_eq!(looks, [1, 1, 1, 2, 2, 2], "nine cases are two groups");
    assert!(session.pulses().all(|pulse| pulse.beats.len() == 2));
    for finished in session.rows() {
        let (before, after) = finished.pulses;
        let (before, after) = before.zip(after).expect("looks on both sides");
        assert!(before.at < after.at && before.run == finished.row.run && after.run == finished.row.run);
    }
}

fn conditions(stage: &Stage, case: &str) -> Conditions {
    let scores = onpar::normalise::Scores::of(&stage.session(), Published::embedded());
    let score = scores.rows.iter().find(|score| score.case.to_string() == case);
    score.expect("a score").conditions()
}

#[test]
fn others_at_work_are_noticed() {
    let stage = Stage::new(&json!([]));
    let with = |readings: serde_json::Value| {
        json!({
            "adapter": "Scripted", "device_type": "cpu", "clock": true,
            "operations_per_second": 1e12, "bytes_per_second": 1e11, "readings": readings,
        })
    };
    stage.script(&with(json!([{ "others": 0.0, "stolen": 0.0 }])));
    assert_eq!(stage.measure(&[BEFORE], &["--out", "calm"]).code, Some(0));
    stage.script(&with(json!([{}, { "others": 1e3 }])));
    assert_eq!(stage.measure(&[BEFORE], &[]).code, Some(0));
    assert_eq!(conditions(&stage, BEFORE).contended.raised, Some(true));
    stage.script(&with(
        json!([{ "clock_mhz": 1000.0 }, { "clock_mhz": 900.0, "throttled": ["thermal"] }]),
    ));
    let hot = Stage::new(&json!([]));
    hot.script(&with(
        json!([{ "clock_mhz": 1000.0 }, { "clock_mhz": 900.0, "throttled": ["thermal"] }]),
    ));
    assert_eq!(hot.measure(&[BEFORE], &[]).code, Some(0));
    let found = conditions(&hot, BEFORE);
    assert_eq!(found.throttled.raised, Some(true));
    assert_eq!(found.contended.raised, None, "the machine does not say");
}

#[test]
fn a_case_that_is_too_slow_is_a_timeout_with_what_there_is() {
    let stage = Stage::new(&json!([{ "match": FAILING, "speedup": 1e-9 }]));
    let ended = stage.measure(&[BEFORE, FAILING, AFTER], &[]);
    assert_eq!(ended.code, Some(3), "{ended:?}");
    let session = stage.session();
    let slow = session
        .rows()
        .find(|finished| finished.row.case.to_string() == FAILING)
        .expect("a row");
    assert_eq!(slow.row.status, Status::Timeout);
    assert!(
        slow.row.reason.contains("measure a smaller case"),
        "{}",
        slow.row.reason
    );
    assert!(!slow.samples.is_empty() && slow.samples.len() < 16);
    assert_eq!(stage.row(AFTER)["status"], "ok");
}

#[test]
fn cold_cases_are_timed_one_dispatch_at_a_time() {
    let stage = Stage::new(&json!([]));
    let cold = "copy/f32/-/n=4096/cold";
    let ended = stage.measure(&[cold, MATMUL], &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let session = stage.session();
    let of = |case: &str| session.rows().find(|f| f.row.case.to_string() == case).expect("a row");
    assert!(ended.out.contains("copy f32 cold"), "{}", ended.out);
    assert_eq!(of(cold).repeats, 1);
    assert!(of(MATMUL).repeats > 1);
}

#[test]
fn a_cold_case_needs_a_clock_of_the_device() {
    let stage = Stage::new(&json!([]));
    stage.script(&json!({
        "adapter": "Scripted", "device_type": "discrete", "clock": false,
        "operations_per_second": 1e12, "bytes_per_second": 1e11,
    }));
    let ended = stage.measure(&["copy/f32/-/n=4096/cold", BEFORE], &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let row = stage.row("copy/f32/-/n=4096/cold");
    assert_eq!(row["status"], "unsupported");
    assert!(row["reason"].contains("measure this case hot"), "{row:?}");
    assert_eq!(stage.row(BEFORE)["status"], "ok");
}

#[test]
fn a_suite_can_be_cold() {
    let stage = Stage::new(&json!([]));
    let ended = stage.run(&[
        "--suite",
        "smoke",
        "--filter",
        "n=1048576",
        "--filter",
        "fma",
        "--cache",
        "cold",
    ]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for row in stage.rows() {
        let cache = if row["kernel"] == "fma" { "hot" } else { "cold" };
        assert_eq!(row["cache"], cache, "{}", row["case"]);
    }
}

#[test]
fn the_cost_of_run_time_checks_is_shown_on_request() {
    let stage = Stage::new(&json!([]));
    let ended = stage.measure(&[BEFORE], &["--checks"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(
        ended.out.contains("1.000x"),
        "the script knows no checks: {}",
        ended.out
    );
    assert_eq!(stage.row(BEFORE)["checks_ratio"], "1.0");
    let without = Stage::new(&json!([]));
    assert!(!without.measure(&[BEFORE], &[]).out.contains("run-time checks"));
    assert_eq!(without.row(BEFORE)["checks_ratio"], "");
}

#[test]
fn the_noise_of_a_machine_is_measured_against_itself() {
    let stage = Stage::new(&json!([{ "match": "matmul/", "jitter": [1.0, 1.2] }]));
    let device = format!("scripted:{}", stage.path("script.json").display());
    let noise = |more: &[&str]| {
        let mut command = onpar(&["doctor", "--noise", "--device", &device, "--runs", "2"]);
        finish(command.args(more))
    };
    let found = noise(&["--json"]).json();
    let runs = found["runs"].as_array().expect("a list");
    assert_eq!(runs.len(), 4);
    assert!(runs.iter().all(|run| run["repetitions"] == 2));
    assert_eq!(found["sessions"], json!([]));
    let told = noise(&[]);
    assert_eq!(told.code, Some(0), "{told:?}");
    let words = told.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("can see a change of 2.0 %"), "{}", told.out);
    assert!(told.out.lines().all(|line| line.chars().count() <= 80), "{}", told.out);
}

/// A dispatch of 1 ms at 250 W.
#[test]
fn energy_is_metered_where_there_is_a_meter() {
    let script = |meter: serde_json::Value| {
        let mut script = json!({
            "adapter": "Scripted", "device_type": "discrete", "clock": true,
            "operations_per_second": 1e12, "bytes_per_second": 512e3,
        });
        script["meter"] = meter;
        script
    };
    let stage = Stage::new(&json!([]));
    stage.script(&script(json!({ "watts": 250.0, "step": 0.05 })));
    let ended = stage.measure(&[BEFORE], &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let row = stage.row(BEFORE);
    let number = |column: &str| row[column].parse::<f64>().expect("a number");
    let joules = number("joules");
    assert!((joules / 0.25 - 1.0).abs() < 0.02, "{joules} J");
    assert!((number("joules_per_byte") * 512.0 / joules - 1.0).abs() < 1e-9);
    assert_eq!(row["joules_per_operation"], "");
    assert!(ended.out.contains("energy by the device's own meter"), "{}", ended.out);

    let without = Stage::new(&json!([]));
    without.script(&script(serde_json::Value::Null));
    assert_eq!(without.measure(&[BEFORE], &[]).code, Some(0));
    assert_eq!(without.row(BEFORE)["joules"], "");
}
