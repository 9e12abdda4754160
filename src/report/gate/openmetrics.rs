//! The outcome as OpenMetrics, for GitLab's report of metrics among others.

use crate::gate::{Judged, Outcome, Verdict};
use crate::report::openmetrics::{END, Family, labels};

/// What a family says of a case, if it does.
type Value = fn(&Judged) -> Option<f64>;

static FAMILIES: [(Family, Value); 3] = [
    (
        Family {
            name: "onpar_gate_case_seconds",
            unit: Some("seconds"),
            help: "Time of one dispatch in this session.",
        },
        |case| case.seconds,
    ),
    (
        Family {
            name: "onpar_gate_case_before_seconds",
            unit: Some("seconds"),
            help: "Its time in the sessions that it was held against.",
        },
        |case| case.before,
    ),
    (
        Family {
            name: "onpar_gate_case_ratio",
            unit: None,
            help: "Time now over time before; above 1 is slower.",
        },
        |case| case.ratio,
    ),
];

const COUNT: Family = Family {
    name: "onpar_gate_cases",
    unit: None,
    help: "Cases by what the gate says of them.",
};

/// The whole file. A case has the same labels every day.
#[must_use]
pub fn metrics(outcome: &Outcome) -> String {
    let machine = outcome.session.keys.hard.as_str();
    let of_case = |case: &Judged| labels(&[("case", &case.case), ("machine", machine)]);
    let family = |(family, value): &(Family, Value)| {
        family.lines(
            outcome
                .cases
                .iter()
                .filter_map(|case| Some((of_case(case), value(case)?))),
        )
    };
    let cases: String = FAMILIES.iter().map(family).collect();
    let count = |verdict: Verdict| {
        let labels = labels(&[("machine", machine), ("verdict", verdict.word())]);
        (labels, outcome.count(verdict) as f64)
    };
    cases + &COUNT.lines(Verdict::ALL.into_iter().map(count)) + END
}
