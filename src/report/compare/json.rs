//! The JSON of `onpar compare`; `docs/formats.md` describes it.

use serde_json::{Value, json};

use super::words::{NAMES, SCOPE};
use crate::compare::{Compared, Comparison, Origin, Refused, Side, Whole};
use crate::judge::{Finding, Fraction};

/// The document.
#[must_use]
pub fn document(comparison: &Comparison) -> Value {
    let [a, b] = comparison.sides.each_ref().map(side);
    let differences = comparison.differences.iter();
    json!({
        "margin": comparison.rule.margin,
        "alpha": comparison.rule.alpha,
        "a": a,
        "b": b,
        "differences": differences.map(|d| json!({"what": d.what, "a": d.a, "b": d.b})).collect::<Vec<_>>(),
        "cases": comparison.cases.iter().map(case).collect::<Vec<_>>(),
        "suites": comparison.suites.iter().map(suite).collect::<Vec<_>>(),
        "overall": overall(comparison),
        "refused": comparison.refused.iter().map(refused).collect::<Vec<_>>(),
        "only_a": comparison.only[0],
        "only_b": comparison.only[1],
        "scope": SCOPE,
    })
}

fn side(side: &Side) -> Value {
    let (device, software, session, identity) = match &side.origin {
        Origin::Session(header) => (
            Some(&header.facts.identity.adapter),
            None,
            Some(&header.id),
            Some(&header.facts.identity),
        ),
        Origin::Table { device, software } => (device.as_ref(), software.as_ref(), None, None),
    };
    json!({
        "device": device,
        "software": software,
        "session": session,
        "identity": identity,
        "quantity": side.quantity.word(),
        "unproved": side.has_unproved(),
    })
}

fn case(compared: &Compared) -> Value {
    let mut value = finding(Some(&compared.finding), compared.runs);
    value["case"] = json!(compared.case);
    value
}

/// What every finding has; all null but for the verdict where there is none.
fn finding(finding: Option<&Finding>, runs: [usize; 2]) -> Value {
    let end = |which: fn((Fraction, Fraction)) -> Fraction| {
        let interval = finding.and_then(|finding| finding.interval);
        interval.map(|ends| which(ends).value())
    };
    json!({
        "verdict": finding.map_or("inconclusive", |finding| finding.verdict.word()),
        "leans": finding.map_or("none", |finding| finding.leans.word()),
        "ratio": finding.and_then(|finding| finding.ratio).map(Fraction::value),
        "low": end(|(low, _)| low),
        "high": end(|(_, high)| high),
        "runs": runs,
        "next_look": finding.and_then(|finding| finding.next_look),
    })
}

fn suite(whole: &Whole) -> Value {
    let mut value = finding(whole.finding.as_ref(), whole.runs);
    value["suite"] = json!(whole.suite);
    value["cases"] = json!(whole.cases);
    value["left_out"] = json!(whole.left_out);
    value
}

/// The verdict is that on all cases; the numbers are those of their geometric mean.
fn overall(comparison: &Comparison) -> Value {
    let mut value = suite(&comparison.all);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("suite");
    }
    value["verdict"] = json!(comparison.verdict);
    value
}

fn refused(refused: &Refused) -> Value {
    json!({
        "case": refused.case,
        "side": NAMES[refused.side].to_lowercase(),
        "why": refused.refusal.word(),
        "reason": refused.refusal.to_string(),
    })
}
