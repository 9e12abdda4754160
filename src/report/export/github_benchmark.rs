//! What github-action-benchmark reads with `tool: customSmallerIsBetter`: a list of objects with `name`, `unit`, `value` and,
//! as texts, `range` and `extra`.

use serde_json::{Value, json};

use super::Timed;
use crate::units::significant;

/// The document.
pub(super) fn document(timed: &[Timed]) -> String {
    let entries: Vec<Value> = timed.iter().map(entry).collect();
    format!("{:#}\n", Value::Array(entries))
}

fn entry(timed: &Timed) -> Value {
    let Timed { score, timing, context } = timed;
    let identity = &context.session.header.facts.identity;
    let half = (timing.high - timing.low) / 2.0;
    let proof = match timed.proof() {
        "none" => "unproved".to_owned(),
        against => format!("proved against {against}"),
    };
    let extra = [
        format!(
            "{} ({}, {})",
            identity.adapter, identity.driver, identity.driver_version
        ),
        format!(
            "variant {}, {} runs, {} samples, {proof}",
            score.variant, timing.runs, timing.samples
        ),
    ];
    json!({
        "name": timed.case(),
        // Always the same one: the action compares numbers.
        "unit": "ns",
        "value": timing.seconds * 1e9,
        "range": format!("± {}", significant(half * 1e9, 3)),
        "extra": extra.join("\n"),
    })
}
