//! The ratios of a comparison against its margin.

use super::words::{self, NAMES};
use crate::compare::{Compared, Comparison};
use crate::judge::Fraction;
use crate::report::plot::{RatioChart, RatioRow};

/// A row for each case, the fastest first.
#[must_use]
pub fn picture(comparison: &Comparison) -> RatioChart {
    let mut rows: Vec<RatioRow> = comparison.cases.iter().filter_map(row).collect();
    rows.sort_by(|a, b| b.ratio.total_cmp(&a.ratio));
    let sides: Vec<_> = NAMES.iter().zip(&comparison.sides).collect();
    let side = |(name, side): &(&&str, &crate::compare::Side)| format!("{name}: {}.", words::side(side));
    RatioChart {
        title: format!("Speed of A over that of B: {}", words::verdict(comparison.verdict)),
        subtitle: sides.iter().map(side).collect::<Vec<_>>().join(" "),
        band: comparison.rule.region().ends(),
        rows,
        footer: vec![words::SCOPE.to_owned()],
    }
}

fn row(compared: &Compared) -> Option<RatioRow> {
    let finding = &compared.finding;
    Some(RatioRow {
        label: compared.case.clone(),
        ratio: finding.ratio?.value(),
        interval: finding
            .interval
            .map(|(low, high): (Fraction, Fraction)| (low.value(), high.value())),
        words: format!("{}  {}", words::estimate(finding), words::verdict(finding.verdict)),
        verdict: finding.verdict,
    })
}
