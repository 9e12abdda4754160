//! The cases of the smoke suite under criterion, in the device's own time: `cargo bench -- matmul`.
//!
//! The same code proves, races and times them as in `onpar run`; criterion only decides how many samples to take, of which
//! it gets medians, and keeps its history. `ONPAR_DEVICE` chooses the device. Cases that the device cannot run are named and left out; one that cannot be
//! proved ends the run with its reason.
#![expect(clippy::print_stderr, reason = "a person reads it")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use onpar::device::{DeviceType, Facts, Selection, open};
use onpar::kernels::{Case, find};
use onpar::measure::{Clock, Effort, Item, Limits, Prepared, Settings, self_test};
use onpar::suites::{Scale, suite};

/// How many samples to take is criterion's to say; proof, race, warm-up and the sample itself are ours.
const EFFORT: Effort = Effort {
    limits: Limits {
        least: 1,
        most: 1,
        seconds: 0.0,
        half_width: 1.0,
    },
    warm_up: (0.2, 1.0),
};

fn kernels(criterion: &mut Criterion) {
    let chosen = std::env::var("ONPAR_DEVICE").ok();
    let mut device = open(&Selection::from(chosen.as_deref())).unwrap_or_else(|error| panic!("{error}"));
    let clock = self_test(&mut *device).map_or(Clock::Wall, |report| report.clock);
    let settings = Settings {
        run: 1,
        seed: 1,
        all_variants: false,
        checks: false,
        clock,
        effort: EFFORT,
    };
    let mut cases = suite("smoke").map(|suite| suite.plan(Scale::Full)).unwrap_or_default();
    cases.sort();
    cases.dedup();
    let identity = &device.facts().identity;
    let software = if identity.device_type == DeviceType::Cpu {
        ", a SOFTWARE ADAPTER"
    } else {
        ""
    };
    let whose = if clock == Clock::Device {
        "its own"
    } else {
        "the host's"
    };
    eprintln!("{}{software}, timed by {whose} clock", identity.adapter);
    for case in cases {
        let name = case.to_string();
        if let Err(reason) = runs(device.facts(), &case) {
            eprintln!("{name}: left out: {reason}");
            continue;
        }
        let work = find(&case.kernel)
            .map(|kernel| (kernel.work)(&case))
            .unwrap_or_default();
        let mut group = criterion.benchmark_group("onpar");
        group.throughput(if work.operations > 0 {
            Throughput::Elements(work.operations)
        } else {
            Throughput::Bytes(work.bytes())
        });
        let item = Item::new(0, case);
        // Made when criterion first asks, so that nothing is compiled for cases that its filter leaves out.
        let mut prepared: Option<Prepared> = None;
        group.bench_function(&name, |bencher| {
            let ready = prepared.get_or_insert_with(|| {
                Prepared::new(&mut *device, &item, &settings)
                    .unwrap_or_else(|(status, reason)| panic!("{name}: {}: {reason}", status.word()))
            });
            bencher.iter_custom(|dispatches| {
                ready
                    .time(&mut *device, dispatches)
                    .unwrap_or_else(|failure| panic!("{name}: {failure}"))
            });
        });
        if let Some(prepared) = prepared {
            prepared.release(&mut *device);
        }
        group.finish();
    }
}

/// Whether a device can run a case, and if not, why not.
fn runs(facts: &Facts, case: &Case) -> Result<(), String> {
    let kernel = find(&case.kernel).ok_or("no such kernel")?;
    facts.can_hold(&(kernel.buffers)(case))?;
    let variants = (kernel.variants)(case);
    let raced = variants.iter().filter(|variant| variant.default);
    raced
        .map(|variant| facts.can_run(&variant.program.needs))
        .reduce(Result::or)
        .unwrap_or(Ok(()))
}

criterion_group!(benches, kernels);
criterion_main!(benches);
