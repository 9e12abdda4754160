//! Reading: column sums of small blocks, so that nearly all traffic is reads and every element counts in the answer.

use std::fmt;

use super::copy::BANDWIDTH;
use super::storage::{self, needs, stored, vectors};
use super::wgsl::{entry, narrow, source};
use super::{Buffer, Case, Engine, Expected, Kernel, Needs, Precision, Program, Role, Shader, Variant, Work};
use crate::parallel::{MANY, chunked};

const ROWS: usize = 128;
const COLUMNS: usize = 32;
const BLOCK: u64 = (ROWS * COLUMNS) as u64;
/// Vectors of four in a row.
const ROW: u32 = COLUMNS as u32 / 4;

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
    let variant = |(way, default): &(Way, bool)| Variant {
        name: way.to_string(),
        default: *default,
        engine: Engine::Vector,
        program: Program::of_shader(
            Shader {
                source: source(
                    &[],
                    include_str!("../../kernels/read.wgsl"),
                    &(vectors("x", 1, stored(case)) + &entry(way.lanes, &way.body())),
                ),
                entry: "main",
                workgroups: blocks.div_ceil(u64::from(way.blocks())),
                parameters: [elements, blocks].map(narrow).to_vec(),
            },
            Needs {
                invocations: way.lanes,
                ..needs(case)
            },
        ),
    };
    WAYS.iter().map(variant).collect()
}

/// How a workgroup of so many lanes reads.
#[derive(Debug, Clone, Copy)]
struct Way {
    lanes: u32,
    /// Rows in flight.
    items: u32,
    /// Blocks read side by side.
    streams: u32,
    /// Neighbouring vectors of a row that an invocation owns, a divisor of eight: with four or eight it reads whole lines
    /// of a processor's cache for itself.
    width: u32,
}

/// Raced by default or not. What fetches ahead in a processor follows a few streams at a time, and gives more for several
/// than for one.
const WAYS: &[(Way, bool)] = &[
    (Way::new(64, 8, 1, 1), true),
    (Way::new(256, 4, 1, 1), true),
    (Way::new(8, 8, 1, 1), true),
    (Way::new(8, 4, 6, 1), true),
    (Way::new(8, 1, 1, 8), true),
    (Way::new(64, 1, 1, 8), true),
    (Way::new(8, 1, 2, 4), false),
    (Way::new(64, 1, 2, 4), false),
    (Way::new(8, 1, 8, 1), false),
    (Way::new(64, 1, 8, 1), false),
    (Way::new(32, 4, 1, 1), false),
    (Way::new(128, 8, 1, 1), false),
    (Way::new(256, 16, 1, 1), false),
];

/// As it stands in the names of variants.
impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            lanes,
            items,
            streams,
            width,
        } = self;
        write!(f, "lanes{lanes}-items{items}-streams{streams}-width{width}")
    }
}

impl Way {
    const fn new(lanes: u32, items: u32, streams: u32, width: u32) -> Self {
        Self {
            lanes,
            items,
            streams,
            width,
        }
    }

    /// Blocks of a workgroup.
    const fn blocks(self) -> u32 {
        self.lanes * self.width / ROW * self.streams
    }

    /// Sums are variables of their own and loops over them are written out: not every driver keeps an array in registers.
    /// Only the last workgroup asks what lies beyond the end, and no branch depends on the lane: where one does, some drivers
    /// load lane by lane.
    fn body(self) -> String {
        let Self { items, width, .. } = self;
        let owners = ROW / width;
        let row = if self.lanes == owners {
            "0u".to_owned()
        } else {
            format!("lane / {owners}u")
        };
        format!(
            "    let first = g * {blocks}u + {row} * {}u;
    let column = lane % {owners}u * {width}u;
    let start = first * BLOCK + column;
{sums}    if (g + 1u) * {blocks}u * BLOCK <= p.elements / 4u {{
        for (var r = 0u; r < ROWS; r += {items}u) {{
{reads}        }}
    }} else {{
        for (var r = 0u; r < ROWS; r++) {{
{masked}        }}
    }}
{stores}",
            self.streams,
            blocks = self.blocks(),
            sums = self.each(|s, v| format!("    var s{s}_{v} = vec4<f32>();\n")),
            reads = (0..items).map(|item| self.reads("load_x", item)).collect::<String>(),
            masked = self.reads("masked", 0),
            stores = self.each(|s, v| format!("    store(first + {s}u, column + {v}u, s{s}_{v});\n")),
        )
    }

    fn reads(self, load: &str, item: u32) -> String {
        self.each(|s, v| {
            format!("            s{s}_{v} += {load}(start + (r + {item}u) * ROW + {s}u * BLOCK + {v}u);\n")
        })
    }

    /// Of every sum of an invocation, by block and vector.
    fn each(self, text: impl Fn(u32, u32) -> String) -> String {
        let sums = (0..self.streams).flat_map(|s| (0..self.width).map(move |v| (s, v)));
        sums.map(|(s, v)| text(s, v)).collect()
    }
}
