//! The JSON of `onpar gate`; `docs/formats.md` describes it.

use serde_json::{Map, Value, json};

use crate::gate::{Against, Cause, Enough, Judged, LeftOut, Movement, Outcome, Reason, Verdict};
use crate::record::Header;

/// The document.
#[must_use]
pub fn document(outcome: &Outcome) -> Value {
    let overall = outcome.overall();
    let rule = outcome.rule;
    let mean = outcome.mean_ratio();
    json!({
        "verdict": overall,
        "exit_code": overall.exit_code(),
        "counts": counts(outcome),
        "session": session(&outcome.session),
        "against": against(&outcome.against),
        "rule": {
            "alpha": rule.alpha,
            "min_change": rule.least,
            "must_see": rule.must_see,
            "inconclusive": rule.inconclusive.word(),
            "across_boundaries": rule.across,
        },
        "cases": outcome.cases.iter().map(case).collect::<Vec<_>>(),
        "mean": mean.map(|(ratio, cases)| json!({"ratio": ratio, "cases": cases})),
        "movement": outcome.movement.as_ref().map(movement),
        "changed": outcome.soft,
        "gone": outcome.gone,
        "left_out": outcome.left_out.iter().map(left_out).collect::<Vec<_>>(),
    })
}

fn counts(outcome: &Outcome) -> Map<String, Value> {
    let count = |verdict: Verdict| (verdict.word().to_owned(), json!(outcome.count(verdict)));
    Verdict::ALL.into_iter().map(count).collect()
}

fn session(header: &Header) -> Value {
    json!({
        "id": header.id,
        "started": header.started.to_string(),
        "suite": header.options.suite,
        "runs": header.options.runs,
        "hard_key": header.keys.hard,
        "identity": header.facts.identity,
    })
}

fn against(against: &Against) -> Value {
    match against {
        Against::History {
            all,
            used,
            others,
            differs,
        } => json!({
            "kind": "history", "sessions": all, "used": used, "other_machines": others, "differs": differs,
        }),
        Against::Session {
            header,
            by_turns,
            session_deviation,
        } => json!({
            "kind": "session", "session": session(header), "by_turns": by_turns, "session_sd": session_deviation,
        }),
    }
}

fn case(case: &Judged) -> Value {
    json!({
        "case": case.case,
        "variant": case.variant,
        "variant_before": case.variant_before,
        "verdict": case.verdict,
        "why": case.reason.as_ref().map(Reason::word),
        "reason": case.reason.as_ref().map(ToString::to_string),
        "seconds": case.seconds,
        "before_seconds": case.before,
        "ratio": case.ratio,
        "low": case.interval.map(|(low, _)| low),
        "high": case.interval.map(|(_, high)| high),
        "p": case.p,
        "smallest_change": case.smallest,
        "points": case.points,
        "runs": case.runs,
        "enough_runs": case.enough.and_then(Enough::runs),
        "confirmed": case.confirmed,
    })
}

fn movement(movement: &Movement) -> Value {
    let (cause, suspects) = match &movement.cause {
        Cause::Machine => ("machine", &[][..]),
        Cause::Changed(changed) => ("changed", &changed[..]),
        Cause::Unknown => ("unknown", &[][..]),
    };
    let references = movement
        .references
        .iter()
        .map(|reference| json!({"case": reference.case, "ratio": reference.ratio, "moved": reference.moved}));
    json!({
        "ratio": movement.ratio,
        "moved": movement.moved,
        "of": movement.of,
        "cause": cause,
        "suspects": suspects,
        "references": references.collect::<Vec<_>>(),
    })
}

fn left_out(left_out: &LeftOut) -> Value {
    json!({
        "case": left_out.case,
        "why": left_out.refusal.word(),
        "reason": left_out.refusal.to_string(),
    })
}
