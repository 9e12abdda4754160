//! `onpar compare`, `import` and `merge`, driven as a user drives them.

#[path = "common/program.rs"]
mod program;

use std::fmt::Write as _;
use std::path::Path;

use program::{AFTER, BEFORE, Ended, Stage, finish, onpar};
use serde_json::json;

/// A table of `runs` runs of one case around `seconds`, a little apart.
fn table(folder: &Path, name: &str, seconds: f64, runs: u32) -> String {
    let mut text = "case,run,seconds\n".to_owned();
    for run in 0..runs {
        let value = seconds * (1.0 + f64::from(run % 5) * 1e-3);
        let _ = writeln!(text, "{BEFORE},{run},{value}");
    }
    let path = folder.join(name);
    std::fs::write(&path, text).expect("writes");
    path.display().to_string()
}

fn compare(a: &str, b: &str) -> Ended {
    finish(&mut onpar(&["compare", a, b, "--json"]))
}

#[test]
fn the_exit_status_is_the_verdict_and_swapping_mirrors_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let of = |name: &str, seconds: f64| table(folder.path(), name, seconds, 10);
    let (one, same, twice) = (of("one", 1.0), of("same", 1.001), of("twice", 2.0));
    for (a, b, verdict, code) in [
        (&one, &same, "on_par", 0),
        (&one, &twice, "ahead", 0),
        (&twice, &one, "behind", 1),
    ] {
        let ended = compare(a, b);
        assert_eq!(ended.code, Some(code), "{ended:?}");
        assert_eq!(ended.json()["overall"]["verdict"], verdict);
    }
    let few = compare(&table(folder.path(), "few", 1.0, 4), &one);
    assert_eq!(few.code, Some(3), "{few:?}");
    assert_eq!(few.json()["cases"][0]["verdict"], "inconclusive");
    assert_eq!(few.json()["cases"][0]["next_look"], 5);
}

#[test]
fn a_malformed_table_is_an_error_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = table(folder.path(), "good", 1.0, 5);
    let long = format!("case,run,seconds\n{},1,1\n", "x".repeat(5 << 20));
    let bad: [&[u8]; 15] = [
        b"",
        b"case,run,seconds\n",
        b"case,run\nx,1\n",
        b"case,run,seconds\nx,1,NaN\n",
        b"case,run,seconds\nx,1,inf\n",
        b"case,run,seconds\nx,1,0\n",
        b"case,run,seconds\nx,1,-1\n",
        b"case,run,seconds\nx,1,soon\n",
        b"case,run,seconds\nx,1,1\nx,1,2\n",
        b"case,run,seconds\nx,1\n",
        b"case,run,seconds\nx,1,1,1\n",
        b"case,run,seconds\n\"x,1,1\n",
        b"case,run,seconds\nx\0,1,1\n",
        b"\xff\xfec\0a\0s\0e\0",
        b"case,run,seconds\nx,1,1e999\n",
    ];
    for text in bad.into_iter().chain([long.as_bytes()]) {
        let path = folder.path().join("bad.csv");
        std::fs::write(&path, text).expect("writes");
        let path = path.display().to_string();
        let ended = compare(&good, &path);
        let shown = String::from_utf8_lossy(&text[..text.len().min(60)]).into_owned();
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{shown}: {ended:?}");
        let place = ended
            .err
            .strip_prefix(&format!("onpar: {path}:"))
            .map(|rest| rest.chars().next());
        assert!(
            place.flatten().is_some_and(|c| c.is_ascii_digit() || c == ' '),
            "{shown}: {}",
            ended.err
        );
    }
}

#[test]
fn odd_rows_are_compared_only_on_request() {
    let stage = Stage::new(&json!([{ "match": "copy", "speedup": 1e-3, "jitter": [1.0, 1.2] }]));
    assert_eq!(stage.measure(&[BEFORE], &["--runs", "5"]).code, Some(0));
    let folder = stage.folder().display().to_string();
    let refused = compare(&folder, &folder);
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert_eq!(refused.json()["refused"][0]["why"], "flagged");
    assert_eq!(refused.json()["overall"]["verdict"], "inconclusive");
    let told = finish(&mut onpar(&["compare", &folder, &folder]));
    assert!(
        told.out.contains("INCONCLUSIVE") && told.out.contains("flagged: bimodal"),
        "{}",
        told.out
    );
    let asked = finish(&mut onpar(&["compare", &folder, &folder, "--json", "--allow-flagged"]));
    assert_eq!(asked.code, Some(0), "{asked:?}");
}

#[test]
fn an_imported_table_is_a_session_that_is_unproved() {
    let stage = Stage::new(&json!([]));
    let file = table(&stage.path(""), "torch.csv", 1e-3, 5);
    let out = stage.path("out").display().to_string();
    let ended = finish(&mut onpar(&["import", &file, "--device", "Some GPU", "--out", &out]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.to_lowercase().contains("unproved"), "{}", ended.out);
    let row = stage.row(BEFORE);
    assert_eq!((row["runs"].as_str(), row["proof"].as_str()), ("5", "none"));
    let folder = stage.folder().display().to_string();
    let refused = compare(&folder, &folder);
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert_eq!(refused.json()["refused"][0]["why"], "unproved");
    let asked = finish(&mut onpar(&["compare", &folder, &folder, "--json", "--allow-unproved"]));
    assert_eq!(asked.json()["overall"]["verdict"], "on_par");
    let nameless = finish(&mut onpar(&["import", &file, "--out", &out]));
    assert_eq!(nameless.code, Some(2));
    assert!(nameless.err.contains("--device NAME"), "{}", nameless.err);
}

#[test]
fn merging_twice_changes_nothing() {
    let stage = Stage::new(&json!([]));
    assert_eq!(stage.measure(&[BEFORE], &[]).code, Some(0));
    assert_eq!(stage.measure(&[AFTER], &[]).code, Some(0));
    let (from, out) = (
        stage.path("out").display().to_string(),
        stage.path("all").display().to_string(),
    );
    let merge = || finish(&mut onpar(&["merge", &from, "--out", &out]));
    let count = || {
        let devices = std::fs::read_dir(stage.path("all")).into_iter().flatten().flatten();
        let sessions = devices.flat_map(|device| std::fs::read_dir(device.path()).into_iter().flatten());
        sessions.count()
    };
    for _ in 0..2 {
        let ended = merge();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(count(), 2);
    }
}
