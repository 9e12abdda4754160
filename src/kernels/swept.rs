//! The text of products of one row with a matrix whose lines are steps of k: a workgroup sweeps over its part of a few lines
//! at a time, and keeps its sums in workgroup memory meanwhile.
//!
//! Blocked in registers, such a product reads short pieces of lines that lie far apart, which is what memory is slow at.

use std::fmt::{self, Write as _};

use super::operand::Number;
use super::tile::Tile;
use super::wgsl::entry;

/// Vectors of four that an invocation takes of a line at a time.
const VECTORS: u32 = 2;

/// How a workgroup of `lanes` goes about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Swept {
    pub(super) lanes: u32,
    /// Lines taken together, a multiple of four.
    pub(super) depth: u32,
    /// Columns of a workgroup at most.
    pub(super) width: u32,
}

/// As it stands in the names of variants.
impl fmt::Display for Swept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lanes{}-depth{}-width{}", self.lanes, self.depth, self.width)
    }
}

impl Swept {
    pub(super) const fn new(lanes: u32, depth: u32, width: u32) -> Self {
        Self { lanes, depth, width }
    }

    /// The part of C of a workgroup.
    pub(super) const fn tile(self) -> Tile {
        Tile::new(1, self.lanes, 1, self.width / self.lanes)
    }

    /// Bytes of the sums, which are of 32 bits.
    pub(super) const fn workgroup_memory(self) -> u32 {
        self.width * 4
    }

    /// Iterations of an invocation's loops.
    pub(super) fn trips(self, k: u64) -> u64 {
        let quads = u64::from(self.width / 4);
        let lanes = u64::from(self.lanes);
        k.div_ceil(u64::from(self.depth)) * (1 + quads.div_ceil(lanes * u64::from(VECTORS))) + 6 * quads.div_ceil(lanes)
    }

    /// Declarations and entry point; `first` as for the blocked products. An invocation has its sums for itself, so there
    /// is no barrier. Workgroups are about equally wide.
    pub(super) fn text(self, number: Number, first: &str) -> String {
        let Self { lanes, depth, width } = self;
        let piece = lanes * VECTORS;
        let body = format!(
            "{first}    let across = (p.n + {}u) / {width}u;
    let quads = ((p.n + 3u) / 4u + across * {piece}u - 1u) / (across * {piece}u) * {piece}u;
    let row = tile % p.m;
    let first_q = tile / p.m * quads;
    let a_at = a_line(a_base, row);
    for (var x = lane; x < quads; x += {lanes}u) {{ sums[x] = vec4<{sum}>(); }}
    for (var l = 0u; l < (p.k + 3u) / 4u; l += {}u) {{
{}        for (var x = lane; x < quads; x += {piece}u) {{
{}        }}
    }}
    for (var x = lane; x < quads; x += {lanes}u) {{
        store4(c_base, row, first_q + x, finished(sums[x], first_q + x));
    }}
",
            width - 1,
            depth / 4,
            self.of_lines(),
            self.of_piece(number),
            sum = number.sum()
        );
        format!(
            "var<workgroup> sums: array<vec4<{}>, {}>;\n{}",
            number.sum(),
            width / 4,
            entry(lanes, &body)
        )
    }

    /// Quads of A, zeros beyond k, and where the lines of B are.
    fn of_lines(self) -> String {
        let mut text = String::new();
        for i in 0..self.depth / 4 {
            let _ = writeln!(
                text,
                "        let of_a{i} = a_kept(a4(a_at, a_quad(l + {i}u)), l + {i}u);"
            );
        }
        for i in 0..self.depth {
            let _ = writeln!(text, "        let line{i} = b_line(b_base, 4u * l + {i}u);");
        }
        text
    }

    /// A piece of all lines, added to its sums.
    fn of_piece(self, number: Number) -> String {
        let at = |v| format!("x + {}u", v * self.lanes);
        let mut text = String::new();
        for v in 0..VECTORS {
            let _ = writeln!(
                text,
                "            let at{v} = b_quad(first_q + {});\n            var c{v} = vec4<{}>();",
                at(v),
                number.sum()
            );
        }
        for (i, v) in (0..self.depth).flat_map(|i| (0..VECTORS).map(move |v| (i, v))) {
            let (a, b) = (format!("of_a{}[{}]", i / 4, i % 4), format!("b4(line{i}, at{v})"));
            let _ = writeln!(text, "            c{v} = {};", number.term(&a, &b, &format!("c{v}")));
        }
        for v in 0..VECTORS {
            let _ = writeln!(text, "            sums[{}] += c{v};", at(v));
        }
        text
    }
}
