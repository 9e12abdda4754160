//! The device layer: what is there, what it is called, and how to run a program on it.
//!
//! [`Device`] is all that the rest of the program knows. `gpu` implements it with wgpu and is the only file that says so;
//! `scripted` implements it with no hardware and no clock, for tests of the whole program.

mod gpu;
mod host;
mod identity;
mod life;
mod memory;
mod readings;
mod scripted;
mod select;
mod sensors;

pub use identity::{DeviceType, Identity};
pub use life::{alive, beats};
pub use readings::Readings;
pub use select::{Listed, Selection, list, open};

use serde::{Deserialize, Serialize};

use crate::kernels::{Buffer, Case, Needs, Variant};

/// Buffers of one case on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Allocation(u64);

/// A compiled variant on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pipeline(u64);

/// Something that runs programs and says how long they took.
pub trait Device {
    /// What is known about it.
    fn facts(&self) -> &Facts;

    /// Bytes of the host's memory that are free; none where nobody knows. Nobody at all knows this of a device's own.
    fn free_memory(&self) -> Option<u64>;

    /// Makes the buffers of a case, in order. Whoever asks has looked whether they keep to the limits.
    ///
    /// # Errors
    /// When the driver has no room for them, or the device is lost.
    fn allocate(&mut self, buffers: &[Buffer]) -> Result<Allocation, Failure>;

    /// Gives buffers back.
    fn free(&mut self, allocation: Allocation);

    /// Fills a buffer, and waits until the device has it.
    ///
    /// # Errors
    /// When the device fails or is lost.
    fn write(&mut self, allocation: Allocation, index: usize, bytes: &[u8]) -> Result<(), Failure>;

    /// Reads a buffer back.
    ///
    /// # Errors
    /// When the device fails or is lost.
    fn read(&mut self, allocation: Allocation, index: usize) -> Result<Vec<u8>, Failure>;

    /// Compiles a variant of a case.
    ///
    /// # Errors
    /// When the device lacks something, the driver refuses the shader, or the device is lost.
    fn compile(&mut self, case: &Case, variant: &Variant, checks: Checks) -> Result<Pipeline, Failure>;

    /// Gives a compiled variant back.
    fn discard(&mut self, pipeline: Pipeline);

    /// Runs the program `repeats` times, one after the other, and waits for the end. A dispatch that would keep the
    /// device busy for too long is run in parts, whose times are added.
    ///
    /// # Errors
    /// When the device fails or is lost.
    fn launch(&mut self, pipeline: Pipeline, allocation: Allocation, repeats: u32) -> Result<Elapsed, Failure>;

    /// What the machine says of itself, now and since it was last asked.
    fn readings(&mut self) -> Readings;

    /// Energy in J that the device has used since some moment, by its own meter; none where it has none, or tells nobody.
    fn energy(&mut self) -> Option<f64>;
}

/// How long a launch took, all repeats together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Elapsed {
    /// By the device's own clock, in ticks of [`Facts::tick`]; none where it has no clock or the reading made no sense.
    pub ticks: Option<u64>,
    /// By the host's clock, from submission to the end, in seconds.
    pub wall: f64,
}

/// Whether the shader is compiled with the checks that keep it inside its buffers and its loops finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Checks {
    /// With them: nothing can go wrong silently.
    On,
    /// Without them: as fast as the driver makes it.
    Off,
}

/// Why something on a device did not happen. It becomes the status and reason of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The device cannot do it.
    Unsupported(String),
    /// The device is gone.
    Lost(String),
    /// The driver refused or failed.
    Error(String),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unsupported(reason) | Self::Lost(reason) | Self::Error(reason) => f.write_str(reason),
        }
    }
}

/// What is known about an open device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// What it is, for keys and reports.
    pub identity: Identity,
    /// Seconds of one tick of its clock; none if it has none.
    pub tick: Option<f64>,
    /// Its limits.
    pub limits: Limits,
    /// Its optional abilities that kernels ask for.
    pub features: Features,
    /// Smallest and largest subgroup; none where unknown.
    pub subgroup_sizes: Option<(u32, u32)>,
    /// Matrix configurations it offers, as `16x16x16 f16 -> f32`.
    pub matrix_configurations: Vec<String>,
    /// Everything its driver offers, by the names that wgpu uses.
    pub all_features: Vec<String>,
}

/// Limits that decide which variant can run, and at which size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Invocations of a workgroup.
    pub invocations: u32,
    /// Bytes of workgroup memory.
    pub workgroup_memory: u32,
    /// Bytes of one buffer.
    pub buffer: u64,
    /// Bytes of a buffer that a shader sees.
    pub binding: u64,
}

/// Optional abilities that kernels ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Features {
    /// Arithmetic in f16.
    pub f16: bool,
    /// Arithmetic in f64.
    pub f64: bool,
    /// Subgroup operations.
    pub subgroups: bool,
}

impl Facts {
    /// Whether a program with these needs can run here, and if not, what is missing.
    ///
    /// # Errors
    /// What is missing, as `1024 invocations a workgroup (this device: 256)`.
    pub fn can_run(&self, needs: &Needs) -> Result<(), String> {
        let limit = |what: &str, needed: u32, here: u32| {
            (needed > here).then(|| format!("needs {needed} {what} (this device: {here})"))
        };
        let ability = |what: &str, needed: bool, here: bool| (needed && !here).then(|| format!("needs {what}"));
        let missing = [
            limit("invocations a workgroup", needs.invocations, self.limits.invocations),
            limit(
                "bytes of workgroup memory",
                needs.workgroup_memory,
                self.limits.workgroup_memory,
            ),
            ability("f16 arithmetic in shaders", needs.f16, self.features.f16),
            ability("f64 arithmetic in shaders", needs.f64, self.features.f64),
            ability("subgroup operations", needs.subgroup_lanes > 0, self.features.subgroups),
            limit(
                "lanes in every subgroup",
                needs.subgroup_lanes,
                self.subgroup_sizes.map_or(0, |(smallest, _)| smallest),
            ),
        ];
        missing.into_iter().flatten().next().map_or(Ok(()), Err)
    }

    /// Whether a case's buffers keep to the limits, and if not, which limit they exceed.
    ///
    /// # Errors
    /// The limit, as `needs a buffer of 268435456 bytes (this device: 134217728, its max_storage_buffer_binding_size)`.
    pub fn can_hold(&self, buffers: &[Buffer]) -> Result<(), String> {
        let Limits { buffer, binding, .. } = self.limits;
        let (limit, name) = if binding < buffer {
            (binding, "max_storage_buffer_binding_size")
        } else {
            (buffer, "max_buffer_size")
        };
        match buffers.iter().map(Buffer::bytes).max() {
            Some(largest) if largest > limit => Err(format!(
                "needs a buffer of {largest} bytes (this device: {limit}, its {name})"
            )),
            _ => Ok(()),
        }
    }
}
