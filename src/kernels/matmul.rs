//! C = A B in four ways: the textbook loop, blocked in registers, and blocked in workgroup memory and registers.
//!
//! The blocked kernels are generated with their tile sizes as literals and their inner loops written out, because not
//! every driver unrolls a loop over an array of accumulators. Rows and columns beyond the edge are computed from clamped
//! addresses and not stored, so any size works without a branch in the inner loop.

use std::fmt::Write as _;

use super::parallel::chunked;
use super::wgsl::{entry, source};
use super::work::{Product, Sizes, product};
use super::{Buffer, Case, Engine, Expected, Kernel, MAX_TRIPS, Needs, Precision, Program, Role, Step, Variant};

pub(super) static KERNEL: Kernel = Kernel {
    name: "matmul",
    summary: "matrix product C = A B of m x k by k x n",
    formula: "C[i, j] = sum over l < k of A[i, l] B[l, j], i < m, j < n",
    role: Role::Workload,
    extents: &[
        ("m", "rows of A and C"),
        ("n", "columns of B and C"),
        ("k", "columns of A, rows of B"),
    ],
    layouts: &[("nn", "A and B row-major, neither transposed")],
    precisions: &[Precision::F32],
    admits: |_| Ok(()),
    work: |case| {
        let [m, n, k] = extents(case);
        product(Product { m, n, k }, Sizes::of_case(case))
    },
    buffers: |case| {
        let [m, n, k] = extents(case);
        let input = |elements| Buffer::input(elements, Precision::F32, -1.0, 1.0);
        vec![input(m * k), input(k * n), Buffer::output(m * n, Precision::F32)]
    },
    reference,
    variants,
};

fn extents(case: &Case) -> [u64; 3] {
    ["m", "n", "k"].map(|name| case.extent(name))
}

/// An inner product of length k in any order of summation is off by at most 8 sqrt(k) roundoffs of the sum of
/// magnitudes, but for a probability of 2 k exp(-8^2 / 2), below 1e-10 for every k here (Higham and Mary, A new approach
/// to probabilistic rounding error analysis, 2019, theorem 3.1); for short products k roundoffs are the smaller, certain
/// bound. The sum of magnitudes is at most the product of the Euclidean norms of row and column (Cauchy-Schwarz).
fn reference(case: &Case, inputs: &[Vec<f64>]) -> Vec<Vec<Expected>> {
    let [_, n, k] = extents(case).map(|extent| usize::try_from(extent).unwrap_or(usize::MAX));
    let (a, b) = (&inputs[0], &inputs[1]);
    let mut column_squares = vec![0.0; n];
    for row in b.chunks_exact(n) {
        for (square, value) in column_squares.iter_mut().zip(row) {
            *square += value * value;
        }
    }
    let roundoffs = (k as f64).min(8.0 * (k as f64).sqrt()) * Precision::F32.unit_roundoff();
    let row_of_c = |a_row: &[f64]| {
        let mut sums = vec![0.0; n];
        for (factor, b_row) in a_row.iter().zip(b.chunks_exact(n)) {
            for (sum, value) in sums.iter_mut().zip(b_row) {
                *sum += factor * value;
            }
        }
        let row_square: f64 = a_row.iter().map(|value| value * value).sum();
        let expected = sums
            .into_iter()
            .zip(&column_squares)
            .map(move |(value, square)| Expected {
                value,
                tolerance: roundoffs * (row_square * square).sqrt(),
            });
        expected.collect::<Vec<_>>()
    };
    vec![chunked(a, k, |rows| rows.chunks_exact(k).flat_map(row_of_c).collect())]
}

/// How a workgroup's invocations share a tile of C: `lanes_m` by `lanes_n` of them, `rows` by `columns` outputs each.
#[derive(Debug, Clone, Copy)]
struct Tile {
    lanes_m: u32,
    lanes_n: u32,
    rows: u32,
    columns: u32,
}

impl Tile {
    const fn new(lanes_m: u32, lanes_n: u32, rows: u32, columns: u32) -> Self {
        Self {
            lanes_m,
            lanes_n,
            rows,
            columns,
        }
    }

    const fn lanes(self) -> u32 {
        self.lanes_m * self.lanes_n
    }

    const fn height(self) -> u32 {
        self.lanes_m * self.rows
    }

    const fn width(self) -> u32 {
        self.lanes_n * self.columns
    }

    const fn vectors(self) -> u32 {
        self.columns / 4
    }

    fn workgroups(self, m: u64, n: u64) -> u64 {
        m.div_ceil(u64::from(self.height())) * n.div_ceil(u64::from(self.width()))
    }
}

/// Register-blocked without workgroup memory: no barriers, operands from the caches. Raced by default: few rows of lanes
/// for CPUs, square groups for GPUs.
const DIRECT: &[(Tile, bool)] = &[
    (Tile::new(1, 8, 16, 16), true),
    (Tile::new(1, 8, 16, 8), true),
    (Tile::new(4, 8, 16, 8), true),
    (Tile::new(8, 8, 8, 8), true),
    (Tile::new(8, 8, 4, 4), false),
    (Tile::new(1, 16, 16, 4), false),
    (Tile::new(2, 8, 8, 8), false),
    (Tile::new(16, 16, 4, 4), false),
];

/// Blocked in workgroup memory, with the depth of a block.
const SHARED: &[(Tile, u32, bool)] = &[
    (Tile::new(16, 16, 8, 8), 8, true),
    (Tile::new(8, 8, 16, 8), 16, true),
    (Tile::new(8, 8, 8, 8), 16, false),
    (Tile::new(8, 8, 4, 4), 32, false),
    (Tile::new(8, 16, 8, 4), 16, false),
    (Tile::new(16, 16, 4, 4), 16, false),
];

fn variants(case: &Case) -> Vec<Variant> {
    let [m, n, k] = extents(case);
    let accessors = accessors(n.is_multiple_of(4), k.is_multiple_of(4));
    let parameters = [m, n, k]
        .map(|extent| u32::try_from(extent).unwrap_or(u32::MAX))
        .to_vec();
    let step = |entry_name, generated: &str, workgroups| Step {
        source: source(
            &[],
            include_str!("../../kernels/matmul.wgsl"),
            &(accessors.clone() + generated),
        ),
        entry: entry_name,
        workgroups,
        parameters: parameters.clone(),
    };
    let variant = |name, default, step, invocations, workgroup_memory| Variant {
        name,
        default,
        engine: Engine::Vector,
        program: Program {
            steps: vec![step],
            needs: Needs {
                invocations,
                workgroup_memory,
                ..Needs::default()
            },
        },
    };
    let mut all = Vec::new();
    if k / 4 + 3 <= MAX_TRIPS {
        for &(tile, default) in DIRECT {
            let Tile {
                lanes_m,
                lanes_n,
                rows,
                columns,
            } = tile;
            let name = format!("direct-{lanes_m}x{lanes_n}-{rows}x{columns}");
            let step = step("main", &entry(tile.lanes(), &direct(tile)), tile.workgroups(m, n));
            all.push(variant(name, default, step, tile.lanes(), 0));
        }
    }
    for &(tile, depth, default) in SHARED {
        let Tile {
            lanes_m,
            lanes_n,
            rows,
            columns,
        } = tile;
        let fill = depth * (tile.height() + tile.width()) / 4 / tile.lanes();
        if k.div_ceil(u64::from(depth)) * u64::from(1 + fill + depth / 4) > MAX_TRIPS {
            continue;
        }
        let name = format!("shared-{lanes_m}x{lanes_n}-{rows}x{columns}-depth{depth}");
        let memory = depth * (tile.height() + tile.width()) * 4;
        let step = step("main", &shared(tile, depth), tile.workgroups(m, n));
        all.push(variant(name, default, step, tile.lanes(), memory));
    }
    if k <= MAX_TRIPS {
        let step = step("naive", "", (m * n).div_ceil(64));
        all.push(variant("naive".to_owned(), false, step, 64, 0));
    }
    all
}

/// Bindings and accessors: vectors where the rows of an operand divide by four, else scalars. Columns are clamped.
fn accessors(n_aligned: bool, k_aligned: bool) -> String {
    let a = if k_aligned { A_VECTORS } else { A_SCALARS };
    let b = if n_aligned { BC_VECTORS } else { BC_SCALARS };
    a.to_owned() + b
}

const A_VECTORS: &str = "
@group(0) @binding(1) var<storage, read> a: array<vec4<f32>>;
fn a_row(row: u32) -> u32 { return min(row, p.m - 1u) * (p.k / 4u); }
fn a_at4(start: u32, q: u32) -> vec4<f32> { return a[start + q]; }
fn a_at4_or_zero(start: u32, q: u32) -> vec4<f32> { return select(vec4<f32>(), a[start + min(q, p.k / 4u - 1u)], q < p.k / 4u); }
fn a_at(row: u32, kk: u32) -> f32 { return a[row * (p.k / 4u) + kk / 4u][kk % 4u]; }
fn a_tail(start: u32, kk: u32) -> f32 { return 0.0; }
";

const A_SCALARS: &str = "
@group(0) @binding(1) var<storage, read> a: array<f32>;
fn a_row(row: u32) -> u32 { return min(row, p.m - 1u) * p.k; }
fn a_at4(start: u32, q: u32) -> vec4<f32> {
    let i = start + 4u * q;
    return vec4<f32>(a[i], a[i + 1u], a[i + 2u], a[i + 3u]);
}
fn a_at4_or_zero(start: u32, q: u32) -> vec4<f32> {
    let kk = vec4<u32>(4u * q) + vec4<u32>(0u, 1u, 2u, 3u);
    let i = vec4<u32>(start) + min(kk, vec4<u32>(p.k - 1u));
    return select(vec4<f32>(), vec4<f32>(a[i.x], a[i.y], a[i.z], a[i.w]), kk < vec4<u32>(p.k));
}
fn a_at(row: u32, kk: u32) -> f32 { return a[row * p.k + kk]; }
fn a_tail(start: u32, kk: u32) -> f32 { return a[start + kk]; }
";

const BC_VECTORS: &str = "
@group(0) @binding(2) var<storage, read> b: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> c: array<vec4<f32>>;
fn b_row(kk: u32) -> u32 { return kk * (p.n / 4u); }
fn b_column(q: u32) -> u32 { return min(q, p.n / 4u - 1u); }
fn b_at4(row: u32, column: u32) -> vec4<f32> { return b[row + column]; }
fn b_at(kk: u32, column: u32) -> f32 { return b[kk * (p.n / 4u) + column / 4u][column % 4u]; }
fn store4(row: u32, q: u32, value: vec4<f32>) {
    if row < p.m && q < p.n / 4u { c[row * (p.n / 4u) + q] = value; }
}
fn store1(row: u32, column: u32, value: f32) { c[row * (p.n / 4u) + column / 4u][column % 4u] = value; }
";

const BC_SCALARS: &str = "
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> c: array<f32>;
fn b_row(kk: u32) -> u32 { return kk * p.n; }
fn b_column(q: u32) -> u32 { return 4u * q; }
fn b_at4(row: u32, column: u32) -> vec4<f32> {
    let i = vec4<u32>(row) + min(vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(p.n - 1u));
    return vec4<f32>(b[i.x], b[i.y], b[i.z], b[i.w]);
}
fn b_at(kk: u32, column: u32) -> f32 { return b[kk * p.n + column]; }
fn store4(row: u32, q: u32, value: vec4<f32>) {
    for (var i = 0u; i < 4u; i++) {
        if row < p.m && 4u * q + i < p.n { c[row * p.n + 4u * q + i] = value[i]; }
    }
}
fn store1(row: u32, column: u32, value: f32) { c[row * p.n + column] = value; }
";

/// Where an invocation's outputs lie: rows `row + i`, vectors of columns `q + j * lanes_n`, so that neighbours read
/// neighbouring vectors of B. With one row of lanes the row depends on the workgroup alone, and the loads of A are
/// uniform.
fn place(tile: Tile) -> String {
    let (height, width, lanes_n) = (tile.height(), tile.width(), tile.lanes_n);
    let inner_row = if tile.lanes_m == 1 {
        String::new()
    } else {
        format!(" + lane / {lanes_n}u * {}u", tile.rows)
    };
    format!(
        "    let across = (p.n + {}u) / {width}u;
    let row = g / across * {height}u{inner_row};
    let q = g % across * {}u + lane % {lanes_n}u;
",
        width - 1,
        width / 4
    )
}

fn accumulators(tile: Tile) -> String {
    let mut text = String::new();
    for i in 0..tile.rows {
        for j in 0..tile.vectors() {
            let _ = writeln!(text, "    var c{i}_{j} = vec4<f32>();");
        }
    }
    text
}

fn stores(tile: Tile) -> String {
    let mut text = String::new();
    for i in 0..tile.rows {
        for j in 0..tile.vectors() {
            let _ = writeln!(text, "    store4(row + {i}u, q + {}u, c{i}_{j});", j * tile.lanes_n);
        }
    }
    text
}

/// `c += a b` for all outputs of an invocation and one step of k, the factors of A named by `a`.
fn products(tile: Tile, a: impl Fn(u32) -> String) -> String {
    let mut text = String::new();
    for i in 0..tile.rows {
        for j in 0..tile.vectors() {
            let _ = writeln!(text, "            c{i}_{j} = fma(vec4<f32>({}), b{j}, c{i}_{j});", a(i));
        }
    }
    text
}

fn direct(tile: Tile) -> String {
    let load_b = |kk: &str| {
        let mut text = format!("            let start = b_row({kk});\n");
        for j in 0..tile.vectors() {
            let _ = writeln!(text, "            let b{j} = b_at4(start, column{j});");
        }
        text
    };
    let mut text = place(tile) + &accumulators(tile);
    for j in 0..tile.vectors() {
        let _ = writeln!(text, "    let column{j} = b_column(q + {}u);", j * tile.lanes_n);
    }
    for i in 0..tile.rows {
        let _ = writeln!(text, "    let start{i} = a_row(row + {i}u);");
    }
    text += "    for (var l = 0u; l < p.k / 4u; l++) {\n";
    for i in 0..tile.rows {
        let _ = writeln!(text, "        let a{i} = a_at4(start{i}, l);");
    }
    for part in 0..4 {
        let _ = write!(
            text,
            "        {{\n{}{}        }}\n",
            load_b(&format!("4u * l + {part}u")),
            products(tile, |i| format!("a{i}[{part}]"))
        );
    }
    let _ = write!(
        text,
        "    }}\n    for (var l = p.k / 4u * 4u; l < p.k; l++) {{\n{}{}    }}\n",
        load_b("l"),
        products(tile, |i| format!("a_tail(start{i}, l)"))
    );
    text + &stores(tile)
}

/// Blocks of A (vectors along k) and of B (vectors along n) in workgroup memory, zeros beyond k.
fn shared(tile: Tile, depth: u32) -> String {
    let (lanes, height, width) = (tile.lanes(), tile.height(), tile.width());
    let (a_vectors, b_vectors) = (height * depth / 4, depth * width / 4);
    let (deep, wide) = (depth / 4, width / 4);
    let mut inner = String::new();
    for i in 0..tile.rows {
        let _ = writeln!(
            inner,
            "            let a{i} = a_block[(inner_row + {i}u) * {deep}u + d];"
        );
    }
    for part in 0..4 {
        inner += "            {\n";
        for j in 0..tile.vectors() {
            let column = j * tile.lanes_n;
            let _ = writeln!(
                inner,
                "            let b{j} = b_block[(4u * d + {part}u) * {wide}u + lane % {}u + {column}u];",
                tile.lanes_n
            );
        }
        inner += &products(tile, |i| format!("a{i}[{part}]"));
        inner += "            }\n";
    }
    let body = format!(
        "{place}{accumulators}    let inner_row = lane / {lanes_n}u * {rows}u;
    for (var k0 = 0u; k0 < p.k; k0 += {depth}u) {{
        for (var i = lane; i < {a_vectors}u; i += {lanes}u) {{
            a_block[i] = a_at4_or_zero(a_row(row - inner_row + i / {deep}u), k0 / 4u + i % {deep}u);
        }}
        for (var i = lane; i < {b_vectors}u; i += {lanes}u) {{
            let kk = k0 + i / {wide}u;
            let value = b_at4(b_row(min(kk, p.k - 1u)), b_column(g % across * {wide}u + i % {wide}u));
            b_block[i] = select(vec4<f32>(), value, kk < p.k);
        }}
        workgroupBarrier();
        for (var d = 0u; d < {deep}u; d++) {{
{inner}        }}
        workgroupBarrier();
    }}
{stores}",
        place = place(tile),
        accumulators = accumulators(tile),
        lanes_n = tile.lanes_n,
        rows = tile.rows,
        stores = stores(tile),
    );
    format!(
        "var<workgroup> a_block: array<vec4<f32>, {a_vectors}>;\nvar<workgroup> b_block: array<vec4<f32>, {b_vectors}>;\n{}",
        entry(lanes, &body)
    )
}
