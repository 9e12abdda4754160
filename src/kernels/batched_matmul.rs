//! Products side by side, each of its own operands, as attention does head by head.

use super::product::{self, Batch, Family, K, LAYOUTS, M, N, ROUNDOFF, TOLERANCE, extents};
use super::storage::{self, stored};
use super::work::{Sizes, batched};
use super::{Case, Kernel, Role, product_reference};

pub(super) static KERNEL: Kernel = Kernel {
    name: "batched_matmul",
    summary: "b matrix products C = A B of m x k by k x n, each of its own operands",
    formula: "C[z, i, j] = sum over l < k of A[z, i, l] B[z, l, j], z < b, i < m, j < n",
    tolerance: TOLERANCE,
    literature: &[ROUNDOFF],
    role: Role::Workload,
    extents: &[("b", "products"), M, N, K],
    layouts: LAYOUTS,
    precisions: storage::PRECISIONS,
    admits: |_| Ok(()),
    work: |case| batched(case.extent("b"), extents(case), Sizes::of_case(case)),
    buffers: |case| product::buffers(case, case.extent("b"), stored(case), &[]),
    reference: |case, inputs| {
        vec![
            products(case)
                .flat_map(|z| product_reference::one(case, [&inputs[0], &inputs[1]], [z, z]))
                .collect(),
        ]
    },
    variants: |case| product::variants(case, FAMILY, case.extent("b")),
};

const FAMILY: Family = Family {
    file: include_str!("../../kernels/batched_matmul.wgsl"),
    batch: Batch::Each,
    scaled: false,
};

fn products(case: &Case) -> std::ops::Range<usize> {
    0..usize::try_from(case.extent("b")).unwrap_or(usize::MAX)
}
