//! z = x + s y, the triad of STREAM and BabelStream: two reads for each write.

use super::copy::{BANDWIDTH, streaming};
use super::storage::{self, needs, rounding, stored, vectors, vectors_out};
use super::{Buffer, Case, Expected, Kernel, Precision, Role, Work};
use crate::parallel::{MANY, spread};

/// BabelStream's scalar, as the shader has it.
const SCALAR: f32 = 0.4;

pub(super) static KERNEL: Kernel = Kernel {
    name: "triad",
    summary: "z = x + s y over n elements: memory bandwidth with two reads for each write",
    formula: "z[i] = x[i] + s y[i], i < n",
    tolerance: "within 2 unit roundoffs of |x| + |s y|, and one rounding more where z is stored in 16 bits",
    literature: BANDWIDTH,
    role: Role::MemoryCeiling { read_share: 2.0 / 3.0 },
    extents: &[("n", "elements")],
    layouts: &[],
    precisions: storage::NATIVE,
    admits: |_| Ok(()),
    work: |case| {
        let n = case.extent("n");
        Work {
            operations: 2 * n,                  // one multiply, one add
            read: 2 * n * case.element_bytes(), // x and y once
            written: n * case.element_bytes(),  // z once
        }
    },
    buffers: |case| {
        let n = case.extent("n");
        let input = Buffer::input(n, stored(case), -1.0, 1.0);
        vec![input, input, Buffer::output(n, stored(case))]
    },
    reference,
    variants: |case| {
        let precision = stored(case);
        let bindings = vectors("x", 1, precision) + &vectors("y", 2, precision) + &vectors_out("z", 3, precision);
        let count = case.extent("n").div_ceil(4);
        let file = include_str!("../../kernels/triad.wgsl");
        streaming(file, &bindings, needs(case), count, &[SCALAR.to_bits()])
    },
};

/// Two roundings at most (one if the driver fuses them), each relative to an intermediate of at most |x| + |s y|, and one
/// more where the sum is stored in less than f32.
fn reference(case: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let roundoff = 2.0 * Precision::F32.unit_roundoff();
    let scalar = f64::from(SCALAR);
    let element = |(x, y): (&f64, &f64)| {
        let value = x + scalar * y;
        Expected {
            value,
            tolerance: roundoff * (x.abs() + (scalar * y).abs()) + rounding(stored(case), value),
        }
    };
    let (x, y) = (&inputs[0], &inputs[1]);
    vec![spread(x.len(), MANY, |range| {
        x[range.clone()].iter().zip(&y[range]).map(element).collect()
    })]
}
