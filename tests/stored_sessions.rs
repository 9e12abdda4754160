//! A corrected figure changes the report of a stored session, and not a byte of what is stored.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The example sessions of the repository.
fn sessions() -> Vec<PathBuf> {
    let folders = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path());
        entries.filter(|path| path.is_dir()).collect()
    };
    folders(&root().join("results"))
        .iter()
        .flat_map(|device| folders(device))
        .collect()
}

/// The report of a session against a folder of figures, in a format.
fn printed(session: &Path, published: &Path, format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_onpar"))
        .arg("report")
        .arg(session)
        .arg("--published")
        .arg(published)
        .args(["--format", format])
        .output()
        .expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn report(session: &Path, published: &Path) -> Value {
    serde_json::from_str(&printed(session, published, "json")).expect("JSON")
}

/// Paper ratio to the H20 of every copy in a report.
fn ratios(report: &Value) -> Vec<f64> {
    let rows = report["rows"].as_array().expect("rows").iter();
    rows.filter(|row| row["kernel"] == "copy")
        .map(|row| row["h20_ratio_high"].as_f64().expect("a ratio"))
        .collect()
}

#[test]
fn a_corrected_figure_changes_the_report_and_nothing_stored() {
    let sessions = sessions();
    assert!(!sessions.is_empty(), "results/ has no session");
    let corrected = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(root().join("published")).expect("published/") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        // Twice the bandwidth of the H20, in every row that gives it.
        let correct = |line: &str| match line.starts_with("nvidia-h20-96gb-memory-bandwidth") {
            true => line.replace("4000000000000", "8000000000000"),
            false => line.to_owned(),
        };
        let text = std::fs::read_to_string(&path).expect("readable");
        let text: String = text.lines().map(|line| correct(line) + "\n").collect();
        std::fs::write(corrected.path().join(path.file_name().expect("a name")), text).expect("written");
    }
    for session in sessions {
        let journal = session.join("session.jsonl");
        let before = std::fs::read(&journal).expect("a journal");
        let (as_it_is, as_corrected) = (
            report(&session, &root().join("published")),
            report(&session, corrected.path()),
        );
        assert_eq!(as_it_is["sealed"], true, "{}", session.display());
        let (old, new) = (ratios(&as_it_is), ratios(&as_corrected));
        assert!(!old.is_empty());
        for (old, new) in old.iter().zip(&new) {
            assert!((old / new - 2.0).abs() < 1e-9, "{old} became {new}");
        }
        let page = |published: &Path| printed(&session, published, "html");
        let (old, new) = (page(&root().join("published")), page(corrected.path()));
        let figure = |rate: &str| format!("NVIDIA H20: 44 Top/s, {rate}");
        assert!(old.contains(&figure("4 TB/s")) && !old.contains(&figure("8 TB/s")));
        assert!(new.contains(&figure("8 TB/s")) && !new.contains(&figure("4 TB/s")));
        assert_eq!(std::fs::read(&journal).expect("a journal"), before);
    }
}
