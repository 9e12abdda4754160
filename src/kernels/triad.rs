//! z = x + s y, the triad of STREAM and BabelStream: two reads for each write.

use super::copy::streaming;
use super::{Buffer, Case, Expected, Kernel, Precision, Role, Work};

/// BabelStream's scalar, as the shader has it.
const SCALAR: f32 = 0.4;

pub(super) static KERNEL: Kernel = Kernel {
    name: "triad",
    summary: "z = x + s y over n elements: memory bandwidth with two reads for each write",
    formula: "z[i] = x[i] + s y[i], i < n",
    role: Role::MemoryCeiling { read_share: 2.0 / 3.0 },
    extents: &[("n", "elements")],
    layouts: &[],
    precisions: &[Precision::F32],
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
        let input = Buffer::input(n, Precision::F32, -1.0, 1.0);
        vec![input, input, Buffer::output(n, Precision::F32)]
    },
    reference,
    variants: |case| {
        let vectors = case.extent("n").div_ceil(4);
        streaming(include_str!("../../kernels/triad.wgsl"), vectors, &[SCALAR.to_bits()])
    },
};

/// Two roundings at most (one if the driver fuses them), each relative to an intermediate of at most |x| + |s y|.
fn reference(_: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let roundoff = 2.0 * Precision::F32.unit_roundoff();
    let scalar = f64::from(SCALAR);
    let element = |(x, y): (&f64, &f64)| Expected {
        value: x + scalar * y,
        tolerance: roundoff * (x.abs() + (scalar * y).abs()),
    };
    vec![inputs[0].iter().zip(&inputs[1]).map(element).collect()]
}
