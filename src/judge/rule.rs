//! The rule by which the runs of two devices become verdicts.

use super::region::{Placement, Region};
use super::{Fraction, Lean, Verdict, next_look, spend};
use crate::stats::{Effects, benjamini_hochberg, rank_sum_test, sorted};

/// The values of the runs of one case on two devices, so that the ratio of any two is a speed of the first device over
/// one of the second: rates of the first over rates of the second, or seconds of the second over seconds of the first.
/// All are positive and finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Runs {
    /// What stands above the line.
    pub over: Vec<f64>,
    /// What stands below it.
    pub under: Vec<f64>,
}

/// How two devices are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// A ratio from 1 / (1 + margin) to 1 + margin is on par.
    pub margin: f64,
    /// The chance of being wrong that all looks together may have: of calling a case on par that is not, and of calling
    /// any case of a family ahead or behind that is not.
    pub alpha: f64,
}

/// What the runs say of one case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// Which way the runs lean, by a test against a ratio of exactly 1.
    pub leans: Lean,
    /// The estimate of the ratio, of Hodges and Lehmann; none where a side has no run.
    pub ratio: Option<Fraction>,
    /// The ends of its interval; none before the first look.
    pub interval: Option<(Fraction, Fraction)>,
    /// The next number of runs a side at which to look; none after the last.
    pub next_look: Option<usize>,
}

/// One-sided level of the test that says which way the runs lean.
const LEAN: f64 = 0.05;

impl Rule {
    /// Judges the cases of a family. Each case by itself is on par or not; for being ahead or behind they share the chance
    /// of being wrong, so that the more there are the more each must show.
    #[must_use]
    pub fn judge(&self, family: &[Runs]) -> Vec<Finding> {
        let mut findings: Vec<Finding> = family.iter().map(|runs| self.alone(runs)).collect();
        let differences = family.iter().map(|runs| self.difference(runs));
        for (finding, direction) in findings
            .iter_mut()
            .zip(discoveries(&differences.collect::<Vec<_>>(), self.alpha))
        {
            // The interval lies inside the margin or a test says beyond it, never both.
            finding.verdict = direction.unwrap_or(finding.verdict);
        }
        findings
    }

    /// Everything but being ahead or behind.
    fn alone(&self, runs: &Runs) -> Finding {
        let (over, under) = (sorted(&runs.over), sorted(&runs.under));
        let effects = Effects {
            rows: under.len(),
            columns: over.len(),
            at: |row: usize, column: usize| Fraction::new(over[column], under[under.len() - 1 - row]),
            order: Fraction::order,
        };
        let level = self.level(runs);
        let shift = effects.shift(level.unwrap_or_default());
        let interval = shift.and_then(|shift| shift.interval);
        let place = interval.and_then(|(low, high)| self.region().place_between(low, high));
        Finding {
            verdict: match place {
                Some(Placement::Inside) => Verdict::OnPar,
                _ => Verdict::Inconclusive,
            },
            leans: lean(runs),
            ratio: shift.map(|shift| shift.middle.0.mean(shift.middle.1)),
            interval,
            next_look: next_look(over.len().min(under.len())),
        }
    }

    /// The ratios that are on par.
    #[must_use]
    pub const fn region(&self) -> Region {
        Region::parity(self.margin)
    }

    /// The level of one test; the smaller side says how many runs there are.
    fn level(&self, runs: &Runs) -> Option<f64> {
        spend(self.alpha, runs.over.len().min(runs.under.len()))
    }

    /// Tests whether the ratio lies beyond the margin, and on which side.
    fn difference(&self, runs: &Runs) -> Option<Difference> {
        let level = self.level(runs)?;
        let slack = 1.0 + self.margin;
        let stretched = |values: &[f64]| values.iter().map(|value| value * slack).collect::<Vec<_>>();
        let ahead = rank_sum_test(&runs.over, &stretched(&runs.under)).greater;
        let behind = rank_sum_test(&runs.under, &stretched(&runs.over)).greater;
        let (direction, probability) = if ahead < behind {
            (Verdict::Ahead, ahead)
        } else {
            (Verdict::Behind, behind)
        };
        // Twice, for the two directions. In units of the level, because cases of one family may be at different looks; at
        // the same look it is the same as holding twice the probability against that level.
        let probability = 2.0 * probability / level * self.alpha;
        Some(Difference { direction, probability })
    }
}

/// A test of one case for being beyond the margin.
struct Difference {
    /// Ahead or behind.
    direction: Verdict,
    /// Its probability, scaled so that alpha is what it is held against.
    probability: f64,
}

/// The cases that are ahead or behind: discoveries of Benjamini and Hochberg among all that can be tested.
fn discoveries(differences: &[Option<Difference>], alpha: f64) -> Vec<Option<Verdict>> {
    let tested: Vec<f64> = differences
        .iter()
        .flatten()
        .map(|difference| difference.probability)
        .collect();
    let mut adjusted = benjamini_hochberg(&tested).into_iter();
    let of_case = |difference: &Option<Difference>| {
        let difference = difference.as_ref()?;
        let is_discovery = adjusted.next()? <= alpha;
        is_discovery.then_some(difference.direction)
    };
    differences.iter().map(of_case).collect()
}

fn lean(runs: &Runs) -> Lean {
    let test = rank_sum_test(&runs.over, &runs.under);
    if test.greater <= LEAN {
        Lean::Faster
    } else if test.less <= LEAN {
        Lean::Slower
    } else {
        Lean::None
    }
}
