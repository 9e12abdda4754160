//! The products of a mixture of experts: rows that were sorted by expert, each group with the weights that a table names.

use super::product::{self, Batch, Family, K, LAYOUTS, N, ROUNDOFF, TOLERANCE, extents};
use super::storage::{self, stored};
use super::work::{Sizes, grouped};
use super::{Case, Expected, Kernel, Role, product_reference};

pub(super) static KERNEL: Kernel = Kernel {
    name: "grouped_matmul",
    summary: "products of g groups of m rows, each with the matrix of the expert that a table names",
    formula: "C[z, i, j] = sum over l < k of A[z, i, l] B[expert[z], l, j], z < g, i < m, j < n; tn: C[expert[z], i, j] from A[z] and B[z], the gradient of the expert's weights",
    tolerance: TOLERANCE,
    literature: &[
        ROUNDOFF,
        "Gale, Narayanan, Young and Zaharia, MegaBlocks: efficient sparse training with mixture-of-experts, 2022, arXiv:2211.15841",
    ],
    role: Role::Workload,
    extents: &[
        ("g", "groups, each of an expert of its own"),
        ("m", "rows of A and C in a group"),
        N,
        K,
    ],
    layouts: LAYOUTS,
    precisions: storage::PRECISIONS,
    admits: |_| Ok(()),
    work: |case| grouped(case.extent("g"), extents(case), Sizes::of_case(case)),
    buffers: |case| {
        let groups = case.extent("g");
        product::buffers(case, groups, stored(case), &[product::table(groups)])
    },
    reference,
    variants: |case| product::variants(case, FAMILY, case.extent("g")),
};

const FAMILY: Family = Family {
    file: include_str!("../../kernels/grouped_matmul.wgsl"),
    batch: Batch::Listed,
    scaled: false,
};

fn reference(case: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let experts: Vec<usize> = inputs[2].iter().map(|expert| *expert as usize).collect();
    let of_group =
        |(group, of_b): (usize, usize)| product_reference::one(case, [&inputs[0], &inputs[1]], [group, of_b]);
    if case.layout != "tn" {
        return vec![experts.into_iter().enumerate().flat_map(of_group).collect()];
    }
    let mut by_expert: Vec<_> = experts.into_iter().enumerate().collect();
    by_expert.sort_by_key(|(_, expert)| *expert);
    let groups = by_expert.into_iter().map(|(group, _)| (group, group));
    vec![groups.flat_map(of_group).collect()]
}
