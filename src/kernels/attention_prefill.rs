//! Attention of many queries: reading a prompt, or training.

use std::fmt::Write as _;

use super::attention::{self, ROLE, Sizes, output, vectors};
use super::attention_columns::Columns;
use super::attention_rows;
use super::wgsl::{SUBGROUPS, entry, entry_with, narrow, source};
use super::work::{self, Attention};
use super::{Case, Engine, Kernel, MAX_TRIPS, Needs, Precision, Program, Shader, Variant};

pub(super) static KERNEL: Kernel = Kernel {
    name: "attention_prefill",
    summary: "attention of sq queries to skv keys, online softmax, grouped query heads",
    formula: "O = softmax(Q K^T / sqrt d) V; causal: query i sees the keys up to i + skv - sq",
    tolerance: attention::TOLERANCE,
    literature: &[
        attention::ONLINE_SOFTMAX,
        "Dao, Fu, Ermon, Rudra and Re, FlashAttention, 2022, arXiv:2205.14135",
        attention::GROUPED_QUERIES,
    ],
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
    /// A few rows to a team of lanes, which share the elements of every vector.
    Columns { team: Columns, lanes: u32 },
    /// A row to an invocation, a few keys at a time, read from memory by all at once.
    Row { lanes: u32, unroll: u32 },
    /// The same, with blocks of `block` keys and values in workgroup memory.
    Shared { lanes: u32, unroll: u32, block: u32 },
}

/// Raced by default, first the teams: of eight lanes for drivers that run a subgroup on the vector unit of a processor, of
/// thirty-two for GPUs, of four for what has no larger subgroups. Heads of more elements take fewer rows or keys at a
/// time, since registers are scarce and some drivers need seconds to compile long bodies.
fn ways(sizes: Sizes) -> [(Way, bool); 6] {
    let columns = |width, lanes, unroll: u32, block| Way::Columns {
        team: Columns {
            sizes,
            width: Columns::fit(sizes, width),
            rows: (unroll / sizes.longest()).clamp(1, 8),
            block,
        },
        lanes,
    };
    let shared = |lanes, unroll, block| Way::Shared { lanes, unroll, block };
    [
        (columns(8, 8, 256, 128), true),
        (columns(32, 128, 256, 64), true),
        (columns(4, 32, 128, 64), true),
        (Way::Row { lanes: 64, unroll: 32 }, true),
        (shared(64, 64, 16), true),
        (shared(128, 32, 32), false),
    ]
}

/// Keys taken at a time by an invocation whose head has `d4` vectors: a power of two, which divides every block.
fn keys(unroll: u32, d4: u32) -> u32 {
    1 << (unroll / d4).clamp(1, 8).ilog2()
}

impl Way {
    fn name(self) -> String {
        match self {
            Self::Columns { team, lanes } => {
                let Columns { width, rows, block, .. } = team;
                format!("columns-width{width}-lanes{lanes}-rows{rows}-block{block}")
            }
            Self::Row { lanes, unroll } => format!("row-lanes{lanes}-unroll{unroll}"),
            Self::Shared { lanes, unroll, block } => format!("shared-lanes{lanes}-unroll{unroll}-block{block}"),
        }
    }

    const fn lanes(self) -> u32 {
        match self {
            Self::Columns { lanes, .. } | Self::Row { lanes, .. } | Self::Shared { lanes, .. } => lanes,
        }
    }

    /// Query rows of a workgroup.
    const fn rows(self) -> u32 {
        match self {
            Self::Columns { team, lanes } => lanes / team.width * team.rows,
            Self::Row { lanes, .. } | Self::Shared { lanes, .. } => lanes,
        }
    }

    /// Iterations of an invocation's loops, at most.
    fn trips(self, of: &Attention) -> u64 {
        match self {
            Self::Columns { team, .. } => team.trips(of.skv),
            // At least one key a trip.
            Self::Row { .. } => of.skv,
            Self::Shared { lanes, block, .. } => {
                let fill = u64::from(block) * (of.d + of.dv) / 4 / u64::from(lanes) + 2;
                of.skv.div_ceil(u64::from(block)) * (1 + fill + u64::from(block))
            }
        }
    }

    /// Whether the loops are short enough for every driver, and the keys enough for a step of a team.
    fn fits(self, of: &Attention) -> bool {
        let keys = match self {
            Self::Columns { team, .. } => team.width,
            Self::Row { .. } | Self::Shared { .. } => 1,
        };
        u64::from(keys) <= of.skv && self.trips(of) <= MAX_TRIPS
    }

    fn needs(self, sizes: Sizes, precision: Precision) -> Needs {
        let (workgroup_memory, subgroup_lanes) = match self {
            Self::Columns { team, lanes } => (team.workgroup_memory(lanes), team.width),
            Self::Row { .. } => (0, 0),
            Self::Shared { block, .. } => (block * (sizes.d4 + sizes.dv4) * 16, 0),
        };
        Needs {
            invocations: self.lanes(),
            workgroup_memory,
            f16: precision == Precision::F16,
            subgroup_lanes,
            ..Needs::default()
        }
    }

    /// What is generated: declarations and the entry point.
    fn code(self, sizes: Sizes) -> String {
        let place = place(self.rows());
        let keys = |unroll| keys(unroll, sizes.d4);
        match self {
            Self::Columns { team, lanes } => {
                team.declarations(lanes) + &entry_with(lanes, SUBGROUPS, &(place + &columns(team)))
            }
            Self::Row { lanes, unroll } => entry(lanes, &(place + &attention_rows::row(sizes, keys(unroll)))),
            Self::Shared { lanes, unroll, block } => {
                let body = attention_rows::shared(sizes, lanes, keys(unroll), block);
                attention_rows::blocks(sizes, block) + &entry(lanes, &(place + &body))
            }
        }
    }
}

fn variants(case: &Case) -> Vec<Variant> {
    let of = attention::shape(case);
    let precision = case.precision.unwrap_or(Precision::F32);
    let sizes = Sizes::new(&of);
    let declarations =
        vectors("q", 1, precision) + &vectors("k", 2, precision) + &vectors("v", 3, precision) + &output(4, precision);
    let scale = (1.0 / (of.d as f64).sqrt()) as f32;
    let variant = |&(way, default): &(Way, bool)| {
        let shader = Shader {
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
            program: Program::of_shader(shader, way.needs(sizes, precision)),
        }
    };
    ways(sizes)
        .iter()
        .filter(|(way, _)| way.fits(&of))
        .map(variant)
        .collect()
}

/// Which head, and which rows of it, and the end of the longest of them: workgroups of one head follow each other.
fn place(rows: u32) -> String {
    format!(
        "    let tiles = (p.sq + {last}u) / {rows}u;
    let head = g / tiles;
    let first_row = g % tiles * {rows}u;
    let keys = kv_head(head) * p.skv;
    let last = visible(min(first_row + {last}u, p.sq - 1u));
",
        last = rows - 1
    )
}

/// The rows of a team, over all keys. Rows beyond the last are computed from the last and not stored.
fn columns(team: Columns) -> String {
    let Columns { sizes, rows, block, .. } = team;
    let mut text = team.place();
    let _ = writeln!(text, "    let top = first_row + team * {rows}u;");
    for r in 0..rows {
        let _ = writeln!(
            text,
            "    let row{r} = min(top + {r}u, p.sq - 1u);\n    let seen{r} = visible(row{r});"
        );
    }
    text += &team.begin(|r| format!("(head * p.sq + row{r}) * {}u", sizes.d4));
    let _ = writeln!(
        text,
        "    for (var first_key = 0u; first_key < last; first_key += {block}u) {{\n    let end_key = min(first_key + {block}u, last);"
    );
    text += &(team.scores(|r| format!("seen{r}")) + &team.rescale() + &team.values() + "    }\n" + &team.finish());
    for r in 0..rows {
        let store = team.outputs(r, |column, value| {
            format!(
                "store_o((head * p.sq + row{r}) * {}u + {column}, {value} / sum{r});",
                sizes.dv4
            )
        });
        let _ = write!(text, "    if top + {r}u < p.sq {{\n{store}    }}\n");
    }
    text
}
