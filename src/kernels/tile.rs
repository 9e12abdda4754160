//! How a workgroup's part of C is shared out among its invocations.

use std::fmt;

/// A part of C: `lanes_m` by `lanes_n` invocations, each of which owns `rows` by `columns` elements.
///
/// Its columns are vectors of four that lie `lanes_n` vectors apart, so that neighbours read neighbouring vectors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tile {
    pub(super) lanes_m: u32,
    pub(super) lanes_n: u32,
    pub(super) rows: u32,
    pub(super) columns: u32,
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

    /// Vectors of four in a row of an invocation's elements.
    pub(super) const fn vectors(self) -> u32 {
        self.columns / 4
    }

    pub(super) fn workgroups(self, m: u64, n: u64) -> u64 {
        m.div_ceil(u64::from(self.height())) * n.div_ceil(u64::from(self.width()))
    }

    /// Defines `first_row` and `first_q`, the first row and the first vector of a row of the workgroup's part of C number
    /// `tile`. Workgroups that follow each other take what lies below each other, so that a panel of B, the operand of
    /// which an invocation reads more, stays in the caches meanwhile.
    pub(super) fn place(self) -> String {
        let (height, width) = (self.height(), self.width());
        format!(
            "    let down = (p.m + {}u) / {height}u;
    let first_row = tile % down * {height}u;
    let first_q = tile / down * {}u;
",
            height - 1,
            width / 4
        )
    }
}
