//! Measured ratio: the rate here over the rate that somebody measured elsewhere, where the work is alike.
//!
//! *Alike* means: the same kernel, precision, causality and head dimensions, and every other extent within a factor of the
//! square root of 2. What a row does not state cannot be alike, with one exception: no source states how the operands of
//! a matrix product lie in memory, so rows of products stand beside every layout.
//!
//! Never compared: rejected rows; maxima over a sweep of shapes, since a case here is one shape; sparse attention and
//! sequences of varying length; and memory copies, collectives and serving, whose sources do not say what they count.

use super::paper::published_precision;
use crate::kernels::work::visible_pairs;
use crate::kernels::{Case, Shape, Work, work_of};
use crate::published::{Measured, MeasuredKernel, MeasuredMetric, Published, Standing};

/// A case against one published measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredRatio {
    /// Id of the chip that was measured.
    pub chip: String,
    /// Operations per second here over operations per second there, both counted as here.
    pub ratio: f64,
    /// Id of the measurement.
    pub measurement: String,
    /// Id of its source.
    pub source: String,
    /// The shape that was measured, as the source's row gives it.
    pub shape: String,
    /// Whether the measurement is doubted: chip inferred, method doubtful, or normalised by its source.
    pub disputed: bool,
}

/// Sources that print only the best of a search over shapes, without the word `sweep` in the shape of a row.
const BEST_OF_SEARCH: &[&str] = &["stas00-ml-engineering"];

/// Every published measurement that is alike to a case which took `seconds` here, in the order of the data set.
#[must_use]
pub fn measured_ratios(case: &Case, seconds: f64, published: &Published) -> Vec<MeasuredRatio> {
    let Some(here) = work_of(case).filter(|work| work.operations > 0) else {
        return Vec::new();
    };
    let alike: Vec<&Measured> = published.measured.iter().filter(|row| is_alike(case, row)).collect();
    let mut ratios = Vec::new();
    for row in &alike {
        let told_better = alike.iter().any(|other| says_more(other, row));
        if let Some(there) = rate(case, row).filter(|_| !told_better) {
            ratios.push(MeasuredRatio {
                chip: row.chip.clone(),
                ratio: here.operations as f64 / seconds / there,
                measurement: row.id.clone(),
                source: row.source.clone(),
                shape: row.shape.clone(),
                disputed: row.standing == Standing::Disputed,
            });
        }
    }
    ratios
}

/// Whether two rows are of one run, and the first is nearer to what was observed there.
fn says_more(first: &Measured, second: &Measured) -> bool {
    let same_run = (&first.chip, &first.source, &first.shape, &first.software)
        == (&second.chip, &second.source, &second.shape, &second.software);
    same_run && rank(first.metric) < rank(second.metric)
}

/// A time is what a clock said; rates were computed from it by somebody's count.
const fn rank(metric: MeasuredMetric) -> u8 {
    match metric {
        MeasuredMetric::Time => 0,
        MeasuredMetric::Throughput => 1,
        MeasuredMetric::Bandwidth | MeasuredMetric::TokensPerSecond => 2,
    }
}

/// Whether a row is of the same kind of work as the case, and of a shape that is near enough.
fn is_alike(case: &Case, row: &Measured) -> bool {
    let believed = row.standing != Standing::Rejected && !BEST_OF_SEARCH.contains(&row.source.as_str());
    let precision = case.precision.and_then(published_precision);
    believed
        && operation(row.kernel) == Some(case.kernel.as_str())
        && (row.precision.is_some() && row.precision == precision)
        && same_mask(case, row)
        && case.shape.extents().all(|(name, here)| is_near(row, name, here))
        && row.shape.split(',').all(|part| is_plain(part, case))
}

/// The operation that a published kernel is.
const fn operation(kernel: MeasuredKernel) -> Option<&'static str> {
    match kernel {
        MeasuredKernel::Gemm => Some("matmul"),
        MeasuredKernel::GroupedGemm => Some("grouped_matmul"),
        MeasuredKernel::AttentionPrefill => Some("attention_prefill"),
        MeasuredKernel::AttentionDecode => Some("attention_decode"),
        MeasuredKernel::MlaDecode => Some("latent_decode"),
        MeasuredKernel::MemoryCopy | MeasuredKernel::Allreduce | MeasuredKernel::Serving | MeasuredKernel::Other => {
            None
        }
    }
}

/// Head dimensions are a kernel of their own each; everything else may differ by the square root of 2.
fn is_near(row: &Measured, name: &str, here: u64) -> bool {
    extent(row, name).is_some_and(|there| match name {
        "d" | "dv" => here == there,
        _ => within_root_two(here, there),
    })
}

/// An operation whose layout is no mask has one query, which sees every key.
fn same_mask(case: &Case, row: &Measured) -> bool {
    match case.layout.as_str() {
        "causal" => row.dimension("causal") == Some("1"),
        "full" => row.dimension("causal") == Some("0"),
        _ => true,
    }
}

/// An extent of a row. Values have the length of keys where only those are given.
fn extent(row: &Measured, name: &str) -> Option<u64> {
    let given = row.dimension(name);
    match name {
        "dv" => given.or_else(|| row.dimension("d")),
        _ => given,
    }?
    .parse()
    .ok()
}

/// What a part of a row's shape may be beside the extents of the case: the mask, that sequences have one length, a single
/// query where the operation has no other, one set of latents for all heads, and how the rows of groups lie, which is
/// not work.
fn is_plain(part: &str, case: &Case) -> bool {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    match name {
        "causal" => true,
        "varlen" | "sparse" => value == "0",
        "sq" | "hkv" if case.shape.names().all(|of_case| of_case != name) => value == "1",
        "layout" => case.kernel == "grouped_matmul",
        _ => case.shape.names().any(|of_case| of_case == name),
    }
}

/// Whether the larger of two extents is at most the square root of 2 times the smaller, exactly.
fn within_root_two(a: u64, b: u64) -> bool {
    let square = |extent: u64| u128::from(extent).pow(2);
    square(a.max(b)) <= 2 * square(a.min(b))
}

/// Operations per second there, counted as here. None where the source's count is not known.
fn rate(case: &Case, row: &Measured) -> Option<f64> {
    let there = counterpart(case, row)?;
    let Work { operations, .. } = work_of(&there)?;
    let seconds = match row.metric {
        MeasuredMetric::Time => row.value.value(),
        MeasuredMetric::Throughput => operations as f64 * counted_there(&there) / row.value.value(),
        // FlashMLA's test counts queries, latents and outputs once each, as we do.
        MeasuredMetric::Bandwidth if row.kernel == MeasuredKernel::MlaDecode => {
            work_of(&there)?.bytes() as f64 / row.value.value()
        }
        MeasuredMetric::Bandwidth | MeasuredMetric::TokensPerSecond => return None,
    };
    Some(operations as f64 / seconds)
}

/// The case with the extents of the row.
fn counterpart(case: &Case, row: &Measured) -> Option<Case> {
    let extents: Option<Vec<_>> = case
        .shape
        .names()
        .map(|name| Some((name, extent(row, name)?)))
        .collect();
    Some(Case {
        shape: Shape::new(&extents?),
        ..case.clone()
    })
}

/// How many operations the sources of a kernel count for each of ours. Products are counted alike everywhere. Sources of
/// attention use the benchmark of FlashAttention, in which a causal mask halves all pairs of queries and keys; those of
/// latent decoding the test of FlashMLA, in which it leaves them whole. Both count 2 (d + dv) for a pair, as we do.
fn counted_there(there: &Case) -> f64 {
    if there.layout != "causal" {
        return 1.0;
    }
    let (sq, skv) = (there.extent("sq"), there.extent("skv"));
    let all = (sq * skv) as f64;
    let counted = if there.kernel == "attention_prefill" {
        all / 2.0
    } else {
        all
    };
    counted / visible_pairs(sq, skv, true) as f64
}
