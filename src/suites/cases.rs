//! The cases of each suite.

use super::Scale;
use super::model::{Model, model};
use crate::kernels::{Cache, Case, Precision, Shape};

pub(super) const KIB: u64 = 1 << 10;
pub(super) const MIB: u64 = 1 << 20;

/// The precision of the ceilings, of the sweeps, and of everything else for comparison.
const FULL: Precision = Precision::F32;
/// What an accelerator is sold on.
const HALVES: [Precision; 2] = [Precision::F16, Precision::Bf16];

/// Products in every layout, precision and number, a few of each.
const PRODUCTS: [&str; 7] = [
    "matmul/f32/nt/k=256,m=256,n=256/hot",
    "matmul/f32/nt/k=512,m=1,n=1024/hot",
    "matmul/f32/tn/k=256,m=256,n=256/hot",
    "matmul/i8/nt/k=256,m=256,n=256/hot",
    "matmul_w8/f16/nt/k=512,m=16,n=512/hot",
    "batched_matmul/f32/nn/b=8,k=64,m=64,n=64/hot",
    "grouped_matmul/bf16/nt/g=8,k=128,m=16,n=128/hot",
];

/// Every kernel, every precision, at sizes that take milliseconds.
pub(super) fn smoke(_: Scale) -> Vec<Case> {
    let memory = [
        ("copy", vec![64 * KIB, 8 * MIB]),
        ("read", vec![64 * KIB, MIB, 8 * MIB]),
        ("triad", vec![64 * KIB, 8 * MIB]),
        ("write", vec![MIB]),
    ];
    let mut cases = ceilings(&memory, MIB, 1 << 14, 1024);
    let shapes = [
        (64, 64, 64),
        (256, 256, 256),
        (127, 129, 131),
        (1, 1024, 512),
        (16, 512, 512),
        (100, 1, 1000),
    ];
    cases.extend(shapes.map(|(m, n, k)| matmul(FULL, m, n, k)));
    cases.extend(HALVES.map(|precision| matmul(precision, 256, 256, 256)));
    cases.extend(PRODUCTS.map(|name| name.parse().expect("a test parses it")));
    cases.extend(each_precision(|precision| prefill(precision, 4, 1, 96)));
    cases.extend(each_precision(|precision| decode(precision, 4, 1, 1000)));
    cases
}

/// Ceilings from well inside the caches to well outside, square products from small to large, what one layer of a model
/// does for a prompt and for one more token, and attention over ever longer contexts.
pub(super) fn standard(scale: Scale) -> Vec<Case> {
    let largest = scale.of(256 * MIB);
    let levels = || ladder(64 * KIB, 8, largest);
    let memory = [
        ("copy", levels()),
        ("read", ladder(16 * KIB, 4, largest)),
        ("triad", levels()),
        ("write", vec![64 * KIB, largest]),
    ];
    // As many elements as the largest of f32: the host works out every one of them.
    let mut cases = ceilings(&memory, largest / 2, scale.of(1 << 20), 1024);
    let squares = ladder(64, 2, scale.of(4096).max(1024));
    cases.extend(squares.into_iter().map(|n| matmul(FULL, n, n, n)));
    cases.push(matmul(FULL, 509, 503, 521));
    cases.extend(model("Llama-3-8B").into_iter().flat_map(|model| layer(model, scale)));
    cases
}

/// Products of a layer, then its attention.
///
/// Reading a prompt scales with tokens and heads. Decoding keeps its heads and scales with the context alone, so that keys
/// and values outgrow the caches at every scale: 256 MiB of them in f32 at full scale, 32 MiB at an eighth.
fn layer(model: &Model, scale: Scale) -> Vec<Case> {
    let mut cases = products(model, scale, FULL).to_vec();
    let (tokens, hidden) = (scale.of(512), scale.of(model.hidden));
    cases.push(matmul(FULL, tokens, scale.of(model.feed_forward), hidden));
    for precision in HALVES {
        // Larger ones take the host minutes to work out in f64.
        let square = scale.of(4096).min(2048);
        cases.push(matmul(precision, square, square, square));
        cases.extend(products(model, scale, precision));
    }
    let (hq, hkv) = (scale.of(model.q_heads), scale.of(model.kv_heads));
    cases.extend(each_precision(|precision| prefill(precision, hq, hkv, scale.of(2048))));
    let contexts = ladder(scale.of(1 << 10), 2, scale.of(1 << 15));
    let decode = |precision, context| decode(precision, model.q_heads, model.kv_heads, context);
    cases.extend(contexts.into_iter().map(|context| decode(FULL, context)));
    cases.extend(HALVES.map(|precision| decode(precision, scale.of(1 << 15))));
    cases
}

/// The output projection of attention for 512 tokens, and the gate for one.
fn products(model: &Model, scale: Scale, precision: Precision) -> [Case; 2] {
    let (tokens, hidden, feed_forward) = (scale.of(512), scale.of(model.hidden), scale.of(model.feed_forward));
    [
        matmul(precision, tokens, hidden, hidden),
        matmul(precision, 1, feed_forward, hidden),
    ]
}

/// Memory traffic at sizes of one buffer from 8 KiB to beyond the last cache, every chain of arithmetic, and what else
/// bounds a kernel or moves its data.
pub(super) fn every_ceiling(scale: Scale) -> Vec<Case> {
    let (largest, chains) = (scale.of(512 * MIB), scale.of(1 << 20));
    let memory = ["copy", "read", "triad", "write"].map(|kernel| (kernel, ladder(8 * KIB, 8, largest)));
    let mut cases = ceilings(&memory, MIB, chains, 1024);
    let chain = |kernel, precision, layout| Case::hot(kernel, precision, layout, &[("n", chains), ("steps", 1024)]);
    cases.extend([
        chain("fma", Precision::F64, "affine"),
        chain("fma", Precision::F64, "square"),
        chain("mad", Precision::I32, ""),
        chain("mad", Precision::I8, ""),
    ]);
    let of = |kernel, precision, layout, n, steps| Case::hot(kernel, precision, layout, &[("n", n), ("steps", steps)]);
    cases.push(of("workgroup_memory", Precision::I32, "", chains / 256, 1008));
    for bytes in [16 * KIB, MIB, largest / 2] {
        cases.push(of("chase", Precision::I32, "", bytes / 4, 1 << 17));
    }
    for layout in ["device", "upload", "download"] {
        cases.push(Case::hot("transfer", FULL, layout, &[("n", largest / 8)]));
    }
    cases.push(floor("submit"));
    cases
}

fn each_precision(case: impl Fn(Precision) -> Case) -> [Case; 3] {
    let [f16, bf16] = HALVES;
    [FULL, f16, bf16].map(case)
}

/// `first` and ever so many times more, as far as they are below `last`, and `last`.
pub(super) fn ladder(first: u64, factor: u64, last: u64) -> Vec<u64> {
    let steps = std::iter::successors(Some(first), |step| step.checked_mul(factor));
    steps.take_while(|step| *step < last).chain([last]).collect()
}

/// The floor; every kernel of `memory` at its sizes of one buffer in f32, and at one size in f16; the chains.
pub(super) fn ceilings(memory: &[(&str, Vec<u64>)], half: u64, chains: u64, steps: u64) -> Vec<Case> {
    let mut cases = vec![floor("empty")];
    for (kernel, sizes) in memory {
        let of =
            |precision: Precision, bytes: u64| Case::hot(kernel, precision, "", &[("n", bytes / precision.bytes())]);
        cases.extend(sizes.iter().map(|bytes| of(FULL, *bytes)));
        cases.push(of(Precision::F16, half));
    }
    let chain = |precision, layout| Case::hot("fma", precision, layout, &[("n", chains), ("steps", steps)]);
    cases.extend([
        chain(FULL, "affine"),
        chain(FULL, "square"),
        chain(Precision::F16, "affine"),
    ]);
    cases
}

/// A kernel without data.
fn floor(kernel: &str) -> Case {
    Case {
        kernel: kernel.to_owned(),
        precision: None,
        layout: String::new(),
        shape: Shape::default(),
        cache: Cache::Hot,
    }
}

fn matmul(precision: Precision, m: u64, n: u64, k: u64) -> Case {
    Case::hot("matmul", precision, "nn", &[("m", m), ("n", n), ("k", k)])
}

/// A prompt of so many tokens, each of which sees those before it; heads of 128 elements, as most models have them.
fn prefill(precision: Precision, hq: u64, hkv: u64, tokens: u64) -> Case {
    let extents = [
        ("b", 1),
        ("hq", hq),
        ("hkv", hkv),
        ("sq", tokens),
        ("skv", tokens),
        ("d", 128),
        ("dv", 128),
    ];
    Case::hot("attention_prefill", precision, "causal", &extents)
}

/// One more token after so many.
fn decode(precision: Precision, hq: u64, hkv: u64, context: u64) -> Case {
    let extents = [
        ("b", 1),
        ("hq", hq),
        ("hkv", hkv),
        ("skv", context),
        ("d", 128),
        ("dv", 128),
    ];
    Case::hot("attention_decode", precision, "", &extents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ladder_ends_where_it_should() {
        assert_eq!(ladder(16, 4, 1024), [16, 64, 256, 1024]);
        assert_eq!(ladder(16, 4, 1000), [16, 64, 256, 1000]);
        assert_eq!(ladder(16, 4, 16), [16]);
        assert_eq!(ladder(16, 4, 8), [8]);
    }

    /// The pictures of sweeps and of the working sets are drawn from these.
    #[test]
    fn the_sweeps_are_long_enough_to_draw() {
        for scale in [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth] {
            let cases = standard(scale);
            let count = |fits: &dyn Fn(&Case) -> bool| cases.iter().filter(|case| fits(case)).count();
            let square = |case: &Case| case.extent("m") == case.extent("n") && case.extent("n") == case.extent("k");
            assert!(count(&|case| case.kernel == "matmul" && case.precision == Some(FULL) && square(case)) >= 5);
            assert!(count(&|case| case.kernel == "attention_decode" && case.precision == Some(FULL)) >= 6);
            assert!(count(&|case| case.kernel == "read" && case.precision == Some(FULL)) >= 7);
            assert!(count(&|case| case.kernel == "copy" && case.precision == Some(FULL)) >= 4);
        }
    }

    #[test]
    fn heads_keep_their_size_and_their_groups() {
        for scale in [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth] {
            for case in standard(scale)
                .iter()
                .filter(|case| case.kernel.starts_with("attention"))
            {
                assert_eq!(case.extent("hq"), 4 * case.extent("hkv"), "{case}");
                assert_eq!((case.extent("d"), case.extent("dv")), (128, 128), "{case}");
            }
        }
    }

    #[test]
    fn keys_and_values_outgrow_what_the_largest_read_is_of() {
        for scale in [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth] {
            let longest = standard(scale)
                .into_iter()
                .filter(|case| case.kernel == "attention_decode" && case.precision == Some(FULL))
                .map(|case| 2 * case.extent("hkv") * case.extent("skv") * case.extent("d") * case.element_bytes())
                .max();
            assert!(longest >= Some(scale.of(256 * MIB)), "{longest:?}");
        }
    }
}
