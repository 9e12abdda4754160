//! The summary of an audit: a line for each scope.

use super::words::{asked, name, ratio, scope_name, verdict};
use crate::audit::{Audit, Axis, Bound, FigureKey, ScopeAudit, Side, Verdict, Wanted, unbounded};
use crate::normalise::Resource;
use crate::published::{Caveat, Metric, Precision, State};
use crate::report::chips;
use crate::units::Interval;

/// A line of the summary: one scope, at the precisions for which it says the same.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Line {
    pub(in crate::report) scope: String,
    pub(in crate::report) precisions: Vec<&'static str>,
    pub(in crate::report) verdict: &'static str,
    pub(in crate::report) ratio: String,
    pub(in crate::report) detail: String,
}

/// The lines of an audit; precisions that agree in everything share one.
pub(in crate::report) fn lines(audit: &Audit<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for scope in &audit.scopes {
        let line = line(audit, scope);
        let twin = lines.iter_mut().find(|known| {
            (&known.scope, known.verdict, &known.ratio, &known.detail)
                == (&line.scope, line.verdict, &line.ratio, &line.detail)
        });
        match twin {
            Some(twin) => twin.precisions.extend(line.precisions),
            None => lines.push(line),
        }
    }
    lines
}

fn line(audit: &Audit<'_>, scope: &ScopeAudit<'_>) -> Line {
    Line {
        scope: scope_name(scope.axis),
        precisions: scope.axis.precision().map(Precision::word).into_iter().collect(),
        verdict: scope
            .verdict
            .map_or("nothing to compare", |word| verdict(word, audit.question.relation)),
        ratio: shown_ratio(audit, scope),
        detail: detail(audit, scope),
    }
}

/// A bound on one side that says nothing about the region is not worth a reader's time.
fn shown_ratio(audit: &Audit<'_>, scope: &ScopeAudit<'_>) -> String {
    let Some(shown) = scope.shown else {
        return "no path".to_owned();
    };
    let ends = audit.question.region.ends();
    let tells = !unbounded(shown) || shown.low > ends.low || shown.high < ends.high;
    if tells {
        ratio(shown) + &marks(audit, scope)
    } else {
        "-".to_owned()
    }
}

/// `?` where a figure that it rests on is in dispute, `*` where one is derived and therefore decides nothing.
fn marks(audit: &Audit<'_>, scope: &ScopeAudit<'_>) -> String {
    if scope.shown.is_none_or(Interval::is_unknown) {
        return String::new();
    }
    let cells = || {
        let keys = scope.figures.iter();
        keys.flat_map(|key| [&audit.subject, &audit.reference].map(|side| side.cell(*key)))
            .flatten()
    };
    let disputed = cells().any(|cell| cell.state == State::Disputed);
    let derived = cells().any(|cell| cell.caveats().contains(&Caveat::Derived));
    format!("{}{}", if disputed { "?" } else { "" }, if derived { "*" } else { "" })
}

/// Whether a figure that decides something is in dispute.
pub(super) fn rests_on_dispute(audit: &Audit<'_>) -> bool {
    let sides = [&audit.subject, &audit.reference];
    let keys = audit.scopes.iter().flat_map(|scope| &scope.figures);
    let mut cells = keys.flat_map(|key| sides.map(|side| side.cell(*key))).flatten();
    cells.any(|cell| cell.state == State::Disputed)
}

fn detail(audit: &Audit<'_>, scope: &ScopeAudit<'_>) -> String {
    let figures = match scope.axis {
        Axis::Figure(key) if scope.shown.is_some() => Some(against(audit, key)),
        _ => None,
    };
    let reason = match scope.verdict {
        None => scope
            .axis
            .precision()
            .map(|precision| format!("neither has a {precision} path")),
        Some(_) if scope.shown.is_none() => without_path(audit, scope),
        Some(Verdict::Mixed) => Some(tally(audit, scope)),
        Some(Verdict::NotDecidable) => principal(scope).map(|wanted| needs(audit, scope.axis, wanted)),
        Some(_) => bound_by(scope.binding),
    };
    figures.into_iter().chain(reason).collect::<Vec<_>>().join("; ")
}

/// What is needed; of work also which figure.
fn needs(audit: &Audit<'_>, axis: Axis, wanted: &Wanted) -> String {
    let asked = asked(audit, wanted);
    let of = match wanted.side {
        Side::Subject => String::new(),
        Side::Reference => format!(" of {}", name(&audit.reference)),
    };
    match (axis, wanted.bound) {
        (Axis::Work(..), Bound::Unknown) => format!("{}: {asked}", wanted.key),
        (Axis::Figure(_), Bound::Unknown) => asked,
        (Axis::Work(..), _) => format!("needs {}{of}: {asked}", wanted.key),
        (Axis::Figure(_), _) if of.is_empty() => format!("needs {asked}"),
        (Axis::Figure(_), _) => format!("needs{of} {asked}"),
    }
}

/// Both figures of a metric: `700 GB/s against 900 GB/s`.
fn against(audit: &Audit<'_>, key: FigureKey) -> String {
    let [subject, reference] =
        [&audit.subject, &audit.reference].map(|side| side.cell(key).map(chips::value).unwrap_or_default());
    format!("{subject} against {reference}")
}

/// The condition that matters most: on the figure that binds the reference.
fn principal<'a>(scope: &'a ScopeAudit<'_>) -> Option<&'a Wanted> {
    let key = match (scope.binding[1], scope.axis.precision()) {
        (Some(Resource::Compute), Some(precision)) => FigureKey::peak(precision),
        _ => FigureKey::of(Metric::MemoryBandwidth),
    };
    let found = scope.wanted.iter().find(|wanted| wanted.key == key);
    found.or_else(|| scope.wanted.first())
}

fn tally(audit: &Audit<'_>, scope: &ScopeAudit<'_>) -> String {
    let each = scope.layers.iter().map(|layer| {
        let finding = &layer.finding;
        let word = verdict(finding.verdict, audit.question.relation);
        let ratio = finding.shown.filter(|shown| !shown.is_unknown()).map(ratio);
        format!(
            "{} {word}{}",
            layer.model,
            ratio.map(|ratio| format!(" {ratio}")).unwrap_or_default()
        )
    });
    each.collect::<Vec<_>>().join(", ")
}

fn without_path(audit: &Audit<'_>, scope: &ScopeAudit<'_>) -> Option<String> {
    let chip = match scope.verdict? {
        Verdict::Behind => &audit.subject,
        _ => &audit.reference,
    };
    Some(format!("{} has no {} path", name(chip), scope.axis.precision()?))
}

fn bound_by(binding: [Option<Resource>; 2]) -> Option<String> {
    let word = |resource| match resource {
        Resource::Compute => "compute",
        Resource::Memory => "memory",
    };
    match binding {
        [Some(a), Some(b)] if a == b => Some(format!("{}-bound on both", word(a))),
        [Some(a), Some(b)] => Some(format!("{}-bound against {}-bound", word(a), word(b))),
        _ => None,
    }
}
