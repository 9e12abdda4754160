//! `onpar gate`: what it says of a session, and how it ends. The whole program, on sessions of a scripted device.

#[path = "common/gate.rs"]
mod gate;
#[path = "common/program.rs"]
mod program;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use gate::{CASES, CHANGING, History, Situation};
use program::{Ended, finish};

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
