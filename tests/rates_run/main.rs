//! What the statistics of one run keep: how often the interval at the stop holds the true median, how many samples that
//! takes, how often the flags are right and how often they cry wolf. All noise comes from fixed seeds.
//!
//! The tables in `docs/methodology.md` are of 2,000 repetitions. This makes them again, in a minute or two:
//!
//! ```sh
//! ONPAR_ACCEPT=1 cargo test --release --test rates_run -- --ignored full
//! ```
//!
//! Without `--ignored` a tenth of the repetitions is held against the same bands.

#[path = "../common/mod.rs"]
mod common;
mod flagging;
mod noise;
mod rate;
mod rules;
mod stopping;
mod table;

use std::path::Path;

use onpar::stats::JUDGED_FROM;

use noise::{Scatter, steady};

/// Fixed before the rules were made.
const SEED: u64 = 20_261_123;

#[test]
fn stopping_keeps_its_coverage_and_its_number_of_samples() {
    for cell in stopping::CELLS.iter().filter(|cell| cell.promise.is_some()) {
        stopping::run(cell, 200).assert_promise();
    }
}

#[test]
fn flags_find_what_they_are_for_and_leave_clean_noise_alone() {
    for samples in [JUDGED_FROM, 121] {
        for cell in &flagging::CELLS {
            flagging::run(cell, samples, 200).assert_promise();
        }
    }
}

/// Where nothing can be promised, nothing is: either the samples are known to wander, or sampling has not reached its
/// target.
#[test]
fn samples_that_wander_reach_no_target() {
    static WANDERING: stopping::Cell = stopping::Cell {
        name: "AR(1) .95",
        noise: steady(Scatter::Ar(0.95, 0.03)),
        promise: None,
    };
    let stopped = stopping::run(&WANDERING, 100);
    assert!(
        stopped.reached.is_at_most(0.1),
        "{:?} reached the target",
        stopped.reached
    );
    assert!(
        stopped.unstable.others().is_at_most(0.1),
        "{:?} unstable",
        stopped.unstable
    );
}

#[test]
#[ignore = "makes the tables of docs/methodology.md: ONPAR_ACCEPT=1 cargo test --release --test rates_run -- --ignored full"]
fn full() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/methodology.md");
    let repetitions = 2000;
    let stopped: Vec<_> = stopping::CELLS
        .iter()
        .map(|cell| stopping::run(cell, repetitions))
        .collect();
    common::assert_spliced(&page, "rates of stopping", &table::stopping(&stopped));
    common::assert_spliced(&page, "rates of few samples", &table::few(repetitions));
    let of = |samples| {
        flagging::CELLS
            .iter()
            .map(move |cell| flagging::run(cell, samples, repetitions))
    };
    let flagged: Vec<_> = of(JUDGED_FROM).chain(of(400)).collect();
    common::assert_spliced(&page, "rates of flags", &table::flagging(&flagged));
    common::assert_spliced(&page, "rates of other rules", &table::rules(repetitions));
    for cell in &stopped {
        cell.assert_promise();
    }
    for cell in &flagged {
        cell.assert_promise();
    }
}
