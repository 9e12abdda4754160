//! Attention of one query a sequence: writing one token after the other.

use std::fmt::Write as _;

use super::attention::{self, ROLE, output, vectors};
use super::wgsl::{SUBGROUPS, entry, entry_with, source};
use super::work::{self, Attention};
use super::{Buffer, BufferRole, Case, Engine, Kernel, MAX_TRIPS, Needs, Precision, Program, Step, Variant};

pub(super) static KERNEL: Kernel = Kernel {
    name: "attention_decode",
    summary: "attention of one query to skv keys in each of b sequences, keys and values read once a kv head",
    formula: "O = softmax(Q K^T / sqrt d) V with one row of Q for each of b sequences and hq heads",
    role: ROLE,
    extents: &[
        ("b", "sequences"),
        ("hq", "query heads"),
        ("hkv", "heads of keys and values"),
        ("skv", "keys"),
        ("d", "elements of a query and of a key"),
        ("dv", "elements of a value"),
    ],
    layouts: &[],
    precisions: attention::PRECISIONS,
    admits: attention::admits,
    work: |case| work::attention(attention::shape(case), case.element_bytes()),
    buffers,
    reference: attention::reference,
    variants,
};

/// Room for the parts of every chunk when the chunks are as short as any variant makes them.
fn buffers(case: &Case) -> Vec<Buffer> {
    let of = attention::shape(case);
    let chunks = of.skv.div_ceil(SHORTEST);
    let mut buffers = attention::buffers(case);
    buffers.push(Buffer {
        elements: of.b * of.hq * chunks * (of.dv + 4),
        precision: Precision::F32,
        role: BufferRole::Scratch,
    });
    buffers
}

/// How a workgroup goes about its chunk of keys.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Lanes share the keys out for the scores, which go through workgroup memory, and the columns for the values.
    Shared { lanes: u32, chunk: u32 },
    /// Lanes of a subgroup share the keys out and keep their sums in registers; they join them at the end. Each subgroup
    /// takes whole chunks.
    Subgroup { lanes: u32, chunk: u32 },
}

/// Shortest chunk of any variant.
const SHORTEST: u64 = 64;
/// Chunks that a workgroup of the second way takes, by turns of its subgroups.
const CHUNKS_A_GROUP: u64 = 4;

const WAYS: &[(Way, bool)] = &[
    (Way::Shared { lanes: 32, chunk: 128 }, true),
    (Way::Shared { lanes: 64, chunk: 256 }, true),
    (Way::Subgroup { lanes: 32, chunk: 128 }, true),
    (Way::Shared { lanes: 16, chunk: 64 }, false),
    (Way::Shared { lanes: 16, chunk: 256 }, false),
    (Way::Shared { lanes: 128, chunk: 512 }, false),
    (Way::Subgroup { lanes: 64, chunk: 512 }, false),
];

impl Way {
    fn name(self) -> String {
        match self {
            Self::Shared { lanes, chunk } => format!("shared-lanes{lanes}-chunk{chunk}"),
            Self::Subgroup { lanes, chunk } => format!("subgroup-lanes{lanes}-chunk{chunk}"),
        }
    }

    const fn sizes(self) -> (u32, u32) {
        match self {
            Self::Shared { lanes, chunk } | Self::Subgroup { lanes, chunk } => (lanes, chunk),
        }
    }

    fn needs(self, of: &Attention, precision: Precision) -> Needs {
        let (lanes, chunk) = self.sizes();
        let group = of.hq / of.hkv;
        let scores = match self {
            Self::Shared { .. } => 4 * group * u64::from(chunk + 2 * lanes),
            Self::Subgroup { .. } => 0,
        };
        Needs {
            invocations: lanes,
            workgroup_memory: u32::try_from(scores).unwrap_or(u32::MAX),
            f16: precision == Precision::F16,
            subgroups: matches!(self, Self::Subgroup { .. }),
        }
    }

    fn workgroups(self, of: &Attention) -> u64 {
        let chunks = of.skv.div_ceil(u64::from(self.sizes().1));
        let heads = of.b * of.hkv;
        match self {
            Self::Shared { .. } => heads * chunks,
            Self::Subgroup { .. } => heads * chunks.div_ceil(CHUNKS_A_GROUP),
        }
    }

    fn trips(self, of: &Attention) -> u64 {
        let (lanes, chunk) = self.sizes();
        let chunk = u64::from(chunk);
        match self {
            Self::Shared { .. } => {
                let heads = 2 * of.hq / of.hkv * (1 + u64::from(lanes));
                chunk / u64::from(lanes) * (1 + of.d / 4) + (chunk + heads) * (1 + of.dv / 4 / u64::from(lanes))
            }
            Self::Subgroup { .. } => CHUNKS_A_GROUP * (chunk / 4 + 1),
        }
    }
}

fn variants(case: &Case) -> Vec<Variant> {
    let of = attention::shape(case);
    let group = of.hq / of.hkv;
    let fits = |way: &Way| {
        // Registers for the sums of all heads; more would spill everywhere.
        let registers = matches!(way, Way::Shared { .. }) || group * of.dv <= 256;
        registers && way.trips(&of) <= MAX_TRIPS && group <= 16
    };
    WAYS.iter()
        .filter(|(way, _)| fits(way))
        .map(|&(way, default)| variant(case, &of, way, default))
        .collect()
}

fn variant(case: &Case, of: &Attention, way: Way, default: bool) -> Variant {
    let precision = case.precision.unwrap_or(Precision::F32);
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let sizes = Sizes {
        d4: narrow(of.d / 4),
        dv4: narrow(of.dv / 4),
        group: narrow(of.hq / of.hkv),
    };
    let (lanes, chunk) = way.sizes();
    let generated = match way {
        Way::Shared { .. } => scores(sizes, lanes, chunk) + &entry(lanes, &shared(sizes, lanes, chunk)),
        Way::Subgroup { .. } => entry_with(lanes, SUBGROUPS, &subgroup(sizes)),
    };
    let declarations =
        vectors("q", 1, precision) + &vectors("k", 2, precision) + &vectors("v", 3, precision) + &output(4, precision);
    let text = source(
        &[("DV4", sizes.dv4)],
        include_str!("../../kernels/attention_decode.wgsl"),
        &(declarations + &generated),
    );
    let scale = (1.0 / (of.d as f64).sqrt()) as f32;
    let chunks = of.skv.div_ceil(u64::from(chunk));
    let heads = of.b * of.hq;
    let parameters: Vec<u32> = [heads, of.hq / of.hkv, of.skv, u64::from(chunk), chunks]
        .map(narrow)
        .into_iter()
        .chain([scale.to_bits()])
        .collect();
    let step = |entry, workgroups| Step {
        source: text.clone(),
        entry,
        workgroups,
        parameters: parameters.clone(),
    };
    Variant {
        name: way.name(),
        default,
        engine: Engine::Vector,
        program: Program {
            steps: vec![
                step("main", way.workgroups(of)),
                step("join", (heads * of.dv / 4).div_ceil(64)),
            ],
            needs: way.needs(of, precision),
        },
    }
}

/// Vectors of four in a query or key and in a value, and query heads that share a kv head.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    d4: u32,
    dv4: u32,
    group: u32,
}

/// A line of WGSL for each query head of the group.
fn each(sizes: Sizes, line: impl Fn(u32) -> String) -> String {
    (0..sizes.group)
        .map(|head| format!("            {}\n", line(head)))
        .collect()
}

fn scores(sizes: Sizes, lanes: u32, chunk: u32) -> String {
    format!(
        "var<workgroup> weights: array<f32, {}>;\nvar<workgroup> maxima: array<f32, {}>;\nvar<workgroup> sums: array<f32, {}>;\n",
        sizes.group * chunk,
        sizes.group * lanes,
        sizes.group * lanes
    )
}

/// Scores of every key for all heads of the group, then their exponentials, then the weighted values.
fn shared(sizes: Sizes, lanes: u32, chunk: u32) -> String {
    let Sizes { d4, dv4, group } = sizes;
    let largest = each(sizes, |h| format!("var largest{h} = LOWEST;"));
    let zero = each(sizes, |h| format!("var a{h} = vec4<f32>();"));
    let product = each(sizes, |h| {
        format!("a{h} = fma(load_q((heads + {h}u) * {d4}u + i), key, a{h});")
    });
    let score = each(sizes, |h| {
        format!(
            "let s{h} = p.scale * ((a{h}.x + a{h}.y) + (a{h}.z + a{h}.w)); weights[{}u + j] = s{h}; largest{h} = max(largest{h}, s{h});",
            h * chunk
        )
    });
    let keep_maxima = each(sizes, |h| format!("maxima[{}u + lane] = largest{h};", h * lanes));
    let all_maxima = each(sizes, |h| {
        format!("largest{h} = max(largest{h}, maxima[{}u + l]);", h * lanes)
    });
    let empty_sums = each(sizes, |h| format!("var sum{h} = 0.0;"));
    let weight = each(sizes, |h| {
        let place = format!("weights[{}u + j]", h * chunk);
        format!("let w{h} = exp({place} - largest{h}); {place} = w{h}; sum{h} += w{h};")
    });
    let keep_sums = each(sizes, |h| format!("sums[{}u + lane] = sum{h};", h * lanes));
    let accumulators = each(sizes, |h| format!("var o{h} = vec4<f32>();"));
    let value = each(sizes, |h| {
        format!("o{h} = fma(vec4<f32>(weights[{}u + j]), value, o{h});", h * chunk)
    });
    let store = each(sizes, |h| {
        format!("part[((heads + {h}u) * p.chunks + chunk) * {}u + i] = o{h};", dv4 + 1)
    });
    let finish = each(sizes, |h| {
        format!(
            "{{ var total = 0.0; for (var l = 0u; l < {lanes}u; l++) {{ total += sums[{}u + l]; }} part[((heads + {h}u) * p.chunks + chunk) * {}u + {dv4}u] = vec4<f32>(largest{h}, total, 0.0, 0.0); }}",
            h * lanes,
            dv4 + 1
        )
    });
    format!(
        "    let kv = g / p.chunks;
    let chunk = g % p.chunks;
    let heads = kv * {group}u;
    let first_key = chunk * {chunk}u;
    let count = min({chunk}u, p.skv - first_key);
    let keys = kv * p.skv + first_key;
{largest}    for (var j = lane; j < count; j += {lanes}u) {{
{zero}        for (var i = 0u; i < {d4}u; i++) {{
            let key = load_k((keys + j) * {d4}u + i);
{product}        }}
{score}    }}
{keep_maxima}    workgroupBarrier();
    for (var l = 0u; l < {lanes}u; l++) {{
{all_maxima}    }}
{empty_sums}    for (var j = lane; j < count; j += {lanes}u) {{
{weight}    }}
{keep_sums}    workgroupBarrier();
    for (var i = lane; i < {dv4}u; i += {lanes}u) {{
{accumulators}        for (var j = 0u; j < count; j++) {{
            let value = load_v((keys + j) * {dv4}u + i);
{value}        }}
{store}    }}
    if lane == 0u {{
{finish}    }}
"
    )
}

/// A subgroup's chunk: every lane takes every so many-th key for all heads of the group.
fn subgroup(sizes: Sizes) -> String {
    let Sizes { d4, dv4, group } = sizes;
    let mut begin = String::new();
    let mut join = String::new();
    for h in 0..group {
        let _ = writeln!(begin, "        var largest{h} = LOWEST; var sum{h} = 0.0;");
        let _ = writeln!(
            join,
            "        let overall{h} = subgroupMax(largest{h}); let weight{h} = exp(largest{h} - overall{h}); let total{h} = subgroupAdd(sum{h} * weight{h});"
        );
        for i in 0..dv4 {
            let _ = writeln!(begin, "        var o{h}_{i} = vec4<f32>();");
            let _ = writeln!(join, "        let joined{h}_{i} = subgroupAdd(o{h}_{i} * weight{h});");
        }
        let _ = writeln!(
            join,
            "        if subgroup_lane == 0u {{\n        let at = ((heads + {h}u) * p.chunks + chunk) * {}u;",
            dv4 + 1
        );
        for i in 0..dv4 {
            let _ = writeln!(join, "        part[at + {i}u] = joined{h}_{i};");
        }
        let _ = writeln!(
            join,
            "        part[at + {dv4}u] = vec4<f32>(overall{h}, total{h}, 0.0, 0.0);\n        }}"
        );
    }
    let zero = each(sizes, |h| format!("var a{h} = vec4<f32>();"));
    let product = each(sizes, |h| {
        format!("a{h} = fma(load_q((heads + {h}u) * {d4}u + i), key, a{h});")
    });
    let soft = each(sizes, |h| {
        format!(
            "let s{h} = p.scale * ((a{h}.x + a{h}.y) + (a{h}.z + a{h}.w)); let next{h} = max(largest{h}, s{h}); let shrink{h} = exp(largest{h} - next{h}); let w{h} = exp(s{h} - next{h}); largest{h} = next{h}; sum{h} = fma(sum{h}, shrink{h}, w{h});"
        )
    });
    let mut values = String::new();
    for i in 0..dv4 {
        let _ = writeln!(values, "            let value{i} = load_v((keys + j) * {dv4}u + {i}u);");
        for h in 0..group {
            let _ = writeln!(
                values,
                "            o{h}_{i} = fma(vec4<f32>(w{h}), value{i}, o{h}_{i} * shrink{h});"
            );
        }
    }
    format!(
        "    let blocks = (p.chunks + {last}u) / {many}u;
    let kv = g / blocks;
    let heads = kv * {group}u;
    for (var c = subgroup; c < {many}u; c += subgroups) {{
        let chunk = g % blocks * {many}u + c;
        if chunk >= p.chunks {{ break; }}
        let first_key = chunk * p.chunk;
        let count = min(p.chunk, p.skv - first_key);
        let keys = kv * p.skv + first_key;
{begin}        for (var j = subgroup_lane; j < count; j += subgroup_lanes) {{
{zero}            for (var i = 0u; i < {d4}u; i++) {{
            let key = load_k((keys + j) * {d4}u + i);
{product}            }}
{soft}{values}        }}
{join}    }}
",
        many = CHUNKS_A_GROUP,
        last = CHUNKS_A_GROUP - 1,
    )
}
