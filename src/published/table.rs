//! The seven tables: file names, columns, keys, and the text that is built into the program.

/// One of the seven data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// A chip, a board variant or a bucket of either.
    Chips,
    /// A distinct address that content was taken from.
    Sources,
    /// One value that one source gives for one chip.
    Figures,
    /// The documented presence or absence of a precision's path.
    Support,
    /// A value that was searched for and not found.
    Unpublished,
    /// One comparison as somebody made it.
    Claims,
    /// One value that somebody measured.
    Measured,
}

impl Table {
    /// Every table, in the order in which they are listed.
    pub const ALL: [Self; 7] = [
        Self::Chips,
        Self::Sources,
        Self::Figures,
        Self::Support,
        Self::Unpublished,
        Self::Claims,
        Self::Measured,
    ];

    /// The name, as in `figures`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chips => "chips",
            Self::Sources => "sources",
            Self::Figures => "figures",
            Self::Support => "support",
            Self::Unpublished => "unpublished",
            Self::Claims => "claims",
            Self::Measured => "measured",
        }
    }

    /// The file's name inside a data folder.
    #[must_use]
    pub fn file_name(self) -> String {
        format!("{}.csv", self.name())
    }

    /// The header, in order.
    #[must_use]
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Chips => &[
                "chip_id",
                "name",
                "variant",
                "vendor",
                "maker_country",
                "status",
                "announced",
                "adapter_match",
                "notes",
            ],
            Self::Sources => &["source_id", "publisher", "title", "url", "date", "language", "class"],
            Self::Figures => &[
                "figure_id",
                "chip_id",
                "metric",
                "precision",
                "engine",
                "accumulator",
                "sparsity",
                "low",
                "high",
                "unit",
                "basis",
                "source_id",
                "standing",
                "note",
            ],
            Self::Support => &["chip_id", "precision", "engine", "supported", "source_id", "note"],
            Self::Unpublished => &["chip_id", "metric", "precision", "note"],
            Self::Claims => &[
                "claim_id",
                "subject_chip_id",
                "reference_chip_id",
                "relation",
                "factor_low",
                "factor_high",
                "scope",
                "testable_as_worded",
                "claimant",
                "claimant_class",
                "source_id",
                "date",
                "paraphrase",
                "why_not_testable",
                "notes",
            ],
            Self::Measured => &[
                "measurement_id",
                "chip_id",
                "kernel",
                "precision",
                "shape",
                "metric",
                "value",
                "unit",
                "software",
                "source_id",
                "date",
                "standing",
                "note",
            ],
        }
    }

    /// The leading columns that identify a row and that the file is sorted by.
    #[must_use]
    pub fn key(self) -> &'static [&'static str] {
        let length = match self {
            Self::Support => 3,
            Self::Unpublished => 4,
            _ => 1,
        };
        &self.columns()[..length]
    }

    /// The file that is built into the program.
    pub(super) const fn embedded(self) -> &'static str {
        match self {
            Self::Chips => include_str!("../../published/chips.csv"),
            Self::Sources => include_str!("../../published/sources.csv"),
            Self::Figures => include_str!("../../published/figures.csv"),
            Self::Support => include_str!("../../published/support.csv"),
            Self::Unpublished => include_str!("../../published/unpublished.csv"),
            Self::Claims => include_str!("../../published/claims.csv"),
            Self::Measured => include_str!("../../published/measured.csv"),
        }
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}
