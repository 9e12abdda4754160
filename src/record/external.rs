//! Runs that another program measured, as a session.

use std::path::Path;

use super::header::{Birth, Candidates, Header, Options, Provenance};
use super::table::{Quantity, RunTable, TableCase};
use crate::device::{DeviceType, Facts, Features, Identity, Limits};
use crate::error::{Error, Result, tame};
use crate::kernels::Case;
use crate::measure::{Block, Clock, Event, Item, Order, Row};

/// What stands where a session of onpar names the API, the suite and the variant.
const EXTERNAL: &str = "external";

/// The header and the events of a session that holds what a table holds, of the device of this name; `name` is what errors
/// call the table. Runs are numbered in the order of their first lines. Its rows have no proof, and of the device's facts
/// only the name and the software are known: its limits are 0 and its features off, because nobody asked for them.
///
/// # Errors
/// [`Error::Data`] if the table has rates, of which the work is not known, or a case outside the grammar of names.
pub fn external(table: &RunTable, name: &Path, device: &str, birth: Birth) -> Result<(Header, Vec<Event>)> {
    let wrong = |line, column, message: &str| Error::data(name, line, column, tame(message));
    if table.quantity == Quantity::Rate {
        let message = "a session holds times; give the column `seconds` in place of `rate` (onpar compare reads both)";
        return Err(wrong(1, 1, message));
    }
    let parsed = table.cases.iter().map(|case| {
        let parsed = case.name.parse::<Case>();
        parsed.map_err(|message| wrong(case.line, case.column, &message))
    });
    let plan: Vec<Case> = parsed.collect::<Result<_>>()?;
    let header = Header::with(
        Provenance::External,
        birth,
        options(table),
        facts(device, table.software.as_deref().unwrap_or_default()),
        None,
        plan,
    )?;
    let events = events(table, &header.plan);
    Ok((header, events))
}

/// By run, as if it had been measured here.
fn events(table: &RunTable, plan: &[Case]) -> Vec<Event> {
    let mut all: Vec<(u32, u32, f64)> = Vec::new();
    for (place, TableCase { values, .. }) in (0..).zip(&table.cases) {
        all.extend(values.iter().map(|value| (value.run + 1, place, value.value)));
    }
    all.sort_unstable_by_key(|(run, place, _)| (*run, *place));
    all.into_iter()
        .flat_map(|(run, place, seconds)| observed(run, place, &plan[place as usize], seconds))
        .collect()
}

fn observed(run: u32, place: u32, case: &Case, seconds: f64) -> [Event; 2] {
    let item = Item::new(place, case.clone());
    let block = Block {
        run,
        place,
        case: case.clone(),
        repeats: 1,
        checks: false,
        device: Vec::new(),
        wall: vec![seconds],
    };
    let row = Row {
        variant: EXTERNAL.to_owned(),
        ..Row::of(&item, run, Clock::Wall)
    };
    [Event::Block(block), Event::Row(row)]
}

fn options(table: &RunTable) -> Options {
    Options {
        suite: EXTERNAL.to_owned(),
        filter: Vec::new(),
        candidates: Candidates::Default,
        tune: None,
        runs: table.runs.len() as u32,
        seed: 0,
        timeout_s: 0.0,
        order: Order::Sequential,
        checks: false,
        turns: None,
        device: None,
    }
}

fn facts(device: &str, software: &str) -> Facts {
    Facts {
        identity: Identity {
            adapter: device.to_owned(),
            vendor_id: 0,
            device_id: 0,
            backend: EXTERNAL.to_owned(),
            device_type: DeviceType::Other,
            driver: software.to_owned(),
            driver_version: String::new(),
            os: String::new(),
            kernel_release: String::new(),
            arch: String::new(),
            cpu_model: String::new(),
            logical_cores: 0,
            wgpu: String::new(),
            onpar: env!("CARGO_PKG_VERSION").to_owned(),
        },
        tick: None,
        limits: Limits {
            invocations: 0,
            workgroup_memory: 0,
            buffer: 0,
            binding: 0,
        },
        features: Features::default(),
        subgroup_sizes: None,
        matrix_configurations: Vec::new(),
        all_features: Vec::new(),
    }
}
