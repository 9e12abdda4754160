//! The tables of `docs/methodology.md`.

use std::fmt::Write as _;

use super::noise::{Scatter, steady};
use super::rules::RULES;
use super::{Flagged, LIMITS, Rate, SEED, Stopped, in_parallel};

/// Three places, as 0.987 or 1.000.
fn three(rate: Rate) -> String {
    format!("{:.3}", rate.value())
}

/// `none` for 0: no repetition is a stronger word than .000.
fn rare(rate: Rate) -> String {
    if rate.count == 0 {
        "none".to_owned()
    } else {
        three(rate)
    }
}

pub(crate) fn stopping(cells: &[Stopped]) -> String {
    let mut text = String::from(
        "| noise | covered | samples: median | 90th percentile | target reached | flagged | unstable |\n\
         |---|--:|--:|--:|--:|--:|--:|\n",
    );
    for cell in cells {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            cell.name,
            cell.covered.map_or_else(|| "-".to_owned(), three),
            cell.median,
            cell.most,
            three(cell.reached),
            rare(cell.flagged),
            rare(cell.unstable),
        );
    }
    text
}

pub(crate) fn flagging(cells: &[Flagged]) -> String {
    let mut text = String::from(
        "| samples | noise | drift | step | bimodal | quantised | unstable | any |\n|--:|---|--:|--:|--:|--:|--:|--:|\n",
    );
    for cell in cells {
        let each = cell.each.map(rare).join(" | ");
        let _ = writeln!(
            text,
            "| {} | {} | {each} | {} |",
            cell.samples,
            cell.name,
            rare(cell.any)
        );
    }
    text
}

/// True coverage and median number of samples of every rule.
pub(crate) fn rules(repetitions: usize) -> String {
    let noises = [
        ("normal 2 %", Scatter::Normal(0.02)),
        ("normal 5 %", Scatter::Normal(0.05)),
        ("log-normal 5 %", Scatter::LogNormal(0.05)),
        ("AR .3, 3 %", Scatter::Ar(0.3, 0.03)),
        ("AR .6, 3 %", Scatter::Ar(0.6, 0.03)),
        ("AR .8, 3 %", Scatter::Ar(0.8, 0.03)),
    ];
    let heads = noises.map(|(name, _)| name).join(" | ");
    let mut text = format!(
        "| interval of the median | {heads} |\n|---|{}\n",
        "--:|".repeat(noises.len())
    );
    for rule in &RULES {
        let cells = noises.map(|(_, scatter)| {
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
