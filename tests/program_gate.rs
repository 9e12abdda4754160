//! `onpar gate`: what it says of a session, and how it ends. The whole program, on sessions of a scripted device.

#[path = "common/gate.rs"]
mod gate;
#[path = "common/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::path::Path;

use onpar::measure::Event;
use onpar::record::Session;
use serde_json::{Value, json};

use gate::{CASES, CHANGING, History, Situation, measured, usual};
use program::{Ended, Stage, finish, onpar};

fn judged(history: &History, more: &[&str]) -> Ended {
    finish(&mut history.gate(more))
}

/// The verdict of each case.
fn verdicts(document: &Value) -> BTreeMap<String, String> {
    let cases = document["cases"].as_array().expect("cases");
    let word = |value: &Value| value.as_str().expect("a word").to_owned();
    cases
        .iter()
        .map(|case| (word(&case["case"]), word(&case["verdict"])))
        .collect()
}

#[test]
fn each_situation_has_its_exit_status_and_its_words() {
    for situation in Situation::ALL {
        let history = situation.play();
        let document = judged(&history, &["--json"]);
        assert_eq!(document.code, Some(situation.exit_code()), "{situation:?} {document:?}");
        let document = document.json();
        assert_eq!(document["exit_code"], situation.exit_code(), "{situation:?}");
        let text = judged(&history, &[]);
        assert_eq!(text.code, Some(situation.exit_code()), "{situation:?}");
        assert!(text.out.lines().all(|line| line.chars().count() <= 80), "{}", text.out);
        assert_eq!(text.err, "");
        expect(situation, &document, &text.out);
    }
}

fn expect(situation: Situation, document: &Value, text: &str) {
    let verdicts = verdicts(document);
    let all = |word: &str| verdicts.values().all(|verdict| verdict == word);
    let others = |word: &str| {
        verdicts
            .iter()
            .all(|(case, verdict)| case == CHANGING || verdict == word)
    };
    let says = |words: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(words), "{situation:?}: {text}");
    };
    assert_eq!(verdicts.len(), CASES.len());
    let verdict = document["verdict"].as_str().expect("a word");
    match situation {
        Situation::Unchanged => {
            assert!(verdict == "unchanged" && all("unchanged"));
            says("UNCHANGED: 10 unchanged");
            says("against 12 earlier sessions of this machine");
        }
        Situation::Regressed => {
            assert!(verdict == "regressed" && verdicts[CHANGING] == "regressed" && others("unchanged"));
            says("REGRESSED: 1 regressed, 9 unchanged");
            says(&format!("regressed +11.1% 2% {CHANGING}"));
        }
        Situation::Improved => {
            assert!(verdict == "improved" && verdicts[CHANGING] == "improved" && others("unchanged"));
            says("IMPROVED: 1 improved, 9 unchanged");
        }
        Situation::TooFewSessions => {
            assert!(verdict == "no_baseline" && all("inconclusive"));
            says("too few earlier points: 5 there, 8 needed");
        }
        Situation::OtherMachine => {
            assert!(verdict == "no_baseline" && all("inconclusive"));
            says(
                "12 sessions of other machines say nothing, the latest of which differs in adapter 'Scripted' -> 'Another'",
            );
        }
        Situation::WrongResult => {
            assert!(verdict == "wrong" && verdicts[CHANGING] == "failed" && others("unchanged"));
            says("WRONG RESULTS: 1 failed, 9 unchanged");
        }
        Situation::Throttled => {
            assert!(verdict == "inconclusive" && all("inconclusive"));
            says("flagged: throttled");
        }
        Situation::MachineShift => {
            assert!(verdict == "machine_shift" && all("shifted"), "{document:#}");
            says("machine shift: 10 of 10 cases moved together, by +11.1%");
        }
        Situation::NewDriver => {
            assert!(verdict == "regressed" && all("regressed"));
            assert_eq!(document["movement"]["suspects"], json!(["driver_version '1' -> '2'"]));
            says("all cases, suspect: driver_version '1' -> '2'");
        }
    }
}

/// A history whose sessions of a day are the usual one with its times multiplied.
fn history(days: u32, factor: impl Fn(u32, &str) -> f64) -> History {
    let history = History::new(0);
    for day in 0..days {
        history.add(day, usual(), |case| factor(day, case));
    }
    history
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_scatters_too_much_is_inconclusive_and_the_user_says_what_that_means() {
    let scatter = |day: u32, case: &str| {
        if case == CHANGING {
            1.0 + 0.1 * f64::from(day % 2)
        } else {
            1.0
        }
    };
    let history = history(13, scatter);
    let ended = judged(&history, &["--json"]);
    let document = ended.json();
    assert_eq!((ended.code, &document["verdict"]), (Some(0), &json!("unchanged")));
    let case = document["cases"]
        .as_array()
        .expect("cases")
        .iter()
        .find(|case| case["case"] == CHANGING);
    let case = case.expect("the case");
    assert_eq!(
        (&case["verdict"], &case["why"]),
        (&json!("inconclusive"), &json!("too_noisy"))
    );
    assert!(
        one_line(&judged(&history, &[]).out)
            .contains("no number of runs is enough, because sessions differ by themselves")
    );
    assert_eq!(judged(&history, &["--inconclusive", "fail"]).code, Some(3));
    assert_eq!(
        judged(&history, &["--must-see", "60%", "--inconclusive", "fail"]).code,
        Some(0)
    );
}

#[test]
fn a_named_boundary_begins_anew_unless_the_user_looks_across() {
    let history = History::new(6);
    let mut other = usual().clone();
    other.header.facts.identity.driver_version = "2".to_owned();
    for day in 6..12 {
        history.add(day, &other, |_| 1.0);
    }
    let ended = judged(&history, &[]);
    assert_eq!(ended.code, Some(4), "{ended:?}");
    let words = "too few earlier points: 5 there, 8 needed, since 2026-01-07T00:00:00Z (driver_version '1' -> '2')";
    assert!(one_line(&ended.out).contains(words), "{}", ended.out);
    assert_eq!(judged(&history, &["--across-boundaries"]).code, Some(0));
}

#[test]
fn a_change_of_level_begins_anew() {
    let level = |day: u32, _: &str| if day < 15 { 1.0 } else { 1.2 } * (1.0 + 0.001 * f64::from(day * 3 % 5));
    let ended = judged(&history(28, level), &["--json"]);
    assert_eq!(
        (ended.code, &ended.json()["cases"][0]["points"]),
        (Some(0), &json!(12)),
        "{ended:?}"
    );
    let ended = judged(&history(22, level), &["--json"]);
    assert_eq!(ended.code, Some(4), "{ended:?}");
}

#[test]
fn an_earlier_session_can_be_named_and_only_those_before_it_count() {
    let history = History::new(11);
    let earlier = Session::read(&history.add(11, usual(), |_| 1.3)).expect("a session");
    history.add(12, usual(), |_| 1.0);
    let id = earlier.header.id.as_str();
    let ended = judged(&history, &[&id[..12], "--json"]);
    assert_eq!((ended.code, &ended.json()["session"]["id"]), (Some(1), &json!(id)));
    assert_eq!(ended.json()["against"]["sessions"], 11);
    let ended = judged(&history, &["nothing"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.err.contains("neither a session nor the beginning of an id"),
        "{}",
        ended.err
    );
}

/// Whether a session ends before this is observed.
fn comes_after_the_cut(event: &Event) -> bool {
    match event {
        Event::Block(block) => block.case.to_string() == CASES[9],
        Event::Candidate(candidate) => candidate.case.to_string() == CASES[9],
        Event::Row(row) => row.case.to_string() == CASES[9] || row.run == 3 && row.case.to_string() == CHANGING,
        Event::Start(_) | Event::Pulse(_) => false,
    }
}

#[test]
fn an_unfinished_session_and_a_vanished_case_do_not_pass_in_silence() {
    let history = History::new(12);
    let mut cut = usual().clone();
    cut.events.retain(|event| !comes_after_the_cut(event));
    cut.header.plan.pop();
    history.add(12, &cut, |_| 1.0);
    let ended = judged(&history, &[]);
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.out.contains("FAILED: 1 failed, 8 unchanged"), "{}", ended.out);
    let text = one_line(&ended.out);
    assert!(
        text.contains("not measured in every run: the session was cut short"),
        "{text}"
    );
    assert!(
        text.contains(&format!("not planned any more (1): {}", CASES[9])),
        "{text}"
    );
}

#[test]
fn a_session_that_cannot_be_read_may_be_the_newest_one() {
    let history = History::new(12);
    let broken = history.add(12, usual(), |_| 1.0);
    let text = std::fs::read_to_string(&broken).expect("a journal");
    std::fs::write(&broken, text.replacen("\"schema\":", "\"scheme\":", 1)).expect("writes");
    let ended = judged(&history, &[]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
    assert!(
        ended.err.contains("which session is the newest cannot be told"),
        "{}",
        ended.err
    );
    let named = history.add(13, usual(), |_| 1.0);
    assert_eq!(judged(&history, &[&named.display().to_string()]).code, Some(0));
}

#[test]
fn every_format_is_printed_and_written() {
    let history = History::new(13);
    let file = history.path().join("gate.csv");
    let written = format!("csv={}", file.display());
    let ended = judged(&history, &["--format", "markdown", "--write", &written]);
    assert_eq!(ended.code, Some(0));
    assert!(ended.out.starts_with("# UNCHANGED: 10 unchanged\n"), "{}", ended.out);
    let mut reader = csv::Reader::from_path(&file).expect("a table");
    let lines: Vec<BTreeMap<String, String>> = reader.deserialize().map(|line| line.expect("a line")).collect();
    assert_eq!(lines.len(), CASES.len());
    assert!(
        lines
            .iter()
            .all(|line| line["verdict"] == "unchanged" && line["points"] == "12")
    );
    assert_eq!(judged(&history, &["--write", "csv=/nowhere/gate.csv"]).code, Some(2));
    assert_eq!(judged(&history, &["--write", "yaml=x"]).code, Some(2));
}

/// The gate on two sessions.
fn between(before: &Path, now: &Path, more: &[&str]) -> Ended {
    let paths = [before, now].map(|path| path.display().to_string());
    let arguments = ["gate", "--baseline", &paths[0], &paths[1]];
    finish(&mut onpar(&[&arguments, more].concat()))
}

#[test]
fn of_two_sessions_that_were_not_measured_by_turns_nothing_is_promised() {
    let history = History::new(1);
    let before = history.add(1, usual(), |_| 1.0);
    let slower = history.add(2, usual(), |case| if case == CHANGING { 1.1 } else { 1.0 });
    let ended = between(&before, &slower, &[]);
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(one_line(&ended.out).contains("NOT measured by turns, so that nothing can be promised"));
    let ended = between(&before, &slower, &["--session-sd", "0.5%"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.out.contains("REGRESSED: 1 regressed, 9 unchanged"),
        "{}",
        ended.out
    );
    assert_eq!(between(&before, &before, &["--session-sd", "0.5%"]).code, Some(0));
    let other = history.add(3, &measured(&json!({ "adapter": "Another" })), |_| 1.0);
    let ended = between(&other, &slower, &[]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("adapter 'Another' -> 'Scripted'"), "{}", ended.err);
}

/// A stage with a device, and another build of the program, which finds the device of another script.
#[cfg(unix)]
struct Builds {
    stage: Stage,
    old: String,
}

#[cfg(unix)]
impl Builds {
    fn new(old: &Value, new: &Value) -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let stage = Stage::new(&json!([]));
        stage.script(&gate::script(new));
        std::fs::write(stage.path("old.json"), gate::script(old).to_string()).expect("writes");
        let program = stage.path("old-onpar");
        let text = format!(
            "#!/bin/sh\nexec {} worker --device scripted:{}\n",
            env!("CARGO_BIN_EXE_onpar"),
            stage.path("old.json").display()
        );
        std::fs::write(&program, text).expect("writes");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("may be run");
        let old = program.display().to_string();
        Self { stage, old }
    }

    /// What the gate says of this program beside the old one.
    fn gate(&self, before: &[&str], run: &[&str]) -> Ended {
        let device = format!("scripted:{}", self.stage.path("script.json").display());
        let measuring = ["--", "--device", &device, "--quiet"];
        let mut command = onpar(&[&["gate"], before, &measuring, run].concat());
        finish(command.current_dir(self.stage.path("")))
    }

    fn beside_old(&self, runs: &str) -> Ended {
        let cases = ["--case", CASES[0], "--case", CHANGING, "--runs", runs];
        self.gate(&["--baseline-program", &self.old], &cases)
    }
}

#[cfg(unix)]
#[test]
fn two_builds_take_turns_and_the_runs_are_tested() {
    let slower = Builds::new(&json!({}), &Situation::Regressed.script());
    let ended = slower.beside_old("6");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.out.contains("REGRESSED: 1 regressed, 1 unchanged"),
        "{}",
        ended.out
    );
    assert!(one_line(&ended.out).contains("measured by turns with it: exact tests on the runs"));
    // What is stored says the same again, and the two find each other.
    let sessions = program::sessions_in(&slower.stage.path("onpar-gate"));
    let codes = sessions.iter().map(|session| {
        let path = session.display().to_string();
        finish(&mut onpar(&["gate", "--baseline", &path])).code
    });
    let mut codes: Vec<_> = codes.collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [Some(0), Some(1)],
        "one of them is slower than the other, not both"
    );
}

#[cfg(unix)]
#[test]
fn too_few_turns_are_said_to_be_and_how_many_are_enough() {
    let same = Builds::new(&json!({}), &json!({}));
    let ended = same.beside_old("3");
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(
        one_line(&ended.out).contains("too few runs: 3 a side, and it takes 6"),
        "{}",
        ended.out
    );
    let ended = same.gate(&["--baseline-program", "/nowhere/onpar"], &[]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    let other = Builds::new(&json!({ "adapter": "Another" }), &json!({}));
    let ended = other.beside_old("3");
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.err.contains("the baseline runs on another machine"),
        "{}",
        ended.err
    );
}

/// The sessions of the history are of a Linux on this architecture, and of other versions.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn suspects_are_measured_once_more_and_nothing_else() {
    let history = Situation::Regressed.play();
    let folder = history.path().display().to_string();
    let confirm = ["--history", &folder, "--confirm", "--json"];
    for (script, confirmed, code) in [(json!({}), false, 0), (Situation::Regressed.script(), true, 1)] {
        let builds = Builds::new(&json!({}), &script);
        let by_itself = builds.gate(&confirm, &[]);
        let mut all = vec![by_itself];
        if !confirmed {
            let by_turns = [&confirm[..], &["--baseline-program", &builds.old]].concat();
            all.push(builds.gate(&by_turns, &["--runs", "5"]));
        }
        let measured = 2 * all.len() - 1;
        for ended in all {
            assert_eq!(ended.code, Some(code), "{ended:?}");
            let document = ended.json();
            let all = document["cases"].as_array().expect("cases").iter();
            let seen: Vec<_> = all.filter(|case| !case["confirmed"].is_null()).collect();
            assert_eq!(seen.len(), 1);
            assert_eq!(
                (&seen[0]["case"], &seen[0]["confirmed"]),
                (&json!(CHANGING), &json!(confirmed))
            );
        }
        let sessions = program::sessions_in(&builds.stage.path("onpar-gate"));
        assert_eq!(sessions.len(), measured);
        for session in sessions {
            let plan = Session::read(&session).expect("a session").header.plan;
            assert_eq!(plan.iter().map(ToString::to_string).collect::<Vec<_>>(), [CHANGING]);
        }
    }
}
