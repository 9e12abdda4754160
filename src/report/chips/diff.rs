//! Two chips side by side, cell by cell.

use std::collections::{BTreeMap, BTreeSet};

use super::{WIDTH, label, sources, value};
use crate::published::{Cell, CellKey, Chip, Published};
use crate::report::{in_columns, wrap};

/// The cells of both chips by their keys, each chip's being unpublished where only the other has one.
pub(super) fn pairs<'p>(published: &'p Published, a: &Chip, b: &Chip) -> Vec<(CellKey, [Cell<'p>; 2])> {
    let keys = |chip: &Chip| published.cells(&chip.id).into_iter().map(|cell| cell.key);
    let keys: BTreeSet<_> = keys(a).chain(keys(b)).collect();
    keys.into_iter()
        .map(|key| (key, [a, b].map(|chip| published.cell(&chip.id, key))))
        .collect()
}

const LEGEND: &str = "\
? disputed, * derived by arithmetic (decides nothing), >= at least, <= at most,
none: no such path, -: unpublished
";

/// Numbers the sources in the order in which they are first cited.
#[derive(Default)]
struct References<'p> {
    numbers: BTreeMap<&'p str, usize>,
    ids: Vec<&'p str>,
}

impl<'p> References<'p> {
    fn cite(&mut self, ids: &[&'p str]) -> String {
        let numbers: Vec<_> = ids.iter().map(|id| self.number(id).to_string()).collect();
        if numbers.is_empty() {
            String::new()
        } else {
            format!(" [{}]", numbers.join(","))
        }
    }

    fn number(&mut self, id: &'p str) -> usize {
        let ids = &mut self.ids;
        *self.numbers.entry(id).or_insert_with(|| {
            ids.push(id);
            ids.len()
        })
    }
}

/// A table of the cells of both chips, then the sources its numbers point to.
#[must_use]
pub fn diff(published: &Published, a: &Chip, b: &Chip) -> String {
    let mut references = References::default();
    let mut rows = vec![vec!["cell".to_owned(), a.id.clone(), b.id.clone()]];
    for (key, cells) in pairs(published, a, b) {
        let [left, right] = cells.map(|cell| value(&cell) + &references.cite(&sources(&cell)));
        rows.push(vec![label(key), left, right]);
    }
    let mut out = in_columns(&rows, 0);
    out.push('\n');
    out.push_str(LEGEND);
    out.push('\n');
    for (number, id) in (1..).zip(references.ids) {
        if let Some(source) = published.source(id) {
            let line = format!("[{number}] {id}: {}; {} {}", source.publisher, source.class, source.url);
            out.push_str(&wrap(&line, WIDTH, 0));
        }
    }
    out
}
