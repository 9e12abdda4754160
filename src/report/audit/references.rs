//! The figures behind an audit, and the sources behind the figures, numbered as they are first cited.

use std::collections::{BTreeMap, BTreeSet};

use super::words;
use crate::audit::{Audit, FigureKey, Figures};
use crate::published::{Caveat, Cell, Engine, Origin, Published, Source, State};
use crate::report::{chips, wrap};

/// Numbers sources in the order in which they are cited.
#[derive(Debug, Default)]
pub(in crate::report) struct References<'p> {
    numbers: BTreeMap<&'p str, usize>,
    ids: Vec<&'p str>,
}

/// A figure that an audit rests on, in words.
#[derive(Debug)]
pub(in crate::report) struct Cited {
    pub(in crate::report) key: String,
    pub(in crate::report) value: String,
    /// The numbers of its sources.
    pub(in crate::report) sources: Vec<usize>,
    pub(in crate::report) standing: String,
}

impl Cited {
    /// As a line of a table of texts.
    pub(super) fn cells(&self) -> Vec<String> {
        let numbers: Vec<_> = self.sources.iter().map(usize::to_string).collect();
        let sources = if numbers.is_empty() {
            String::new()
        } else {
            format!("[{}]", numbers.join(","))
        };
        vec![self.key.clone(), self.value.clone(), sources, self.standing.clone()]
    }
}

impl<'p> References<'p> {
    /// The figures of each chip that the audit rests on.
    pub(in crate::report) fn figures(&mut self, audit: &Audit<'p>) -> Vec<(String, Vec<Cited>)> {
        let keys: BTreeSet<FigureKey> = audit.scopes.iter().flat_map(|scope| scope.figures.clone()).collect();
        let mut sides = vec![&audit.subject];
        if audit.subject.chip.id != audit.reference.chip.id {
            sides.push(&audit.reference);
        }
        let table = |side| (words::full_name(side), self.of_side(side, &keys));
        sides.into_iter().map(table).collect()
    }

    fn of_side(&mut self, side: &Figures<'p>, keys: &BTreeSet<FigureKey>) -> Vec<Cited> {
        let cells = keys.iter().filter_map(|key| Some((key, side.cell(*key)?)));
        let cited = cells.map(|(key, cell)| Cited {
            key: key.to_string(),
            value: chips::value(cell),
            sources: cell.sources().into_iter().map(|id| self.number(id)).collect(),
            standing: standing(cell),
        });
        cited.collect()
    }

    fn number(&mut self, id: &'p str) -> usize {
        let ids = &mut self.ids;
        *self.numbers.entry(id).or_insert_with(|| {
            ids.push(id);
            ids.len()
        })
    }

    /// The sources that were cited, with their numbers.
    pub(in crate::report) fn cited<'a>(
        &'a self,
        published: &'a Published,
    ) -> impl Iterator<Item = (usize, &'a Source)> {
        let numbered = (1..).zip(&self.ids);
        numbered.filter_map(|(number, id)| Some((number, published.source(id)?)))
    }

    /// The list of sources as text, addresses in lines of their own.
    pub(super) fn list(&self, published: &Published, width: usize) -> String {
        let lines = self.cited(published).map(|(number, source)| {
            let own = words::own(source.location.origin());
            let about = format!("{}{own}: {}; {}", source.id, source.publisher, source.class);
            let about = wrap(&about, width, 5);
            format!(
                "{:<5}{}{}",
                format!("[{number}]"),
                about.trim_start(),
                wrap(&source.url, width, 5)
            )
        });
        lines.collect()
    }
}

/// How a figure stands, in few words; that it is derived is in the marks of its value.
pub(super) fn standing(cell: &Cell<'_>) -> String {
    let caveats = cell.caveats();
    let engine = cell.engine().filter(|engine| *engine != Engine::Unstated);
    let own = cell
        .figures
        .iter()
        .any(|figure| figure.location.origin() == Origin::User);
    let words = [
        Some(match cell.state {
            State::Settled => "settled".to_owned(),
            State::Disputed => "disputed".to_owned(),
            State::AtLeast => "floor".to_owned(),
            State::AtMost => "limit".to_owned(),
            State::Unsupported => "no such path".to_owned(),
            State::Unpublished => "unpublished".to_owned(),
        }),
        engine.map(|engine| engine.to_string()),
        caveats
            .contains(&Caveat::EngineUnstated)
            .then(|| "engine unstated".to_owned()),
        own.then(|| "yours".to_owned()),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
