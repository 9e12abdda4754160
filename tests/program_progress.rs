//! The bar: what a person at a terminal sees of a run, and that nobody else sees anything of it. The whole program on a
//! scripted device, in a terminal that `script` (of util-linux) makes.
#![cfg(target_os = "linux")]

#[path = "common/program.rs"]
mod program;

use std::process::{Command, Stdio};

use onpar::record::JOURNAL;
use serde_json::{Value, json};

use program::{AFTER, BEFORE, Ended, FAILING, Stage, finish};

/// A device that gives a wrong answer to the second of three cases.
fn stage() -> Stage {
    Stage::new(&json!([{ "match": "n=65/", "fault": "wrong" }]))
}

/// The three cases, with more arguments.
fn three(stage: &Stage, arguments: &[&str]) -> Command {
    let named = [BEFORE, FAILING, AFTER].iter().flat_map(|case| ["--case", case]);
    stage.command(&named.chain(arguments.iter().copied()).collect::<Vec<_>>())
}

/// Runs a command in a terminal of so many columns; what it shows is the output. `to` is what the shell is to do with the
/// command's own output.
#[track_caller]
fn in_terminal(columns: u32, variables: &[(&str, &str)], command: &Command, to: &str) -> Ended {
    assert!(
        Command::new("script").arg("--version").output().is_ok(),
        "script, of util-linux, is not installed"
    );
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<String> = words
        .map(|word| format!("'{}'", word.to_str().expect("UTF-8")))
        .collect();
    let line = format!("stty rows 24 cols {columns}; exec {} {to}", words.join(" "));
    let mut script = Command::new("script");
    script
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .current_dir(command.get_current_dir().expect("a folder"))
        .stdin(Stdio::null())
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .envs(variables.iter().copied());
    finish(&mut script)
}

/// The lines that stood in a terminal of so many columns at some time. A move of the cursor begins another line, as does
/// the right edge; a colour does not.
fn lines(text: &str, columns: usize) -> Vec<String> {
    let pattern = |text| regex::Regex::new(text).expect("a pattern");
    let plain = pattern("\x1b\\[[0-9;]*m").replace_all(text, "");
    let moves = pattern("\x1b\\[[0-9;]*[A-Za-z]|[\r\n]");
    let characters = moves.split(&plain).map(|piece| piece.chars().collect::<Vec<_>>());
    let lines = characters.flat_map(|piece| {
        let line = |part: &[char]| part.iter().collect::<String>().trim_end().to_owned();
        piece.chunks(columns).map(line).collect::<Vec<_>>()
    });
    lines.filter(|line| !line.is_empty()).collect()
}

fn matches(line: &str, pattern: &str) -> bool {
    regex::Regex::new(pattern).expect("a pattern").is_match(line)
}

const BAR: &str = r"^  \d/\d \[=*>? *\]( \d+:\d\d left)?$";

#[test]
fn the_bar_shows_what_is_done_what_is_going_on_and_its_interval() {
    let stage = stage();
    let ended = in_terminal(80, &[], &three(&stage, &["--runs", "2"]), "> table");
    assert_eq!(ended.code, Some(5), "{ended:?}");
    let lines = lines(&ended.out, 80);
    let any = |pattern: &str| lines.iter().any(|line| matches(line, pattern));
    assert!(any(BAR), "{lines:#?}");
    assert!(
        any(r"^  run \d/2  proving          copy/f32/-/n=6\d/hot$"),
        "{lines:#?}"
    );
    assert!(
        any(r"^  run \d/2  [\d.]+ [mun]?s ± [\d.]+%  +copy/f32/-/n=6\d/hot$"),
        "{lines:#?}"
    );
    assert!(
        any("^wrong: copy/f32/-/n=65/hot: 1 of 65 elements are wrong"),
        "{lines:#?}"
    );
    let table = std::fs::read_to_string(stage.path("table")).expect("a table");
    assert!(!table.contains(['\x1b', '\r']) && table.contains("\nwrote "), "{table}");
}

#[test]
fn the_document_on_standard_output_stays_clean() {
    let stage = stage();
    let ended = in_terminal(80, &[], &three(&stage, &["--json"]), "> document");
    assert!(ended.out.contains("/3 ["), "{}", ended.out);
    let text = std::fs::read_to_string(stage.path("document")).expect("a document");
    let document: Value = serde_json::from_str(&text).expect("JSON and nothing else");
    assert_eq!(document["rows"].as_array().map(Vec::len), Some(3));
}

#[test]
fn in_a_narrow_terminal_each_line_loses_its_end_and_none_wraps() {
    let stage = Stage::new(&json!([]));
    let ended = in_terminal(30, &[], &three(&stage, &[]), "> table");
    let lines = lines(&ended.out, 30);
    assert!(lines.len() > 4, "{lines:#?}");
    for line in lines {
        assert!(
            matches(&line, BAR) || matches(&line, "^  (proving|warming up|[0-9.]+ .*)  .*…$"),
            "{line}"
        );
    }
}

#[test]
fn colour_says_what_failed_unless_it_is_not_wanted() {
    let stage = stage();
    let red = "\x1b[31mwrong\x1b[0m: copy/";
    let ended = in_terminal(80, &[], &three(&stage, &[]), "> table");
    assert!(ended.out.contains(red), "{}", ended.out);
    let ended = in_terminal(80, &[("NO_COLOR", "1")], &three(&stage, &[]), "> table");
    assert!(
        ended.out.contains("wrong: copy/") && ended.out.contains("/3 ["),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("\x1b[31m"), "{}", ended.out);
}

#[test]
fn who_cannot_see_it_or_does_not_want_it_gets_nothing() {
    for (variables, arguments, to) in [
        (&[][..], &["--quiet"][..], "> table"),
        (&[("TERM", "dumb")], &[], "> table"),
        (&[], &[], "> table 2> said"),
        (&[], &[], "2>&1 > table | cat"),
    ] {
        let stage = stage();
        let ended = in_terminal(80, variables, &three(&stage, arguments), to);
        assert_eq!(ended.out, "", "{variables:?} {arguments:?} {to}");
        assert!(
            std::fs::read_to_string(stage.path("said"))
                .unwrap_or_default()
                .is_empty()
        );
        assert_eq!(stage.statuses().len(), 3);
    }
}

#[test]
fn a_resumed_session_begins_where_it_was_left() {
    let stage = stage();
    assert_eq!(stage.measure(&[BEFORE, FAILING, AFTER], &[]).code, Some(5));
    let journal = stage.journal();
    let (cut, _) = journal.rsplit_once("{\"kind\":\"row\"").expect("a row");
    let folder = stage.folder();
    std::fs::write(folder.join(JOURNAL), cut).expect("writes");
    let resume = stage.command(&["--resume", folder.to_str().expect("UTF-8")]);
    let ended = in_terminal(80, &[], &resume, "> table");
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(
        ended.out.contains("  2/3 [") && !ended.out.contains("  0/3 ["),
        "{}",
        ended.out
    );
}
