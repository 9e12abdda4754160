//! A comparison for a reader of plain text, in 80 columns.

use super::words::{self, NAMES};
use crate::compare::{Compared, Comparison, Refusal, Refused, Whole};
use crate::judge::{Finding, LOOKS, Lean, Verdict, spend};
use crate::kernels::Case;
use crate::report::text::inert_lines;
use crate::report::{in_columns, interval_in, paragraph, words::group, wrap};

const WIDTH: usize = 80;
/// Widest name that shares a line with its numbers.
const NAME: usize = 24;

/// The comparison with everything that it rests on.
#[must_use]
pub fn text(comparison: &Comparison) -> String {
    let mut out = head(comparison);
    out.push('\n');
    out += &table(comparison);
    out.push('\n');
    out += &result(comparison);
    out += &left_out(comparison);
    out.push('\n');
    out += &wrap(words::SCOPE, WIDTH, 0);
    inert_lines(&out)
}

fn head(comparison: &Comparison) -> String {
    let mut out = String::new();
    for (name, side) in NAMES.iter().zip(&comparison.sides) {
        out += &paragraph(&format!("{name}: {}", words::side(side)));
    }
    if !comparison.differences.is_empty() {
        out += "besides the chip differ (A | B):\n";
        for difference in &comparison.differences {
            out += &wrap(&words::difference(difference), WIDTH, 2);
        }
    }
    for warning in words::warnings(comparison) {
        out += &paragraph(&format!("! {warning}"));
    }
    let rule = comparison.rule;
    out += &paragraph(&format!(
        "ratio: speed of A over that of B; with a margin of {} a ratio of {} is on par",
        words::percent(rule.margin),
        interval_in(rule.region().ends(), 1.0)
    ));
    out
}

/// Cases under the kernel, precision and layout that they share.
fn table(comparison: &Comparison) -> String {
    let head = ["case", "ratio", "interval", "runs", "verdict", "leans", "next look"].map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    let mut last = String::new();
    for compared in &comparison.cases {
        let (group, name) = name(&compared.case);
        if group != last {
            rows.push(vec![group.clone()]);
            last = group;
        }
        let name = if name.chars().count() > NAME {
            rows.push(vec![name]);
            String::new()
        } else {
            name
        };
        rows.push(row(name, compared));
    }
    // A name that stands alone in its line does not widen the column.
    let (alone, aligned): (Vec<_>, Vec<_>) = rows.into_iter().enumerate().partition(|(_, row)| row.len() == 1);
    let places: Vec<usize> = aligned.iter().map(|(place, _)| *place).collect();
    let cells: Vec<Vec<String>> = aligned.into_iter().map(|(_, row)| row).collect();
    let text = in_columns(&cells, 0);
    let mut lines: Vec<(usize, String)> = places.into_iter().zip(text.lines().map(str::to_owned)).collect();
    lines.extend(alone.into_iter().map(|(place, row)| (place, row.concat())));
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line + "\n").collect()
}

/// Group and name of a case; one outside the grammar of names has no group.
fn name(case: &str) -> (String, String) {
    match case.parse::<Case>() {
        Ok(case) => (group(&case), format!("  {}", case.shape)),
        Err(_) => (String::new(), case.to_owned()),
    }
}

fn row(name: String, Compared { finding, runs, .. }: &Compared) -> Vec<String> {
    let leans = match finding.leans {
        Lean::None => "-",
        lean => lean.word(),
    };
    let next = match (finding.verdict, finding.next_look) {
        (Verdict::Inconclusive, Some(next)) => next.to_string(),
        (Verdict::Inconclusive, None) => "none left".to_owned(),
        _ => "-".to_owned(),
    };
    vec![
        name,
        words::estimate(finding),
        words::interval(finding),
        words::runs(*runs),
        words::verdict(finding.verdict).to_owned(),
        leans.to_owned(),
        next,
    ]
}

fn result(comparison: &Comparison) -> String {
    let counts = [Verdict::Ahead, Verdict::OnPar, Verdict::Behind, Verdict::Inconclusive].map(|verdict| {
        let cases = comparison.cases.iter().filter(|case| case.finding.verdict == verdict);
        (cases.count(), words::verdict(verdict))
    });
    let mut counts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let refused = comparison.refused.iter();
    let refused = words::cases(refused.filter(|refused| refused.refusal.leaves_open()));
    if refused > 0 {
        counts.push(format!("{refused} refused"));
    }
    let mut out = paragraph(&format!(
        "all together: {} ({})",
        words::verdict(comparison.verdict).to_uppercase(),
        counts.join(", ")
    ));
    out += &mean(&comparison.all, false);
    if comparison.suites.len() > 1 {
        comparison.suites.iter().for_each(|suite| out += &mean(suite, true));
    }
    out += &paragraph(&format!("interval: {}", levels(comparison)));
    out += &paragraph(
        "leans: a test against a ratio of exactly 1, at 5 % on either side; a hint, no verdict. next look: runs a side at \
         which it may be decided",
    );
    out
}

fn mean(whole: &Whole, with_verdict: bool) -> String {
    let Some(finding) = &whole.finding else {
        return paragraph(&format!(
            "geometric mean of {}: none, because no case is in all runs of both sides",
            words::whole(whole)
        ));
    };
    let left_out = match whole.left_out.as_slice() {
        [] => String::new(),
        cases => format!("; not in all runs, and left out: {}", cases.join(", ")),
    };
    let verdict = if with_verdict {
        format!(", {}", words::verdict(finding.verdict))
    } else {
        String::new()
    };
    paragraph(&format!(
        "geometric mean of {} ({} cases): {}{verdict}{left_out}",
        words::whole(whole),
        whole.cases.len(),
        estimate_with_interval(finding)
    ))
}

fn estimate_with_interval(finding: &Finding) -> String {
    match finding.interval {
        Some(_) => format!("{}, interval {}", words::estimate(finding), words::interval(finding)),
        None => words::estimate(finding),
    }
}

/// The levels of the intervals at the looks.
fn levels(comparison: &Comparison) -> String {
    let level = |look: usize| {
        let tail = spend(comparison.rule.alpha, look).unwrap_or_default();
        words::percent(1.0 - 2.0 * tail)
    };
    let [first, second, third] = LOOKS;
    format!(
        "{}, {} and {} from {first}, {second} and {third} runs a side; with fewer than {first} there is none, and no verdict",
        level(first),
        level(second),
        level(third)
    )
}

fn left_out(comparison: &Comparison) -> String {
    let mut out = String::new();
    for (name, refusal, cases) in by_reason(&comparison.refused) {
        let (count, cases) = (cases.len(), cases.join(" "));
        out += &paragraph(&format!("refused of {name} ({count}), {refusal}: {cases}"));
    }
    for (name, cases) in NAMES.iter().zip(&comparison.only) {
        if !cases.is_empty() {
            out += &paragraph(&format!("only in {name} ({}): {}", cases.len(), cases.join(" ")));
        }
    }
    out
}

/// What was refused, those of one side with the same reason together.
fn by_reason(refused: &[Refused]) -> Vec<(&'static str, &Refusal, Vec<&str>)> {
    let mut groups: Vec<(&str, &Refusal, Vec<&str>)> = Vec::new();
    for Refused { case, side, refusal } in refused {
        let name = NAMES[*side];
        let known = groups.iter_mut().find(|(of, why, _)| *of == name && *why == refusal);
        match known {
            Some((.., cases)) => cases.push(case),
            None => groups.push((name, refusal, vec![case])),
        }
    }
    groups
}
