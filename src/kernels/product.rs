//! What the matrix products have in common: the ways to compute them, and the right answer.

use super::blocked::{Blocked, laid_down, quads_of_shared_step};
use super::dots::Dots;
use super::operand::{Number, Operand, Run, result};
use super::storage::{needs, stored};
use super::swept::Swept;
use super::tile::Tile;
use super::wgsl::{narrow, source};
use super::work::Product;
use super::{Buffer, BufferRole, Case, Engine, MAX_TRIPS, Needs, Precision, Program, Shader, Variant};

pub(super) const LAYOUTS: &[(&str, &str)] = &[
    ("nn", "A and B row-major, neither transposed"),
    ("nt", "B is stored transposed, as weights are: n lines of k elements"),
    ("tn", "A is stored transposed: k lines of m elements"),
];

pub(super) const TOLERANCE: &str = "within min(k, 8 sqrt k) unit roundoffs of f32 times |row of A| |column of B|, a bound that holds with a probability next to 1, and one rounding more of what is stored in 16 bits; sums of whole numbers are exact but for that rounding";

pub(super) const ROUNDOFF: &str =
    "Higham and Mary, A new approach to probabilistic rounding error analysis, SIAM J. Sci. Comput. 41(5), 2019";

/// Extents of one product, each with its meaning.
pub(super) const M: (&str, &str) = ("m", "rows of A and C");
pub(super) const N: (&str, &str) = ("n", "columns of B and C");
pub(super) const K: (&str, &str) = ("k", "columns of A, rows of B");

/// How many products there are, and what belongs to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Batch {
    One,
    /// Each of its own operands.
    Each,
    /// The same, but a table says whose weights a product has; where the result is a gradient of weights, whose that is.
    Listed,
}

/// One kind of products.
#[derive(Debug, Clone, Copy)]
pub(super) struct Family {
    pub(super) file: &'static str,
    pub(super) batch: Batch,
    /// Whether B is in 8 bits, with a factor for each column, whatever A is stored in.
    pub(super) scaled: bool,
}

/// Extents of one of a case's products.
pub(super) fn extents(case: &Case) -> Product {
    let [m, n, k] = ["m", "n", "k"].map(|name| case.extent(name));
    Product { m, n, k }
}

/// How C is stored: sums of products of 8 bits do not fit into 8.
pub(super) fn stored_result(case: &Case) -> Precision {
    match stored(case) {
        Precision::I8 => Precision::Bf16,
        precision => precision,
    }
}

/// `count` times A, B and C, with what `beside` adds between inputs and output.
pub(super) fn buffers(case: &Case, count: u64, weights: Precision, beside: &[Buffer]) -> Vec<Buffer> {
    let Product { m, n, k } = extents(case);
    let input = |elements, precision| match precision {
        Precision::I8 => Buffer::input(elements, precision, -128.0, 128.0),
        _ => Buffer::input(elements, precision, -1.0, 1.0),
    };
    let mut buffers = vec![input(count * m * k, stored(case)), input(count * k * n, weights)];
    buffers.extend(beside);
    buffers.push(Buffer::output(count * m * n, stored_result(case)));
    buffers
}

/// Which matrix of weights each of `count` products has: all of them once, in a random order.
pub(super) const fn table(count: u64) -> Buffer {
    Buffer::new(count, Precision::I32, BufferRole::Cycle)
}

/// How a workgroup goes about its part of C.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Blocked in registers alone: no barriers, operands from the caches.
    Direct(Tile),
    /// The same, with A shared out among the lanes of a subgroup.
    Shuffled(Tile),
    /// Blocked in workgroup memory too, in blocks of so many steps of k.
    Shared(Tile, u32),
    /// Lines of both operands shared out among the lanes of a subgroup.
    Dots(Dots),
    /// One row, with its sums in workgroup memory while long pieces of lines are read.
    Swept(Swept),
}

/// Raced by default: one row of lanes for drivers that run a subgroup on the vector unit of a processor, square groups for
/// GPUs, and for few rows what reads the weights once.
const WAYS: &[(Way, bool)] = &[
    (Way::Shuffled(Tile::new(1, 8, 64, 4)), true),
    (Way::Shuffled(Tile::new(1, 8, 32, 8)), true),
    (Way::Shuffled(Tile::new(1, 8, 40, 8)), true),
    (Way::Shuffled(Tile::new(1, 8, 16, 8)), false),
    (Way::Shuffled(Tile::new(1, 4, 16, 16)), true),
    (Way::Shuffled(Tile::new(4, 32, 16, 4)), false),
    (Way::Shuffled(Tile::new(1, 8, 8, 8)), true),
    (Way::Shuffled(Tile::new(1, 8, 4, 8)), true),
    (Way::Shuffled(Tile::new(1, 8, 1, 8)), true),
    (Way::Shuffled(Tile::new(1, 8, 1, 32)), false),
    (Way::Shuffled(Tile::new(1, 32, 1, 4)), false),
    (Way::Direct(Tile::new(1, 8, 16, 16)), true),
    (Way::Direct(Tile::new(8, 8, 8, 8)), true),
    (Way::Direct(Tile::new(1, 64, 4, 4)), true),
    (Way::Direct(Tile::new(1, 64, 1, 4)), true),
    (Way::Shared(Tile::new(16, 16, 8, 8), 8), true),
    (Way::Shared(Tile::new(8, 8, 8, 8), 16), false),
    (Way::Shared(Tile::new(8, 8, 4, 4), 32), false),
    (Way::Dots(Dots::new(8, 8, 1, 12)), true),
    (Way::Dots(Dots::new(8, 8, 4, 8)), true),
    (Way::Dots(Dots::new(4, 32, 1, 8)), true),
    (Way::Dots(Dots::new(32, 64, 1, 8)), true),
    (Way::Swept(Swept::new(8, 8, 2048)), true),
    (Way::Swept(Swept::new(8, 12, 2048)), false),
    (Way::Swept(Swept::new(8, 12, 4096)), false),
    (Way::Swept(Swept::new(64, 12, 512)), false),
];

impl Way {
    fn name(self) -> String {
        match self {
            Self::Direct(tile) => format!("direct-{tile}"),
            Self::Shuffled(tile) => format!("shuffled-{tile}"),
            Self::Shared(tile, depth) => format!("shared-{tile}-depth{depth}"),
            Self::Dots(dots) => format!("dots-{dots}"),
            Self::Swept(swept) => format!("swept-{swept}"),
        }
    }

    const fn tile(self) -> Tile {
        match self {
            Self::Direct(tile) | Self::Shuffled(tile) | Self::Shared(tile, _) => tile,
            Self::Dots(dots) => dots.tile(),
            Self::Swept(swept) => swept.tile(),
        }
    }

    /// `aligned` is whether n divides by four.
    fn needs(self, number: Number, aligned: bool) -> Needs {
        let bytes = if number == Number::Packed { 4 } else { 16 };
        let (invocations, workgroup_memory, subgroup_lanes) = match self {
            Self::Direct(tile) => (tile.lanes(), laid_down(tile, aligned), 0),
            Self::Shuffled(tile) => (tile.lanes(), laid_down(tile, aligned), tile.lanes_n),
            Self::Shared(tile, depth) => (tile.lanes(), depth / 4 * (tile.height() + tile.width()) * bytes, 0),
            Self::Dots(dots) => (dots.lanes, 0, dots.width),
            Self::Swept(swept) => (swept.lanes, swept.workgroup_memory(), 0),
        };
        Needs {
            invocations,
            workgroup_memory,
            subgroup_lanes,
            ..Needs::default()
        }
    }

    /// Iterations of an invocation's loops, those that may store its sums one by one among them.
    fn trips(self, k: u64) -> u64 {
        let quads = k.div_ceil(4);
        let stores = u64::from(5 * self.sums());
        stores
            + match self {
                Self::Direct(_) => quads,
                Self::Shuffled(tile) => quads.div_ceil(u64::from(quads_of_shared_step(tile))),
                Self::Dots(dots) => quads.div_ceil(u64::from(dots.width)),
                Self::Swept(swept) => swept.trips(k),
                Self::Shared(tile, depth) => {
                    let fill = depth * (tile.height() + tile.width()) / 4 / tile.lanes() + 2;
                    k.div_ceil(u64::from(depth)) * u64::from(1 + fill + depth / 4)
                }
            }
    }

    /// Vectors of sums of an invocation.
    const fn sums(self) -> u32 {
        self.tile().rows * self.tile().vectors()
    }

    /// Whether it can compute such a product, and is not certain to waste most of its work on rows that are not there. The
    /// answer is the same for all sizes of one power of two, which share what the tuner finds.
    fn fits(self, of: Product, a: Run, b: Run) -> bool {
        let m = 1 << of.m.ilog2();
        let height = u64::from(self.tile().height());
        let (runs, worth) = match self {
            Self::Dots(_) => (a == Run::AlongK && b == Run::AlongK, height <= 2 * m && m <= 4 * height),
            Self::Swept(_) => (a == Run::AlongK && b == Run::AcrossK, of.m == 1),
            _ => (
                a == Run::AlongK || self.tile().rows.is_multiple_of(4),
                height <= 32.max(4 * m) && (height >= 4 || m <= height),
            ),
        };
        runs && worth && self.trips(of.k) <= MAX_TRIPS
    }
}

/// Every way to compute a case.
pub(super) fn variants(case: &Case, family: Family, count: u64) -> Vec<Variant> {
    let shapes = Shapes::new(case, family);
    let numbers: &[Number] = match stored(case) {
        Precision::I8 if shapes.packs() => &[Number::Packed, Number::Whole],
        Precision::I8 => &[Number::Whole],
        _ => &[Number::Float],
    };
    let ways = WAYS
        .iter()
        .filter(|(way, _)| way.fits(shapes.of, shapes.a.run, shapes.b.run));
    let each = |(way, default): &(Way, bool)| {
        let of_number = |number: &Number| shapes.variant(*way, *default, *number, count);
        numbers.iter().map(of_number).collect::<Vec<_>>()
    };
    ways.flat_map(each).collect()
}

/// A case as its shaders see it.
struct Shapes<'a> {
    case: &'a Case,
    family: Family,
    of: Product,
    a: Operand,
    b: Operand,
}

impl<'a> Shapes<'a> {
    fn new(case: &'a Case, family: Family) -> Self {
        let b = Operand::of(case, "b", "n", &["nn", "tn"]);
        let b = if family.scaled {
            Operand {
                stored: Precision::I8,
                ..b
            }
        } else {
            b
        };
        Self {
            case,
            family,
            of: extents(case),
            a: Operand::of(case, "a", "m", &["tn"]),
            b,
        }
    }

    /// Whether the rows of C divide by four.
    const fn aligned(&self) -> bool {
        self.of.n.is_multiple_of(4)
    }

    /// Whether quads of both operands can stay packed.
    fn packs(&self) -> bool {
        [self.a, self.b].iter().all(|of| of.run == Run::AlongK && of.aligned)
    }

    fn variant(&self, way: Way, default: bool, number: Number, count: u64) -> Variant {
        let Product { m, n, k } = self.of;
        let first = self.first(way.tile());
        let blocked = Blocked {
            tile: way.tile(),
            a: &self.a,
            b: &self.b,
            number,
            divides: k.is_multiple_of(4),
            aligned: self.aligned(),
            first: &first,
        };
        let body = match way {
            Way::Direct(_) => blocked.direct(),
            Way::Shuffled(_) => blocked.shuffled(),
            Way::Shared(_, depth) => blocked.shared(depth),
            Way::Dots(dots) => dots.text(number, &first),
            Way::Swept(swept) => swept.text(number, &first),
        };
        let shader = Shader {
            source: source(&[], self.family.file, &(self.declarations(number) + &body)),
            entry: "main",
            workgroups: count * way.tile().workgroups(m, n),
            parameters: [m, n, k].map(narrow).to_vec(),
        };
        let packed = if number == Number::Packed { "-packed" } else { "" };
        let needs = Needs {
            f16: needs(self.case).f16,
            ..way.needs(number, self.aligned())
        };
        Variant {
            name: way.name() + packed,
            default,
            engine: Engine::Vector,
            program: Program::of_shader(shader, needs),
        }
    }

    /// Bindings and accessors, and `finished`, which makes of a vector of sums what is stored.
    fn declarations(&self, number: Number) -> String {
        let beside = match (self.family.scaled, self.family.batch) {
            (true, _) => "@group(0) @binding(3) var<storage, read> scales: array<f32>;\n",
            (_, Batch::Listed) => "@group(0) @binding(3) var<storage, read> table: array<u32>;\n",
            _ => "",
        };
        let c = if beside.is_empty() { 3 } else { 4 };
        let scale = if self.family.scaled { SCALED } else { "vec4<f32>(sums)" };
        let mut text = beside.to_owned();
        for operand in [&self.a, &self.b] {
            text += &operand.accessors(number);
        }
        text += &self.a.kept(number);
        text += &result(c, stored_result(self.case), self.aligned());
        text + &format!(
            "fn finished(sums: vec4<{}>, q: u32) -> vec4<f32> {{ return {scale}; }}\n",
            number.sum()
        )
    }

    /// Which part of C of which product, and where its operands begin.
    fn first(&self, tile: Tile) -> String {
        let (height, width) = (tile.height(), tile.width());
        let index = format!(
            "    let tiles = (p.m + {}u) / {height}u * ((p.n + {}u) / {width}u);\n    let z = g / tiles;\n    let tile = g % tiles;\n",
            height - 1,
            width - 1
        );
        let (owner_of_b, owner_of_c) = match (self.family.batch, self.case.layout.as_str()) {
            (Batch::One, _) => {
                return "    let tile = g;\n    let a_base = 0u;\n    let b_base = 0u;\n    let c_base = 0u;\n"
                    .to_owned();
            }
            (Batch::Each, _) => ("z", "z"),
            (Batch::Listed, "tn") => ("z", "table[z]"),
            (Batch::Listed, _) => ("table[z]", "z"),
        };
        format!(
            "{index}    let a_base = z * ({});\n    let b_base = {owner_of_b} * ({});\n    let c_base = {owner_of_c} * (p.m * p.n);\n",
            self.a.size(),
            self.b.size()
        )
    }
}

/// The factors of four columns.
const SCALED: &str = "\
sums * vec4<f32>(scales[min(4u * q, p.n - 1u)], scales[min(4u * q + 1u, p.n - 1u)],
        scales[min(4u * q + 2u, p.n - 1u)], scales[min(4u * q + 3u, p.n - 1u)])";
