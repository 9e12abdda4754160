//! How the parts of a comparison are written, the same in every form.

use std::collections::BTreeSet;

use crate::compare::{Comparison, Difference, Origin, Refused, Side, Whole};
use crate::judge::{Finding, Fraction, Verdict};
use crate::record::Header;
use crate::report::words;
use crate::units::significant;

/// What the two sides are called.
pub(in crate::report) const NAMES: [&str; 2] = ["A", "B"];

/// Under every result: what it is about, and what it is not.
pub(in crate::report) const SCOPE: &str = "About these two devices, not the two chips; and about these two sessions: what another \
                                session would give is not in the intervals.";

pub(in crate::report) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::OnPar => "on par",
        Verdict::Ahead => "ahead",
        Verdict::Behind => "behind",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// Three digits, or four where three would hide a difference from 1; with an exponent where devices are worlds apart.
pub(super) fn ratio(value: f64) -> String {
    if !(1e-4..1e5).contains(&value) {
        return format!("{value:.2e}");
    }
    significant(value, if (1.0..1.1).contains(&value) { 4 } else { 3 })
}

pub(in crate::report) fn estimate(finding: &Finding) -> String {
    finding.ratio.map_or("-".to_owned(), |fraction| ratio(fraction.value()))
}

pub(in crate::report) fn interval(finding: &Finding) -> String {
    let ends = |(low, high): (Fraction, Fraction)| format!("{}-{}", ratio(low.value()), ratio(high.value()));
    finding.interval.map_or("-".to_owned(), ends)
}

/// `10` runs a side, or `10/5`.
pub(in crate::report) fn runs([a, b]: [usize; 2]) -> String {
    if a == b { a.to_string() } else { format!("{a}/{b}") }
}

/// A percentage with its sign.
pub(in crate::report) fn percent(part: f64) -> String {
    format!("{} %", significant(part * 100.0, 3))
}

/// What a side is.
pub(in crate::report) fn side(side: &Side) -> String {
    let unproved = if side.has_unproved() {
        "; UNPROVED: onpar has not compared its answers with a reference"
    } else {
        ""
    };
    match &side.origin {
        Origin::Session(header) => format!("{}, {}{unproved}", words::device(header), session(header)),
        Origin::Table { device, software } => {
            let device = device.as_deref().unwrap_or("a device without a name");
            let software = software
                .as_deref()
                .map_or_else(String::new, |by| format!(", measured with {by}"));
            format!("{device}{software}{unproved}")
        }
    }
}

fn session(header: &Header) -> String {
    format!("session {} of {}", header.id, header.started)
}

pub(in crate::report) fn difference(difference: &Difference) -> String {
    let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "unknown".to_owned());
    format!("{}: {} | {}", difference.what, side(&difference.a), side(&difference.b))
}

/// How many cases were refused: one that both sides lack counts once.
pub(super) fn cases<'r>(refused: impl IntoIterator<Item = &'r Refused>) -> usize {
    let cases: BTreeSet<&str> = refused.into_iter().map(|refused| refused.case.as_str()).collect();
    cases.len()
}

/// What a reader must know before believing the result.
pub(in crate::report) fn warnings(comparison: &Comparison) -> Vec<String> {
    let [a, b] = comparison.sides.each_ref().map(|side| &side.origin);
    let mut warnings = Vec::new();
    match (a, b) {
        (Origin::Session(a), Origin::Session(b)) if a.id == b.id => {
            warnings.push("both sides are the same session, so that nothing is compared".to_owned());
        }
        (Origin::Session(a), Origin::Session(b)) if a.keys.hard == b.keys.hard => {
            warnings.push("both sides are the same kind of device (equal hard keys)".to_owned());
        }
        _ => {}
    }
    warnings
}

/// What a mean is of.
pub(super) fn whole(whole: &Whole) -> String {
    match &whole.suite {
        Some(suite) => format!("suite {suite}"),
        None => "all cases".to_owned(),
    }
}
