//! The README's commands print what the README says they print: the audits, and the run whose session is in `results`.

use std::path::Path;
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
fn the_run_in_the_readme_is_the_session_in_the_results() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("README.md");
    let all = shown(&readme);
    let (_, lines) = all.iter().find(|(arguments, _)| *arguments == ["run"]).expect("a run");
    let wrote = lines.last().expect("what it wrote");
    let folder = wrote
        .strip_prefix("wrote onpar-results/")
        .and_then(|rest| rest.split_once(':'))
        .map(|(folder, _)| folder);
    let session = root.join("results").join(folder.expect("the folder"));
    let output = Command::new(env!("CARGO_BIN_EXE_onpar"))
        .arg("report")
        .arg(session)
        .output()
        .expect("runs");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let printed: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[..lines.len() - 2], printed[..], "make the README's table again");
}
