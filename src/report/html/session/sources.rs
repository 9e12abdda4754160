//! The published figures that the page rests on, and where each is printed.

use std::collections::BTreeSet;

use super::claims;
use crate::normalise::{REFERENCES, Scores, published_precision};
use crate::published::{Cell as Figures, Published, Source};
use crate::report::chips;
use crate::report::html::page::{Block, Cell, Column, Row, Section, Table, address};

/// Figures, then sources.
pub(super) fn section(part: &str, scores: &Scores, published: &Published) -> Section {
    let cells = cells(scores, published);
    let mut cited: BTreeSet<&str> = cells.iter().flat_map(|(_, cell)| cell.sources()).collect();
    cited.extend(
        scores
            .rows
            .iter()
            .flat_map(|score| &score.measured)
            .map(|there| there.source.as_str()),
    );
    cited.extend(
        claims::concerning(scores, published)
            .claims
            .iter()
            .map(|claim| claim.source.as_str()),
    );
    let sources: Vec<&Source> = published
        .sources
        .iter()
        .filter(|source| cited.contains(source.id.as_str()))
        .collect();
    Section {
        id: "sources",
        title: "Published figures and their sources".to_owned(),
        blocks: vec![
            Block::Table(figures(part, &cells)),
            Block::Folded(table(part, &sources)),
        ],
    }
}

/// Where on the page a source is told of.
pub(super) fn place(part: &str, source: &str) -> String {
    format!("#{part}-source-{source}")
}

/// Bandwidth and the peaks of every precision of the session, of each reference chip.
fn cells<'p>(scores: &Scores, published: &'p Published) -> Vec<(&'static str, Figures<'p>)> {
    let precisions: BTreeSet<_> = scores
        .rows
        .iter()
        .filter_map(|score| score.case.precision.and_then(published_precision))
        .collect();
    let of_chip = |reference: &'static crate::normalise::Reference| {
        let peaks = precisions
            .iter()
            .map(|precision| published.peak_compute(reference.chip, *precision));
        let cells: Vec<_> = std::iter::once(published.memory_bandwidth(reference.chip))
            .chain(peaks)
            .collect();
        cells.into_iter().map(|cell| (reference.name, cell))
    };
    REFERENCES.iter().flat_map(of_chip).collect()
}

fn figures(part: &str, cells: &[(&'static str, Figures<'_>)]) -> Table {
    let row = |(chip, cell): &(&'static str, Figures<'_>)| {
        let sources = cell.sources();
        let value = if cell.is_published() {
            chips::value(cell)
        } else {
            "not published".to_owned()
        };
        let leading = |id: &&str| ((*id).to_owned(), Some(place(part, id)));
        Row::of([
            Cell::from(*chip),
            chips::label(cell.key).into(),
            value.into(),
            chips::standing(cell).into(),
            Cell::listing(sources.iter().map(leading).collect()),
        ])
    };
    Table {
        id: format!("{part}-figures"),
        caption: "? rests on figures in dispute, * derived by arithmetic.".to_owned(),
        columns: ["chip", "figure", "value", "standing", "sources"]
            .map(Column::text)
            .to_vec(),
        rows: cells.iter().map(row).collect(),
        kinds: Vec::new(),
    }
}

fn table(part: &str, sources: &[&Source]) -> Table {
    let row = |source: &&Source| Row {
        id: place(part, &source.id)[1..].to_owned(),
        ..Row::of([
            source.id.as_str().into(),
            source.publisher.as_str().into(),
            Cell {
                note: source.url.clone(),
                ..Cell::leading(&source.title, address(&source.url))
            },
            source.date.as_str().into(),
            source.class.word().into(),
        ])
    };
    Table {
        id: format!("{part}-source-table"),
        caption: format!("{} sources of figures, measurements and claims", sources.len()),
        columns: ["source", "publisher", "title", "date", "kind"]
            .map(Column::text)
            .to_vec(),
        rows: sources.iter().map(row).collect(),
        kinds: Vec::new(),
    }
}
