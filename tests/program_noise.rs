//! Noisy and odd samples, whole program on the scripted device: what they do to a row, and how every output says so.

mod common;
#[path = "common/program.rs"]
mod program;

use serde_json::{Value, json};

use program::{BEFORE, FAILING, FMA, MATMUL, Stage};

/// Noise of up to 1 % that is the same every time: 38 is a primitive root of 101.
fn noise(count: usize) -> Vec<f64> {
    let residues = std::iter::successors(Some(1), |residue: &u32| Some(residue * 38 % 101));
    residues
        .take(count)
        .map(|residue| 0.99 + f64::from(residue) * 2e-4)
        .collect()
}

/// An entry of a script for cases with this in their names: noise times what `change` says of each launch in 400.
fn scene(part: &str, change: impl Fn(usize) -> f64) -> Value {
    let noise = noise(400).into_iter().enumerate();
    let jitter: Vec<f64> = noise.map(|(launch, noise)| noise * change(launch)).collect();
    // Slow enough that the work is what is timed.
    json!({ "match": part, "speedup": 1e-4, "jitter": jitter })
}

/// A quiet case, one that falls into two modes, one that slows down, and one that wanders.
fn odd() -> Stage {
    Stage::new(&json!([
        scene("n=64/", |_| 1.0),
        scene("n=65/", |launch| if launch % 3 == 0 { 1.2 } else { 1.0 }),
        scene("steps=16", |launch| 1.0 + 0.0006 * launch as f64),
        scene("matmul/", |launch| 1.5 + (launch as f64 / 15.0).sin()),
    ]))
}

const CASES: [&str; 4] = [BEFORE, FAILING, FMA, MATMUL];

#[test]
fn every_odd_row_says_so_in_rows_csv() {
    let stage = odd();
    let ended = stage.measure(&CASES, &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let quiet = stage.row(BEFORE);
    assert_eq!((quiet["flags"].as_str(), quiet["stop"].as_str()), ("none", "target"));
    assert_eq!(quiet["interval"], "within_run");
    assert_eq!(stage.row(FAILING)["flags"], "bimodal");
    let ratio = number(&stage.row(FAILING)["slow_mode_seconds"]) / number(&stage.row(FAILING)["fast_mode_seconds"]);
    assert!((1.17..1.2).contains(&ratio), "{ratio}");
    assert!(
        stage.row(FMA)["flags"].starts_with("drift step"),
        "{}",
        stage.row(FMA)["flags"]
    );
    assert!(number(&stage.row(FMA)["drift"]) > 0.03);
    let wandering = stage.row(MATMUL);
    assert!(wandering["flags"].contains("unstable"), "{}", wandering["flags"]);
    assert_ne!(wandering["stop"], "target");
    assert_eq!(wandering["interval"], "range_of_samples");
}

fn number(field: &str) -> f64 {
    field.parse().expect("a number")
}

#[test]
fn the_table_marks_odd_rows_and_names_them_below() {
    let ended = odd().measure(&CASES, &[]);
    let line = |part: &str| {
        ended
            .out
            .lines()
            .find(|line| line.contains(part))
            .unwrap_or_default()
            .to_owned()
    };
    assert!(line("  n=65").contains("% b "), "{}", ended.out);
    assert!(line("  n=64,steps=16").contains(" ds"), "{}", ended.out);
    assert!(line("  k=8,m=8,n=8").contains(" - "), "{}", ended.out);
    assert!(
        line("letters behind it").ends_with("flags, raised in 3 of 4 rows"),
        "{}",
        ended.out
    );
    let words = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = format!("! bimodal (b): times fall into two groups, and the median is of one of them: {FAILING} ");
    assert!(words.contains(&sentence), "{}", ended.out);
}

/// One odd run of three is outvoted; its own flags are in JSON.
#[test]
fn several_runs_are_flagged_by_most_of_them() {
    let stage = odd();
    let document = stage.measure(&CASES, &["--runs", "3", "--json"]).json();
    let runs = document["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 3 * CASES.len());
    for run in runs.iter().filter(|run| run["case"] == FAILING) {
        assert_eq!(run["flags"]["bimodal"]["raised"], true);
        assert_eq!(run["flags"]["drift"]["raised"], false);
        assert_eq!(run["flags"]["modes"].as_array().map(Vec::len), Some(2));
    }
    assert_eq!(stage.row(FAILING)["flags"], "bimodal");
}

#[test]
fn few_samples_are_not_judged() {
    let stage = Stage::new(&json!([{ "match": "copy", "speedup": 1e-7 }]));
    stage.measure(&[BEFORE], &[]);
    let row = stage.row(BEFORE);
    assert_eq!((row["samples"].as_str(), row["flags"].as_str()), ("17", ""));
}

/// One dispatch of 5 s: no case waits for 16 of them.
#[test]
fn what_is_too_slow_for_the_fewest_samples_is_a_timeout_that_keeps_those_there_are() {
    let stage = Stage::new(&json!([{ "match": "n=64/", "speedup": 1e-9 }]));
    let ended = stage.measure(&[BEFORE, FAILING], &[]);
    assert_eq!(ended.code, Some(3), "{ended:?}");
    let row = stage.row(BEFORE);
    assert_eq!(row["status"], "timeout");
    assert_eq!(row["reason"], "fewer than 16 samples in 30 s; measure a smaller case");
    assert_eq!(row["seconds"], "");
    let session = stage.session();
    let samples = session
        .rows()
        .find(|finished| finished.row.case.to_string() == BEFORE)
        .map(|f| f.samples.len());
    assert_eq!(samples, Some(6));
    assert_eq!(stage.row(FAILING)["status"], "ok");
}

/// Every seventh launch takes ten times as long, so that a batch often seems to take longer than one twice its size.
#[test]
fn a_busy_host_costs_a_case_that_is_timed_by_its_clock_nothing_but_precision() {
    let stage = Stage::new(&json!([]));
    stage.script(&json!({
        "adapter": "Scripted", "device_type": "discrete", "clock": false,
        "operations_per_second": 1e12, "bytes_per_second": 1e11,
        "cases": [{ "match": "n=64/", "speedup": 1e-4, "jitter": [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 10.0] }],
    }));
    let ended = stage.measure(&[BEFORE], &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let row = stage.row(BEFORE);
    assert_eq!((row["status"].as_str(), row["clock"].as_str()), ("ok", "wall"));
    // 512 bytes at a ten-thousandth of the script's bandwidth.
    let seconds = number(&row["seconds"]);
    assert!((5.1e-5..5.4e-5).contains(&seconds), "{seconds}");
}
