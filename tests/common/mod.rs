//! Values that several tests need. Each test file uses its own part of them.
#![allow(dead_code, reason = "every test file compiles this module for itself")]

use std::path::Path;

use onpar::device::{DeviceType, Facts, Features, Identity, Limits};
use onpar::kernels::{Case, Engine};
use onpar::measure::{
    Block, Candidate, Clock, Event, Order, Phases, Proof, Row, Status, Stop, TimerCheck, TimerReport,
};
use onpar::record::{Birth, Candidates, Header, Options};

/// A software adapter on a processor that everybody knows.
pub(crate) fn identity() -> Identity {
    Identity {
        adapter: "llvmpipe (LLVM 15.0.6, 256 bits)".to_owned(),
        vendor_id: 0x10005,
        device_id: 0,
        backend: "vulkan".to_owned(),
        device_type: DeviceType::Cpu,
        driver: "llvmpipe".to_owned(),
        driver_version: "Mesa 22.3.6 (LLVM 15.0.6)".to_owned(),
        os: "linux".to_owned(),
        kernel_release: "6.1.0".to_owned(),
        arch: "x86_64".to_owned(),
        cpu_model: "AMD EPYC 7763 64-Core Processor".to_owned(),
        logical_cores: 4,
        wgpu: "30.0.0".to_owned(),
        onpar: "0.1.0".to_owned(),
    }
}

/// Facts of that adapter.
pub(crate) fn facts() -> Facts {
    Facts {
        identity: identity(),
        tick: Some(1e-9),
        limits: Limits {
            invocations: 1024,
            workgroup_memory: 32768,
            buffer: 1 << 31,
            binding: 1 << 27,
        },
        features: Features {
            f16: false,
            f64: true,
            subgroups: true,
        },
        subgroup_sizes: Some((8, 8)),
        matrix_configurations: Vec::new(),
        all_features: vec!["TIMESTAMP_QUERY".to_owned()],
    }
}

/// A plan in which one case stands twice.
pub(crate) fn plan() -> Vec<Case> {
    [
        "copy/f32/-/n=1024/hot",
        "matmul/f32/nn/k=64,m=64,n=64/hot",
        "copy/f32/-/n=1024/hot",
    ]
    .map(|case| case.parse().expect("a case"))
    .to_vec()
}

/// A header that is the same every time.
pub(crate) fn header() -> Header {
    let birth = Birth {
        started: "2026-01-02T03:04:05.6Z".parse().expect("a time"),
        nonce: [7; 16],
    };
    let options = Options {
        suite: "quick".to_owned(),
        filter: vec!["copy".to_owned(), "matmul".to_owned()],
        candidates: Candidates::Default,
        tune: None,
        runs: 1,
        seed: 1,
        timeout_s: 60.0,
        order: Order::Interleaved,
        checks: false,
        turns: None,
        device: None,
    };
    let timer = TimerReport {
        clock: Clock::Device,
        tick: Some(1e-9),
        resolution: Some(1e-7),
        checks: vec![TimerCheck {
            name: "monotonic".to_owned(),
            passed: true,
            detail: "1000 of 1000 readings in order".to_owned(),
        }],
    };
    Header::new(birth, options, facts(), Some(timer), plan()).expect("a header")
}

/// A variant of the case at `place`, tried and right.
pub(crate) fn candidate(place: u32) -> Event {
    Event::Candidate(Candidate {
        run: 1,
        place,
        case: plan()[place as usize].clone(),
        variant: "scalar".to_owned(),
        status: Status::Ok,
        reason: String::new(),
        seconds: vec![2.5e-5, 2.25e-5],
    })
}

/// Two samples of the case at `place`, of `seconds` and of twice that.
pub(crate) fn block(place: u32, seconds: f64) -> Event {
    Event::Block(Block {
        run: 1,
        place,
        case: plan()[place as usize].clone(),
        repeats: 8,
        checks: false,
        device: vec![seconds, 2.0 * seconds],
        wall: vec![1.25 * seconds, 2.5 * seconds],
    })
}

/// The row of the case at `place`.
pub(crate) fn row(place: u32, status: Status) -> Event {
    let ok = status == Status::Ok;
    Event::Row(Row {
        run: 1,
        place,
        case: plan()[place as usize].clone(),
        status,
        reason: if ok { String::new() } else { "needs f16".to_owned() },
        variant: if ok { "scalar".to_owned() } else { String::new() },
        engine: ok.then_some(Engine::Vector),
        operations: 0,
        read: 4096,
        written: 4096,
        proof: ok.then(|| Proof {
            against: "f64".to_owned(),
            elements: 1024,
            checked: 0.25,
            unchecked: 0.25,
            timed: 0.25,
        }),
        clock: Clock::Device,
        stop: ok.then_some(Stop::Target),
        energy: None,
        phases: Phases {
            setup: 0.5,
            ..Phases::default()
        },
    })
}

/// Everything that happens in a small session, in order.
pub(crate) fn events() -> Vec<Event> {
    vec![
        candidate(0),
        block(0, 2e-5),
        block(0, 4e-5),
        row(0, Status::Ok),
        row(1, Status::Unsupported),
        block(2, 2e-5),
        row(2, Status::Ok),
    ]
}

/// Compares what stands between `<!-- name -->` and `<!-- /name -->` in a page with what belongs there. With
/// `ONPAR_ACCEPT=1` in the environment it is put there instead.
pub(crate) fn assert_spliced(page: &Path, name: &str, expected: &str) {
    let text = std::fs::read_to_string(page)
        .expect("the page can be read")
        .replace("\r\n", "\n");
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&open).expect("an opening marker");
    let (there, after) = rest.split_once(&close).expect("a closing marker");
    if there == expected {
        return;
    }
    if std::env::var_os("ONPAR_ACCEPT").is_some() {
        std::fs::write(page, format!("{before}{open}{expected}{close}{after}")).expect("the page can be written");
        return;
    }
    let page = page.display();
    panic!("'{name}' in {page} is stale; run the tests with ONPAR_ACCEPT=1 and look at the difference:\n{expected}");
}
