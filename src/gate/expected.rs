//! What was expected of a case, and what it came to.

use super::case::{Judged, Verdict};
use super::reason::{Enough, Reason};
use super::rule::Rule;
use super::scatter::Series;
use crate::compare::SideCase;
use crate::stats::{Prediction, benjamini_hochberg};

/// A case with what was expected of it and what it came to.
pub(super) struct Expected<'a> {
    case: &'a SideCase,
    series: &'a Series,
    prediction: Prediction,
    /// What every case is expected to scatter by at the least.
    pub(super) floor: f64,
    /// Logarithm of the time now over the time before.
    change: f64,
}

impl<'a> Expected<'a> {
    /// None if it has no time now.
    pub(super) fn new(case: &'a SideCase, series: &'a Series, prediction: Prediction, floor: f64) -> Option<Self> {
        Some(Self {
            case,
            series,
            prediction,
            floor,
            change: series.level_now()? - prediction.centre,
        })
    }

    /// The smallest change that is reported, as a ratio minus 1.
    fn smallest(&self, rule: Rule) -> f64 {
        self.prediction.smallest_change().max(rule.least)
    }

    /// How probable it is that it changed by so much more than `shift`.
    fn p(&self, shift: f64) -> f64 {
        self.prediction.p(self.prediction.centre + self.change - shift)
    }

    fn judged(&self, p: f64, change: Option<Verdict>, rule: Rule) -> Judged {
        let smallest = self.smallest(rule);
        let half = self.prediction.half_width(rule.alpha);
        let is_inside = self.change.abs() + half <= smallest.ln_1p();
        let enough = (smallest > rule.must_see).then(|| self.enough(rule));
        let (verdict, reason) = match (change, enough) {
            (Some(change), _) => (change, None),
            (None, Some(enough)) => (Verdict::Inconclusive, Some(Reason::TooNoisy { smallest, enough })),
            (None, None) if is_inside => (Verdict::Unchanged, None),
            (None, None) => (Verdict::Inconclusive, Some(Reason::Undecided)),
        };
        let before = self.prediction.centre.exp();
        Judged {
            case: self.case.name.clone(),
            variant: self.case.variant.clone(),
            variant_before: self.series.variant.clone(),
            verdict,
            reason,
            seconds: Some(before * self.change.exp()),
            before: Some(before),
            ratio: Some(self.change.exp()),
            interval: Some(((self.change - half).exp(), (self.change + half).exp())),
            p: Some(p),
            smallest: Some(smallest),
            points: self.series.points.len(),
            runs: self.series.now.len(),
            enough,
            confirmed: None,
        }
    }

    fn enough(&self, rule: Rule) -> Enough {
        self.series.enough(self.floor, rule.must_see)
    }
}

/// Judges the cases of one session, which share the chance of a false alarm.
pub(super) fn judged(cases: &[Expected], rule: Rule) -> Vec<Judged> {
    let all = cases.iter().zip(beyond_chance(cases, 0.0, rule));
    all.map(|(case, (p, change))| case.judged(p, change, rule)).collect()
}

/// Of cases that changed, those that changed as the whole machine did, by this ratio, and no further.
pub(super) fn set_shifted(judged: &mut [Judged], cases: &[Expected], ratio: f64, rule: Rule) {
    let shift = ratio.ln();
    let beside = beyond_chance(cases, shift, rule);
    for ((judged, case), (_, further)) in judged.iter_mut().zip(cases).zip(beside) {
        let is_changed = matches!(judged.verdict, Verdict::Regressed | Verdict::Improved);
        if is_changed && shift * case.change > 0.0 && further != Some(judged.verdict) {
            judged.verdict = Verdict::Shifted;
        }
    }
}

/// For each case whether it is beyond chance, when the whole machine moved by `shift`: faster, slower or neither.
fn beyond_chance(cases: &[Expected], shift: f64, rule: Rule) -> Vec<(f64, Option<Verdict>)> {
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
