//! The outcome for a reader of plain text, in 80 columns: the worst first.

use super::words;
use crate::error::tame;
use crate::gate::{Judged, LeftOut, Outcome, Verdict};
use crate::report::text::inert_lines;
use crate::report::{in_columns, paragraph, words as of_report, wrap};
use crate::units::percent;

const WIDTH: usize = 80;
/// Of the lines below a case.
const INDENT: usize = 14;
/// Cases without a problem that are shown.
const SHOWN: usize = 60;

/// The outcome with everything that it rests on; the last paragraph has the verdict.
#[must_use]
pub fn text(outcome: &Outcome) -> String {
    let mut out = head(outcome);
    out.push('\n');
    let cases = words::worst_first(&outcome.cases);
    let (quiet, loud): (Vec<&Judged>, Vec<&Judged>) = cases.into_iter().partition(|case| is_quiet(case));
    if !outcome.cases.is_empty() {
        out += &table(&loud, &quiet);
        out.push('\n');
    }
    for note in words::notes(outcome) {
        out += &paragraph(&format!("! {note}"));
    }
    out += &left_out(&outcome.left_out);
    out += &paragraph(&words::rule(outcome));
    let verdict = words::overall(outcome.overall());
    out += &paragraph(&format!("{verdict}: {}{}", words::counts(outcome), mean(outcome)));
    inert_lines(&out)
}

const fn is_quiet(case: &Judged) -> bool {
    matches!(case.verdict, Verdict::Unchanged | Verdict::Improved | Verdict::Shifted)
}

fn head(outcome: &Outcome) -> String {
    let header = &outcome.session;
    let session = format!("session {} of {}, suite {}", header.id, header.started, outcome.suite());
    let lines = [session, of_report::device(header), words::against(outcome)];
    lines.iter().map(|line| paragraph(&tame(line))).collect()
}

/// A line for each case; below those that need one, why.
fn table(loud: &[&Judged], quiet: &[&Judged]) -> String {
    let shown = &quiet[..quiet.len().min(SHOWN)];
    let cases: Vec<&&Judged> = loud.iter().chain(shown).collect();
    let head = ["verdict", "change", "sees", "case"].map(str::to_owned).to_vec();
    let rows: Vec<Vec<String>> = std::iter::once(head)
        .chain(cases.iter().map(|case| row(case)))
        .collect();
    let lines = in_columns(&rows, 0);
    let mut lines = lines.lines();
    let mut out = lines.next().map(|head| format!("{head}\n")).unwrap_or_default();
    for (place, (case, line)) in cases.iter().zip(lines).enumerate() {
        out += &format!("{line}\n");
        let next = cases.get(place + 1);
        // A reason that the next case has as well is said below that one.
        if case.ratio.is_some() || next.is_none_or(|next| next.reason != case.reason) {
            out += &below(case);
        }
    }
    if quiet.len() > SHOWN {
        out += &format!(
            "and {} more without a problem: --json and --csv have all\n",
            quiet.len() - SHOWN
        );
    }
    out
}

fn row(case: &Judged) -> Vec<String> {
    vec![
        case.verdict.word().to_owned(),
        words::change(case),
        case.smallest.map_or_else(|| "-".to_owned(), percent),
        tame(&case.case),
    ]
}

fn below(case: &Judged) -> String {
    if is_quiet(case) {
        return String::new();
    }
    let numbers: Vec<String> = [
        words::times(case),
        words::interval(case).map(|interval| format!("interval {interval}")),
        case.p.map(|p| format!("p {p:.1e}")),
        case.confirmed
            .map(|confirmed| (if confirmed { "confirmed" } else { "not confirmed" }).to_owned()),
    ]
    .into_iter()
    .chain([case.variant_change()])
    .flatten()
    .collect();
    let mut out = wrap(&numbers.join(", "), WIDTH, INDENT);
    if let Some(reason) = &case.reason {
        out += &wrap(&tame(&reason.to_string()), WIDTH, INDENT);
    }
    out
}

/// Cases that were left out for the same reason together.
fn left_out(left_out: &[LeftOut]) -> String {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for LeftOut { case, refusal } in left_out {
        let reason = tame(&refusal.to_string());
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, cases)) => cases.push(case),
            None => reasons.push((reason, vec![case])),
        }
    }
    let line = |(reason, cases): (String, Vec<&str>)| {
        paragraph(&format!("left out ({}), {reason}: {}", cases.len(), cases.join(" ")))
    };
    reasons.into_iter().map(line).collect()
}

fn mean(outcome: &Outcome) -> String {
    outcome.mean_ratio().map_or_else(String::new, |(ratio, count)| {
        format!("; geometric mean of {count}: {}", words::signed(ratio - 1.0))
    })
}
