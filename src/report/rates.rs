//! The picture of a session: its rates as bars beside the published peaks of the reference chips.

use super::plot::{Bar, BarChart, BarKind, BarValue, Panel};
use super::words;
use crate::kernels::{Precision, Role};
use crate::normalise::{Physics, REFERENCES, Reference, Score, Scores, published_precision};
use crate::published::{Cell, Published, State};
use crate::record::Session;
use crate::units::Unit;

/// The chart: one panel for memory traffic, one for the arithmetic of each precision.
#[must_use]
pub fn chart(session: &Session, scores: &Scores, published: &Published) -> BarChart {
    let mut panels = vec![memory(scores, published)];
    panels.extend(
        Precision::ALL
            .into_iter()
            .filter_map(|precision| compute(scores, precision, published)),
    );
    panels.retain(|panel| {
        panel
            .bars
            .iter()
            .any(|bar| !matches!(bar.kind, BarKind::Published { .. }))
    });
    BarChart {
        title: "Measured rates beside published peaks".to_owned(),
        subtitle: words::device(&session.header),
        panels,
        footer: vec![
            "Bars: medians with their intervals, each answer proved against an f64 reference. Published: dense peaks as \
             printed by others, a range where sources conflict, an arrow where only a floor is known; sources: onpar chips \
             show ID."
                .to_owned(),
            format!("onpar {}, session {} of {}", session.header.facts.identity.onpar, session.header.id, session.header.started),
        ],
    }
}

fn memory(scores: &Scores, published: &Published) -> Panel {
    let of_memory = |score: &&Score| matches!(score.role(), Role::MemoryCeiling { .. });
    let mut bars: Vec<Bar> = scores
        .rows
        .iter()
        .filter(of_memory)
        .map(|score| bar(score, size_label(score), |seconds| score.work.bytes() as f64 / seconds))
        .collect();
    bars.extend(references(|chip| published.memory_bandwidth(chip)));
    Panel {
        title: "memory traffic, by size of one buffer".to_owned(),
        unit: Unit::BytePerSecond,
        bars,
    }
}

fn compute(scores: &Scores, precision: Precision, published: &Published) -> Option<Panel> {
    let counts = |score: &&Score| {
        let computes = matches!(score.role(), Role::ComputeCeiling(_) | Role::Workload) && score.work.operations > 0;
        computes && score.case.precision == Some(precision)
    };
    let mut bars: Vec<Bar> = scores
        .rows
        .iter()
        .filter(counts)
        .map(|score| {
            bar(score, case_label(score), |seconds| {
                score.work.operations as f64 / seconds
            })
        })
        .collect();
    let word = published_precision(precision)?;
    bars.extend(references(|chip| published.peak_compute(chip, word)));
    Some(Panel {
        title: format!("arithmetic, {} in, dense peaks of {}", precision.word(), word.word()),
        unit: Unit::OpPerSecond,
        bars,
    })
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
    Bar { label, kind, value }
}

fn references<'p>(cell: impl Fn(&str) -> Cell<'p>) -> Vec<Bar> {
    let bar = |reference: &Reference| {
        let cell = cell(reference.chip);
        Bar {
            label: reference.name.to_owned(),
            kind: BarKind::Published {
                chip: reference.name.to_owned(),
            },
            value: match cell.state {
                State::Unpublished => BarValue::Unpublished,
                State::Unsupported => BarValue::Unsupported,
                state => BarValue::Published {
                    interval: cell.interval(),
                    disputed: state == State::Disputed,
                },
            },
        }
    };
    REFERENCES.iter().map(bar).collect()
}

/// `copy 64 KiB`: what one of its buffers holds.
fn size_label(score: &Score) -> String {
    let bytes = score.case.extent("n") * score.case.element_bytes();
    let size = [(30, "GiB"), (20, "MiB"), (10, "KiB")]
        .into_iter()
        .find(|(power, _)| bytes >= 1 << power && bytes.is_multiple_of(1 << power))
        .map_or_else(
            || format!("{bytes} B"),
            |(power, unit)| format!("{} {unit}", bytes >> power),
        );
    format!("{} {size}", score.case.kernel)
}

/// `matmul 512 x 512 x 512`, `fma affine`.
fn case_label(score: &Score) -> String {
    if matches!(score.role(), Role::ComputeCeiling(_)) {
        return format!("{} {}", score.case.kernel, score.case.layout);
    }
    let extents = score.case.shape.extents();
    let shape: Vec<String> = extents.map(|(name, extent)| format!("{name} {extent}")).collect();
    format!("{} {}", score.case.kernel, shape.join(", "))
}
