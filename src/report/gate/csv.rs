//! The cases of an outcome as CSV, a line each, in the order of the plan.

use crate::gate::{Enough, Judged, Outcome};
use crate::report::csv;
use crate::report::text::no_formula;

/// The columns. `docs/formats.md` says what they hold.
const COLUMNS: [&str; 17] = [
    "case",
    "variant",
    "variant_before",
    "verdict",
    "why",
    "reason",
    "seconds",
    "before_seconds",
    "ratio",
    "low",
    "high",
    "p",
    "smallest_change",
    "points",
    "runs",
    "enough_runs",
    "confirmed",
];

/// The whole file, header row first, LF line ends.
#[must_use]
pub fn cases(outcome: &Outcome) -> String {
    csv::written(COLUMNS, outcome.cases.iter().map(line))
}

fn line(case: &Judged) -> [String; COLUMNS.len()] {
    // Empty is unknown.
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let reason = case.reason.as_ref();
    [
        no_formula(&case.case),
        no_formula(&case.variant),
        no_formula(&case.variant_before),
        case.verdict.word().to_owned(),
        reason.map_or_else(String::new, |reason| reason.word().to_owned()),
        reason.map_or_else(String::new, |reason| no_formula(&reason.to_string())),
        number(case.seconds),
        number(case.before),
        number(case.ratio),
        number(case.interval.map(|(low, _)| low)),
        number(case.interval.map(|(_, high)| high)),
        number(case.p),
        number(case.smallest),
        case.points.to_string(),
        case.runs.to_string(),
        case.enough
            .and_then(Enough::runs)
            .map_or_else(String::new, |runs| runs.to_string()),
        case.confirmed
            .map_or_else(String::new, |confirmed| confirmed.to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Verdict;

    #[test]
    fn no_text_is_a_formula_and_numbers_stay_as_they_are() {
        let case = Judged {
            case: "=1+1".to_owned(),
            variant: "@SUM(A1)".to_owned(),
            variant_before: "+1".to_owned(),
            verdict: Verdict::Unchanged,
            reason: None,
            seconds: Some(-1.5),
            before: None,
            ratio: None,
            interval: None,
            p: None,
            smallest: None,
            points: 8,
            runs: 1,
            enough: None,
            confirmed: None,
        };
        let line = line(&case);
        assert_eq!(line[..4], ["'=1+1", "'@SUM(A1)", "'+1", "unchanged"]);
        assert_eq!(line[6..8], ["-1.5", ""]);
    }
}
