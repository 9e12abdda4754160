//! Which of a session's ceilings a case is held against, and what that makes of its time.

mod common;

use onpar::kernels::{Cache, Case, Engine, Precision, Role, find};
use onpar::measure::{Block, Clock, Event, Row, Status};
use onpar::normalise::{Physics, Resource, Score, Scores};
use onpar::published::Published;
use onpar::record::Session;

use common::{header, row};

const FMA: &str = "fma/f32/affine/n=1024,steps=1024/hot";
const FMA_F16: &str = "fma/f16/affine/n=1024,steps=1024/hot";

/// The scores of a session in which each case took so many seconds.
fn scores(cases: &[(&str, f64)]) -> Scores {
    let mut header = header();
    header.plan = cases.iter().map(|(name, _)| name.parse().expect("a case")).collect();
    let mut session = Session::begun(header);
    for ((place, case), (_, seconds)) in (0..).zip(session.header.plan.clone()).zip(cases) {
        session.events.push(samples(place, &case, *seconds));
        session.events.push(Event::Row(finished(place, &case)));
    }
    Scores::of(&session, Published::embedded())
}

fn samples(place: u32, case: &Case, seconds: f64) -> Event {
    Event::Block(Block {
        run: 1,
        place,
        case: case.clone(),
        repeats: 1,
        checks: false,
        device: vec![seconds; 16],
        wall: vec![seconds; 16],
    })
}

fn finished(place: u32, case: &Case) -> Row {
    let Event::Row(example) = row(0, Status::Ok) else {
        panic!("a row");
    };
    let work = (find(&case.kernel).expect("in the registry").work)(case);
    Row {
        place,
        case: case.clone(),
        operations: work.operations,
        read: work.read,
        written: work.written,
        engine: Some(Engine::Vector),
        clock: Clock::Device,
        ..example
    }
}

fn operations(name: &str) -> f64 {
    let case: Case = name.parse().expect("a case");
    (find(&case.kernel).expect("in the registry").work)(&case).operations as f64
}

fn of<'s>(scores: &'s Scores, name: &str) -> &'s Score {
    let found = scores.rows.iter().find(|score| score.case.to_string() == name);
    found.expect("a score")
}

/// Seconds in which a case makes so many operations in a second.
fn at(name: &str, rate: f64) -> (&str, f64) {
    (name, operations(name) / rate)
}

const COPY: (&str, f64) = ("copy/f32/-/n=1048576/hot", 1e-9);
const READ: (&str, f64) = ("read/f32/-/n=1048576/hot", 1e-9);

#[test]
fn work_on_halves_is_held_against_the_arithmetic_of_f32() {
    for name in [
        "matmul/f16/nn/k=256,m=256,n=256/hot",
        "matmul/bf16/nn/k=256,m=256,n=256/hot",
        "matmul/f32/nn/k=256,m=256,n=256/hot",
        "attention_prefill/f16/causal/b=1,d=128,dv=128,hkv=1,hq=4,skv=256,sq=256/hot",
        "attention_prefill/bf16/full/b=1,d=128,dv=128,hkv=1,hq=4,skv=256,sq=256/hot",
    ] {
        // A software adapter's f16 is far slower than its f32, a GPU's twice as fast: neither moves the roof.
        for f16_rate in [6e9, 200e9] {
            let scores = scores(&[COPY, READ, at(FMA, 100e9), at(FMA_F16, f16_rate), at(name, 50e9)]);
            let score = of(&scores, name);
            let roof = score.roof.expect("a roof");
            assert_eq!(roof.resource, Resource::Compute, "{name}");
            assert!((roof.fraction - 0.5).abs() < 1e-9, "{name}: {}", roof.fraction);
            assert_eq!(score.physics, Physics::Plausible);
            assert_eq!(score.arithmetic(), Some(Precision::F32));
        }
    }
}

#[test]
fn faster_than_the_arithmetic_it_is_made_of_is_impossible() {
    let name = "matmul/f16/nn/k=256,m=256,n=256/hot";
    let scores = scores(&[COPY, READ, at(FMA, 100e9), at(FMA_F16, 200e9), at(name, 120e9)]);
    assert_eq!(of(&scores, name).physics, Physics::Impossible);
}

#[test]
fn without_the_ceiling_of_its_arithmetic_a_case_is_unchecked() {
    let name = "matmul/f16/nn/k=256,m=256,n=256/hot";
    let scores = scores(&[COPY, READ, at(FMA_F16, 200e9), at(name, 120e9)]);
    assert_eq!(of(&scores, name).physics, Physics::Unchecked);
    assert_eq!(of(&scores, name).roof, None);
}

#[test]
fn a_ceiling_is_of_the_precision_in_its_name() {
    let scores = scores(&[at(FMA, 100e9), at(FMA_F16, 6e9)]);
    assert_eq!(of(&scores, FMA_F16).arithmetic(), Some(Precision::F16));
    let rate = |precision| scores.ceilings.compute(precision, Engine::Vector).expect("a ceiling");
    assert!((rate(Precision::F16) / 6e9 - 1.0).abs() < 1e-9);
    assert!((rate(Precision::F32) / 100e9 - 1.0).abs() < 1e-9);
    assert_eq!(scores.ceilings.compute(Precision::Bf16, Engine::Vector), None);
}

/// Bytes per second of a bandwidth kernel over about 32 MiB, at 1 s for each.
fn bytes(name: &str) -> f64 {
    let case: Case = name.parse().expect("a case");
    (find(&case.kernel).expect("in the registry").work)(&case).bytes() as f64
}

#[test]
fn bandwidth_is_bandwidth_in_any_precision() {
    let (f32, f16) = ("read/f32/-/n=8388608/hot", "read/f16/-/n=16777216/hot");
    assert!(bytes(f16) > bytes(f32), "the sums of more elements");
    // Between the two sizes and above both: the faster counts, whichever it is.
    for (f32_seconds, f16_seconds) in [(1.0, 2.0), (2.0, 1.0)] {
        let scores = scores(&[(f32, f32_seconds), (f16, f16_seconds)]);
        let fastest = (bytes(f32) / f32_seconds).max(bytes(f16) / f16_seconds);
        for working_set in [1 << 20, bytes(f32) as u64, bytes(f32) as u64 + 1000, 1 << 30] {
            assert_eq!(scores.ceilings.memory(Cache::Hot, 1.0, working_set), Some(fastest));
        }
    }
}

#[test]
fn a_working_set_is_held_against_the_larger_of_its_neighbours() {
    let sizes = [
        "read/f32/-/n=16384/hot",
        "read/f32/-/n=262144/hot",
        "read/f32/-/n=8388608/hot",
    ];
    let rates = [4e9, 9e9, 6e9];
    let timed: Vec<_> = sizes
        .iter()
        .zip(rates)
        .map(|(name, rate)| (*name, bytes(name) / rate))
        .collect();
    let scores = scores(&timed);
    let ceiling = |working_set| scores.ceilings.memory(Cache::Hot, 0.9, working_set).expect("a ceiling");
    for (working_set, rate) in [(1000, 4e9), (100_000, 9e9), (4 << 20, 9e9), (1 << 30, 6e9)] {
        assert!((ceiling(working_set) / rate - 1.0).abs() < 1e-9, "{working_set}");
    }
}

#[test]
fn every_share_of_reads_has_a_kernel() {
    let shares: Vec<f64> = onpar::kernels::REGISTRY
        .iter()
        .filter_map(|kernel| match kernel.role {
            Role::MemoryCeiling { read_share } => Some(read_share),
            _ => None,
        })
        .collect();
    for share in [0.0, 0.5, 2.0 / 3.0, 1.0] {
        assert!(shares.iter().any(|other| (other - share).abs() < 1e-9), "{share}");
    }
}
