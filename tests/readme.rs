//! The README's commands print what the README says they print: the audits, and what is made of the sessions in `results`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The text blocks that begin with a command, as (arguments, lines that it is said to print; `[...]` stands for more).
fn shown(readme: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let blocks = readme.split("```text\n$ onpar ").skip(1);
    let block = |text: &str| {
        let mut lines = text.lines().take_while(|line| *line != "```");
        let arguments = lines
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        (arguments, lines.map(str::to_owned).collect())
    };
    blocks.map(block).collect()
}

#[test]
fn the_audits_in_the_readme_are_what_the_program_prints() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md");
    let audits: Vec<_> = shown(&readme)
        .into_iter()
        .filter(|(arguments, _)| arguments[0] == "audit")
        .collect();
    assert!(audits.len() >= 2, "the README shows {} audits", audits.len());
    for (arguments, lines) in audits {
        let output = Command::new(env!("CARGO_BIN_EXE_onpar"))
            .args(&arguments)
            .output()
            .expect("runs");
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        let mut rest = printed.lines();
        for line in lines.iter().filter(|line| *line != "[...]") {
            assert!(
                rest.any(|printed| printed == line),
                "onpar {}: no longer prints in this order: {line}",
                arguments.join(" ")
            );
        }
    }
}

#[test]
fn what_is_made_of_stored_sessions_is_made_of_them_as_they_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_onpar"));
    command.current_dir(root).args(["report", "--check"]);
    for file in ["README.md", "results/README.md"] {
        let text = std::fs::read_to_string(root.join(file)).expect("a text");
        assert!(text.contains("<!-- onpar report "), "{file} shows no session");
        command.args(["--splice", file]);
    }
    let output = command.output().expect("runs");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}");
}

/// A copy of the results and of the file that shows them, which is made anew where it is stale and only there.
#[test]
fn a_stale_part_is_told_and_made_anew() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let there = tempfile::tempdir().expect("a folder");
    let session = session_in(&root.join("results"));
    std::fs::copy(session.join("session.jsonl"), there.path().join("session.jsonl")).expect("copies");
    let page = there.path().join("page.md");
    let markers = ["session.jsonl", "session.jsonl --picture rates rates.png", ". --list"];
    let parts = markers.map(|marker| format!("<!-- onpar report {marker} -->\nold\n<!-- end -->\n"));
    std::fs::write(&page, format!("before\n{}after", parts.concat())).expect("writes");
    let splice = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onpar"));
        command.args(["report", "--splice"]).arg(&page).args(more);
        command.output().expect("runs").status.code()
    };
    let unchanged = std::fs::read(&page).expect("a page");
    assert_eq!(splice(&["--check"]), Some(1));
    assert_eq!(std::fs::read(&page).expect("a page"), unchanged);
    assert_eq!(splice(&[]), Some(0));
    assert_eq!(splice(&["--check"]), Some(0));
    let made = std::fs::read_to_string(&page).expect("a page");
    assert!(made.starts_with("before\n<!--") && made.ends_with("-->\nafter") && !made.contains("old"));
    for part in [
        "$ onpar report session.jsonl\n",
        "](rates.png)",
        "| device | session |",
        "(software adapter)",
    ] {
        assert!(made.contains(part), "{part}: {made}");
    }
    std::fs::write(there.path().join("rates.png"), "not it").expect("writes");
    assert_eq!(splice(&["--check"]), Some(1));
}

fn session_in(results: &Path) -> PathBuf {
    let device = folder_in(results).expect("a device");
    folder_in(&device).expect("a session")
}

fn folder_in(parent: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(parent).ok()?.flatten().map(|entry| entry.path());
    entries.filter(|path| path.is_dir()).min()
}
