//! The outcome as a page of Markdown, the worst first.

use std::fmt::Write as _;

use super::words;
use crate::gate::{Judged, Outcome};
use crate::report::markdown::escape;
use crate::report::words as of_report;
use crate::units::percent;

/// The page.
#[must_use]
pub fn page(outcome: &Outcome) -> String {
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
        words::against(outcome),
        escape(&of_report::device(header))
    );
    for note in words::notes(outcome) {
        let _ = writeln!(text, "- {}", escape(&note));
    }
    text += "\n| verdict | case | change | interval | before -> now | sees | why |\n|---|---|--:|---|---|--:|---|\n";
    for case in words::worst_first(&outcome.cases) {
        let _ = writeln!(text, "| {} |", row(case).join(" | "));
    }
    for left_out in &outcome.left_out {
        let _ = writeln!(
            text,
            "\nLeft out: `{}`, {}",
            left_out.case,
            escape(&left_out.refusal.to_string())
        );
    }
    let _ = writeln!(text, "\n{}.", words::rule(outcome));
    text
}

fn row(case: &Judged) -> [String; 7] {
    [
        case.verdict.word().to_owned(),
        format!("`{}`", case.case),
        words::change(case),
        words::interval(case).unwrap_or_default(),
        words::times(case).unwrap_or_default(),
        case.smallest.map_or_else(String::new, percent),
        case.reason
            .as_ref()
            .map_or_else(String::new, |reason| escape(&reason.to_string())),
    ]
}
