//! Pointer chasing: the time from one load to the next where the address of a load is the result of the one before.

use super::chains::{UNROLL, counted};
use super::wgsl::{entry, narrow, source};
use super::{
    Buffer, BufferRole, Case, Engine, Expected, Kernel, MAX_TRIPS, Needs, Precision, Program, Role, Shader, Variant,
    Work,
};

pub(super) static KERNEL: Kernel = Kernel {
    name: "chase",
    summary: "steps along a random cycle of n elements, each load waiting for the one before: latency",
    formula: "at = 0; steps times at = next[at]; y = at",
    tolerance: "exact: where the way ends",
    literature: &[
        "McVoy and Staelin, lmbench: portable tools for performance analysis, USENIX Annual Technical Conference, 1996",
        "Mei and Chu, Dissecting GPU memory hierarchy through microbenchmarking, IEEE TPDS 28(1), 2017",
    ],
    role: Role::Latency,
    extents: &[("n", "elements of the cycle"), ("steps", "loads, one after the other")],
    layouts: &[],
    precisions: &[Precision::I32],
    admits: |_| Ok(()),
    work: |case| Work {
        operations: case.extent("steps"), // loads that wait for each other
        // As many different elements, at most all of them.
        read: case.extent("steps").min(case.extent("n")) * case.element_bytes(),
        written: case.element_bytes(), // where the way ends
    },
    buffers: |case| {
        let next = Buffer::new(case.extent("n"), Precision::I32, BufferRole::Cycle);
        vec![next, Buffer::output(1, Precision::I32)]
    },
    reference,
    variants,
};

fn reference(case: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let mut at = 0.0;
    for _ in 0..case.extent("steps") {
        at = inputs[0][at as usize];
    }
    vec![vec![Expected {
        value: at,
        tolerance: 0.0,
    }]]
}

fn variants(case: &Case) -> Vec<Variant> {
    let steps = case.extent("steps");
    if steps / UNROLL + UNROLL > MAX_TRIPS {
        return Vec::new();
    }
    // One lane, which a compiler may know to be alone, and a full row of lanes that all go the same way: what is known
    // to be alone may take another way to memory.
    [1, 32].map(|lanes| variant(lanes, steps)).into()
}

fn variant(lanes: u32, steps: u64) -> Variant {
    let body = format!(
        "    var at = min(lane, p.first);
{}    if lane == 0u {{ y[0] = at; }}
",
        counted("p.steps", "        at = next[at];\n")
    );
    let shader = Shader {
        source: source(&[], include_str!("../../kernels/chase.wgsl"), &entry(lanes, &body)),
        entry: "main",
        workgroups: 1,
        parameters: vec![narrow(steps)],
    };
    Variant {
        name: format!("lanes{lanes}"),
        default: true,
        engine: Engine::Vector,
        program: Program::of_shader(
            shader,
            Needs {
                invocations: lanes,
                ..Needs::default()
            },
        ),
    }
}
