//! The outcome as GitHub Actions shows it: annotations of the run, and the summary of a step.

use super::markdown;
use super::words;
use crate::error::tame;
use crate::gate::{Judged, Outcome, Overall, Verdict};
use crate::report::text::inert;

/// GitHub shows ten of a step, and drops the rest without a word.
const MOST_ANNOTATIONS: usize = 10;
/// Of a summary of more than a mebibyte GitHub shows nothing at all.
const MOST_BYTES: usize = 1_000_000;

/// Workflow commands, a line each: the whole, then the cases, the worst first. Nothing where all is well.
#[must_use]
pub fn annotations(outcome: &Outcome) -> String {
    let Some(level) = level(outcome.overall()) else {
        return String::new();
    };
    let whole = command(level, words::overall(outcome.overall()), &summed_up(outcome));
    let cases = words::worst_first(&outcome.cases).into_iter().filter_map(of_case);
    std::iter::once(whole).chain(cases).take(MOST_ANNOTATIONS).collect()
}

const fn level(overall: Overall) -> Option<&'static str> {
    match overall {
        Overall::Wrong | Overall::Regressed | Overall::Failed => Some("error"),
        Overall::NoBaseline | Overall::MachineShift | Overall::Inconclusive => Some("warning"),
        Overall::Improved | Overall::Unchanged => None,
    }
}

/// What all cases come to, with what a reader must know besides.
fn summed_up(outcome: &Outcome) -> String {
    let notes = words::notes(outcome).into_iter().map(|note| format!("\n{note}"));
    words::counts(outcome) + &notes.collect::<String>()
}

fn of_case(case: &Judged) -> Option<String> {
    let level = match case.verdict {
        Verdict::Failed | Verdict::Regressed => "error",
        Verdict::Inconclusive => "warning",
        Verdict::Shifted | Verdict::Improved | Verdict::Unchanged => return None,
    };
    Some(command(level, case.verdict.word(), &words::sentence(case)))
}

/// The escapes are those of @actions/core: percent signs and line ends, and in a property also what ends it.
fn command(level: &str, title: &str, message: &str) -> String {
    let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let title = escaped(&format!("onpar gate: {title}"))
        .replace(':', "%3A")
        .replace(',', "%2C");
    let message: Vec<String> = message.lines().map(|line| tame(&inert(line))).collect();
    format!("::{level} title={title}::{}\n", escaped(&message.join("\n")))
}

/// The page of the outcome, as many of its cases as there is room for.
#[must_use]
pub fn summary(outcome: &Outcome) -> String {
    markdown::page_within(outcome, MOST_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(
            command("error", "a,b:c%", "100 % of\r\n::error::x\ry"),
            "::error title=onpar gate%3A a%2Cb%3Ac%25::100 %25 of%0A::error::x y\n"
        );
    }
}
