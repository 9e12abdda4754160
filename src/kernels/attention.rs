//! What prefill and decode have in common: the reference, its tolerance, and access to vectors in any storage precision.

use super::wgsl::narrow;
use super::work::Attention;
use super::{Buffer, Case, Expected, Precision, Role};
use crate::parallel::chunked;

/// How far an answer may be from the reference.
pub(super) const TOLERANCE: &str = "within what the error of each score (a product of depth d, as of a matrix product), \
     WGSL's bound on exp and the roundings of the sums move an output by, each weight in proportion to how far its value is \
     from the result";
pub(super) const ONLINE_SOFTMAX: &str =
    "Milakov and Gimelshein, Online normalizer calculation for softmax, 2018, arXiv:1805.02867";
pub(super) const GROUPED_QUERIES: &str =
    "Ainslie and others, GQA: training generalized multi-query transformer models, 2023, arXiv:2305.13245";

/// Precisions that attention can be stored in; it computes in f32.
pub(super) const PRECISIONS: &[Precision] = &[Precision::F32, Precision::F16, Precision::Bf16];
pub(super) const ROLE: Role = Role::Workload;

/// The shape of a case; decode has one query.
pub(super) fn shape(case: &Case) -> Attention {
    let [b, hq, hkv, skv, d, dv] = ["b", "hq", "hkv", "skv", "d", "dv"].map(|name| case.extent(name));
    Attention {
        b,
        hq,
        hkv,
        sq: case.extent("sq").max(1),
        skv,
        d,
        dv,
        causal: case.layout == "causal",
    }
}

/// What the kernels ask of a shape: heads that share evenly, vectors of four, and under a causal mask a key for every
/// query.
pub(super) fn admits(case: &Case) -> Result<(), String> {
    let of = shape(case);
    if !of.hq.is_multiple_of(of.hkv) {
        return Err(format!("hq={} is not a multiple of hkv={}", of.hq, of.hkv));
    }
    if !of.d.is_multiple_of(4) || !of.dv.is_multiple_of(4) || of.d > 256 || of.dv > 256 {
        return Err("d and dv must be multiples of 4, at most 256".to_owned());
    }
    if of.causal && of.sq > of.skv {
        return Err(format!(
            "with a causal mask sq={} must not exceed skv={}",
            of.sq, of.skv
        ));
    }
    Ok(())
}

/// Vectors of four in a query or key, and in a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) d4: u32,
    pub(super) dv4: u32,
}

impl Sizes {
    pub(super) fn new(of: &Attention) -> Self {
        let vectors = |extent: u64| narrow(extent / 4);
        Self {
            d4: vectors(of.d),
            dv4: vectors(of.dv),
        }
    }

    pub(super) fn longest(self) -> u32 {
        self.d4.max(self.dv4)
    }
}

/// Queries, keys, values, output.
pub(super) fn buffers(case: &Case) -> Vec<Buffer> {
    let of = shape(case);
    let precision = case.precision.unwrap_or(Precision::F32);
    let input = |elements| Buffer::input(elements, precision, -1.0, 1.0);
    vec![
        input(of.b * of.hq * of.sq * of.d),
        input(of.b * of.hkv * of.skv * of.d),
        input(of.b * of.hkv * of.skv * of.dv),
        Buffer::output(of.b * of.hq * of.sq * of.dv, precision),
    ]
}

/// Row by row: scores, softmax, weighted sum of the values.
pub(super) fn reference(case: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let of = shape(case);
    let stored = case.precision.map_or(0.0, Precision::unit_roundoff);
    let [hq, hkv, sq, skv, d, dv] = [of.hq, of.hkv, of.sq, of.skv, of.d, of.dv].map(size);
    let rows: Vec<usize> = (0..size(of.b) * hq * sq).collect();
    let one = |row: &usize| {
        let (head, query) = (row / sq, row % sq);
        let kv = head / hq * hkv + head % hq / (hq / hkv);
        let seen = if of.causal { query + skv - sq + 1 } else { skv };
        let keys = &inputs[1][kv * skv * d..][..seen * d];
        let values = &inputs[2][kv * skv * dv..][..seen * dv];
        Row::new(&inputs[0][row * d..][..d], keys).outputs(values, dv, stored)
    };
    vec![chunked(&rows, 1, |rows| rows.iter().flat_map(one).collect())]
}

fn size(extent: u64) -> usize {
    usize::try_from(extent).unwrap_or(usize::MAX)
}

/// The softmax of one query row, and how far each weight may be off.
struct Row {
    weights: Vec<f64>,
    /// Relative error of each weight before they are divided by their sum, in roundoffs of f32.
    errors: Vec<f64>,
}

impl Row {
    /// A score is an inner product of d terms and a scaling: off by min(d, 8 sqrt d) + 2 roundoffs of |q| |k| / sqrt d
    /// (as in matmul.rs), which is an absolute error of the exponent and so a relative one of the weight. WGSL lets
    /// exp(x) be off by 3 + 2 |x| units in the last place, two roundoffs each. Each time that a larger score is met all
    /// weights are multiplied by one more exponential; 16 covers what that adds for scores that come in any order.
    fn new(query: &[f64], keys: &[f64]) -> Self {
        let d = query.len() as f64;
        let scale = 1.0 / d.sqrt();
        let norm = |vector: &[f64]| vector.iter().map(|x| x * x).sum::<f64>().sqrt();
        let length = norm(query);
        let scored = keys.chunks_exact(query.len()).map(|key| {
            let score = scale * query.iter().zip(key).map(|(q, k)| q * k).sum::<f64>();
            (score, (d.min(8.0 * d.sqrt()) + 2.0) * length * norm(key) * scale)
        });
        let scored: Vec<(f64, f64)> = scored.collect();
        let largest = scored.iter().map(|(score, _)| *score).fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = scored.iter().map(|(score, _)| (score - largest).exp()).collect();
        let sum: f64 = weights.iter().sum();
        let error = |(score, error): &(f64, f64)| error + 2.0 * (3.0 + 2.0 * (score - largest).abs()) + 16.0;
        Self {
            errors: scored.iter().map(error).collect(),
            weights: weights.into_iter().map(|weight| weight / sum).collect(),
        }
    }

    /// A weight that is off by a fraction r moves the output by w r (v - o), since the sum of weights moves too; sums
    /// of n terms, above and below the line, add 8 sqrt n roundoffs of their magnitudes (as in matmul.rs). Storing the
    /// result rounds once more.
    fn outputs(&self, values: &[f64], dv: usize, stored: f64) -> Vec<Expected> {
        let roundoff = Precision::F32.unit_roundoff();
        let n = self.weights.len() as f64;
        let sums = n.min(8.0 * n.sqrt()) + 4.0;
        let error_of_sum: f64 = self.weights.iter().zip(&self.errors).map(|(w, e)| w * e).sum();
        let column = |column: usize| {
            let (mut value, mut magnitude, mut moved) = (0.0, 0.0, 0.0);
            for ((weight, error), row) in self.weights.iter().zip(&self.errors).zip(values.chunks_exact(dv)) {
                let v = row[column];
                value += weight * v;
                magnitude += weight * v.abs();
                moved += weight * error * v.abs();
            }
            let moved = moved + error_of_sum * f64::abs(value);
            Expected {
                value,
                tolerance: roundoff * (moved + sums * (magnitude + value.abs())) + stored * value.abs(),
            }
        };
        (0..dv).map(column).collect()
    }
}

/// WGSL that reads vectors of four as f32: a binding called `name` and a function `load_name(i)`.
pub(super) fn vectors(name: &str, binding: u32, precision: Precision) -> String {
    let (stored, read) = match precision {
        Precision::F16 => ("vec4<f16>", format!("vec4<f32>({name}[i])")),
        // A bf16 number is the upper half of an f32.
        Precision::Bf16 => (
            "vec2<u32>",
            format!(
                "bitcast<vec4<f32>>(vec4<u32>({name}[i].x << 16u, {name}[i].x & 0xffff0000u, {name}[i].y << 16u, {name}[i].y & 0xffff0000u))"
            ),
        ),
        _ => ("vec4<f32>", format!("{name}[i]")),
    };
    format!(
        "@group(0) @binding({binding}) var<storage, read> {name}: array<{stored}>;
fn load_{name}(i: u32) -> vec4<f32> {{ return {read}; }}
"
    )
}

/// WGSL that stores a vector of four f32 in the precision of the output: a binding called `o` and `store_o(i, value)`.
pub(super) fn output(binding: u32, precision: Precision) -> String {
    let (stored, write) = match precision {
        Precision::F16 => ("vec4<f16>", "vec4<f16>(value)"),
        Precision::Bf16 => ("vec2<u32>", "pack_bf16(value)"),
        _ => ("vec4<f32>", "value"),
    };
    let pack = if precision == Precision::Bf16 { PACK_BF16 } else { "" };
    format!(
        "@group(0) @binding({binding}) var<storage, read_write> o: array<{stored}>;
{pack}fn store_o(i: u32, value: vec4<f32>) {{ o[i] = {write}; }}
"
    )
}

/// Rounds to nearest, ties to even. NaN would need care; there is none among proved results.
const PACK_BF16: &str = "\
fn pack_bf16(value: vec4<f32>) -> vec2<u32> {
    let bits = bitcast<vec4<u32>>(value);
    let rounded = (bits + vec4<u32>(0x7fffu) + ((bits >> vec4<u32>(16u)) & vec4<u32>(1u))) >> vec4<u32>(16u);
    return vec2<u32>(rounded.x | (rounded.y << 16u), rounded.z | (rounded.w << 16u));
}
";
