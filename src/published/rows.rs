//! The typed rows of the seven tables.
//!
//! Ids are kebab-case and stable; dates are `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or an interval with `/`. Empty text means
//! that the file says nothing there.

use regex::Regex;

use super::decimal::Decimal;
use super::record::Location;
use super::vocabulary::{
    Accumulator, Basis, ClaimantClass, Engine, MeasuredKernel, MeasuredMetric, Metric, Precision, Relation, Scope,
    Sought, SourceClass, Sparsity, Standing, Status,
};
use crate::units::Interval;

/// A chip, a board variant or, where a source is vague, a bucket of them.
#[derive(Debug, Clone)]
pub struct Chip {
    /// The id, as in `nvidia-h20-96gb`.
    pub id: String,
    /// The name as it is sold.
    pub name: String,
    /// What tells it from its siblings: memory size, board, dies.
    pub variant: String,
    /// Who sells it.
    pub vendor: String,
    /// The maker's country as a two-letter code.
    pub maker_country: String,
    /// Whether it can be had.
    pub status: Status,
    /// `YYYY-MM`, or empty.
    pub announced: String,
    /// Matches the adapter name of a driver; absent where no name identifies the chip.
    pub adapter_match: Option<Regex>,
    /// Memory type, link, caveats.
    pub notes: String,
    /// Where the row stands.
    pub location: Location,
}

/// A distinct address that content was taken from.
#[derive(Debug, Clone)]
pub struct Source {
    /// The id.
    pub id: String,
    /// Who printed it.
    pub publisher: String,
    /// Its title, or a description of it.
    pub title: String,
    /// Its address.
    pub url: String,
    /// When it was printed, or empty.
    pub date: String,
    /// Its language as a two-letter code.
    pub language: String,
    /// Where the content comes from.
    pub class: SourceClass,
    /// Where the row stands.
    pub location: Location,
}

/// One value that one source gives for one chip, in the base unit of its metric.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The id.
    pub id: String,
    /// The chip.
    pub chip: String,
    /// What the value is about; fixes its unit.
    pub metric: Metric,
    /// The number format, for peak compute.
    pub precision: Option<Precision>,
    /// The engine, for peak compute.
    pub engine: Option<Engine>,
    /// Present where the rate holds only for that accumulator.
    pub accumulator: Option<Accumulator>,
    /// Dense or sparse, for matrix rates.
    pub sparsity: Option<Sparsity>,
    /// The lower end; absent for "at most".
    pub low: Option<Decimal>,
    /// The upper end; absent for "at least".
    pub high: Option<Decimal>,
    /// What the value is counted over.
    pub basis: Basis,
    /// The source.
    pub source: String,
    /// How far the value is to be believed.
    pub standing: Standing,
    /// Conditions, doubts, or why it is rejected.
    pub note: String,
    /// Where the row stands.
    pub location: Location,
}

impl Figure {
    /// What the row says, as an interval.
    #[must_use]
    pub fn interval(&self) -> Interval {
        Interval::new(
            self.low.as_ref().map_or(0.0, Decimal::value),
            self.high.as_ref().map_or(f64::INFINITY, Decimal::value),
        )
    }

    /// Both ends, where the row has both.
    #[must_use]
    pub fn span(&self) -> Option<(f64, f64)> {
        Some((self.low.as_ref()?.value(), self.high.as_ref()?.value()))
    }

    /// The bound of an "at least" row.
    #[must_use]
    pub fn floor(&self) -> Option<f64> {
        self.low.as_ref().filter(|_| self.high.is_none()).map(Decimal::value)
    }

    /// The bound of an "at most" row.
    #[must_use]
    pub fn ceiling(&self) -> Option<f64> {
        self.high.as_ref().filter(|_| self.low.is_none()).map(Decimal::value)
    }

    /// Whether somebody computed the value instead of printing it.
    #[must_use]
    pub fn is_derived(&self) -> bool {
        self.basis == Basis::Derived
    }
}

/// The documented presence or absence of a precision's path.
#[derive(Debug, Clone)]
pub struct Support {
    /// The chip.
    pub chip: String,
    /// The number format.
    pub precision: Precision,
    /// The engine.
    pub engine: Engine,
    /// Whether the path is there.
    pub supported: bool,
    /// The source.
    pub source: String,
    /// What the source says.
    pub note: String,
    /// Where the row stands.
    pub location: Location,
}

/// A value that was searched for and not found.
#[derive(Debug, Clone)]
pub struct Unpublished {
    /// The chip.
    pub chip: String,
    /// What was sought.
    pub sought: Sought,
    /// The number format; absent means any.
    pub precision: Option<Precision>,
    /// The search.
    pub note: String,
    /// Where the row stands.
    pub location: Location,
}

/// One comparison as somebody made it: always subject against reference.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The id.
    pub id: String,
    /// The chip that is praised; absent for a group or an unnamed part.
    pub subject: Option<String>,
    /// The chip it is held against; absent for a group or an unnamed part.
    pub reference: Option<String>,
    /// What is said of them.
    pub relation: Relation,
    /// The least claimed ratio of subject to reference.
    pub factor_low: Option<Decimal>,
    /// The largest claimed ratio of subject to reference.
    pub factor_high: Option<Decimal>,
    /// The kind of work it is about.
    pub scope: Scope,
    /// Whether metric, workload and conditions are given.
    pub testable_as_worded: bool,
    /// Who says so.
    pub claimant: String,
    /// What kind of speaker that is.
    pub claimant_class: ClaimantClass,
    /// The source.
    pub source: String,
    /// When it was said, or empty.
    pub date: String,
    /// The claim in our words.
    pub paraphrase: String,
    /// What is missing, where it is not testable as worded.
    pub why_not_testable: String,
    /// Origin, doubts.
    pub notes: String,
    /// Where the row stands.
    pub location: Location,
}

/// One value that somebody measured, in the base unit of its metric.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The id.
    pub id: String,
    /// The chip.
    pub chip: String,
    /// What was run.
    pub kernel: MeasuredKernel,
    /// The number format, if it is known.
    pub precision: Option<Precision>,
    /// Comma-separated `key=value`; `?` where unknown.
    pub shape: String,
    /// What the value is; fixes its unit.
    pub metric: MeasuredMetric,
    /// The value.
    pub value: Decimal,
    /// The software it was measured with.
    pub software: String,
    /// The source.
    pub source: String,
    /// When, or empty.
    pub date: String,
    /// How far the value is to be believed.
    pub standing: Standing,
    /// Conditions, doubts, or why it is rejected.
    pub note: String,
    /// Where the row stands.
    pub location: Location,
}

impl Measured {
    /// The value of one key of the shape, as `4096` for `m`.
    #[must_use]
    pub fn dimension(&self, key: &str) -> Option<&str> {
        self.shape
            .split(',')
            .filter_map(|part| part.split_once('='))
            .find_map(|(name, value)| (name == key).then_some(value))
    }
}
