//! The ratios of a comparison against its margin.

use super::words::{self, NAMES};
use crate::compare::{Compared, Comparison, Refused, Side};
use crate::judge::Fraction;
use crate::report::pictures::short;
use crate::report::plot::{RatioChart, RatioRow};

/// A row for each case, the fastest first.
#[must_use]
pub fn picture(comparison: &Comparison) -> RatioChart {
    let names: Vec<&str> = comparison.cases.iter().map(|case| case.case.as_str()).collect();
    let (labels, common) = short::labels(&names);
    let mut rows: Vec<RatioRow> = comparison
        .cases
        .iter()
        .zip(labels)
        .filter_map(|(case, label)| row(case, label))
        .collect();
    rows.sort_by(|a, b| b.ratio.total_cmp(&a.ratio));
    let sides = NAMES.iter().zip(&comparison.sides);
    let side = |(name, side): (&&str, &Side)| format!("{name}: {}.", words::side(side));
    RatioChart {
        title: format!("Speed of A over that of B: {}", words::verdict(comparison.verdict)),
        subtitle: sides.map(side).collect::<Vec<_>>().join(" "),
        band: comparison.rule.region().ends(),
        rows,
        footer: footer(comparison, common),
    }
}

fn row(compared: &Compared, label: String) -> Option<RatioRow> {
    let finding = &compared.finding;
    Some(RatioRow {
        label,
        ratio: finding.ratio?.value(),
        interval: finding
            .interval
            .map(|(low, high): (Fraction, Fraction)| (low.value(), high.value())),
        words: format!("{}  {}", words::estimate(finding), words::verdict(finding.verdict)),
        verdict: finding.verdict,
    })
}

/// What the names leave out, what has no row, and what all of it is about.
fn footer(comparison: &Comparison, common: Vec<String>) -> Vec<String> {
    let mut notes: Vec<String> = short::in_common(common).into_iter().collect();
    if let Some(Refused { case, side, refusal }) = comparison.refused.first() {
        let (count, name) = (words::cases(&comparison.refused), NAMES[*side]);
        notes.push(format!("Refused: {count}, as {case} of {name}; {refusal}."));
    }
    for (name, cases) in NAMES.iter().zip(&comparison.only) {
        if !cases.is_empty() {
            notes.push(format!("Only in {name}: {}, as {}.", cases.len(), cases[0]));
        }
    }
    notes.push(words::SCOPE.to_owned());
    notes
}
