//! A session against those before it.

use super::case::{Judged, Verdict};
use super::measured::Measured;
use super::movement::{Movement, movement};
use super::outcome::{Against, Outcome};
use super::reason::Reason;
use super::rule::{LEAST_POINTS, Rule};
use super::scatter::Series;
use super::segment::Segments;
use crate::compare::{Refusal, SideCase};
use crate::device::Identity;
use crate::record::{Hardness, differences};
use crate::stats::{Prediction, benjamini_hochberg, median, sorted};

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
    let expected = expected(&tried);
    outcome.movement = movement(&expected, now, past, &outcome.soft, rule);
    let judged = judged(&expected, outcome.movement.as_ref(), rule);
    outcome.cases.extend(judged);
    outcome.in_order(now);
    outcome
}

/// In what the latest other machine differs, where there is no session of the same one.
fn other_machine(now: &Measured, past: &Past) -> Vec<String> {
    let other = past.other.as_ref().filter(|_| past.all == 0);
    other.map_or_else(Vec::new, |other| changes(other, now, Hardness::Hard))
}

/// What differs in the soft identity, each as `driver_version 'a' -> 'b'`.
pub(super) fn soft_changes(before: &Measured, now: &Measured) -> Vec<String> {
    changes(&before.header.facts.identity, now, Hardness::Soft)
}

fn changes(before: &Identity, now: &Measured, hardness: Hardness) -> Vec<String> {
    let all = differences(before, &now.header.facts.identity);
    let wanted = all.iter().filter(|difference| difference.hardness == hardness);
    wanted.map(ToString::to_string).collect()
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
    let points: Vec<Vec<f64>> = of_segment
        .filter_map(|(_, past)| values(past.case(&case.name)?).ok())
        .collect();
    if points.len() < LEAST_POINTS {
        return Err(Reason::TooFewPoints {
            there: points.len(),
            needed: LEAST_POINTS,
            since: segment.since,
        });
    }
    Ok(Series { points, now })
}

pub(super) fn values(case: &SideCase) -> Result<Vec<f64>, &Refusal> {
    let runs = case.values.as_ref()?;
    Ok(runs.iter().map(|run| run.value).collect())
}

/// A case with what was expected of it and what it came to.
pub(super) struct Expected<'a> {
    case: &'a SideCase,
    series: &'a Series,
    prediction: Prediction,
    /// What every case is expected to scatter by at the least.
    pub(super) floor: f64,
    /// Logarithm of the time now over the time before.
    pub(super) change: f64,
}

/// No case is expected to differ less from session to session than half of the cases do: the floor of the machine.
fn expected<'a>(tried: &'a [(&SideCase, Series)]) -> Vec<Expected<'a>> {
    let deviations: Vec<f64> = tried.iter().filter_map(|(_, series)| series.deviation()).collect();
    let floor = median(&sorted(&deviations)).unwrap_or_default();
    let of_case = |(case, series): &'a (&SideCase, Series)| {
        let prediction = series.prediction(floor)?;
        Some(Expected {
            case,
            series,
            prediction,
            floor,
            change: series.level_now()? - prediction.centre,
        })
    };
    tried.iter().filter_map(of_case).collect()
}

impl Expected<'_> {
    /// The smallest change that is reported, as a ratio minus 1.
    pub(super) fn smallest(&self, rule: Rule) -> f64 {
        self.prediction.smallest_change().max(rule.least)
    }

    /// How probable it is that it changed by so much more than `shift`.
    fn p(&self, shift: f64) -> f64 {
        self.prediction.p(self.prediction.centre + self.change - shift)
    }
}

/// For each case whether it is beyond chance, when the whole machine moved by `shift`: faster, slower or neither.
pub(super) fn moved(cases: &[Expected], shift: f64, rule: Rule) -> Vec<(f64, Option<Verdict>)> {
    let raw: Vec<f64> = cases.iter().map(|case| case.p(shift)).collect();
    let adjusted = benjamini_hochberg(&raw).into_iter();
    let verdict = |(case, p): (&Expected, f64)| {
        let change = case.change - shift;
        let is_change = p <= rule.alpha && change.abs() >= case.smallest(rule).ln_1p();
        let direction = if change > 0.0 {
            Verdict::Regressed
        } else {
            Verdict::Improved
        };
        (p, is_change.then_some(direction))
    };
    cases.iter().zip(adjusted).map(verdict).collect()
}

fn judged(cases: &[Expected], movement: Option<&Movement>, rule: Rule) -> Vec<Judged> {
    let shift = movement.filter(|movement| movement.is_of_machine());
    let shift = shift.map_or(0.0, |movement| movement.ratio.ln());
    let (beyond, beside) = (moved(cases, 0.0, rule), moved(cases, shift, rule));
    let of_case = |(place, case): (usize, &Expected)| {
        let (p, change) = beyond[place];
        // What moved as the machine did, and no further.
        let is_shifted = shift * case.change > 0.0 && beside[place].1 != change;
        judge(
            case,
            p,
            change.map(|change| if is_shifted { Verdict::Shifted } else { change }),
            rule,
        )
    };
    cases.iter().enumerate().map(of_case).collect()
}

fn judge(case: &Expected, p: f64, change: Option<Verdict>, rule: Rule) -> Judged {
    let smallest = case.smallest(rule);
    let half = case.prediction.half_width(rule.alpha);
    let is_inside = case.change.abs() + half <= smallest.ln_1p();
    let enough = (smallest > rule.must_see).then(|| case.series.enough(case.floor, rule.must_see));
    let (verdict, reason) = match (change, enough) {
        (Some(change), _) => (change, None),
        (None, Some(enough)) => (Verdict::Inconclusive, Some(Reason::TooNoisy { smallest, enough })),
        (None, None) if is_inside => (Verdict::Unchanged, None),
        (None, None) => (Verdict::Inconclusive, Some(Reason::Undecided)),
    };
    let before = case.prediction.centre.exp();
    Judged {
        case: case.case.name.clone(),
        variant: case.case.variant.clone(),
        verdict,
        reason,
        seconds: Some(before * case.change.exp()),
        before: Some(before),
        ratio: Some(case.change.exp()),
        interval: Some(((case.change - half).exp(), (case.change + half).exp())),
        p: Some(p),
        smallest: Some(smallest),
        points: case.series.points.len(),
        runs: case.series.now.len(),
        enough,
        confirmed: None,
    }
}
