//! Published figures for a reader: the list of chips, one chip with every source, two chips side by side.

mod csv;
mod diff;
mod json;
mod list;
mod show;

pub use csv::{diff_csv, list_csv};
pub use diff::diff;
pub(super) use json::{cell as cell_json, sources_by_id};
pub use json::{check_json, diff_json, list_json, show_json};
pub use list::list;
pub use show::show;
pub(super) use show::standing;

use crate::published::{Caveat, Cell, CellKey, Metric, Precision, Published, State};
use crate::report::interval;

/// The widest line of text output, except for addresses, which are never broken.
const WIDTH: usize = 80;

/// A column of the list: a name that is also its key in JSON and CSV, and how its cell is found.
struct Headline {
    name: &'static str,
    metric: Metric,
    cell: for<'p> fn(&'p Published, &str) -> Cell<'p>,
}

/// The cells a chip is known by, for JSON and CSV; the text has one column for both half-precision formats.
static HEADLINES: [Headline; 6] = [
    Headline {
        name: "fp32",
        metric: Metric::PeakCompute,
        cell: |published, chip| published.peak_compute(chip, Precision::Fp32),
    },
    Headline {
        name: "fp16",
        metric: Metric::PeakCompute,
        cell: |published, chip| published.peak_compute(chip, Precision::Fp16),
    },
    Headline {
        name: "bf16",
        metric: Metric::PeakCompute,
        cell: |published, chip| published.peak_compute(chip, Precision::Bf16),
    },
    Headline {
        name: "fp8",
        metric: Metric::PeakCompute,
        cell: |published, chip| published.peak_compute(chip, Precision::Fp8),
    },
    Headline {
        name: "memory_bandwidth",
        metric: Metric::MemoryBandwidth,
        cell: |published, chip| published.memory_bandwidth(chip),
    },
    Headline {
        name: "memory_capacity",
        metric: Metric::MemoryCapacity,
        cell: |published, chip| published.cell(chip, CellKey::of(Metric::MemoryCapacity)),
    },
];

/// A cell's name for a reader: `peak fp16`, `peak fp32 vector`, `memory bandwidth`.
pub(super) fn label(key: CellKey) -> String {
    key.to_string().replace("peak_compute", "peak").replace('_', " ")
}

/// `?` where sources conflict or the only one is weak, `*` where every figure is derived.
fn marks(cell: &Cell<'_>) -> String {
    let disputed = if cell.state == State::Disputed { "?" } else { "" };
    let derived = if cell.caveats().contains(&Caveat::Derived) {
        "*"
    } else {
        ""
    };
    format!("{disputed}{derived}")
}

/// A cell's interval with its unit and marks; `none` where the chip has no such path.
pub(super) fn value(cell: &Cell<'_>) -> String {
    match cell.state {
        State::Unsupported => "none".to_owned(),
        _ => format!("{}{}", interval(cell.interval(), cell.key.metric.unit()), marks(cell)),
    }
}

/// The ids of the sources behind a cell.
fn sources<'p>(cell: &Cell<'p>) -> Vec<&'p str> {
    cell.sources()
}
