//! A session against one other.

use super::by_turns::{self, Pair};
use super::case::{Judged, Verdict};
use super::expected::{Expected, judged};
use super::history::{gone, soft_changes, values};
use super::measured::Measured;
use super::movement::movement;
use super::outcome::{Against, Outcome};
use super::reason::Reason;
use super::rule::Rule;
use super::scatter::Series;
use crate::compare::SideCase;
use crate::stats::{Prediction, median, sorted};

/// Judges a session against one other of the same machine. If both were measured by turns the run is the unit. Otherwise the
/// session is, and one a side says nothing of how sessions differ: `session_deviation`, of their logarithms, says it.
#[must_use]
pub fn against_session(now: &Measured, before: &Measured, session_deviation: Option<f64>, rule: Rule) -> Outcome {
    let by_turns = now.is_by_turns_with(before);
    let against = Against::Session {
        header: Box::new(before.header.clone()),
        by_turns,
        session_deviation: session_deviation.filter(|_| !by_turns),
    };
    let mut outcome = Outcome::begun(now, against, rule);
    outcome.soft = soft_changes(before, now);
    outcome.gone = gone(before, now);
    let mut pairs = Vec::new();
    for case in &now.cases {
        match pair(case, before) {
            Ok(pair) => pairs.push(pair),
            Err(why) => outcome.set_aside(
                case,
                why,
                before.case(&case.name).is_some_and(|case| case.values.is_ok()),
            ),
        }
    }
    outcome.set_aside_unfinished(&now.unfinished);
    let judged = match session_deviation {
        _ if by_turns => by_turns::judged(&pairs, rule),
        Some(deviation) => by_sessions(&pairs, deviation, rule),
        None => pairs.iter().map(one_each).collect(),
    };
    outcome.movement = movement(&judged, &outcome.soft, |_| Vec::new());
    outcome.cases.extend(judged);
    outcome.in_order(now);
    outcome
}

fn pair<'a>(case: &'a SideCase, before: &'a Measured) -> Result<Pair<'a>, Reason> {
    let now = values(case).map_err(|refusal| Reason::Refused(refusal.clone()))?;
    let Some(other) = before.case(&case.name) else {
        return Err(Reason::NotInBaseline);
    };
    let before = values(other).map_err(|refusal| Reason::BaselineRefused(refusal.clone()))?;
    Ok(Pair {
        case,
        other,
        now,
        before,
    })
}

/// As against a history of one session, whose scatter is known.
fn by_sessions(pairs: &[Pair], deviation: f64, rule: Rule) -> Vec<Judged> {
    let series: Vec<Series> = pairs
        .iter()
        .map(|pair| Series {
            points: vec![pair.before.clone()],
            now: pair.now.clone(),
            variant: pair.other.variant.clone(),
        })
        .collect();
    let expected = pairs.iter().zip(&series).filter_map(|(pair, series)| {
        let prediction = Prediction::known(*series.levels().first()?, deviation);
        Expected::new(pair.case, series, prediction, deviation)
    });
    judged(&expected.collect::<Vec<_>>(), rule)
}

/// Numbers without a verdict.
fn one_each(pair: &Pair) -> Judged {
    let time = |runs: &[f64]| median(&sorted(runs));
    let (seconds, before) = (time(&pair.now), time(&pair.before));
    Judged {
        seconds,
        before,
        ratio: seconds.zip(before).map(|(now, before)| now / before),
        variant_before: pair.other.variant.clone(),
        points: 1,
        runs: pair.now.len(),
        ..Judged::unknown(
            &pair.case.name,
            &pair.case.variant,
            Verdict::Inconclusive,
            Reason::OneSessionEach,
        )
    }
}
