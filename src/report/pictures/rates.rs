//! Rates as bars beside the published peaks of the reference chips.

use std::collections::BTreeSet;

use super::family::families;
use super::{Picture, chip, device, is_memory_ceiling, is_workload, provenance, short};
use crate::kernels::{Case, Precision, Role};
use crate::measure::Status;
use crate::normalise::{Physics, REFERENCES, Reference, Score, Scores, published_precision};
use crate::published::{Cell, Published, State};
use crate::record::Session;
use crate::report::plot::{Bar, BarChart, BarKind, BarValue, Panel};
use crate::units::{Unit, binary_size, counted};

pub(super) const NAME: &str = "rates";
const TITLE: &str = "Measured rates beside published peaks";

/// One panel for memory traffic, one for the arithmetic of each precision; nothing where no case is in any.
pub(super) fn picture(session: &Session, scores: &Scores, published: &Published) -> Option<Picture> {
    let left_out = left_out(scores);
    let stays = |score: &&Score| !left_out.contains(&score.case);
    let mut panels: Vec<Panel> = memory(scores, stays, published).into_iter().collect();
    // Named beside all their likes, so that a case is called the same in every panel and picture.
    let computing = computing(scores);
    let cases: Vec<&Case> = computing.iter().map(|score| &score.case).collect();
    let named: Vec<(&Score, String)> = computing.into_iter().zip(short::names(&cases)).collect();
    let of = |precision: Precision| {
        let named = named
            .iter()
            .filter(move |(score, _)| score.case.precision == Some(precision));
        named.map(|(score, name)| (*score, name.as_str()))
    };
    panels.extend(
        Precision::ALL
            .into_iter()
            .filter_map(|precision| compute(of(precision), stays, precision, published)),
    );
    if panels.is_empty() {
        return None;
    }
    let chart = BarChart {
        title: TITLE.to_owned(),
        subtitle: device(&session.header),
        panels,
        footer: footer(session, short::common(&cases), left_out.len()),
    };
    Some(Picture {
        name: NAME,
        title: TITLE,
        drawing: chart.draw(),
        linear: Some(chart.draw_linear()),
        numbers: chart.numbers(),
    })
}

fn footer(session: &Session, common: Vec<String>, left_out: usize) -> Vec<String> {
    let mut notes = vec![
        "Bars: medians with their intervals, each answer proved against an f64 reference. Published: dense peaks as \
         printed by others, a range where sources conflict, an arrow where only a floor is known; sources: onpar chips \
         show ID."
            .to_owned(),
    ];
    notes.extend(short::in_common(common));
    if left_out > 0 {
        notes.push(format!(
            "Of cases that differ in one number only, the fastest and the largest have bars; the other {left_out} are in \
             the pictures of the sweeps and of the working sets."
        ));
    }
    notes.push(provenance(&session.header));
    notes
}

/// The cases within a family, of which the curves show more than bars could: all that have a result but, of each
/// precision, the fastest and the largest.
fn left_out(scores: &Scores) -> BTreeSet<&Case> {
    let all: Vec<&Score> = scores.rows.iter().collect();
    let mut left_out = BTreeSet::new();
    for family in families(&all) {
        for of_precision in family.by_precision().into_values() {
            let usual: Vec<&Score> = of_precision
                .into_iter()
                .map(|(_, score)| score)
                .filter(is_usual)
                .collect();
            let fastest = usual.iter().max_by(|one, other| rate(one).total_cmp(&rate(other)));
            let stays = [fastest, usual.last()].map(|score| score.map(|score| &score.case));
            left_out.extend(
                usual
                    .iter()
                    .map(|score| &score.case)
                    .filter(|case| !stays.contains(&Some(case))),
            );
        }
    }
    left_out
}

/// Whether a score has a number that can be.
fn is_usual(score: &&Score) -> bool {
    score.status == Status::Ok && score.physics != Physics::Impossible
}

/// By which the fastest is known; 0 of a case without a number that can be.
fn rate(score: &Score) -> f64 {
    let rate = if is_memory_ceiling(&score.case) {
        score.byte_rate()
    } else {
        score.operation_rate().or_else(|| score.byte_rate())
    };
    rate.filter(|_| is_usual(&score)).unwrap_or_default()
}

fn memory(scores: &Scores, stays: impl Fn(&&Score) -> bool, published: &Published) -> Option<Panel> {
    let of_memory = scores.rows.iter().filter(|score| is_memory_ceiling(&score.case));
    let of_memory = of_memory.filter(stays).map(|score| {
        let bar = bar(score, size_label(score), |seconds| score.work.bytes() as f64 / seconds);
        (short::kernel(&score.case), bar)
    });
    let mut bars = together(of_memory);
    if bars.is_empty() {
        return None;
    }
    bars.extend(references(|chip| published.memory_bandwidth(chip)));
    Some(Panel {
        title: "memory traffic, by size of one buffer".to_owned(),
        unit: Unit::BytePerSecond,
        bars,
    })
}

/// The compute ceilings and the workloads.
fn computing(scores: &Scores) -> Vec<&Score> {
    let counts = |score: &&Score| {
        let computes = matches!(score.role(), Role::ComputeCeiling(_)) || is_workload(&score.case);
        computes && score.work.operations > 0
    };
    scores.rows.iter().filter(counts).collect()
}

/// The panel of the cases of a precision with their names.
fn compute<'s>(
    named: impl Iterator<Item = (&'s Score, &'s str)>,
    stays: impl Fn(&&Score) -> bool,
    precision: Precision,
    published: &Published,
) -> Option<Panel> {
    let word = published_precision(precision)?;
    let mut named = named.peekable();
    named.peek()?;
    let bar = |(score, label): (&Score, &str)| {
        let bar = bar(score, label.to_owned(), |seconds| {
            score.work.operations as f64 / seconds
        });
        (short::kernel(&score.case), bar)
    };
    let mut bars = together(named.filter(|(score, _)| stays(score)).map(bar));
    bars.extend(references(|chip| published.peak_compute(chip, word)));
    Some(Panel {
        title: format!("arithmetic, {} in, dense peaks of {}", precision.word(), word.word()),
        unit: Unit::OpPerSecond,
        bars,
    })
}

/// Bars under what they are called together: those without a number that are called alike and failed alike become one, at
/// the place of the first, because a device that lacks a precision lacks it for every case.
fn together(bars: impl Iterator<Item = (String, Bar)>) -> Vec<Bar> {
    let mut groups: Vec<(String, Bar, usize)> = Vec::new();
    for (name, bar) in bars {
        let has_failed = matches!(bar.value, BarValue::Failed(_));
        let alike = |group: &&mut (String, Bar, usize)| has_failed && group.0 == name && group.1.value == bar.value;
        match groups.iter_mut().find(alike) {
            Some((_, _, count)) => *count += 1,
            None => groups.push((name, bar, 1)),
        }
    }
    let merged = |(name, bar, count): (String, Bar, usize)| match count {
        1 => bar,
        _ => Bar {
            label: format!("{name}, {count} cases"),
            ..bar
        },
    };
    groups.into_iter().map(merged).collect()
}

fn bar(score: &Score, label: String, rate: impl Fn(f64) -> f64) -> Bar {
    let kind = if matches!(score.role(), Role::Workload) {
        BarKind::Measured
    } else {
        BarKind::Ceiling
    };
    let value = match score.timing {
        Some(_) if score.physics == Physics::Impossible => BarValue::Failed("impossible".to_owned()),
        // The longest time is the lowest rate.
        Some(timing) => BarValue::Measured {
            value: rate(timing.seconds),
            low: rate(timing.high),
            high: rate(timing.low),
        },
        None => BarValue::Failed(score.status.word().to_owned()),
    };
    let source = from(score);
    Bar {
        label,
        kind,
        value,
        source,
    }
}

/// What stands behind a bar that was measured here.
fn from(score: &Score) -> String {
    let Some(timing) = score.timing else {
        return score.reason.clone();
    };
    let runs = counted(timing.runs as u64, "run");
    format!(
        "{}: {} samples in {runs}, {}",
        score.case, timing.samples, score.variant
    )
}

fn references<'p>(cell: impl Fn(&str) -> Cell<'p>) -> Vec<Bar> {
    let bar = |reference: &Reference| {
        let cell = cell(reference.chip);
        Bar {
            label: reference.name.to_owned(),
            kind: BarKind::Published { chip: chip(reference) },
            value: match cell.state {
                State::Unpublished => BarValue::Unpublished,
                State::Unsupported => BarValue::Unsupported,
                state => BarValue::Published {
                    interval: cell.interval(),
                    disputed: state == State::Disputed,
                },
            },
            source: cell.sources().join(", "),
        }
    };
    REFERENCES.iter().map(bar).collect()
}

/// `copy f32 64 KiB`: what one of its buffers holds.
fn size_label(score: &Score) -> String {
    let case = &score.case;
    let precision = case.precision.map_or("", Precision::word);
    let size = binary_size(case.extent("n") * case.element_bytes());
    format!("{} {precision} {size}", case.kernel)
}
