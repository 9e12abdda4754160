//! Journals of small sessions, as `onpar run` writes them.

use std::path::{Path, PathBuf};

use onpar::device::Facts;
use onpar::measure::Status;
use onpar::record::{Birth, Header, Journal};

use super::common::{block, facts, header, row};

/// The case of these sessions that has a value.
pub(crate) const CASE: &str = "copy/f32/-/n=1024/hot";

/// A session of a small plan, in which [`CASE`] took so many seconds, twice. `hour` is when, from some day on.
pub(crate) fn session(out: &Path, hour: u32, seconds: f64) -> PathBuf {
    session_on(out, hour, seconds, facts())
}

/// The same on another device, or behind another driver.
pub(crate) fn session_on(out: &Path, hour: u32, seconds: f64, facts: Facts) -> PathBuf {
    let mut journal = begin(out, hour, facts);
    // The two samples of a block have this for their median.
    let sample = seconds / 1.5;
    for event in [
        block(0, sample),
        row(0, Status::Ok),
        row(1, Status::Unsupported),
        block(2, sample),
        row(2, Status::Ok),
    ] {
        journal.append(&event).expect("writes");
    }
    let path = journal.path().to_owned();
    journal.seal().expect("seals");
    path
}

/// The journal of a session that has only begun.
pub(crate) fn begin(out: &Path, hour: u32, facts: Facts) -> Journal {
    let usual = header();
    let birth = Birth {
        started: format!(
            "2026-{:02}-{:02}T{:02}:00:00Z",
            1 + hour / 672,
            1 + hour / 24 % 28,
            hour % 24
        )
        .parse()
        .expect("a time"),
        nonce: u128::from(hour).to_be_bytes(),
    };
    let header = Header::new(birth, usual.options, facts, usual.timer, usual.plan).expect("a header");
    Journal::create(out, &header).expect("a journal")
}
