//! Histories of a scripted device that end in each of the situations that the gate tells apart. The program measures the
//! session; its times, dates and host are then made the same every time, so that what is said of it is as well.
#![allow(dead_code, reason = "every test file compiles this module for itself")]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use onpar::device::Identity;
use onpar::measure::{Block, Event, Pulse};
use onpar::record::{Birth, Header, Journal, Session};
use serde_json::{Value, json};

use crate::program::{Stage, onpar};

/// Small cases, so that references cost nothing; enough for a machine to be seen behind them.
pub(crate) const CASES: [&str; 10] = [
    "copy/f32/-/n=64/hot",
    "copy/f32/-/n=65/hot",
    "copy/f32/-/n=66/hot",
    "copy/f32/-/n=67/hot",
    "copy/f32/-/n=68/hot",
    "fma/f32/affine/n=64,steps=16/hot",
    "fma/f32/affine/n=65,steps=16/hot",
    "matmul/f32/nn/k=8,m=8,n=8/hot",
    "matmul/f32/nn/k=8,m=8,n=9/hot",
    "matmul/f32/nn/k=8,m=9,n=8/hot",
];
/// The case that changes alone, where one does.
pub(crate) const CHANGING: &str = CASES[1];
/// Earlier sessions, a day apart, where there are enough.
pub(crate) const EARLIER: u32 = 12;

/// What the gate is to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Situation {
    Unchanged,
    Regressed,
    Improved,
    TooFewSessions,
    OtherMachine,
    WrongResult,
    Throttled,
    MachineShift,
    NewDriver,
}

impl Situation {
    pub(crate) const ALL: [Self; 9] = [
        Self::Unchanged,
        Self::Regressed,
        Self::Improved,
        Self::TooFewSessions,
        Self::OtherMachine,
        Self::WrongResult,
        Self::Throttled,
        Self::MachineShift,
        Self::NewDriver,
    ];

    /// A name for files.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Regressed => "regressed",
            Self::Improved => "improved",
            Self::TooFewSessions => "too-few-sessions",
            Self::OtherMachine => "other-machine",
            Self::WrongResult => "wrong-result",
            Self::Throttled => "throttled",
            Self::MachineShift => "machine-shift",
            Self::NewDriver => "new-driver",
        }
    }

    /// How the gate ends.
    pub(crate) const fn exit_code(self) -> i32 {
        match self {
            Self::Unchanged | Self::Improved => 0,
            Self::Regressed | Self::NewDriver => 1,
            Self::MachineShift | Self::Throttled => 3,
            Self::TooFewSessions | Self::OtherMachine => 4,
            Self::WrongResult => 5,
        }
    }

    /// What makes the device of the last session another than that of the earlier ones.
    pub(crate) fn script(self) -> Value {
        let slow = |factor: f64| json!({ "operations_per_second": factor * 1e12, "bytes_per_second": factor * 1e11 });
        match self {
            Self::Unchanged | Self::TooFewSessions => json!({}),
            Self::Regressed => scenes(&json!({ "match": "n=65/", "speedup": 0.9 * SLOW })),
            Self::Improved => scenes(&json!({ "match": "n=65/", "speedup": 1.1 * SLOW })),
            Self::OtherMachine => json!({ "adapter": "Another" }),
            Self::WrongResult => scenes(&json!({ "match": "n=65/", "fault": "wrong" })),
            Self::Throttled => json!({ "readings": [{ "throttled": ["sw thermal slowdown"] }] }),
            Self::MachineShift => slow(0.9),
            Self::NewDriver => {
                let mut script = slow(0.9);
                script["driver_version"] = json!("2");
                script
            }
        }
    }

    /// A folder with the history, whose newest session is the one to be judged.
    pub(crate) fn play(self) -> History {
        let history = History::new(if self == Self::TooFewSessions { 5 } else { EARLIER });
        match self {
            Self::Unchanged | Self::TooFewSessions => history.add(EARLIER, usual(), |_| 1.0),
            _ => history.add(EARLIER, &measured(&self.script()), |_| 1.0),
        };
        history
    }
}

/// Slow enough that the work is what is timed.
const SLOW: f64 = 1e-4;

/// The scenes of a script: the cases are slow, the reference kernels and the self-test of the clock are as they are.
fn scenes(first: &Value) -> Value {
    let slow = |part: &str| json!({ "match": part, "speedup": SLOW });
    json!({ "cases": [first, slow("n=6"), slow("k=8")] })
}

/// The usual session, which takes a while to measure.
pub(crate) fn usual() -> &'static Session {
    static USUAL: OnceLock<Session> = OnceLock::new();
    USUAL.get_or_init(|| measured(&json!({})))
}

/// A session of the usual device but for some entries of its script.
pub(crate) fn measured(changes: &Value) -> Session {
    let stage = Stage::new(&json!([]));
    stage.script(&script(changes));
    let ended = stage.measure(&CASES, &["--runs", "3", "--quiet"]);
    assert!(matches!(ended.code, Some(0 | 5)), "{ended:?}");
    stage.session()
}

/// The script of the usual device but for some entries.
pub(crate) fn script(changes: &Value) -> Value {
    let mut script = json!({
        "adapter": "Scripted", "device_type": "discrete", "clock": true,
        "operations_per_second": 1e12, "bytes_per_second": 1e11,
    });
    script["cases"] = scenes(&json!({ "match": "none" }))["cases"].clone();
    for (name, value) in changes.as_object().expect("an object") {
        script[name] = value.clone();
    }
    script
}

/// A folder of sessions.
pub(crate) struct History {
    folder: tempfile::TempDir,
}

impl History {
    /// So many sessions of the usual device, of which each is some tenths of a percent faster or slower than the next.
    pub(crate) fn new(sessions: u32) -> Self {
        let history = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        for day in 0..sessions {
            history.add(day, usual(), |case| 1.0 + 0.001 * scatter(day, case));
        }
        history
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Adds a session of a day, its times multiplied by what `factor` says of each case.
    pub(crate) fn add(&self, day: u32, session: &Session, factor: impl Fn(&str) -> f64) -> PathBuf {
        let header = dated(&session.header, day);
        let mut journal = Journal::create(self.path(), &header).expect("a journal");
        for event in &session.events {
            journal.append(&scaled(event, &factor)).expect("written");
        }
        let path = journal.path().to_owned();
        journal.seal().expect("sealed");
        path
    }

    /// The arguments that have it judged.
    pub(crate) fn arguments(&self) -> [String; 3] {
        ["gate", "--history", &self.path().display().to_string()].map(str::to_owned)
    }

    /// The gate's command with more arguments.
    pub(crate) fn gate(&self, more: &[&str]) -> std::process::Command {
        let arguments = self.arguments();
        let all: Vec<&str> = arguments
            .iter()
            .map(String::as_str)
            .chain(more.iter().copied())
            .collect();
        onpar(&all)
    }
}

/// From -3 to 3 and the same every time.
fn scatter(day: u32, case: &str) -> f64 {
    let place = CASES.iter().position(|other| *other == case).unwrap_or_default();
    f64::from((day * 5 + place as u32 * 3) % 7) - 3.0
}

/// A header of a day, on a host that is the same everywhere.
fn dated(header: &Header, day: u32) -> Header {
    let start: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
    let birth = Birth {
        started: start + jiff::SignedDuration::from_hours(24 * i64::from(day)),
        nonce: [day as u8; 16],
    };
    let mut facts = header.facts.clone();
    facts.identity = Identity {
        os: "linux".to_owned(),
        kernel_release: "6.1.0".to_owned(),
        arch: "x86_64".to_owned(),
        cpu_model: "A processor".to_owned(),
        logical_cores: 4,
        wgpu: "30.0.0".to_owned(),
        onpar: "0.1.0".to_owned(),
        ..facts.identity
    };
    Header::new(
        birth,
        header.options.clone(),
        facts,
        header.timer.clone(),
        header.plan.clone(),
    )
    .expect("a header")
}

fn scaled(event: &Event, factor: &impl Fn(&str) -> f64) -> Event {
    let times = |factor: f64, all: &[f64]| all.iter().map(|seconds| seconds * factor).collect();
    match event {
        Event::Block(block) => {
            let factor = factor(&block.case.to_string());
            Event::Block(Block {
                device: times(factor, &block.device),
                wall: times(factor, &block.wall),
                ..block.clone()
            })
        }
        // The only thing in a session of a scripted device that is read from a real clock.
        Event::Pulse(pulse) => Event::Pulse(Pulse {
            at: 0.0,
            took: 0.0,
            ..pulse.clone()
        }),
        other => other.clone(),
    }
}
