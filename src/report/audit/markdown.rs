//! An audit as Markdown, with links to the sources.

use super::explain::explain;
use super::lines;
use super::needs;
use super::references::{Cited, References};
use super::words;
use crate::audit::{Audit, ClaimAudit};
use crate::published::Published;
use crate::report::text::markdown;

/// The audit of a claim.
#[must_use]
pub fn claim_markdown(published: &Published, audited: &ClaimAudit<'_>, explained: bool) -> String {
    let claim = audited.claim;
    let mut out = format!("# {}{}\n\n", claim.id, words::own(claim.location.origin()));
    let said = published.source(&claim.source).map_or_else(
        || claim.source.clone(),
        |source| format!("[{}]({})", source.id, source.url),
    );
    out += &format!(
        "> {}\n>\n> {}, {}\n\n",
        markdown(&claim.paraphrase),
        markdown(&claim.claimant),
        said
    );
    out += &format!("**{}**", words::claim_verdict(audited.verdict));
    if !claim.why_not_testable.is_empty() {
        out += &format!(": {}", markdown(&claim.why_not_testable));
    }
    out.push('\n');
    match &audited.audit {
        Some(audit) => out + &body(published, audit, explained),
        None => out + "\nNo figures are compared.\n",
    }
}

/// The audit of two chips that nobody made a claim about.
#[must_use]
pub fn pair_markdown(published: &Published, audit: &Audit<'_>, explained: bool) -> String {
    let [subject, reference] = [&audit.subject, &audit.reference].map(words::name);
    format!("# {subject} against {reference}\n{}", body(published, audit, explained))
}

/// All claims, a row each.
#[must_use]
pub fn list_markdown(audited: &[ClaimAudit<'_>], margin: f64) -> String {
    let mut out = format!(
        "# Claims, held against published figures\n\nMargin {}.\n\n| claim | subject | says | reference | scope | verdict |\n|---|---|---|---|---|---|\n",
        words::margin(margin)
    );
    for audit in audited {
        let claim = audit.claim;
        out += &row(&[
            &claim.id,
            words::named(&claim.subject),
            &words::relation(claim),
            words::named(&claim.reference),
            claim.scope.word(),
            words::claim_verdict(audit.verdict),
        ]);
    }
    out
}

fn body(published: &Published, audit: &Audit<'_>, explained: bool) -> String {
    let mut out = format!("\nPublished figures say, {}.\n\n", words::asked_region(audit));
    out += "| scope | precisions | verdict | ratio |  |\n|---|---|---|--:|---|\n";
    for line in lines::lines(audit) {
        let precisions = line.precisions.join(", ");
        out += &row(&[&line.scope, &precisions, line.verdict, &line.ratio, &line.detail]);
    }
    let needs = needs::lines(published, audit);
    if !needs.is_empty() {
        out += "\n## What would have to be true\n\n";
    }
    for line in &needs {
        let kin = line
            .kin
            .iter()
            .map(|other| format!(" Another part, which decides nothing here: {other}."));
        let scopes = line.scopes.join(", ");
        out += &format!(
            "- {}: {}. For {scopes}.{}\n",
            line.figure,
            line.asked,
            kin.collect::<String>()
        );
    }
    out += &figures(published, audit);
    if explained {
        out += &format!("\n```text{}```\n", explain(audit));
    }
    out
}

fn figures(published: &Published, audit: &Audit<'_>) -> String {
    let mut references = References::default();
    let mut out =
        "\n## The figures\n\n| chip | figure | value | sources | standing |\n|---|---|--:|---|---|\n".to_owned();
    for (chip, figures) in references.figures(audit) {
        for cells in figures.iter().map(Cited::cells) {
            let cells: Vec<_> = std::iter::once(chip.as_str())
                .chain(cells.iter().map(String::as_str))
                .collect();
            out += &row(&cells);
        }
    }
    out.push('\n');
    for (number, source) in references.cited(published) {
        let own = words::own(source.location.origin());
        out += &format!(
            "- [{number}] [{}]({}){own}: {}, {}\n",
            source.id,
            source.url,
            markdown(&source.publisher),
            source.class
        );
    }
    out
}

fn row(cells: &[&str]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| markdown(cell)).collect();
    format!("| {} |\n", cells.join(" | "))
}
