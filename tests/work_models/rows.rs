//! What memory binds, row by row. What a forward kernel has computed already (roots, exponentials and their sums) is
//! computed once more on the way back in `uncounted`, since repeating is not work; finding a maximum is comparisons.

use onpar::kernels::{Case, Work};

use crate::attention::dot;
use crate::meter::{Buffer, Number, assert_gradient, uncounted, walk};

const EPSILON: Number = Number(1e-6);

pub(crate) fn add(case: &Case) -> Work {
    let (n, bytes) = (case.extent("n"), case.element_bytes());
    let (a, b, y) = (
        Buffer::input(n, bytes),
        Buffer::input(n, bytes),
        Buffer::output(n, bytes),
    );
    walk(&[&a, &b, &y], || {
        for i in 0..n {
            y.set(i, a.get(i) + b.get(i));
        }
    })
}

fn extents(case: &Case) -> (u64, u64, u64) {
    (case.extent("rows"), case.extent("width"), case.element_bytes())
}

/// 1 / sqrt(mean(x^2) + epsilon) of a row; the mean is the sum times a constant.
fn root(x: &Buffer, first: u64, width: u64) -> Number {
    let mut sum = Number::ZERO;
    for i in first..first + width {
        sum += x.get(i) * x.get(i);
    }
    Number::ONE / (sum * Number(1.0 / width as f64) + EPSILON).sqrt()
}

fn normalise(x: &Buffer, w: &Buffer, y: &Buffer, rows: u64, width: u64) {
    for row in 0..rows {
        let r = root(x, row * width, width);
        for i in 0..width {
            y.set(row * width + i, x.get(row * width + i) * r * w.get(i));
        }
    }
}

pub(crate) fn rms_norm(case: &Case) -> Work {
    let (rows, width, bytes) = extents(case);
    let (x, w) = (Buffer::input(rows * width, bytes), Buffer::input(width, bytes));
    let y = Buffer::output(rows * width, bytes);
    walk(&[&x, &w, &y], || normalise(&x, &w, &y, rows, width))
}

fn normalise_back([x, w, dy, dx, dw]: [&Buffer; 5], rows: u64, width: u64) {
    let mut sums = vec![Number::ZERO; width as usize];
    for first in (0..rows).map(|row| row * width) {
        let r = uncounted(|| root(x, first, width));
        let normal = |i| uncounted(|| x.get(first + i) * r);
        let g: Vec<_> = (0..width).map(|i| dy.get(first + i) * w.get(i)).collect();
        let mut sum = Number::ZERO;
        for (i, g) in (0..).zip(&g) {
            sum += *g * normal(i);
        }
        let mean = sum * Number(1.0 / width as f64);
        for (i, g) in (0..).zip(&g) {
            dx.set(first + i, r * (*g - normal(i) * mean));
            sums[i as usize] += dy.get(first + i) * normal(i);
        }
    }
    for (i, sum) in (0..).zip(sums) {
        dw.set(i, sum);
    }
}

pub(crate) fn rms_norm_backward(case: &Case) -> Work {
    let (rows, width, bytes) = extents(case);
    let [x, dy] = [0, 1].map(|_| Buffer::input(rows * width, bytes));
    let w = Buffer::input(width, bytes);
    let (dx, dw) = (Buffer::output(rows * width, bytes), Buffer::output(width, bytes));
    let work = walk(&[&x, &w, &dy, &dx, &dw], || {
        normalise_back([&x, &w, &dy, &dx, &dw], rows, width);
    });
    let loss = |x: Buffer, w: Buffer| {
        let y = Buffer::output(rows * width, bytes);
        normalise(&x, &w, &y, rows, width);
        dot(&y.values(), &dy.values())
    };
    let moved = |values: &[f64]| Buffer::of(values.to_vec(), bytes);
    assert_gradient(&x.values(), &dx.values(), |at| loss(moved(at), moved(&w.values())));
    assert_gradient(&w.values(), &dw.values(), |at| loss(moved(&x.values()), moved(at)));
    work
}

/// In place: one buffer, read and written.
pub(crate) fn rotary(case: &Case) -> Work {
    let [rows, heads, d] = ["rows", "heads", "d"].map(|name| case.extent(name));
    let bytes = case.element_bytes();
    let x = Buffer::input(rows * heads * d, bytes);
    let [cosines, sines] = [0, 1].map(|_| Buffer::input(rows * d / 2, bytes));
    walk(&[&x, &cosines, &sines], || {
        for row in 0..rows {
            for head in 0..heads {
                for i in 0..d / 2 {
                    let (at, angle) = ((row * heads + head) * d + i, row * d / 2 + i);
                    let (a, b) = (x.get(at), x.get(at + d / 2));
                    let (cosine, sine) = (cosines.get(angle), sines.get(angle));
                    x.set(at, a * cosine - b * sine);
                    x.set(at + d / 2, b * cosine + a * sine);
                }
            }
        }
    })
}

fn gated(gate: &Buffer, up: &Buffer, y: &Buffer, n: u64) {
    for i in 0..n {
        let x = gate.get(i);
        y.set(i, x / (Number::ONE + (-x).exp()) * up.get(i));
    }
}

pub(crate) fn swiglu(case: &Case) -> Work {
    let (n, bytes) = (case.extent("n"), case.element_bytes());
    let [gate, up] = [0, 1].map(|_| Buffer::input(n, bytes));
    let y = Buffer::output(n, bytes);
    walk(&[&gate, &up, &y], || gated(&gate, &up, &y, n))
}

pub(crate) fn swiglu_backward(case: &Case) -> Work {
    let (n, bytes) = (case.extent("n"), case.element_bytes());
    let [gate, up, dy] = [0, 1, 2].map(|_| Buffer::input(n, bytes));
    let [dgate, dup] = [0, 1].map(|_| Buffer::output(n, bytes));
    let work = walk(&[&gate, &up, &dy, &dgate, &dup], || {
        for i in 0..n {
            let x = gate.get(i);
            let s = uncounted(|| Number::ONE / (Number::ONE + (-x).exp()));
            let z = uncounted(|| x * s);
            dup.set(i, dy.get(i) * z);
            dgate.set(i, dy.get(i) * up.get(i) * (s + z * (Number::ONE - s)));
        }
    });
    let loss = |gate: &[f64], up: &[f64]| {
        let [gate, up] = [gate, up].map(|values| Buffer::of(values.to_vec(), bytes));
        let y = Buffer::output(n, bytes);
        gated(&gate, &up, &y, n);
        dot(&y.values(), &dy.values())
    };
    assert_gradient(&gate.values(), &dgate.values(), |at| loss(at, &up.values()));
    assert_gradient(&up.values(), &dup.values(), |at| loss(&gate.values(), at));
    work
}

/// Of a row: the differences to its maximum, their exponentials, and the sum of those.
fn powers(x: &Buffer, first: u64, width: u64) -> (Vec<Number>, Vec<Number>, Number) {
    let row = first..first + width;
    let maximum = row.clone().map(|i| x.get(i).0).fold(f64::NEG_INFINITY, f64::max);
    let differences: Vec<_> = row.map(|i| x.get(i) - Number(maximum)).collect();
    let powers: Vec<_> = differences.iter().map(|difference| difference.exp()).collect();
    let sum = powers.iter().fold(Number::ZERO, |sum, power| sum + *power);
    (differences, powers, sum)
}

pub(crate) fn softmax(case: &Case) -> Work {
    let (rows, width, bytes) = extents(case);
    let (x, y) = (Buffer::input(rows * width, bytes), Buffer::output(rows * width, bytes));
    let work = walk(&[&x, &y], || {
        for first in (0..rows).map(|row| row * width) {
            let (_, powers, sum) = powers(&x, first, width);
            for (i, power) in (first..).zip(powers) {
                y.set(i, power / sum);
            }
        }
    });
    assert!((y.values().iter().sum::<f64>() - rows as f64).abs() < 1e-12);
    work
}

fn losses([x, targets, losses]: [&Buffer; 3], rows: u64, width: u64) {
    for row in 0..rows {
        let (differences, _, sum) = powers(x, row * width, width);
        let target = targets.get(row).0 as usize;
        losses.set(row, sum.ln() - differences[target]);
    }
}

/// Targets and losses have 4 bytes each.
fn targets(rows: u64, width: u64) -> Buffer {
    Buffer::of((0..rows).map(|row| (row * 5 % width) as f64).collect(), 4)
}

pub(crate) fn cross_entropy(case: &Case) -> Work {
    let (rows, width, bytes) = extents(case);
    let x = Buffer::input(rows * width, bytes);
    let (targets, loss) = (targets(rows, width), Buffer::output(rows, 4));
    walk(&[&x, &targets, &loss], || losses([&x, &targets, &loss], rows, width))
}

pub(crate) fn cross_entropy_backward(case: &Case) -> Work {
    let (rows, width, bytes) = extents(case);
    let (x, dx) = (Buffer::input(rows * width, bytes), Buffer::output(rows * width, bytes));
    let of_rows = targets(rows, width);
    let work = walk(&[&x, &of_rows, &dx], || {
        for row in 0..rows {
            let (_, powers, sum) = uncounted(|| powers(&x, row * width, width));
            let target = of_rows.get(row).0 as usize;
            let mut gradient: Vec<_> = powers.into_iter().map(|power| power / sum).collect();
            gradient[target] = gradient[target] - Number::ONE;
            for (i, value) in (row * width..).zip(gradient) {
                dx.set(i, value * Number(1.0 / rows as f64));
            }
        }
    });
    assert_gradient(&x.values(), &dx.values(), |at| {
        let (x, loss) = (Buffer::of(at.to_vec(), bytes), Buffer::output(rows, 4));
        losses([&x, &targets(rows, width), &loss], rows, width);
        loss.values().iter().sum::<f64>() / rows as f64
    });
    work
}

/// From a table of three times as many rows as are asked for, all of them different.
pub(crate) fn gather(case: &Case) -> Work {
    let (rows, width, bytes) = extents(case);
    let table = Buffer::input(3 * rows * width, bytes);
    let indices = Buffer::of((0..rows).map(|row| (3 * row + 1) as f64).collect(), 4);
    let y = Buffer::output(rows * width, bytes);
    walk(&[&table, &indices, &y], || {
        for row in 0..rows {
            let index = indices.get(row).0 as u64;
            for i in 0..width {
                y.set(row * width + i, table.get(index * width + i));
            }
        }
    })
}
