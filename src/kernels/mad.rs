//! The fastest chain of integer multiply-adds: the ceiling of the vector engine for integers of 32 bits, and for packed
//! integers of 8 bits, four products to an instruction.
//!
//! A chain of two registers that take turns: x = x y + c, y = y x + c. No power of such a step has a closed form that a
//! compiler could fold it into, as it may fold x a + b (clpeak's observation). For 8 bits the product is that of four
//! pairs of bytes, and what is added is the other register, so that all 32 bits stay in play. The answer, exact, depends
//! on every step.

use super::chains::{LITERATURE, UNROLL, counted, each};
use super::wgsl::{entry, narrow, source};
use super::{
    Buffer, Case, Engine, Expected, Kernel, MAX_TRIPS, Needs, Precision, Program, Role, Shader, Variant, Work,
};
use crate::parallel::chunked;

/// Added to each product of 32 bits. Odd, so that zeros at the low end do not pile up.
const ADDEND: u32 = 0x9e37_79b9;

pub(super) static KERNEL: Kernel = Kernel {
    name: "mad",
    summary: "n chains of dependent integer multiply-adds, steps long: the ceiling of the vector engine for integers",
    formula: "i32: x = x y + c, y = y x + c by turns; i8: x = y + sum over 4 bytes of x y, y = x + the same, by turns",
    tolerance: "exact",
    literature: LITERATURE,
    role: Role::ComputeCeiling(Engine::Vector),
    extents: &[
        ("n", "chains"),
        ("steps", "multiply-adds a chain, for i8 of four products each"),
    ],
    layouts: &[],
    precisions: &[Precision::I32, Precision::I8],
    admits: |_| Ok(()),
    work: |case| Work {
        operations: case.extent("n") * case.extent("steps") * 2 * products(case), // one multiply, one add each
        read: case.extent("n") * 4,                                               // the seeds
        written: case.extent("n") * 4,                                            // the ends
    },
    buffers: |case| {
        let (low, high) = (f64::from(i32::MIN), f64::from(i32::MAX));
        let n = case.extent("n");
        vec![
            Buffer::input(n, Precision::I32, low, high),
            Buffer::output(n, Precision::I32),
        ]
    },
    reference,
    variants,
};

/// Products of one step.
fn products(case: &Case) -> u64 {
    if case.precision == Some(Precision::I8) { 4 } else { 1 }
}

fn reference(case: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let steps = case.extent("steps");
    let step = if products(case) == 4 { dot_step } else { mul_step };
    let chain = |seed: &f64| {
        let (mut x, mut y) = (*seed as i32, !(*seed as i32));
        for _ in 0..steps {
            (x, y) = (y, step(x, y));
        }
        Expected {
            value: f64::from(y),
            tolerance: 0.0,
        }
    };
    vec![chunked(&inputs[0], 1, |seeds| seeds.iter().map(chain).collect())]
}

fn mul_step(x: i32, y: i32) -> i32 {
    x.wrapping_mul(y).wrapping_add(ADDEND.cast_signed())
}

fn dot_step(x: i32, y: i32) -> i32 {
    let bytes = x.to_le_bytes().into_iter().zip(y.to_le_bytes());
    let dot: i32 = bytes
        .map(|(a, b)| i32::from(a.cast_signed()) * i32::from(b.cast_signed()))
        .sum();
    dot.wrapping_add(y)
}

fn variants(case: &Case) -> Vec<Variant> {
    let (elements, steps) = (case.extent("n"), case.extent("steps"));
    if steps / UNROLL + UNROLL > MAX_TRIPS {
        return Vec::new();
    }
    let packed = products(case) == 4;
    let variant = |&(lanes, chains, default): &(u32, u32, bool)| Variant {
        name: format!("lanes{lanes}-chains{chains}"),
        default,
        engine: Engine::Vector,
        program: Program::of_shader(
            Shader {
                source: source(
                    &[],
                    include_str!("../../kernels/mad.wgsl"),
                    &entry(lanes, &body(packed, lanes, chains)),
                ),
                entry: "main",
                workgroups: elements.div_ceil(u64::from(lanes * chains)),
                parameters: [elements, steps].map(narrow).to_vec(),
            },
            Needs {
                invocations: lanes,
                ..Needs::default()
            },
        ),
    };
    VARIANTS.iter().map(variant).collect()
}

/// (lanes, chains of an invocation side by side, raced by default).
const VARIANTS: &[(u32, u32, bool)] = &[
    (64, 2, true),
    (64, 4, true),
    (64, 8, true),
    (64, 1, false),
    (256, 4, false),
    (64, 16, false),
];

/// Chains of an invocation side by side. After each pair of steps the registers have their names back.
fn body(packed: bool, lanes: u32, chains: u32) -> String {
    let step = |to: &str, by: &str| {
        each(chains, |k| {
            if packed {
                format!("{to}{k} = bitcast<u32>(dot4I8Packed({to}{k}, {by}{k})) + {by}{k};")
            } else {
                format!("{to}{k} = {to}{k} * {by}{k} + {ADDEND}u;")
            }
        })
    };
    let seed = |k| format!("var x{k} = load(base + {}u); var y{k} = ~x{k};", k * lanes);
    let end = |k| format!("store(base + {}u, select(y{k}, x{k}, p.steps % 2u == 1u));", k * lanes);
    let pairs = counted("p.steps / 2u", &(step("x", "y") + &step("y", "x")));
    format!(
        "    let base = g * {}u + lane;
{}{pairs}    if p.steps % 2u == 1u {{
{}    }}
{}",
        lanes * chains,
        each(chains, seed),
        step("x", "y"),
        each(chains, end),
    )
}
