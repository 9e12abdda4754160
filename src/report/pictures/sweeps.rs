//! Sweeps: the rate and the time of workloads that differ in one number, as the size of a product or a context.

use std::collections::BTreeMap;

use super::family::{Family, families};
use super::{Picture, curves, is_workload, kernels, short};
use crate::kernels::{Precision, find};
use crate::normalise::{Physics, Score, Scores};
use crate::record::Session;
use crate::report::plot::{Curve, CurvePanel, CurvePoint, CurveRow, Hue, Look, Outcome, Sizes};
use crate::units::Unit;

pub(super) const NAME: &str = "sweeps";
const TITLE: &str = "Sweeps: rate and time against size";

/// Nothing where no three cases differ in one number.
pub(super) fn picture(session: &Session, scores: &Scores) -> Option<Picture> {
    let workloads: Vec<&Score> = scores.rows.iter().filter(|score| is_workload(&score.case)).collect();
    let kernels = kernels(workloads.iter().map(|score| &score.case));
    let families = families(&workloads);
    let rows = families
        .iter()
        .filter(|family| family.members.iter().any(|(_, score)| score.timing.is_some()))
        .map(|family| row(family, &kernels));
    let footer = "Rates are operations or compulsory bytes over time: bytes where a larger size does not bring more operations \
                  for each of them. The dotted line is the lower of the roofs that this session measured, for each case; \
                  there is none at a precision whose ceiling was not measured.";
    curves(&session.header, (NAME, TITLE), rows.collect(), footer)
}

/// Sizes that a curve is drawn with at the most: more are not told apart.
const MOST_SIZES: usize = 300;

fn row(whole: &Family<'_>, kernels: &[&str]) -> CurveRow {
    let family = &whole.thinned(MOST_SIZES);
    let case = &family.members[0].1.case;
    let place = kernels
        .iter()
        .position(|kernel| *kernel == case.kernel)
        .unwrap_or_default();
    let counts_bytes = !gains_intensity(family);
    let rate = Quantity {
        title: if counts_bytes {
            "effective bandwidth"
        } else {
            "arithmetic rate"
        },
        unit: if counts_bytes {
            Unit::BytePerSecond
        } else {
            Unit::OpPerSecond
        },
        of: if counts_bytes {
            |score, seconds| score.work.bytes() as f64 / seconds
        } else {
            |score, seconds| score.work.operations as f64 / seconds
        },
    };
    let time = Quantity {
        title: "time of one dispatch",
        unit: Unit::Second,
        of: |_, seconds| seconds,
    };
    CurveRow {
        title: format!("{} by {}", short::kernel(case), family.swept.join(" = ")),
        note: note(whole, family),
        sizes_name: sizes_name(family),
        sizes: Sizes::Counts,
        panels: [rate, time]
            .iter()
            .map(|quantity| panel(family, place, quantity))
            .collect(),
    }
}

/// What is the same in all cases, which of them have no result, and how many are drawn if not all.
fn note(family: &Family<'_>, drawn: &Family<'_>) -> String {
    let mut failed: BTreeMap<String, usize> = BTreeMap::new();
    for (_, score) in family.members.iter().filter(|(_, score)| score.timing.is_none()) {
        let precision = score.case.precision.map_or("-", Precision::word);
        *failed
            .entry(format!("{precision} {}", score.status.word()))
            .or_default() += 1;
    }
    let failed: Vec<_> = failed.iter().map(|(what, count)| format!("{count} {what}")).collect();
    let mut parts = vec![short::merged(&family.fixed)];
    let (sizes, kept) = (family.sizes().len(), drawn.sizes().len());
    if kept < sizes {
        parts.push(format!("{kept} of {sizes} sizes are drawn, evenly chosen"));
    }
    if !failed.is_empty() {
        parts.push(format!("without a result: {}", failed.join(", ")));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

/// What a y axis counts.
struct Quantity {
    title: &'static str,
    unit: Unit,
    /// Its value for a score that took so many seconds.
    of: fn(&Score, f64) -> f64,
}

/// Whether operations per byte grow with the size, by at least its square root: then arithmetic binds sooner or later.
/// Where they do not, as in decoding, the rate that a reader asks for is that of the bytes.
fn gains_intensity(family: &Family<'_>) -> bool {
    let ends = family.members.first().zip(family.members.last());
    let Some(((small, first), (large, last))) = ends else {
        return false;
    };
    let intensity = |score: &Score| score.work.operations as f64 / score.work.bytes().max(1) as f64;
    // Precisions differ in their bytes, so the ends count at one of them.
    let scale = |score: &Score| score.case.element_bytes().max(1) as f64;
    let gain = intensity(last) * scale(last) / (intensity(first) * scale(first));
    gain * gain >= *large as f64 / *small as f64
}

fn panel(family: &Family<'_>, kernel: usize, quantity: &Quantity) -> CurvePanel {
    let series = family.by_precision().into_iter();
    CurvePanel {
        title: quantity.title.to_owned(),
        unit: quantity.unit,
        curves: series
            .map(|(precision, members)| curve(precision, kernel, &members, quantity.of))
            .collect(),
    }
}

fn curve(
    precision: Option<Precision>,
    kernel: usize,
    members: &[(u64, &Score)],
    quantity: fn(&Score, f64) -> f64,
) -> Curve {
    let point = |(size, score): &(u64, &Score)| CurvePoint {
        size: *size as f64,
        outcome: outcome(score, |seconds| quantity(score, seconds)),
    };
    let least = |(size, score): &(u64, &Score)| {
        let seconds = score.timing?.seconds * score.roof?.fraction;
        Some((*size as f64, quantity(score, seconds)))
    };
    Curve {
        name: precision.map_or("-", Precision::word).to_owned(),
        look: Look::of(kernel, precision.unwrap_or(Precision::F32), Hue::Precision),
        points: members.iter().map(point).collect(),
        ceiling: members.iter().filter_map(least).collect(),
    }
}

/// What a case came to as a quantity of the seconds it took.
pub(super) fn outcome(score: &Score, of: impl Fn(f64) -> f64) -> Outcome {
    let Some(timing) = score.timing else {
        return Outcome::Failed;
    };
    if score.physics == Physics::Impossible {
        return Outcome::Impossible(of(timing.seconds));
    }
    let ends = [of(timing.low), of(timing.high)];
    Outcome::Measured {
        value: of(timing.seconds),
        low: ends[0].min(ends[1]),
        high: ends[0].max(ends[1]),
    }
}

/// The extents that are swept; of one alone what it means.
fn sizes_name(family: &Family<'_>) -> String {
    let kernel = find(&family.members[0].1.case.kernel);
    let meaning = |name: &str| {
        let extents = kernel.map_or(&[][..], |kernel| kernel.extents);
        extents
            .iter()
            .find(|(extent, _)| *extent == name)
            .map(|(_, meaning)| *meaning)
    };
    match family.swept[..] {
        [name] => meaning(name).map_or_else(|| name.to_owned(), |meaning| format!("{name}: {meaning}")),
        _ => family.swept.join(" = "),
    }
}
