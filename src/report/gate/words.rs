//! How the parts of an outcome are written, the same in every form.

use std::cmp::Ordering;

use crate::error::tame;
use crate::gate::{Against, Cause, Judged, Movement, Outcome, Overall, Verdict};
use crate::units::{Unit, counted, percent, quantity, significant};

/// A change in percent with its sign, to a tenth, and as a factor where a percentage would say nothing.
pub(super) fn signed(change: f64) -> String {
    if change >= 10.0 {
        return format!("x{}", significant(1.0 + change, 3));
    }
    // No minus before nothing.
    let tenths = (change * 1000.0).round() + 0.0;
    format!("{:+.1}%", tenths / 10.0)
}

/// The change of a case, `-` where there is none.
pub(super) fn change(case: &Judged) -> String {
    case.change().map_or_else(|| "-".to_owned(), signed)
}

/// `12.5 us -> 13.9 us`, as far as it is known.
pub(super) fn times(case: &Judged) -> Option<String> {
    let time = |seconds| quantity(seconds, Unit::Second);
    Some(format!("{} -> {}", time(case.before?), time(case.seconds?)))
}

/// `+10.8% to +11.4%`.
pub(super) fn interval(case: &Judged) -> Option<String> {
    let (low, high) = case.interval?;
    Some(format!("{} to {}", signed(low - 1.0), signed(high - 1.0)))
}

/// A case in a sentence: its name, how it changed, and why nothing can be said of it where it is so.
pub(super) fn sentence(case: &Judged) -> String {
    let parts = [
        case.change().map(|change| format!("time {}", signed(change))),
        interval(case).map(|interval| format!("interval {interval}")),
        times(case),
        case.reason.as_ref().map(ToString::to_string),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{}: {}", tame(&case.case), parts.join(", "))
}

/// The worst first: by verdict, then by how much slower, then by name.
pub(super) fn worst_first(cases: &[Judged]) -> Vec<&Judged> {
    let mut all: Vec<&Judged> = cases.iter().collect();
    let slower = |case: &Judged| case.ratio.unwrap_or_default();
    let order = |a: &&Judged, b: &&Judged| -> Ordering {
        (a.verdict.cmp(&b.verdict))
            .then_with(|| slower(b).total_cmp(&slower(a)))
            .then_with(|| a.case.cmp(&b.case))
    };
    all.sort_by(order);
    all
}

/// `2 regressed, 8 unchanged`.
pub(super) fn counts(outcome: &Outcome) -> String {
    let count = |verdict: Verdict| match outcome.count(verdict) {
        0 => None,
        count => Some(format!("{count} {}", verdict.word())),
    };
    let counts: Vec<String> = Verdict::ALL.into_iter().filter_map(count).collect();
    if counts.is_empty() {
        return "no case".to_owned();
    }
    counts.join(", ")
}

/// The overall verdict as a reader meets it.
pub(super) const fn overall(overall: Overall) -> &'static str {
    match overall {
        Overall::Wrong => "WRONG RESULTS",
        Overall::NoBaseline => "NO BASELINE",
        Overall::Regressed => "REGRESSED",
        Overall::MachineShift => "MACHINE SHIFT",
        Overall::Failed => "FAILED",
        Overall::Inconclusive => "INCONCLUSIVE",
        Overall::Improved => "IMPROVED",
        Overall::Unchanged => "UNCHANGED",
    }
}

/// What it was held against, as `against 12 earlier sessions of this machine`.
pub(super) fn against(outcome: &Outcome) -> String {
    match &outcome.against {
        Against::History {
            all,
            used,
            others,
            differs,
        } => {
            let latest = if used < all {
                format!(", the latest {used} of them")
            } else {
                String::new()
            };
            let others = match others {
                0 => String::new(),
                1 => "; 1 session of another machine says nothing".to_owned(),
                others => format!("; {others} sessions of other machines say nothing"),
            };
            let differs = if differs.is_empty() {
                String::new()
            } else {
                format!(", the latest of which differs in {}", tame(&differs.join("; ")))
            };
            let sessions = counted(*all as u64, "earlier session");
            format!("against {sessions} of this machine{latest}{others}{differs}")
        }
        Against::Session {
            header,
            by_turns,
            session_deviation,
        } => {
            let how = match (by_turns, session_deviation) {
                (true, _) => "measured by turns with it: exact tests on the runs".to_owned(),
                (false, Some(deviation)) => {
                    format!(
                        "not measured by turns: the session is the unit, and sessions differ by {}",
                        percent(*deviation)
                    )
                }
                (false, None) => "NOT measured by turns, so that nothing can be promised".to_owned(),
            };
            format!("against session {} of {}, {how}", header.id, header.started)
        }
    }
}

/// What happened to most cases together.
pub(super) fn movement(movement: &Movement) -> String {
    let Movement { ratio, moved, of, .. } = movement;
    let what = format!("{moved} of {of} cases moved together, by {}", signed(ratio - 1.0));
    let references: Vec<String> = movement
        .references
        .iter()
        .map(|reference| format!("{} {}", reference.case, signed(reference.ratio - 1.0)))
        .collect();
    let references = if references.is_empty() {
        "too few earlier sessions have reference kernels".to_owned()
    } else {
        format!("reference kernels: {}", references.join(", "))
    };
    match &movement.cause {
        Cause::Machine => format!("machine shift: {what}, and nothing of the software changed; {references}"),
        Cause::Changed(changed) => format!("all cases, suspect: {}; {what}", tame(&changed.join("; "))),
        Cause::Unknown => format!("{what}, and no reference kernel did; {references}"),
    }
}

/// What a reader must know besides the cases.
pub(super) fn notes(outcome: &Outcome) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(outcome.movement.as_ref().map(movement));
    if !outcome.soft.is_empty() {
        notes.push(format!(
            "changed since the session before: {}",
            tame(&outcome.soft.join("; "))
        ));
    }
    if !outcome.gone.is_empty() {
        let (count, names) = (outcome.gone.len(), outcome.gone.join(" "));
        notes.push(format!("measured before and not planned any more ({count}): {names}"));
    }
    notes
}

/// How it was judged.
pub(super) fn rule(outcome: &Outcome) -> String {
    let rule = outcome.rule;
    format!(
        "sees: the smallest change that is reported of a case, at least {}; where it is above {} the case is inconclusive. \
         Of sessions in which nothing changed, at most {} have a case that is called regressed or improved",
        percent(rule.least),
        percent(rule.must_see),
        percent(rule.alpha)
    )
}
