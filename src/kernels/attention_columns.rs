//! Attention in which neighbouring lanes of a subgroup share the elements of every query, key and value among them.
//!
//! `width` lanes form a team, which takes a few query rows. They read a key side by side, each lane holds its elements
//! against the same elements of all rows, and the lanes add up: eight keys that eight lanes have in parts fold into one
//! number a lane, the score of one key, in seven exchanges a row. The values are read the same way and each lane keeps
//! its own elements of the outputs, so nothing is left to add up at the end but the sums of exponentials.
//!
//! What is read is used for all rows, from registers, and read side by side. That is what a GPU wants, and what a driver
//! that runs a subgroup on the vector unit of a processor wants even more: there a load costs as much as some seventy
//! vector instructions, and an exchange one.

use std::fmt::Write as _;

use super::attention::Sizes;

/// The lanes of a team, the rows it takes, and the keys whose scores it keeps at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub(super) sizes: Sizes,
    /// Lanes of a team: a power of two.
    pub(super) width: u32,
    pub(super) rows: u32,
    /// Keys whose scores it keeps: a multiple of `width`.
    pub(super) block: u32,
}

/// Keys whose values are read before they are weighted: more spare the accumulators trips to memory where they do not fit
/// into registers, fewer spare the values such trips. Divides every width.
const VALUES_IN_FLIGHT: u32 = 2;

/// The smallest subgroup that there is in practice.
const QUAD: u32 = 4;

/// `fold` adds up two sums that lie in parts in pairs of lanes: the lanes whose number has `bit` get their pair's sum of
/// `b`, the others that of `a`.
const EXCHANGES: &str = "\
fn partner(x: f32, lane: u32, bit: u32) -> f32 { return subgroupShuffle(x, lane ^ bit); }
fn fold(a: f32, b: f32, lane: u32, bit: u32) -> f32 {
    let upper = (lane & bit) != 0u;
    return select(a, b, upper) + partner(select(b, a, upper), lane, bit);
}
";

impl Columns {
    /// The widest team that a vector of `sizes` keeps busy is not wider than `width`; none is narrower than a quad.
    pub(super) fn fit(sizes: Sizes, width: u32) -> u32 {
        width.min(sizes.longest().next_power_of_two()).max(QUAD)
    }

    /// Vectors of four scores that a key has.
    const fn score_vectors(self) -> u32 {
        self.rows.div_ceil(4)
    }

    /// Bytes of workgroup memory of a workgroup of `lanes`.
    pub(super) const fn workgroup_memory(self, lanes: u32) -> u32 {
        lanes / self.width * self.block * self.score_vectors() * 16
    }

    /// Iterations of an invocation's loops over `keys` keys, at most.
    pub(super) fn trips(self, keys: u64) -> u64 {
        keys.div_ceil(u64::from(self.block)) * u64::from(2 * self.block / self.width + 1)
    }

    /// What stands before the entry point of a workgroup of `lanes`. Every lane reads back only the scores that it wrote.
    pub(super) fn declarations(self, lanes: u32) -> String {
        let vectors = self.workgroup_memory(lanes) / 16;
        format!("var<workgroup> scores: array<vec4<f32>, {vectors}>;\n{EXCHANGES}")
    }

    /// Defines `team`, the number of the team in the workgroup, and `column`, the lane's first vector of four.
    pub(super) fn place(self) -> String {
        let Self { width, .. } = self;
        format!(
            "    let column = subgroup_lane % {width}u;
    let team = subgroup * (subgroup_lanes / {width}u) + subgroup_lane / {width}u;
"
        )
    }

    /// Begins a step over as many keys as the team is wide: `key` is the lane's own, `at{m}` where the lane's vector `m` of
    /// the first key lies, or `at0` alone if the others follow at even distances. The last step is moved back to end with the last key, and hides those that it meets again.
    fn step(self, vectors: u32) -> String {
        let width = self.width;
        let mut text = format!("        let first = min(j, p.skv - {width}u);\n        let key = first + column;\n");
        let bases = if self.is_even(vectors) { 1 } else { self.share(vectors) };
        for m in 0..bases {
            let _ = writeln!(
                text,
                "        let at{m} = (keys + first) * {vectors}u + {};",
                self.column(m, vectors)
            );
        }
        text
    }

    /// Where the lane's vector `m` of key `x` of the step lies.
    fn at(self, x: u32, m: u32, vectors: u32) -> String {
        if self.is_even(vectors) {
            format!("at0 + {}u", x * vectors + m * self.width)
        } else {
            format!("at{m} + {}u", x * vectors)
        }
    }

    /// Whether all lanes have as many of the `vectors` of a row.
    const fn is_even(self, vectors: u32) -> bool {
        vectors.is_multiple_of(self.width)
    }

    /// Vector `m` of a lane among `vectors` of a row, clamped where not every lane has one.
    fn column(self, m: u32, vectors: u32) -> String {
        let column = format!("column + {}u", m * self.width);
        if self.is_even(vectors) {
            column
        } else {
            format!("min({column}, {}u)", vectors - 1)
        }
    }

    /// The lane's vectors of a row of `vectors`.
    const fn share(self, vectors: u32) -> u32 {
        vectors.div_ceil(self.width)
    }

    /// The scaled queries, `query` naming the first vector of each row, and empty accumulators.
    pub(super) fn begin(self, query: impl Fn(u32) -> String) -> String {
        let Sizes { d4, dv4 } = self.sizes;
        let mut text = String::new();
        for r in 0..self.rows {
            for m in 0..self.share(d4) {
                let vector = format!("p.scale * load_q({} + {})", query(r), self.column(m, d4));
                // Lanes beyond the end of a row add nothing to its scores.
                let vector = if self.is_even(d4) {
                    vector
                } else {
                    format!("select(vec4<f32>(), {vector}, column + {}u < {d4}u)", m * self.width)
                };
                let _ = writeln!(text, "    let q{r}_{m} = {vector};");
            }
            for m in 0..self.share(dv4) {
                let _ = writeln!(text, "    var o{r}_{m} = vec4<f32>();");
            }
            let _ = writeln!(text, "    var largest{r} = LOWEST;\n    var sum{r} = 0.0;");
        }
        text
    }

    /// Takes the keys from `first_key` to `end_key`, a block at most, into the scores, and finds `next`, the largest of
    /// them and of those before. The bounds must be the same for the whole workgroup; row r sees the keys before `seen(r)`.
    pub(super) fn scores(self, seen: impl Fn(u32) -> String) -> String {
        let (d4, width) = (self.sizes.d4, self.width);
        let mut text = String::new();
        for r in 0..self.rows {
            let _ = writeln!(text, "    var next{r} = largest{r};");
        }
        let _ = writeln!(text, "    for (var j = first_key; j < end_key; j += {width}u) {{");
        text += &self.step(d4);
        for x in 0..width {
            for m in 0..self.share(d4) {
                text += &self.products(x, m);
            }
            text += &self.folds(x);
        }
        for r in 0..self.rows {
            let _ = writeln!(
                text,
                "        let s{r} = select(LOWEST, a0_{r}, (j <= key) & (key < {}));
        next{r} = max(next{r}, s{r});",
                seen(r)
            );
        }
        for n in 0..self.score_vectors() {
            let part = |c| Some(4 * n + c).filter(|r| *r < self.rows);
            let parts: Vec<_> = (0..4)
                .map(|c| part(c).map_or("0.0".to_owned(), |r| format!("s{r}")))
                .collect();
            let _ = writeln!(text, "        {} = vec4<f32>({});", self.kept(n), parts.join(", "));
        }
        text += "    }\n";
        for r in 0..self.rows {
            for bit in self.bits() {
                let _ = writeln!(
                    text,
                    "    next{r} = max(next{r}, partner(next{r}, subgroup_lane, {bit}u));"
                );
            }
        }
        text
    }

    /// Where vector `n` of the scores of key `j + column` is kept.
    fn kept(self, n: u32) -> String {
        let vectors = self.score_vectors();
        format!(
            "scores[(team * {}u + j - first_key + column) * {vectors}u + {n}u]",
            self.block
        )
    }

    fn bits(self) -> impl Iterator<Item = u32> {
        (0..self.width.ilog2()).map(|b| 1 << b)
    }

    /// Vector `m` of key `x` held against all rows.
    fn products(self, x: u32, m: u32) -> String {
        let mut text = format!("        let k{x}_{m} = load_k({});\n", self.at(x, m, self.sizes.d4));
        for r in 0..self.rows {
            let mut rest = "xyzw".chars();
            if m == 0 {
                rest.next();
                let _ = writeln!(text, "        var a{x}_{r} = q{r}_0.x * k{x}_0.x;");
            }
            for c in rest {
                let _ = writeln!(text, "        a{x}_{r} = fma(q{r}_{m}.{c}, k{x}_{m}.{c}, a{x}_{r});");
            }
        }
        text
    }

    /// Adds up what can be added up once key `x` is there: pairs of keys, pairs of pairs.
    fn folds(self, x: u32) -> String {
        let mut text = String::new();
        for bit in self.bits().take_while(|bit| x & bit != 0) {
            let low = x & !(2 * bit - 1);
            for r in 0..self.rows {
                let high = low + bit;
                let _ = writeln!(
                    text,
                    "        a{low}_{r} = fold(a{low}_{r}, a{high}_{r}, subgroup_lane, {bit}u);"
                );
            }
        }
        text
    }

    /// Shrinks what is already summed to the scale of the next largest score.
    pub(super) fn rescale(self) -> String {
        let mut text = String::new();
        for r in 0..self.rows {
            let _ = writeln!(
                text,
                "    let shrink{r} = exp(largest{r} - next{r});\n    sum{r} *= shrink{r};"
            );
            for m in 0..self.share(self.sizes.dv4) {
                let _ = writeln!(text, "    o{r}_{m} *= shrink{r};");
            }
        }
        text
    }

    /// Adds the values of the keys from `first_key` to `end_key`, weighted.
    pub(super) fn values(self) -> String {
        let (dv4, width) = (self.sizes.dv4, self.width);
        let mut text = String::new();
        for r in 0..self.rows {
            let _ = writeln!(text, "    largest{r} = next{r};");
        }
        let _ = writeln!(text, "    for (var j = first_key; j < end_key; j += {width}u) {{");
        text += &self.step(dv4);
        for n in 0..self.score_vectors() {
            let _ = writeln!(text, "        let kept{n} = {};", self.kept(n));
        }
        for r in 0..self.rows {
            // Hidden keys have the lowest score: they weigh nothing.
            let _ = writeln!(
                text,
                "        let w{r} = exp(kept{}[{}] - largest{r});\n        sum{r} += w{r};",
                r / 4,
                r % 4
            );
        }
        for first in (0..width).step_by(VALUES_IN_FLIGHT as usize) {
            text += &self.weighted(first..first + VALUES_IN_FLIGHT);
        }
        text + "    }\n"
    }

    /// The values of a few keys.
    fn weighted(self, keys: std::ops::Range<u32>) -> String {
        let mut text = String::new();
        for x in keys.clone() {
            for r in 0..self.rows {
                let _ = writeln!(
                    text,
                    "        let w{r}_{x} = subgroupShuffle(w{r}, subgroup_lane - column + {x}u);"
                );
            }
        }
        for m in 0..self.share(self.sizes.dv4) {
            for x in keys.clone() {
                let at = self.at(x, m, self.sizes.dv4);
                let _ = writeln!(text, "        let v{x}_{m} = load_v({at});");
            }
            for r in 0..self.rows {
                let sum = keys.clone().fold(format!("o{r}_{m}"), |sum, x| {
                    format!("fma(vec4<f32>(w{r}_{x}), v{x}_{m}, {sum})")
                });
                let _ = writeln!(text, "        o{r}_{m} = {sum};");
            }
        }
        text
    }

    /// Adds up the sums of exponentials, of which every lane has those of its own keys.
    pub(super) fn finish(self) -> String {
        let mut text = String::new();
        for r in 0..self.rows {
            for bit in self.bits() {
                let _ = writeln!(text, "    sum{r} += partner(sum{r}, subgroup_lane, {bit}u);");
            }
        }
        text
    }

    /// A statement for each vector of row `r` that the lane has, from the vector's number in the row and its name.
    pub(super) fn outputs(self, r: u32, store: impl Fn(&str, &str) -> String) -> String {
        let dv4 = self.sizes.dv4;
        let one = |m| {
            let column = format!("column + {}u", m * self.width);
            let stored = store(&column, &format!("o{r}_{m}"));
            if self.is_even(dv4) {
                format!("        {stored}\n")
            } else {
                format!("        if {column} < {dv4}u {{ {stored} }}\n")
            }
        };
        (0..self.share(dv4)).map(one).collect()
    }
}
