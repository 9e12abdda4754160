//! y = x: half the traffic reads, half writes. And what the kernels that walk through memory have in common.
//!
//! They come in f32 and f16. There is none in bf16: without a type of that name a shader sees words of 32 bits, which is
//! what it sees in f32.

use super::storage::{self, needs, stored};
use super::wgsl::{narrow, source};
use super::{Buffer, Engine, Expected, Kernel, Needs, Program, Role, Shader, Variant, Work};
use crate::parallel::{MANY, chunked};

/// Where measuring the bandwidth of memory by walking through it is from.
pub(super) const BANDWIDTH: &[&str] = &[
    "McCalpin, Memory bandwidth and machine balance in current high performance computers, IEEE TCCA Newsletter, 1995",
    "Deakin, Price, Martineau and McIntosh-Smith, Evaluating attainable memory bandwidth of parallel programming models via \
     BabelStream, IJCSE 17(3), 2018",
];

pub(super) static KERNEL: Kernel = Kernel {
    name: "copy",
    summary: "copies n elements: memory bandwidth with as many reads as writes",
    formula: "y[i] = x[i], i < n",
    tolerance: "exact",
    literature: BANDWIDTH,
    role: Role::MemoryCeiling { read_share: 0.5 },
    extents: &[("n", "elements")],
    layouts: &[],
    precisions: storage::NATIVE,
    admits: |_| Ok(()),
    work: |case| {
        let bytes = case.extent("n") * case.element_bytes();
        Work {
            operations: 0,
            read: bytes,    // x once
            written: bytes, // y once
        }
    },
    buffers: |case| {
        let n = case.extent("n");
        vec![
            Buffer::input(n, stored(case), -1.0, 1.0),
            Buffer::output(n, stored(case)),
        ]
    },
    reference: |_, inputs| {
        let exact = |value: &f64| Expected {
            value: *value,
            tolerance: 0.0,
        };
        vec![chunked(&inputs[0], MANY, |part| part.iter().map(exact).collect())]
    },
    variants: |case| {
        let element = format!("alias Element = {};\n", stored(case).word());
        let vectors = case.extent("n").div_ceil(4);
        streaming(
            include_str!("../../kernels/copy.wgsl"),
            &element,
            needs(case),
            vectors,
            &[],
        )
    },
};

/// The variants of a kernel that walks `vectors` vectors of four elements in chunks of LANES times ITEMS. `more` follows
/// the count in the uniform.
pub(super) fn streaming(file: &str, generated: &str, needs: Needs, vectors: u64, more: &[u32]) -> Vec<Variant> {
    let variant = |&(lanes, items, default): &(u32, u32, bool)| {
        let mut parameters = vec![narrow(vectors)];
        parameters.extend_from_slice(more);
        let shader = Shader {
            source: source(&[("LANES", lanes), ("ITEMS", items)], file, generated),
            entry: "main",
            workgroups: vectors.div_ceil(u64::from(lanes * items)),
            parameters,
        };
        Variant {
            name: format!("lanes{lanes}-items{items}"),
            default,
            engine: Engine::Vector,
            program: Program::of_shader(
                shader,
                Needs {
                    invocations: lanes,
                    ..needs
                },
            ),
        }
    };
    STREAMING.iter().map(variant).collect()
}

/// (lanes, vectors an invocation, raced by default). One or four vectors an invocation suit GPUs; long runs of few lanes
/// suit drivers that run a workgroup on one CPU core.
const STREAMING: &[(u32, u32, bool)] = &[
    (256, 1, true),
    (256, 4, true),
    (64, 16, true),
    (64, 1, false),
    (64, 4, false),
    (128, 8, false),
    (256, 16, false),
];
