//! What `onpar list` shows: kernels, suites, and one case explained.

use std::fmt::Write as _;

use serde::Serialize;

use super::text::wrap;
use crate::kernels::{Buffer, BufferRole, Case, Kernel, REGISTRY};
use crate::suites::{SUITES, Scale};
use crate::units::{Unit, quantity, significant};

/// Everything that can be named on the command line.
#[derive(Debug, Serialize)]
pub struct Catalogue {
    kernels: Vec<KernelEntry>,
    suites: Vec<SuiteEntry>,
}

#[derive(Debug, Serialize)]
struct KernelEntry {
    name: &'static str,
    summary: &'static str,
    precisions: Vec<&'static str>,
    layouts: Vec<Word>,
    extents: Vec<Word>,
}

#[derive(Debug, Serialize)]
struct Word {
    name: &'static str,
    meaning: &'static str,
}

#[derive(Debug, Serialize)]
struct SuiteEntry {
    name: &'static str,
    summary: &'static str,
    /// Cases at full scale, the ceilings counted once.
    cases: Vec<Case>,
}

fn words(pairs: &'static [(&'static str, &'static str)]) -> Vec<Word> {
    pairs.iter().map(|&(name, meaning)| Word { name, meaning }).collect()
}

impl Catalogue {
    /// The registry and the suites of this program.
    #[must_use]
    pub fn new() -> Self {
        let kernel = |kernel: &&'static Kernel| KernelEntry {
            name: kernel.name,
            summary: kernel.summary,
            precisions: kernel.precisions.iter().map(|p| p.word()).collect(),
            layouts: words(kernel.layouts),
            extents: words(kernel.extents),
        };
        let suites = SUITES.iter().map(|suite| {
            let mut cases = suite.plan(Scale::Full);
            cases.sort();
            cases.dedup();
            SuiteEntry {
                name: suite.name,
                summary: suite.summary,
                cases,
            }
        });
        Self {
            kernels: REGISTRY.iter().map(kernel).collect(),
            suites: suites.collect(),
        }
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        Self::new()
    }
}

/// The catalogue for a reader.
#[must_use]
pub fn text(catalogue: &Catalogue) -> String {
    let mut text = String::from("kernels\n");
    for kernel in &catalogue.kernels {
        let _ = writeln!(text, "  {:<8} {}", kernel.name, kernel.summary);
        let mut parts: Vec<String> = Vec::new();
        if !kernel.precisions.is_empty() {
            parts.push(kernel.precisions.join(" "));
        }
        parts.extend(
            kernel
                .layouts
                .iter()
                .map(|word| format!("{}: {}", word.name, word.meaning)),
        );
        parts.extend(
            kernel
                .extents
                .iter()
                .map(|word| format!("{}: {}", word.name, word.meaning)),
        );
        for part in parts {
            let _ = writeln!(text, "             {part}");
        }
    }
    text += "\nsuites\n";
    for suite in &catalogue.suites {
        let _ = writeln!(text, "  {:<8} {}", suite.name, suite.summary);
        let _ = writeln!(text, "           {} cases", suite.cases.len());
    }
    text += "\nA case is kernel/precision/layout/shape/cache, as matmul/f32/nn/k=64,m=64,n=64/hot.\n\
             onpar list --describe CASE explains one.\n";
    text
}

/// One case explained.
#[derive(Debug, Serialize)]
pub struct Description {
    case: Case,
    summary: &'static str,
    formula: &'static str,
    tolerance: &'static str,
    literature: &'static [&'static str],
    operations: u64,
    bytes_read: u64,
    bytes_written: u64,
    buffers: Vec<String>,
    variants: Vec<VariantEntry>,
}

#[derive(Debug, Serialize)]
struct VariantEntry {
    name: String,
    raced_by_default: bool,
    workgroups: Vec<u64>,
}

/// Explains a valid case of a kernel.
#[must_use]
pub fn describe(kernel: &'static Kernel, case: &Case) -> Description {
    let work = (kernel.work)(case);
    let buffer = |buffer: &Buffer| {
        let role = match buffer.role {
            BufferRole::Input { low, high } => format!("input, uniform in [{low}, {high})"),
            BufferRole::Cycle => "input, one random cycle through all elements".to_owned(),
            BufferRole::Output => "output, every element compared with the reference".to_owned(),
            BufferRole::Scratch => "scratch".to_owned(),
        };
        format!("{} x {}: {role}", buffer.elements, buffer.precision.word())
    };
    let variants = (kernel.variants)(case).into_iter().map(|variant| VariantEntry {
        name: variant.name,
        raced_by_default: variant.default,
        workgroups: variant.program.shaders().map(|shader| shader.workgroups).collect(),
    });
    Description {
        case: case.clone(),
        summary: kernel.summary,
        formula: kernel.formula,
        tolerance: kernel.tolerance,
        literature: kernel.literature,
        operations: work.operations,
        bytes_read: work.read,
        bytes_written: work.written,
        buffers: (kernel.buffers)(case).iter().map(buffer).collect(),
        variants: variants.collect(),
    }
}

/// A name and what stands behind it, wrapped.
fn field(name: &str, text: &str) -> String {
    format!("  {name:<12}{}", wrap(text, 80, 14).trim_start())
}

/// The explanation for a reader.
#[must_use]
pub fn description_text(d: &Description) -> String {
    let bytes = d.bytes_read + d.bytes_written;
    let byte = |bytes: u64| quantity(bytes as f64, Unit::Byte);
    let (read, written) = (byte(d.bytes_read), byte(d.bytes_written));
    let mut text = format!("{}\n", d.case) + &wrap(d.summary, 80, 2) + &wrap(d.formula, 80, 2);
    text += &field("operations", &d.operations.to_string());
    text += &field("bytes", &format!("{bytes} ({read} read, {written} written)"));
    if bytes > 0 {
        let intensity = significant(d.operations as f64 / bytes as f64, 3);
        text += &field("intensity", &format!("{intensity} op/B"));
    }
    for (index, buffer) in d.buffers.iter().enumerate() {
        text += &field(&format!("binding {}", index + 1), buffer);
    }
    text += &field(
        "reference",
        "the formula in f64 on the host, against every element of the output",
    );
    text += &field("tolerance", d.tolerance);
    for work in d.literature {
        text += &field("literature", work);
    }
    text += "  variants\n";
    for variant in &d.variants {
        let raced = if variant.raced_by_default {
            "raced by default"
        } else {
            "on request"
        };
        let _ = writeln!(
            text,
            "    {:<28} {raced}, {:?} workgroups",
            variant.name, variant.workgroups
        );
    }
    text
}
