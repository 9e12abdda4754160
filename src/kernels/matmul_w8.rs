//! A product with weights in 8 bits, each column with a factor of its own, and everything else as it is.

use super::product::{self, Batch, Family, K, LAYOUTS, M, N, ROUNDOFF, TOLERANCE, extents};
use super::storage;
use super::work::weights_in_8_bits;
use super::{Buffer, Case, Expected, Kernel, Precision, Role, product_reference};

pub(super) static KERNEL: Kernel = Kernel {
    name: "matmul_w8",
    summary: "matrix product C = A B s with B in 8 bits and a factor s for each of its columns",
    formula: "C[i, j] = s[j] (sum over l < k of A[i, l] B[l, j]), i < m, j < n",
    tolerance: TOLERANCE,
    literature: &[
        ROUNDOFF,
        "Dettmers, Lewis, Belkada and Zettlemoyer, LLM.int8(): 8-bit matrix multiplication for transformers at scale, 2022, arXiv:2208.07339",
    ],
    role: Role::Workload,
    extents: &[M, N, K],
    layouts: LAYOUTS,
    precisions: storage::PRECISIONS,
    admits: |_| Ok(()),
    work: |case| weights_in_8_bits(extents(case), case.element_bytes()),
    buffers: |case| {
        let scales = Buffer::input(case.extent("n"), Precision::F32, 0.001, 0.01);
        product::buffers(case, 1, Precision::I8, &[scales])
    },
    reference,
    variants: |case| product::variants(case, FAMILY, 1),
};

const FAMILY: Family = Family {
    file: include_str!("../../kernels/matmul_w8.wgsl"),
    batch: Batch::One,
    scaled: true,
};

/// The factor costs one rounding more, which is that of one term more.
fn reference(case: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let scales = &inputs[2];
    let unit = Precision::F32.unit_roundoff();
    let mut all = product_reference::sums(case, [&inputs[0], &inputs[1]], [0, 0]);
    for (expected, scale) in all.iter_mut().zip(scales.iter().cycle()) {
        expected.value *= scale;
        expected.tolerance = expected.tolerance * scale + unit * expected.value.abs();
    }
    vec![product_reference::stored_as(product::stored_result(case), all)]
}
