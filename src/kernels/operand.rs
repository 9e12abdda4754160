//! Reading the operands of a product, however they lie in memory.
//!
//! An operand is lines of vectors of four neighbours, its quads. They run along k (rows of A, columns of B) or across it
//! (lines are steps of k). For an operand `x` there are `x_line(base, i)` and `x_quad(i)`, which say where line and quad
//! number i lie, and `x4(line, quad)`, the quad itself. Numbers beyond the edge are clamped, so that any size works without
//! a branch in an inner loop; `x_kept` makes zeros of what lies beyond k, and need be asked for one operand only.

use super::storage::{scalars, vectors};
use super::{Case, Precision};

/// Which way the quads of an operand run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    AlongK,
    AcrossK,
}

/// What the products are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// f32, whatever the operands are stored in.
    Float,
    /// i32, from operands of 8 bits.
    Whole,
    /// The same four at a time, by an instruction for them: quads stay packed in 32 bits.
    Packed,
}

impl Number {
    /// The type of a quad.
    pub(super) const fn quad(self) -> &'static str {
        match self {
            Self::Float => "vec4<f32>",
            Self::Whole => "vec4<i32>",
            Self::Packed => "u32",
        }
    }

    /// The type of a sum.
    pub(super) const fn sum(self) -> &'static str {
        match self {
            Self::Float => "f32",
            Self::Whole | Self::Packed => "i32",
        }
    }

    /// Four sums with a number of A times four of B added, where quads are not packed.
    pub(super) fn term(self, a: &str, b: &str, sums: &str) -> String {
        match self {
            Self::Float => format!("fma(vec4<f32>({a}), {b}, {sums})"),
            Self::Whole | Self::Packed => format!("{sums} + vec4<i32>({a}) * {b}"),
        }
    }
}

/// One operand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operand {
    pub(super) name: &'static str,
    pub(super) binding: u32,
    pub(super) stored: Precision,
    pub(super) run: Run,
    /// The extent beside k: `m` or `n`.
    pub(super) outer: &'static str,
    /// Whether its lines divide by four.
    pub(super) aligned: bool,
}

impl Operand {
    /// A of a case, or B: `across` names the layouts in which its quads run across k.
    pub(super) fn of(case: &Case, name: &'static str, outer: &'static str, across: &[&str]) -> Self {
        let (run, length) = if across.contains(&case.layout.as_str()) {
            (Run::AcrossK, outer)
        } else {
            (Run::AlongK, "k")
        };
        Self {
            name,
            binding: if name == "a" { 1 } else { 2 },
            stored: case.precision.unwrap_or(Precision::F32),
            run,
            outer,
            aligned: case.extent(length).is_multiple_of(4),
        }
    }

    /// Number of lines, and elements of a line.
    const fn extents(&self) -> (&'static str, &'static str) {
        match self.run {
            Run::AlongK => (self.outer, "k"),
            Run::AcrossK => ("k", self.outer),
        }
    }

    /// Elements of a whole operand, or vectors of four where its lines divide by four: where the next of a batch begins.
    pub(super) fn size(&self) -> String {
        let (lines, length) = self.extents();
        let four = if self.aligned { " / 4u" } else { "" };
        format!("p.{lines} * (p.{length}{four})")
    }

    /// Binding and accessors.
    pub(super) fn accessors(&self, number: Number) -> String {
        let Self {
            name, binding, stored, ..
        } = *self;
        let (lines, length) = self.extents();
        let quad = number.quad();
        let text = match (number, self.aligned) {
            (Number::Packed, _) => {
                format!(
                    "@group(0) @binding({binding}) var<storage, read> {name}: array<u32>;
fn load_{name}(i: u32) -> u32 {{ return {name}[i]; }}
"
                )
            }
            (_, true) => vectors(name, binding, stored),
            (_, false) => scalars(name, binding, stored),
        };
        let access = if self.aligned {
            format!(
                "fn {name}_line(base: u32, i: u32) -> u32 {{ return base + min(i, p.{lines} - 1u) * (p.{length} / 4u); }}
fn {name}_quad(i: u32) -> u32 {{ return min(i, p.{length} / 4u - 1u); }}
fn {name}4(line: u32, quad: u32) -> {quad} {{ return {quad}(load_{name}(line + quad)); }}
"
            )
        } else {
            format!(
                "fn {name}_line(base: u32, i: u32) -> u32 {{ return base + min(i, p.{lines} - 1u) * p.{length}; }}
fn {name}_quad(i: u32) -> u32 {{ return 4u * i; }}
fn {name}4(line: u32, quad: u32) -> {quad} {{
    let i = vec4<u32>(line) + min(vec4<u32>(quad) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(p.{length} - 1u));
    return {quad}(vec4(load_{name}(i.x), load_{name}(i.y), load_{name}(i.z), load_{name}(i.w)));
}}
"
            )
        };
        text + &access
    }

    /// `x_kept(value, i)`: quad i of a line along k, or a quad of line i, with zeros for what lies beyond k.
    pub(super) fn kept(&self, number: Number) -> String {
        let (name, quad) = (self.name, number.quad());
        let condition = match (self.run, number) {
            (Run::AcrossK, _) => "i < p.k",
            (Run::AlongK, Number::Packed) => "i < p.k / 4u",
            (Run::AlongK, _) => "vec4<u32>(4u * i) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(p.k)",
        };
        format!("fn {name}_kept(value: {quad}, i: u32) -> {quad} {{ return select({quad}(), value, {condition}); }}\n")
    }
}

/// Accessors of a block of an operand that lies in workgroup memory as the array `block`, `length` quads a line. It is
/// read as the operand in memory is, by the name `x`.
pub(super) fn block(x: &str, block: &str, length: u32, number: Number) -> String {
    let quad = number.quad();
    format!(
        "fn {x}_line(base: u32, i: u32) -> u32 {{ return base + i * {length}u; }}
fn {x}_quad(i: u32) -> u32 {{ return i; }}
fn {x}4(line: u32, quad: u32) -> {quad} {{ return {block}[line + quad]; }}
"
    )
}

/// Binding of C and `store4(base, row, q, value)`, which writes the vector of four number q of a row as far as it lies in C.
pub(super) fn result(binding: u32, stored: Precision, aligned: bool) -> String {
    if aligned {
        super::storage::vectors_out("c", binding, stored)
            + "
fn store4(base: u32, row: u32, q: u32, value: vec4<f32>) {
    if row < p.m && q < p.n / 4u { store_c(base / 4u + row * (p.n / 4u) + q, value); }
}
"
    } else {
        super::storage::scalars_out("c", binding, stored)
            + "
fn store4(base: u32, row: u32, q: u32, value: vec4<f32>) {
    for (var i = 0u; i < 4u; i++) {
        if row < p.m && 4u * q + i < p.n { store_c(base + row * p.n + 4u * q + i, value[i]); }
    }
}
"
    }
}
