//! The text of products of few rows with a matrix whose lines run along k, as weights are stored: neighbouring lanes of a
//! subgroup share the elements of every line among them and add up at the end.
//!
//! That reads a few lines side by side, each from its beginning to its end, which is what memory gives fastest.

use std::fmt::{self, Write as _};

use super::operand::Number;
use super::tile::Tile;
use super::wgsl::{SUBGROUPS, entry_with};

/// How a workgroup of `lanes` goes about it: teams of `width` lanes, each with its own `columns` for the same `rows`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dots {
    pub(super) width: u32,
    pub(super) lanes: u32,
    pub(super) rows: u32,
    /// A multiple of four.
    pub(super) columns: u32,
}

/// As it stands in the names of variants.
impl fmt::Display for Dots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            width,
            lanes,
            rows,
            columns,
        } = self;
        write!(f, "width{width}-lanes{lanes}-{rows}x{columns}")
    }
}

impl Dots {
    pub(super) const fn new(width: u32, lanes: u32, rows: u32, columns: u32) -> Self {
        Self {
            width,
            lanes,
            rows,
            columns,
        }
    }

    /// The part of C of a workgroup, a team for each of its lanes.
    pub(super) const fn tile(self) -> Tile {
        Tile::new(1, self.lanes / self.width, self.rows, self.columns)
    }

    /// Row and column of every sum.
    fn sums(self) -> impl Iterator<Item = (u32, u32)> {
        (0..self.rows).flat_map(move |r| (0..self.columns).map(move |j| (r, j)))
    }

    /// The entry point; `first` as for the blocked products.
    pub(super) fn text(self, number: Number, first: &str) -> String {
        let Self {
            width, rows, columns, ..
        } = self;
        let mut text = format!(
            "{first}{}    let column = subgroup_lane % {width}u;
    let team = subgroup * (subgroup_lanes / {width}u) + subgroup_lane / {width}u;
    let row = first_row;
    let q = first_q + team * {}u;
",
            self.tile().place(),
            columns / 4
        );
        for r in 0..rows {
            let _ = writeln!(text, "    let a_at{r} = a_line(a_base, row + {r}u);");
        }
        for j in 0..columns {
            let _ = writeln!(text, "    let b_at{j} = b_line(b_base, 4u * q + {j}u);");
        }
        for (r, j) in self.sums() {
            let _ = writeln!(text, "    var c{r}_{j} = {}();", number.sum());
        }
        let _ = writeln!(
            text,
            "    for (var l0 = 0u; l0 < (p.k + 3u) / 4u; l0 += {width}u) {{\n        let l = l0 + column;\n{}    }}",
            self.step(number)
        );
        entry_with(self.lanes, SUBGROUPS, &(text + &self.finish()))
    }

    /// A quad of every row, zeros beyond k, held against one of every column.
    fn step(self, number: Number) -> String {
        let mut text = String::new();
        for r in 0..self.rows {
            let _ = writeln!(text, "        let of_a{r} = a_kept(a4(a_at{r}, a_quad(l)), l);");
        }
        for j in 0..self.columns {
            let _ = writeln!(text, "        let of_b{j} = b4(b_at{j}, b_quad(l));");
            for r in 0..self.rows {
                let sum = format!("c{r}_{j}");
                let sum = match number {
                    Number::Float => (0..4).fold(sum, |sum, i| format!("fma(of_a{r}[{i}], of_b{j}[{i}], {sum})")),
                    Number::Whole => format!("{sum} + dot(of_a{r}, of_b{j})"),
                    Number::Packed => format!("{sum} + dot4I8Packed(of_a{r}, of_b{j})"),
                };
                let _ = writeln!(text, "        c{r}_{j} = {sum};");
            }
        }
        text
    }

    /// Adds up over the team; its lanes take turns in storing.
    fn finish(self) -> String {
        let mut text = String::new();
        for (r, j) in self.sums() {
            for bit in (0..self.width.ilog2()).map(|b| 1 << b) {
                let _ = writeln!(
                    text,
                    "    c{r}_{j} += subgroupShuffle(c{r}_{j}, subgroup_lane ^ {bit}u);"
                );
            }
        }
        let vectors = self.columns / 4;
        for (r, v) in (0..self.rows).flat_map(|r| (0..vectors).map(move |v| (r, v))) {
            let parts: Vec<_> = (0..4).map(|i| format!("c{r}_{}", 4 * v + i)).collect();
            let _ = writeln!(
                text,
                "    if column == {}u {{ store4(c_base, row + {r}u, q + {v}u, finished(vec4({}), q + {v}u)); }}",
                (r * vectors + v) % self.width,
                parts.join(", ")
            );
        }
        text
    }
}
