//! The working-set curve: memory bandwidth against the bytes that one dispatch touches. Where one cache ends and the next
//! begins is for the reader to see: nothing is drawn there.

use std::collections::BTreeMap;

use super::sweeps::outcome;
use super::{Picture, device, is_memory_ceiling, kernels, provenance};
use crate::kernels::{Cache, Precision};
use crate::normalise::{Score, Scores};
use crate::record::Session;
use crate::report::plot::{Curve, CurveChart, CurvePanel, CurvePoint, CurveRow, Hue, Look, Sizes};
use crate::units::Unit;

pub(super) const NAME: &str = "working-set";
const TITLE: &str = "Working-set curve: memory bandwidth against size";
/// Sizes that make a curve.
const LEAST: usize = 2;

/// Nothing where no kernel was measured at two sizes.
pub(super) fn picture(session: &Session, scores: &Scores) -> Option<Picture> {
    let ceilings = || scores.rows.iter().filter(|score| is_memory_ceiling(&score.case));
    let kernels = kernels(ceilings().map(|score| &score.case));
    let place = |score: &Score| kernels.iter().position(|kernel| *kernel == score.case.kernel);
    let mut series: BTreeMap<(usize, Precision, &str), Vec<&Score>> = BTreeMap::new();
    for score in ceilings() {
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
        points: points(&scores),
        ceiling: Vec::new(),
    });
    let row = CurveRow {
        title: "memory traffic by working set".to_owned(),
        note: String::new(),
        sizes_name: "bytes that one dispatch reads and writes, all buffers together".to_owned(),
        sizes: Sizes::Bytes,
        panels: vec![CurvePanel {
            title: "bandwidth".to_owned(),
            unit: Unit::BytePerSecond,
            curves: curves.collect(),
        }],
    };
    Some(Picture {
        name: NAME,
        title: TITLE,
        drawing: CurveChart {
            title: TITLE.to_owned(),
            subtitle: device(&session.header),
            rows: vec![row],
            footer: vec![
                "A mark is the median of a case with its interval, which is not drawn where the mark would hide it; every answer is \
             proved. \
                 The same buffers are used again and again, so what fits into a cache is served from it; small sizes also \
                 pay for starting the dispatch."
                    .to_owned(),
                provenance(&session.header),
            ],
        }
        .draw(),
    })
}

/// In ascending order of the working set.
fn points(scores: &[&Score]) -> Vec<CurvePoint> {
    let mut sorted = scores.to_vec();
    sorted.sort_by_key(|score| score.work.bytes());
    let point = |score: &&Score| CurvePoint {
        size: score.work.bytes() as f64,
        outcome: outcome(score, |seconds| score.work.bytes() as f64 / seconds),
    };
    sorted.iter().map(point).collect()
}
