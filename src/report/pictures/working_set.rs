//! The working-set curve: memory bandwidth against the bytes that one dispatch touches. Where one cache ends and the next
//! begins is for the reader to see: nothing is drawn there.

use std::collections::BTreeMap;

use super::sweeps::outcome;
use super::{Picture, curves, is_memory_ceiling, kernels};
use crate::kernels::{Cache, Precision, Role};
use crate::normalise::{Score, Scores};
use crate::record::Session;
use crate::report::plot::{Curve, CurvePanel, CurvePoint, CurveRow, Hue, Look, Sizes};
use crate::units::Unit;

pub(super) const NAME: &str = "working-set";
const TITLE: &str = "Working-set curve: memory bandwidth and latency against size";
/// Sizes that make a curve.
const LEAST: usize = 2;

/// Nothing where no kernel was measured at two sizes.
pub(super) fn picture(session: &Session, scores: &Scores) -> Option<Picture> {
    let rows = [&BANDWIDTH, &LATENCY].into_iter().filter_map(|kind| row(scores, kind));
    let footer = "The same buffers are used again and again, so what fits into a cache is served from it; small sizes also \
                  pay for starting the dispatch.";
    curves(&session.header, (NAME, TITLE), rows.collect(), footer)
}

/// Which cases make a curve, and what of them.
struct Kind {
    title: &'static str,
    sizes: &'static str,
    quantity: &'static str,
    unit: Unit,
    counts: fn(&Score) -> bool,
    /// The working set in bytes.
    size: fn(&Score) -> u64,
    /// The value of a score that took so many seconds.
    value: fn(&Score, f64) -> f64,
}

static BANDWIDTH: Kind = Kind {
    title: "memory traffic by working set",
    sizes: "bytes that one dispatch reads and writes, all buffers together",
    quantity: "bandwidth",
    unit: Unit::BytePerSecond,
    counts: |score| is_memory_ceiling(&score.case),
    size: |score| score.work.bytes(),
    value: |score, seconds| score.work.bytes() as f64 / seconds,
};

static LATENCY: Kind = Kind {
    title: "latency by working set",
    sizes: "bytes of the buffer that is walked through",
    quantity: "time of one load that waits for the one before",
    unit: Unit::Second,
    counts: |score| score.role() == Role::Latency,
    size: |score| score.case.extent("n") * score.case.element_bytes(),
    value: |score, seconds| seconds / score.work.operations.max(1) as f64,
};

fn row(scores: &Scores, kind: &Kind) -> Option<CurveRow> {
    let counted = || scores.rows.iter().filter(|score| (kind.counts)(score));
    let kernels = kernels(counted().map(|score| &score.case));
    let place = |score: &Score| kernels.iter().position(|kernel| *kernel == score.case.kernel);
    let mut series: BTreeMap<(usize, Precision, &str), Vec<&Score>> = BTreeMap::new();
    for score in counted() {
        if let Some((place, precision)) = place(score).zip(score.case.precision) {
            let cache = score.case.cache.word();
            series.entry((place, precision, cache)).or_default().push(score);
        }
    }
    let measured = |scores: &Vec<&Score>| scores.iter().filter(|score| score.timing.is_some()).count();
    if series.values().map(measured).max().unwrap_or_default() < LEAST {
        return None;
    }
    let one_mode = series.keys().all(|(_, _, cache)| *cache == Cache::Hot.word());
    let curves = series.into_iter().map(|((place, precision, cache), scores)| Curve {
        name: [kernels[place], precision.word(), if one_mode { "" } else { cache }]
            .join(" ")
            .trim_end()
            .to_owned(),
        look: Look::of(place, precision, Hue::Kernel),
        points: points(&scores, kind),
        ceiling: Vec::new(),
    });
    Some(CurveRow {
        title: kind.title.to_owned(),
        note: String::new(),
        sizes_name: kind.sizes.to_owned(),
        sizes: Sizes::Bytes,
        panels: vec![CurvePanel {
            title: kind.quantity.to_owned(),
            unit: kind.unit,
            curves: curves.collect(),
        }],
    })
}

/// In ascending order of the working set.
fn points(scores: &[&Score], kind: &Kind) -> Vec<CurvePoint> {
    let mut sorted = scores.to_vec();
    sorted.sort_by_key(|score| (kind.size)(score));
    let point = |score: &&Score| CurvePoint {
        size: (kind.size)(score) as f64,
        outcome: outcome(score, |seconds| (kind.value)(score, seconds)),
    };
    sorted.iter().map(point).collect()
}
