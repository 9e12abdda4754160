//! A session against those before it.

use super::expected::{Expected, judged, set_shifted};
use super::measured::Measured;
use super::movement::{movement, reference_moves};
use super::outcome::{Against, Outcome};
use super::reason::Reason;
use super::rule::{LEAST_POINTS, Rule};
use super::scatter::Series;
use super::segment::Segments;
use crate::compare::{Refusal, SideCase};
use crate::device::Identity;
use crate::record::{Hardness, changes};
use crate::stats::{median, sorted};

/// The earlier sessions of one machine.
#[derive(Debug, Default)]
pub struct Past {
    /// The latest of them that can be used, in the order of time, each with its place among all.
    pub sessions: Vec<(usize, Measured)>,
    /// How many there are in all.
    pub all: usize,
    /// How many sessions are of other machines.
    pub others: usize,
    /// The latest other machine.
    pub other: Option<Identity>,
    /// Where the last segment of each case begins, by places among all.
    pub segments: Segments,
}

/// Judges a session against the earlier ones of its machine.
#[must_use]
pub fn against_history(now: &Measured, past: &Past, rule: Rule) -> Outcome {
    let mut outcome = Outcome::begun(
        now,
        Against::History {
            all: past.all,
            used: past.sessions.len(),
            others: past.others,
            differs: other_machine(now, past),
        },
        rule,
    );
    let latest = past.sessions.last().map(|(_, session)| session);
    outcome.soft = latest.map_or_else(Vec::new, |latest| soft_changes(latest, now));
    outcome.gone = latest.map_or_else(Vec::new, |latest| gone(latest, now));
    let mut tried = Vec::new();
    for case in &now.cases {
        match series(case, past) {
            Ok(series) => tried.push((case, series)),
            Err(why) => outcome.set_aside(case, why, past.sessions.iter().any(|(_, past)| had(past, case))),
        }
    }
    outcome.set_aside_unfinished(&now.unfinished);
    let expected = of_machine(&tried);
    let mut cases = judged(&expected, rule);
    let floor = expected.first().map_or(0.0, |case| case.floor);
    outcome.movement = movement(&cases, &outcome.soft, |slower| {
        reference_moves(now, past, slower, floor, rule)
    });
    if let Some(movement) = outcome.movement.as_ref().filter(|movement| movement.is_of_machine()) {
        set_shifted(&mut cases, &expected, movement.ratio, rule);
    }
    outcome.cases.extend(cases);
    outcome.in_order(now);
    outcome
}

/// No case is expected to differ less from session to session than half of the cases do: the floor of the machine.
fn of_machine<'a>(tried: &'a [(&SideCase, Series)]) -> Vec<Expected<'a>> {
    let deviations: Vec<f64> = tried.iter().filter_map(|(_, series)| series.deviation()).collect();
    let floor = median(&sorted(&deviations)).unwrap_or_default();
    let of_case =
        |(case, series): &'a (&SideCase, Series)| Expected::new(case, series, series.prediction(floor)?, floor);
    tried.iter().filter_map(of_case).collect()
}

/// In what the latest other machine differs, where there is no session of the same one.
fn other_machine(now: &Measured, past: &Past) -> Vec<String> {
    let other = past.other.as_ref().filter(|_| past.all == 0);
    other.map_or_else(Vec::new, |other| {
        changes(other, &now.header.facts.identity, Hardness::Hard)
    })
}

/// What differs in the soft identity, each as `driver_version 'a' -> 'b'`.
pub(super) fn soft_changes(before: &Measured, now: &Measured) -> Vec<String> {
    changes(
        &before.header.facts.identity,
        &now.header.facts.identity,
        Hardness::Soft,
    )
}

/// Cases that were measured before and are not even planned now.
pub(super) fn gone(before: &Measured, now: &Measured) -> Vec<String> {
    let planned = |case: &&SideCase| now.header.plan.iter().any(|planned| planned.to_string() == case.name);
    let cases = before.cases.iter().filter(|case| case.values.is_ok());
    cases
        .filter(|case| !planned(case))
        .map(|case| case.name.clone())
        .collect()
}

fn had(past: &Measured, case: &SideCase) -> bool {
    past.case(&case.name).is_some_and(|case| case.values.is_ok())
}

/// The runs of a case in its segment and now, or why they do not do.
fn series(case: &SideCase, past: &Past) -> Result<Series, Reason> {
    let now = values(case).map_err(|refusal| Reason::Refused(refusal.clone()))?;
    let segment = past.segments.of_case(&case.name);
    let of_segment = past.sessions.iter().filter(|(place, _)| *place >= segment.first);
    let cases = of_segment.filter_map(|(_, past)| past.case(&case.name));
    let good: Vec<(&SideCase, Vec<f64>)> = cases.filter_map(|case| Some((case, values(case).ok()?))).collect();
    let variant = good.last().map_or_else(String::new, |(case, _)| case.variant.clone());
    let points: Vec<Vec<f64>> = good.into_iter().map(|(_, values)| values).collect();
    if points.len() < LEAST_POINTS {
        return Err(Reason::TooFewPoints {
            there: points.len(),
            needed: LEAST_POINTS,
            since: segment.since,
        });
    }
    Ok(Series { points, now, variant })
}

pub(super) fn values(case: &SideCase) -> Result<Vec<f64>, &Refusal> {
    let runs = case.values.as_ref()?;
    Ok(runs.iter().map(|run| run.value).collect())
}
