//! The arithmetic of an audit, line by line, for whoever wants to check it by hand.

use super::words;
use crate::audit::{Audit, Axis, FigureKey, Figures, Finding, LayerFinding, Part, ScopeAudit, WorkloadFinding};
use crate::published::Metric;
use crate::report::{interval, wrap};
use crate::units::{Interval, Unit, prefixed, significant};

const WIDTH: usize = 80;

const METHOD: &str = "F operations, B compulsory bytes; P the highest dense published peak for the precision of the \
                      inputs, whichever engine reaches it; W the memory bandwidth; T = max(F/P, B/W). Derived figures \
                      are left out here, because they decide nothing.";

/// Every term of every scope.
#[must_use]
pub fn explain(audit: &Audit<'_>) -> String {
    let scopes = audit.scopes.iter().map(|part| scope(audit, part));
    format!(
        "\nThe arithmetic\n\n{}{}",
        wrap(METHOD, WIDTH, 0),
        scopes.collect::<String>()
    )
}

fn scope(audit: &Audit<'_>, scope: &ScopeAudit<'_>) -> String {
    let precision = scope
        .axis
        .precision()
        .map(|precision| format!(", {precision}"))
        .unwrap_or_default();
    let mut out = format!("\n{}{precision}\n", words::scope_name(scope.axis));
    match scope.axis {
        Axis::Work(setting, _) => {
            let size = format!(
                "batch {}, tokens {}, context {}, passes {}: {}",
                setting.batch, setting.tokens, setting.context, setting.passes, setting.reason
            );
            out += &wrap(&size, WIDTH, 2);
            scope.layers.iter().for_each(|part| out += &layer(audit, part));
            scope.workloads.iter().for_each(|part| out += &workload(audit, part));
        }
        Axis::Figure(key) => out += &figure(audit, scope, key),
    }
    out
}

fn figure(audit: &Audit<'_>, scope: &ScopeAudit<'_>, key: FigureKey) -> String {
    let value = |side: &Figures<'_>| {
        let cell = side.cell(key);
        cell.map_or_else(String::new, |cell| interval(cell.deciding, cell.key.metric.unit()))
    };
    let verdict = scope.verdict.map_or("nothing to compare", |verdict| {
        words::verdict(verdict, audit.question.relation)
    });
    let line = format!("({}) / ({}): {verdict}", value(&audit.subject), value(&audit.reference));
    wrap(&line, WIDTH, 2)
}

fn layer(audit: &Audit<'_>, layer: &LayerFinding<'_>) -> String {
    let time = |side: &Figures<'_>| side.deciding.seconds(&layer.parts).map_or_else(no_path, seconds);
    let line = format!(
        "{}, a layer: T = {} on {}, {} on {}; {}",
        layer.model,
        time(&audit.subject),
        words::name(&audit.subject),
        time(&audit.reference),
        words::name(&audit.reference),
        outcome(audit, &layer.finding),
    );
    wrap(&line, WIDTH, 2)
}

fn workload(audit: &Audit<'_>, found: &WorkloadFinding<'_>) -> String {
    let workload = &found.workload;
    let part = &found.part;
    let mut out = wrap(
        &format!("{} {} x {}", workload.model, workload.case, workload.count),
        WIDTH,
        2,
    );
    out += &format!(
        "    F = {}, B = {}\n",
        operations(part.all_operations()),
        crate::units::quantity(part.all_bytes(), Unit::Byte)
    );
    for side in [&audit.subject, &audit.reference] {
        out += &wrap(&terms(side, part), WIDTH, 4);
    }
    out + &wrap(&outcome(audit, &found.finding), WIDTH, 4)
}

/// Both terms of one chip with the figures put in.
fn terms(side: &Figures<'_>, part: &Part) -> String {
    let name = words::name(side);
    let Some(terms) = side.deciding.terms(part) else {
        return format!("{name}: no path");
    };
    let known = |key: Option<FigureKey>| {
        let cell = key.and_then(|key| side.cell(key));
        cell.map_or_else(
            || "-".to_owned(),
            |cell| interval(cell.deciding, cell.key.metric.unit()),
        )
    };
    format!(
        "{name}: F/P = F / ({}) = {}, B/W = B / ({}) = {}, T = {}",
        known(part.precision.map(FigureKey::peak)),
        seconds(terms.compute),
        known(Some(FigureKey::of(Metric::MemoryBandwidth))),
        seconds(terms.memory),
        seconds(terms.seconds()),
    )
}

fn outcome(audit: &Audit<'_>, finding: &Finding<'_>) -> String {
    let word = words::verdict(finding.verdict, audit.question.relation);
    match finding.deciding {
        Some(ratio) => format!(
            "T({}) / T({}) = {}: {word}",
            words::name(&audit.reference),
            words::name(&audit.subject),
            words::ratio(ratio)
        ),
        None => format!("no path on one side: {word}"),
    }
}

fn no_path() -> String {
    "no path".to_owned()
}

fn seconds(time: Interval) -> String {
    if time == Interval::ZERO {
        return "0".to_owned();
    }
    interval(time, Unit::Second)
}

fn operations(count: f64) -> String {
    let (scaled, prefix) = prefixed(count, Unit::OpPerSecond);
    format!("{} {prefix}op", significant(scaled, 3))
}
