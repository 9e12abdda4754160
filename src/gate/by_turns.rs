//! Two sessions whose runs were measured by turns: whatever the machine did, it did to both, and the run is the unit.

use super::case::{Judged, Verdict};
use super::reason::{Enough, Reason};
use super::rule::Rule;
use crate::compare::SideCase;
use crate::judge::{self, Finding, Fraction, LOOKS, Placement, Region, Runs, spend};
use crate::stats::{Deviation, median, sorted};

/// A case of both sessions.
pub(super) struct Pair<'a> {
    pub(super) case: &'a SideCase,
    /// The same case of the baseline.
    pub(super) other: &'a SideCase,
    /// Medians of its runs in the session that is judged.
    pub(super) now: Vec<f64>,
    /// The same of the baseline.
    pub(super) before: Vec<f64>,
}

/// Judges the cases by the engine that compares two devices, with the smallest change for a margin.
pub(super) fn judged(pairs: &[Pair], rule: Rule) -> Vec<Judged> {
    let engine = judge::Rule {
        margin: rule.least,
        alpha: rule.alpha,
    };
    let runs = |pair: &Pair| Runs {
        over: pair.now.clone(),
        under: pair.before.clone(),
    };
    let family: Vec<Runs> = pairs.iter().map(runs).collect();
    let enough = enough(pairs.len(), rule.alpha);
    let findings = engine.judge(&family).into_iter();
    pairs
        .iter()
        .zip(findings)
        .map(|(pair, finding)| pair.judged(&finding, enough, rule))
        .collect()
}

/// The least number of runs a side with which one case of so many can be found: the probability that all runs of one side
/// beat all of the other by chance, 2 in as many ways as there are to choose a side, must be small enough.
fn enough(cases: usize, alpha: f64) -> usize {
    let ways = |runs: usize| (1..=runs).fold(1.0, |ways, i| ways * (runs + i) as f64 / i as f64);
    let is_enough = |runs: &usize| {
        let level = spend(alpha, *runs).unwrap_or_default();
        2.0 / ways(*runs) <= level / cases.max(1) as f64
    };
    (LOOKS[0]..).find(is_enough).unwrap_or(LOOKS[0])
}

impl Pair<'_> {
    fn runs(&self) -> usize {
        self.now.len().min(self.before.len())
    }

    /// What the runs of both sides scatter by, as logarithms; none of two single runs.
    fn deviation(&self) -> Option<Deviation> {
        let squares = |runs: &[f64]| -> f64 {
            let mean = runs.iter().map(|run| run.ln()).sum::<f64>() / runs.len() as f64;
            runs.iter().map(|run| (run.ln() - mean).powi(2)).sum()
        };
        let freedom = (self.now.len() + self.before.len()) as f64 - 2.0;
        let squares = squares(&self.now) + squares(&self.before);
        (freedom > 0.0)
            .then(|| Deviation::with_freedom((squares / freedom).sqrt(), freedom))
            .flatten()
    }

    fn judged(&self, finding: &Finding, enough: usize, rule: Rule) -> Judged {
        let deviation = self.deviation();
        let smallest = deviation.map(|deviation| deviation.smallest_change(self.runs()).max(rule.least));
        let (verdict, reason) = self.verdict(finding, smallest, enough, rule);
        let time = |runs: &[f64]| median(&sorted(runs));
        Judged {
            case: self.case.name.clone(),
            variant: self.case.variant.clone(),
            variant_before: self.other.variant.clone(),
            verdict,
            enough: match &reason {
                Some(Reason::TooNoisy { enough, .. }) => Some(*enough),
                Some(Reason::TooFewRuns { enough, .. }) => u32::try_from(*enough).ok().map(Enough::Runs),
                _ => None,
            },
            reason,
            seconds: time(&self.now),
            before: time(&self.before),
            ratio: finding.ratio.map(Fraction::value),
            interval: finding.interval.map(|(low, high)| (low.value(), high.value())),
            p: None,
            smallest,
            points: 1,
            runs: self.now.len(),
            confirmed: None,
        }
    }

    fn verdict(
        &self,
        finding: &Finding,
        smallest: Option<f64>,
        enough: usize,
        rule: Rule,
    ) -> (Verdict, Option<Reason>) {
        let runs = self.runs();
        let too_few = Reason::TooFewRuns { runs, enough };
        let Some(smallest) = smallest else {
            return (Verdict::Inconclusive, Some(too_few));
        };
        let is_large = finding
            .ratio
            .is_some_and(|ratio| ratio.value().ln().abs() >= smallest.ln_1p());
        let place = finding
            .interval
            .and_then(|(low, high)| Region::parity(smallest).place_between(low, high));
        match finding.verdict {
            judge::Verdict::Ahead if is_large => (Verdict::Regressed, None),
            judge::Verdict::Behind if is_large => (Verdict::Improved, None),
            _ if runs < enough => (Verdict::Inconclusive, Some(too_few)),
            _ if smallest > rule.must_see => {
                let enough = self.enough_for(rule.must_see);
                (Verdict::Inconclusive, Some(Reason::TooNoisy { smallest, enough }))
            }
            _ if place == Some(Placement::Inside) => (Verdict::Unchanged, None),
            _ => (Verdict::Inconclusive, Some(Reason::Undecided)),
        }
    }

    /// Runs a side from which a change of this size can be seen.
    fn enough_for(&self, change: f64) -> Enough {
        let sees = |runs: &usize| {
            self.deviation()
                .is_some_and(|deviation| deviation.smallest_change(*runs) <= change)
        };
        let found = (self.runs()..=1000).find(sees);
        found
            .and_then(|runs| u32::try_from(runs).ok())
            .map_or(Enough::Never, Enough::Runs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 in 252 ways is .0079, which 1 % of one test allows and of fifty does not; 2 in 12,870 is what fifty allow.
    #[test]
    fn more_cases_need_more_runs() {
        assert_eq!([1, 50, 200].map(|cases| enough(cases, 0.05)), [5, 8, 9]);
    }
}
