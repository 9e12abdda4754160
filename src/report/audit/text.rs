//! An audit for a reader of plain text: what is claimed, what becomes of it, then scope by scope.

use std::collections::BTreeMap;

use super::lines::{self, Line};
use super::needs::{self, NeedLine};
use super::references::{Cited, References};
use super::words;
use crate::audit::{Audit, ClaimAudit, ClaimVerdict, Verdict};
use crate::published::{Claim, Published};
use crate::report::{in_columns, wrap};

/// The widest line, except for addresses, which are never broken.
const WIDTH: usize = 80;

const LEGEND: &str = "Every ratio is the speed (or figure) of the first over that of the second. - unknown, ? rests on \
                      figures in dispute, * derived by arithmetic and deciding nothing, >= at least, <= at most. Less power is ahead.";

/// The audit of a claim.
#[must_use]
pub fn claim_text(published: &Published, audited: &ClaimAudit<'_>) -> String {
    let claim = audited.claim;
    let mut out = format!("{}{}\n", claim.id, words::own(claim.location.origin()));
    out += &wrap(&said(claim), WIDTH, 2);
    out += &wrap(&format!("{} [{}]", claim.paraphrase, claim.source), WIDTH, 2);
    out.push('\n');
    out += &wrap(&verdict(audited), WIDTH, 0);
    match &audited.audit {
        Some(audit) => out + &body(published, audit),
        None => out + &wrap(&not_audited(claim), WIDTH, 0),
    }
}

/// The audit of two chips that nobody made a claim about.
#[must_use]
pub fn pair_text(published: &Published, audit: &Audit<'_>) -> String {
    let [subject, reference] = [&audit.subject, &audit.reference].map(words::full_name);
    wrap(&format!("{subject} against {reference}"), WIDTH, 0) + &body(published, audit)
}

fn said(claim: &Claim) -> String {
    let date = if claim.date.is_empty() {
        String::new()
    } else {
        format!(", {}", claim.date)
    };
    format!(
        "{} {} {}, {}. Said by {} ({}){date}:",
        words::named(&claim.subject),
        words::relation(claim),
        words::named(&claim.reference),
        claim.scope,
        claim.claimant,
        claim.claimant_class,
    )
}

fn verdict(audited: &ClaimAudit<'_>) -> String {
    let word = words::claim_verdict(audited.verdict).to_uppercase();
    let dispute = audited.audit.as_ref().is_some_and(lines::rests_on_dispute);
    match audited.verdict {
        Some(ClaimVerdict::Supported | ClaimVerdict::Contradicted) if dispute => {
            format!("{word}, whichever of the figures in dispute is right")
        }
        Some(ClaimVerdict::Supported | ClaimVerdict::Contradicted | ClaimVerdict::Open) => word,
        None | Some(ClaimVerdict::NotTestableAsWorded) => match audited.claim.why_not_testable.as_str() {
            "" => word,
            why => format!("{word}: {why}"),
        },
    }
}

fn not_audited(claim: &Claim) -> String {
    if claim.subject.is_none() || claim.reference.is_none() {
        format!(
            "No figures are compared: a side is a group or an unnamed part. {}",
            claim.notes
        )
    } else {
        "Listed, not judged: nothing is said that figures could bear out.".to_owned()
    }
}

fn body(published: &Published, audit: &Audit<'_>) -> String {
    let mut references = References::default();
    let mut out = wrap(
        &format!("Published figures say, {}.", words::asked_region(audit)),
        WIDTH,
        0,
    );
    out.push('\n');
    out += &table(&lines::lines(audit));
    out.push('\n');
    out += &wrap(LEGEND, WIDTH, 0);
    let needs = needs::lines(published, audit);
    if !needs.is_empty() {
        out += "\nWhat would have to be true\n";
        needs.iter().for_each(|line| out += &need(line));
    }
    out += "\nThe figures\n";
    for (chip, figures) in references.figures(audit) {
        let rows: Vec<_> = figures.iter().map(Cited::cells).collect();
        out += &format!("  {chip}\n{}", in_columns(&rows, 4));
    }
    out.push('\n');
    out + &references.list(published, WIDTH)
}

/// What fits stands in one line; a longer detail follows in lines of its own.
fn table(lines: &[Line]) -> String {
    let cells = |line: &Line| {
        vec![
            line.scope.clone(),
            line.precisions.join(" "),
            line.verdict.to_owned(),
            line.ratio.clone(),
        ]
    };
    let head = ["scope", "precisions", "verdict", "ratio"].map(str::to_owned).to_vec();
    let rows: Vec<_> = std::iter::once(head).chain(lines.iter().map(cells)).collect();
    let aligned = in_columns(&rows, 0);
    let mut out = String::new();
    let widest = aligned
        .lines()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or_default();
    for (index, line) in aligned.lines().enumerate() {
        let detail = index.checked_sub(1).map_or("", |index| lines[index].detail.as_str());
        if detail.is_empty() {
            out += &format!("{line}\n");
        } else if widest + 2 + detail.chars().count() <= WIDTH {
            out += &format!("{line:widest$}  {detail}\n");
        } else {
            out += &format!("{line}\n{}", wrap(detail, WIDTH, 4));
        }
    }
    out
}

fn need(line: &NeedLine) -> String {
    let mut out = wrap(&format!("{}: {}.", line.figure, line.asked), WIDTH, 2);
    out += &wrap(&format!("For {}.", line.scopes.join(", ")), WIDTH, 4);
    for other in &line.kin {
        out += &wrap(&format!("Another part, which decides nothing here: {other}"), WIDTH, 4);
    }
    out
}

/// All claims, a line each, under the verdict that they end in.
#[must_use]
pub fn list_text(audited: &[ClaimAudit<'_>], margin: f64) -> String {
    let mut groups: BTreeMap<Option<ClaimVerdict>, Vec<&ClaimAudit<'_>>> = BTreeMap::new();
    for audit in audited {
        groups.entry(audit.verdict).or_default().push(audit);
    }
    // What is no claim sorts first and belongs last.
    let no_claim = groups.remove_entry(&None);
    let mut out = format!(
        "{} claims, margin {}; behind each: of how many comparisons was decided what\n",
        audited.len(),
        words::margin(margin)
    );
    for (verdict, claims) in groups.into_iter().chain(no_claim) {
        out += &format!("\n{} ({})\n", words::claim_verdict(verdict), claims.len());
        let rows: Vec<_> = claims
            .iter()
            .map(|audit| {
                vec![
                    format!("{}{}", audit.claim.id, words::own(audit.claim.location.origin())),
                    gist(audit),
                ]
            })
            .collect();
        out += &in_columns(&rows, 2);
    }
    out += "\n`onpar audit CLAIM_ID` shows the figures behind one.\n";
    out
}

/// What the figures say, as far as it fits behind an id: a ratio, or how many comparisons came to what.
fn gist(audited: &ClaimAudit<'_>) -> String {
    let Some(audit) = &audited.audit else {
        return String::new();
    };
    if let [line] = &lines::lines(audit)[..] {
        let ratio = Some(line.ratio.as_str())
            .filter(|ratio| *ratio != "-")
            .unwrap_or_default();
        return format!("{} {ratio}", line.verdict).trim_end().to_owned();
    }
    let verdicts = audit.scopes.iter().filter_map(|scope| scope.verdict);
    let decided = verdicts.filter(|verdict| matches!(verdict, Verdict::OnPar | Verdict::Ahead | Verdict::Behind));
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for verdict in decided {
        *counts.entry(verdict).or_default() += 1;
    }
    let words = counts.iter().map(|(verdict, count)| {
        let word = words::verdict(*verdict, audit.question.relation);
        format!("{count} {word}")
    });
    let words = words.collect::<Vec<_>>().join(", ");
    let words = if words.is_empty() { "none" } else { &words };
    format!("{words} of {}", audit.scopes.len())
}
