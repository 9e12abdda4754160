//! From records to typed rows. Every field of a row is read before the row is given up, so that all its problems show.

use std::str::FromStr;

use regex::{Regex, RegexBuilder};

use super::decimal::Decimal;
use super::problem::Problem;
use super::record::{Location, Record};
use super::rows::{Chip, Claim, Figure, Measured, Source, Support, Unpublished};
use super::vocabulary::{MeasuredMetric, Metric, UnknownWord, unit_word};
use crate::units::Unit;

/// A row that can be read from a record of its table.
pub(super) trait Row: Sized {
    /// The typed row, or `None` after reporting at least one problem.
    fn parse(fields: &mut Fields<'_>) -> Option<Self>;
}

/// Reads every record, and reports those that are no rows.
pub(super) fn rows<R: Row>(records: &[Record], problems: &mut Vec<Problem>) -> Vec<R> {
    records
        .iter()
        .filter_map(|record| R::parse(&mut Fields { record, problems }))
        .collect()
}

/// The fields of one record, and where to report what is wrong with them.
pub(super) struct Fields<'a> {
    record: &'a Record,
    problems: &'a mut Vec<Problem>,
}

impl Fields<'_> {
    fn location(&self) -> Location {
        self.record.location.clone()
    }

    fn report(&mut self, column: &str, message: String) {
        self.problems.push(self.record.location.problem(column, message));
    }

    fn text(&self, column: &str) -> String {
        self.record.get(column).to_owned()
    }

    fn optional_text(&self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    fn word<W: FromStr<Err = UnknownWord>>(&mut self, column: &str) -> Option<W> {
        self.record
            .get(column)
            .parse()
            .map_err(|error: UnknownWord| self.report(column, format!("{column}: {error}")))
            .ok()
    }

    fn optional_word<W: FromStr<Err = UnknownWord>>(&mut self, column: &str) -> Option<Option<W>> {
        if self.record.get(column).is_empty() {
            return Some(None);
        }
        self.record
            .get(column)
            .parse()
            .map_err(|error: UnknownWord| self.report(column, format!("{column}: {error}, or empty")))
            .map(Some)
            .ok()
    }

    fn yes_no(&mut self, column: &str) -> Option<bool> {
        match self.record.get(column) {
            "yes" => Some(true),
            "no" => Some(false),
            other => {
                let message = format!("{column}: `{other}` is not one of yes, no");
                self.report(column, message);
                None
            }
        }
    }

    fn number(&mut self, column: &str) -> Option<Decimal> {
        let text = self.record.get(column);
        let number = Decimal::parse(text);
        if number.is_none() {
            let message = format!(
                "{column}: `{text}` is not a plain number; write digits in the base unit, without sign or exponent"
            );
            self.report(column, message);
        }
        number
    }

    fn optional_number(&mut self, column: &str) -> Option<Option<Decimal>> {
        if self.record.get(column).is_empty() {
            return Some(None);
        }
        self.number(column).map(Some)
    }

    /// The unit is fixed by the metric and therefore checked here and not kept.
    fn unit_of(&mut self, metric: &str, unit: Option<Unit>) -> Option<()> {
        let (have, want) = (self.record.get("unit"), unit_word(unit?));
        if have == want {
            return Some(());
        }
        let message = format!("unit: `{have}` does not fit {metric}; write `{want}` and convert the value");
        self.report("unit", message);
        None
    }

    /// Look-arounds and flags are not allowed: the patterns must mean the same to every reader of the file.
    fn pattern(&mut self, column: &str) -> Option<Option<Regex>> {
        let text = self.record.get(column);
        if text.is_empty() {
            return Some(None);
        }
        if text.contains("(?") {
            self.report(
                column,
                format!("{column}: `(?` starts a look-around or another extension; write a plain pattern"),
            );
            return None;
        }
        match RegexBuilder::new(text).case_insensitive(true).build() {
            Ok(pattern) => Some(Some(pattern)),
            Err(error) => {
                let reason = error.to_string().replace('\n', " ");
                self.report(column, format!("{column}: not a regular expression: {reason}"));
                None
            }
        }
    }
}

impl Row for Chip {
    fn parse(f: &mut Fields<'_>) -> Option<Self> {
        let status = f.word("status");
        let adapter_match = f.pattern("adapter_match");
        Some(Self {
            id: f.text("chip_id"),
            name: f.text("name"),
            variant: f.text("variant"),
            vendor: f.text("vendor"),
            maker_country: f.text("maker_country"),
            status: status?,
            announced: f.text("announced"),
            adapter_match: adapter_match?,
            notes: f.text("notes"),
            location: f.location(),
        })
    }
}

impl Row for Source {
    fn parse(f: &mut Fields<'_>) -> Option<Self> {
        Some(Self {
            id: f.text("source_id"),
            publisher: f.text("publisher"),
            title: f.text("title"),
            url: f.text("url"),
            date: f.text("date"),
            language: f.text("language"),
            class: f.word("class")?,
            location: f.location(),
        })
    }
}

impl Row for Figure {
    fn parse(f: &mut Fields<'_>) -> Option<Self> {
        let metric: Option<Metric> = f.word("metric");
        let precision = f.optional_word("precision");
        let engine = f.optional_word("engine");
        let accumulator = f.optional_word("accumulator");
        let sparsity = f.optional_word("sparsity");
        let low = f.optional_number("low");
        let high = f.optional_number("high");
        let unit = f.unit_of(f.record.get("metric"), metric.map(Metric::unit));
        let basis = f.word("basis");
        let standing = f.word("standing");
        unit?;
        Some(Self {
            id: f.text("figure_id"),
            chip: f.text("chip_id"),
            metric: metric?,
            precision: precision?,
            engine: engine?,
            accumulator: accumulator?,
            sparsity: sparsity?,
            low: low?,
            high: high?,
            basis: basis?,
            source: f.text("source_id"),
            standing: standing?,
            note: f.text("note"),
            location: f.location(),
        })
    }
}

impl Row for Support {
    fn parse(f: &mut Fields<'_>) -> Option<Self> {
        let precision = f.word("precision");
        let engine = f.word("engine");
        let supported = f.yes_no("supported");
        Some(Self {
            chip: f.text("chip_id"),
            precision: precision?,
            engine: engine?,
            supported: supported?,
            source: f.text("source_id"),
            note: f.text("note"),
            location: f.location(),
        })
    }
}

impl Row for Unpublished {
    fn parse(f: &mut Fields<'_>) -> Option<Self> {
        let sought = f.word("metric");
        let precision = f.optional_word("precision");
        Some(Self {
            chip: f.text("chip_id"),
            sought: sought?,
            precision: precision?,
            note: f.text("note"),
            location: f.location(),
        })
    }
}

impl Row for Claim {
    fn parse(f: &mut Fields<'_>) -> Option<Self> {
        let relation = f.word("relation");
        let factor_low = f.optional_number("factor_low");
        let factor_high = f.optional_number("factor_high");
        let scope = f.word("scope");
        let testable_as_worded = f.yes_no("testable_as_worded");
        let claimant_class = f.word("claimant_class");
        Some(Self {
            id: f.text("claim_id"),
            subject: f.optional_text("subject_chip_id"),
            reference: f.optional_text("reference_chip_id"),
            relation: relation?,
            factor_low: factor_low?,
            factor_high: factor_high?,
            scope: scope?,
            testable_as_worded: testable_as_worded?,
            claimant: f.text("claimant"),
            claimant_class: claimant_class?,
            source: f.text("source_id"),
            date: f.text("date"),
            paraphrase: f.text("paraphrase"),
            why_not_testable: f.text("why_not_testable"),
            notes: f.text("notes"),
            location: f.location(),
        })
    }
}

impl Row for Measured {
    fn parse(f: &mut Fields<'_>) -> Option<Self> {
        let kernel = f.word("kernel");
        let precision = f.optional_word("precision");
        let metric: Option<MeasuredMetric> = f.word("metric");
        let value = f.number("value");
        let unit = f.unit_of(f.record.get("metric"), metric.map(MeasuredMetric::unit));
        let standing = f.word("standing");
        unit?;
        Some(Self {
            id: f.text("measurement_id"),
            chip: f.text("chip_id"),
            kernel: kernel?,
            precision: precision?,
            shape: f.text("shape"),
            metric: metric?,
            value: value?,
            software: f.text("software"),
            source: f.text("source_id"),
            date: f.text("date"),
            standing: standing?,
            note: f.text("note"),
            location: f.location(),
        })
    }
}
