//! The text of the blocked products: a tile of C to a workgroup, a smaller one to each of its invocations.
//!
//! Tile sizes stand in the text as literals and inner loops are written out, because not every driver unrolls a loop over
//! an array of accumulators. Rows and columns beyond the edge are computed from clamped addresses and not stored, so any
//! size works without a branch in the inner loop.

use std::fmt::{self, Write as _};

use super::Precision;
use super::storage::{scalars, scalars_out, vectors, vectors_out};
use super::wgsl::entry;

/// How a workgroup's invocations share a tile of C: `lanes_m` by `lanes_n` of them, `rows` by `columns` outputs each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tile {
    lanes_m: u32,
    lanes_n: u32,
    rows: u32,
    columns: u32,
}

/// As it stands in the names of variants.
impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}-{}x{}", self.lanes_m, self.lanes_n, self.rows, self.columns)
    }
}

impl Tile {
    pub(super) const fn new(lanes_m: u32, lanes_n: u32, rows: u32, columns: u32) -> Self {
        Self {
            lanes_m,
            lanes_n,
            rows,
            columns,
        }
    }

    pub(super) const fn lanes(self) -> u32 {
        self.lanes_m * self.lanes_n
    }

    pub(super) const fn height(self) -> u32 {
        self.lanes_m * self.rows
    }

    pub(super) const fn width(self) -> u32 {
        self.lanes_n * self.columns
    }

    const fn vectors(self) -> u32 {
        self.columns / 4
    }

    pub(super) fn workgroups(self, m: u64, n: u64) -> u64 {
        m.div_ceil(u64::from(self.height())) * n.div_ceil(u64::from(self.width()))
    }
}

/// Bindings and accessors: vectors where the rows of an operand divide by four, else scalars. Columns are clamped.
pub(super) fn accessors(precision: Precision, n_aligned: bool, k_aligned: bool) -> String {
    let a = if k_aligned {
        vectors("a", 1, precision) + A_VECTORS
    } else {
        scalars("a", 1, precision) + A_SCALARS
    };
    let b_and_c = if n_aligned {
        vectors("b", 2, precision) + &vectors_out("c", 3, precision) + BC_VECTORS
    } else {
        scalars("b", 2, precision) + &scalars_out("c", 3, precision) + BC_SCALARS
    };
    a + &b_and_c
}

const A_VECTORS: &str = "
fn a_row(row: u32) -> u32 { return min(row, p.m - 1u) * (p.k / 4u); }
fn a_at4(start: u32, q: u32) -> vec4<f32> { return load_a(start + q); }
fn a_at4_or_zero(start: u32, q: u32) -> vec4<f32> { return select(vec4<f32>(), load_a(start + min(q, p.k / 4u - 1u)), q < p.k / 4u); }
fn a_tail(start: u32, kk: u32) -> f32 { return 0.0; }
";

const A_SCALARS: &str = "
fn a_row(row: u32) -> u32 { return min(row, p.m - 1u) * p.k; }
fn a_at4(start: u32, q: u32) -> vec4<f32> {
    let i = start + 4u * q;
    return vec4<f32>(load_a(i), load_a(i + 1u), load_a(i + 2u), load_a(i + 3u));
}
fn a_at4_or_zero(start: u32, q: u32) -> vec4<f32> {
    let kk = vec4<u32>(4u * q) + vec4<u32>(0u, 1u, 2u, 3u);
    let i = vec4<u32>(start) + min(kk, vec4<u32>(p.k - 1u));
    return select(vec4<f32>(), vec4<f32>(load_a(i.x), load_a(i.y), load_a(i.z), load_a(i.w)), kk < vec4<u32>(p.k));
}
fn a_tail(start: u32, kk: u32) -> f32 { return load_a(start + kk); }
";

const BC_VECTORS: &str = "
fn b_row(kk: u32) -> u32 { return kk * (p.n / 4u); }
fn b_column(q: u32) -> u32 { return min(q, p.n / 4u - 1u); }
fn b_at4(row: u32, column: u32) -> vec4<f32> { return load_b(row + column); }
fn store4(row: u32, q: u32, value: vec4<f32>) {
    if row < p.m && q < p.n / 4u { store_c(row * (p.n / 4u) + q, value); }
}
";

const BC_SCALARS: &str = "
fn b_row(kk: u32) -> u32 { return kk * p.n; }
fn b_column(q: u32) -> u32 { return 4u * q; }
fn b_at4(row: u32, column: u32) -> vec4<f32> {
    let i = vec4<u32>(row) + min(vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(p.n - 1u));
    return vec4<f32>(load_b(i.x), load_b(i.y), load_b(i.z), load_b(i.w));
}
fn store4(row: u32, q: u32, value: vec4<f32>) {
    for (var i = 0u; i < 4u; i++) {
        if row < p.m && 4u * q + i < p.n { store_c(row * p.n + 4u * q + i, value[i]); }
    }
}
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

pub(super) fn direct(tile: Tile) -> String {
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
pub(super) fn shared(tile: Tile, depth: u32) -> String {
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
