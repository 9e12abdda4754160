//! Attention of many queries: reading a prompt, or training.

use std::fmt::Write as _;

use super::attention::{self, ROLE, output, vectors};
use super::wgsl::{SUBGROUPS, entry, entry_with, source};
use super::work::{self, Attention};
use super::{Case, Engine, Kernel, MAX_TRIPS, Needs, Precision, Program, Step, Variant};

pub(super) static KERNEL: Kernel = Kernel {
    name: "attention_prefill",
    summary: "attention of sq queries to skv keys, online softmax, grouped query heads",
    formula: "O = softmax(Q K^T / sqrt d) V; causal: query i sees the keys up to i + skv - sq",
    role: ROLE,
    extents: &[
        ("b", "sequences"),
        ("hq", "query heads"),
        ("hkv", "heads of keys and values"),
        ("sq", "queries"),
        ("skv", "keys"),
        ("d", "elements of a query and of a key"),
        ("dv", "elements of a value"),
    ],
    layouts: &[
        ("causal", "a query sees no later key"),
        ("full", "every query sees every key"),
    ],
    precisions: attention::PRECISIONS,
    admits: attention::admits,
    work: |case| work::attention(attention::shape(case), case.element_bytes()),
    buffers: attention::buffers,
    reference: attention::reference,
    variants,
};

/// How a workgroup goes about its rows.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// A row to an invocation, a few keys at a time, read from memory by all at once.
    Row { lanes: u32, unroll: u32 },
    /// The same, with blocks of `block` keys and values in workgroup memory.
    Shared { lanes: u32, unroll: u32, block: u32 },
    /// A row to a subgroup: each lane takes every so many-th key, and the lanes join their results at the end.
    Subgroup { lanes: u32, rows: u32 },
}

/// Raced by default: one way for drivers that run a workgroup on a CPU core, and those for GPUs. `unroll` is the number
/// of vector products that are written out: heads of more elements take fewer keys at a time, since some drivers need
/// seconds to compile long bodies.
const WAYS: &[(Way, bool)] = &[
    (Way::Row { lanes: 16, unroll: 64 }, true),
    (Way::Row { lanes: 64, unroll: 64 }, true),
    (
        Way::Shared {
            lanes: 64,
            unroll: 64,
            block: 16,
        },
        true,
    ),
    (Way::Subgroup { lanes: 32, rows: 4 }, true),
    (Way::Row { lanes: 8, unroll: 32 }, false),
    (
        Way::Shared {
            lanes: 128,
            unroll: 32,
            block: 32,
        },
        false,
    ),
    (Way::Subgroup { lanes: 128, rows: 8 }, false),
];

/// Keys taken at a time by heads of `d4` vectors: a power of two, which divides every block.
fn keys(unroll: u32, d4: u32) -> u32 {
    1 << (unroll / d4).clamp(1, 8).ilog2()
}

impl Way {
    fn name(self) -> String {
        match self {
            Self::Row { lanes, unroll } => format!("row-lanes{lanes}-unroll{unroll}"),
            Self::Shared { lanes, unroll, block } => format!("shared-lanes{lanes}-unroll{unroll}-block{block}"),
            Self::Subgroup { lanes, rows } => format!("subgroup-lanes{lanes}-rows{rows}"),
        }
    }

    const fn lanes(self) -> u32 {
        match self {
            Self::Row { lanes, .. } | Self::Shared { lanes, .. } | Self::Subgroup { lanes, .. } => lanes,
        }
    }

    /// Query rows of a workgroup.
    const fn rows(self) -> u32 {
        match self {
            Self::Row { lanes, .. } | Self::Shared { lanes, .. } => lanes,
            Self::Subgroup { rows, .. } => rows,
        }
    }

    /// Iterations of an invocation's loops, at most.
    fn trips(self, of: &Attention) -> u64 {
        match self {
            // At least one key a trip.
            Self::Row { .. } => of.skv,
            Self::Shared { lanes, block, .. } => {
                let fill = u64::from(block) * (of.d + of.dv) / 4 / u64::from(lanes) + 2;
                of.skv.div_ceil(u64::from(block)) * (1 + fill + u64::from(block))
            }
            // The smallest subgroup there is has 4 lanes; fewer subgroups than rows take more rows each.
            Self::Subgroup { rows, .. } => (of.skv.div_ceil(4) + 1) * u64::from(rows),
        }
    }

    fn workgroup_memory(self, of: &Attention) -> u64 {
        match self {
            Self::Shared { block, .. } => u64::from(block) * (of.d + of.dv) * 4,
            _ => 0,
        }
    }

    /// What is generated: declarations and the entry point.
    fn code(self, sizes: Sizes) -> String {
        match self {
            Self::Row { lanes, unroll } => entry(lanes, &row(sizes, lanes, keys(unroll, sizes.d4))),
            Self::Shared { lanes, unroll, block } => {
                blocks(sizes, block) + &entry(lanes, &shared(sizes, lanes, keys(unroll, sizes.d4), block))
            }
            Self::Subgroup { lanes, rows } => entry_with(lanes, SUBGROUPS, &subgroup(sizes, rows)),
        }
    }
}

fn variants(case: &Case) -> Vec<Variant> {
    let of = attention::shape(case);
    let precision = case.precision.unwrap_or(Precision::F32);
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let sizes = Sizes {
        d4: narrow(of.d / 4),
        dv4: narrow(of.dv / 4),
    };
    let declarations =
        vectors("q", 1, precision) + &vectors("k", 2, precision) + &vectors("v", 3, precision) + &output(4, precision);
    let scale = (1.0 / (of.d as f64).sqrt()) as f32;
    let variant = |&(way, default): &(Way, bool)| {
        let step = Step {
            source: source(
                &[],
                include_str!("../../kernels/attention_prefill.wgsl"),
                &(declarations.clone() + &way.code(sizes)),
            ),
            entry: "main",
            workgroups: of.b * of.hq * of.sq.div_ceil(u64::from(way.rows())),
            parameters: [of.hq, of.hkv, of.sq, of.skv, u64::from(of.causal)]
                .map(narrow)
                .into_iter()
                .chain([scale.to_bits()])
                .collect(),
        };
        Variant {
            name: way.name(),
            default,
            engine: Engine::Vector,
            program: Program {
                steps: vec![step],
                needs: Needs {
                    invocations: way.lanes(),
                    workgroup_memory: narrow(way.workgroup_memory(&of)),
                    f16: precision == Precision::F16,
                    subgroups: matches!(way, Way::Subgroup { .. }),
                },
            },
        }
    };
    WAYS.iter()
        .filter(|(way, _)| way.trips(&of) <= MAX_TRIPS)
        .map(variant)
        .collect()
}

/// Vectors of four in a query or key, and in a value.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    d4: u32,
    dv4: u32,
}

/// The query row in registers, scaled, and an empty accumulator.
fn begin(Sizes { d4, dv4 }: Sizes) -> String {
    let mut text = String::new();
    for i in 0..d4 {
        let _ = writeln!(
            text,
            "    let q{i} = p.scale * load_q((head * p.sq + row) * {d4}u + {i}u);"
        );
    }
    for i in 0..dv4 {
        let _ = writeln!(text, "    var o{i} = vec4<f32>();");
    }
    text + "    var largest = LOWEST;\n    var sum = 0.0;\n"
}

/// Which head, and which rows of it: workgroups of one head follow each other.
fn place(rows: u32) -> String {
    format!(
        "    let tiles = (p.sq + {}u) / {rows}u;
    let head = g / tiles;
    let first_row = g % tiles * {rows}u;
    let keys = kv_head(head) * p.skv;
",
        rows - 1
    )
}

/// Takes `count` keys from `j` on into the softmax: scores, the largest so far, what that does to what is already summed,
/// the weighted values. `k` and `v` name vector `i` of key `t`; `seen` is the number of keys that the row sees.
fn take(
    Sizes { d4, dv4 }: Sizes,
    count: u32,
    k: impl Fn(u32, u32) -> String,
    v: impl Fn(u32, u32) -> String,
) -> String {
    let mut text = String::new();
    for t in 0..count {
        let _ = writeln!(text, "        var a{t} = q0 * {};", k(t, 0));
    }
    for i in 1..d4 {
        for t in 0..count {
            let _ = writeln!(text, "        a{t} = fma(q{i}, {}, a{t});", k(t, i));
        }
    }
    for t in 0..count {
        let score = format!("(a{t}.x + a{t}.y) + (a{t}.z + a{t}.w)");
        let _ = writeln!(text, "        let s{t} = select(LOWEST, {score}, j + {t}u < seen);");
    }
    let largest = (0..count).fold("largest".to_owned(), |text, t| format!("max({text}, s{t})"));
    let _ = writeln!(
        text,
        "        let next = {largest};\n        let shrink = exp(largest - next);\n        largest = next;"
    );
    for t in 0..count {
        let _ = writeln!(
            text,
            "        let w{t} = select(0.0, exp(s{t} - next), j + {t}u < seen);"
        );
    }
    let weights: Vec<_> = (0..count).map(|t| format!("w{t}")).collect();
    let _ = writeln!(text, "        sum = sum * shrink + ({});", weights.join(" + "));
    for i in 0..dv4 {
        let mut value = format!("o{i} * shrink");
        for t in 0..count {
            value = format!("fma(vec4<f32>(w{t}), {}, {value})", v(t, i));
        }
        let _ = writeln!(text, "        o{i} = {value};");
    }
    text
}

fn store(Sizes { dv4, .. }: Sizes) -> String {
    let mut text = String::new();
    for i in 0..dv4 {
        let _ = writeln!(
            text,
            "        store_o((head * p.sq + row) * {dv4}u + {i}u, o{i} / sum);"
        );
    }
    text
}

/// The beginning of the ways that give a row to an invocation. The bound of the loop over the keys is the workgroup's, not
/// the row's, so that all lanes read the same keys.
fn begin_rows(sizes: Sizes, lanes: u32) -> String {
    let rows = place(lanes) + "    let row = min(first_row + lane, p.sq - 1u);\n    let seen = visible(row);\n";
    let last = format!("    let last = visible(min(first_row + {}u, p.sq - 1u));\n", lanes - 1);
    rows + &begin(sizes) + &last
}

/// Their end: rows beyond the last were computed from the last and are not stored.
fn end_rows(sizes: Sizes) -> String {
    format!("    if first_row + lane < p.sq {{\n{}    }}\n", store(sizes))
}

fn row(sizes: Sizes, lanes: u32, keys: u32) -> String {
    let Sizes { d4, dv4 } = sizes;
    let mut text = begin_rows(sizes, lanes);
    let _ = writeln!(text, "    for (var j = 0u; j < last; j += {keys}u) {{");
    for t in 0..keys {
        // The last keys are read again rather than read beyond: a key that does not exist is not seen either.
        let _ = writeln!(text, "        let key{t} = keys + min(j + {t}u, p.skv - 1u);");
    }
    text += &take(
        sizes,
        keys,
        |t, i| format!("load_k(key{t} * {d4}u + {i}u)"),
        |t, i| format!("load_v(key{t} * {dv4}u + {i}u)"),
    );
    text + "    }\n" + &end_rows(sizes)
}

fn shared(sizes: Sizes, lanes: u32, keys: u32, block: u32) -> String {
    let Sizes { d4, dv4 } = sizes;
    let fill = |name: &str, vectors: u32| {
        format!(
            "        for (var i = lane; i < {}u; i += {lanes}u) {{
            {name}_block[i] = load_{name}((keys + min(j0 + i / {vectors}u, p.skv - 1u)) * {vectors}u + i % {vectors}u);
        }}
",
            block * vectors
        )
    };
    let mut text = begin_rows(sizes, lanes);
    let _ = write!(
        text,
        "    for (var j0 = 0u; j0 < last; j0 += {block}u) {{\n{}{}        workgroupBarrier();
        for (var t = 0u; t < {block}u; t += {keys}u) {{\n        let j = j0 + t;\n",
        fill("k", d4),
        fill("v", dv4)
    );
    text += &take(
        sizes,
        keys,
        |t, i| format!("k_block[(t + {t}u) * {d4}u + {i}u]"),
        |t, i| format!("v_block[(t + {t}u) * {dv4}u + {i}u]"),
    );
    text + "        }\n        workgroupBarrier();\n    }\n" + &end_rows(sizes)
}

fn blocks(Sizes { d4, dv4 }: Sizes, block: u32) -> String {
    format!(
        "var<workgroup> k_block: array<vec4<f32>, {}>;\nvar<workgroup> v_block: array<vec4<f32>, {}>;\n",
        block * d4,
        block * dv4
    )
}

/// Subgroups take rows in turn, so any number of them of any size will do. A lane that saw no key has the lowest score
/// and weighs nothing.
fn subgroup(sizes: Sizes, rows: u32) -> String {
    let Sizes { d4, dv4 } = sizes;
    let mut text = place(rows);
    let _ = write!(
        text,
        "    for (var r = subgroup; r < {rows}u; r += subgroups) {{
    let row = min(first_row + r, p.sq - 1u);
    let seen = visible(row);
"
    );
    text += &begin(sizes);
    text += "    for (var j = subgroup_lane; j < seen; j += subgroup_lanes) {\n";
    text += &take(
        sizes,
        1,
        |_, i| format!("load_k((keys + j) * {d4}u + {i}u)"),
        |_, i| format!("load_v((keys + j) * {dv4}u + {i}u)"),
    );
    text += "    }\n    let overall = subgroupMax(largest);\n    let weight = exp(largest - overall);\n";
    text += "    let total = subgroupAdd(sum * weight);\n";
    for i in 0..dv4 {
        let _ = writeln!(text, "    let joined{i} = subgroupAdd(o{i} * weight);");
    }
    text += "    if subgroup_lane == 0u && first_row + r < p.sq {\n";
    for i in 0..dv4 {
        let _ = writeln!(
            text,
            "        store_o((head * p.sq + row) * {dv4}u + {i}u, joined{i} / total);"
        );
    }
    text + "    }\n    }\n"
}
