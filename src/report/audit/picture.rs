//! Both chips' rooflines with the work that they were compared in.

use std::collections::BTreeMap;

use super::words;
use crate::audit::{Audit, Axis, FigureKey, Figures, Peak, ScopeAudit};
use crate::published::{Cell, Metric, Precision, State};
use crate::report::chips;
use crate::report::plot::{Chip, RoofChart, RoofMark, RoofPanel, RoofPoint, Roofs};

/// A panel for each number format of the audit's workloads.
#[must_use]
pub fn picture(audit: &Audit<'_>) -> RoofChart {
    let mut formats: BTreeMap<Precision, Vec<&ScopeAudit<'_>>> = BTreeMap::new();
    for scope in &audit.scopes {
        if let Axis::Work(_, precision) = scope.axis {
            formats.entry(precision).or_default().push(scope);
        }
    }
    let [subject, reference] = [&audit.subject, &audit.reference].map(words::name);
    RoofChart {
        title: format!("{subject} against {reference}: what published figures allow"),
        subtitle: format!(
            "{}. Memory bandwidth {} against {}.",
            capital(&words::asked_region(audit)),
            bandwidth(&audit.subject),
            bandwidth(&audit.reference),
        ),
        device: None,
        same_axes: false,
        panels: formats.iter().map(|(format, scopes)| panel(audit, *format, scopes)).collect(),
        footer: vec![
            "A band is what sources in dispute leave open; a dashed line is one end of what is known, or rests on a \
             derived figure. Marks stand on the roof of the reference: each is an operation of a layer whose inputs have \
             that format, with the verdict about it alone."
                .to_owned(),
        ],
    }
}

fn panel(audit: &Audit<'_>, format: Precision, scopes: &[&ScopeAudit<'_>]) -> RoofPanel {
    let workloads = scopes.iter().flat_map(|scope| &scope.workloads);
    RoofPanel {
        title: format.to_string(),
        roofs: [&audit.subject, &audit.reference]
            .map(|side| roofs(side, format))
            .to_vec(),
        points: workloads
            .filter(|found| found.part.operations > 0.0 && found.part.precision == Some(format))
            .map(|found| RoofPoint {
                intensity: found.part.operations / found.part.bytes,
                rate: None,
                mark: RoofMark::Verdict(found.finding.verdict),
                name: format!("{} {}", found.workload.model, found.workload.case),
                is_named: false,
            })
            .collect(),
    }
}

fn roofs(side: &Figures<'_>, format: Precision) -> Roofs {
    let peak = match side.shown.peaks.get(&format) {
        Some(Peak::Rate(rate)) => Some(*rate),
        Some(Peak::NoPath) | None => None,
    };
    let cell = side.cell(FigureKey::peak(format));
    Roofs {
        chip: Some(Chip::new(&side.chip.id, &words::name(side))),
        words: format!("{}: {}", words::name(side), known(cell)),
        peak,
        bandwidth: side.shown.memory,
        derived: side.shown != side.deciding,
    }
}

fn bandwidth(side: &Figures<'_>) -> String {
    known(side.cell(FigureKey::of(Metric::MemoryBandwidth)))
}

fn known(cell: Option<&Cell<'_>>) -> String {
    match cell {
        Some(cell) if cell.state == State::Unsupported => "no such path".to_owned(),
        Some(cell) if cell.is_published() => chips::value(cell),
        _ => "unpublished".to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
