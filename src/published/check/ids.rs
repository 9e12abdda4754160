//! Keys and references: well formed, sorted, unique, and leading somewhere.
//!
//! These rules read records and not typed rows, so that one bad word in a row does not make its id unknown.

use std::collections::{BTreeMap, BTreeSet};

use crate::published::load::Records;
use crate::published::problem::Problem;
use crate::published::record::Record;
use crate::published::table::Table;

const WITH_ID: [Table; 5] = [
    Table::Chips,
    Table::Sources,
    Table::Figures,
    Table::Claims,
    Table::Measured,
];
const NAMING_CHIPS: [Table; 4] = [Table::Figures, Table::Support, Table::Unpublished, Table::Measured];
const NAMING_SOURCES: [Table; 4] = [Table::Figures, Table::Support, Table::Claims, Table::Measured];

/// Checks that the rows of one file are sorted by their key and that no key comes twice.
pub(in crate::published) fn order_and_keys(rows: &[Record], problems: &mut Vec<Problem>) {
    let mut seen = BTreeMap::new();
    let mut sorted = true;
    for (index, row) in rows.iter().enumerate() {
        let key = row.key();
        let first_column = row.first_column();
        if let Some(line) = seen.insert(key, row.location.line()) {
            let message = format!("duplicate key `{}`, first in line {line}; keep one row", key.join(", "));
            problems.push(row.location.problem(first_column, message));
        } else if sorted && index > 0 && key < rows[index - 1].key() {
            sorted = false;
            let message = format!("rows are not sorted: `{}` belongs further up", key.join(", "));
            problems.push(row.location.problem(first_column, message));
        }
    }
}

pub(super) fn check(records: &Records, problems: &mut Vec<Problem>) {
    for row in WITH_ID.into_iter().flat_map(|table| of(records, table)) {
        well_formed(row, problems);
    }
    let chips: BTreeSet<_> = of(records, Table::Chips).map(|row| row.get("chip_id")).collect();
    let sources: BTreeSet<_> = of(records, Table::Sources).map(|row| row.get("source_id")).collect();
    for row in NAMING_CHIPS.into_iter().flat_map(|table| of(records, table)) {
        known(row, "chip_id", &chips, Table::Chips, problems);
    }
    for row in NAMING_SOURCES.into_iter().flat_map(|table| of(records, table)) {
        known(row, "source_id", &sources, Table::Sources, problems);
    }
    for row in of(records, Table::Claims) {
        sides_of_claim(row, &chips, problems);
    }
    never_cited(records, problems);
}

fn of(records: &Records, table: Table) -> impl Iterator<Item = &Record> {
    records.get(&table).into_iter().flatten()
}

fn well_formed(row: &Record, problems: &mut Vec<Problem>) {
    let column = row.first_column();
    let id = row.get(column);
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !id.split('-').all(part) {
        let message = format!("malformed id `{id}`; write lower-case letters and digits, joined by single hyphens");
        problems.push(row.location.problem(column, message));
    }
}

fn known(row: &Record, column: &str, ids: &BTreeSet<&str>, table: Table, problems: &mut Vec<Problem>) {
    let id = row.get(column);
    if !ids.contains(id) {
        let near = crate::published::suggest(id, ids.iter().copied());
        let nearest = near
            .first()
            .map(|id| format!(" (did you mean `{id}`?)"))
            .unwrap_or_default();
        let message = format!(
            "{column}: `{id}` is not in {}{nearest}; add it there or correct it",
            table.file_name()
        );
        problems.push(row.location.problem(column, message));
    }
}

fn sides_of_claim(row: &Record, chips: &BTreeSet<&str>, problems: &mut Vec<Problem>) {
    for column in ["subject_chip_id", "reference_chip_id"] {
        if !row.get(column).is_empty() {
            known(row, column, chips, Table::Chips, problems);
        } else if row.get("notes").is_empty() {
            let message = format!("{column} is empty without an explanation; name the chip or explain it in notes");
            problems.push(row.location.problem(column, message));
        }
    }
}

fn never_cited(records: &Records, problems: &mut Vec<Problem>) {
    let cited: BTreeSet<_> = NAMING_SOURCES
        .into_iter()
        .flat_map(|table| of(records, table))
        .map(|row| row.get("source_id"))
        .collect();
    for row in of(records, Table::Sources) {
        let id = row.get("source_id");
        if !cited.contains(id) {
            let message = format!("source `{id}` is never cited; cite it or remove it");
            problems.push(row.location.problem("source_id", message));
        }
    }
}
