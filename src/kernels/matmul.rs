//! C = A B in three ways: the textbook loop, blocked in registers, and blocked in workgroup memory and registers.
//!
//! Operands and result may be stored in 16 bits; products and sums are in f32 whatever the storage.

use super::storage::{self, needs, rounding, scalars, scalars_out, stored};
use super::tile::{Tile, accessors, direct, shared};
use super::wgsl::{entry, narrow, source};
use super::work::{Product, Sizes, product};
use super::{Buffer, Case, Engine, Expected, Kernel, MAX_TRIPS, Needs, Precision, Program, Role, Shader, Variant};
use crate::parallel::chunked;

pub(super) static KERNEL: Kernel = Kernel {
    name: "matmul",
    summary: "matrix product C = A B of m x k by k x n",
    formula: "C[i, j] = sum over l < k of A[i, l] B[l, j], i < m, j < n",
    tolerance: "within min(k, 8 sqrt k) unit roundoffs of f32 times |row of A| |column of B|, a bound that holds with a probability next to 1, and one rounding more of what is stored in 16 bits",
    literature: &[
        "Higham and Mary, A new approach to probabilistic rounding error analysis, SIAM J. Sci. Comput. 41(5), 2019",
    ],
    role: Role::Workload,
    extents: &[
        ("m", "rows of A and C"),
        ("n", "columns of B and C"),
        ("k", "columns of A, rows of B"),
    ],
    layouts: &[("nn", "A and B row-major, neither transposed")],
    precisions: storage::PRECISIONS,
    admits: |_| Ok(()),
    work: |case| {
        let [m, n, k] = extents(case);
        product(Product { m, n, k }, Sizes::of_case(case))
    },
    buffers: |case| {
        let [m, n, k] = extents(case);
        let precision = stored(case);
        let input = |elements| Buffer::input(elements, precision, -1.0, 1.0);
        vec![input(m * k), input(k * n), Buffer::output(m * n, precision)]
    },
    reference,
    variants,
};

fn extents(case: &Case) -> [u64; 3] {
    ["m", "n", "k"].map(|name| case.extent(name))
}

/// An inner product of length k in any order of summation is off by at most 8 sqrt(k) roundoffs of the sum of
/// magnitudes, but for a probability of 2 k exp(-8^2 / 2), below 1e-10 for every k here (Higham and Mary, A new approach
/// to probabilistic rounding error analysis, 2019, theorem 3.1); for short products k roundoffs are the smaller, certain
/// bound. The sum of magnitudes is at most the product of the Euclidean norms of row and column (Cauchy-Schwarz). Inputs
/// are exact as they are stored; the result is rounded once more if it is stored in less.
fn reference(case: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let [_, n, k] = extents(case).map(|extent| usize::try_from(extent).unwrap_or(usize::MAX));
    let (a, b) = (&inputs[0], &inputs[1]);
    let mut column_squares = vec![0.0; n];
    for row in b.chunks_exact(n) {
        for (square, value) in column_squares.iter_mut().zip(row) {
            *square += value * value;
        }
    }
    let roundoffs = (k as f64).min(8.0 * (k as f64).sqrt()) * Precision::F32.unit_roundoff();
    let expected = |a_row: &[f64], sums: &[f64]| {
        let row_square: f64 = a_row.iter().map(|value| value * value).sum();
        let of_sum = |(value, square): (&f64, &f64)| Expected {
            value: *value,
            tolerance: roundoffs * (row_square * square).sqrt() + rounding(stored(case), *value),
        };
        sums.iter().zip(&column_squares).map(of_sum).collect::<Vec<_>>()
    };
    // A few rows at a time, so that a row of B serves them all while it is at hand.
    let rows_of_c = |a_rows: &[f64]| {
        let mut sums = vec![0.0; a_rows.len() / k * n];
        for (l, b_row) in b.chunks_exact(n).enumerate() {
            for (a_row, sums) in a_rows.chunks_exact(k).zip(sums.chunks_exact_mut(n)) {
                for (sum, value) in sums.iter_mut().zip(b_row) {
                    *sum += a_row[l] * value;
                }
            }
        }
        let rows = a_rows.chunks_exact(k).zip(sums.chunks_exact(n));
        rows.flat_map(|(a_row, sums)| expected(a_row, sums)).collect::<Vec<_>>()
    };
    vec![chunked(a, k, |rows| rows.chunks(8 * k).flat_map(rows_of_c).collect())]
}

/// How a workgroup goes about its part of C.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// An element to an invocation, both operands read from memory for every product.
    Naive,
    /// Blocked in registers alone: no barriers, operands from the caches.
    Direct(Tile),
    /// Blocked in workgroup memory too, in blocks of so many steps of k.
    Shared(Tile, u32),
}

/// Raced by default: few rows of lanes for CPUs, square groups for GPUs.
const WAYS: &[(Way, bool)] = &[
    (Way::Direct(Tile::new(1, 8, 16, 16)), true),
    (Way::Direct(Tile::new(1, 8, 16, 8)), true),
    (Way::Direct(Tile::new(4, 8, 16, 8)), true),
    (Way::Direct(Tile::new(8, 8, 8, 8)), true),
    (Way::Direct(Tile::new(8, 8, 4, 4)), false),
    (Way::Direct(Tile::new(1, 16, 16, 4)), false),
    (Way::Direct(Tile::new(2, 8, 8, 8)), false),
    (Way::Direct(Tile::new(16, 16, 4, 4)), false),
    (Way::Shared(Tile::new(16, 16, 8, 8), 8), true),
    (Way::Shared(Tile::new(8, 8, 16, 8), 16), true),
    (Way::Shared(Tile::new(8, 8, 8, 8), 16), false),
    (Way::Shared(Tile::new(8, 8, 4, 4), 32), false),
    (Way::Shared(Tile::new(8, 16, 8, 4), 16), false),
    (Way::Shared(Tile::new(16, 16, 4, 4), 16), false),
    (Way::Naive, false),
];

/// Lanes of the textbook kernel.
const NAIVE_LANES: u32 = 64;

impl Way {
    fn name(self) -> String {
        match self {
            Self::Naive => "naive".to_owned(),
            Self::Direct(tile) => format!("direct-{tile}"),
            Self::Shared(tile, depth) => format!("shared-{tile}-depth{depth}"),
        }
    }

    const fn lanes(self) -> u32 {
        match self {
            Self::Naive => NAIVE_LANES,
            Self::Direct(tile) | Self::Shared(tile, _) => tile.lanes(),
        }
    }

    fn workgroups(self, m: u64, n: u64) -> u64 {
        match self {
            Self::Naive => (m * n).div_ceil(u64::from(NAIVE_LANES)),
            Self::Direct(tile) | Self::Shared(tile, _) => tile.workgroups(m, n),
        }
    }

    const fn workgroup_memory(self) -> u32 {
        match self {
            Self::Shared(tile, depth) => depth * (tile.height() + tile.width()) * 4,
            Self::Naive | Self::Direct(_) => 0,
        }
    }

    /// Iterations of an invocation's loops.
    fn trips(self, k: u64) -> u64 {
        match self {
            Self::Naive => k,
            Self::Direct(_) => k / 4 + 3,
            Self::Shared(tile, depth) => {
                let fill = depth * (tile.height() + tile.width()) / 4 / tile.lanes();
                k.div_ceil(u64::from(depth)) * u64::from(1 + fill + depth / 4)
            }
        }
    }

    /// What is generated: bindings, accessors and the entry point.
    fn code(self, precision: Precision, n: u64, k: u64) -> String {
        let accessors = || accessors(precision, n.is_multiple_of(4), k.is_multiple_of(4));
        match self {
            Self::Naive => {
                let bindings =
                    scalars("a", 1, precision) + &scalars("b", 2, precision) + &scalars_out("c", 3, precision);
                bindings + &entry(NAIVE_LANES, NAIVE)
            }
            Self::Direct(tile) => accessors() + &entry(tile.lanes(), &direct(tile)),
            Self::Shared(tile, depth) => accessors() + &shared(tile, depth),
        }
    }
}

const NAIVE: &str = "\
    let i = g * 64u + lane;
    let row = i / p.n;
    let column = i % p.n;
    if row >= p.m { return; }
    var sum = 0.0;
    for (var l = 0u; l < p.k; l++) { sum = fma(load_a(row * p.k + l), load_b(l * p.n + column), sum); }
    store_c(row * p.n + column, sum);
";

fn variants(case: &Case) -> Vec<Variant> {
    let [m, n, k] = extents(case);
    let precision = stored(case);
    let variant = |&(way, default): &(Way, bool)| {
        let shader = Shader {
            source: source(
                &[],
                include_str!("../../kernels/matmul.wgsl"),
                &way.code(precision, n, k),
            ),
            entry: "main",
            workgroups: way.workgroups(m, n),
            parameters: [m, n, k].map(narrow).to_vec(),
        };
        Variant {
            name: way.name(),
            default,
            engine: Engine::Vector,
            program: Program::of_shader(
                shader,
                Needs {
                    invocations: way.lanes(),
                    workgroup_memory: way.workgroup_memory(),
                    ..needs(case)
                },
            ),
        }
    };
    WAYS.iter()
        .filter(|(way, _)| way.trips(k) <= MAX_TRIPS)
        .map(variant)
        .collect()
}
