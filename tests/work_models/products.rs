//! Matrix products as anyone would write them down.

use onpar::kernels::{Case, Work};

use crate::meter::{Buffer, Number, walk};

/// One product of the buffers from the given elements on.
fn multiply(case: &Case, [a, b, c]: [&Buffer; 3], [a0, b0, c0]: [u64; 3]) {
    let [m, n, k] = ["m", "n", "k"].map(|name| case.extent(name));
    for i in 0..m {
        for j in 0..n {
            let mut sum = Number::ZERO;
            for l in 0..k {
                let (at_a, at_b) = match case.layout.as_str() {
                    "nn" => (i * k + l, l * n + j),
                    "nt" => (i * k + l, j * k + l),
                    "tn" => (l * m + i, l * n + j),
                    other => panic!("layout {other}"),
                };
                sum += a.get(a0 + at_a) * b.get(b0 + at_b);
            }
            c.set(c0 + i * n + j, sum);
        }
    }
}

/// Operands of `batch` products; results of 8-bit inputs have 16 bits.
fn operands(case: &Case, batch: u64) -> [Buffer; 3] {
    let [m, n, k] = ["m", "n", "k"].map(|name| case.extent(name));
    let bytes = case.element_bytes();
    [
        Buffer::input(batch * m * k, bytes),
        Buffer::input(batch * k * n, bytes),
        Buffer::output(batch * m * n, bytes.max(2)),
    ]
}

fn of_each(case: &Case, count: u64, kept: u64, slot: impl Fn(u64) -> u64) -> Work {
    let [m, n, k] = ["m", "n", "k"].map(|name| case.extent(name));
    let [a, _, c] = operands(case, count);
    let [_, b, _] = operands(case, kept);
    walk(&[&a, &b, &c], || {
        for i in 0..count {
            multiply(case, [&a, &b, &c], [i * m * k, slot(i) * k * n, i * m * n]);
        }
    })
}

pub(crate) fn matmul(case: &Case) -> Work {
    of_each(case, 1, 1, |_| 0)
}

pub(crate) fn batched_matmul(case: &Case) -> Work {
    let b = case.extent("b");
    of_each(case, b, b, |i| i)
}

/// Every sum is multiplied once, with the factor of its column.
pub(crate) fn matmul_w8(case: &Case) -> Work {
    let [m, n, k] = ["m", "n", "k"].map(|name| case.extent(name));
    let bytes = case.element_bytes();
    let (a, b) = (Buffer::input(m * k, bytes), Buffer::input(k * n, 1));
    let (scales, c) = (Buffer::input(n, 4), Buffer::output(m * n, bytes));
    let sums = Buffer::output(m * n, 0);
    walk(&[&a, &b, &scales, &c], || {
        multiply(case, [&a, &b, &sums], [0; 3]);
        for i in 0..m * n {
            c.set(i, sums.get(i) * scales.get(i % n));
        }
    })
}

/// Three times as many experts as have rows: the weights of the others lie there and are not read.
pub(crate) fn grouped_matmul(case: &Case) -> Work {
    let g = case.extent("g");
    of_each(case, g, 3 * g, |i| 3 * i + 1)
}
