//! The text of products that are blocked in registers, and in workgroup memory too if wanted: a tile of C to a workgroup, a
//! smaller one to each of its invocations.
//!
//! Tile sizes stand in the text as literals and inner loops are written out, because not every driver unrolls a loop over
//! an array of accumulators. A step of the loop over k takes the quads of A first, then those of B, and then row after row,
//! with all that a row needs at hand: an accumulator is fetched and put back once for four terms of its sum, which matters
//! where there are more of them than registers.

use std::fmt::Write as _;

use super::operand::{Number, Operand, Run, block};
use super::tile::Tile;
use super::wgsl::{SUBGROUPS, entry, entry_with};

/// A product as a workgroup sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blocked<'a> {
    pub(super) tile: Tile,
    pub(super) a: &'a Operand,
    pub(super) b: &'a Operand,
    pub(super) number: Number,
    /// Whether k divides by four.
    pub(super) divides: bool,
    /// Whether n does.
    pub(super) aligned: bool,
    /// What defines `tile`, the number of the workgroup's part of C, and where the operands begin.
    pub(super) first: &'a str,
}

/// Who reads the quads of A that all invocations of a row of lanes need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// Each of them reads all.
    Everyone,
    /// Each reads a share and gets the rest from its neighbours in the subgroup. Where a load costs as much as dozens of
    /// other instructions, as on drivers that load lane by lane, that halves the time.
    Neighbours,
}

/// The names by which an inner loop knows operands and places.
struct Names {
    a: &'static str,
    b: &'static str,
    row: &'static str,
    q: &'static str,
    /// Number of the step, a quad of k.
    step: &'static str,
}

const IN_MEMORY: Names = Names {
    a: "a",
    b: "b",
    row: "row",
    q: "q",
    step: "l",
};

const IN_BLOCKS: Names = Names {
    a: "block_a",
    b: "block_b",
    row: "inner_row",
    q: "inner_q",
    step: "d",
};

const LANES: &str = "    let column = lane % LANES_Nu;\n    let lane_row = ROW;\n";

/// Neighbours must be of one subgroup, so they are counted by subgroups.
const LANES_OF_SUBGROUPS: &str = "\
    let column = subgroup_lane % LANES_Nu;
    let lane_row = subgroup * (subgroup_lanes / LANES_Nu) + subgroup_lane / LANES_Nu;
    let neighbours = subgroup_lane - column;
";

/// Quads of k that a step takes if A is shared out: more than one where there are more lanes than quads to share.
pub(super) const fn quads_of_shared_step(tile: Tile) -> u32 {
    if tile.lanes_n > tile.rows {
        tile.lanes_n / tile.rows
    } else {
        1
    }
}

/// Bytes of workgroup memory in which a workgroup lays its sums down before it stores them one by one. Where the rows of C
/// do not divide by four, that takes a branch for each, and some compilers are busy for seconds with many of them written
/// out.
pub(super) const fn laid_down(tile: Tile, aligned: bool) -> u32 {
    let sums = tile.rows * tile.vectors();
    if aligned || sums <= FEW {
        0
    } else {
        tile.lanes() * sums * 16
    }
}

/// Vectors of sums whose stores are written out in any case.
const FEW: u32 = 32;

impl Blocked<'_> {
    /// Blocked in registers alone, operands from the caches.
    pub(super) fn direct(&self) -> String {
        self.place_of_sums() + &entry(self.tile.lanes(), &self.over_memory(Readers::Everyone))
    }

    /// The same, with the quads of A shared out among the lanes of a row.
    pub(super) fn shuffled(&self) -> String {
        let body = self.over_memory(Readers::Neighbours);
        self.place_of_sums() + &entry_with(self.tile.lanes(), SUBGROUPS, &body)
    }

    fn over_memory(&self, readers: Readers) -> String {
        let quads = self.quads_of_step(readers);
        let beyond = quads > 1 || !self.divides;
        format!(
            "{}{}    for (var l = 0u; l < (p.k + 3u) / 4u; l += {quads}u) {{\n{}    }}\n{}",
            self.begin(readers),
            self.places(&IN_MEMORY, readers),
            self.step(&IN_MEMORY, readers, beyond),
            self.stores()
        )
    }

    /// Blocks of both operands in workgroup memory, so many steps of k at a time, with zeros in A beyond the last.
    pub(super) fn shared(&self, depth: u32) -> String {
        let Self { tile, number, .. } = *self;
        let (a_length, a_quads) = block_size(self.a, tile.height(), depth);
        let (b_length, b_quads) = block_size(self.b, tile.width(), depth);
        let quad = number.quad();
        let body = format!(
            "{begin}    let inner_row = row - first_row;\n    let inner_q = column;\n    let block_a_base = 0u;\n    let block_b_base = 0u;
{places}    for (var k0 = 0u; k0 < p.k; k0 += {depth}u) {{
        for (var i = lane; i < {a_quads}u; i += {lanes}u) {{ a_block[i] = {a}; }}
        for (var i = lane; i < {b_quads}u; i += {lanes}u) {{ b_block[i] = {b}; }}
        workgroupBarrier();
        for (var d = 0u; d < {}u; d++) {{
{step}        }}
        workgroupBarrier();
    }}
{stores}",
            depth / 4,
            lanes = tile.lanes(),
            begin = self.begin(Readers::Everyone),
            places = self.places(&IN_BLOCKS, Readers::Everyone),
            a = fill(self.a, "first_row / 4u", a_length, true),
            b = fill(self.b, "first_q", b_length, false),
            step = self.step(&IN_BLOCKS, Readers::Everyone, false),
            stores = self.stores(),
        );
        format!(
            "var<workgroup> a_block: array<{quad}, {a_quads}>;\nvar<workgroup> b_block: array<{quad}, {b_quads}>;\n{}{}{}",
            block(IN_BLOCKS.a, "a_block", a_length, number),
            block(IN_BLOCKS.b, "b_block", b_length, number),
            entry(tile.lanes(), &body)
        )
    }

    const fn quads_of_step(&self, readers: Readers) -> u32 {
        match readers {
            Readers::Everyone => 1,
            Readers::Neighbours => quads_of_shared_step(self.tile),
        }
    }

    /// Where the invocation's elements of C are, and its sums. With one row of lanes the row depends on the workgroup
    /// alone, and where everyone reads all of A, the loads are uniform.
    fn begin(&self, readers: Readers) -> String {
        let Tile {
            lanes_m, lanes_n, rows, ..
        } = self.tile;
        let lanes = match readers {
            Readers::Everyone => LANES,
            Readers::Neighbours => LANES_OF_SUBGROUPS,
        };
        let row = if lanes_m == 1 { "0u" } else { "lane / LANES_Nu" };
        let lanes = lanes.replace("ROW", row).replace("LANES_N", &lanes_n.to_string());
        let mut text = format!(
            "{}{}{lanes}    let row = first_row + lane_row * {rows}u;\n    let q = first_q + column;\n",
            self.first,
            self.tile.place()
        );
        for (r, j) in self.sums() {
            let _ = writeln!(text, "    var c{r}_{j} = vec4<{}>();", self.number.sum());
        }
        text
    }

    /// Row and vector of every sum.
    fn sums(&self) -> impl Iterator<Item = (u32, u32)> {
        let vectors = self.tile.vectors();
        (0..self.tile.rows).flat_map(move |r| (0..vectors).map(move |j| (r, j)))
    }

    fn place_of_sums(&self) -> String {
        match laid_down(self.tile, self.aligned) {
            0 => String::new(),
            bytes => format!(
                "var<workgroup> laid: array<vec4<{}>, {}>;\n",
                self.number.sum(),
                bytes / 16
            ),
        }
    }

    fn stores(&self) -> String {
        if laid_down(self.tile, self.aligned) > 0 {
            return self.stores_in_a_loop();
        }
        let store = |(r, j)| {
            let q = format!("q + {}u", j * self.tile.lanes_n);
            format!("    store4(c_base, row + {r}u, {q}, finished(c{r}_{j}, {q}));\n")
        };
        self.sums().map(store).collect()
    }

    /// An invocation reads what it wrote itself, so there is no barrier.
    fn stores_in_a_loop(&self) -> String {
        let Tile { lanes_n, rows, .. } = self.tile;
        let (lanes, vectors) = (self.tile.lanes(), self.tile.vectors());
        let mut text = String::new();
        for (i, (r, j)) in self.sums().enumerate() {
            let _ = writeln!(text, "    laid[{i}u * {lanes}u + lane] = c{r}_{j};");
        }
        text + &format!(
            "    for (var i = 0u; i < {}u; i++) {{
        let at = q + i % {vectors}u * {lanes_n}u;
        store4(c_base, row + i / {vectors}u, at, finished(laid[i * {lanes}u + lane], at));
    }}
",
            rows * vectors
        )
    }

    /// What stays the same for all steps of k: of every quad of A that the invocation reads, and of every quad of B, where
    /// its line is or, where lines are steps of k, where in a line it is.
    fn places(&self, names: &Names, readers: Readers) -> String {
        let Names { a, b, row, q, .. } = names;
        let mut text = String::new();
        let across = self.quads_across();
        for s in 0..self.own_quads(readers) {
            let unit = match readers {
                Readers::Everyone => format!("{s}u"),
                Readers::Neighbours => format!("({}u + column)", s * self.tile.lanes_n),
            };
            let place = match self.a.run {
                Run::AlongK => format!("{a}_line({a}_base, {row} + {unit} % {across}u)"),
                Run::AcrossK => format!("{a}_quad({row} / 4u + {unit} % {across}u)"),
            };
            let _ = writeln!(
                text,
                "    let a_at{s} = {place};\n    let a_step{s} = {unit} / {across}u;"
            );
        }
        for j in 0..self.tile.vectors() {
            let quad = format!("{q} + {}u", j * self.tile.lanes_n);
            match self.b.run {
                Run::AcrossK => {
                    let _ = writeln!(text, "    let b_at{j} = {b}_quad({quad});");
                }
                Run::AlongK => {
                    for i in 0..4 {
                        let _ = writeln!(text, "    let b_at{j}_{i} = {b}_line({b}_base, 4u * ({quad}) + {i}u);");
                    }
                }
            }
        }
        text
    }

    /// Quads of A at one place of k: a row each where they run along k, or four rows.
    const fn quads_across(&self) -> u32 {
        match self.a.run {
            Run::AlongK => self.tile.rows,
            Run::AcrossK => self.tile.rows / 4,
        }
    }

    /// Quads of A that an invocation reads itself in a step. There are as many in a step as rows times quads of k, whichever
    /// way they run.
    const fn own_quads(&self, readers: Readers) -> u32 {
        match readers {
            Readers::Everyone => self.tile.rows,
            Readers::Neighbours => self.tile.rows.div_ceil(self.tile.lanes_n),
        }
    }

    /// A step: what it reads of A, and then for each quad of k what it reads of B, and all sums. `kept` is whether a step may
    /// reach beyond k.
    fn step(&self, names: &Names, readers: Readers, kept: bool) -> String {
        let Names { a, step, .. } = names;
        let mut text = String::new();
        for s in 0..self.own_quads(readers) {
            let (value, i) = match self.a.run {
                Run::AlongK => {
                    let i = format!("{step} + a_step{s}");
                    (format!("{a}4(a_at{s}, {a}_quad({i}))"), i)
                }
                Run::AcrossK => {
                    let i = format!("4u * {step} + a_step{s}");
                    (format!("{a}4({a}_line({a}_base, {i}), a_at{s})"), i)
                }
            };
            let value = if kept { format!("a_kept({value}, {i})") } else { value };
            let _ = writeln!(text, "        let of_a{s} = {value};");
        }
        for x in 0..self.quads_of_step(readers) {
            let _ = writeln!(text, "        {{\n{}", self.quads_of_b(names, x));
            for r in 0..self.tile.rows {
                let _ = writeln!(text, "            {{ let v = {};", self.quad_of_a(readers, x, r));
                for j in 0..self.tile.vectors() {
                    let _ = writeln!(text, "            c{r}_{j} = {};", self.sum(r, j));
                }
                text += "            }\n";
            }
            text += "        }\n";
        }
        text
    }

    /// Defines `of_b0_j` to `of_b3_j`, vectors of columns at the four steps of k of a quad; packed, `t0_j` to `t3_j`, the quads of
    /// four columns.
    fn quads_of_b(&self, names: &Names, x: u32) -> String {
        let Names { b, step, .. } = names;
        let mut text = String::new();
        for i in 0..4 {
            if self.b.run == Run::AcrossK {
                let _ = writeln!(
                    text,
                    "            let line{i} = {b}_line({b}_base, 4u * ({step} + {x}u) + {i}u);"
                );
            }
            for j in 0..self.tile.vectors() {
                let _ = match self.b.run {
                    Run::AcrossK => writeln!(text, "            let of_b{i}_{j} = {b}4(line{i}, b_at{j});"),
                    Run::AlongK => writeln!(
                        text,
                        "            let t{i}_{j} = {b}4(b_at{j}_{i}, {b}_quad({step} + {x}u));"
                    ),
                };
            }
        }
        if self.b.run == Run::AlongK && self.number != Number::Packed {
            for (i, j) in (0..4).flat_map(|i| (0..self.tile.vectors()).map(move |j| (i, j))) {
                let _ = writeln!(
                    text,
                    "            let of_b{i}_{j} = vec4(t0_{j}[{i}], t1_{j}[{i}], t2_{j}[{i}], t3_{j}[{i}]);"
                );
            }
        }
        text
    }

    /// The four terms of row r at quad x of the step.
    fn quad_of_a(&self, readers: Readers, x: u32, r: u32) -> String {
        let lanes = self.tile.lanes_n;
        let of_unit = |unit: u32, part: &str| match readers {
            Readers::Everyone => format!("of_a{unit}{part}"),
            Readers::Neighbours => format!(
                "subgroupShuffle(of_a{}{part}, neighbours + {}u)",
                unit / lanes,
                unit % lanes
            ),
        };
        let across = self.quads_across();
        match self.a.run {
            Run::AlongK => of_unit(x * across + r, ""),
            Run::AcrossK => {
                let at = |i| of_unit((4 * x + i) * across + r / 4, &format!("[{}]", r % 4));
                format!("vec4({}, {}, {}, {})", at(0), at(1), at(2), at(3))
            }
        }
    }

    /// A vector of sums with the four terms of a quad added.
    fn sum(&self, r: u32, j: u32) -> String {
        let sum = format!("c{r}_{j}");
        match self.number {
            Number::Float | Number::Whole => (0..4).fold(sum, |sum, i| {
                let (a, b) = (format!("v[{i}]"), format!("of_b{i}_{j}"));
                self.number.term(&a, &b, &sum)
            }),
            Number::Packed => {
                let dots: Vec<_> = (0..4).map(|i| format!("dot4I8Packed(v, t{i}_{j})")).collect();
                format!("{sum} + vec4<i32>({})", dots.join(", "))
            }
        }
    }
}

/// Quads of a line and of the whole of a block of an operand, `outer` rows or columns by `depth` steps of k.
fn block_size(operand: &Operand, outer: u32, depth: u32) -> (u32, u32) {
    let length = match operand.run {
        Run::AlongK => depth / 4,
        Run::AcrossK => outer / 4,
    };
    (length, outer * depth / 4)
}

/// Quad i of a block that begins at step k0 and at quad `first` across k.
fn fill(operand: &Operand, first: &str, length: u32, kept: bool) -> String {
    let x = operand.name;
    let (line, quad) = (format!("i / {length}u"), format!("i % {length}u"));
    let (line, quad) = match operand.run {
        Run::AlongK => (format!("4u * ({first}) + {line}"), format!("k0 / 4u + {quad}")),
        Run::AcrossK => (format!("k0 + {line}"), format!("{first} + {quad}")),
    };
    let value = format!("{x}4({x}_line({x}_base, {line}), {x}_quad({quad}))");
    match (kept, operand.run) {
        (false, _) => value,
        (true, Run::AlongK) => format!("{x}_kept({value}, {quad})"),
        (true, Run::AcrossK) => format!("{x}_kept({value}, {line})"),
    }
}
