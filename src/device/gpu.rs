//! The device layer on wgpu. The only file that says `wgpu`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::host::{Host, Load};
use super::sensors::Sensors;
use super::{
    Allocation, Checks, Device, DeviceType, Elapsed, Facts, Failure, Features, Identity, Limits, Pipeline, Readings,
};
use super::{life, memory};
use crate::kernels::{self, Buffer, Case, Place, Shader, Step, Variant};

/// A submission is planned to last no longer than this: watchdogs reset a device that is busy for seconds.
const LONGEST_SUBMISSION: f64 = 0.15;
/// Workgroups of the first submission of a program whose speed is not known yet.
const FIRST_PART: u64 = 16;
/// WebGPU's limit of workgroups in one dimension of a grid.
const MAX_GRID: u64 = 65_535;

/// An adapter as wgpu lists it, with what identifies it.
pub(super) struct Adapter {
    handle: wgpu::Adapter,
    pub(super) identity: Identity,
    pub(super) pci_bus: String,
    pub(super) largest_buffer: u64,
}

/// Every adapter of every backend that this program was built with.
pub(super) fn adapters() -> Vec<Adapter> {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = wgpu::Backends::PRIMARY;
    descriptor.flags = wgpu::InstanceFlags::empty();
    let instance = wgpu::Instance::new(descriptor);
    let found = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::all()));
    found.into_iter().map(describe).collect()
}

fn describe(handle: wgpu::Adapter) -> Adapter {
    let info = handle.get_info();
    Adapter {
        identity: Identity {
            adapter: info.name.trim().to_owned(),
            vendor_id: info.vendor,
            device_id: info.device,
            backend: info.backend.to_str().to_owned(),
            device_type: match info.device_type {
                wgpu::DeviceType::DiscreteGpu => DeviceType::Discrete,
                wgpu::DeviceType::IntegratedGpu => DeviceType::Integrated,
                wgpu::DeviceType::VirtualGpu => DeviceType::Virtual,
                wgpu::DeviceType::Cpu => DeviceType::Cpu,
                wgpu::DeviceType::Other => DeviceType::Other,
            },
            driver: info.driver.trim().to_owned(),
            driver_version: info.driver_info.trim().to_owned(),
            ..Identity::of_host()
        },
        pci_bus: info.device_pci_bus_id,
        largest_buffer: handle.limits().max_buffer_size,
        handle,
    }
}

/// What a device reported out of band: wgpu calls back from wherever it notices.
#[derive(Default)]
struct Reports {
    lost: Option<String>,
    error: Option<String>,
}

pub(super) struct Gpu {
    facts: Facts,
    host: Host,
    sensors: Sensors,
    device: wgpu::Device,
    queue: wgpu::Queue,
    clock: Option<Clock>,
    reports: Arc<Mutex<Reports>>,
    next_id: u64,
    /// Shaders by what they were made from: equal ones are compiled once a device.
    shaders: HashMap<ShaderKey, wgpu::ComputePipeline>,
    allocations: HashMap<Allocation, Vec<wgpu::Buffer>>,
    programs: HashMap<Pipeline, Program>,
}

/// Source, entry point, checks, and which of the storage buffers are written.
type ShaderKey = (String, &'static str, Checks, Vec<bool>);

/// Two timestamps and the buffers they come back in.
struct Clock {
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    mapped: wgpu::Buffer,
}

struct Program {
    /// Its shaders.
    steps: Vec<Compiled>,
    /// Every step, where some are no shaders; else empty.
    by_host: Vec<Command>,
    /// Seconds of one logical dispatch by the wall clock, once known.
    seconds: Option<f64>,
}

/// A step as the host goes about it.
#[derive(Clone, Copy)]
enum Command {
    /// Runs a shader of the program, by its number.
    Shader(usize),
    Copy {
        from: usize,
        to: usize,
    },
    Wait,
}

struct Compiled {
    shader: wgpu::ComputePipeline,
    uniform: wgpu::Buffer,
    /// The range of workgroups that the uniform holds.
    range: Option<(u64, u64)>,
    workgroups: u64,
    parameters: Vec<u32>,
    bind_groups: HashMap<Allocation, wgpu::BindGroup>,
}

impl Gpu {
    pub(super) fn open(adapter: &Adapter) -> Result<Self, Failure> {
        let offered = adapter.handle.features();
        let wanted = wgpu::Features::TIMESTAMP_QUERY
            | wgpu::Features::SHADER_F16
            | wgpu::Features::SHADER_F64
            | wgpu::Features::SUBGROUP
            | wgpu::Features::SUBGROUP_BARRIER
            | wgpu::Features::EXPERIMENTAL_COOPERATIVE_MATRIX;
        let descriptor = wgpu::DeviceDescriptor {
            label: None,
            required_features: offered & wanted,
            required_limits: adapter.handle.limits(),
            experimental_features: experimental(),
            memory_hints: wgpu::MemoryHints::Performance,
            trace: wgpu::Trace::Off,
        };
        let (device, queue) = pollster::block_on(adapter.handle.request_device(&descriptor))
            .map_err(|error| Failure::Error(format!("the driver opens no device: {error}")))?;
        let reports = listen(&device);
        let clock = offered
            .contains(wgpu::Features::TIMESTAMP_QUERY)
            .then(|| Clock::new(&device));
        let tick = clock.as_ref().map(|_| f64::from(queue.get_timestamp_period()) * 1e-9);
        Ok(Self {
            facts: facts(adapter, tick),
            host: Host::new(),
            sensors: Sensors::of(adapter.identity.vendor_id, &adapter.pci_bus),
            device,
            queue,
            clock,
            reports,
            next_id: 0,
            shaders: HashMap::new(),
            allocations: HashMap::new(),
            programs: HashMap::new(),
        })
    }

    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// What went wrong since the last look, if anything did.
    fn trouble(&self) -> Result<(), Failure> {
        let mut reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(message) = &reports.lost {
            return Err(Failure::Lost(format!("device lost: {message}")));
        }
        reports
            .error
            .take()
            .map_or(Ok(()), |message| Err(Failure::Error(message)))
    }

    /// The same after asking for what has not been reported yet: a device may have been lost while nobody waited for it.
    fn news(&self) -> Result<(), Failure> {
        let _ = self.device.poll(wgpu::PollType::Poll);
        self.trouble()
    }

    fn wait(&self) -> Result<(), Failure> {
        let polled = self.device.poll(wgpu::PollType::wait_indefinitely());
        self.trouble()?;
        polled.map_err(|error| Failure::Error(format!("waiting for the device: {error}")))?;
        life::beat();
        Ok(())
    }

    fn shader(&mut self, step: &Shader, checks: Checks, written: &[bool]) -> Result<wgpu::ComputePipeline, Failure> {
        let key = (step.source.clone(), step.entry, checks, written.to_vec());
        if let Some(shader) = self.shaders.get(&key) {
            return Ok(shader.clone());
        }
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let internal = self.device.push_error_scope(wgpu::ErrorFilter::Internal);
        let module = module(&self.device, &step.source, checks);
        let shader = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: None,
            layout: Some(&layout(&self.device, written)),
            module: &module,
            entry_point: Some(step.entry),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: &[],
                zero_initialize_workgroup_memory: checks == Checks::On,
            },
            cache: None,
        });
        let failed = pollster::block_on(internal.pop()).or(pollster::block_on(scope.pop()));
        self.news()?;
        if let Some(error) = failed {
            return Err(Failure::Error(format!("the shader does not compile: {error}")));
        }
        self.shaders.insert(key, shader.clone());
        Ok(shader)
    }

    /// Records, submits and awaits `repeats` dispatches of `count` workgroups of one step or, with `step` none, of every
    /// step whole.
    fn submit(&mut self, pipeline: Pipeline, allocation: Allocation, work: Submission) -> Result<Elapsed, Failure> {
        self.bind(pipeline, allocation, work)?;
        let program = &self.programs[&pipeline];
        let mut encoder = self
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let stamps = self.clock.as_ref().map(|clock| wgpu::ComputePassTimestampWrites {
                query_set: &clock.queries,
                beginning_of_pass_write_index: Some(0),
                end_of_pass_write_index: Some(1),
            });
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                label: None,
                timestamp_writes: stamps,
            });
            for _ in 0..work.repeats() {
                for (step, first, end) in work.ranges(program) {
                    dispatch(&mut pass, &program.steps[step], allocation, end - first);
                }
            }
        }
        if let Some(clock) = &self.clock {
            encoder.resolve_query_set(&clock.queries, 0..2, &clock.resolved, 0);
            encoder.copy_buffer_to_buffer(&clock.resolved, 0, &clock.mapped, 0, 16);
        }
        let commands = encoder.finish();
        let start = Instant::now();
        self.queue.submit([commands]);
        self.wait()?;
        let wall = start.elapsed().as_secs_f64();
        let ticks = self
            .clock
            .as_ref()
            .map(|clock| clock.read(&self.device))
            .transpose()?
            .flatten();
        Ok(Elapsed { ticks, wall })
    }

    /// Brings uniforms and bind groups up to date for a submission.
    fn bind(&mut self, pipeline: Pipeline, allocation: Allocation, work: Submission) -> Result<(), Failure> {
        let buffers = self.allocations.get(&allocation).ok_or_else(stale)?;
        let program = self.programs.get_mut(&pipeline).ok_or_else(stale)?;
        for (index, first, end) in work.ranges(program).collect::<Vec<_>>() {
            let step = &mut program.steps[index];
            if step.range != Some((first, end)) {
                let range = [first, end].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
                let words: Vec<u32> = range.into_iter().chain(step.parameters.iter().copied()).collect();
                self.queue.write_buffer(&step.uniform, 0, bytemuck::cast_slice(&words));
                step.range = Some((first, end));
            }
            step.bind_groups.entry(allocation).or_insert_with(|| {
                let uniform = std::iter::once(&step.uniform);
                let entries: Vec<_> = uniform
                    .chain(buffers)
                    .enumerate()
                    .map(|(binding, buffer)| wgpu::BindGroupEntry {
                        binding: u32::try_from(binding).unwrap_or(u32::MAX),
                        resource: buffer.as_entire_binding(),
                    })
                    .collect();
                self.device.create_bind_group(&wgpu::BindGroupDescriptor {
                    label: None,
                    layout: &step.shader.get_bind_group_layout(0),
                    entries: &entries,
                })
            });
        }
        Ok(())
    }

    /// One logical dispatch in parts that grow until each lasts about as long as a submission may.
    fn launch_in_parts(&mut self, pipeline: Pipeline, allocation: Allocation) -> Result<Elapsed, Failure> {
        let program = self.programs.get(&pipeline).ok_or_else(stale)?;
        let workgroups: Vec<u64> = program.steps.iter().map(|step| step.workgroups).collect();
        let total: u64 = workgroups.iter().sum();
        let known = program
            .seconds
            .map(|seconds| LONGEST_SUBMISSION / seconds * total as f64);
        let mut part = known.map_or(FIRST_PART, |groups| groups as u64).max(1);
        let mut sum = Sum::default();
        for (step, &count) in workgroups.iter().enumerate() {
            let mut first = 0;
            while first < count {
                let end = count.min(first + part);
                let elapsed = self.submit(pipeline, allocation, Submission::Part { step, first, end })?;
                sum.add(elapsed);
                first = end;
                let growth = (LONGEST_SUBMISSION / elapsed.wall.max(1e-9)).clamp(0.5, 8.0);
                part = ((part as f64 * growth) as u64).max(1);
            }
        }
        Ok(sum.0)
    }

    /// Records step by step and submits where the host waits. The device's clock stands around shaders only, so this is
    /// timed by the host's.
    fn launch_by_host(&mut self, pipeline: Pipeline, allocation: Allocation, repeats: u32) -> Result<Elapsed, Failure> {
        self.bind(pipeline, allocation, Submission::Whole { repeats: 1 })?;
        let program = &self.programs[&pipeline];
        let buffers = &self.allocations[&allocation];
        let buffer = |index: usize| buffers.get(index).ok_or_else(stale);
        let encoder = || {
            self.device
                .create_command_encoder(&wgpu::CommandEncoderDescriptor::default())
        };
        let start = Instant::now();
        let mut recording = encoder();
        for command in (0..repeats).flat_map(|_| &program.by_host) {
            match *command {
                Command::Shader(index) => {
                    let mut pass = recording.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
                    let step = &program.steps[index];
                    dispatch(&mut pass, step, allocation, step.workgroups);
                }
                Command::Copy { from, to } => {
                    recording.copy_buffer_to_buffer(buffer(from)?, 0, buffer(to)?, 0, None);
                }
                Command::Wait => {
                    let recorded = std::mem::replace(&mut recording, encoder());
                    self.queue.submit([recorded.finish()]);
                    self.wait()?;
                }
            }
        }
        self.queue.submit([recording.finish()]);
        self.wait()?;
        let wall = start.elapsed().as_secs_f64();
        Ok(Elapsed { ticks: None, wall })
    }
}

impl Device for Gpu {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn free_memory(&self) -> Option<u64> {
        memory::free()
    }

    fn allocate(&mut self, buffers: &[Buffer]) -> Result<Allocation, Failure> {
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let invalid = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let created = buffers.iter().map(|buffer| {
            self.device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size: buffer.bytes(),
                usage: usage(buffer.place),
                mapped_at_creation: false,
            })
        });
        let created: Vec<_> = created.collect();
        let failed = pollster::block_on(invalid.pop()).or(pollster::block_on(memory.pop()));
        self.news()?;
        if let Some(error) = failed {
            let bytes: u64 = buffers.iter().map(Buffer::bytes).sum();
            return Err(Failure::Error(format!(
                "no room for buffers of {bytes} bytes together: {error}"
            )));
        }
        let allocation = Allocation(self.id());
        self.allocations.insert(allocation, created);
        Ok(allocation)
    }

    fn free(&mut self, allocation: Allocation) {
        for step in self.programs.values_mut().flat_map(|program| &mut program.steps) {
            step.bind_groups.remove(&allocation);
        }
        for buffer in self.allocations.remove(&allocation).into_iter().flatten() {
            buffer.destroy();
        }
    }

    fn write(&mut self, allocation: Allocation, index: usize, bytes: &[u8]) -> Result<(), Failure> {
        let buffer = self
            .allocations
            .get(&allocation)
            .and_then(|all| all.get(index))
            .ok_or_else(stale)?;
        if buffer.usage().contains(wgpu::BufferUsages::MAP_WRITE) {
            return fill_mapped(&self.device, buffer, bytes);
        }
        self.queue.write_buffer(buffer, 0, bytes);
        // The write is staged until the next submission: without this one it would be part of what is timed.
        self.queue.submit([]);
        self.wait()
    }

    fn read(&mut self, allocation: Allocation, index: usize) -> Result<Vec<u8>, Failure> {
        let buffer = self
            .allocations
            .get(&allocation)
            .and_then(|all| all.get(index))
            .ok_or_else(stale)?;
        if buffer.usage().contains(wgpu::BufferUsages::MAP_READ) {
            return mapped(&self.device, buffer);
        }
        let staging = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: buffer.size(),
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = self
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_buffer_to_buffer(buffer, 0, &staging, 0, buffer.size());
        self.queue.submit([encoder.finish()]);
        let bytes = mapped(&self.device, &staging);
        self.trouble()?;
        bytes
    }

    fn compile(&mut self, case: &Case, variant: &Variant, checks: Checks) -> Result<Pipeline, Failure> {
        self.facts
            .can_run(&variant.program.needs)
            .map_err(Failure::Unsupported)?;
        let buffers = kernels::find(&case.kernel).map(|kernel| (kernel.buffers)(case));
        let written: Vec<bool> = buffers.iter().flatten().map(Buffer::is_written).collect();
        let by_host = commands(&variant.program);
        let mut steps = Vec::new();
        for step in variant.program.shaders() {
            if step.workgroups > u64::from(u32::MAX) {
                return Err(Failure::Unsupported(format!(
                    "needs {} workgroups, more than 2^32",
                    step.workgroups
                )));
            }
            let bytes = 4 * (2 + step.parameters.len() as u64);
            steps.push(Compiled {
                shader: self.shader(step, checks, &written)?,
                uniform: self.device.create_buffer(&wgpu::BufferDescriptor {
                    label: None,
                    size: bytes.next_multiple_of(16),
                    usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                }),
                range: None,
                workgroups: step.workgroups,
                parameters: step.parameters.clone(),
                bind_groups: HashMap::new(),
            });
        }
        let pipeline = Pipeline(self.id());
        let program = Program {
            steps,
            by_host,
            seconds: None,
        };
        self.programs.insert(pipeline, program);
        Ok(pipeline)
    }

    fn discard(&mut self, pipeline: Pipeline) {
        self.programs.remove(&pipeline);
    }

    fn launch(&mut self, pipeline: Pipeline, allocation: Allocation, repeats: u32) -> Result<Elapsed, Failure> {
        let program = self.programs.get(&pipeline).ok_or_else(stale)?;
        if !program.by_host.is_empty() {
            return self.launch_by_host(pipeline, allocation, repeats);
        }
        let known = program.seconds;
        let whole = known.is_some_and(|seconds| seconds * f64::from(repeats) <= 2.0 * LONGEST_SUBMISSION);
        let elapsed = if whole {
            self.submit(pipeline, allocation, Submission::Whole { repeats })?
        } else {
            let mut sum = Sum::default();
            for _ in 0..repeats {
                sum.add(self.launch_in_parts(pipeline, allocation)?);
            }
            sum.0
        };
        if let Some(program) = self.programs.get_mut(&pipeline) {
            program.seconds = Some(elapsed.wall / f64::from(repeats.max(1)));
        }
        Ok(elapsed)
    }

    fn readings(&mut self) -> Readings {
        let Load { others, stolen } = self.host.look();
        Readings {
            others,
            stolen,
            ..self.sensors.readings()
        }
    }

    fn energy(&mut self) -> Option<f64> {
        self.sensors.energy()
    }
}

fn dispatch(pass: &mut wgpu::ComputePass<'_>, step: &Compiled, allocation: Allocation, workgroups: u64) {
    let (x, y) = grid(workgroups);
    pass.set_pipeline(&step.shader);
    pass.set_bind_group(0, &step.bind_groups[&allocation], &[]);
    pass.dispatch_workgroups(x, y, 1);
}

/// The steps of a program as the host goes about them; none where all are shaders, which go to the device in one.
fn commands(program: &kernels::Program) -> Vec<Command> {
    if program.is_all_shaders() {
        return Vec::new();
    }
    let mut shaders = 0..;
    let command = |step: &Step| match *step {
        Step::Shader(_) => Command::Shader(shaders.next().unwrap_or_default()),
        Step::Copy { from, to } => Command::Copy { from, to },
        Step::Wait => Command::Wait,
    };
    program.steps.iter().map(command).collect()
}

/// What one submission runs.
#[derive(Clone, Copy)]
enum Submission {
    /// The whole program, several times.
    Whole { repeats: u32 },
    /// Some workgroups of one step.
    Part { step: usize, first: u64, end: u64 },
}

impl Submission {
    fn repeats(self) -> u32 {
        match self {
            Self::Whole { repeats } => repeats,
            Self::Part { .. } => 1,
        }
    }

    /// (step, first workgroup, end) of each dispatch of one repeat.
    fn ranges(self, program: &Program) -> impl Iterator<Item = (usize, u64, u64)> + '_ {
        let steps = program.steps.iter().enumerate();
        steps.filter_map(move |(index, compiled)| match self {
            Self::Whole { .. } => Some((index, 0, compiled.workgroups)),
            Self::Part { step, first, end } => (step == index).then_some((index, first, end)),
        })
    }
}

/// Adds up the parts of a launch; one part without ticks leaves the sum without.
struct Sum(Elapsed);

impl Default for Sum {
    fn default() -> Self {
        Self(Elapsed {
            ticks: Some(0),
            wall: 0.0,
        })
    }
}

impl Sum {
    fn add(&mut self, part: Elapsed) {
        self.0.ticks = self.0.ticks.zip(part.ticks).map(|(sum, ticks)| sum + ticks);
        self.0.wall += part.wall;
    }
}

impl Clock {
    fn new(device: &wgpu::Device) -> Self {
        let buffer = |usage| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size: 16,
                usage,
                mapped_at_creation: false,
            })
        };
        Self {
            queries: device.create_query_set(&wgpu::QuerySetDescriptor {
                label: None,
                ty: wgpu::QueryType::Timestamp,
                count: 2,
            }),
            resolved: buffer(wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC),
            mapped: buffer(wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST),
        }
    }

    /// Ticks between the two stamps; none if they are zero or run backwards (a wrapped counter, a broken driver).
    fn read(&self, device: &wgpu::Device) -> Result<Option<u64>, Failure> {
        let bytes = mapped(device, &self.mapped)?;
        let stamps: Vec<u64> = bytes
            .as_chunks::<8>()
            .0
            .iter()
            .map(|word| u64::from_le_bytes(*word))
            .collect();
        Ok(match stamps[..] {
            [begin, end] if begin > 0 && end > begin => Some(end - begin),
            _ => None,
        })
    }
}

/// The same bindings for every step of a program, whether it uses them all or not: the uniform, then the buffers.
fn layout(device: &wgpu::Device, written: &[bool]) -> wgpu::PipelineLayout {
    let storage = |written: &bool| wgpu::BufferBindingType::Storage { read_only: !written };
    let types = std::iter::once(wgpu::BufferBindingType::Uniform).chain(written.iter().map(storage));
    let entries: Vec<_> = (0..)
        .zip(types)
        .map(|(binding, ty)| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer {
                ty,
                has_dynamic_offset: false,
                min_binding_size: None,
            },
            count: None,
        })
        .collect();
    let group = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: None,
        entries: &entries,
    });
    device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: None,
        bind_group_layouts: &[Some(&group)],
        immediate_size: 0,
    })
}

/// What a buffer may be used for, by where it is.
fn usage(place: Place) -> wgpu::BufferUsages {
    use wgpu::BufferUsages as Usage;
    match place {
        Place::Device => Usage::STORAGE | Usage::COPY_SRC | Usage::COPY_DST,
        Place::Upload => Usage::MAP_WRITE | Usage::COPY_SRC,
        Place::Download => Usage::MAP_READ | Usage::COPY_DST,
    }
}

/// Maps a buffer, copies it out and unmaps it.
fn mapped(device: &wgpu::Device, buffer: &wgpu::Buffer) -> Result<Vec<u8>, Failure> {
    map(device, buffer, wgpu::MapMode::Read)?;
    let bytes = buffer
        .get_mapped_range(..)
        .map_err(|error| out_of_reach(&error))?
        .to_vec();
    buffer.unmap();
    Ok(bytes)
}

/// Maps a buffer, copies into it and unmaps it.
fn fill_mapped(device: &wgpu::Device, buffer: &wgpu::Buffer, bytes: &[u8]) -> Result<(), Failure> {
    map(device, buffer, wgpu::MapMode::Write)?;
    let mut view = buffer.get_mapped_range_mut(..).map_err(|error| out_of_reach(&error))?;
    view.slice(..bytes.len()).copy_from_slice(bytes);
    drop(view);
    buffer.unmap();
    Ok(())
}

fn map(device: &wgpu::Device, buffer: &wgpu::Buffer, mode: wgpu::MapMode) -> Result<(), Failure> {
    let outcome = Arc::new(Mutex::new(None));
    let told = Arc::clone(&outcome);
    buffer.map_async(mode, .., move |result| {
        *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    });
    device
        .poll(wgpu::PollType::wait_indefinitely())
        .map_err(|error| out_of_reach(&error))?;
    let outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
    match outcome {
        Some(Ok(())) => Ok(()),
        Some(Err(error)) => Err(out_of_reach(&error)),
        None => Err(out_of_reach(&"the buffer was never mapped")),
    }
}

fn out_of_reach(what: &dyn std::fmt::Display) -> Failure {
    Failure::Error(format!("reaching the device's memory: {what}"))
}

/// Folds a number of workgroups into two dimensions, wasting as few as can be.
fn grid(workgroups: u64) -> (u32, u32) {
    let y = workgroups.div_ceil(MAX_GRID).max(1);
    let x = workgroups.div_ceil(y);
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    (narrow(x), narrow(y))
}

fn stale() -> Failure {
    Failure::Error("the program used a handle that it had given back".to_owned())
}

fn listen(device: &wgpu::Device) -> Arc<Mutex<Reports>> {
    let reports = Arc::new(Mutex::new(Reports::default()));
    let told = Arc::clone(&reports);
    device.set_device_lost_callback(move |reason, message| {
        let mut reports = told.lock().unwrap_or_else(PoisonError::into_inner);
        reports.lost = Some(format!("{reason:?} {message}").trim().to_owned());
    });
    let told = Arc::clone(&reports);
    device.on_uncaptured_error(Arc::new(move |error| {
        let mut reports = told.lock().unwrap_or_else(PoisonError::into_inner);
        reports.error.get_or_insert_with(|| error.to_string());
    }));
    reports
}

fn facts(adapter: &Adapter, tick: Option<f64>) -> Facts {
    let (handle, limits) = (&adapter.handle, adapter.handle.limits());
    let (info, features) = (handle.get_info(), handle.features());
    let sizes = (info.subgroup_min_size, info.subgroup_max_size);
    let matrix = handle.cooperative_matrix_properties();
    let configuration = |c: &wgpu::CooperativeMatrixProperties| {
        let (m, n, k) = (c.m_size, c.n_size, c.k_size);
        format!("{m}x{n}x{k} {:?} -> {:?}", c.ab_type, c.cr_type).to_lowercase()
    };
    Facts {
        identity: adapter.identity.clone(),
        tick,
        limits: Limits {
            invocations: limits.max_compute_invocations_per_workgroup,
            workgroup_memory: limits.max_compute_workgroup_storage_size,
            buffer: limits.max_buffer_size,
            binding: limits.max_storage_buffer_binding_size,
        },
        features: Features {
            f16: features.contains(wgpu::Features::SHADER_F16),
            f64: features.contains(wgpu::Features::SHADER_F64),
            subgroups: features.contains(wgpu::Features::SUBGROUP),
        },
        subgroup_sizes: (sizes.1 > 0).then_some(sizes),
        matrix_configurations: matrix.iter().map(configuration).collect(),
        all_features: features.iter_names().map(|(name, _)| name.to_owned()).collect(),
    }
}

#[expect(
    unsafe_code,
    reason = "wgpu guards its experimental features so; matrix kernels are proved before they count"
)]
fn experimental() -> wgpu::ExperimentalFeatures {
    // SAFETY: only reached for shaders of this crate, each compared with a reference before it is timed.
    unsafe { wgpu::ExperimentalFeatures::enabled() }
}

#[expect(
    unsafe_code,
    reason = "without naga's bounds and loop checks a kernel runs up to twice as fast"
)]
fn module(device: &wgpu::Device, source: &str, checks: Checks) -> wgpu::ShaderModule {
    let descriptor = wgpu::ShaderModuleDescriptor {
        label: None,
        source: wgpu::ShaderSource::Wgsl(source.into()),
    };
    match checks {
        Checks::On => device.create_shader_module(descriptor),
        // SAFETY: the same source ran with checks first, on the same inputs, and gave the right answer.
        Checks::Off => unsafe {
            device.create_shader_module_trusted(descriptor, wgpu::ShaderRuntimeChecks::unchecked())
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Checks, Device as _, Failure, Gpu, adapters, grid};
    use crate::kernels::{Case, find};

    /// Whatever is the first to meet the loss. Passes where there is no adapter.
    #[test]
    fn a_lost_device_answers_everything_with_lost() {
        let Some(adapter) = adapters().into_iter().next() else {
            return;
        };
        let case: Case = "copy/f32/-/n=4096/hot".parse().expect("a case");
        let kernel = find(&case.kernel).expect("a kernel");
        let buffers = (kernel.buffers)(&case);
        let variants = (kernel.variants)(&case);
        for asked in 0..5 {
            let mut gpu = Gpu::open(&adapter).expect("opens");
            let allocation = gpu.allocate(&buffers).expect("has room");
            let pipeline = gpu.compile(&case, &variants[0], Checks::On).expect("compiles");
            gpu.launch(pipeline, allocation, 1).expect("runs");
            gpu.device.destroy();
            for turn in asked..asked + 5 {
                let answer = match turn % 5 {
                    0 => gpu.launch(pipeline, allocation, 1).map(drop),
                    1 => gpu.read(allocation, 1).map(drop),
                    2 => gpu.write(allocation, 0, &[0; 4096 * 4]),
                    3 => gpu.allocate(&buffers).map(drop),
                    _ => gpu.compile(&case, &variants[1], Checks::On).map(drop),
                };
                assert!(matches!(answer, Err(Failure::Lost(_))), "{asked} {turn}: {answer:?}");
            }
            gpu.discard(pipeline);
            gpu.free(allocation);
        }
    }

    #[test]
    fn a_grid_holds_every_workgroup_and_wastes_few() {
        for workgroups in [1, 65_535, 65_536, 70_000, 1 << 20, 4_294_967_295] {
            let (x, y) = grid(workgroups);
            let held = u64::from(x) * u64::from(y);
            assert!(
                x <= 65_535 && held >= workgroups && held - workgroups < u64::from(y),
                "{workgroups}: {x} x {y}"
            );
        }
    }
}
