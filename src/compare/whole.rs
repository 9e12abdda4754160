//! Many cases as one: geometric means.

use std::collections::BTreeSet;

use super::{Pair, runs};
use crate::judge::{Finding, Rule};
use crate::record::{Quantity, RunValue};

/// The geometric mean of some cases, taken in each run and then treated like a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// The suite; none where the cases are of none in particular.
    pub suite: Option<String>,
    /// The cases that are in it: those that every run of both sides has.
    pub cases: Vec<String>,
    /// The cases that some run lacks, and that are therefore not in it.
    pub left_out: Vec<String>,
    /// What the means of the runs say; none where no case is in all runs.
    pub finding: Option<Finding>,
    /// Runs of each side.
    pub runs: [usize; 2],
}

/// The suites of the pairs, in the order of their first cases; those of none in particular together.
pub(super) fn suites(pairs: &[Pair<'_>], quantity: Quantity, rule: Rule) -> Vec<Whole> {
    let mut names: Vec<Option<&str>> = Vec::new();
    for pair in pairs {
        if !names.contains(&pair.suite) {
            names.push(pair.suite);
        }
    }
    let of_suite = |name: &Option<&str>| {
        let members: Vec<&Pair> = pairs.iter().filter(|pair| pair.suite == *name).collect();
        mean(*name, &members)
    };
    judged(names.iter().map(of_suite).collect(), quantity, rule)
}

/// All pairs together.
pub(super) fn all(pairs: &[Pair<'_>], quantity: Quantity, rule: Rule) -> Whole {
    let members: Vec<&Pair> = pairs.iter().collect();
    let mut whole = judged(vec![mean(None, &members)], quantity, rule);
    whole.swap_remove(0)
}

/// A whole without its finding, and the means of each side's runs.
type Mean = (Whole, [Vec<RunValue>; 2]);

fn judged(means: Vec<Mean>, quantity: Quantity, rule: Rule) -> Vec<Whole> {
    let family: Vec<_> = means
        .iter()
        .map(|(_, values)| runs(quantity, values.each_ref().map(Vec::as_slice)))
        .collect();
    let findings = rule.judge(&family);
    let with_finding = |((mut whole, _), finding): (Mean, Finding)| {
        whole.finding = Some(finding).filter(|_| !whole.cases.is_empty());
        whole
    };
    means.into_iter().zip(findings).map(with_finding).collect()
}

fn mean(suite: Option<&str>, pairs: &[&Pair<'_>]) -> Mean {
    let runs: [BTreeSet<u32>; 2] = [0, 1].map(|side| {
        let values = pairs.iter().flat_map(|pair| pair.values[side]);
        values.map(|value| value.run).collect()
    });
    // A run has a case once, so that it is complete if the numbers agree.
    let is_complete = |pair: &&&Pair| (0..2).all(|side| pair.values[side].len() == runs[side].len());
    let (complete, rest): (Vec<&Pair>, Vec<&Pair>) = pairs.iter().partition(|pair| is_complete(pair));
    let values = [0, 1].map(|side| means(&complete, side, &runs[side]));
    let whole = Whole {
        suite: suite.map(str::to_owned),
        cases: complete.iter().map(|pair| pair.case.to_owned()).collect(),
        left_out: rest.iter().map(|pair| pair.case.to_owned()).collect(),
        finding: None,
        runs: values.each_ref().map(Vec::len),
    };
    (whole, values)
}

/// The geometric mean of each run over the cases, each in units of the first one, so that the mean of one case is its value
/// to the last bit.
fn means(pairs: &[&Pair<'_>], side: usize, runs: &BTreeSet<u32>) -> Vec<RunValue> {
    let Some((first, rest)) = pairs.split_first() else {
        return Vec::new();
    };
    let by_run = |pair: &Pair| {
        let mut values = pair.values[side].to_vec();
        values.sort_unstable_by_key(|value| value.run);
        values
    };
    let units = by_run(first);
    let mut logarithms = vec![0.0; runs.len()];
    for pair in rest {
        for ((sum, value), unit) in logarithms.iter_mut().zip(by_run(pair)).zip(&units) {
            *sum += (value.value / unit.value).ln();
        }
    }
    let mean = |(sum, unit): (f64, RunValue)| RunValue {
        run: unit.run,
        value: unit.value * (sum / pairs.len() as f64).exp(),
    };
    logarithms.into_iter().zip(units).map(mean).collect()
}
