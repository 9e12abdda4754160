//! The JSON shapes of `onpar audit`; `docs/audit.md` describes them.
//!
//! Numbers are in base units. A ratio is `[low, high]`; `null` is unknown or unbounded, never 0.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::lines;
use crate::audit::{
    Audit, Axis, Bound, ClaimAudit, ClaimVerdict, FigureKey, Figures, Finding, ScopeAudit, Side, Wanted,
    WorkloadFinding,
};
use crate::normalise::Resource;
use crate::published::Published;
use crate::report::chips;
use crate::units::Interval;

/// How much of an audit is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// The verdicts of the scopes.
    Scopes,
    /// Everything that they rest on.
    All,
}

/// The audit of a claim.
#[must_use]
pub fn claim_json(published: &Published, audited: &ClaimAudit<'_>) -> String {
    text(&claim(published, audited, Detail::All))
}

/// The audit of two chips that nobody made a claim about.
#[must_use]
pub fn pair_json(published: &Published, audit: &Audit<'_>) -> String {
    let mut value = json!({
        "claim": null,
        "subject": audit.subject.chip.id,
        "reference": audit.reference.chip.id,
        "verdict": audit.verdict,
    });
    add(&mut value, published, audit, Detail::All);
    text(&value)
}

/// All claims, without their workloads, figures and sources.
#[must_use]
pub fn list_json(published: &Published, audited: &[ClaimAudit<'_>], margin: f64) -> String {
    let claims = audited.iter().map(|audit| claim(published, audit, Detail::Scopes));
    text(&json!({ "margin": margin, "claims": claims.collect::<Vec<_>>() }))
}

fn text(value: &Value) -> String {
    format!("{value:#}\n")
}

fn claim(published: &Published, audited: &ClaimAudit<'_>, detail: Detail) -> Value {
    let claim = audited.claim;
    let mut value = json!({
        "claim": claim.id,
        "subject": claim.subject,
        "reference": claim.reference,
        "relation": claim.relation,
        "claimed_scope": claim.scope,
        "verdict": audited.verdict.map(ClaimVerdict::word),
        "why_not_testable": Some(&claim.why_not_testable).filter(|why| !why.is_empty()),
        "source": claim.source,
        "origin": claim.location.origin(),
        "scopes": [],
    });
    if let Some(audit) = &audited.audit {
        add(&mut value, published, audit, detail);
    }
    value
}

fn add(value: &mut Value, published: &Published, audit: &Audit<'_>, detail: Detail) {
    value["relation"] = json!(audit.question.relation);
    value["margin"] = json!(audit.question.margin);
    value["disputed"] = json!(lines::rests_on_dispute(audit));
    value["region"] = ends(Some(audit.question.region.ends()));
    let scopes = audit.scopes.iter().map(|part| scope(audit, part, detail));
    value["scopes"] = scopes.collect();
    if detail == Detail::All {
        let keys: BTreeSet<_> = audit.scopes.iter().flat_map(|scope| scope.figures.clone()).collect();
        let cited = audit.scopes.iter().flat_map(|scope| scope.sources.iter().copied());
        value["sources"] = json!(chips::sources_by_id(published, cited));
        value["figures"] = json!({
            "subject": figures(&audit.subject, &keys),
            "reference": figures(&audit.reference, &keys),
        });
    }
}

fn figures(side: &Figures<'_>, keys: &BTreeSet<FigureKey>) -> Value {
    let cells = keys.iter().filter_map(|key| side.cell(*key));
    cells.map(chips::cell_json).collect()
}

fn scope(audit: &Audit<'_>, scope: &ScopeAudit<'_>, detail: Detail) -> Value {
    let setting = match scope.axis {
        Axis::Work(setting, _) => Some(setting),
        Axis::Figure(_) => None,
    };
    let mut value = json!({
        "scope": scope.axis.scope(),
        "precision": scope.axis.precision(),
        "batch": setting.map(|setting| setting.batch),
        "context": setting.map(|setting| setting.context),
        "passes": setting.map(|setting| setting.passes),
        "verdict": scope.verdict,
        "binding": binding(scope.binding),
        "ratio": ends(scope.shown),
        "needs": needs(audit, &scope.wanted),
        "sources": scope.sources,
    });
    if detail == Detail::All {
        let layers = scope.layers.iter().map(|layer| {
            let mut value = finding(audit, &layer.finding);
            value["model"] = json!(layer.model);
            value
        });
        value["layers"] = layers.collect();
        let workloads = scope.workloads.iter().map(|part| workload(audit, part));
        value["workloads"] = workloads.collect();
    }
    value
}

fn workload(audit: &Audit<'_>, part: &WorkloadFinding<'_>) -> Value {
    let mut value = finding(audit, &part.finding);
    value["case"] = json!(part.workload.case);
    value["model"] = json!(part.workload.model);
    value["per"] = json!(part.workload.per);
    value["count"] = json!(part.workload.count);
    value["operations"] = json!(part.workload.work.operations);
    value["bytes"] = json!(part.workload.work.bytes());
    value["sources"] = json!(part.finding.sources);
    value
}

fn finding(audit: &Audit<'_>, finding: &Finding<'_>) -> Value {
    json!({
        "verdict": finding.verdict,
        "binding": binding(finding.binding),
        "ratio": ends(finding.shown),
        "deciding_ratio": ends(finding.deciding),
        "needs": needs(audit, &finding.wanted),
    })
}

fn binding(binding: [Option<Resource>; 2]) -> Value {
    let word = |resource| match resource {
        Resource::Compute => "compute",
        Resource::Memory => "memory",
    };
    json!(binding.map(|resource| resource.map(word)))
}

fn needs(audit: &Audit<'_>, wanted: &[Wanted]) -> Value {
    let need = |wanted: &Wanted| {
        let chip = match wanted.side {
            Side::Subject => &audit.subject,
            Side::Reference => &audit.reference,
        };
        let (at_least, at_most) = match wanted.bound {
            Bound::AtLeast(value) => (Some(value), None),
            Bound::AtMost(value) => (None, Some(value)),
            Bound::Unknown => (None, None),
        };
        json!({
            "chip": chip.chip.id,
            "metric": wanted.key.metric,
            "precision": wanted.key.precision,
            "at_least": at_least,
            "at_most": at_most,
        })
    };
    wanted.iter().map(need).collect()
}

/// Both ends; `null` alone where a chip has no path, so that there is no ratio.
fn ends(interval: Option<Interval>) -> Value {
    json!(interval.map(|Interval { low, high }| {
        [
            Some(low).filter(|low| *low > 0.0),
            Some(high).filter(|high| high.is_finite()),
        ]
    }))
}
