//! Figures, claims and measurements that others have published, each with its source; `published/README.md` describes
//! the files.
//!
//! The data set is built into the program. A folder of the user's own is laid over it: rows with the key of an embedded
//! row replace it, all others are added, and every row knows its [`Origin`].

mod cell;
mod check;
mod decimal;
mod key;
mod load;
mod parse;
mod problem;
mod record;
mod rows;
mod suggest;
mod table;
mod vocabulary;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

pub use cell::{Caveat, Cell, State};
pub use check::ADAPTERS;
pub use decimal::Decimal;
pub use key::CellKey;
pub use load::{Loaded, embedded_files, folder_files, load};
pub use problem::{Problem, fail_on};
pub use record::{DataFile, Location, Origin};
pub use rows::{Chip, Claim, Figure, Measured, Source, Support, Unpublished};
pub use suggest::suggest;
pub use table::Table;
pub use vocabulary::{
    Accumulator, Basis, ClaimantClass, Engine, MeasuredKernel, MeasuredMetric, Metric, Precision, Relation, Scope,
    Sought, SourceClass, Sparsity, Standing, Status, UnknownWord, unit_word,
};

use crate::error::{Error, Result};

/// The data set: the embedded one, or one with the user's rows over it.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// Sorted by id, the user's own last; so are all the others.
    pub chips: Vec<Chip>,
    /// The sources.
    pub sources: Vec<Source>,
    /// The figures, rejected ones included.
    pub figures: Vec<Figure>,
    /// What is documented about paths.
    pub support: Vec<Support>,
    /// What was searched for and not found.
    pub unpublished: Vec<Unpublished>,
    /// The claims.
    pub claims: Vec<Claim>,
    /// The measurements.
    pub measured: Vec<Measured>,
}

static EMBEDDED: LazyLock<Published> = LazyLock::new(|| {
    // A test holds that the embedded files have no problem, so nothing is lost by not looking at the list here.
    load::read(&embedded_files()).published
});

impl Published {
    /// The data set that is built into the program; read once.
    #[must_use]
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// The data files of a folder, checked. A folder with all seven files stands alone; one with some of them is laid
    /// over the embedded set, whose chips and sources its rows may name.
    ///
    /// # Errors
    /// [`Error::Io`] if the folder or a file cannot be read, [`Error::Data`] with the places of all broken rules.
    pub fn from_dir(folder: &Path) -> Result<Self> {
        let loaded = load(&folder_files(folder)?);
        fail_on(&loaded.problems)?;
        Ok(loaded.published)
    }

    /// The chip of that id.
    #[must_use]
    pub fn chip(&self, id: &str) -> Option<&Chip> {
        self.chips.iter().find(|chip| chip.id == id)
    }

    /// The chip of that id.
    ///
    /// # Errors
    /// [`Error::Usage`] that names ids near the unknown one.
    pub fn require_chip(&self, id: &str) -> Result<&Chip> {
        self.chip(id).ok_or_else(|| {
            let near = suggest(id, self.chips.iter().map(|chip| chip.id.as_str()));
            let remedy = match near.as_slice() {
                [] => "`onpar chips` lists the known ones".to_owned(),
                near => format!("did you mean {}? `onpar chips` lists all", near.join(", ")),
            };
            Error::Usage(format!("unknown chip `{id}`; {remedy}"))
        })
    }

    /// The chip that an adapter of this name is, if the name says so. A name that two chips match identifies neither.
    #[must_use]
    pub fn chip_for_adapter(&self, adapter: &str) -> Option<&Chip> {
        let mut matching = self.chips_for_adapter(adapter);
        matching.next().filter(|_| matching.next().is_none())
    }

    fn chips_for_adapter<'p>(&'p self, adapter: &str) -> impl Iterator<Item = &'p Chip> {
        self.chips.iter().filter(move |chip| {
            let pattern = chip.adapter_match.as_ref();
            pattern.is_some_and(|pattern| pattern.is_match(adapter))
        })
    }

    /// The number of rows of a table.
    #[must_use]
    pub fn count(&self, table: Table) -> usize {
        match table {
            Table::Chips => self.chips.len(),
            Table::Sources => self.sources.len(),
            Table::Figures => self.figures.len(),
            Table::Support => self.support.len(),
            Table::Unpublished => self.unpublished.len(),
            Table::Claims => self.claims.len(),
            Table::Measured => self.measured.len(),
        }
    }

    /// The source of that id.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// The claim of that id.
    #[must_use]
    pub fn claim(&self, id: &str) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.id == id)
    }

    /// Every figure of a chip, rejected ones included, in the order of the file.
    pub fn figures_of(&self, chip: &str) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(move |figure| figure.chip == chip)
    }

    /// What is documented about the paths of a chip.
    pub fn support_of(&self, chip: &str) -> impl Iterator<Item = &Support> {
        self.support.iter().filter(move |row| row.chip == chip)
    }

    /// What was searched for and not found about a chip.
    pub fn unpublished_of(&self, chip: &str) -> impl Iterator<Item = &Unpublished> {
        self.unpublished.iter().filter(move |row| row.chip == chip)
    }

    /// The claims that name a chip on either side.
    pub fn claims_of(&self, chip: &str) -> impl Iterator<Item = &Claim> {
        let names = move |side: &Option<String>| side.as_deref() == Some(chip);
        self.claims
            .iter()
            .filter(move |claim| names(&claim.subject) || names(&claim.reference))
    }

    /// One cell of a chip, resolved. A chip without figures, or of an unknown id, has unpublished cells.
    #[must_use]
    pub fn cell(&self, chip: &str, key: CellKey) -> Cell<'_> {
        let rows = self.figures_of(chip).filter(|figure| CellKey::of_figure(figure) == key);
        self.complete(chip, Cell::resolve(key, rows))
    }

    /// Every cell of a chip that a row tells something of: a figure (rejected ones included), a path that is there or
    /// not, a search without result. In the order of their keys.
    #[must_use]
    pub fn cells(&self, chip: &str) -> Vec<Cell<'_>> {
        let figures = self.figures_of(chip).map(CellKey::of_figure);
        let paths = self.support_of(chip).map(CellKey::of_support);
        let searches = self.unpublished_of(chip).filter_map(CellKey::of_search);
        let keys: BTreeSet<_> = figures.chain(paths).chain(searches).collect();
        keys.into_iter().map(|key| self.cell(chip, key)).collect()
    }

    /// The highest published dense peak of a precision, whichever engine reaches it; rates that hold only with FP16
    /// accumulation do not count. [`Cell::engine`] names the engine.
    #[must_use]
    pub fn peak_compute(&self, chip: &str, precision: Precision) -> Cell<'_> {
        let matrix = self.cell(chip, CellKey::matrix(precision));
        matrix.higher(self.cell(chip, CellKey::vector(precision)))
    }

    /// The memory bandwidth in byte/s.
    #[must_use]
    pub fn memory_bandwidth(&self, chip: &str) -> Cell<'_> {
        self.cell(chip, CellKey::of(Metric::MemoryBandwidth))
    }

    /// Adds what is documented beside the figures: whether the path is there, and what was searched for.
    fn complete<'p>(&'p self, chip: &str, mut cell: Cell<'p>) -> Cell<'p> {
        let key = cell.key;
        // A path serves the sparse and the FP16-accumulating rate too. The last row is the user's own, if there is one.
        let dense = CellKey {
            sparse: false,
            acc16: false,
            ..key
        };
        cell.support = self
            .support_of(chip)
            .filter(|row| CellKey::of_support(row) == dense)
            .last();
        cell.sought = self.sought(chip, key);
        if cell.state == State::Unpublished && cell.support.is_some_and(|row| !row.supported) {
            cell.state = State::Unsupported;
        }
        cell
    }

    /// The row of the search for exactly this, or else for any precision of it.
    fn sought(&self, chip: &str, key: CellKey) -> Option<&Unpublished> {
        let of_metric = |precision| {
            self.unpublished_of(chip)
                .filter(|row| row.sought.metric() == Some(key.metric) && row.precision == precision)
                .last()
        };
        of_metric(key.precision).or_else(|| of_metric(None))
    }
}
