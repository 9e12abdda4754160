//! The outcome as a page of Markdown, the worst first.

use std::fmt::Write as _;

use super::words;
use crate::gate::{Judged, Outcome};
use crate::report::text::{code, markdown as escape};
use crate::report::words as of_report;
use crate::units::percent;

/// The page.
#[must_use]
pub fn page(outcome: &Outcome) -> String {
    page_within(outcome, usize::MAX)
}

/// The page with as many of its cases, the worst first, as it has room for; the others are counted.
pub(super) fn page_within(outcome: &Outcome, bytes: usize) -> String {
    let tail = tail(outcome, bytes / 4);
    let mut text = head(outcome, bytes / 4);
    let cases = words::worst_first(&outcome.cases);
    let room = bytes.saturating_sub(tail.len() + COUNTED);
    let mut shown = 0;
    for case in &cases {
        let line = format!("| {} |\n", row(case).join(" | "));
        if text.len() + line.len() > room {
            break;
        }
        text += &line;
        shown += 1;
    }
    if shown < cases.len() {
        let _ = writeln!(
            text,
            "\nand {} cases more, none worse: --write json=FILE has all",
            cases.len() - shown
        );
    }
    text + &tail
}

/// Room for the line that counts what is left out.
const COUNTED: usize = 100;

fn head(outcome: &Outcome, bytes: usize) -> String {
    let header = &outcome.session;
    let mut text = format!(
        "# {}: {}\n\n",
        words::overall(outcome.overall()),
        words::counts(outcome)
    );
    let _ = writeln!(
        text,
        "Session `{}` of {}, suite {}, {}. {}.\n",
        header.id,
        header.started,
        escape(outcome.suite()),
        escape(&words::against(outcome)),
        escape(&of_report::device(header))
    );
    for note in words::notes(outcome) {
        let _ = writeln!(text, "- {}", cut(escape(&note), bytes));
    }
    text + "\n| verdict | case | change | interval | before -> now | sees | why |\n|---|---|--:|---|---|--:|---|\n"
}

fn tail(outcome: &Outcome, bytes: usize) -> String {
    let mut text = String::new();
    for left_out in &outcome.left_out {
        let _ = writeln!(
            text,
            "\nLeft out: {}, {}",
            code(&left_out.case),
            escape(&left_out.refusal.to_string())
        );
    }
    cut(text, bytes) + &format!("\n{}.\n", words::rule(outcome))
}

/// A text of at most so many bytes, with a sign where it was longer.
fn cut(text: String, bytes: usize) -> String {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes)
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or_default();
    format!("{} ...\n", &text[..end])
}

fn row(case: &Judged) -> [String; 7] {
    [
        case.verdict.word().to_owned(),
        code(&case.case),
        words::change(case),
        words::interval(case).unwrap_or_default(),
        words::times(case).unwrap_or_default(),
        case.smallest.map_or_else(String::new, percent),
        case.reason
            .as_ref()
            .map_or_else(String::new, |reason| escape(&reason.to_string())),
    ]
}
