//! Attention query by query. What the convention leaves out of the operations (the scale, the mask, the maximum,
//! exponentials, their sum, the quotient, and on the way back the step from dP to dS) stands in `uncounted`.

use onpar::kernels::{Case, Work};

use crate::meter::{Buffer, Number, assert_gradient, uncounted, walk};

struct Extents {
    b: u64,
    hq: u64,
    hkv: u64,
    sq: u64,
    skv: u64,
    d: u64,
    dv: u64,
    causal: bool,
}

impl Extents {
    fn of(case: &Case) -> Self {
        let or_one = |name| case.extent(name).max(1); // decoding has no sq, and latents are shared by all heads
        Self {
            b: case.extent("b"),
            hq: case.extent("hq"),
            hkv: or_one("hkv"),
            sq: or_one("sq"),
            skv: case.extent("skv"),
            d: case.extent("d"),
            dv: case.extent("dv"),
            causal: case.layout == "causal",
        }
    }

    /// Whether query i, one of the last sq positions, sees key j.
    fn sees(&self, i: u64, j: u64) -> bool {
        !self.causal || j as i64 <= self.skv as i64 - self.sq as i64 + i as i64
    }

    /// First element of a row of queries (or outputs, with `width` dv), and of keys (or values).
    fn query(&self, b: u64, h: u64, i: u64, width: u64) -> u64 {
        ((b * self.hq + h) * self.sq + i) * width
    }

    fn key(&self, b: u64, h: u64, j: u64, width: u64) -> u64 {
        ((b * self.hkv + h / (self.hq / self.hkv)) * self.skv + j) * width
    }

    fn each_query(&self, mut body: impl FnMut(u64, u64, u64)) {
        for b in 0..self.b {
            for h in 0..self.hq {
                for i in 0..self.sq {
                    body(b, h, i);
                }
            }
        }
    }
}

/// Sum of products of `length` elements from two places on.
fn inner(a: &Buffer, a0: u64, b: &Buffer, b0: u64, length: u64) -> Number {
    let mut sum = Number::ZERO;
    for l in 0..length {
        sum += a.get(a0 + l) * b.get(b0 + l);
    }
    sum
}

fn scaled(x: &Extents, value: Number) -> Number {
    value / Number((x.d as f64).sqrt())
}

fn softmax(scores: &[Number]) -> Vec<Number> {
    let maximum = scores.iter().fold(f64::NEG_INFINITY, |m, score| m.max(score.0));
    let powers: Vec<_> = scores.iter().map(|score| (*score - Number(maximum)).exp()).collect();
    let sum = powers.iter().fold(Number::ZERO, |sum, power| sum + *power);
    powers.into_iter().map(|power| power / sum).collect()
}

/// The keys that query (b, h, i) sees, and their probabilities.
fn probabilities(x: &Extents, q: &Buffer, k: &Buffer, [b, h, i]: [u64; 3]) -> (Vec<u64>, Vec<Number>) {
    let seen: Vec<_> = (0..x.skv).filter(|j| x.sees(i, *j)).collect();
    let score = |j: &u64| inner(q, x.query(b, h, i, x.d), k, x.key(b, h, *j, x.d), x.d);
    let scores: Vec<_> = seen.iter().map(score).collect();
    let probabilities = uncounted(|| softmax(&scores.iter().map(|s| scaled(x, *s)).collect::<Vec<_>>()));
    (seen, probabilities)
}

/// O = P V, where a row of values begins every `stride` elements.
fn forward(x: &Extents, [q, k, v, o]: [&Buffer; 4], stride: u64) {
    x.each_query(|b, h, i| {
        let (seen, p) = probabilities(x, q, k, [b, h, i]);
        for e in 0..x.dv {
            let mut sum = Number::ZERO;
            for (j, p) in seen.iter().zip(&p) {
                sum += *p * v.get(x.key(b, h, *j, stride) + e);
            }
            o.set(x.query(b, h, i, x.dv) + e, sum);
        }
    });
}

fn buffers(x: &Extents, bytes: u64) -> [Buffer; 4] {
    [
        Buffer::input(x.b * x.hq * x.sq * x.d, bytes),
        Buffer::input(x.b * x.hkv * x.skv * x.d, bytes),
        Buffer::input(x.b * x.hkv * x.skv * x.dv, bytes),
        Buffer::output(x.b * x.hq * x.sq * x.dv, bytes),
    ]
}

pub(crate) fn attention(case: &Case) -> Work {
    let x = Extents::of(case);
    let [q, k, v, o] = buffers(&x, case.element_bytes());
    walk(&[&q, &k, &v, &o], || forward(&x, [&q, &k, &v, &o], x.dv))
}

/// The latents are keys and values at once, so they are one buffer.
pub(crate) fn latent(case: &Case) -> Work {
    let x = Extents::of(case);
    let [q, latents, _, o] = buffers(&x, case.element_bytes());
    walk(&[&q, &latents, &o], || forward(&x, [&q, &latents, &latents, &o], x.d))
}

/// Gradients of queries, keys and values. The probabilities were never stored, so the scores are computed once more, and
/// that counts: no kernel of this kind does without it.
fn backward(x: &Extents, [q, k, v, o, d_o]: [&Buffer; 5], [d_q, d_k, d_v]: [&Buffer; 3]) {
    let mut sums = [d_q, d_k, d_v].map(|buffer| vec![Number::ZERO; buffer.values().len()]);
    x.each_query(|b, h, i| {
        let (q0, o0) = (x.query(b, h, i, x.d), x.query(b, h, i, x.dv));
        let (seen, p) = probabilities(x, q, k, [b, h, i]);
        let carried = uncounted(|| inner(d_o, o0, o, o0, x.dv));
        for (j, p) in seen.iter().zip(&p) {
            let (k0, v0) = (x.key(b, h, *j, x.d), x.key(b, h, *j, x.dv));
            let d_p = inner(d_o, o0, v, v0, x.dv);
            let d_s = uncounted(|| scaled(x, *p * (d_p - carried)));
            for e in 0..x.dv {
                sums[2][(v0 + e) as usize] += *p * d_o.get(o0 + e);
            }
            for e in 0..x.d {
                sums[0][(q0 + e) as usize] += d_s * k.get(k0 + e);
                sums[1][(k0 + e) as usize] += d_s * q.get(q0 + e);
            }
        }
    });
    for (buffer, sums) in [d_q, d_k, d_v].into_iter().zip(sums) {
        for (index, sum) in (0..).zip(sums) {
            buffer.set(index, sum);
        }
    }
}

pub(crate) fn attention_backward(case: &Case) -> Work {
    let x = Extents::of(case);
    let bytes = case.element_bytes();
    let [q, k, v, o] = buffers(&x, bytes);
    forward(&x, [&q, &k, &v, &o], x.dv);
    let o = Buffer::of(o.values(), bytes);
    let [q, k, v] = [q, k, v].map(|touched| Buffer::of(touched.values(), bytes));
    let d_o = Buffer::input(o.values().len() as u64, bytes);
    let gradients = [&q, &k, &v].map(|of| Buffer::output(of.values().len() as u64, bytes));
    let [d_q, d_k, d_v] = &gradients;
    let work = walk(&[&q, &k, &v, &o, &d_o, d_q, d_k, d_v], || {
        backward(&x, [&q, &k, &v, &o, &d_o], [d_q, d_k, d_v]);
    });
    let inputs = [q.values(), k.values(), v.values()];
    for (place, gradient) in gradients.iter().enumerate() {
        assert_gradient(&inputs[place], &gradient.values(), |at| {
            let mut moved = inputs.clone();
            moved[place] = at.to_vec();
            let [q, k, v] = moved.map(|values| Buffer::of(values, bytes));
            let out = Buffer::output(o.values().len() as u64, bytes);
            forward(&x, [&q, &k, &v, &out], x.dv);
            dot(&out.values(), &d_o.values())
        });
    }
    work
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
