//! Data files that no honest hand wrote: every one is refused with a message that names the place, and none brings the
//! program down or fills the screen.

use std::path::Path;
use std::process::{Command, Output};

use onpar::published::{Published, Table};

#[path = "common/own.rs"]
mod common;

use common::own_file;

/// A folder in which one file holds these bytes; the others are clean.
fn folder(table: Table, bytes: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for clean in [Table::Chips, Table::Sources, Table::Figures, Table::Claims] {
        std::fs::write(folder.path().join(clean.file_name()), own_file(clean)).expect("written");
    }
    std::fs::write(folder.path().join(table.file_name()), bytes).expect("written");
    folder
}

fn audit(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_onpar"))
        .args(["audit", "--published"])
        .arg(folder)
        .output()
        .expect("onpar starts")
}

/// Holds that these bytes are refused: exit status 2, nothing on standard output, and a short message with the place
/// `file:line:column` and `part`.
#[track_caller]
fn refused(table: Table, bytes: &[u8], place: &str, part: &str) {
    let folder = folder(table, bytes);
    let output = audit(folder.path());
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error:.500}");
    assert!(output.stdout.is_empty());
    let place = format!("{}{place}", table.file_name());
    let told = error.contains(&place) && error.contains(part);
    assert!(told, "no {place} ... {part} in {error:.1000}");
    assert!(error.len() < 20_000, "{} bytes of message", error.len());
    assert!(!error.contains("panicked"), "{error:.1000}");
}

/// The clean figures with one row more.
fn figures_with(row: &str) -> Vec<u8> {
    format!("{}{row}\n", own_file(Table::Figures)).into_bytes()
}

/// A figure of the user's with this lower end; its id sorts behind all others.
fn figure(low: &str) -> String {
    format!("own-z,own-b,tdp,,,,,{low},1,W,card,own-sheet,accepted,Printed.")
}

#[test]
fn a_missing_column() {
    for table in [Table::Chips, Table::Sources, Table::Figures, Table::Claims] {
        let clean = own_file(table);
        let without: String = clean
            .lines()
            .map(|line| format!("{}\n", line.rsplit_once(',').expect("two columns").0))
            .collect();
        refused(table, without.as_bytes(), ":1:", "the header differs here; expected");
        let short = clean.replacen("\nown-", "\nshort\nown-", 1);
        refused(table, short.as_bytes(), ":2:", "1 columns instead of");
    }
}

#[test]
fn numbers_that_are_none() {
    let line = own_file(Table::Figures).lines().count() + 1;
    for low in [
        "NaN", "nan", "inf", "-inf", "-5", "+5", "1e12", "0x10", "1,5", "1_000", "\u{0663}", "4 TB/s", "--", "1.",
    ] {
        let low = if low.contains(',') {
            format!("\"{low}\"")
        } else {
            low.to_owned()
        };
        refused(
            Table::Figures,
            &figures_with(&figure(&low)),
            &format!(":{line}:21"),
            "not a plain number",
        );
    }
    refused(
        Table::Figures,
        &figures_with(&figure("0")),
        &format!(":{line}:"),
        "not positive",
    );
    let endless = "9".repeat(400);
    refused(
        Table::Figures,
        &figures_with(&figure(&endless)),
        &format!(":{line}:"),
        "",
    );
}

#[test]
fn an_empty_file() {
    for table in Table::ALL {
        refused(table, b"", ":1:1", "the header differs here");
    }
}

#[test]
fn wrong_encodings() {
    let clean = own_file(Table::Chips);
    let utf16: Vec<u8> = [0xfeff]
        .into_iter()
        .chain(clean.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    refused(Table::Chips, &utf16, ":1:1", "not UTF-8");
    let latin1 = clean.replacen("First.", "Erste f\u{fc}r uns.", 1);
    let latin1: Vec<u8> = latin1.chars().map(|letter| letter as u8).collect();
    refused(Table::Chips, &latin1, ":2:", "not UTF-8");
    let marked = format!("\u{feff}{clean}");
    refused(Table::Chips, marked.as_bytes(), ":1:1", "byte order mark");
    let windows = clean.replace('\n', "\r\n");
    refused(Table::Chips, windows.as_bytes(), ":1:", "carriage return");
}

#[test]
fn binary_files() {
    let noise: Vec<u8> = (0..1_000_000_u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    refused(Table::Figures, &noise, ":1:", "not UTF-8");
    refused(Table::Figures, &[0; 4096], ":1:", "the header differs here");
    refused(
        Table::Figures,
        b"\x7fELF\x02\x01\x01\x00\x00\n",
        ":1:1",
        "the header differs here",
    );
    let escapes = own_file(Table::Chips).replacen("First.", "\u{1b}[2J\u{7}First.", 1);
    refused(Table::Chips, escapes.as_bytes(), ":2:", "control character");
}

#[test]
fn a_message_never_carries_control_characters_to_the_terminal() {
    let folder = folder(Table::Figures, &figures_with(&figure("\u{1b}[2J\u{7}")));
    let output = audit(folder.path());
    assert_eq!(output.status.code(), Some(2));
    let bare = output
        .stderr
        .iter()
        .any(|byte| byte.is_ascii_control() && *byte != b'\n');
    assert!(!bare, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_field_of_five_megabytes() {
    let long = "x".repeat(5 << 20);
    let line = own_file(Table::Figures).lines().count() + 1;
    refused(
        Table::Figures,
        &figures_with(&figure(&long)),
        &format!(":{line}:21"),
        "not a plain number",
    );
    let unclosed = figures_with(&format!("\"{long}"));
    refused(Table::Figures, &unclosed, &format!(":{line}:1"), "never closed");
    // A long note is odd, and harmless.
    let noted = own_file(Table::Chips).replacen("First.", &format!("{long}."), 1);
    assert!(Published::from_dir(folder(Table::Chips, noted.as_bytes()).path()).is_ok());
}

#[test]
fn a_million_lines() {
    let clean = own_file(Table::Figures);
    let noise = clean.clone() + &"x\n".repeat(1_000_000);
    refused(Table::Figures, noise.as_bytes(), ":10:", "1 columns instead of");
    let same = clean + &format!("{}\n", figure("1")).repeat(1_000_000);
    refused(Table::Figures, same.as_bytes(), ":11:1", "duplicate key");
}
