//! Attention of one query a sequence: writing one token after the other.

use std::fmt::Write as _;

use super::attention::{self, ROLE, Sizes, output, vectors};
use super::attention_columns::Columns;
use super::wgsl::{SUBGROUPS, entry, entry_with, narrow, source};
use super::work::{self, Attention};
use super::{Buffer, BufferRole, Case, Engine, Kernel, MAX_TRIPS, Needs, Precision, Program, Shader, Step, Variant};

pub(super) static KERNEL: Kernel = Kernel {
    name: "attention_decode",
    summary: "attention of one query to skv keys in each of b sequences, keys and values read once a kv head",
    formula: "O = softmax(Q K^T / sqrt d) V with one row of Q for each of b sequences and hq heads",
    tolerance: attention::TOLERANCE,
    literature: &[
        attention::ONLINE_SOFTMAX,
        "Shazeer, Fast transformer decoding: one write-head is all you need, 2019, arXiv:1911.02150",
        attention::GROUPED_QUERIES,
    ],
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
    buffers.push(Buffer::new(
        of.b * of.hq * chunks * (of.dv + 4),
        Precision::F32,
        BufferRole::Scratch,
    ));
    buffers
}

/// How a workgroup goes about its chunks of keys.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// A chunk to a team of lanes, which share the elements of every vector; no longer than the block of the team.
    Columns { team: Columns, lanes: u32, chunk: u32 },
    /// A chunk to the workgroup: lanes share the keys out for the scores, which go through workgroup memory, and the
    /// columns for the values.
    Shared { lanes: u32, chunk: u32 },
}

/// Shortest chunk of any variant.
const SHORTEST: u64 = 128;

/// Raced by default, first the teams: of eight lanes for drivers that run a subgroup on the vector unit of a processor, of
/// thirty-two for GPUs, of four for what has no larger subgroups.
fn ways(sizes: Sizes, group: u32) -> [(Way, bool); 7] {
    let columns = |width, lanes, block, chunk| Way::Columns {
        team: Columns {
            sizes,
            width: Columns::fit(sizes, width),
            rows: group,
            block,
        },
        lanes,
        chunk,
    };
    [
        // One shader for both: a long chunk spares work, short ones make enough of it for many processors.
        (columns(8, 8, 1024, 1024), true),
        (columns(8, 8, 1024, 256), true),
        (columns(32, 64, 128, 128), true),
        (columns(4, 32, 128, 128), true),
        (Way::Shared { lanes: 64, chunk: 256 }, true),
        (columns(32, 128, 256, 256), false),
        (Way::Shared { lanes: 32, chunk: 128 }, false),
    ]
}

impl Way {
    fn name(self) -> String {
        match self {
            Self::Columns { team, lanes, chunk } => {
                let Columns { width, block, .. } = team;
                format!("columns-width{width}-lanes{lanes}-block{block}-chunk{chunk}")
            }
            Self::Shared { lanes, chunk } => format!("shared-lanes{lanes}-chunk{chunk}"),
        }
    }

    const fn lanes(self) -> u32 {
        match self {
            Self::Columns { lanes, .. } | Self::Shared { lanes, .. } => lanes,
        }
    }

    /// Keys of a chunk.
    const fn chunk(self) -> u32 {
        match self {
            Self::Columns { chunk, .. } | Self::Shared { chunk, .. } => chunk,
        }
    }

    /// Chunks of a workgroup.
    const fn chunks(self) -> u32 {
        match self {
            Self::Columns { team, lanes, .. } => lanes / team.width,
            Self::Shared { .. } => 1,
        }
    }

    fn needs(self, of: &Attention, precision: Precision) -> Needs {
        let (workgroup_memory, subgroup_lanes) = match self {
            Self::Columns { team, lanes, .. } => (team.workgroup_memory(lanes), team.width),
            Self::Shared { lanes, chunk } => (4 * narrow(of.hq / of.hkv) * (chunk + 2 * lanes), 0),
        };
        Needs {
            invocations: self.lanes(),
            workgroup_memory,
            f16: precision == Precision::F16,
            subgroup_lanes,
            ..Needs::default()
        }
    }

    /// Iterations of an invocation's loops, at most.
    fn trips(self, of: &Attention) -> u64 {
        match self {
            Self::Columns { team, chunk, .. } => team.trips(u64::from(chunk)),
            Self::Shared { lanes, chunk } => {
                let (lanes, chunk) = (u64::from(lanes), u64::from(chunk));
                let heads = 2 * of.hq / of.hkv * (1 + lanes);
                chunk / lanes * (1 + of.d / 4) + (chunk + heads) * (1 + of.dv / 4 / lanes)
            }
        }
    }

    /// Whether the loops are short enough for every driver, and the keys enough for a step of a team.
    fn fits(self, of: &Attention) -> bool {
        let keys = match self {
            Self::Columns { team, .. } => team.width,
            Self::Shared { .. } => 1,
        };
        u64::from(keys) <= of.skv && self.trips(of) <= MAX_TRIPS
    }

    /// What is generated: declarations and the entry point.
    fn code(self, sizes: Sizes, group: u32) -> String {
        match self {
            Self::Columns { team, lanes, .. } => {
                team.declarations(lanes) + &entry_with(lanes, SUBGROUPS, &columns(team, self.chunks()))
            }
            Self::Shared { lanes, chunk } => {
                scores(group, lanes, chunk) + &entry(lanes, &shared(sizes, group, lanes, chunk))
            }
        }
    }
}

fn variants(case: &Case) -> Vec<Variant> {
    let of = attention::shape(case);
    let group = narrow(of.hq / of.hkv);
    // Registers for the sums of all heads; more would spill everywhere.
    if group > 16 {
        return Vec::new();
    }
    ways(Sizes::new(&of), group)
        .into_iter()
        .filter(|(way, _)| way.fits(&of))
        .map(|(way, default)| variant(case, &of, way, default))
        .collect()
}

fn variant(case: &Case, of: &Attention, way: Way, default: bool) -> Variant {
    let precision = case.precision.unwrap_or(Precision::F32);
    let sizes = Sizes::new(of);
    let declarations =
        vectors("q", 1, precision) + &vectors("k", 2, precision) + &vectors("v", 3, precision) + &output(4, precision);
    let text = source(
        &[("DV4", sizes.dv4)],
        include_str!("../../kernels/attention_decode.wgsl"),
        &(declarations + &way.code(sizes, narrow(of.hq / of.hkv))),
    );
    let scale = (1.0 / (of.d as f64).sqrt()) as f32;
    let chunks = of.skv.div_ceil(u64::from(way.chunk()));
    let heads = of.b * of.hq;
    let parameters: Vec<u32> = [heads, of.hq / of.hkv, of.skv, u64::from(way.chunk()), chunks]
        .map(narrow)
        .into_iter()
        .chain([scale.to_bits()])
        .collect();
    let step = |entry, workgroups| {
        Step::Shader(Shader {
            source: text.clone(),
            entry,
            workgroups,
            parameters: parameters.clone(),
        })
    };
    Variant {
        name: way.name(),
        default,
        engine: Engine::Vector,
        program: Program {
            steps: vec![
                step("main", of.b * of.hkv * chunks.div_ceil(u64::from(way.chunks()))),
                step("join", (heads * of.dv / 4).div_ceil(64)),
            ],
            needs: way.needs(of, precision),
        },
    }
}

/// The chunk of a team, for all heads of the group. Teams beyond the last chunk compute nothing of use and store nothing.
fn columns(team: Columns, chunks: u32) -> String {
    let Columns { sizes, rows, .. } = team;
    let Sizes { d4, dv4 } = sizes;
    let mut text = team.place();
    let _ = write!(
        text,
        "    let groups_of_chunks = (p.chunks + {last}u) / {chunks}u;
    let kv = g / groups_of_chunks;
    let first_chunk = g % groups_of_chunks * {chunks}u;
    let chunk = first_chunk + team;
    let heads = kv * {rows}u;
    let keys = kv * p.skv;
    let first_key = chunk * p.chunk;
    let end_key = first_key + min(p.chunk, p.skv - first_chunk * p.chunk);
",
        last = chunks - 1
    );
    text += &team.begin(|r| format!("(heads + {r}u) * {d4}u"));
    text += &(team.scores(|_| "p.skv".to_owned()) + &team.values() + &team.finish());
    text += "    if chunk >= p.chunks { return; }\n";
    for r in 0..rows {
        let _ = writeln!(
            text,
            "    let part{r} = ((heads + {r}u) * p.chunks + chunk) * {}u;",
            dv4 + 1
        );
        text += &team.outputs(r, |column, value| format!("part[part{r} + {column}] = {value};"));
        let _ = writeln!(
            text,
            "    if column == 0u {{ part[part{r} + {dv4}u] = vec4<f32>(largest{r}, sum{r}, 0.0, 0.0); }}"
        );
    }
    text
}

/// A line of WGSL for each query head of the group.
fn each(group: u32, line: impl Fn(u32) -> String) -> String {
    (0..group).map(|head| format!("            {}\n", line(head))).collect()
}

fn scores(group: u32, lanes: u32, chunk: u32) -> String {
    format!(
        "var<workgroup> weights: array<f32, {}>;\nvar<workgroup> maxima: array<f32, {}>;\nvar<workgroup> sums: array<f32, {}>;\n",
        group * chunk,
        group * lanes,
        group * lanes
    )
}

/// Scores of every key for all heads of the group, then their exponentials, then the weighted values.
fn shared(Sizes { d4, dv4 }: Sizes, group: u32, lanes: u32, chunk: u32) -> String {
    let largest = each(group, |h| format!("var largest{h} = LOWEST;"));
    let zero = each(group, |h| format!("var a{h} = vec4<f32>();"));
    let product = each(group, |h| {
        format!("a{h} = fma(load_q((heads + {h}u) * {d4}u + i), key, a{h});")
    });
    let score = each(group, |h| {
        format!(
            "let s{h} = p.scale * ((a{h}.x + a{h}.y) + (a{h}.z + a{h}.w)); weights[{}u + j] = s{h}; largest{h} = max(largest{h}, s{h});",
            h * chunk
        )
    });
    let keep_maxima = each(group, |h| format!("maxima[{}u + lane] = largest{h};", h * lanes));
    let all_maxima = each(group, |h| {
        format!("largest{h} = max(largest{h}, maxima[{}u + l]);", h * lanes)
    });
    let empty_sums = each(group, |h| format!("var sum{h} = 0.0;"));
    let weight = each(group, |h| {
        let place = format!("weights[{}u + j]", h * chunk);
        format!("let w{h} = exp({place} - largest{h}); {place} = w{h}; sum{h} += w{h};")
    });
    let keep_sums = each(group, |h| format!("sums[{}u + lane] = sum{h};", h * lanes));
    let accumulators = each(group, |h| format!("var o{h} = vec4<f32>();"));
    let value = each(group, |h| {
        format!("o{h} = fma(vec4<f32>(weights[{}u + j]), value, o{h});", h * chunk)
    });
    let store = each(group, |h| {
        format!("part[((heads + {h}u) * p.chunks + chunk) * {}u + i] = o{h};", dv4 + 1)
    });
    let finish = each(group, |h| {
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
