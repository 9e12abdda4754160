//! The format of `go test -bench` (Go proposal 14313), a line for each run, so that benchstat has as many values of a case
//! as there are runs.

use std::fmt::Write as _;

use super::Timed;
use crate::error::tame;

/// The whole file. What the sessions are stands in lines that benchstat passes over: as its configuration it would keep
/// sessions of different days, drivers or devices in tables of their own.
pub(super) fn text(timed: &[Timed]) -> String {
    let mut out = String::from("Unit B/s better=higher\nUnit op/s better=higher\n");
    let mut last = None;
    for timed in timed {
        let header = &timed.context.session.header;
        if last.replace(&header.id) != Some(&header.id) {
            let device = tame(&header.facts.identity.adapter);
            let _ = writeln!(out, "# session {} of {}, {device}", header.id, header.started);
        }
        if timed.proof() == "none" {
            let _ = writeln!(out, "# unproved: {}", timed.score.case);
        }
        out += &runs(timed);
    }
    out
}

fn runs(timed: &Timed) -> String {
    let (case, work) = (&timed.score.case, timed.score.work);
    let mut out = String::new();
    for run in &timed.score.runs {
        let seconds = run.median.median;
        let _ = write!(out, "Benchmark{case} {} {} ns/op", run.samples, seconds * 1e9);
        for (amount, unit) in [(work.bytes(), "B/s"), (work.operations, "op/s")] {
            if amount > 0 {
                let _ = write!(out, " {} {unit}", amount as f64 / seconds);
            }
        }
        out.push('\n');
    }
    out
}
