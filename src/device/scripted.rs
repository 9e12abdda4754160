//! A device that follows a script: exact times, faults on demand, right answers from the kernels' own references. With it
//! the whole program is tested without hardware and without a clock.
//!
//! A script is a JSON file, chosen with `--device scripted:FILE`:
//!
//! ```json
//! {
//!   "adapter": "Scripted", "device_type": "discrete",
//!   "operations_per_second": 1e12, "bytes_per_second": 1e11, "clock": true,
//!   "cases": [{ "match": "matmul/", "variant": "direct-1x8-16x16", "speedup": 50.0, "jitter": [1.0, 1.01], "fault": "wrong", "after": 0 }]
//! }
//! ```
//!
//! The first entry of `cases` whose `match` is part of the case name (and `variant`, if given, of the variant's name)
//! applies. `speedup` divides the modelled time, `jitter` multiplies it, cyclically. Faults strike from launch number
//! `after` on, counting from 0: `compile`, `unsupported` (these at once), `wrong`, `lost`, `crash` (with last words),
//! `hang`, `noise` (prints to standard output, as some drivers do, and goes on), `slow` (that launch alone takes a second).
//!
//! `"driver_version": "2"` says that its driver is another one than version 1.
//!
//! `"memory": BYTES` is all that the device has for the buffers of a case, `"host_memory": BYTES` what is free on the host.
//!
//! `readings` is what the machine says of itself from look to look, cyclically, with the fields of [`Readings`].
//! `"meter": { "watts": W, "step": SECONDS }` is a meter of the energy that launches use, which steps so seldom.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::life;
use super::{
    Allocation, Checks, Device, DeviceType, Elapsed, Facts, Failure, Features, Identity, Limits, Pipeline, Readings,
};
use crate::error::{self, Error, Place};
use crate::kernels::{self, Buffer, BufferRole, Case, Expected, Kernel, Variant, Work};

/// What every launch costs beside its work, in seconds.
const OVERHEAD: f64 = 1e-5;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    adapter: String,
    device_type: DeviceType,
    #[serde(default = "first")]
    driver_version: String,
    operations_per_second: f64,
    bytes_per_second: f64,
    /// Whether the device has a clock of its own.
    clock: bool,
    /// Bytes of memory of the device, and of free memory of the host; without a bound where they are left out.
    memory: Option<u64>,
    host_memory: Option<u64>,
    #[serde(default)]
    cases: Vec<Scene>,
    /// What the machine says of itself, look after look, cyclically.
    #[serde(default)]
    readings: Vec<Readings>,
    meter: Option<Meter>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Meter {
    watts: f64,
    step: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene {
    #[serde(rename = "match")]
    part: String,
    #[serde(default)]
    variant: String,
    #[serde(default = "one")]
    speedup: f64,
    #[serde(default)]
    jitter: Vec<f64>,
    fault: Option<Fault>,
    #[serde(default)]
    after: u64,
}

fn first() -> String {
    "1".to_owned()
}

fn one() -> f64 {
    1.0
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Fault {
    Compile,
    Unsupported,
    Wrong,
    Lost,
    Crash,
    Hang,
    Noise,
    Slow,
}

pub(super) struct Scripted {
    script: Script,
    facts: Facts,
    next_id: u64,
    allocations: HashMap<Allocation, Held>,
    pipelines: HashMap<Pipeline, Act>,
    lost: bool,
    looks: usize,
    /// Seconds that launches took, all together.
    busy: f64,
}

/// The buffers of a case, with the right answers once they were asked for: computing them is slow, and most launches
/// meet the inputs of the one before.
struct Held {
    buffers: Vec<Memory>,
    answers: Option<Vec<Vec<f64>>>,
    /// Whether the outputs hold them.
    filled: bool,
}

struct Memory {
    buffer: Buffer,
    bytes: Vec<u8>,
}

/// A compiled variant and how often it has run.
struct Act {
    case: Case,
    scene: Option<Scene>,
    launches: u64,
}

impl Scripted {
    pub(super) fn from_file(file: &str) -> error::Result<Self> {
        let text = std::fs::read_to_string(Path::new(file)).map_err(|cause| Error::io(file, "cannot read", cause))?;
        let script: Script = serde_json::from_str(&text).map_err(|error| Error::Data {
            place: Place {
                file: file.to_owned(),
                line: Some(error.line() as u64),
                column: Some(error.column() as u64),
            },
            message: format!("not a script for a device: {}", without_place(&error)),
        })?;
        let facts = facts(&script);
        Ok(Self {
            script,
            facts,
            next_id: 0,
            allocations: HashMap::new(),
            pipelines: HashMap::new(),
            lost: false,
            looks: 0,
            busy: 0.0,
        })
    }

    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn alive(&self) -> Result<(), Failure> {
        if self.lost {
            return Err(Failure::Lost("device lost: by the script".to_owned()));
        }
        Ok(())
    }

    /// The roofline of the script's two rates.
    fn seconds(&self, work: Work) -> f64 {
        let compute = work.operations as f64 / self.script.operations_per_second;
        let memory = work.bytes() as f64 / self.script.bytes_per_second;
        compute.max(memory)
    }

    /// Fills the outputs.
    fn compute(&mut self, case: &Case, allocation: Allocation, wrong: bool) {
        let (Some(kernel), Some(held)) = (kernels::find(&case.kernel), self.allocations.get_mut(&allocation)) else {
            return;
        };
        let Held {
            buffers,
            answers,
            filled,
        } = held;
        if *filled && !wrong {
            return;
        }
        *filled = !wrong;
        let answers = answers.get_or_insert_with(|| right_answers(kernel, case, buffers));
        let outputs = buffers.iter_mut().filter(|m| m.buffer.role == BufferRole::Output);
        for (output, values) in outputs.zip(answers) {
            let mut values = values.clone();
            if let (true, Some(last)) = (wrong, values.last_mut()) {
                *last += 1.0;
            }
            let encoded = kernels::encode(&values, output.buffer.precision);
            output.bytes[..encoded.len()].copy_from_slice(&encoded);
        }
    }
}

fn right_answers(kernel: &Kernel, case: &Case, buffers: &[Memory]) -> Vec<Vec<f64>> {
    let inputs: Vec<Vec<f64>> = buffers
        .iter()
        .filter(|m| m.buffer.is_input())
        .map(|m| kernels::decode(&m.bytes, m.buffer.elements, m.buffer.precision))
        .collect();
    let expected = (kernel.reference)(case, &inputs);
    let values = |output: Vec<Expected>| output.iter().map(|e| e.value).collect();
    expected.into_iter().map(values).collect()
}

fn facts(script: &Script) -> Facts {
    Facts {
        identity: Identity {
            adapter: script.adapter.clone(),
            backend: "scripted".to_owned(),
            device_type: script.device_type,
            driver: "scripted".to_owned(),
            driver_version: script.driver_version.clone(),
            ..Identity::of_host()
        },
        tick: script.clock.then_some(1e-9),
        limits: Limits {
            invocations: 256,
            workgroup_memory: 32 << 10,
            buffer: 1 << 30,
            binding: 1 << 30,
        },
        features: Features::default(),
        subgroup_sizes: None,
        matrix_configurations: Vec::new(),
        all_features: Vec::new(),
    }
}

/// Ends the process as a driver's failed assertion does.
fn crash() -> ! {
    let _ = std::io::stderr().write_all(b"driver: assertion failed: /usr/src/driver/shader.c:42\n");
    std::process::abort()
}

/// Takes a second, in parts.
fn dawdle() {
    for _ in 0..10 {
        std::thread::sleep(Duration::from_millis(100));
        life::beat();
    }
}

/// The message of an error whose place is said beside it.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&place).unwrap_or(&message).to_owned()
}

impl Device for Scripted {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn free_memory(&self) -> Option<u64> {
        self.script.host_memory
    }

    fn allocate(&mut self, buffers: &[Buffer]) -> Result<Allocation, Failure> {
        self.alive()?;
        let bytes: u64 = buffers.iter().map(Buffer::bytes).sum();
        if self.script.memory.is_some_and(|memory| bytes > memory) {
            return Err(Failure::Error(format!(
                "no room for buffers of {bytes} bytes together: by the script"
            )));
        }
        let allocation = Allocation(self.id());
        let memory = buffers.iter().map(|buffer| Memory {
            buffer: *buffer,
            bytes: kernels::poison(buffer),
        });
        let held = Held {
            buffers: memory.collect(),
            answers: None,
            filled: false,
        };
        self.allocations.insert(allocation, held);
        Ok(allocation)
    }

    fn free(&mut self, allocation: Allocation) {
        self.allocations.remove(&allocation);
    }

    fn write(&mut self, allocation: Allocation, index: usize, bytes: &[u8]) -> Result<(), Failure> {
        self.alive()?;
        let Some(held) = self.allocations.get_mut(&allocation) else {
            return Ok(());
        };
        held.filled = false;
        if let Some(memory) = held.buffers.get_mut(index) {
            memory.bytes.copy_from_slice(bytes);
            if !memory.buffer.is_written() {
                held.answers = None;
            }
        }
        Ok(())
    }

    fn read(&mut self, allocation: Allocation, index: usize) -> Result<Vec<u8>, Failure> {
        self.alive()?;
        let memory = self
            .allocations
            .get(&allocation)
            .and_then(|held| held.buffers.get(index));
        memory
            .map(|m| m.bytes.clone())
            .ok_or_else(|| Failure::Error("no such buffer".to_owned()))
    }

    fn compile(&mut self, case: &Case, variant: &Variant, _: Checks) -> Result<Pipeline, Failure> {
        self.alive()?;
        self.facts
            .can_run(&variant.program.needs)
            .map_err(Failure::Unsupported)?;
        let name = case.to_string();
        let applies = |s: &&Scene| name.contains(&s.part) && variant.name.contains(&s.variant);
        let scene = self.script.cases.iter().find(applies).cloned();
        match scene.as_ref().and_then(|s| s.fault) {
            Some(Fault::Compile) => {
                return Err(Failure::Error("the shader does not compile: by the script".to_owned()));
            }
            Some(Fault::Unsupported) => return Err(Failure::Unsupported("by the script".to_owned())),
            _ => {}
        }
        let pipeline = Pipeline(self.id());
        self.pipelines.insert(
            pipeline,
            Act {
                case: case.clone(),
                scene,
                launches: 0,
            },
        );
        Ok(pipeline)
    }

    fn discard(&mut self, pipeline: Pipeline) {
        self.pipelines.remove(&pipeline);
    }

    fn launch(&mut self, pipeline: Pipeline, allocation: Allocation, repeats: u32) -> Result<Elapsed, Failure> {
        self.alive()?;
        let act = self
            .pipelines
            .get_mut(&pipeline)
            .ok_or_else(|| Failure::Error("no such program".to_owned()))?;
        let (case, launch) = (act.case.clone(), act.launches);
        act.launches += 1;
        let scene = act.scene.clone();
        let fault = scene.as_ref().filter(|s| launch >= s.after).and_then(|s| s.fault);
        match fault {
            Some(Fault::Lost) => self.lost = true,
            Some(Fault::Crash) => crash(),
            Some(Fault::Hang) => loop {
                std::thread::park();
            },
            // Without an end of line: what the program says next stands in the same one.
            Some(Fault::Noise) => {
                let _ = std::io::stdout().write_all(b"driver: {\"kind\":");
            }
            Some(Fault::Slow) if Some(launch) == scene.as_ref().map(|s| s.after) => dawdle(),
            _ => {}
        }
        self.alive()?;
        self.compute(&case, allocation, fault == Some(Fault::Wrong));
        let work = kernels::find(&case.kernel)
            .map(|kernel| (kernel.work)(&case))
            .unwrap_or_default();
        let (speedup, jitter) = scene.map_or((1.0, 1.0), |s| {
            let index = usize::try_from(launch).unwrap_or_default();
            let jitter = s.jitter.get(index % s.jitter.len().max(1)).copied().unwrap_or(1.0);
            (s.speedup, jitter)
        });
        let device = (self.seconds(work) / speedup * jitter + 1e-7) * f64::from(repeats);
        self.busy += device;
        Ok(Elapsed {
            ticks: self.script.clock.then_some((device * 1e9).round() as u64),
            wall: device + OVERHEAD,
        })
    }

    fn readings(&mut self) -> Readings {
        let all = &self.script.readings;
        let now = all.get(self.looks % all.len().max(1)).cloned();
        self.looks += 1;
        now.unwrap_or_default()
    }

    fn energy(&mut self) -> Option<f64> {
        let Meter { watts, step } = self.script.meter?;
        Some((self.busy / step).floor() * step * watts)
    }
}
