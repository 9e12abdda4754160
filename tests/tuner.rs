//! The tuner of the whole program: what it chooses is measured in every run and remembered, what is wrong is told, and
//! no driver and no broken cache keeps it from an answer.

#[path = "common/program.rs"]
mod program;

use onpar::measure::Status;
use onpar::tune::Depth;
use program::{Ended, MATMUL, Stage, finish, onpar};
use serde_json::{Value, json};

/// A variant that does not race by default.
const FAST: &str = "shared-8x8-4x4-depth32";

fn fast() -> Value {
    json!({ "match": "matmul/", "variant": FAST, "speedup": 4.0 })
}

/// `onpar tune` on the device of the script.
#[track_caller]
fn tune(stage: &Stage, arguments: &[&str]) -> Ended {
    let device = format!("scripted:{}", stage.path("script.json").display());
    let mut command = onpar(&["tune", "--device", &device]);
    command.args(arguments).env("ONPAR_CACHE", stage.path("cache"));
    finish(&mut command)
}

/// `onpar tune --json` of one case: what was chosen.
#[track_caller]
fn tuned(stage: &Stage, arguments: &[&str]) -> Value {
    let ended = tune(stage, &[&["--case", MATMUL, "--json"], arguments].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended.json()[0].clone()
}

/// What became of a variant.
#[track_caller]
fn trial<'a>(choice: &'a Value, variant: &str) -> &'a Value {
    let trials = choice["entry"]["found"]["trials"].as_array().expect("trials");
    let trial = trials.iter().find(|trial| trial["variant"] == variant);
    trial.unwrap_or_else(|| panic!("no trial of {variant} in {choice}"))
}

#[test]
fn every_run_measures_what_was_found_before_the_first() {
    let stage = Stage::new(&json!([fast()]));
    let ended = stage.measure(&[MATMUL], &["--tune", "quick", "--runs", "3"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let session = stage.session();
    assert_eq!(session.header.options.tune, Some(Depth::Quick));
    let rows: Vec<_> = session.rows().collect();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|finished| finished.row.variant == FAST));
    let tried: Vec<usize> = rows.iter().map(|finished| finished.candidates.len()).collect();
    assert!(tried[0] > 5, "the first run has what was tried: {tried:?}");
    assert_eq!(tried[1..], [0, 0], "nothing raced later");
}

#[test]
fn a_second_session_reads_the_cache_and_searches_for_nothing() {
    let stage = Stage::new(&json!([fast()]));
    assert_eq!(stage.measure(&[MATMUL], &["--tune", "quick"]).code, Some(0));
    // Another variant is faster now; what is remembered is used all the same.
    stage.play(&json!([{ "match": "matmul/", "variant": "direct-1x8-16x16", "speedup": 9.0 }]));
    let again = stage.measure(&[MATMUL], &["--tune", "quick", "--out", "again", "--json"]);
    assert_eq!(again.json()["rows"][0]["variant"], FAST);
    let text = tune(&stage, &["--case", MATMUL]);
    let said = text.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains(&format!("{FAST}, ")) && said.contains("from the cache"),
        "{said}"
    );
    // A search that was asked to be thorough does not do with one in a hurry.
    let full = tuned(&stage, &["--full"]);
    assert_eq!(
        (&full["entry"]["found"]["variant"], &full["cached"]),
        (&json!("direct-1x8-16x16"), &json!(false))
    );
    assert_eq!(tuned(&stage, &[])["cached"], true, "and then serves those in a hurry");
}

#[test]
fn without_the_tuner_nothing_is_remembered_or_looked_up() {
    let stage = Stage::new(&json!([fast()]));
    assert_eq!(tuned(&stage, &[])["entry"]["found"]["variant"], FAST);
    let ended = stage.measure(&[MATMUL], &["--json"]);
    assert_ne!(ended.json()["rows"][0]["variant"], FAST);
    assert_eq!(stage.session().header.options.tune, None);
}

#[test]
fn sizes_of_one_power_of_two_share_what_was_found() {
    let stage = Stage::new(&json!([fast()]));
    let other = "matmul/f32/nn/k=12,m=12,n=12/hot";
    let ended = tune(&stage, &["--case", MATMUL, "--case", other, "--json"]);
    let choices = ended.json();
    assert_eq!(
        (&choices[0]["cached"], &choices[1]["cached"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(choices[1]["entry"]["case"], MATMUL);
}

#[test]
fn what_is_wrong_is_told_and_something_else_is_chosen() {
    let stage = Stage::new(&json!([
        { "match": "matmul/", "variant": "direct-1x8-16x16", "fault": "wrong", "speedup": 50.0 },
        { "match": "matmul/", "variant": "direct-1x64", "fault": "compile" },
        fast(),
    ]));
    let choice = tuned(&stage, &[]);
    assert_eq!(choice["entry"]["found"]["variant"], FAST);
    assert_eq!(trial(&choice, "direct-1x8-16x16")["status"], "wrong");
    assert_eq!(trial(&choice, "direct-1x8-16x16")["seconds"], json!([]));
    assert_eq!(trial(&choice, "direct-1x64-4x4")["status"], "error");
    let ended = tune(&stage, &["--case", MATMUL, "--all"]);
    assert!(ended.out.contains("direct-1x8-16x16: wrong: "), "{}", ended.out);
}

#[test]
fn a_session_keeps_what_the_tuner_refused() {
    let stage = Stage::new(&json!([{ "match": "matmul/", "variant": "direct-1x8-16x16", "fault": "wrong" }, fast()]));
    let ended = stage.measure(&[MATMUL], &["--tune", "quick", "--json"]);
    assert_eq!(ended.code, Some(0), "the row is right");
    let json = ended.json();
    let refused = json["refused"].as_array().expect("a list");
    let wrong = refused
        .iter()
        .find(|candidate| candidate["variant"] == "direct-1x8-16x16");
    assert_eq!(wrong.expect("it is told")["status"], "wrong");
}

#[test]
fn a_variant_that_ends_the_process_costs_itself_alone() {
    for (fault, status) in [("crash", "error"), ("hang", "timeout")] {
        let stage = Stage::new(&json!([{ "match": "matmul/", "variant": "direct-1x8-16x16", "fault": fault }, fast()]));
        let choice = tuned(&stage, &["--timeout", "2"]);
        assert_eq!(choice["entry"]["found"]["variant"], FAST, "{fault}");
        assert_eq!(trial(&choice, "direct-1x8-16x16")["status"], status);
    }
}

#[test]
fn a_case_that_no_variant_gets_right_has_its_reason() {
    let stage = Stage::new(&json!([{ "match": "matmul/", "fault": "wrong" }]));
    let ended = tune(&stage, &["--case", MATMUL]);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(ended.out.contains("wrong: "), "{}", ended.out);
    let ended = stage.measure(&[MATMUL], &["--tune", "quick"]);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert_eq!(stage.statuses()[0].1, Status::Wrong);
}

#[test]
fn a_broken_cache_is_told_of_and_mended() {
    let stage = Stage::new(&json!([fast()]));
    tuned(&stage, &[]);
    let folder = stage.path("cache").join("tuned");
    let file = std::fs::read_dir(&folder)
        .expect("a folder")
        .next()
        .expect("a file")
        .expect("an entry")
        .path();
    let whole = std::fs::read(&file).expect("readable");
    std::fs::write(&file, &whole[..whole.len() / 2]).expect("written");
    let ended = tune(&stage, &["--case", MATMUL, "--json"]);
    assert!(ended.err.contains("not an entry of the tuner's cache"), "{}", ended.err);
    assert_eq!(ended.json()[0]["cached"], false);
    assert_eq!(tuned(&stage, &[])["cached"], true);
}

#[test]
fn a_cache_that_cannot_be_written_is_no_hindrance() {
    let stage = Stage::new(&json!([fast()]));
    std::fs::write(stage.path("cache"), "a file, not a folder").expect("written");
    let ended = tune(&stage, &["--case", MATMUL, "--json"]);
    assert_eq!(ended.code, Some(0));
    assert!(ended.err.contains("what was found is forgotten"), "{}", ended.err);
    assert_eq!(ended.json()[0]["entry"]["found"]["variant"], FAST);
}

#[test]
fn what_is_cleared_is_searched_for_again() {
    let stage = Stage::new(&json!([fast()]));
    let clear = || {
        let mut command = onpar(&["tune", "--clear"]);
        finish(command.env("ONPAR_CACHE", stage.path("cache"))).out
    };
    assert_eq!(clear(), "entries removed from the tuner's cache: 0\n");
    tuned(&stage, &[]);
    assert_eq!(clear(), "entries removed from the tuner's cache: 1\n");
    assert_eq!(tuned(&stage, &[])["cached"], false);
}

#[test]
fn an_interrupted_session_goes_on_with_what_was_found() {
    let stage = Stage::new(&json!([fast()]));
    let ended = stage.measure(&[MATMUL], &["--tune", "quick"]);
    assert_eq!(ended.code, Some(0));
    // The seal and the row cut off: as if it had ended before the measurement.
    let journal = stage.folder().join("session.jsonl");
    let text = std::fs::read_to_string(&journal).expect("readable");
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("\"kind\":\"row\"") && !line.contains("\"kind\":\"seal\""))
        .collect();
    std::fs::write(&journal, kept.join("\n") + "\n").expect("written");
    let ended = stage.run(&["--resume", &stage.folder().display().to_string()]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(stage.row(MATMUL)["variant"], FAST);
}

#[test]
fn a_mistake_is_answered_with_what_there_is() {
    let stage = Stage::new(&json!([]));
    for (arguments, part) in [
        (
            &["--kernel", "nosuch"][..],
            "--kernel nosuch: the kernels of suite standard are ",
        ),
        (&["--suite", "nosuch"], "the suites are "),
        (&["--budget", "0"], "expected seconds, more than 0"),
        (&["--case", "nosuch/f32/-/n=1/hot"], "the kernels are "),
    ] {
        let ended = tune(&stage, arguments);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ended.err.contains(part), "{arguments:?}: {}", ended.err);
    }
    let ended = tune(&stage, &["--case", "empty/-/-/-/hot"]);
    assert!(ended.out.contains("no case has more than one variant"), "{}", ended.out);
}
