//! What a session's folder holds, and that nothing which was measured is lost: kill the program, fill the disk, start it
//! twice. The whole program on a scripted device.

#[path = "common/program.rs"]
mod program;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use onpar::measure::{Clock, Status};
use onpar::record::{JOURNAL, Seal, Session};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use program::{AFTER, BEFORE, Ended, FAILING, FMA, MATMUL, Stage, finish, onpar};

const CASES: [&str; 3] = [BEFORE, FAILING, AFTER];

fn calm() -> Stage {
    Stage::new(&json!([]))
}

/// Times that vary too much for the interval of their median to become narrow, so that many blocks are sampled.
fn hang(after: u64) -> Value {
    json!([{ "match": "n=65/", "fault": "hang", "after": after, "jitter": [1.0, 100.0] }])
}

fn resume(stage: &Stage, folder: &Path) -> Ended {
    stage.run(&["--resume", &folder.display().to_string()])
}

/// Run and place of every line of a journal that has them.
fn subjects(journal: &str) -> BTreeSet<(u64, u64)> {
    let lines = journal
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let subject = |line: Value| line["run"].as_u64().zip(line["place"].as_u64());
    lines.filter_map(subject).collect()
}

fn whole_lines(journal: &str) -> &str {
    &journal[..journal.rfind('\n').map_or(0, |end| end + 1)]
}

/// Resumes a session that was cut short, and checks that it is then whole and that nothing was lost or done twice.
#[track_caller]
fn assert_resumes(stage: &Stage, folder: &Path) -> Ended {
    let file = folder.join(JOURNAL);
    let cut = std::fs::read_to_string(&file).expect("a journal");
    let before = Session::read(&file).expect("readable as it was left");
    assert_eq!(before.seal, Seal::Absent);
    let finished: BTreeSet<(u64, u64)> = before
        .rows()
        .map(|finished| (finished.row.run.into(), finished.row.place.into()))
        .collect();

    let ended = resume(stage, folder);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let whole = std::fs::read_to_string(&file).expect("a journal");
    let added = whole
        .strip_prefix(whole_lines(&cut))
        .expect("whole lines stay as they were");
    let again: Vec<_> = subjects(added).intersection(&finished).copied().collect();
    assert_eq!(again, [], "measured again");

    let after = Session::read(&file).expect("readable");
    assert_eq!((after.seal, after.warnings.as_slice()), (Seal::Valid, &[][..]));
    assert_eq!(after.header, before.header);
    let header = &after.header;
    assert_eq!(after.rows().count(), header.plan.len() * header.options.runs as usize);
    assert!(after.rows().all(|finished| finished.row.status == Status::Ok));
    for old in before.rows() {
        assert!(after.rows().any(|new| new == old), "{}", old.row.case);
    }
    assert!(folder.join("rows.csv").is_file() && folder.join("report.md").is_file());
    ended
}

#[test]
fn a_session_is_sealed_and_its_folder_holds_what_the_program_says_it_wrote() {
    let stage = calm();
    let ended = stage.measure(&[BEFORE, FMA, MATMUL], &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let session = stage.session();
    assert_eq!((session.seal, session.warnings.as_slice()), (Seal::Valid, &[][..]));
    assert_eq!(
        session.header.plan.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [BEFORE, FMA, MATMUL]
    );

    let (_, wrote) = ended.out.rsplit_once("\nwrote ").expect("says what it wrote");
    let (folder, names) = wrote.trim_end().split_once(": ").expect("a list");
    assert_eq!(stage.path(folder), stage.folder());
    let said: BTreeSet<String> = names.split(", ").map(str::to_owned).collect();
    let entries = std::fs::read_dir(stage.folder()).expect("a folder");
    let there: BTreeSet<String> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    assert_eq!(said, there);
    let expected = [
        JOURNAL,
        "rows.csv",
        "report.md",
        "report.html",
        "rates.svg",
        "rates.png",
        "roofline.svg",
        "roofline.png",
    ];
    assert_eq!(there, expected.map(str::to_owned).into(), "no three sizes, no curve");
    assert_eq!(
        std::fs::read_dir(stage.path("out")).expect("a folder").count(),
        1,
        "the device's folder alone"
    );
}

#[test]
fn the_pictures_beside_a_session_are_those_that_its_report_links() {
    let stage = calm();
    let sizes = [64, 128, 256].map(|n| format!("copy/f32/-/n={n}/hot"));
    let cases: Vec<&str> = sizes.iter().map(String::as_str).chain([MATMUL]).collect();
    assert_eq!(stage.measure(&cases, &[]).code, Some(0));
    let folder = stage.folder();
    let pictures = || -> BTreeSet<String> {
        let entries = std::fs::read_dir(&folder).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
        names
            .filter(|name| name.ends_with(".svg") || name.ends_with(".png"))
            .collect()
    };
    let before = pictures();
    let linked: BTreeSet<String> = stage
        .file("report.md")
        .lines()
        .filter_map(|line| {
            Some(
                line.strip_prefix("![")?
                    .split_once("](")?
                    .1
                    .trim_end_matches(')')
                    .to_owned(),
            )
        })
        .collect();
    let drawn: BTreeSet<String> = before.iter().filter(|name| name.ends_with(".svg")).cloned().collect();
    assert_eq!(linked, drawn);
    assert!(
        linked.contains("working-set.svg") && !linked.contains("sweeps.svg"),
        "{linked:?}"
    );

    // What an earlier rendering left and this one has nothing for goes; what is somebody's own stays.
    for name in ["sweeps.svg", "sweeps.png", "mine.png"] {
        std::fs::write(folder.join(name), "old").expect("writes");
    }
    let ended = finish(&mut onpar(&["report", folder.to_str().expect("UTF-8"), "--write"]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let mut expected = before;
    expected.insert("mine.png".to_owned());
    assert_eq!(pictures(), expected);
}

#[test]
fn no_file_of_a_session_says_where_it_was_measured() {
    let stage = Stage::new(&json!([{ "match": "n=65/", "fault": "crash" }]));
    stage.measure(&CASES, &[]);
    let here = stage.path("");
    let here = here.to_str().expect("UTF-8").trim_end_matches('/').as_bytes();
    for entry in std::fs::read_dir(stage.folder()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("a file");
        assert!(
            !bytes.windows(here.len()).any(|part| part == here),
            "{}",
            path.display()
        );
        assert!(!bytes.windows(8).any(|part| part == b"/usr/src"), "{}", path.display());
    }
}

#[test]
fn every_run_measures_the_same_plan_and_the_table_says_what_its_interval_speaks_of() {
    for (runs, speaks_of, interval) in [
        ("1", "within this run", "within_run"),
        ("3", "half the range of the runs' medians", "range_of_runs"),
        ("6", "95 % interval of the median of the runs", "between_runs"),
    ] {
        let stage = calm();
        let ended = stage.measure(&[BEFORE, MATMUL], &["--runs", runs]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.out.contains(speaks_of), "{}", ended.out);
        let count: u32 = runs.parse().expect("a number");
        let session = stage.session();
        for run in 1..=count {
            let of_run = session.rows().filter(|finished| finished.row.run == run);
            let cases: Vec<_> = of_run.map(|finished| finished.row.case.clone()).collect();
            assert_eq!(cases, session.header.plan, "run {run}");
        }
        let row = stage.row(MATMUL);
        assert_eq!((row["runs"].as_str(), row["interval"].as_str()), (runs, interval));
    }
}

#[test]
fn a_device_without_a_clock_is_timed_by_the_host_and_every_row_says_so() {
    let stage = calm();
    stage.script(&json!({
        "adapter": "Scripted", "device_type": "discrete", "clock": false,
        "operations_per_second": 1e12, "bytes_per_second": 1e11,
    }));
    let ended = stage.measure(&[BEFORE, MATMUL], &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.err.contains("timing by the host's clock"), "{}", ended.err);
    assert!(
        ended.out.contains("! clock: the device's clock failed its self-test"),
        "{}",
        ended.out
    );
    assert!(
        stage
            .rows()
            .iter()
            .all(|row| row["clock"] == "wall" && row["status"] == "ok")
    );
    let session = stage.session();
    assert!(
        session
            .rows()
            .all(|finished| finished.row.clock == Clock::Wall && !finished.samples.is_empty())
    );
    assert!(
        !stage.journal().contains("\"device\":[0"),
        "no reading of a clock that is not there"
    );
}

/// The moments: while a variant is proved and while it is timed, early and late in the plan.
#[cfg(unix)]
#[test]
fn a_killed_program_has_lost_nothing_that_was_finished() {
    let orders: [&[&str]; 3] = [
        &[FAILING, BEFORE, AFTER],
        &[BEFORE, FAILING, AFTER],
        &[BEFORE, AFTER, FAILING],
    ];
    for (place, order) in orders.iter().enumerate() {
        for (after, sampling) in [(0, false), (200, true)] {
            let stage = Stage::new(&hang(after));
            let mut named: Vec<&str> = order.iter().flat_map(|case| ["--case", case]).collect();
            named.extend(["--order", "sequential"]);
            let running = stage.start(&named);
            let block = format!("\"case\":\"{FAILING}\",\"repeats\"");
            program::wait_until("the moment", || {
                let journal = stage.journal();
                let at_it = !journal.is_empty() && program::rows_in(&journal) == place;
                at_it && (!sampling || journal.contains(&block))
            });
            drop(running);
            let left = stage.session();
            assert_eq!(left.rows().count(), place);
            assert!(!sampling || left.unfinished().any(|attempt| !attempt.blocks.is_empty()));
            stage.play(&json!([]));
            assert_resumes(&stage, &stage.folder());
        }
    }
}

/// At twenty moments of a run, drawn from a fixed seed: after so many lines of the journal, and a little later still, the
/// program, its worker or both are killed.
#[cfg(target_os = "linux")]
#[test]
fn whoever_is_killed_at_any_moment_every_finished_block_is_kept_and_none_is_measured_again() {
    let mut random = StdRng::seed_from_u64(20);
    let cases: Vec<String> = (100..108)
        .map(|n| format!("matmul/f32/nn/k={n},m=64,n=64/hot"))
        .collect();
    let named: Vec<&str> = cases.iter().flat_map(|case| ["--case", case.as_str()]).collect();
    let undisturbed = calm();
    let ended = undisturbed.run(&[&named[..], &["--runs", "2"]].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let all = undisturbed.journal().lines().count();

    let mut resumed = 0;
    for _ in 0..20 {
        let lines = random.random_range(1..=all);
        let later = Duration::from_micros(random.random_range(0..5000));
        let victim = random.random_range(0..3);
        let stage = calm();
        let running = stage.start(&[&named[..], &["--runs", "2"]].concat());
        let mut seen = String::new();
        program::wait_closely("the moment", || {
            seen = stage.journal();
            whole_lines(&seen).lines().count() >= lines
        });
        std::thread::sleep(later);
        match victim {
            0 => program::signal("KILL", running.id()),
            1 => stage
                .workers()
                .into_iter()
                .for_each(|worker| program::signal("KILL", worker)),
            _ => running.signal_group("KILL"),
        }
        let ended = running.end();
        assert!(
            stage.journal().starts_with(whole_lines(&seen)),
            "what was seen is still there"
        );
        let session = stage.session();
        if session.seal == Seal::Absent {
            assert_ne!(victim, 1, "a program whose worker is killed goes on: {ended:?}");
            assert_resumes(&stage, &stage.folder());
            resumed += 1;
        } else {
            // The run came to its end: before the blow, or in spite of it.
            assert_eq!((session.seal, session.rows().count()), (Seal::Valid, 2 * cases.len()));
            let statuses = stage.statuses();
            let lost: Vec<_> = statuses.iter().filter(|(_, status)| *status != Status::Ok).collect();
            assert!(
                lost.len() <= 1 && lost.iter().all(|(_, status)| *status == Status::Error),
                "{lost:?}"
            );
        }
    }
    assert!(resumed > 0, "no blow came in time");
}

#[test]
fn a_session_cut_short_at_any_line_of_any_run_is_completed() {
    let stage = calm();
    assert_eq!(stage.measure(&[BEFORE, AFTER], &["--runs", "2"]).code, Some(0));
    let journal = stage.journal();
    let ends: Vec<usize> = journal.match_indices('\n').map(|(end, _)| end + 1).collect();
    let folder = stage.folder();
    for cut in ends.iter().rev().skip(1) {
        std::fs::write(folder.join(JOURNAL), &journal[..*cut]).expect("writes");
        let ended = assert_resumes(&stage, &folder);
        assert!(!ended.err.contains("incomplete"), "{}", ended.err);
    }
}

#[test]
fn a_torn_last_line_is_read_past_with_a_warning() {
    let stage = calm();
    assert_eq!(stage.measure(&[BEFORE, AFTER], &[]).code, Some(0));
    let journal = stage.journal();
    let (torn, _) = journal.rsplit_once("\"kind\":\"row\"").expect("a row");
    let folder = stage.folder();
    std::fs::write(folder.join(JOURNAL), torn).expect("writes");
    let ended = assert_resumes(&stage, &folder);
    assert!(ended.err.contains("is incomplete"), "{}", ended.err);
}

#[test]
fn a_sealed_session_is_not_resumed() {
    let stage = calm();
    stage.measure(&[BEFORE], &[]);
    let journal = stage.journal();
    let ended = resume(&stage, &stage.folder());
    assert_eq!(ended.code, Some(2));
    assert!(
        ended
            .err
            .contains("this session is complete, nothing is left to resume"),
        "{}",
        ended.err
    );
    assert_eq!(stage.journal(), journal);
}

#[test]
fn a_session_is_not_resumed_on_another_device() {
    let stage = calm();
    stage.measure(&[BEFORE, AFTER], &[]);
    let folder = stage.folder();
    let journal = stage.journal();
    let (cut, _) = journal.trim_end().rsplit_once('\n').expect("lines");
    std::fs::write(folder.join(JOURNAL), format!("{cut}\n")).expect("writes");
    stage.script(&json!({
        "adapter": "Another", "device_type": "discrete", "clock": true,
        "operations_per_second": 1e12, "bytes_per_second": 1e11,
    }));
    let ended = resume(&stage, &folder);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("adapter 'Scripted' -> 'Another'"), "{}", ended.err);
    assert_eq!(stage.journal(), format!("{cut}\n"));
}

#[cfg(unix)]
#[test]
fn a_session_that_is_being_written_is_not_resumed_beside_it() {
    let stage = Stage::new(&hang(0));
    let running = stage.start(&["--case", BEFORE, "--case", FAILING, "--order", "sequential"]);
    program::wait_until("the script hangs", || program::rows_in(&stage.journal()) == 1);
    let ended = resume(&stage, &stage.folder());
    drop(running);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.err.contains("another process is writing this session"),
        "{}",
        ended.err
    );
}

/// The script is not there either: that is not complained of, because the folder comes first.
#[test]
fn a_folder_that_cannot_be_written_is_found_out_before_the_device_is_opened() {
    let stage = calm();
    std::fs::write(stage.path("file"), "in the way").expect("writes");
    std::fs::remove_file(stage.path("script.json")).expect("removes");
    for out in ["file", "file/below"] {
        let ended = stage.measure(&[BEFORE], &["--out", out]);
        assert_eq!(ended.code, Some(2));
        assert!(
            ended.err.starts_with(&format!("onpar: {out}: cannot make folder: ")),
            "{}",
            ended.err
        );
        assert!(
            ended.err.ends_with("; choose another folder with --out\n"),
            "{}",
            ended.err
        );
        assert_eq!(ended.out, "");
    }
}

/// A limit on the size of files stands in for a full disk. The unit is blocks of 512 or of 1024 bytes, by the shell's taste.
#[cfg(unix)]
#[track_caller]
fn on_a_full_disk(stage: &Stage, blocks: &str) -> Ended {
    let measure = stage.command(&["--case", BEFORE, "--case", FAILING, "--case", AFTER, "--runs", "3"]);
    let mut limited = std::process::Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"", blocks])
        .arg(measure.get_program())
        .args(measure.get_args())
        .current_dir(measure.get_current_dir().expect("a folder"));
    let ended = finish(&mut limited);
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{ended:?}");
    assert!(ended.err.contains("session.jsonl: cannot write: "), "{}", ended.err);
    ended
}

/// Some bytes of a line go in, the rest does not.
#[cfg(unix)]
#[test]
fn a_full_disk_costs_what_did_not_fit_and_nothing_else() {
    let stage = calm();
    // The header fits, nine rows with their samples do not.
    let ended = on_a_full_disk(&stage, "8");
    let folder = stage.folder();
    assert!(
        ended.err.contains("what was measured is kept, onpar run --resume out"),
        "{}",
        ended.err
    );
    assert!(stage.journal().ends_with('\n'), "no part of a line is left");
    assert_resumes(&stage, &folder);
}

#[cfg(unix)]
#[test]
fn a_session_that_cannot_even_begin_leaves_nothing() {
    let stage = calm();
    on_a_full_disk(&stage, "0");
    assert!(stage.sessions().is_empty());
}

/// Something in the way of one of the files stands in for a disk that became full just then.
#[test]
fn files_that_cannot_be_made_cost_neither_the_table_nor_the_session() {
    let stage = calm();
    assert_eq!(stage.measure(&[BEFORE, AFTER], &[]).code, Some(0));
    let (folder, journal) = (stage.folder(), stage.journal());
    let (cut, _) = journal.trim_end().rsplit_once('\n').expect("lines");
    std::fs::write(folder.join(JOURNAL), format!("{cut}\n")).expect("writes");
    std::fs::remove_file(folder.join("rows.csv")).expect("removes");
    std::fs::create_dir_all(folder.join("rows.csv/in the way")).expect("makes");
    let ended = resume(&stage, &folder);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.out.contains("copy f32") && ended.out.contains("n=66"),
        "{}",
        ended.out
    );
    for part in [
        "rows.csv: cannot write: ",
        &format!(
            "what was measured is kept, onpar report --write {} makes",
            folder.display()
        ),
    ] {
        assert!(ended.err.contains(part), "{}", ended.err);
    }
    let left = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name());
    let unfinished = |name: &std::ffi::OsString| name.to_string_lossy().starts_with("rows.csv.");
    assert_eq!(left.filter(unfinished).count(), 0);
    assert_eq!(stage.session().seal, Seal::Valid);
}

#[test]
fn two_programs_do_not_disturb_each_other() {
    let stage = calm();
    let start = || {
        let mut command = stage.command(&["--case", BEFORE, "--case", MATMUL]);
        command
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("the program starts")
    };
    for mut program in [start(), start()] {
        assert!(program.wait().expect("it ends").success());
    }
    let sessions: Vec<Session> = stage
        .sessions()
        .iter()
        .map(|folder| Session::read(folder).expect("a session"))
        .collect();
    assert_eq!(sessions.len(), 2);
    assert_ne!(sessions[0].header.id, sessions[1].header.id);
    for session in sessions {
        assert_eq!((session.seal, session.rows().count()), (Seal::Valid, 2));
    }
}
