//! The tables of `docs/methodology.md`.

use std::fmt::Write as _;

use onpar::stats::{JUDGED_FROM, SampleMedian};

use super::SEED;
use super::flagging::Flagged;
use super::noise::{Scatter, steady};
use super::rate::{Rate, in_parallel};
use super::rules::RULES;
use super::stopping::{LIMITS, Stopped};

/// Three places, as 0.987 or 1.000.
fn three(rate: Rate) -> String {
    format!("{:.3}", rate.value())
}

/// `none` for 0: no repetition is a stronger word than .000.
fn rare(rate: Rate) -> String {
    if rate.value() == 0.0 {
        "none".to_owned()
    } else {
        three(rate)
    }
}

pub(crate) fn stopping(all: &[Stopped]) -> String {
    let mut text = String::from(
        "| noise | covered | samples: median | 90th percentile | target reached | flagged | unstable |\n\
         |---|--:|--:|--:|--:|--:|--:|\n",
    );
    for of_cell in all {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            of_cell.cell.name,
            of_cell.covered.map_or_else(|| "-".to_owned(), three),
            of_cell.samples(0.5),
            of_cell.samples(0.9),
            three(of_cell.reached),
            rare(of_cell.flagged),
            rare(of_cell.unstable),
        );
    }
    text
}

pub(crate) fn flagging(all: &[Flagged]) -> String {
    let mut text = String::from(
        "| samples | noise | drift | step | bimodal | quantised | unstable | any |\n|--:|---|--:|--:|--:|--:|--:|--:|\n",
    );
    for of_cell in all {
        let each = of_cell.each.map(rare).join(" | ");
        let _ = writeln!(
            text,
            "| {} | {} | {each} | {} |",
            of_cell.samples,
            of_cell.cell.name,
            rare(of_cell.any)
        );
    }
    text
}

const NOISES: [(&str, Scatter); 6] = [
    ("normal 2 %", Scatter::Normal(0.02)),
    ("normal 5 %", Scatter::Normal(0.05)),
    ("log-normal 5 %", Scatter::LogNormal(0.05)),
    ("AR .3, 3 %", Scatter::Ar(0.3, 0.03)),
    ("AR .6, 3 %", Scatter::Ar(0.6, 0.03)),
    ("AR .8, 3 %", Scatter::Ar(0.8, 0.03)),
];

/// The head of a table with a column for each noise.
fn head(first: &str) -> String {
    let names = NOISES.map(|(name, _)| name).join(" | ");
    format!("| {first} | {names} |\n|---|{}\n", "--:|".repeat(NOISES.len()))
}

/// True coverage of the interval of a fixed number of samples, and in how many runs there is one.
pub(crate) fn few(repetitions: usize) -> String {
    let mut text = head("samples");
    for samples in [16, 24, 36, JUDGED_FROM] {
        let cells = NOISES.map(|(_, scatter)| {
            let runs = in_parallel(repetitions, |number| {
                let source = steady(scatter).samples(SEED + number as u64, 1);
                SampleMedian::of(&source.take(samples).collect::<Vec<_>>()).expect("samples")
            });
            let promising: Vec<_> = runs.iter().filter(|run| run.holds).collect();
            let covered = Rate::of(&promising, |run| (run.low..=run.high).contains(&1.0));
            format!("{} of {:.2}", three(covered), Rate::of(&runs, |run| run.holds).value())
        });
        let _ = writeln!(text, "| {samples} | {} |", cells.join(" | "));
    }
    text
}

/// True coverage and median number of samples of every rule.
pub(crate) fn rules(repetitions: usize) -> String {
    let mut text = head("interval of the median");
    for rule in &RULES {
        let cells = NOISES.map(|(_, scatter)| {
            let runs = in_parallel(repetitions, |number| {
                let mut source = steady(scatter).samples(SEED + number as u64, 1);
                let (count, interval) = rule.run(&mut source, LIMITS.most);
                (count, interval.is_none_or(|(low, high)| (low..=high).contains(&1.0)))
            });
            let mut counts: Vec<usize> = runs.iter().map(|(count, _)| *count).collect();
            counts.sort_unstable();
            format!(
                "{} / {}",
                three(Rate::of(&runs, |(_, covers)| *covers)),
                counts[repetitions / 2]
            )
        });
        let _ = writeln!(text, "| {} | {} |", rule.name, cells.join(" | "));
    }
    text
}
