//! Writing: every element a number made from its index, and nothing read.

use super::copy::{BANDWIDTH, streaming};
use super::storage::{self, needs, stored, vectors_out};
use super::{Buffer, Case, Expected, Kernel, Precision, Role, Work};
use crate::parallel::{MANY, spread};

pub(super) static KERNEL: Kernel = Kernel {
    name: "write",
    summary: "fills n elements: memory bandwidth of writes",
    formula: "y[i] = the upper bits of 2654435769 i mod 2^32 as a fraction (24 bits in f32, 11 in f16), i < n",
    tolerance: "exact",
    literature: BANDWIDTH,
    role: Role::MemoryCeiling { read_share: 0.0 },
    extents: &[("n", "elements")],
    layouts: &[],
    precisions: storage::NATIVE,
    admits: |_| Ok(()),
    work: |case| Work {
        operations: 0, // making the numbers is not what is measured
        read: 0,
        written: case.extent("n") * case.element_bytes(),
    },
    buffers: |case| vec![Buffer::output(case.extent("n"), stored(case))],
    reference,
    variants: |case| {
        let precision = stored(case);
        let bits = bits(precision);
        let unit = 0.5f64.powi(bits);
        let generated = format!("const BITS = {bits}u;\nconst UNIT = {unit:?};\n") + &vectors_out("y", 1, precision);
        let vectors = case.extent("n").div_ceil(4);
        streaming(
            include_str!("../../kernels/write.wgsl"),
            &generated,
            needs(case),
            vectors,
            &[],
        )
    },
};

/// Bits that a significand holds, the hidden one included: every number of so many bits is stored as it is.
const fn bits(precision: Precision) -> i32 {
    if matches!(precision, Precision::F16) { 11 } else { 24 }
}

fn reference(case: &Case, _: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let bits = bits(stored(case));
    let number = |i: usize| {
        let hash = (i as u32).wrapping_mul(2_654_435_769);
        Expected {
            value: f64::from(hash >> (32 - bits)) * 0.5f64.powi(bits),
            tolerance: 0.0,
        }
    };
    let n = usize::try_from(case.extent("n")).unwrap_or(usize::MAX);
    vec![spread(n, MANY, |range| range.map(number).collect())]
}
