//! A failure is a row with its reason, the run goes on, and the exit status says how bad it was: the whole program on a
//! scripted device.

#[path = "common/program.rs"]
mod program;

use onpar::measure::Status;
use serde_json::{Value, json};

use program::{AFTER, BEFORE, Ended, FAILING, FMA, MATMUL, Stage};

/// A session of a failing case between two good ones, after checking that the good ones are measured whatever happens
/// between them.
#[track_caller]
fn between(entry: &Value, status: Status, arguments: &[&str]) -> (Stage, Ended) {
    let stage = Stage::new(&json!([entry]));
    let ended = stage.measure(&[BEFORE, FAILING, AFTER], arguments);
    let expected = [(BEFORE, Status::Ok), (FAILING, status), (AFTER, Status::Ok)];
    assert_eq!(
        stage.statuses(),
        expected.map(|(case, status)| (case.to_owned(), status)),
        "{ended:?}"
    );
    (stage, ended)
}

fn fault(name: &str) -> Value {
    json!({ "match": "n=65/", "fault": name })
}

#[test]
fn a_wrong_answer_is_a_row_that_names_the_element() {
    let (stage, ended) = between(&fault("wrong"), Status::Wrong, &[]);
    assert_eq!(ended.code, Some(5));
    let row = stage.row(FAILING);
    let reason = "1 of 65 elements are wrong, worst element 64: ";
    assert!(row["reason"].starts_with(reason), "{}", row["reason"]);
    assert!(ended.out.contains("wrong: 1 of 65 elements are wrong"), "{}", ended.out);
    assert!(
        stage
            .file("report.md")
            .contains(&format!("| n=65 | wrong |  |  |  |  |  |  | {reason}")),
        "{}",
        stage.file("report.md")
    );
}

#[test]
fn a_failed_row_has_its_work_and_no_time_rate_or_proof() {
    let (stage, _) = between(&fault("wrong"), Status::Wrong, &[]);
    let row = stage.row(FAILING);
    assert_eq!(
        (row["bytes_read"].as_str(), row["bytes_written"].as_str()),
        ("260", "260")
    );
    assert_eq!((row["proof"].as_str(), row["physics"].as_str()), ("none", "unchecked"));
    for unknown in [
        "seconds",
        "bytes_per_second",
        "samples",
        "clock",
        "h20_ratio_high",
        "proof_error",
    ] {
        assert_eq!(row[unknown], "", "{unknown}");
    }
    for known in [
        "seconds",
        "bytes_per_second",
        "samples",
        "clock",
        "h20_ratio_high",
        "proof_error",
    ] {
        assert_ne!(stage.row(BEFORE)[known], "", "{known}");
    }
}

#[test]
fn a_wrong_variant_is_left_out_and_shown_and_the_case_is_measured_by_another() {
    let entry = json!({ "match": "n=65/", "variant": "items4", "fault": "wrong" });
    let (stage, ended) = between(&entry, Status::Ok, &[]);
    assert_eq!(ended.code, Some(0));
    assert_ne!(stage.row(FAILING)["variant"], "lanes256-items4");
    let said = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("! variant lanes256-items4 of copy/f32/-/n=65/hot was left out: wrong: 1 of 65 elements"),
        "{}",
        ended.out
    );
    let report = stage.file("report.md");
    assert!(
        report.contains("## Variants left out\n\n- lanes256-items4 of copy/f32/-/n=65/hot: wrong: 1 of 65 elements"),
        "{report}"
    );
    let (_, ended) = between(&entry, Status::Ok, &["--json"]);
    let refused = &ended.json()["refused"];
    assert_eq!(refused.as_array().map(Vec::len), Some(1), "{refused}");
    assert_eq!(refused[0]["variant"], "lanes256-items4");
    assert_eq!(
        (&refused[0]["case"], &refused[0]["status"]),
        (&json!(FAILING), &json!("wrong"))
    );
}

#[test]
fn an_answer_that_turns_wrong_while_it_is_timed_is_wrong() {
    let entry = json!({ "match": "n=65/", "fault": "wrong", "after": 30 });
    let (stage, ended) = between(&entry, Status::Wrong, &[]);
    assert_eq!(ended.code, Some(5));
    let row = stage.row(FAILING);
    assert_ne!(row["variant"], "", "it was proved before it was timed");
    assert_eq!((row["seconds"].as_str(), row["proof"].as_str()), ("", "none"));
}

#[test]
fn a_time_too_good_to_be_true_is_called_impossible_everywhere() {
    let stage = Stage::new(&json!([{ "match": "matmul/", "speedup": 50.0 }]));
    let cases = [BEFORE, FMA, MATMUL];
    let ended = stage.measure(&cases, &[]);
    assert_eq!(ended.code, Some(0));
    let row = stage.row(MATMUL);
    assert_eq!((row["status"].as_str(), row["physics"].as_str()), ("ok", "impossible"));
    assert!(row["roof_fraction"].parse::<f64>().expect("a number") > 1.15);
    let warning = format!("impossible: {MATMUL} is faster than the ceilings allow");
    assert!(stage.file("report.md").contains(&warning));
    let said = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(&warning), "{}", ended.out);
    let document = stage.measure(&cases, &["--json"]).json();
    assert_eq!(document["rows"][2]["physics"], "impossible");
}

#[test]
fn a_lost_device_is_opened_anew_for_what_is_left() {
    for after in [0, 30] {
        let entry = json!({ "match": "n=65/", "fault": "lost", "after": after });
        let (stage, ended) = between(&entry, Status::Lost, &[]);
        assert_eq!(ended.code, Some(3));
        assert_eq!(stage.row(FAILING)["reason"], "device lost: by the script");
    }
}

#[test]
fn a_driver_that_crashes_takes_one_case_with_it() {
    let (stage, ended) = between(&fault("crash"), Status::Error, &[]);
    assert_eq!(ended.code, Some(3));
    let reason = &stage.row(FAILING)["reason"];
    assert!(reason.starts_with("the measuring process came to an end: "), "{reason}");
    #[cfg(unix)]
    assert!(reason.contains("signal 6"), "{reason}");
    // The script's driver says where, with a path; a row does not.
    assert!(reason.ends_with(": driver: assertion failed: shader.c:42"), "{reason}");
}

#[test]
fn a_driver_that_hangs_is_ended_and_takes_one_case_with_it() {
    for after in [0, 30] {
        let entry = json!({ "match": "n=65/", "fault": "hang", "after": after });
        let (stage, ended) = between(&entry, Status::Timeout, &["--timeout", "2"]);
        assert_eq!(ended.code, Some(3));
        let reason = "nothing came back for 2 s; the process was ended";
        assert_eq!(stage.row(FAILING)["reason"], reason);
        #[cfg(target_os = "linux")]
        assert_eq!(stage.workers(), Vec::<u32>::new());
    }
}

/// Before it says anything of the case, each of its variants takes two seconds.
#[test]
fn a_driver_that_is_slow_is_not_taken_for_one_that_hangs() {
    let (_, ended) = between(&fault("slow"), Status::Ok, &["--timeout", "1.5"]);
    assert_eq!(ended.code, Some(0));
}

#[test]
fn what_a_driver_refuses_is_an_error_and_what_it_lacks_is_unsupported() {
    for (name, status, code, reason) in [
        (
            "compile",
            Status::Error,
            3,
            "the shader does not compile: by the script",
        ),
        ("unsupported", Status::Unsupported, 0, "by the script"),
    ] {
        let (stage, ended) = between(&fault(name), status, &[]);
        assert_eq!(ended.code, Some(code), "{name}");
        assert_eq!(stage.row(FAILING)["reason"], reason, "{name}");
        assert!(
            ended.out.contains(&format!("{}: {reason}", status.word())),
            "{}",
            ended.out
        );
    }
}

/// A large case between two small ones, on a device with so many bytes of that memory.
#[track_caller]
fn too_large(case: &str, (memory, bytes): (&str, u64), status: Status, code: i32, reason: &str) {
    let stage = Stage::new(&json!([]));
    stage.vary(memory, &json!(bytes));
    let ended = stage.measure(&[BEFORE, case, AFTER], &[]);
    assert_eq!(ended.code, Some(code), "{ended:?}");
    let expected = [(BEFORE, Status::Ok), (case, status), (AFTER, Status::Ok)];
    assert_eq!(
        stage.statuses(),
        expected.map(|(case, status)| (case.to_owned(), status))
    );
    assert_eq!(stage.row(case)["reason"], reason);
    let said = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(&format!("{}: {reason}", status.word())), "{}", ended.out);
}

#[test]
fn a_case_that_exceeds_a_limit_is_unsupported_and_names_it() {
    let reason = "needs a buffer of 1073741840 bytes (this device: 1073741824, its max_buffer_size)";
    too_large(
        "copy/f32/-/n=268435460/hot",
        ("host_memory", 1_000_000),
        Status::Unsupported,
        0,
        reason,
    );
}

/// The machine that runs this test may not have that much either.
#[test]
fn a_case_that_exceeds_the_memory_of_the_host_is_skipped_before_it_takes_any() {
    let reason = "needs about 14 GB of this machine's memory, the proof included (free: 1 GB)";
    let memory = ("host_memory", 1_000_000_000);
    too_large("copy/f32/-/n=250000000/hot", memory, Status::Skipped, 0, reason);
}

#[test]
fn buffers_that_the_driver_has_no_room_for_are_an_error() {
    let reason = "no room for buffers of 800000 bytes together: by the script";
    too_large("copy/f32/-/n=100000/hot", ("memory", 500_000), Status::Error, 3, reason);
}

#[test]
fn a_precision_that_the_device_lacks_is_unsupported_and_nothing_is_tried() {
    let stage = Stage::new(&json!([]));
    let halves = ["copy/f16/-/n=64/hot", "matmul/f16/nn/k=8,m=8,n=8/hot"];
    let ended = stage.measure(&[halves[0], BEFORE, halves[1]], &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for case in halves {
        let row = stage.row(case);
        assert_eq!(row["status"], "unsupported");
        assert_eq!(row["reason"], "needs f16 arithmetic in shaders");
    }
    assert_eq!(stage.row(BEFORE)["status"], "ok");
    let tried: Vec<usize> = stage.session().rows().map(|f| f.candidates.len()).collect();
    assert!(tried[0] == 0 && tried[1] > 0 && tried[2] == 0, "{tried:?}");
}

#[test]
fn a_driver_that_prints_disturbs_nothing() {
    let (stage, ended) = between(&fault("noise"), Status::Ok, &["--json"]);
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.json()["rows"].as_array().map(Vec::len), Some(3));
    let session = stage.session();
    let observed: Vec<_> = session.rows().map(|f| (f.candidates.len(), f.samples.len())).collect();
    assert_eq!(observed, [observed[0]; 3]);
    assert!(observed[0].0 > 1 && observed[0].1 > 1, "{observed:?}");
}

#[test]
fn a_wrong_result_outweighs_a_missing_one() {
    let stage = Stage::new(&json!([
        { "match": "n=64/", "fault": "crash" },
        { "match": "n=65/", "fault": "wrong" },
        { "match": "n=66/", "fault": "unsupported" },
    ]));
    let ended = stage.measure(&[BEFORE, FAILING, AFTER], &[]);
    assert_eq!(ended.code, Some(5));
    let statuses: Vec<_> = stage.statuses().into_iter().map(|(_, status)| status).collect();
    assert_eq!(statuses, [Status::Error, Status::Wrong, Status::Unsupported]);
}

#[test]
fn a_case_that_fails_in_one_run_of_several_has_failed() {
    let stage = Stage::new(&json!([fault("crash")]));
    let ended = stage.measure(&[BEFORE, FAILING, AFTER], &["--runs", "2"]);
    assert_eq!(ended.code, Some(3));
    assert_eq!(stage.statuses().len(), 6);
    assert_eq!(stage.row(FAILING)["status"], "error");
    assert_eq!(stage.row(AFTER)["runs"], "2");
}
