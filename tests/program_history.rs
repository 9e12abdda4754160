//! Histories promise: what changed, when and beside what, in every form; and whatever a folder or a table holds, an answer
//! as documented, and nothing stored that is lost or altered.
//!
//! A small disk that fills, and one that is read-only, are mounted in a namespace of their own. Where a system has none the
//! two trials are shown as ignored.

mod common;
#[path = "common/journals.rs"]
mod journals;
#[path = "common/picture.rs"]
mod picture;
#[path = "common/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::{Arguments, Trial};
use onpar::record::JOURNAL;
use serde_json::{Value, json};

use common::{block, facts, row};
use journals::{CASE, begin, session, session_on};
use program::{Ended, Verb, finish};

const HISTORY: Verb = Verb("history");

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        trial("a_change_is_told_in_every_form", a_change_is_told_in_every_form),
        trial(
            "only_a_check_of_what_got_worse_fails",
            only_a_check_of_what_got_worse_fails,
        ),
        trial(
            "what_else_changed_is_named_beside_it",
            what_else_changed_is_named_beside_it,
        ),
        trial("machines_are_kept_apart", machines_are_kept_apart),
        trial("a_session_found_twice_counts_once", a_session_found_twice_counts_once),
        trial("the_longer_of_two_journals_counts", the_longer_of_two_journals_counts),
        trial(
            "a_torn_or_unreadable_journal_costs_no_other",
            a_torn_or_unreadable_journal_costs_no_other,
        ),
        trial(
            "a_session_being_written_counts_as_far_as_it_is",
            a_session_being_written_counts_as_far_as_it_is,
        ),
        trial("two_merges_at_once_lose_nothing", two_merges_at_once_lose_nothing),
        trial("the_order_is_that_of_the_clock", the_order_is_that_of_the_clock),
        trial("values_that_are_none_are_counted", values_that_are_none_are_counted),
        trial(
            "a_mistake_is_answered_with_what_to_do",
            a_mistake_is_answered_with_what_to_do,
        ),
    ];
    let no_mounts = !can_mount();
    for (name, run) in [
        (
            "a_small_disk_costs_what_did_not_fit",
            a_small_disk_costs_what_did_not_fit as fn(),
        ),
        ("a_read_only_disk_is_read", a_read_only_disk_is_read),
    ] {
        trials.push(trial(name, run).with_ignored_flag(no_mounts));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(name: &str, run: fn()) -> Trial {
    Trial::test(name, move || {
        run();
        Ok(())
    })
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Thirty sessions, an hour apart; from the sixteenth on the case takes a tenth longer.
fn slower(out: &Path) {
    for hour in 0..30 {
        // A little noise, so that no two are equal.
        let noise = 1.0 + f64::from(hour * 7 % 5) * 1e-3;
        session(out, hour, if hour < 15 { 1e-5 } else { 1.1e-5 } * noise);
    }
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).expect("a file");
            found.insert(path, bytes);
        }
    }
    found
}

/// The JSON of the history of a folder, and what was said beside it. Reading alters nothing.
#[track_caller]
fn read(folder: &Path) -> (Value, String) {
    let before = files(folder);
    let ended = HISTORY.run(&[text(folder), "--json"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(files(folder), before, "reading has altered something");
    (ended.json(), ended.err)
}

/// The only series that has values.
#[track_caller]
fn of_case(history: &Value) -> Value {
    let all = history["series"].as_array().expect("a list");
    let mut of_case = all.iter().filter(|series| series["name"] == CASE);
    let found = of_case.next().expect("the case").clone();
    assert!(of_case.next().is_none(), "one machine");
    found
}

fn a_change_is_told_in_every_form() {
    let home = folder();
    slower(home.path());
    let (history, said) = read(home.path());
    assert_eq!(said, "");
    program::assert_documented(&history, "onpar history --json");
    let series = of_case(&history);
    assert_eq!((&series["points"], &series["drift"]), (&json!(30), &Value::Null));
    let change = &series["change_points"][0];
    assert_eq!(
        (&change["index"], &change["time"], &change["worse"]),
        (&json!(15), &json!("2026-01-01T15:00:00Z"), &json!(true))
    );
    let part = change["change"].as_f64().expect("a number");
    assert!(
        (part - 0.1).abs() < 0.01 && change["p"].as_f64().is_some_and(|p| p < 1e-4),
        "{change}"
    );

    let told = HISTORY.prints(&[text(home.path())]);
    assert!(told.contains("worse      +10%  10 us -> 11 us"), "{told}");
    let lines = HISTORY.prints(&[text(home.path()), "--csv"]);
    let mut reader = csv::Reader::from_reader(lines.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(|row| row.expect("a row")).collect();
    assert_eq!(
        (rows.len(), rows[0]["index"].as_str(), rows[0]["turn"].as_str()),
        (1, "15", "worse")
    );

    for name in ["history.svg", "history.png"] {
        let file = home.path().join(name);
        HISTORY.prints(&[text(home.path()), "--plot", text(&file)]);
        let bytes = std::fs::read(&file).expect("a picture");
        if name.ends_with("png") {
            picture::decode(&bytes);
        } else {
            let drawn = String::from_utf8(bytes).expect("UTF-8");
            assert!(drawn.contains("1 changed for the worse") && drawn.contains("2026-01-02T05:00:00Z"));
        }
    }
}

fn only_a_check_of_what_got_worse_fails() {
    let home = folder();
    slower(home.path());
    let code = |more: &[&str]| HISTORY.run(&[&[text(home.path())], more].concat()).code;
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--check"]), Some(1));
    assert_eq!(code(&["--check", "--last", "15"]), Some(1));
    assert_eq!(code(&["--check", "--last", "14"]), Some(0));
    let table = home.path().join("rate.csv");
    let lines: String = (0..30)
        .map(|i| format!("{i},{}\n", if i < 15 { 10 } else { 12 }))
        .collect();
    std::fs::write(&table, format!("time,value\n{lines}")).expect("writes");
    let code = |better: &str| {
        HISTORY
            .run(&["--series", text(&table), "--better", better, "--check"])
            .code
    };
    assert_eq!((code("lower"), code("higher")), (Some(1), Some(0)));
}

fn what_else_changed_is_named_beside_it() {
    let home = folder();
    let mut newer = facts();
    newer.identity.driver_version = "Mesa 25.0.1 (LLVM 19.1.0)".to_owned();
    for hour in 0..30 {
        let (seconds, facts) = if hour < 15 {
            (1e-5, facts())
        } else {
            (1.2e-5, newer.clone())
        };
        session_on(home.path(), hour, seconds + f64::from(hour % 4) * 1e-9, facts);
    }
    let (history, _) = read(home.path());
    let beside = &of_case(&history)["change_points"][0]["beside"][0];
    let driver = "driver_version 'Mesa 22.3.6 (LLVM 15.0.6)' -> 'Mesa 25.0.1 (LLVM 19.1.0)'";
    assert!(
        beside["index"] == 15
            && beside["changed"]
                .as_array()
                .is_some_and(|all| all.contains(&json!(driver)))
    );
    let file = home.path().join("history.svg");
    HISTORY.prints(&[text(home.path()), "--plot", text(&file)]);
    let drawn = std::fs::read_to_string(&file).expect("a picture");
    assert!(drawn.contains("1: driver_version"), "the boundary is named");
}

fn machines_are_kept_apart() {
    let home = folder();
    let mut other = facts();
    other.identity.cpu_model = "Another Processor".to_owned();
    for hour in 0..30 {
        // By turns on one and the other, which is twice as fast.
        let (seconds, facts) = if hour % 2 == 0 {
            (1e-5, facts())
        } else {
            (5e-6, other.clone())
        };
        session_on(home.path(), hour, seconds, facts);
    }
    let (history, _) = read(home.path());
    assert_eq!(history["machines"].as_array().map(Vec::len), Some(2));
    let all = history["series"].as_array().expect("a list");
    let of_case: Vec<&Value> = all.iter().filter(|series| series["name"] == CASE).collect();
    assert_eq!(of_case.len(), 2);
    assert!(
        of_case
            .iter()
            .all(|series| series["points"] == 15 && series["change_points"] == json!([]))
    );
}

fn a_session_found_twice_counts_once() {
    let home = folder();
    slower(home.path());
    let copy = home.path().join("a copy/of one");
    std::fs::create_dir_all(&copy).expect("makes");
    let one = session(&home.path().join("more"), 40, 1.1e-5);
    std::fs::copy(&one, copy.join(JOURNAL)).expect("copies");
    let (history, said) = read(home.path());
    assert_eq!((&of_case(&history)["points"], said.as_str()), (&json!(31), ""));
}

fn the_longer_of_two_journals_counts() {
    let home = folder();
    let whole = session(&home.path().join("whole"), 3, 1e-5);
    let lines = std::fs::read_to_string(&whole).expect("a journal");
    let begun: Vec<&str> = lines.split_inclusive('\n').collect();
    let other = home.path().join("begun");
    std::fs::create_dir_all(&other).expect("makes");
    std::fs::write(other.join(JOURNAL), begun[..2].concat()).expect("writes");
    let (history, said) = read(home.path());
    assert_eq!((&of_case(&history)["points"], said.as_str()), (&json!(1), ""));

    // Another end: both stay, the longer counts, and the reader is told of both.
    std::fs::write(other.join(JOURNAL), begun[..3].concat() + begun[4]).expect("writes");
    let (history, said) = read(home.path());
    assert_eq!(of_case(&history)["points"], 1);
    assert!(
        said.contains("whole") && said.contains("begun") && said.contains("go on differently"),
        "{said}"
    );
    assert_eq!(history["warnings"].as_array().map(Vec::len), Some(1));
}

fn a_torn_or_unreadable_journal_costs_no_other() {
    let home = folder();
    slower(home.path());
    let torn = session(home.path(), 40, 1.1e-5);
    let lines = std::fs::read_to_string(&torn).expect("a journal");
    let (kept, _) = lines.rsplit_once("\"kind\":\"row\"").expect("a row");
    std::fs::write(&torn, kept).expect("writes");
    let broken = session(home.path(), 41, 1.1e-5);
    std::fs::write(&broken, "{\"kind\":\"header\"}\nno journal\n").expect("writes");
    std::fs::write(home.path().join(JOURNAL), [0xff; 100]).expect("writes");
    let (history, said) = read(home.path());
    assert_eq!(of_case(&history)["points"], 31, "the torn one counts as far as it goes");
    assert_eq!(said.lines().count(), 3, "{said}");
    assert!(
        said.contains("is incomplete") && said.matches("this session does not count").count() == 2,
        "{said}"
    );
}

fn a_session_being_written_counts_as_far_as_it_is() {
    let home = folder();
    slower(home.path());
    let mut journal = begin(home.path(), 50, facts());
    journal.append(&block(0, 1e-5)).expect("writes");
    assert_eq!(of_case(&read(home.path()).0)["points"], 30, "no row yet");
    journal.append(&row(0, onpar::measure::Status::Ok)).expect("writes");
    let (history, said) = read(home.path());
    assert_eq!((&of_case(&history)["points"], said.as_str()), (&json!(31), ""));
}

/// Both bring the same sessions and some of their own, and one session goes on differently in the two.
fn two_merges_at_once_lose_nothing() {
    let home = folder();
    let [a, b, out] = ["a", "b", "out"].map(|name| home.path().join(name));
    for hour in 0..12 {
        let journal = session(&a, hour, 1e-5);
        session(&b, hour + 6, 1e-5);
        if hour == 8 {
            let lines = std::fs::read_to_string(&journal).expect("a journal");
            std::fs::write(&journal, lines.replace("\"stop\":\"target\"", "\"stop\":\"time\"")).expect("writes");
        }
    }
    let before = (files(&a), files(&b));
    let start = |from: &Path| {
        let mut command = program::onpar(&["merge", text(from), "--out", text(&out)]);
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts")
    };
    for mut merge in [start(&a), start(&b)] {
        assert_ne!(
            merge.wait().expect("it ends").code(),
            Some(2),
            "one of them was disturbed"
        );
    }
    assert_eq!((files(&a), files(&b)), before);
    let mut kept: Vec<Vec<u8>> = journals_in(&out).into_values().collect();
    let mut expected: Vec<Vec<u8>> = before.0.into_values().chain(before.1.into_values()).collect();
    for all in [&mut kept, &mut expected] {
        all.sort();
        all.dedup();
    }
    assert_eq!(kept.len(), 19);
    assert!(kept == expected, "every journal that was there is there");
}

fn journals_in(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = files(folder);
    all.retain(|path, _| path.ends_with(JOURNAL));
    all
}

/// A session that was measured last and says that it was the first is the first.
fn the_order_is_that_of_the_clock() {
    let home = folder();
    slower(home.path());
    let (before, _) = read(home.path());
    session(home.path(), 700, 1.1e-5);
    let late = of_case(&read(home.path()).0);
    assert_eq!(
        (&late["points"], &late["change_points"][0]["index"]),
        (&json!(31), &json!(15))
    );
    let back = folder();
    for hour in 0..30 {
        // The clock goes backwards all the time, and the level rises.
        let noise = 1.0 + f64::from(hour * 7 % 5) * 1e-3;
        session(back.path(), 29 - hour, if hour < 15 { 1e-5 } else { 1.1e-5 } * noise);
    }
    let reversed = &of_case(&read(back.path()).0)["change_points"][0];
    assert_eq!((&reversed["index"], &reversed["worse"]), (&json!(15), &json!(false)));
    assert_eq!(of_case(&before)["change_points"][0]["worse"], json!(true));

    let table = back.path().join("table.csv");
    std::fs::write(&table, "time,value\n3,1\n1,2\n2,3\n").expect("writes");
    let ended = HISTORY.run(&["--series", text(&table)]);
    assert!(
        ended.code == Some(0) && ended.out.contains("not in the order of time"),
        "{ended:?}"
    );
}

/// What a table of these values comes to: points without a value, and for each change its index and part.
fn values(values: &[&str]) -> (Value, Vec<(Value, Value)>) {
    let home = folder();
    let table = home.path().join("table.csv");
    let lines: String = (0..)
        .zip(values)
        .map(|(time, value): (u32, _)| format!("{time},{value}\n"))
        .collect();
    std::fs::write(&table, format!("time,value\n{lines}")).expect("writes");
    let mut of_method = ["robust", "otava"].map(|method| {
        let file = home.path().join("table.svg");
        let ended = HISTORY.run(&[
            "--series",
            text(&table),
            "--method",
            method,
            "--json",
            "--plot",
            text(&file),
        ]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let series = ended.json()["series"][0].clone();
        let changes = series["change_points"].as_array().expect("a list");
        let change = |change: &Value| (change["index"].clone(), change["change"].clone());
        (series["missing"].clone(), changes.iter().map(change).collect())
    });
    std::mem::take(&mut of_method[0])
}

fn values_that_are_none_are_counted() {
    let missing = json!(0);
    assert_eq!(values(&["5"]), (missing.clone(), vec![]));
    assert_eq!(values(&["5"; 60]), (missing.clone(), vec![]));
    assert_eq!(values(&["0"; 60]), (missing.clone(), vec![]));
    let from_zero = [&["0"; 20][..], &["7"; 20]].concat();
    assert_eq!(values(&from_zero), (missing.clone(), vec![(json!(20), Value::Null)]));
    let to_zero = [&["7"; 20][..], &["0"; 20]].concat();
    assert_eq!(values(&to_zero), (missing, vec![(json!(20), json!(-1.0))]));
    for none in ["nan", "inf", "-inf", ""] {
        assert_eq!(values(&[none; 40]), (json!(40), vec![]), "{none}");
        let between = [&["7"; 20][..], &[none; 3], &["9"; 20]].concat();
        let (missing, changes) = values(&between);
        assert_eq!(
            (missing, changes.len(), &changes[0].0),
            (json!(3), 1, &json!(23)),
            "{none}"
        );
    }
    let large = [&["-1e308"; 20][..], &["1e308"; 20]].concat();
    assert_eq!(values(&large).1.len(), 1);
}

fn a_mistake_is_answered_with_what_to_do() {
    let home = folder();
    session(home.path(), 1, 1e-5);
    for (arguments, part) in [
        (&["nowhere"][..], "nowhere"),
        (
            &[text(home.path()), "--filter", "none"],
            "no series contains it; they are like copy",
        ),
        (
            &[text(home.path()), "--plot", "picture.gif"],
            "must end in .svg or .png",
        ),
        (
            &[text(home.path()), "--plot", "nowhere/picture.svg"],
            "nowhere/picture.svg: cannot write the plot",
        ),
    ] {
        let ended = HISTORY.run(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ended.err.contains(part), "{arguments:?}: {}", ended.err);
    }
    let empty = folder();
    let ended = HISTORY.run(&[text(empty.path())]);
    assert!(
        ended.code == Some(2) && ended.err.contains("onpar run --out DIR"),
        "{ended:?}"
    );
}

/// Runs a shell script in a namespace in which `$1` is a disk of 96 KiB; what is on it at the end is copied to `$2`, and `$3`
/// is the program.
fn on_a_small_disk(home: &Path, script: &str) -> Ended {
    let [disk, copy] = ["disk", "copy"].map(|name| home.join(name));
    std::fs::create_dir_all(&disk).expect("makes");
    let script = format!(
        "set -u; mount -t tmpfs -o size=96k tmpfs \"$1\"; {script}; status=$?; cp -R \"$1\" \"$2\"; exit $status"
    );
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"]);
    command.args([&disk, &copy]).arg(env!("CARGO_BIN_EXE_onpar")).arg(home);
    finish(command.stdin(Stdio::null()))
}

fn can_mount() -> bool {
    let home = folder();
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs"]);
    command.arg(home.path()).stderr(Stdio::null()).stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn a_small_disk_costs_what_did_not_fit() {
    let home = folder();
    let from = home.path().join("from");
    for hour in 0..60 {
        session(&from, hour, 1e-5);
    }
    let before = files(&from);
    let ended = on_a_small_disk(home.path(), "\"$3\" merge \"$4/from\" --out \"$1\"");
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.err.contains("No space left on device"), "{}", ended.err);
    assert_eq!(files(&from), before);
    let kept: Vec<Vec<u8>> = journals_in(&home.path().join("copy")).into_values().collect();
    assert!(!kept.is_empty() && kept.len() < 60, "{} were kept", kept.len());
    assert!(
        kept.iter().all(|journal| before.values().any(|whole| whole == journal)),
        "each is whole"
    );
}

fn a_read_only_disk_is_read() {
    let home = folder();
    let from = home.path().join("from");
    for hour in 0..4 {
        session(&from, hour, 1e-5);
    }
    let fill = "cp -R \"$4/from\" \"$1\"; mount -o remount,ro \"$1\"";
    let ended = on_a_small_disk(home.path(), &format!("{fill}; \"$3\" history \"$1\" --json"));
    assert_eq!((ended.code, &of_case(&ended.json())["points"]), (Some(0), &json!(4)));
    std::fs::remove_dir_all(home.path().join("copy")).expect("removes");
    let ended = on_a_small_disk(
        home.path(),
        &format!("{fill}; \"$3\" history \"$1\" --plot \"$1/picture.svg\""),
    );
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended
            .err
            .contains("picture.svg: cannot write the plot: Read-only file system"),
        "{}",
        ended.err
    );
    assert_eq!(journals_in(&home.path().join("copy")).len(), 4);
}
