//! Reading workgroup memory: circular sums over tiles that are loaded once.

use super::wgsl::{entry, narrow, source};
use super::{
    Buffer, Case, Engine, Expected, Kernel, MAX_TRIPS, Needs, Precision, Program, Role, Shader, Variant, Work,
};

/// Vectors of a tile. It stands in workgroup memory twice, which is half of the least that WebGPU promises.
const TILE: u32 = 256;
const TILE_ELEMENTS: u64 = 4 * TILE as u64;
/// Reads written out in the body of the loop.
const READS: u32 = 16;
/// So that no sum leaves 32 bits: values are below 1000.
const MOST_STEPS: u64 = 1 << 20;

pub(super) static KERNEL: Kernel = Kernel {
    name: "workgroup_memory",
    summary: "circular sums, steps long, over n tiles of 1024 elements: bandwidth of workgroup memory",
    formula: "y[t, i] = sum over s < steps of x[t, (i + s) mod 256], t < n, i < 256, x and y of vectors of four",
    tolerance: "exact: sums of small integers",
    literature: &["Mei and Chu, Dissecting GPU memory hierarchy through microbenchmarking, IEEE TPDS 28(1), 2017"],
    role: Role::Path,
    extents: &[("n", "tiles"), ("steps", "terms of a sum")],
    layouts: &[],
    precisions: &[Precision::I32],
    admits: |case| {
        if case.extent("steps") > MOST_STEPS {
            return Err(format!("steps are at most {MOST_STEPS}, so that no sum leaves 32 bits"));
        }
        Ok(())
    },
    work: |case| {
        let bytes = elements(case) * case.element_bytes();
        Work {
            operations: 0,                      // the sums keep the reads alive; they are not what is measured
            read: bytes * case.extent("steps"), // of workgroup memory; once as much for all steps comes from elsewhere
            written: bytes,
        }
    },
    buffers: |case| {
        vec![
            Buffer::input(elements(case), Precision::I32, -1000.0, 1000.0),
            Buffer::output(elements(case), Precision::I32),
        ]
    },
    reference,
    variants,
};

fn elements(case: &Case) -> u64 {
    case.extent("n") * TILE_ELEMENTS
}

/// Integers: every sum is exact. Whole turns around a tile add its total each, what is left is a window.
fn reference(case: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let (tile, steps) = (TILE as usize, case.extent("steps") as usize);
    let (turns, rest) = ((steps / tile) as f64, steps % tile);
    let mut sums = Vec::with_capacity(inputs[0].len());
    for x in inputs[0].chunks(4 * tile) {
        let column = |c: usize, from: usize, length: usize| -> f64 {
            (from..from + length).map(|i| x[4 * (i % tile) + c]).sum()
        };
        let totals = [0, 1, 2, 3].map(|c| turns * column(c, 0, tile));
        let mut windows = [0, 1, 2, 3].map(|c| column(c, 0, rest));
        for i in 0..tile {
            for (c, window) in windows.iter_mut().enumerate() {
                let value = totals[c] + *window;
                sums.push(Expected { value, tolerance: 0.0 });
                *window += x[4 * ((i + rest) % tile) + c] - x[4 * i + c];
            }
        }
    }
    vec![sums]
}

fn variants(case: &Case) -> Vec<Variant> {
    let (tiles, steps) = (case.extent("n"), case.extent("steps"));
    let variant = |&(lanes, width, default): &(u32, u32, bool)| Variant {
        name: format!("lanes{lanes}-vec{width}"),
        default,
        engine: Engine::Vector,
        program: Program::of_shader(
            Shader {
                source: source(
                    &[("LANES", lanes), ("PARTS", 4 / width)],
                    include_str!("../../kernels/workgroup_memory.wgsl"),
                    &generated(lanes, width),
                ),
                entry: "main",
                workgroups: tiles,
                parameters: vec![narrow(steps)],
            },
            Needs {
                invocations: lanes,
                workgroup_memory: (2 * TILE + READS) * 16,
                ..Needs::default()
            },
        ),
    };
    let trips =
        |lanes: u32, width: u32| steps / u64::from(ahead(lanes, width)) + u64::from(READS + 4 * 2 * TILE / lanes);
    let short = |(lanes, width, _): &&(u32, u32, bool)| trips(*lanes, *width) <= MAX_TRIPS;
    VARIANTS.iter().filter(short).map(variant).collect()
}

/// (lanes, elements of a read, raced by default).
const VARIANTS: &[(u32, u32, bool)] = &[
    (64, 4, true),
    (128, 4, true),
    (256, 4, true),
    (256, 1, true),
    (128, 1, false),
    (32, 4, false),
];

/// Elements of a tile that an invocation has the sums of: every `lanes`th, so that neighbours read neighbours.
const fn owned(lanes: u32, width: u32) -> u32 {
    TILE * 4 / width / lanes
}

/// Steps written out.
const fn ahead(lanes: u32, width: u32) -> u32 {
    READS / owned(lanes, width)
}

fn generated(lanes: u32, width: u32) -> String {
    let (parts, owned, ahead) = (4 / width, owned(lanes, width), ahead(lanes, width));
    let element = if width == 1 { "i32" } else { "vec4<i32>" };
    let each = |line: &dyn Fn(u32) -> String| -> String { (0..owned).map(|k| format!("    {}\n", line(k))).collect() };
    let read = |step: u32| each(&|k| format!("    sum{k} += tile[at + {}u];", step * parts + k * lanes));
    let body = format!(
        "    fill(g, lane);
{sums}    var s = 0u;
    for (; s + {ahead}u <= p.steps; s += {ahead}u) {{
        let at = lane + s * PARTS % TILE;
{reads}    }}
    for (; s < p.steps; s++) {{
        let at = lane + s * PARTS % TILE;
{read}    }}
{stores}",
        sums = each(&|k| format!("var sum{k} = T();")),
        reads = (0..ahead).map(read).collect::<String>(),
        read = read(0),
        stores = each(&|k| format!("y[g * TILE + lane + {}u] = sum{k};", k * lanes)),
    );
    format!("\nalias T = {element};\n{}", entry(lanes, &body))
}
