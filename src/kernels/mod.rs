//! The registry. A kernel is data: a WGSL file in `kernels/`, a same-stem file here (work model, CPU reference, variant
//! space), and one line in [`REGISTRY`]. Nothing else in the program names a kernel.

mod attention;
mod attention_columns;
mod attention_decode;
mod attention_prefill;
mod attention_rows;
mod batched_matmul;
mod blocked;
mod case;
mod chains;
mod chase;
mod copy;
mod dots;
mod e4m3;
mod empty;
mod fma;
mod grouped_matmul;
mod mad;
mod matmul;
mod matmul_w8;
mod operand;
mod operation;
mod product;
mod product_reference;
mod read;
mod storage;
mod submit;
mod swept;
mod tile;
mod transfer;
mod triad;
mod values;
mod wgsl;
pub mod work;
mod workgroup_memory;
mod write;

pub use case::{Cache, Case, Precision, Shape};
pub use operation::{OPERATIONS, Operation, work_of};
pub use values::{decode, encode, poison, random};

use serde::{Deserialize, Serialize};

/// Every kernel, in the order in which `onpar list` prints them: the floor, the ceilings, then the workloads.
pub static REGISTRY: &[&Kernel] = &[
    &empty::KERNEL,
    &submit::KERNEL,
    &copy::KERNEL,
    &read::KERNEL,
    &triad::KERNEL,
    &write::KERNEL,
    &transfer::KERNEL,
    &workgroup_memory::KERNEL,
    &chase::KERNEL,
    &fma::KERNEL,
    &mad::KERNEL,
    &matmul::KERNEL,
    &matmul_w8::KERNEL,
    &batched_matmul::KERNEL,
    &grouped_matmul::KERNEL,
    &attention_prefill::KERNEL,
    &attention_decode::KERNEL,
];

/// Looks a kernel up by name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Kernel> {
    REGISTRY.iter().copied().find(|kernel| kernel.name == name)
}

/// The right answer of a case: one list for each output buffer, from the decoded values of the input buffers.
pub type Reference = fn(&Case, &[Vec<f64>]) -> Vec<Vec<Expected>>;

/// One kernel: what it computes, what that costs, and how it can be run.
///
/// The functions may assume a case that passed [`Kernel::check`].
pub struct Kernel {
    /// Its name: the stem of the WGSL file and of the file here.
    pub name: &'static str,
    /// One sentence for `onpar list`.
    pub summary: &'static str,
    /// The formula, with the names of the extents, for `onpar list --describe`.
    pub formula: &'static str,
    /// How far an answer may be from the reference, element by element, and why.
    pub tolerance: &'static str,
    /// Where the way of computing or of measuring it is from.
    pub literature: &'static [&'static str],
    /// What a result says about the device.
    pub role: Role,
    /// Names of the extents, each with its meaning.
    pub extents: &'static [(&'static str, &'static str)],
    /// Allowed layout words, each with its meaning; empty if there is no choice.
    pub layouts: &'static [(&'static str, &'static str)],
    /// Precisions the inputs may be stored in; empty for a kernel without data.
    pub precisions: &'static [Precision],
    /// What it asks of a case beyond names that fit, as a sentence if the case does not meet it.
    pub admits: fn(&Case) -> Result<(), String>,
    /// Operations and compulsory bytes.
    pub work: fn(&Case) -> Work,
    /// The buffers in binding order (binding 0 is the uniform; these follow from 1).
    pub buffers: fn(&Case) -> Vec<Buffer>,
    /// The right answer.
    pub reference: Reference,
    /// The ways to compute it, best guesses first; which of them a device can run is found by [`Program::needs`] and by
    /// trying. Empty where every way would need longer loops than drivers can be trusted with.
    pub variants: fn(&Case) -> Vec<Variant>,
}

/// What a kernel's result says about a device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Role {
    /// The cost of doing nothing: what the harness itself adds.
    Floor,
    /// The fastest arithmetic of one engine.
    ComputeCeiling(Engine),
    /// The fastest memory traffic at one share of reads in all bytes.
    MemoryCeiling {
        /// Bytes read over bytes moved.
        read_share: f64,
    },
    /// The fastest traffic on another path than between shaders and the device's memory. No workload is held against it.
    Path,
    /// The time of one operation that waits for the one before.
    Latency,
    /// Work that a model does.
    Workload,
}

/// The unit that does the arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Ordinary lanes.
    Vector,
    /// Cooperative matrices (tensor cores and their like).
    Matrix,
    /// None of them: what moves memory without a shader.
    Copy,
}

impl Engine {
    /// Its name in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Vector => "vector",
            Self::Matrix => "matrix",
            Self::Copy => "copy",
        }
    }

    /// The precision of the arithmetic on operands that are stored in `stored`. Every workload accumulates in f32 at
    /// least. Ordinary lanes multiply there too: they widen what is stored in less; matrices take it as it is.
    #[must_use]
    pub const fn arithmetic(self, stored: Precision) -> Precision {
        match (self, stored) {
            (Self::Vector, Precision::F16 | Precision::Bf16 | Precision::F8) => Precision::F32,
            _ => stored,
        }
    }
}

/// What a case has to do, whatever the variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Operations; a multiply-add counts as two.
    pub operations: u64,
    /// Compulsory bytes read: each input once at its stored size.
    pub read: u64,
    /// Compulsory bytes written: each output once at its stored size.
    pub written: u64,
}

impl Work {
    /// All compulsory bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.read + self.written
    }

    /// Bytes read over bytes moved; 1 where nothing moves.
    #[must_use]
    pub fn read_share(self) -> f64 {
        if self.bytes() == 0 {
            return 1.0;
        }
        self.read as f64 / self.bytes() as f64
    }
}

/// A storage buffer of a case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Buffer {
    /// Number of elements.
    pub elements: u64,
    /// How each is stored.
    pub precision: Precision,
    /// What it is for.
    pub role: BufferRole,
    /// Where it is.
    pub place: Place,
}

/// Where a buffer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the device's memory, where shaders see it.
    Device,
    /// In the host's memory, where the device reads it.
    Upload,
    /// In the host's memory, where the device writes it.
    Download,
}

/// What a buffer is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BufferRole {
    /// Filled with random values, uniform in [low, high).
    Input {
        /// Lowest value.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// Filled with one random cycle of integers: each element names the next, and the way leads through all of them.
    Cycle,
    /// Written by the kernel, every element, and compared with the reference.
    Output,
    /// Room for the kernel's own use.
    Scratch,
}

impl Buffer {
    /// An input of values in [low, high).
    #[must_use]
    pub const fn input(elements: u64, precision: Precision, low: f64, high: f64) -> Self {
        Self::new(elements, precision, BufferRole::Input { low, high })
    }

    /// An output.
    #[must_use]
    pub const fn output(elements: u64, precision: Precision) -> Self {
        Self::new(elements, precision, BufferRole::Output)
    }

    /// A buffer in the device's memory.
    #[must_use]
    pub const fn new(elements: u64, precision: Precision, role: BufferRole) -> Self {
        Self {
            elements,
            precision,
            role,
            place: Place::Device,
        }
    }

    /// The same elsewhere.
    #[must_use]
    pub const fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// Its size, padded so that a shader may see it as 16-byte vectors.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        (self.elements * self.precision.bytes()).next_multiple_of(16)
    }

    /// Whether it is filled before the kernel runs, and stays as it is.
    #[must_use]
    pub const fn is_input(&self) -> bool {
        matches!(self.role, BufferRole::Input { .. } | BufferRole::Cycle)
    }

    /// Whether the kernel may write it.
    #[must_use]
    pub const fn is_written(&self) -> bool {
        !self.is_input()
    }
}

/// The right value of one output element, and how far a correct computation may be from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// The value in f64.
    pub value: f64,
    /// Largest absolute error of a correct kernel at its precision; the kernel's file derives it.
    pub tolerance: f64,
}

/// One way to compute a kernel.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its name, which says all its parameters, as `direct-16x8`.
    pub name: String,
    /// Whether it is among those raced by default; the rest are tried on request.
    pub default: bool,
    /// The engine it uses.
    pub engine: Engine,
    /// What is dispatched.
    pub program: Program,
}

/// What a device does, in order; one logical dispatch is all of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// The steps.
    pub steps: Vec<Step>,
    /// What the device must have.
    pub needs: Needs,
}

impl Program {
    /// One shader and nothing else.
    #[must_use]
    pub fn of_shader(shader: Shader, needs: Needs) -> Self {
        Self {
            steps: vec![Step::Shader(shader)],
            needs,
        }
    }

    /// The shaders among the steps, in order.
    pub fn shaders(&self) -> impl Iterator<Item = &Shader> {
        self.steps.iter().filter_map(|step| match step {
            Step::Shader(shader) => Some(shader),
            Step::Copy { .. } | Step::Wait => None,
        })
    }

    /// Whether the device's clock, which stands around shaders, sees all of it. The rest is timed by the host's.
    #[must_use]
    pub fn is_all_shaders(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Shader(_)))
    }
}

/// A part of a program.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Runs a shader.
    Shader(Shader),
    /// Copies a whole buffer to another of the same size, without a shader.
    Copy {
        /// Which of the case's buffers, from 0.
        from: usize,
        /// To which.
        to: usize,
    },
    /// The host waits until all is done before it goes on.
    Wait,
}

/// A shader and its grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Shader {
    /// Complete WGSL.
    pub source: String,
    /// Name of the entry point.
    pub entry: &'static str,
    /// Workgroups of a whole dispatch. The device may run them in several parts: the shader gets the range of each in
    /// its uniform (`grid.first`, `grid.end`) and takes its index from `group_index`.
    pub workgroups: u64,
    /// What follows the grid in the uniform.
    pub parameters: Vec<u32>,
}

/// What a program asks of a device beyond the least that WebGPU promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Invocations of one workgroup.
    pub invocations: u32,
    /// Bytes of workgroup memory.
    pub workgroup_memory: u32,
    /// Native f16 arithmetic.
    pub f16: bool,
    /// Native f64 arithmetic.
    pub f64: bool,
    /// Subgroup operations, with so many lanes in every subgroup at least; 0 where it has none.
    pub subgroup_lanes: u32,
}

impl Kernel {
    /// Whether `case` is one of this kernel's, and if not, why.
    ///
    /// # Errors
    /// A sentence that names the case, what is wrong with it, and what the kernel takes.
    pub fn check(&self, case: &Case) -> Result<(), String> {
        let names: Vec<&str> = self.extents.iter().map(|(name, _)| *name).collect();
        if !case.shape.names().eq(sorted(&names).iter().copied()) {
            return Err(format!(
                "case {case}: the extents of {} are {}",
                self.name,
                names.join(", ")
            ));
        }
        let precision_fits = match case.precision {
            Some(precision) => self.precisions.contains(&precision),
            None => self.precisions.is_empty(),
        };
        if !precision_fits {
            let words: Vec<_> = self.precisions.iter().map(|p| p.word()).collect();
            return Err(format!("case {case}: {} takes {}", self.name, or_dash(&words)));
        }
        let layouts: Vec<_> = self.layouts.iter().map(|(word, _)| *word).collect();
        let layout_fits = layouts.contains(&case.layout.as_str()) || (layouts.is_empty() && case.layout.is_empty());
        if !layout_fits {
            return Err(format!(
                "case {case}: the layouts of {} are {}",
                self.name,
                or_dash(&layouts)
            ));
        }
        let small = case.shape.extents().all(|(_, extent)| extent <= MAX_EXTENT);
        let countable = case
            .shape
            .extents()
            .try_fold(64_u64, |product, (_, extent)| product.checked_mul(extent));
        if !small || countable.is_none() {
            return Err(format!(
                "case {case} is too large: an extent is at most {MAX_EXTENT} and shaders index with 32 bits"
            ));
        }
        (self.admits)(case).map_err(|reason| format!("case {case}: {reason}"))
    }
}

/// Shaders count elements with 32 bits; this leaves room for the tile that runs over the edge.
const MAX_EXTENT: u64 = 1 << 31;

fn sorted<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names
}

fn or_dash(words: &[&str]) -> String {
    if words.is_empty() {
        "- (none)".to_owned()
    } else {
        words.join(", ")
    }
}

/// Loop iterations that one invocation may make, summed over nested loops: the software driver of Mesa 22 silently
/// stops at 65,535. Variants that would need more are not offered.
pub const MAX_TRIPS: u64 = 65_000;
