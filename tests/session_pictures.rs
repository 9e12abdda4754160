//! The pictures of a session promise: what was measured, what failed and what is published, each where a reader looks for
//! it; legible whatever was measured; and no picture where there is nothing to show.
//!
//! They are left in `target/tmp/plots`, to be looked at after a change of the drawing code.

mod common;
#[path = "common/picture.rs"]
mod picture;

use std::collections::BTreeSet;

use onpar::device::DeviceType;
use onpar::kernels::{Case, Engine, Work, find};
use onpar::measure::{Clock, Status};
use onpar::normalise::{Ceilings, Physics, Resource, Roof, Score, Scores, Spread, Timing};
use onpar::published::Published;
use onpar::record::{Header, Session};
use onpar::report::pictures::{NAMES, Picture, all};

use picture::{Seen, draw, see};

/// The colours of the three reference chips.
const CHIPS: [&str; 3] = ["#D55E00", "#6C36D9", "#5C2A00"];

/// A case that took so many seconds.
fn ok(case: &str, seconds: f64) -> Score {
    let case: Case = case.parse().expect("a case");
    let kernel = find(&case.kernel).expect("a kernel");
    kernel.check(&case).expect("a case of the kernel");
    Score {
        work: (kernel.work)(&case),
        case,
        status: Status::Ok,
        reason: String::new(),
        variant: "plain".to_owned(),
        engine: Some(Engine::Vector),
        timing: Some(Timing {
            seconds,
            low: seconds * 0.8,
            high: seconds * 1.3,
            spread: Spread::BetweenRuns,
            samples: 100,
            runs: 5,
            clock: Clock::Device,
        }),
        runs: Vec::new(),
        checks: None,
        proof: None,
        roof: None,
        physics: Physics::Plausible,
        papers: Vec::new(),
        own_paper: None,
        measured: Vec::new(),
    }
}

fn failed(case: &str, status: Status) -> Score {
    Score {
        status,
        timing: None,
        ..ok(case, 1.0)
    }
}

/// A case that reached this part of the roof that binds it.
fn under_roof(case: &str, seconds: f64, fraction: f64) -> Score {
    let resource = Resource::Compute;
    Score {
        roof: Some(Roof { resource, fraction }),
        ..ok(case, seconds)
    }
}

fn impossible(case: &str, seconds: f64) -> Score {
    Score {
        physics: Physics::Impossible,
        ..ok(case, seconds)
    }
}

/// The seconds of a case at so many operations and bytes a second.
fn at_rates(case: &str, operations: f64, bytes: f64) -> Score {
    let Work { operations: work, .. } = ok(case, 1.0).work;
    let moved = ok(case, 1.0).work.bytes();
    ok(case, (work as f64 / operations).max(moved as f64 / bytes))
}

fn matmul(precision: &str, size: u64) -> String {
    format!("matmul/{precision}/nn/k={size},m={size},n={size}/hot")
}

fn decode(precision: &str, heads: u64, context: u64) -> String {
    format!("attention_decode/{precision}/-/b=1,d=128,dv=128,hkv=1,hq={heads},skv={context}/hot")
}

fn prefill(precision: &str, mask: &str, size: u64) -> String {
    format!("attention_prefill/{precision}/{mask}/b=1,d=128,dv=128,hkv=2,hq=8,skv={size},sq={size}/hot")
}

fn ceilings() -> Vec<Score> {
    let mut scores = vec![
        ok("empty/-/-/-/hot", 1e-5),
        at_rates("fma/f32/affine/n=131072,steps=1024/hot", 4e13, 1e13),
    ];
    for (kernel, rate) in [("copy", 2.8e12), ("read", 3.1e12), ("triad", 2.9e12)] {
        for size in [1_u64 << 14, 1 << 18, 1 << 22, 1 << 26] {
            // What a cache holds goes twice as fast.
            let rate = if size < 1 << 20 { 2.0 * rate } else { rate };
            scores.push(at_rates(&format!("{kernel}/f32/-/n={size}/hot"), 1e15, rate));
        }
    }
    scores
}

/// Ceilings, sweeps of three kernels, and every kind of failure.
fn varied() -> Vec<Score> {
    let mut scores = ceilings();
    for size in [256, 512, 1024, 2048] {
        scores.push(Score {
            roof: under_roof(&matmul("f32", size), 1.0, 0.5).roof,
            ..at_rates(&matmul("f32", size), 2e13, 2e12)
        });
    }
    for precision in ["f32", "f16", "bf16"] {
        scores.extend([1024, 4096, 16384].map(|context| at_rates(&decode(precision, 4, context), 2e13, 2.5e12)));
        scores.extend([256, 512, 1024].map(|size| at_rates(&prefill(precision, "causal", size), 9e12, 2e12)));
        scores.push(failed(&prefill(precision, "full", 512), Status::Wrong));
    }
    scores.push(impossible(&matmul("f32", 4096), 1e-6));
    scores.push(failed(&matmul("f32", 8192), Status::Timeout));
    scores
}

fn header(device_type: DeviceType, adapter: &str) -> Header {
    let mut header = common::header();
    header.facts.identity.device_type = device_type;
    adapter.clone_into(&mut header.facts.identity.adapter);
    header
}

fn pictures_of(header: Header, rows: Vec<Score>) -> Vec<Picture> {
    let scores = Scores {
        rows,
        refused: Vec::new(),
        ceilings: Ceilings::default(),
        own_chip: None,
        time: None,
    };
    all(&Session::begun(header), &scores, Published::embedded())
}

/// The pictures of these scores on a GPU.
fn pictures(rows: Vec<Score>) -> Vec<Picture> {
    pictures_of(header(DeviceType::Discrete, "Some GPU"), rows)
}

fn names(pictures: &[Picture]) -> Vec<&str> {
    pictures.iter().map(|picture| picture.name).collect()
}

/// One of the pictures, drawn under the name of a test.
#[track_caller]
fn seen(test: &str, pictures: &[Picture], name: &str) -> Seen {
    let found = pictures.iter().find(|picture| picture.name == name);
    let drawing = &found.unwrap_or_else(|| panic!("no {name}")).drawing;
    let seen = draw(&format!("{test}-{name}"), drawing).0;
    let cut = seen.texts.iter().find(|text| text.words.ends_with('…'));
    assert_eq!(cut, None, "{name} cuts a text of ordinary length");
    seen
}

#[test]
fn what_has_nothing_to_show_is_no_picture() {
    assert!(pictures(Vec::new()).is_empty());
    assert!(pictures(vec![ok("empty/-/-/-/hot", 1e-5)]).is_empty());
    assert_eq!(
        names(&pictures(vec![ok(&matmul("f32", 64), 1e-5)])),
        ["rates", "roofline"]
    );
    let none_ok = [64, 128, 256].map(|size| failed(&matmul("f32", size), Status::Error));
    assert_eq!(names(&pictures(none_ok.to_vec())), ["rates"]);
    let copies = [64, 128].map(|n| ok(&format!("copy/f32/-/n={n}/hot"), 1e-5));
    assert_eq!(names(&pictures(copies.to_vec())), ["rates", "working-set"]);
    assert_eq!(names(&pictures(ceilings())), ["rates", "roofline", "working-set"]);
    assert_eq!(names(&pictures(varied())), NAMES);
}

#[test]
fn a_roofline_has_ceilings_cases_and_what_is_published() {
    let seen = seen("varied", &pictures(varied()), "roofline");
    for words in [
        "this device, every precision",
        "operations per byte",
        "f32 vector: 40 Top/s",
        "memory at its fastest (read of 64.5 KiB): 6.2 TB/s",
        "f16",
        "impossible: faster than the ceilings allow",
        "this device: 40 Top/s, 3.1–6.2 TB/s",
        "NVIDIA H20: 148 Top/s, 4 TB/s",
        "Zhenwu 810E: peak unpublished, ≥ 1.57 TB/s",
        "Kunlun P800: 250–345 Top/s disputed, 1.6–2.4 TB/s disputed",
        "Cases without a mark: 1 timeout, 3 wrong.",
    ] {
        assert!(seen.says(words), "no {words:?} in {:#?}", seen.texts);
    }
    assert!(seen.tells("matmul nn k=m=n=2048"), "the fastest product is named");
}

#[test]
fn a_sweep_shows_rate_and_time_over_the_one_number_that_differs() {
    let seen = seen("varied", &pictures(varied()), "sweeps");
    for words in [
        "matmul nn by k = m = n",
        "without a result: 1 f32 timeout",
        "attention_prefill causal by skv = sq",
        "b=1, d=dv=128, hkv=2, hq=8",
        "attention_decode by skv",
        "skv: keys",
        "bf16",
        "what this session's ceilings allow",
        "no result",
        "2048",
    ] {
        assert!(seen.says(words), "no {words:?} in {:#?}", seen.texts);
    }
    let counted = |words: &str| seen.texts.iter().filter(|text| text.words == words).count();
    // Decoding does as many operations a byte at any context, so its rate is that of its bytes.
    assert_eq!((counted("effective bandwidth"), counted("arithmetic rate")), (1, 2));
    assert_eq!(counted("time of one dispatch"), 3);
    assert_eq!(counted("f32"), 3, "one key for each sweep");
}

#[test]
fn ceilings_of_several_precisions_are_told_apart() {
    let sweep = |precision: &str, seconds: f64| {
        let one = |context: u64| under_roof(&decode(precision, 4, context), seconds * context as f64, 0.5);
        [1024, 4096, 16384].map(one)
    };
    let rows = [sweep("f32", 1e-9), sweep("f16", 1e-10)].concat();
    let seen = seen("ceilings", &pictures(rows), "sweeps");
    let named = seen.texts.iter().filter(|text| text.words == "f16").count();
    assert_eq!(
        named, 3,
        "in the key, and at its ceiling in both panels: {:#?}",
        seen.texts
    );
}

#[test]
fn a_working_set_is_the_bytes_of_all_buffers() {
    let seen = seen("varied", &pictures(varied()), "working-set");
    for words in [
        "copy f32",
        "read f32",
        "triad f32",
        "64 KiB",
        "1 MiB",
        "256 MiB",
        "5 TB/s",
    ] {
        assert!(seen.says(words), "no {words:?} in {:#?}", seen.texts);
    }
}

#[test]
fn bars_name_cases_by_what_differs_and_put_failures_together() {
    let mut scores = varied();
    scores.extend([100, 200, 300].map(|size| failed(&decode("i8", 4, size).replace("i8", "f16"), Status::Unsupported)));
    let seen = seen("varied", &pictures(scores), "rates");
    for words in [
        "matmul nn k=m=n=2048",
        "attention_prefill causal skv=sq=1024",
        "attention_decode skv=16384",
        "attention_decode, 3 cases",
        "unsupported",
        "impossible",
        "timeout",
        "read f32 1 MiB",
        "250–345 Top/s · disputed · published",
    ] {
        assert!(seen.says(words), "no {words:?} in {:#?}", seen.texts);
    }
    assert!(seen.tells("attention_decode: b=1, d=dv=128, hkv=1, hq=4"));
    assert!(
        !seen.tells("k=m=n=512"),
        "neither the fastest nor the largest: the sweeps have it"
    );
}

#[test]
fn a_chip_has_one_colour_which_nothing_else_has() {
    let pictures = pictures(varied());
    for (name, is_there) in [
        ("rates", true),
        ("roofline", true),
        ("sweeps", false),
        ("working-set", false),
    ] {
        let seen = seen("varied", &pictures, name);
        for color in CHIPS {
            assert_eq!(seen.svg.contains(color), is_there, "{color} in {name}");
        }
    }
}

#[test]
fn every_picture_says_what_was_measured_when_and_by_what() {
    let long = "a name of many words ".repeat(600);
    let hostile = "<script>alert(1)</script>\"'&]]>\u{202e}\u{2066}\u{7}=1+1|x ";
    for adapter in [
        "llvmpipe (LLVM 15.0.6, 256 bits)",
        hostile,
        &format!("{hostile}{long}"),
        &"x".repeat(10_000),
    ] {
        let pictures = pictures_of(header(DeviceType::Cpu, adapter), varied());
        assert_eq!(names(&pictures), NAMES);
        for picture in &pictures {
            let seen = see(picture.name, &picture.drawing);
            assert_eq!(seen.title, picture.title);
            assert!(seen.description.contains("SOFTWARE ADAPTER"), "{}", seen.description);
            assert!(seen.tells("SOFTWARE ADAPTER"), "{}", picture.name);
            assert!(seen.tells(&adapter[..20]), "{}", picture.name);
            assert!(seen.tells("onpar 0.1.0, session "), "{}", picture.name);
            assert!(seen.tells(" of 2026-01-02T03:04:05Z"), "{}", picture.name);
            assert!(!seen.svg.contains("<script") && !seen.svg.contains(['\u{202e}', '\u{2066}', '\u{7}']));
        }
    }
    let on_gpu = pictures(varied());
    let on_gpu = seen("gpu", &on_gpu, "working-set");
    assert!(!on_gpu.tells("SOFTWARE ADAPTER") && on_gpu.tells("Some GPU"));
}

#[test]
fn drawing_is_a_pure_function() {
    let once = || -> Vec<_> {
        let pictures = pictures(varied());
        let files = pictures.iter().map(|picture| &picture.drawing);
        files
            .map(|drawing| (drawing.to_svg().expect("an SVG"), drawing.to_png().expect("a PNG")))
            .collect()
    };
    assert!(once() == once());
}

/// Numbers that look like chance and are always the same (Marsaglia, "Xorshift RNGs", 2003).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn one_of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    /// A case with any of what can become of it.
    fn score(&mut self) -> Score {
        let size = self.one_of(&[16, 64, 100, 128, 512, 2048, 65_536]);
        let precision = self.one_of(&["f32", "f16", "bf16"]);
        let case = match self.below(7) {
            0 => format!("copy/f32/-/n={size}/hot"),
            1 => format!("triad/f32/-/n={}/hot", size * 1000),
            2 => format!("fma/f32/{}/n=4096,steps={size}/hot", self.one_of(&["affine", "square"])),
            3 => matmul("f32", size),
            4 => format!("matmul/f32/nn/k={size},m={},n=77/hot", self.one_of(&[1, 16, 4096])),
            5 => decode(precision, self.one_of(&[1, 8]), size),
            _ => prefill(precision, self.one_of(&["causal", "full"]), size),
        };
        // From picoseconds to years: a scale is for data, not the other way round.
        let seconds = 10_f64.powi(self.below(20).cast_signed() as i32 - 12) * (1.0 + self.below(1000) as f64);
        match self.below(6) {
            0 => impossible(&case, seconds),
            1 => failed(&case, self.one_of(&[Status::Wrong, Status::Unsupported, Status::Lost])),
            2 => under_roof(&case, seconds, 0.01 * (1.0 + self.below(150) as f64)),
            _ => ok(&case, seconds),
        }
    }
}

#[test]
fn pictures_stay_legible_whatever_was_measured() {
    let mut chance = Chance(2009);
    for count in (1..=40).chain([200]) {
        let mut seen_cases = BTreeSet::new();
        let mut rows: Vec<Score> = (0..count).map(|_| chance.score()).collect();
        rows.retain(|score| seen_cases.insert(score.case.clone()));
        for picture in pictures(rows) {
            see(&format!("{} of {count} random cases", picture.name), &picture.drawing);
        }
    }
}
