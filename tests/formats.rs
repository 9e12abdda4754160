//! The formats of other programs promise: what was measured and can be used, in the units and names that their readers
//! expect, the same bytes for the same sessions. `scripts/test-consumers` has those readers read them.

mod common;
#[path = "common/gate.rs"]
mod gate;
#[path = "common/golden.rs"]
mod golden;
#[path = "common/journals.rs"]
mod journals;
#[path = "common/program.rs"]
mod program;

use std::path::Path;

use onpar::device::Facts;
use onpar::measure::Status;
use serde_json::{Value, json};

use gate::{History, Situation};
use golden::assert_golden;
use journals::{CASE, begin, session, session_on};
use program::{Verb, finish};

const REPORT: Verb = Verb("report");
const HISTORY: Verb = Verb("history");

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A device whose name has everything that a format must escape.
fn named(adapter: &str) -> Facts {
    let mut facts = common::facts();
    facts.identity.adapter = adapter.to_owned();
    facts
}

/// What a format says of a session, and that it names what is not in it.
#[track_caller]
fn exported(session: &Path, format: &str) -> String {
    let ended = REPORT.run(&[text(session), "--format", format]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(
        ended.err,
        "onpar: left out: matmul/f32/nn/k=64,m=64,n=64/hot: unsupported, needs f16\n"
    );
    ended.out
}

#[test]
fn a_session_is_the_same_bytes_in_every_format() {
    let home = folder();
    let session = session_on(
        home.path(),
        5,
        1.5e-5,
        named("A \"device\" \\ of <several> words & more"),
    );
    for (format, name) in [
        ("bencher", "bencher.json"),
        ("github-benchmark", "github-benchmark.json"),
        ("openmetrics", "openmetrics.txt"),
        ("benchfmt", "benchfmt.txt"),
    ] {
        assert_golden(&format!("formats/{name}"), &exported(&session, format));
    }
}

#[test]
fn times_are_in_the_units_that_the_readers_expect() {
    let home = folder();
    let session = session(home.path(), 5, 1.5e-5);
    let json = |format| -> Value { serde_json::from_str(&exported(&session, format)).expect("JSON") };
    let latency = &json("bencher")[CASE]["latency"];
    let near = |value: &Value, expected: f64| {
        value
            .as_f64()
            .is_some_and(|value| (value / expected - 1.0).abs() < 1e-9)
    };
    assert!(near(&latency["value"], 15_000.0), "{latency}");
    assert!(latency["lower_value"].as_f64() < latency["upper_value"].as_f64());
    let action = &json("github-benchmark")[0];
    assert!(
        near(&action["value"], 15_000.0) && action["unit"] == "ns" && action["name"] == CASE,
        "{action}"
    );
    let metrics = exported(&session, "openmetrics");
    assert!(
        metrics.contains("proof=\"f64\"} 1.50000e-5\n") && metrics.ends_with("# EOF\n"),
        "{metrics}"
    );
}

#[test]
fn sessions_stand_together_where_the_format_has_room_for_them() {
    let home = folder();
    let [first, second] = [1, 2].map(|hour| session(home.path(), hour, 1e-5));
    let both = [text(&first), text(&second)];
    let run = |format: &str| REPORT.run(&[&both[..], &["--format", format]].concat());
    for format in ["bencher", "github-benchmark", "openmetrics"] {
        let ended = run(format);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{format}");
        assert!(
            ended.err.contains(&format!("{CASE} stands in several of the sessions")),
            "{}",
            ended.err
        );
    }
    let lines = run("benchfmt").out;
    assert_eq!(
        lines
            .lines()
            .filter(|line| line.starts_with(&format!("Benchmark{CASE} ")))
            .count(),
        2
    );
    assert_eq!(run("json").json().as_array().map(Vec::len), Some(2));
    assert_eq!(run("csv").out.lines().count(), 5, "a header and two rows a session");
    let other = folder();
    let elsewhere = session_on(other.path(), 3, 1e-5, {
        let mut facts = common::facts();
        facts.identity.cpu_model = "Another Processor".to_owned();
        facts
    });
    let ended = REPORT.run(&[text(&first), text(&elsewhere), "--format", "openmetrics"]);
    assert_eq!(ended.code, Some(0), "two machines are two series: {ended:?}");
    assert_eq!(ended.out.matches("\nonpar_case_seconds{").count(), 2);
}

#[test]
fn a_history_is_a_table_for_otava_as_far_as_it_has_no_gaps() {
    let home = folder();
    for hour in 0..4 {
        session(home.path(), hour, 1e-5 * f64::from(hour + 1));
    }
    // One session in which the case failed.
    let mut failed = begin(home.path(), 4, common::facts());
    failed.append(&common::row(0, Status::Unsupported)).expect("writes");
    let ended = HISTORY.run(&[text(home.path()), "--filter", CASE, "--format", "otava"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_golden("formats/otava.csv", &ended.out);
    assert!(ended.err.contains("left out: 1 moments"), "{}", ended.err);
    let ended = HISTORY.run(&[text(home.path()), "--format", "otava"]);
    assert!(
        ended.code == Some(2) && ended.err.contains("name fewer series with --filter"),
        "{ended:?}"
    );
}

#[test]
fn a_table_comes_back_as_a_table_in_the_order_of_time() {
    let home = folder();
    let table = home.path().join("table.csv");
    std::fs::write(
        &table,
        "series,time,value\n\"a, b\",3,30\n\"a, b\",1,10\nc,2,2\nc,1,1\nc,3,3\n",
    )
    .expect("writes");
    let ended = HISTORY.run(&["--series", text(&table), "--format", "otava"]);
    assert_eq!(ended.out, "time,\"a, b\",c\n1,10,1\n3,30,3\n");
    let all = HISTORY.run(&["--series", text(&table), "--json"]).json();
    let names: Vec<&Value> = all["series"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, [&json!("a, b"), &json!("c")]);
}

#[test]
fn otava_gets_one_machine() {
    let home = folder();
    session(home.path(), 1, 1e-5);
    let mut other = common::facts();
    other.identity.cpu_model = "Another Processor".to_owned();
    session_on(home.path(), 2, 1e-5, other);
    let run =
        |more: &[&str]| HISTORY.run(&[&[text(home.path()), "--filter", CASE, "--format", "otava"], more].concat());
    let ended = run(&[]);
    assert!(
        ended.code == Some(2) && ended.err.contains("choose one with --machine"),
        "{ended:?}"
    );
    let (_, keys) = ended.err.trim_end().rsplit_once(": ").expect("the keys");
    let key = keys.split(", ").next().expect("a key");
    assert_eq!(run(&["--machine", &key[..8]]).out.lines().count(), 2);
    let ended = run(&["--machine", "none"]);
    assert!(
        ended.code == Some(2) && ended.err.contains("0 machines have a key that begins so"),
        "{ended:?}"
    );
}

/// Every format of the gate, with the ending of its file.
const GATE: [(&str, &str); 8] = [
    ("text", "txt"),
    ("json", "json"),
    ("csv", "csv"),
    ("markdown", "md"),
    ("junit", "xml"),
    ("github-summary", "md"),
    ("github-annotations", "txt"),
    ("openmetrics", "txt"),
];

#[test]
fn every_situation_of_the_gate_is_the_same_bytes_in_every_format() {
    for situation in Situation::ALL {
        let history = situation.play();
        let home = folder();
        let files = GATE.map(|(format, ending)| format!("{format}.{ending}"));
        let written: Vec<String> = GATE
            .iter()
            .zip(&files)
            .flat_map(|((format, _), file)| {
                [
                    "--write".to_owned(),
                    format!("{format}={}", text(&home.path().join(file))),
                ]
            })
            .collect();
        let written: Vec<&str> = written.iter().map(String::as_str).collect();
        let ended = finish(&mut history.gate(&written));
        assert_eq!(
            (ended.code, ended.err.as_str()),
            (Some(situation.exit_code()), ""),
            "{situation:?}"
        );
        for file in &files {
            let text = std::fs::read_to_string(home.path().join(file)).expect("written");
            assert_golden(&format!("gate/{}/{file}", situation.name()), &text);
        }
    }
}

/// A session in which every case became slower by another amount.
fn all_slower() -> History {
    let history = History::new(12);
    let place = |case: &str| gate::CASES.iter().position(|other| *other == case).unwrap_or_default();
    let session = gate::measured(&json!({}));
    history.add(12, &session, |case| 1.05 + 0.05 * place(case) as f64);
    history
}

#[test]
fn annotations_are_ten_at_most_and_the_worst_come_first() {
    let ended = finish(&mut all_slower().gate(&["--format", "github-annotations"]));
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines.len(), 10, "{}", ended.out);
    assert!(
        lines
            .iter()
            .all(|line| line.starts_with("::error title=onpar gate%3A ")),
        "{}",
        ended.out
    );
    assert!(lines[1].contains(gate::CASES[9]), "{}", ended.out);
    let changes: Vec<f64> = lines[1..]
        .iter()
        .map(|line| {
            line.split("time +")
                .nth(1)
                .and_then(|rest| rest.split_once("%25"))
                .expect("a change")
                .0
        })
        .map(|change| change.parse().expect("a number"))
        .collect();
    assert!(changes.is_sorted_by(|a, b| a >= b), "{changes:?}");
}
