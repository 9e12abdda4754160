//! The JSON shapes of `onpar chips`.
//!
//! Numbers are in base units (op/s, byte/s, byte, W, Hz). An absent bound is `null`, never 0.
//!
//! - list: `{"chips": [{id, name, .., "cells": {"fp32": cell, "fp16", "bf16", "fp8", "memory_bandwidth",
//!   "memory_capacity"}}]}`; the peaks are dense, of the faster engine.
//! - show: `{"chip", "cells": [cell], "figures": [figure], "support", "unpublished", "claims", "sources"}`; rejected
//!   figures are among the figures, `sources` maps the ids they name.
//! - diff: `{"a": chip, "b": chip, "cells": [{"a": cell, "b": cell}], "sources"}`.
//! - check: `{"clean", "counts": {table: rows}, "problems": [{file, line, column, message}]}`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::diff::pairs;
use super::{HEADLINES, sources};
use crate::published::{
    Caveat, Cell, Chip, Claim, Decimal, Figure, Loaded, Published, Source, Support, Table, Unpublished, unit_word,
};
use crate::units::Interval;

/// The list of chips.
#[must_use]
pub fn list_json(published: &Published) -> String {
    let chips = published.chips.iter().map(|row| {
        let cells: BTreeMap<_, _> = HEADLINES
            .iter()
            .map(|headline| (headline.name, cell(&(headline.cell)(published, &row.id))))
            .collect();
        let mut value = chip(row);
        value["cells"] = json!(cells);
        value
    });
    text(&json!({ "chips": chips.collect::<Vec<_>>() }))
}

/// One chip with everything that is known of it.
#[must_use]
pub fn show_json(published: &Published, row: &Chip) -> String {
    let id = row.id.as_str();
    let figures: Vec<_> = published.figures_of(id).collect();
    let support: Vec<_> = published.support_of(id).collect();
    let claims: Vec<_> = published.claims_of(id).collect();
    let cited = figures.iter().map(|row| row.source.as_str());
    let cited = cited.chain(support.iter().map(|row| row.source.as_str()));
    let cited = cited.chain(claims.iter().map(|row| row.source.as_str()));
    text(&json!({
        "chip": chip(row),
        "cells": published.cells(id).iter().map(cell).collect::<Vec<_>>(),
        "figures": figures.iter().copied().map(figure).collect::<Vec<_>>(),
        "support": support.iter().copied().map(path).collect::<Vec<_>>(),
        "unpublished": published.unpublished_of(id).map(search).collect::<Vec<_>>(),
        "claims": claims.iter().copied().map(claim).collect::<Vec<_>>(),
        "sources": sources_by_id(published, cited),
    }))
}

/// Two chips, cell by cell.
#[must_use]
pub fn diff_json(published: &Published, a: &Chip, b: &Chip) -> String {
    let pairs = pairs(published, a, b);
    let cited: Vec<_> = pairs.iter().flat_map(|(_, cells)| cells).flat_map(sources).collect();
    let cells: Vec<_> = pairs
        .iter()
        .map(|(_, [a, b])| json!({ "a": cell(a), "b": cell(b) }))
        .collect();
    text(&json!({
        "a": chip(a),
        "b": chip(b),
        "cells": cells,
        "sources": sources_by_id(published, cited),
    }))
}

/// The outcome of a check.
#[must_use]
pub fn check_json(loaded: &Loaded) -> String {
    let counts: BTreeMap<_, _> = Table::ALL
        .into_iter()
        .map(|table| (table.name(), loaded.published.count(table)))
        .collect();
    let problems: Vec<_> = loaded
        .problems
        .iter()
        .map(|problem| {
            let place = &problem.place;
            json!({ "file": place.file, "line": place.line, "column": place.column, "message": problem.message })
        })
        .collect();
    text(&json!({ "clean": problems.is_empty(), "counts": counts, "problems": problems }))
}

fn text(value: &Value) -> String {
    format!("{value:#}\n")
}

/// Both ends, `null` where nothing bounds the quantity on that side.
#[derive(Serialize)]
struct Ends {
    low: Option<f64>,
    high: Option<f64>,
}

fn ends(interval: Interval) -> Ends {
    Ends {
        low: Some(interval.low).filter(|low| *low > 0.0),
        high: Some(interval.high).filter(|high| high.is_finite()),
    }
}

pub(in crate::report) fn cell(cell: &Cell<'_>) -> Value {
    let key = cell.key;
    json!({
        "metric": key.metric,
        "precision": key.precision,
        "engine": cell.engine(),
        "vector": key.vector,
        "sparse": key.sparse,
        "acc16": key.acc16,
        "state": cell.state.word(),
        "unit": unit_word(key.metric.unit()),
        "shown": ends(cell.shown),
        "deciding": ends(cell.deciding),
        "caveats": cell.caveats().into_iter().map(Caveat::word).collect::<Vec<_>>(),
        "figures": cell.figures.iter().map(|figure| figure.id.as_str()).collect::<Vec<_>>(),
        "sources": sources(cell),
    })
}

fn chip(row: &Chip) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "variant": filled(&row.variant),
        "vendor": row.vendor,
        "maker_country": row.maker_country,
        "status": row.status,
        "announced": filled(&row.announced),
        "adapter_match": row.adapter_match.as_ref().map(regex::Regex::as_str),
        "notes": filled(&row.notes),
        "origin": row.location.origin(),
    })
}

fn figure(row: &Figure) -> Value {
    json!({
        "id": row.id,
        "metric": row.metric,
        "precision": row.precision,
        "engine": row.engine,
        "accumulator": row.accumulator,
        "sparsity": row.sparsity,
        "low": row.low.as_ref().map(Decimal::value),
        "high": row.high.as_ref().map(Decimal::value),
        "unit": unit_word(row.metric.unit()),
        "basis": row.basis,
        "source": row.source,
        "standing": row.standing,
        "note": row.note,
        "origin": row.location.origin(),
    })
}

fn path(row: &Support) -> Value {
    json!({
        "precision": row.precision,
        "engine": row.engine,
        "supported": row.supported,
        "source": row.source,
        "note": filled(&row.note),
    })
}

fn search(row: &Unpublished) -> Value {
    json!({ "metric": row.sought, "precision": row.precision, "note": filled(&row.note) })
}

fn claim(row: &Claim) -> Value {
    json!({
        "id": row.id,
        "subject": row.subject,
        "reference": row.reference,
        "relation": row.relation,
        "factor_low": row.factor_low.as_ref().map(Decimal::value),
        "factor_high": row.factor_high.as_ref().map(Decimal::value),
        "scope": row.scope,
        "testable_as_worded": row.testable_as_worded,
        "claimant": row.claimant,
        "claimant_class": row.claimant_class,
        "source": row.source,
        "date": filled(&row.date),
        "paraphrase": row.paraphrase,
        "why_not_testable": filled(&row.why_not_testable),
        "notes": filled(&row.notes),
    })
}

pub(in crate::report) fn sources_by_id<'p>(
    published: &'p Published,
    ids: impl IntoIterator<Item = &'p str>,
) -> BTreeMap<&'p str, Value> {
    let known = ids
        .into_iter()
        .filter_map(|id| Some((id, source(published.source(id)?))));
    known.collect()
}

fn source(row: &Source) -> Value {
    json!({
        "publisher": row.publisher,
        "title": row.title,
        "url": row.url,
        "date": filled(&row.date),
        "language": row.language,
        "class": row.class,
    })
}

/// Empty means unknown in the files and is `null` in JSON.
fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
