//! The CSV forms of `onpar chips`: base units, named in the column; empty where nothing is known.

use super::diff::pairs;
use super::{HEADLINES, sources};
use crate::published::{Cell, Chip, Published, unit_word};
use crate::report::csv;
use crate::report::text::no_formula;

/// One line per chip: for each cell its state and both ends.
#[must_use]
pub fn list_csv(published: &Published) -> String {
    let mut header: Vec<String> = ["chip_id", "name", "variant", "vendor", "status"]
        .map(str::to_owned)
        .to_vec();
    for headline in &HEADLINES {
        let unit = unit_word(headline.metric.unit()).replace('/', "_per_");
        let name = headline.name;
        header.extend([
            format!("{name}_state"),
            format!("{name}_low_{unit}"),
            format!("{name}_high_{unit}"),
        ]);
    }
    let rows = published.chips.iter().map(|chip| {
        let about = [&chip.id, &chip.name, &chip.variant, &chip.vendor].map(|text| no_formula(text));
        let cells = HEADLINES
            .iter()
            .flat_map(|headline| ends(&(headline.cell)(published, &chip.id)));
        about
            .into_iter()
            .chain([chip.status.to_string()])
            .chain(cells)
            .collect::<Vec<_>>()
    });
    csv::written(header, rows)
}

/// One line per cell that either chip has, with both chips' states, ends and sources.
#[must_use]
pub fn diff_csv(published: &Published, a: &Chip, b: &Chip) -> String {
    let mut header: Vec<_> = ["metric", "precision", "vector", "sparse", "acc16", "unit"]
        .map(str::to_owned)
        .to_vec();
    for side in ["a", "b"] {
        header.extend(["chip_id", "state", "low", "high", "sources"].map(|column| format!("{side}_{column}")));
    }
    let rows = pairs(published, a, b).into_iter().map(|(key, cells)| {
        let precision = key.precision.map(|precision| precision.to_string()).unwrap_or_default();
        let unit = unit_word(key.metric.unit()).to_owned();
        let flags = [key.vector, key.sparse, key.acc16].map(|flag| flag.to_string());
        let mut row = vec![key.metric.to_string(), precision];
        row.extend(flags);
        row.push(unit);
        for (chip, cell) in [a, b].into_iter().zip(&cells) {
            row.push(no_formula(&chip.id));
            row.extend(ends(cell));
            row.push(no_formula(&sources(cell).join(" ")));
        }
        row
    });
    csv::written(header, rows)
}

/// State, low and high.
fn ends(cell: &Cell<'_>) -> [String; 3] {
    let state = cell.state.word().to_owned();
    let bound = |value: f64| {
        if value > 0.0 && value.is_finite() {
            value.to_string()
        } else {
            String::new()
        }
    };
    [state, bound(cell.shown.low), bound(cell.shown.high)]
}
