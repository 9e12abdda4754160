//! Reading: column sums of small blocks, so that nearly all traffic is reads and every element counts in the answer.

use super::copy::BANDWIDTH;
use super::storage::{self, needs, stored, vectors};
use super::wgsl::{narrow, source};
use super::{Buffer, Case, Engine, Expected, Kernel, Needs, Precision, Program, Role, Shader, Variant, Work};
use crate::parallel::{MANY, chunked};

const ROWS: usize = 128;
const COLUMNS: usize = 32;
const BLOCK: u64 = (ROWS * COLUMNS) as u64;

pub(super) static KERNEL: Kernel = Kernel {
    name: "read",
    summary: "column sums of blocks of 128 x 32 out of n elements: memory bandwidth of reads",
    formula: "y[b, c] = sum over r < 128 of x[b, r, c], c < 32, x of n elements read as blocks of 128 x 32",
    tolerance: "within 128 unit roundoffs of the sum of magnitudes, which no order of adding exceeds",
    literature: BANDWIDTH,
    role: Role::MemoryCeiling { read_share: 1.0 },
    extents: &[("n", "elements")],
    layouts: &[],
    precisions: storage::NATIVE,
    admits: |_| Ok(()),
    work: |case| Work {
        operations: 0, // the sums keep the reads alive; they are not what is measured
        read: case.extent("n") * case.element_bytes(),
        written: sums(case) * Precision::F32.bytes(),
    },
    buffers: |case| {
        let x = Buffer::input(case.extent("n"), stored(case), -1.0, 1.0);
        vec![x, Buffer::output(sums(case), Precision::F32)]
    },
    reference,
    variants,
};

fn sums(case: &Case) -> u64 {
    case.extent("n").div_ceil(BLOCK) * COLUMNS as u64
}

/// Sums are in f32 and stored so, whatever the elements are: in less, a small element would be lost among the roundings.
/// A sum of 128 terms in any order is off by at most 127 roundoffs of the sum of magnitudes (Higham, Accuracy and
/// Stability of Numerical Algorithms, 2nd ed., section 4.2), to first order; 128 covers the rest.
fn reference(_: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let x = &inputs[0];
    let roundoff = ROWS as f64 * Precision::F32.unit_roundoff();
    let column = |block: &[f64], column: usize| {
        let terms = || block.iter().skip(column).step_by(COLUMNS);
        Expected {
            value: terms().sum(),
            tolerance: roundoff * terms().map(|term| term.abs()).sum::<f64>(),
        }
    };
    let sums_of = |blocks: &[f64]| {
        let blocks = blocks.chunks(ROWS * COLUMNS);
        blocks
            .flat_map(|block| (0..COLUMNS).map(|c| column(block, c)).collect::<Vec<_>>())
            .collect()
    };
    vec![chunked(x, MANY.next_multiple_of(ROWS * COLUMNS), sums_of)]
}

fn variants(case: &Case) -> Vec<Variant> {
    let elements = case.extent("n");
    let blocks = elements.div_ceil(BLOCK);
    let vector_columns = COLUMNS as u64 / 4;
    let variant = |&(lanes, items, streams, default): &(u32, u32, u32, bool)| Variant {
        name: format!("lanes{lanes}-items{items}-streams{streams}"),
        default,
        engine: Engine::Vector,
        program: Program::of_shader(
            Shader {
                source: source(
                    &[("LANES", lanes), ("ITEMS", items), ("STREAMS", streams)],
                    include_str!("../../kernels/read.wgsl"),
                    &vectors("x", 1, stored(case)),
                ),
                entry: "main",
                workgroups: (blocks.div_ceil(u64::from(streams)) * vector_columns).div_ceil(u64::from(lanes)),
                parameters: [elements, blocks].map(narrow).to_vec(),
            },
            Needs {
                invocations: lanes,
                ..needs(case)
            },
        ),
    };
    VARIANTS.iter().map(variant).collect()
}

/// (lanes, rows in flight, blocks read side by side, raced by default). What fetches ahead in a processor follows a few
/// streams at a time and gives more for several than for one.
const VARIANTS: &[(u32, u32, u32, bool)] = &[
    (64, 8, 1, true),
    (256, 4, 1, true),
    (8, 8, 1, true),
    (8, 1, 8, true),
    (64, 1, 8, true),
    (64, 2, 4, false),
    (8, 16, 1, false),
    (32, 4, 1, false),
    (128, 8, 1, false),
    (256, 16, 1, false),
];
