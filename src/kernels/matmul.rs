//! C = A B, the operands as they are or one of them transposed.
//!
//! Operands and result may be stored in 16 bits; products and sums are in f32 whatever the storage. Products of 8 bits are
//! whole numbers, summed in i32.

use super::product::{self, Batch, Family, K, LAYOUTS, M, N, ROUNDOFF, TOLERANCE, extents};
use super::storage::stored;
use super::work::{Sizes, product as work_of_product};
use super::{Kernel, Precision, Role, product_reference};

pub(super) static KERNEL: Kernel = Kernel {
    name: "matmul",
    summary: "matrix product C = A B of m x k by k x n",
    formula: "C[i, j] = sum over l < k of A[i, l] B[l, j], i < m, j < n",
    tolerance: TOLERANCE,
    literature: &[ROUNDOFF],
    role: Role::Workload,
    extents: &[M, N, K],
    layouts: LAYOUTS,
    precisions: &[Precision::F32, Precision::F16, Precision::Bf16, Precision::I8],
    admits: |_| Ok(()),
    work: |case| work_of_product(extents(case), Sizes::of_case(case)),
    buffers: |case| product::buffers(case, 1, stored(case), &[]),
    reference: |case, inputs| vec![product_reference::one(case, [&inputs[0], &inputs[1]], [0, 0])],
    variants: |case| product::variants(case, FAMILY, 1),
};

const FAMILY: Family = Family {
    file: include_str!("../../kernels/matmul.wgsl"),
    batch: Batch::One,
    scaled: false,
};
