//! The roofline of a device with its cases, and beside it what is published of the reference chips.

use std::collections::BTreeMap;

use super::ceilings::Ceilings;
use super::{Picture, chip, device, is_workload, kernels, provenance, short};
use crate::kernels::{Case, Precision};
use crate::measure::Status;
use crate::normalise::{Physics, REFERENCES, Reference, Score, Scores, published_precision};
use crate::published::{Caveat, Cell, Published, State};
use crate::record::Session;
use crate::report::interval;
use crate::report::plot::{Ceiling, DeviceRoofs, Hue, Look, RoofChart, RoofMark, RoofPanel, RoofPoint, Roofs};
use crate::units::{Interval, Unit, binary_size};

pub(super) const NAME: &str = "roofline";
const TITLE: &str = "Roofline: what was reached here, and what is published";

/// Nothing where there is neither a case nor a whole roof.
pub(super) fn picture(session: &Session, scores: &Scores, published: &Published) -> Option<Picture> {
    let ceilings = Ceilings::of(scores);
    let drawn: Vec<&Score> = scores.rows.iter().filter(|score| point_of(score).is_some()).collect();
    if drawn.is_empty() && (ceilings.memory.is_empty() || ceilings.compute.is_empty()) {
        return None;
    }
    let kernels = kernels(drawn.iter().map(|score| &score.case));
    let used = |precision: &Precision| {
        let compute = ceilings.compute.keys().any(|(of, _)| of == precision);
        compute || drawn.iter().any(|score| score.case.precision == Some(*precision))
    };
    let precisions: Vec<Precision> = Precision::ALL.into_iter().filter(used).collect();
    let chart = RoofChart {
        title: TITLE.to_owned(),
        subtitle: device(&session.header),
        device: Some(device_roofs(&ceilings, &drawn, &kernels)),
        panels: precisions
            .iter()
            .filter_map(|precision| panel(*precision, &ceilings, &drawn, &kernels, published))
            .collect(),
        same_axes: true,
        footer: footer(session, scores, &drawn),
    };
    Some(Picture {
        name: NAME,
        title: TITLE,
        drawing: chart.draw(),
        linear: None,
        numbers: chart.numbers(),
    })
}

fn device_roofs(ceilings: &Ceilings<'_>, drawn: &[&Score], kernels: &[&str]) -> DeviceRoofs {
    let name = |(place, (score, rate)): (usize, &(&Score, f64))| {
        let which = match (place, ceilings.memory.len()) {
            (0, 2) => "memory at its fastest",
            _ => "memory at the largest sizes",
        };
        let size = binary_size(score.work.bytes());
        Ceiling {
            name: format!("{which} ({} of {size})", score.case.kernel),
            rate: *rate,
        }
    };
    let fills = Precision::ALL.into_iter().filter(|precision| {
        let mut plausible = drawn.iter().filter(|score| score.physics != Physics::Impossible);
        plausible.any(|score| score.case.precision == Some(*precision))
    });
    DeviceRoofs {
        title: "this device, every precision".to_owned(),
        memory: ceilings.memory.iter().enumerate().map(name).collect(),
        compute: ceilings
            .compute
            .iter()
            .map(|((precision, engine), rate)| Ceiling {
                name: format!("{} {}", precision.word(), engine.word()),
                rate: *rate,
            })
            .collect(),
        points: points(drawn, kernels),
        kernels: (0..)
            .zip(kernels)
            .map(|(place, kernel)| ((*kernel).to_owned(), Look::of_kernel(place)))
            .collect(),
        precisions: fills
            .map(|precision| (precision.word().to_owned(), Look::of(0, precision, Hue::Device)))
            .collect(),
    }
}

/// Operations per byte and per second of a workload; none without a result, or without operations.
fn point_of(score: &Score) -> Option<(f64, f64)> {
    let bytes = score.work.bytes();
    let rate = score
        .operation_rate()
        .filter(|_| bytes > 0 && is_workload(&score.case))?;
    Some((score.work.operations as f64 / bytes as f64, rate))
}

/// The marks, the fastest of each kernel and precision with its name.
fn points(drawn: &[&Score], kernels: &[&str]) -> Vec<RoofPoint> {
    let cases: Vec<&Case> = drawn.iter().map(|score| &score.case).collect();
    let names = short::names(&cases);
    let rate_of = |score: &Score| score.operation_rate().filter(|_| score.physics != Physics::Impossible);
    let is_best = |score: &Score| {
        let alike =
            |other: &&&Score| (&other.case.kernel, other.case.precision) == (&score.case.kernel, score.case.precision);
        let best = drawn
            .iter()
            .filter(alike)
            .filter_map(|other| rate_of(other))
            .reduce(f64::max);
        best.is_some() && rate_of(score) == best
    };
    let point = |(score, name): (&&Score, String)| {
        let (intensity, rate) = point_of(score)?;
        let place = kernels.iter().position(|kernel| *kernel == score.case.kernel)?;
        let mark = match (score.physics, score.case.precision) {
            (Physics::Impossible, _) => RoofMark::Impossible,
            (_, precision) => RoofMark::Case(Look::of(place, precision.unwrap_or(Precision::F32), Hue::Device)),
        };
        Some(RoofPoint {
            intensity,
            rate: Some(rate),
            mark,
            name,
            is_named: is_best(score),
        })
    };
    drawn.iter().zip(names).filter_map(point).collect()
}

/// What is published for a precision beside what was reached; none for a precision that no figure is about.
fn panel(
    precision: Precision,
    ceilings: &Ceilings<'_>,
    drawn: &[&Score],
    kernels: &[&str],
    published: &Published,
) -> Option<RoofPanel> {
    let word = published_precision(precision)?;
    let of_precision = |score: &&&Score| score.case.precision == Some(precision);
    let drawn: Vec<&Score> = drawn.iter().filter(of_precision).copied().collect();
    let here = Roofs {
        chip: None,
        words: format!("this device: {}", measured_words(ceilings, precision)),
        peak: Some(ceilings.peak(precision)),
        bandwidth: ceilings.bandwidth(),
        derived: false,
    };
    let references = REFERENCES.iter().map(|reference| {
        let peak = published.peak_compute(reference.chip, word);
        roofs(reference, &peak, &published.memory_bandwidth(reference.chip))
    });
    Some(RoofPanel {
        title: format!("{} in, dense peaks of {}", precision.word(), word.word()),
        roofs: std::iter::once(here).chain(references).collect(),
        points: points(&drawn, kernels),
    })
}

fn measured_words(ceilings: &Ceilings<'_>, precision: Precision) -> String {
    let written = |rate: Interval, unit| typeset(&interval::interval(rate, unit));
    let (peak, bandwidth) = (ceilings.peak(precision), ceilings.bandwidth());
    let (compute, memory) = (
        written(peak, Unit::OpPerSecond),
        written(bandwidth, Unit::BytePerSecond),
    );
    match (peak.is_unknown(), bandwidth.is_unknown()) {
        (false, false) => format!("{compute}, {memory}"),
        (true, false) => format!("no compute ceiling measured, {memory}"),
        (false, true) => format!("{compute}, no memory ceiling measured"),
        (true, true) => "no ceiling measured".to_owned(),
    }
}

/// The signs of an interval as a picture has them.
fn typeset(interval: &str) -> String {
    interval.replace(">=", "≥ ").replace("<=", "≤ ").replace('-', "–")
}

fn roofs(reference: &Reference, peak: &Cell<'_>, bandwidth: &Cell<'_>) -> Roofs {
    let is_derived = |cell: &Cell<'_>| cell.caveats().contains(&Caveat::Derived);
    let words = [(peak, "peak"), (bandwidth, "memory")].map(|(cell, what)| known(cell, what));
    Roofs {
        chip: Some(chip(reference)),
        words: format!("{}: {}", reference.name, words.join(", ")),
        peak: (peak.state != State::Unsupported).then(|| peak.interval()),
        bandwidth: bandwidth.interval(),
        derived: is_derived(peak) || is_derived(bandwidth),
    }
}

fn known(cell: &Cell<'_>, what: &str) -> String {
    let value = typeset(&interval::interval(cell.interval(), cell.key.metric.unit()));
    match cell.state {
        State::Unpublished => format!("{what} unpublished"),
        State::Unsupported => "no such path".to_owned(),
        State::Disputed => format!("{value} disputed"),
        State::Settled | State::AtLeast | State::AtMost => value,
    }
}

fn footer(session: &Session, scores: &Scores, drawn: &[&Score]) -> Vec<String> {
    let cases: Vec<&Case> = drawn.iter().map(|score| &score.case).collect();
    let mut notes = vec![
        "A mark is a case: its operations over its compulsory bytes, and its operations over its median time, with every \
         answer proved. Green are the ceilings that this session measured: memory has two where smaller sizes were faster \
         than the largest. Chips: dense peaks and memory bandwidth as printed by others, a band where sources conflict, \
         dashed where only a floor is known or a figure is derived; sources: onpar chips show ID."
            .to_owned(),
    ];
    notes.extend(short::in_common(short::common(&cases)));
    notes.extend(without_mark(scores));
    notes.push(provenance(&session.header));
    notes
}

/// How many workloads the picture does not show, and why.
fn without_mark(scores: &Scores) -> Option<String> {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let workloads = scores.rows.iter().filter(|score| is_workload(&score.case));
    for score in workloads.filter(|score| point_of(score).is_none()) {
        let reason = match score.status {
            Status::Ok => "without operations",
            status => status.word(),
        };
        *reasons.entry(reason).or_default() += 1;
    }
    let reasons: Vec<_> = reasons
        .iter()
        .map(|(reason, count)| format!("{count} {reason}"))
        .collect();
    (!reasons.is_empty()).then(|| format!("Cases without a mark: {}.", reasons.join(", ")))
}
