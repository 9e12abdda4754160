//! The fastest chain of multiply-adds: the ceiling of the vector engine.
//!
//! No one chain is fastest everywhere: some GPUs halve a multiply-add whose two factors are the same register, others
//! one that depends on three different registers and on its predecessor. So there are two layouts, `affine` and
//! `square`, each with several chains side by side, and the ceiling is the best of all (the idea of racing chain shapes
//! is clpeak's).
//!
//! The chains are chosen so that the answer tells how many steps were made: in f32 and f64 `affine` creeps towards its
//! fixed point, and `square` through the bottleneck that is left when the two fixed points of x^2 + 1/4 have just
//! vanished. The 11 bits of f16 are too coarse for creeping: there `affine` doubles and halves by turns and walks down a
//! grid on which every number on the way is exact, one unit in two steps. No such walk is known for `square`.

use std::fmt::Write as _;

use super::chains::{LITERATURE, UNROLL, counted, each};
use super::storage::{needs, stored};
use super::wgsl::{entry, narrow, source};
use super::{
    Buffer, Case, Engine, Expected, Kernel, MAX_TRIPS, Needs, Precision, Program, Role, Shader, Variant, Work,
};
use crate::parallel::chunked;

/// Affine step x a + b: after 4,096 steps the distance to the fixed point 1/2 has shrunk to 1/e.
const FACTOR: f64 = 1.0 - 1.0 / 4096.0;
const ADDEND: f64 = 1.0 / 8192.0;
/// Square step x^2 + c: the passage from about -1 to +1 in units of 1/128 around 1/2 takes 256 steps.
const OFFSET: f64 = 0.25 + 1.0 / 16384.0;
/// Steps after which a square chain starts again, from its seed plus a little of its last value.
const PASSAGE: u64 = 256;
const CARRY: f64 = 1.0 / 1024.0;
/// Factor and addend of the odd and of the even steps of the walk in f16. From x, a multiple of 2^-11 between -1/2 and 1,
/// they lead over 2 x - 3/4 to x - 2^-11. The shader has them from its uniform, since a compiler that knew them could make
/// one step of two.
const WALK: [f64; 4] = [2.0, -0.75, 0.5, 0.375 - 1.0 / 2048.0];
/// After so many steps the walk may have come to -1/2, below which its numbers are no longer exact.
const LONGEST_WALK: u64 = 4096;

pub(super) static KERNEL: Kernel = Kernel {
    name: "fma",
    summary: "n chains of dependent multiply-adds, steps long: the ceiling of the vector engine",
    formula: "affine: x = x a + b (in f16 with two pairs of a and b by turns); square: x = x x + c, in passages of 256 steps whose ends are summed",
    tolerance: "affine: within 2 unit roundoffs for each of at most 4096 steps, since its fixed point forgets older ones, and in f16 exact; square: within the roundings of a passage, as the passage enlarges them, times the passages",
    literature: LITERATURE,
    role: Role::ComputeCeiling(Engine::Vector),
    extents: &[("n", "chains"), ("steps", "multiply-adds a chain")],
    layouts: &[
        (
            "affine",
            "x = x a + b: three registers, one of them its own predecessor",
        ),
        ("square", "x = x x + c: both factors the same register"),
    ],
    precisions: &[Precision::F32, Precision::F16, Precision::F64],
    admits,
    work: |case| Work {
        operations: 2 * case.extent("n") * case.extent("steps"), // one multiply, one add
        read: case.extent("n") * case.element_bytes(),           // the seeds
        written: case.extent("n") * case.element_bytes(),        // the ends
    },
    buffers: |case| {
        let n = case.extent("n");
        let (low, high) = match Chain::of(case) {
            Chain::Affine => (-1.0, 1.0),
            Chain::Walk => (0.5, 1.0), // where f16 holds multiples of 2^-11
            Chain::Square => (0.485, 0.4895),
        };
        vec![
            Buffer::input(n, stored(case), low, high),
            Buffer::output(n, stored(case)),
        ]
    },
    reference,
    variants,
};

fn admits(case: &Case) -> Result<(), String> {
    let f16 = stored(case) == Precision::F16;
    if f16 && case.layout == "square" {
        return Err("in f16 only affine chains can be proved".to_owned());
    }
    if f16 && case.extent("steps") > LONGEST_WALK {
        return Err(format!("in f16 a chain has at most {LONGEST_WALK} steps"));
    }
    Ok(())
}

/// What a chain does at each step.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Chain {
    Affine,
    Square,
    Walk,
}

impl Chain {
    fn of(case: &Case) -> Self {
        match (case.layout.as_str(), stored(case)) {
            ("affine", Precision::F16) => Self::Walk,
            ("affine", _) => Self::Affine,
            _ => Self::Square,
        }
    }
}

fn reference(case: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let steps = case.extent("steps");
    let chain = match Chain::of(case) {
        Chain::Affine => affine,
        Chain::Square => square,
        Chain::Walk => walk,
    };
    // In f64 the right answer is rounded no less than the one that is held against it.
    let roundoff = match stored(case) {
        Precision::F64 => 2.0 * Precision::F64.unit_roundoff(),
        _ => Precision::F32.unit_roundoff(),
    };
    vec![chunked(&inputs[0], 1, |seeds| {
        seeds.iter().map(|seed| chain(*seed, steps, roundoff)).collect()
    })]
}

/// Exact in f16, whether product and sum are rounded once or twice: neither needs it.
fn walk(seed: f64, steps: u64, _: f64) -> Expected {
    let [up, odd, down, even] = WALK;
    let mut x = seed;
    for step in 0..steps {
        x = if step % 2 == 0 { x * up + odd } else { x * down + even };
    }
    Expected {
        value: x,
        tolerance: 0.0,
    }
}

/// A step rounds twice at most, each time by a roundoff of a magnitude of at most 1; the map contracts, so an error
/// never grows and `steps` of them at most add up, 4,096 being the sum of the geometric series.
fn affine(seed: f64, steps: u64, roundoff: f64) -> Expected {
    let mut x = seed;
    for _ in 0..steps {
        x = x * FACTOR + ADDEND;
    }
    Expected {
        value: x,
        tolerance: 2.0 * roundoff * steps.min(4096) as f64,
    }
}

/// A step rounds a product of about 1/4 and a sum of about 1/2; an error grows on its way through the passage by the
/// ratio of the derivatives, sec^2 of the angle at its end over sec^2 where it arose, below 5 for the seeds used. Each
/// passage adds its own error and the roundings of the running sum.
fn square(seed: f64, steps: u64, roundoff: f64) -> Expected {
    let (mut x, mut sum) = (0.0, 0.0);
    let mut left = steps;
    while left > 0 {
        x = x * CARRY + seed;
        for _ in 0..left.min(PASSAGE) {
            x = x * x + OFFSET;
        }
        sum += x;
        left -= left.min(PASSAGE);
    }
    let passages = steps.div_ceil(PASSAGE) as f64;
    let in_passage = 5.0 * roundoff * PASSAGE.min(steps) as f64;
    Expected {
        value: sum,
        tolerance: passages * (in_passage + roundoff * sum),
    }
}

fn variants(case: &Case) -> Vec<Variant> {
    let (elements, steps) = (case.extent("n"), case.extent("steps"));
    let trips = steps / UNROLL + steps.div_ceil(PASSAGE) * (UNROLL + 1);
    if trips > MAX_TRIPS {
        return Vec::new();
    }
    let mut parameters: Vec<u32> = [elements, steps].map(narrow).to_vec();
    parameters.extend(WALK.map(|constant| (constant as f32).to_bits()));
    let variant = |&(lanes, width, chains, default): &(u32, u32, u32, bool)| Variant {
        name: format!("lanes{lanes}-vec{width}-chains{chains}"),
        default,
        engine: Engine::Vector,
        program: Program::of_shader(
            Shader {
                source: source(
                    &[],
                    include_str!("../../kernels/fma.wgsl"),
                    &format!(
                        "alias Element = {};\n{}",
                        stored(case).word(),
                        entry(lanes, &body(Chain::of(case), lanes, width, chains))
                    ),
                ),
                entry: "main",
                workgroups: elements.div_ceil(u64::from(lanes * width * chains)),
                parameters: parameters.clone(),
            },
            Needs {
                invocations: lanes,
                ..needs(case)
            },
        ),
    };
    VARIANTS.iter().map(variant).collect()
}

/// (lanes, width of a vector, chains of vectors, raced by default).
const VARIANTS: &[(u32, u32, u32, bool)] = &[
    (64, 1, 8, true),
    (64, 4, 2, true),
    (64, 4, 4, true),
    (64, 1, 1, false),
    (64, 2, 2, false),
    (64, 2, 4, false),
    (64, 1, 4, false),
    (256, 4, 1, false),
    (256, 1, 8, false),
];

/// The body of the entry point: `chains` vectors of `width` elements side by side, every element a chain of its own.
fn body(chain: Chain, lanes: u32, width: u32, chains: u32) -> String {
    let vector = if width == 1 {
        "Element".to_owned()
    } else {
        format!("vec{width}<Element>")
    };
    let sums = chain == Chain::Square;
    let index = |c: u32, part: u32| format!("base + {}u", (c * width + part) * lanes);
    let mut text = format!("    let base = g * {}u + lane;\n", lanes * width * chains);
    for c in 0..chains {
        let parts: Vec<_> = (0..width).map(|part| format!("load({})", index(c, part))).collect();
        let _ = writeln!(text, "    let seed{c} = {vector}({});", parts.join(", "));
        let _ = writeln!(
            text,
            "    var x{c} = {};",
            if sums {
                format!("{vector}()")
            } else {
                format!("seed{c}")
            }
        );
        if sums {
            let _ = writeln!(text, "    var sum{c} = {vector}();");
        }
    }
    text += &match chain {
        Chain::Affine => affine_loop(&vector, chains),
        Chain::Square => square_loop(&vector, chains),
        Chain::Walk => walk_loop(&vector, chains),
    };
    for c in 0..chains {
        let result = if sums { "sum" } else { "x" };
        for part in 0..width {
            let component = if width == 1 { String::new() } else { format!("[{part}]") };
            let _ = writeln!(text, "    store({}, {result}{c}{component});", index(c, part));
        }
    }
    text
}

fn affine_loop(vector: &str, chains: u32) -> String {
    let step = each(chains, |c| format!("x{c} = fma(x{c}, a, b);"));
    format!(
        "    let a = {vector}({FACTOR:?});
    let b = {vector}({ADDEND:?});
{}",
        counted("p.steps", &step)
    )
}

fn walk_loop(vector: &str, chains: u32) -> String {
    let odd = each(chains, |c| format!("x{c} = fma(x{c}, up, odd);"));
    let even = each(chains, |c| format!("x{c} = fma(x{c}, down, even);"));
    let constant = |name: &str, part: &str| format!("    let {name} = {vector}(Element(p.walk.{part}));\n");
    format!(
        "{}{}{}{}{}    if p.steps % 2u == 1u {{
{odd}    }}
",
        constant("up", "x"),
        constant("odd", "y"),
        constant("down", "z"),
        constant("even", "w"),
        counted("p.steps / 2u", &(odd.clone() + &even))
    )
}

fn square_loop(vector: &str, chains: u32) -> String {
    let start = each(chains, |c| format!("x{c} = fma(x{c}, {vector}({CARRY:?}), seed{c});"));
    let step = each(chains, |c| format!("x{c} = fma(x{c}, x{c}, c);"));
    let end = each(chains, |c| format!("sum{c} += x{c};"));
    format!(
        "    let c = {vector}({OFFSET:?});
    for (var left = p.steps; left > 0u; left -= min(left, {PASSAGE}u)) {{
        let length = min(left, {PASSAGE}u);
{start}{}{end}    }}
",
        counted("length", &step)
    )
}
